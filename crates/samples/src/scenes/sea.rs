//! The sea: open water under the sun with headlands and sails, and the shore from above.

use crate::paint::canvas::{Canvas, Finish, Veil};
use crate::paint::noise::{Rng, ramp};
use crate::paint::palette::{Gradient, Rgb};
use crate::paint::sky::{Hour, Sky};

pub(crate) fn open(canvas: &mut Canvas, hour: Hour, rng: &mut Rng) -> Finish {
    let mut sky = Sky::of(hour, rng);
    let horizon = rng.within(0.42..0.62);
    sky.sun.1 = horizon - rng.within(0.05..0.22);
    sky.paint(canvas, horizon, rng);
    headlands(canvas, &sky, horizon, rng);
    water(canvas, &sky, horizon, rng);
    for _ in 0..rng.below(4) {
        let far = rng.unit().powi(2);
        let place = (
            rng.within(0.1..0.9) * canvas.aspect(),
            horizon + 0.006 + 0.12 * far,
        );
        let against = sky.glare > 0.5;
        sail(canvas, place, 0.025 + 0.13 * far, &sky, against);
    }
    Finish::default()
}

/// The shore from straight above: deep water, shallows, foam, sand, and parasols on it.
pub(crate) fn from_above(canvas: &mut Canvas, rng: &mut Rng) -> Finish {
    let (shape, detail) = (rng.noise(), rng.noise());
    let turn = rng.within(-0.7..0.7)
        + if rng.chance(0.5) {
            std::f32::consts::PI
        } else {
            0.0
        };
    let (sin, cos) = turn.sin_cos();
    let centre = canvas.aspect() / 2.0;
    let shift = rng.within(-0.12..0.12);
    let shore = |x: f32, y: f32| {
        let (dx, dy) = (x - centre, y - 0.5);
        let along = dx * cos - dy * sin;
        dx * sin
            + dy * cos
            + shift
            + 0.10 * shape.cloud(along * 1.3, 4.0, 3)
            + 0.035 * shape.at(x * 4.0, y * 4.0)
    };
    let sea = Gradient::placed(&[
        (0.0, 0x0b4f7a),
        (0.35, 0x1277a0),
        (0.65, 0x2ba7b8),
        (0.86, 0x74d0c8),
        (1.0, 0xc3e8d8),
    ]);
    let sand = Gradient::even(&[0xb99a72, 0xdcc39a, 0xe8d5b0, 0xe3cda4]);
    let swell = Veil::new(canvas, |x, y| detail.cloud(x * 7.0, y * 7.0, 4));
    canvas.paint(0.0, 1.0, |x, y, _| {
        let away = shore(x, y);
        let fine = detail.at(x * 60.0, y * 60.0);
        let wave = swell.at(x, y);
        if away < 0.0 {
            let reef = 0.13 * shape.cloud(x * 3.0 + 9.0, y * 3.0, 3);
            let water = sea.at(1.0 + away * 1.9 + reef) * (1.0 + wave * 0.12 + fine * 0.025);
            let rolling = [0.0, 0.055, 0.13]
                .iter()
                .enumerate()
                .fold(0.0f32, |foam, (i, line)| {
                    let width = 0.012 - 0.003 * i as f32;
                    let at = away + line + 0.022 * wave;
                    let lace = ramp(-0.35, 0.35, wave + fine * 0.7 + 0.12 - 0.22 * i as f32);
                    foam.max((1.0 - (at / width).abs()).clamp(0.0, 1.0).sqrt() * lace)
                });
            water.mix(Rgb::hex(0xf6faf7), rolling * 0.9)
        } else {
            let foam = ramp(0.012, 0.0, away + 0.012 * wave) * 0.85;
            let grain = 1.0 + fine * 0.035 + wave * 0.05;
            (sand.at(away * 9.0) * grain).mix(Rgb::hex(0xf6faf7), foam)
        }
    });
    for _ in 0..40 {
        let at = (rng.unit() * canvas.aspect(), rng.unit());
        let away = shore(at.0, at.1);
        if (0.07..0.34).contains(&away) {
            let tint = Rgb::hex(*rng.pick(&[0xe4574c, 0xf2b53c, 0x2f8fb0, 0xf4efe2, 0x58a07a]));
            parasol(canvas, at, rng.within(0.014..0.021), tint);
        }
    }
    Finish {
        vignette: 0.15,
        ..Finish::default()
    }
}

