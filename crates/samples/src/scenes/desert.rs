//! Dry land: dunes with sharp crests, and mesas of layered stone.

use crate::paint::canvas::{Canvas, Finish};
use crate::paint::noise::{Rng, ramp};
use crate::paint::palette::{Gradient, Rgb};
use crate::paint::sky::{Hour, Sky};
use crate::paint::terrain::{self, Camera, Ground, lit};

pub(crate) fn dunes(canvas: &mut Canvas, hour: Hour, rng: &mut Rng) -> Finish {
    let mut sky = Sky::of(hour, rng);
    sky.clouds *= 0.35;
    let camera = Camera {
        horizon: rng.within(0.34..0.46),
        eye: 1.5,
        focal: 1.1,
        near: 0.9,
        far: 44.0,
        air: 0.028,
    };
    sky.paint(canvas, camera.horizon, rng);
    let (shape, detail) = (rng.noise(), rng.noise());
    let at = (rng.within(-200.0..200.0), rng.within(-200.0..200.0));
    let wind = rng.within(0.4..0.9);
    let sand = Rgb::hex(*rng.pick(&[0xd9a066, 0xe0b27c, 0xcf8f58, 0xe6c08a]));
    // A saw-tooth along the wind, its crests bent by slow noise: a long back and a steep face.
    let height = |x: f32, z: f32| {
        let bend = shape.cloud(x * 0.16 + at.0, z * 0.16 + at.1, 2);
        let along = (x * wind + z * (1.0 - wind)) * 0.26 + bend * 1.5;
        let tooth = along - along.floor();
        let wave = if tooth < 0.72 {
            ramp(0.0, 1.25, tooth / 0.72 * 0.9) / 0.81
        } else {
            (1.0 - tooth) / 0.28
        };
        let tall = 0.55 + 0.75 * (shape.at(x * 0.09 + 30.0, z * 0.09) + 0.5).clamp(0.0, 1.0);
        wave * tall * ramp(0.0, 3.0, z + 1.0)
            + 0.25 * shape.at(x * 0.1, z * 0.1)
            + ramp(12.0, 40.0, z) * 0.6
    };
    let material = |g: Ground| {
        let near = ramp(9.0, 1.0, g.z);
        let wobble = detail.at(g.x * 1.3, g.z * 1.3) * 2.2;
        let ripple = ((g.x * wind + g.z * (1.3 - wind)) * 52.0 + wobble * 3.0).sin() * 0.05 * near;
        let grain = detail.cloud(g.x * 2.0, g.z * 2.0, 2) * 0.07;
        lit(
            sand * (0.98 + ripple + grain),
            (g.sun * 1.7 - 0.28).clamp(0.0, 1.0),
            &sky,
        )
    };
    terrain::paint(canvas, &camera, &sky, height, material);
    Finish {
        contrast: 0.25,
        ..Finish::default()
    }
}

pub(crate) fn mesas(canvas: &mut Canvas, hour: Hour, rng: &mut Rng) -> Finish {
    let mut sky = Sky::of(hour, rng);
    sky.clouds *= 0.7;
    let camera = Camera {
        horizon: rng.within(0.52..0.62),
        eye: 0.7,
        focal: 1.05,
        near: 0.8,
        far: 46.0,
        air: 0.022,
    };
    sky.paint(canvas, camera.horizon, rng);
    let (shape, detail) = (rng.noise(), rng.noise());
    let at = (rng.within(-200.0..200.0), rng.within(-200.0..200.0));
    let stone = Gradient::even(&[
        0x8c4a30, 0xb8623c, 0xa24f34, 0xcf8256, 0xb25a3a, 0xd99a6c, 0x9a4c34,
    ]);
    let height = |x: f32, z: f32| {
        let n =
            shape.cloud(x * 0.17 + at.0, z * 0.17 + at.1, 4) + 0.10 * detail.at(x * 1.4, z * 1.4);
        let butte =
            ramp(0.17, 0.20, n) * 1.5 + ramp(0.26, 0.285, n) * 1.0 + ramp(-0.02, 0.17, n) * 0.7;
        butte * ramp(4.0, 9.0, z) + 0.12 * detail.cloud(x * 0.7, z * 0.7, 3)
    };
    let material = |g: Ground| {
        let grain = detail.cloud(g.x * 4.0, g.z * 4.0, 3);
        let cracks =
            detail.at(g.x * 7.0, g.z * 7.0 + g.height * 0.4) * 0.14 * ramp(0.3, 0.6, g.steep);
        let layer = g.height * 0.42 + grain * 0.04 + 0.05 * detail.at(g.x * 0.3, g.z * 0.3);
        let rock = stone.at(layer.fract().abs()) * (1.0 + grain * 0.15 - cracks);
        let scrub =
            ramp(0.05, 0.35, detail.cloud(g.x * 9.0, g.z * 9.0, 2)) * ramp(0.25, 0.08, g.steep);
        let floor = Rgb::hex(0xb98058).mix(Rgb::hex(0x6b6a44), scrub * 0.75) * (1.0 + grain * 0.2);
        lit(
            floor.mix(rock, ramp(0.16, 0.5, g.steep + g.height * 0.12)),
            g.sun,
            &sky,
        )
    };
    terrain::paint(canvas, &camera, &sky, height, material);
    Finish {
        contrast: 0.24,
        ..Finish::default()
    }
}
