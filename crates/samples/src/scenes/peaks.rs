//! High mountains: rock and snow over a wooded valley, or over a still lake.

use crate::paint::canvas::{Canvas, Finish, reflect};
use crate::paint::noise::{Noise, Rng, ramp};
use crate::paint::palette::Rgb;
use crate::paint::sky::{Hour, Sky};
use crate::paint::terrain::{self, Camera, Ground, lit};

struct Massif {
    shape: Noise,
    detail: Noise,
    /// World place of the camera, so that each picture shows other mountains.
    at: (f32, f32),
    tall: f32,
    /// Height above which snow lies.
    snow: f32,
    meadow: Rgb,
    wood: Rgb,
    rock: Rgb,
}

pub(crate) fn valley(canvas: &mut Canvas, hour: Hour, rng: &mut Rng) -> Finish {
    let sky = Sky::of(hour, rng);
    let camera = Camera {
        horizon: rng.within(0.52..0.6),
        eye: 0.75,
        focal: 1.05,
        near: 0.9,
        far: 46.0,
        air: 0.030,
    };
    sky.paint(canvas, camera.horizon, rng);
    let massif = Massif::new(rng);
    let height = |x: f32, z: f32| {
        let ground = 0.16 * massif.detail.cloud(x * 0.5, z * 0.5, 3);
        let walls = ramp(0.6, 3.4, (x / (0.9 + z * 0.14)).abs()) * ramp(1.0, 7.0, z) * 1.5;
        ground
            + massif.rise(x, z, 4.0)
            + walls * massif.shape.ridges(x * 0.4 + massif.at.0, z * 0.4, 4)
    };
    massif.paint(canvas, &camera, &sky, height);
    Finish::default()
}

pub(crate) fn lake(canvas: &mut Canvas, hour: Hour, rng: &mut Rng) -> Finish {
    let sky = Sky::of(hour, rng);
    let camera = Camera {
        horizon: rng.within(0.5..0.6),
        eye: 0.16,
        focal: 1.0,
        near: 5.0,
        far: 46.0,
        air: 0.026,
    };
    sky.paint(canvas, camera.horizon, rng);
    let massif = Massif::new(rng);
    let height = |x: f32, z: f32| {
        let bay = 0.35 * massif.detail.cloud(x * 0.4, 3.0, 3) + z - 5.0;
        ramp(0.0, 0.5, bay) * 0.10 + massif.rise(x, z, 5.2) - 0.05
    };
    massif.paint(canvas, &camera, &sky, height);
    let line = camera.horizon + camera.eye * camera.focal / camera.near;
    let tint = sky.shade.mix(Rgb::hex(0x1f4a58), 0.5);
    reflect(canvas, line, tint, rng.within(0.012..0.05), rng.noise());
    Finish::default()
}

impl Massif {
    fn new(rng: &mut Rng) -> Self {
        let greens = [
            (0x6f8a45, 0x2c4a34),
            (0x7f8f52, 0x35503a),
            (0x8d8a4a, 0x3a4c30),
        ];
        let &(meadow, wood) = rng.pick(&greens);
        Self {
            shape: rng.noise(),
            detail: rng.noise(),
            at: (rng.within(-400.0..400.0), rng.within(-400.0..400.0)),
            tall: rng.within(4.6..7.0),
            snow: rng.within(1.9..3.6),
            meadow: Rgb::hex(meadow),
            wood: Rgb::hex(wood),
            rock: Rgb::hex(*rng.pick(&[0x8b8784, 0x948a80, 0x7f8088])),
        }
    }

    /// The mountains proper: nothing before `from`, whole a few units behind.
    fn rise(&self, x: f32, z: f32, from: f32) -> f32 {
        let foot = ramp(from, from + 9.0, z);
        if foot <= 0.0 {
            return 0.0;
        }
        let crests = self
            .shape
            .ridges(x * 0.075 + self.at.0, z * 0.075 + self.at.1, 6);
        foot * crests.powf(1.7) * self.tall * (0.85 + z * 0.018)
    }

    fn paint(
        &self,
        canvas: &mut Canvas,
        camera: &Camera,
        sky: &Sky,
        height: impl Fn(f32, f32) -> f32,
    ) {
        // Trees: a fine roughness where the wood stands, which makes treelines ragged.
        let wooded = |x: f32, z: f32, h: f32| {
            let patch = self.detail.cloud(x * 0.35 + 40.0, z * 0.35, 3);
            ramp(-0.12, 0.10, patch)
                * ramp(self.snow * 0.62, self.snow * 0.35, h)
                * ramp(1.6, 3.5, z)
        };
        let grown = |x: f32, z: f32| {
            let h = height(x, z);
            let wood = wooded(x, z, h);
            if wood <= 0.02 {
                h
            } else {
                h + wood * 0.09 * self.detail.at(x * 16.0, z * 16.0).abs()
            }
        };
        let material = |g: Ground| {
            let grain = self.detail.cloud(g.x * 3.1, g.z * 3.1, 3);
            let wood = wooded(g.x, g.z, g.height);
            let grass = self.meadow * (1.0 + grain * 0.5);
            let floor = grass.mix(self.wood * (0.9 + 0.6 * grain), wood);
            let bare = ramp(
                self.snow * 0.5,
                self.snow * 0.85,
                g.height + grain * 0.4 + g.steep * 0.7,
            );
            let strata = (g.height * 9.0 + grain * 3.0).sin() * 0.05;
            let ground = floor.mix(self.rock * (0.92 + grain * 0.35 + strata), bare);
            let snow = ramp(
                self.snow,
                self.snow + 0.45,
                g.height + grain * 0.9 - g.steep * 1.1,
            );
            let colour = ground.mix(Rgb::hex(0xf4f6fa), snow);
            lit(colour, g.sun, sky)
        };
        terrain::paint(canvas, camera, sky, grown, material);
    }
}
