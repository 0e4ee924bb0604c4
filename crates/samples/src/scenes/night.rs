//! Clear nights: the Milky Way, northern lights, and a moon over the hills.

use super::forest::firs;
use crate::paint::canvas::{Canvas, Finish, Veil, reflect};
use crate::paint::noise::{Rng, ramp, swell};
use crate::paint::palette::{Gradient, Rgb};
use crate::paint::sky::{Hour, Sky};

const GRAINY: Finish = Finish {
    vignette: 0.3,
    grain: 0.03,
    contrast: 0.15,
};

pub(crate) fn milky_way(canvas: &mut Canvas, rng: &mut Rng) -> Finish {
    let sky = Sky::of(Hour::Night, rng);
    let horizon = rng.within(0.72..0.84);
    sky.paint(canvas, horizon, rng);
    let (noise, dust) = (rng.noise(), rng.noise());
    let lean = rng.within(0.35..0.95) * if rng.chance(0.5) { 1.0 } else { -1.0 };
    let foot = (rng.within(0.3..0.7) * canvas.aspect(), horizon);
    let across =
        |x: f32, y: f32| ((x - foot.0) - (horizon - y) * lean) / (1.0 + lean * lean).sqrt();
    let light = Veil::new(canvas, |x, y| {
        let off = across(x, y);
        let core = (-off * off * 42.0).exp() * (0.62 + 0.75 * noise.cloud(x * 4.0, y * 4.0, 5));
        let lane = ramp(0.05, 0.38, dust.cloud(x * 3.2 + off * 2.0, y * 3.2, 5))
            * (-off * off * 160.0).exp();
        (core * (1.0 - 0.85 * lane)).max(0.0)
    });
    let glow = Gradient::even(&[0x000000, 0x3d3f66, 0x8d7f9c, 0xe0c3b0]);
    canvas.paint(0.0, horizon + 0.12, |x, y, under| {
        under
            .screen(glow.at(light.at(x, y)) * 0.85)
            .screen(sky.haze * (0.35 * (-(horizon - y).max(0.0) * 6.0).exp()))
    });
    Sky::stars(canvas, horizon, 1500, rng);
    for _ in 0..(1300.0 * canvas.aspect()) as usize {
        let y = rng.unit() * horizon;
        let off = (rng.unit() + rng.unit() + rng.unit() - 1.5) * 0.22;
        let x = foot.0 + (horizon - y) * lean + off * (1.0 + lean * lean).sqrt();
        let power = rng.within(0.15..0.6);
        canvas.disc((x, y), 0.0004, 0.0013, Rgb::hex(0xf3ecff), power);
    }
    ranges(canvas, &sky, horizon, rng);
    GRAINY
}

pub(crate) fn aurora(canvas: &mut Canvas, rng: &mut Rng) -> Finish {
    let sky = Sky::of(Hour::Night, rng);
    let horizon = rng.within(0.62..0.74);
    sky.paint(canvas, horizon, rng);
    Sky::stars(canvas, horizon, 700, rng);
    let lower = Rgb::hex(*rng.pick(&[0x4dffa6, 0x5cffc0, 0x8affa0]));
    let upper = Rgb::hex(*rng.pick(&[0x8a4dff, 0x3f7dff, 0xd04dc0]));
    for curtain in 0..2 + rng.below(2) {
        let (noise, phase) = (rng.noise(), rng.unit());
        let base = horizon * rng.within(0.42..0.86);
        let reach = rng.within(0.16..0.34);
        let strength = rng.within(0.5..0.85) / (1.0 + 0.25 * curtain as f32);
        let wide = rng.within(0.35..0.6);
        canvas.paint(0.0, horizon + 0.02, |x, y, under| {
            let bend = swell(x * wide + 0.1 * noise.at(x, 0.5), phase) * 0.12;
            let up = base + bend - y;
            let rays = 0.55 + 0.75 * noise.cloud(x * 7.0 + bend * 20.0, 0.3 + up * 0.6, 4);
            let rise =
                ramp(-0.035, 0.012, up) * (-(up.max(0.0)) / (reach * (0.6 + rays * 0.6))).exp();
            let shine = (rise * rays.max(0.0) * strength).clamp(0.0, 1.0);
            under.screen(lower.mix(upper, ramp(0.02, reach * 1.6, up)) * shine)
        });
    }
    ranges(canvas, &sky, horizon, rng);
    if rng.chance(0.6) {
        reflect(
            canvas,
            horizon + 0.09,
            Rgb::hex(0x06121c),
            0.03,
            rng.noise(),
        );
    }
    GRAINY
}

pub(crate) fn moonrise(canvas: &mut Canvas, hour: Hour, rng: &mut Rng) -> Finish {
    let mut sky = Sky::of(hour, rng);
    sky.glare = 0.0;
    sky.clouds = rng.within(0.0..0.35);
    let horizon = rng.within(0.66..0.78);
    sky.paint(canvas, horizon, rng);
    if hour == Hour::Night {
        Sky::stars(canvas, horizon, 220, rng);
    }
    let moon = (
        rng.within(0.25..0.75) * canvas.aspect(),
        horizon - rng.within(0.22..0.42),
    );
    let radius = rng.within(0.035..0.07);
    let seas = rng.noise();
    canvas.glow(moon, radius * 8.0, Rgb::hex(0xffe8c8) * 0.4);
    canvas.shape(
        moon,
        radius * 1.1,
        |dx, dy| dx.hypot(dy) - radius,
        |dx, dy| {
            let (u, v) = (dx / radius, dy / radius);
            let limb = (1.0 - u * u - v * v).max(0.0).sqrt();
            let spots = ramp(0.0, 0.5, seas.cloud(u * 1.4 + 3.0, v * 1.4, 4)) * 0.22;
            Rgb::hex(0xfff3dc) * (0.80 + 0.2 * limb - spots)
        },
    );
    ranges(canvas, &sky, horizon, rng);
    Finish {
        grain: 0.02,
        ..Finish::default()
    }
}

/// Ranges of hills one before the other, firs on the nearest.
fn ranges(canvas: &mut Canvas, sky: &Sky, horizon: f32, rng: &mut Rng) {
    const LAYERS: usize = 3;
    for layer in 0..LAYERS {
        let near = layer as f32 / (LAYERS - 1) as f32;
        let noise = rng.noise();
        let colour = sky.haze.mix(sky.shade, 0.35 + 0.4 * near) * (0.85 - 0.45 * near);
        let (foot, tall) = (horizon + 0.03 + 0.07 * near, 0.13 * (1.0 - 0.45 * near));
        let crest =
            move |x: f32| foot - tall * (noise.ridges(x * (0.9 + near), near * 5.0, 5) - 0.25);
        canvas.below(crest, |_, _, depth| {
            colour.mix(sky.haze, ramp(0.0, 0.16, depth) * 0.35 * (1.0 - near))
        });
    }
    let bend = rng.noise();
    let ground = |x: f32| horizon + 0.17 + 0.05 * bend.cloud(x * 1.1, 0.5, 2);
    firs(
        canvas,
        rng.within(0.06..0.16),
        ground,
        sky.shade * 0.38,
        rng,
    );
}
