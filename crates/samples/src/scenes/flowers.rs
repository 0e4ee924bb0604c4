//! One flower close by before a blurred meadow.

use crate::paint::canvas::{Canvas, Finish, Veil};
use crate::paint::noise::{Noise, Rng, ramp};
use crate::paint::palette::{Gradient, Rgb};
use std::f32::consts::TAU;

struct Blossom {
    petals: f32,
    inner: Rgb,
    outer: Rgb,
    heart: Rgb,
    heart_size: f32,
    /// How slender the petals are: 0.3 (daisy) to 1 (poppy) fill of the circle.
    full: f32,
}

const BLOSSOMS: [Blossom; 5] = [
    Blossom {
        petals: 21.0,
        inner: Rgb::hex(0xe9e6ee),
        outer: Rgb::hex(0xffffff),
        heart: Rgb::hex(0xe6a817),
        heart_size: 0.26,
        full: 0.55,
    },
    Blossom {
        petals: 5.0,
        inner: Rgb::hex(0x7a1418),
        outer: Rgb::hex(0xe5402f),
        heart: Rgb::hex(0x2a1a20),
        heart_size: 0.20,
        full: 1.0,
    },
    Blossom {
        petals: 8.0,
        inner: Rgb::hex(0xb8386e),
        outer: Rgb::hex(0xf29ac0),
        heart: Rgb::hex(0xe9b53a),
        heart_size: 0.19,
        full: 0.85,
    },
    Blossom {
        petals: 13.0,
        inner: Rgb::hex(0xd9780f),
        outer: Rgb::hex(0xf9c22e),
        heart: Rgb::hex(0x4a2c17),
        heart_size: 0.36,
        full: 0.65,
    },
    Blossom {
        petals: 6.0,
        inner: Rgb::hex(0x3f3a9c),
        outer: Rgb::hex(0x8f8be6),
        heart: Rgb::hex(0xf0e08a),
        heart_size: 0.15,
        full: 0.9,
    },
];

pub(crate) fn close_up(canvas: &mut Canvas, rng: &mut Rng) -> Finish {
    let greens: [u32; 4] = *rng.pick(&[
        [0xb9cf8a, 0x7fa35a, 0x4f7a45, 0x2c4f35],
        [0xe3d9a0, 0xa9b46a, 0x5f8650, 0x34563a],
        [0x9fc4b4, 0x6a9c7c, 0x3f7058, 0x264a40],
    ]);
    let back = Gradient::even(&greens);
    let blossom = &BLOSSOMS[rng.below(BLOSSOMS.len())];
    let blur = rng.noise();
    let blur = Veil::new(canvas, |x, y| blur.cloud(x * 1.6, y * 1.6, 2));
    canvas.paint(0.0, 1.0, |x, y, _| {
        back.at(y * 0.85 + 0.1 + 0.3 * blur.at(x, y))
    });
    bokeh(canvas, &back, blossom, rng);
    let tilt = rng.within(-0.12..0.12);
    let x = canvas.aspect() * rng.within(0.36..0.64);
    let radius = (0.30 * canvas.aspect().min(1.2)).max(0.22);
    let heart = (x, rng.within(0.38..0.48));
    stem(canvas, heart, tilt, radius * 0.045, back.at(0.78), rng);
    bloom(canvas, heart, radius, blossom, rng);
    Finish {
        vignette: 0.3,
        contrast: 0.15,
        ..Finish::default()
    }
}

fn bokeh(canvas: &mut Canvas, back: &Gradient, blossom: &Blossom, rng: &mut Rng) {
    for _ in 0..26 {
        let at = (rng.unit() * canvas.aspect(), rng.unit());
        let radius = rng.within(0.03..0.13);
        let light = if rng.chance(0.3) {
            blossom.outer
        } else {
            back.at(rng.within(0.0..0.5))
        };
        canvas.disc(
            at,
            radius,
            radius * rng.within(0.12..0.9),
            light,
            rng.within(0.10..0.32),
        );
    }
    for _ in 0..9 {
        let x = rng.unit() * canvas.aspect();
        let lean = rng.within(-0.25..0.25);
        let wide = rng.within(0.008..0.03);
        for part in 0..26 {
            let t = part as f32 / 26.0;
            canvas.disc(
                (x + lean * t * t, 1.05 - t * 0.8),
                wide * (1.2 - t),
                wide * 2.5,
                back.at(0.7),
                0.2,
            );
        }
    }
}

fn stem(canvas: &mut Canvas, from: (f32, f32), tilt: f32, width: f32, colour: Rgb, rng: &mut Rng) {
    let bend = rng.within(-0.2..0.2);
    let middle = |y: f32| {
        let t = (y - from.1) / (1.0 - from.1).max(0.1);
        from.0 + tilt * t + bend * t * t
    };
    canvas.paint(from.1, 1.0, |x, y, under| {
        let off = (x - middle(y)) / width;
        let cover = ramp(1.15, 0.85, off.abs());
        under.mix(colour * (1.0 - off * 0.3), cover)
    });
}

fn bloom(canvas: &mut Canvas, at: (f32, f32), radius: f32, blossom: &Blossom, rng: &mut Rng) {
    let noise = rng.noise();
    let squash = rng.within(0.78..1.0);
    // Three whorls, the outer ones first and turned against each other.
    for whorl in 0..3 {
        let shift = rng.unit() * TAU;
        let reach = radius * (1.0 - 0.13 * whorl as f32);
        let dim = 0.80 + 0.10 * whorl as f32;
        canvas.shape(
            at,
            radius * 1.1,
            |dx, dy| petal_edge(dx, dy / squash, reach, shift, blossom, noise),
            |dx, dy| {
                let dy = dy / squash;
                let out = (dx.hypot(dy) / reach).clamp(0.0, 1.0);
                let angle = dy.atan2(dx) + shift;
                let fold = (angle * blossom.petals).cos() * 0.5 + 0.5;
                let veins = noise.at(angle * 22.0, out * 2.5) * 0.07;
                let colour = blossom.inner.mix(blossom.outer, ramp(0.1, 0.85, out));
                colour * (dim * (0.84 + 0.18 * fold + veins) - dy / radius * 0.08)
            },
        );
    }
    let heart = radius * blossom.heart_size;
    canvas.shape(
        at,
        heart * 1.3,
        |dx, dy| dx.hypot(dy / squash) - heart * (1.0 + 0.04 * noise.at(dx * 300.0, dy * 300.0)),
        |dx, dy| {
            let speck = noise.at(dx * 420.0, dy * 420.0) * 0.28;
            let dome = 1.08 - dx.hypot(dy) / heart * 0.35 - (dx + dy) / heart * 0.14;
            blossom.heart * (dome + speck)
        },
    );
}

fn petal_edge(dx: f32, dy: f32, reach: f32, shift: f32, blossom: &Blossom, noise: Noise) -> f32 {
    let angle = dy.atan2(dx) + shift;
    let turn = (angle * blossom.petals / TAU).rem_euclid(1.0) - 0.5;
    let own = noise.cell((angle * blossom.petals / TAU).floor() as i32, 3);
    let tip = (1.0 - (turn.abs() * 2.0 / blossom.full).powf(2.6))
        .max(0.0)
        .sqrt();
    let length = reach * (0.42 + (0.50 + 0.08 * own) * tip);
    dx.hypot(dy) - length
}
