//! Flowers in rows that meet at the horizon: lavender, and tulips in bands of colour.

use crate::paint::canvas::{Canvas, Finish};
use crate::paint::noise::{Rng, ramp};
use crate::paint::palette::Rgb;
use crate::paint::sky::{Hour, Sky};
use std::f32::consts::PI;

pub(crate) fn lavender(canvas: &mut Canvas, hour: Hour, rng: &mut Rng) -> Finish {
    let (dark, light) = (Rgb::hex(0x6a4fa8), Rgb::hex(0xa58ad6));
    field(canvas, hour, rng, Rgb::hex(0x6f6a45), |_, leaf| {
        dark.mix(light, (0.5 + leaf * 0.9).clamp(0.0, 1.0))
    });
    Finish::default()
}

pub(crate) fn tulips(canvas: &mut Canvas, hour: Hour, rng: &mut Rng) -> Finish {
    const BANDS: [u32; 6] = [0xd93a3f, 0xf2c230, 0xee7fa8, 0xf4f0e8, 0xe9742f, 0x8a3a86];
    let first = rng.below(BANDS.len()) as i32;
    field(canvas, hour, rng, Rgb::hex(0x3f6a38), |row, leaf| {
        let band = (row.div_euclid(2) + first).rem_euclid(BANDS.len() as i32);
        Rgb::hex(BANDS[band as usize]) * (0.9 + leaf * 0.45)
    });
    Finish::default()
}

/// `petals` gives the colour of a row at a spot that is that light, -1 to 1.
fn field(
    canvas: &mut Canvas,
    hour: Hour,
    rng: &mut Rng,
    earth: Rgb,
    petals: impl Fn(i32, f32) -> Rgb,
) {
    let sky = Sky::of(hour, rng);
    let horizon = rng.within(0.36..0.48);
    sky.paint(canvas, horizon, rng);
    hills(canvas, &sky, horizon, rng);
    let noise = rng.noise();
    let vanish = canvas.aspect() * rng.within(0.25..0.75);
    let count = rng.within(7.0..11.0);
    let size = canvas.pixel();
    let light = sky.light.mix(sky.shade, 0.18);
    canvas.paint(horizon, 1.0, |x, y, behind| {
        let depth = y - horizon + 0.0025;
        let across = (x - vanish) / depth * count * 0.12 + 0.15 * noise.at(0.3 / depth, 2.0);
        let near = ramp(0.0, 0.35, depth);
        let leaf = noise.cloud(across * 5.0, 2.2 / depth, 3);
        let place = (across + 0.10 * leaf * near).rem_euclid(1.0);
        let round = (place * PI).sin();
        let petals = petals(across.floor() as i32, leaf);
        let earth = earth * (0.75 + 0.4 * leaf);
        let bloom = ramp(0.30, 0.62, round + 0.22 * leaf * near);
        let row = earth.mix(petals * (0.62 + 0.45 * round), bloom);
        // Far rows are finer than pixels: they become their mean.
        let seen = earth.mix(petals, 0.55).mix(row, ramp(0.004, 0.06, depth));
        let ground = seen.through(light) * 1.12;
        let air = 0.55 * (-depth * 14.0).exp();
        behind.mix(ground.mix(sky.haze, air), (depth / size).clamp(0.0, 1.0))
    });
}

fn hills(canvas: &mut Canvas, sky: &Sky, horizon: f32, rng: &mut Rng) {
    for near in [0.0, 1.0] {
        let hill = rng.noise();
        let wood = sky.haze.mix(Rgb::hex(0x3c5f55), 0.35 + 0.3 * near);
        let colour = wood.mix(sky.shade, 0.2);
        let tall = 0.05 - 0.025 * near;
        canvas.below(
            |x| horizon + 0.01 - tall * (1.0 + 1.4 * hill.cloud(x * 1.3, near, 3)),
            |_, _, depth| colour.mix(sky.haze, ramp(0.0, 0.08, depth) * 0.3),
        );
    }
}
