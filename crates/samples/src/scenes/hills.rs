//! Soft country: pastures in summer, woods in autumn, fields under snow.

use crate::paint::canvas::{Canvas, Finish};
use crate::paint::noise::{Noise, Rng, ramp};
use crate::paint::palette::Gradient;
use crate::paint::sky::{Hour, Sky};
use crate::paint::terrain::{self, Camera, Ground, lit};

struct Country {
    shape: Noise,
    detail: Noise,
    at: (f32, f32),
    /// Fields and grass, by chance of the patch.
    fields: Gradient,
    /// Tree crowns, by chance of the tree.
    crowns: Gradient,
    /// How much of the land is wooded, 0 to 1.
    wooded: f32,
    /// How uneven the fields are in tone.
    rough: f32,
    air: f32,
}

pub(crate) fn pastures(canvas: &mut Canvas, hour: Hour, rng: &mut Rng) -> Finish {
    let fields: [u32; 4] = *rng.pick(&[
        [0x6f9140, 0x86a34a, 0xa8b45c, 0xc9b868],
        [0x7c9a48, 0x9aa653, 0xd0bc6c, 0xb9a05a],
        [0x4f8a48, 0x6a9f4e, 0x8bb35a, 0xa3bd66],
    ]);
    let country = Country {
        fields: Gradient::even(&fields),
        crowns: Gradient::even(&[0x24422a, 0x355a30, 0x4b6b34]),
        wooded: rng.within(0.2..0.5),
        ..Country::somewhere(rng)
    };
    country.paint(canvas, hour, rng);
    Finish::default()
}

pub(crate) fn autumn(canvas: &mut Canvas, hour: Hour, rng: &mut Rng) -> Finish {
    let crowns: [u32; 6] = *rng.pick(&[
        [0x3f5532, 0x8a6a2c, 0xc98a2e, 0xcf6430, 0xa83d2c, 0xe0b04e],
        [0x2f4a34, 0x3f5f3a, 0x9a8a3c, 0xd9a83c, 0xe6c05a, 0xc9782e],
        [0x4a5a34, 0x6f6a34, 0xb5762e, 0xb5522c, 0x8a3a34, 0xd09040],
    ]);
    let country = Country {
        fields: Gradient::even(&[0x8f8a48, 0xa99a55, 0xb9a060]),
        crowns: Gradient::even(&crowns),
        wooded: rng.within(0.55..0.85),
        air: 0.045,
        ..Country::somewhere(rng)
    };
    country.paint(canvas, hour, rng);
    Finish::default()
}

pub(crate) fn winter(canvas: &mut Canvas, hour: Hour, rng: &mut Rng) -> Finish {
    let country = Country {
        fields: Gradient::even(&[0xf2f5fa, 0xe6ecf5, 0xf7f8fa]),
        crowns: Gradient::even(&[0x34444a, 0x51636a, 0xaebac4]),
        wooded: rng.within(0.3..0.6),
        rough: 0.07,
        air: 0.05,
        ..Country::somewhere(rng)
    };
    country.paint(canvas, hour, rng);
    Finish {
        contrast: 0.10,
        ..Finish::default()
    }
}

impl Country {
    fn somewhere(rng: &mut Rng) -> Self {
        Self {
            shape: rng.noise(),
            detail: rng.noise(),
            at: (rng.within(-300.0..300.0), rng.within(-300.0..300.0)),
            fields: Gradient::even(&[0x86a34a]),
            crowns: Gradient::even(&[0x355a30]),
            wooded: 0.3,
            rough: 0.2,
            air: 0.03,
        }
    }

    fn paint(&self, canvas: &mut Canvas, hour: Hour, rng: &mut Rng) {
        let sky = Sky::of(hour, rng);
        let camera = Camera {
            horizon: rng.within(0.36..0.5),
            eye: rng.within(0.95..1.5),
            focal: 1.15,
            near: 0.8,
            far: 48.0,
            air: self.air,
        };
        sky.paint(canvas, camera.horizon, rng);
        let height = |x: f32, z: f32| {
            let (wx, wz) = (x * 0.2 + self.at.0, z * 0.2 + self.at.1);
            let rolling = self.shape.cloud(wx, wz, 3) * 1.15 + 0.25;
            let far = ramp(14.0, 40.0, z) * (1.2 + 1.6 * self.shape.at(wx * 0.5, wz * 0.5));
            let land = rolling * ramp(0.0, 6.0, z) + far;
            let wood = self.wood(x, z);
            if wood <= 0.02 {
                land
            } else {
                land + wood * 0.17 * (0.4 + self.detail.at(x * 9.0, z * 9.0).abs())
            }
        };
        let material = |g: Ground| {
            let grain = self.detail.cloud(g.x * 5.0, g.z * 2.2, 2);
            let patch = self.patch(g.x, g.z);
            let turn = patch * 9.0;
            let ploughed = ramp(0.45, 0.46, patch) * ramp(7.0, 2.5, g.z);
            let furrow = ((g.x * turn.cos() + g.z * turn.sin()) * 34.0).sin() * 0.04 * ploughed;
            let tuft = self.detail.at(g.x * 46.0, g.z * 15.0) * ramp(7.0, 1.2, g.z);
            let field = self.fields.at(patch) * (1.0 + self.rough * (grain + 0.6 * tuft) + furrow);
            let tree = self.detail.at(g.x * 6.0 + 9.0, g.z * 6.0) * 0.5 + 0.5;
            let stand = self.shape.at(g.x * 0.8, g.z * 0.8) * 0.25;
            let leaf = self.detail.cloud(g.x * 21.0, g.z * 21.0, 2);
            let crown = self.crowns.at(tree + stand) * (0.85 + leaf * 0.7);
            lit(
                field.mix(crown, ramp(0.25, 0.6, self.wood(g.x, g.z))),
                g.sun,
                &sky,
            )
        };
        terrain::paint(canvas, &camera, &sky, height, material);
    }

    /// Where trees stand: woods in patches, and hedges between the fields.
    fn wood(&self, x: f32, z: f32) -> f32 {
        let patch = self.detail.cloud(x * 0.33 + 70.0, z * 0.33, 3);
        let edge = 0.42 - self.wooded * 0.75;
        ramp(edge, edge + 0.07, patch) * ramp(1.4, 3.0, z)
    }

    /// Fields of straight borders: a bent grid.
    fn patch(&self, x: f32, z: f32) -> f32 {
        let bend = self.shape.at(x * 0.25, z * 0.25) * 1.2;
        let (u, v) = (
            (x * 0.8 + z * 0.25 + bend) * 0.7,
            (z * 0.9 - x * 0.2 + bend) * 0.5,
        );
        self.shape.cell(u.floor() as i32, v.floor() as i32)
    }
}