fn water(canvas: &mut Canvas, sky: &Sky, horizon: f32, rng: &mut Rng) {
    let (waves, sparkle) = (rng.noise(), rng.noise());
    let deep = sky
        .shade
        .mix(Rgb::hex(*rng.pick(&[0x0f4a5c, 0x14506e, 0x1d5f66])), 0.6);
    let centre = canvas.aspect() / 2.0;
    let sun = sky.sun.0 * canvas.aspect();
    let glitter = 0.25 + 0.75 * sky.glare;
    canvas.paint(horizon, 1.0, |x, y, behind| {
        let depth = y - horizon;
        let far = 1.0 / (depth + 0.012);
        let (wx, wz) = ((x - centre) * far * 1.4, far * 4.5);
        let wave = waves.cloud(wx, wz, 4) * ramp(-0.01, 0.05, depth);
        let mirrored = sky.colours.at(1.0 - depth * 1.35 - wave * 0.12);
        let colour = mirrored.mix(deep, ramp(0.0, 0.6, depth + 0.03 + wave * 0.16) * 0.9);
        let path = (x - sun) / (0.035 + depth * 0.34);
        let glint = ramp(0.02, 0.5, wave + 0.45 * sparkle.at(wx * 4.0, wz * 3.0));
        let light = sky.light * (glint * (-path * path).exp() * glitter);
        let edge = ramp(0.0, canvas_edge(horizon), depth);
        behind.mix(
            colour
                .screen(light)
                .mix(sky.haze, 0.5 * (-depth * 26.0).exp()),
            edge,
        )
    });
}

/// The horizon is a line of light, not a cut: how far it takes to become water.
fn canvas_edge(horizon: f32) -> f32 {
    0.0035 * (1.0 + horizon)
}

fn headlands(canvas: &mut Canvas, sky: &Sky, horizon: f32, rng: &mut Rng) {
    let layers = rng.below(4);
    for layer in 0..layers {
        let (noise, near) = (rng.noise(), (layer + 1) as f32 / layers as f32);
        let side = if rng.chance(0.5) {
            0.0
        } else {
            canvas.aspect()
        };
        let reach = rng.within(0.35..1.0) * canvas.aspect().min(1.6);
        let tall = rng.within(0.05..0.16) * (0.5 + near);
        let land = sky.haze.mix(sky.shade * 0.7, 0.25 + 0.5 * near);
        canvas.below(
            |x| {
                let slope = ramp(reach, 0.0, (x - side).abs());
                let rough = 0.75 + 0.9 * noise.cloud(x * 5.0, near, 5);
                horizon + 0.004 - tall * slope * rough.max(0.0)
            },
            |x, y, depth| {
                let rock = 1.0 + 0.35 * noise.cloud(x * 18.0, y * 26.0, 2);
                (land * rock).mix(sky.haze, ramp(0.0, tall, depth) * 0.45)
            },
        );
    }
}

fn sail(canvas: &mut Canvas, (x, y): (f32, f32), size: f32, sky: &Sky, against_the_light: bool) {
    let cloth = if against_the_light {
        sky.shade * 0.75
    } else {
        Rgb::hex(0xf7f3ea)
    };
    let jib = if against_the_light {
        sky.shade * 0.9
    } else {
        Rgb::hex(0xe6e2da)
    };
    let hull = if against_the_light {
        sky.shade * 0.45
    } else {
        Rgb::hex(0x2c3e50)
    };
    let at = |dx: f32, dy: f32| (x + dx * size, y + dy * size);
    canvas.polygon(
        &[
            at(0.03, -1.0),
            at(0.12, -0.6),
            at(0.34, -0.16),
            at(0.03, -0.13),
        ],
        cloth,
        1.0,
    );
    canvas.polygon(
        &[
            at(-0.01, -0.92),
            at(-0.13, -0.5),
            at(-0.36, -0.15),
            at(-0.02, -0.16),
        ],
        jib,
        1.0,
    );
    canvas.polygon(
        &[
            at(-0.38, -0.09),
            at(0.42, -0.09),
            at(0.33, 0.0),
            at(-0.28, 0.0),
        ],
        hull,
        1.0,
    );
    // Its reflection, broken by the waves.
    for band in 0..7 {
        let dy = 0.02 + band as f32 * 0.07;
        let wide = 0.30 - band as f32 * 0.035;
        let lean = if band % 2 == 0 { 0.03 } else { -0.03 };
        canvas.polygon(
            &[
                at(-wide + lean, dy),
                at(wide + lean, dy),
                at(wide * 0.9 + lean, dy + 0.035),
                at(-wide * 0.9 + lean, dy + 0.035),
            ],
            cloth.mix(sky.shade, 0.4),
            0.20 - band as f32 * 0.022,
        );
    }
}

fn parasol(canvas: &mut Canvas, (x, y): (f32, f32), radius: f32, tint: Rgb) {
    canvas.disc(
        (x + radius * 0.7, y + radius * 0.7),
        radius,
        radius * 0.35,
        Rgb::hex(0x5e4a36),
        0.45,
    );
    canvas.shape(
        (x, y),
        radius * 1.3,
        |dx, dy| dx.hypot(dy) - radius,
        |dx, dy| {
            let gore = (dy.atan2(dx) * 8.0 / std::f32::consts::TAU).rem_euclid(2.0) < 1.0;
            let base = if gore { tint } else { Rgb::hex(0xf6f1e6) };
            base * (0.97 - (dx + dy) / radius * 0.10)
        },
    );
}
