//! Conifers in fog: rows of trees that the air takes away one by one.

use crate::paint::canvas::{Canvas, Finish, Veil};
use crate::paint::noise::{Rng, lerp, ramp};
use crate::paint::palette::Rgb;
use crate::paint::sky::{Hour, Sky};

pub(crate) fn fog(canvas: &mut Canvas, hour: Hour, rng: &mut Rng) -> Finish {
    let mut sky = Sky::of(hour, rng);
    sky.clouds = 0.0;
    sky.sun.1 = rng.within(0.18..0.34);
    let fog = sky.haze.mix(Rgb::WHITE, 0.18);
    canvas.paint(0.0, 1.0, |_, y, _| {
        sky.colours
            .at(0.35 + y)
            .mix(fog, 0.45 + 0.5 * ramp(0.0, 0.5, y))
    });
    let mist = rng.noise();
    let mist = Veil::new(canvas, |x, y| mist.cloud(x * 2.2, y * 5.0, 3));
    let deep = Rgb::hex(*rng.pick(&[0x12302c, 0x17322a, 0x1a2f3a, 0x2a2f2c]));
    let slope = rng.within(-0.14..0.14);
    let layers = 6 + rng.below(2);
    for layer in 0..layers {
        let near = layer as f32 / (layers - 1) as f32;
        let foot = lerp(0.46, 1.06, near.powf(1.15));
        let bend = rng.noise();
        let aspect = canvas.aspect();
        let ground = move |x: f32| {
            let lean = slope * (x / aspect - 0.5) * (1.2 - near);
            foot + lean + 0.07 * bend.cloud(x * 1.2, near * 9.0, 2)
        };
        let tall = lerp(0.06, 0.52, near.powf(1.5));
        let colour = fog.mix(deep, 0.12 + 0.84 * near.powf(1.3));
        firs(canvas, tall, ground, colour, rng);
        let size = canvas.pixel();
        let floor: Vec<f32> = (0..canvas.width())
            .map(|column| ground((column as f32 + 0.5) * size))
            .collect();
        // The fog lies in the hollows: over the feet of these trees, behind the next.
        canvas.paint(foot - tall, 1.0, |x, y, trees| {
            let drift = mist.at(x + near * 0.7, y) * tall * 0.9;
            let floor = floor[((x / size) as usize).min(floor.len() - 1)];
            let rise = ramp(floor - tall * 0.85, floor + tall * 0.15, y + drift);
            trees.mix(fog, rise * (0.95 - 0.45 * near))
        });
    }
    if sky.glare > 0.2 {
        let sun = (sky.sun.0 * canvas.aspect(), sky.sun.1);
        canvas.glow(sun, 0.95, sky.light * (0.5 * sky.glare));
    }
    Finish {
        contrast: 0.1,
        ..Finish::default()
    }
}

/// A row of firs and the ground that they stand on, in one colour; `tall` is the tallest's height.
pub(super) fn firs(
    canvas: &mut Canvas,
    tall: f32,
    ground: impl Fn(f32) -> f32,
    colour: Rgb,
    rng: &mut Rng,
) {
    canvas.below(&ground, |_, _, _| colour);
    let mut x = -tall * 0.2;
    while x < canvas.aspect() + tall * 0.2 {
        let height = tall * rng.within(0.35..1.0);
        fir(canvas, (x, ground(x) + height * 0.06), height, colour, rng);
        let gap = if rng.chance(0.10) {
            rng.within(0.35..0.9)
        } else {
            rng.within(0.05..0.26)
        };
        x += tall * gap;
    }
}

fn fir(canvas: &mut Canvas, (x, foot): (f32, f32), height: f32, colour: Rgb, rng: &mut Rng) {
    let tiers = (height / canvas.pixel() / 16.0).clamp(4.0, 18.0) as usize;
    let wide = height * rng.within(0.15..0.22);
    let lean = height * rng.within(-0.02..0.02);
    let mut side = |sign: f32| -> Vec<(f32, f32)> {
        let mut points = Vec::with_capacity(tiers * 2);
        for tier in 1..=tiers {
            let down = tier as f32 / tiers as f32;
            let reach = wide * down.powf(0.85) * rng.within(0.72..1.08);
            // The tip of a bough hangs below the place where the next one leaves the trunk.
            let tip = foot - height * (1.0 - down) + height * 0.030 * rng.unit();
            let root = tip - height * 0.35 / tiers as f32;
            let middle = x + lean * (1.0 - down);
            points.push((middle + sign * reach, tip));
            points.push((middle + sign * reach * rng.within(0.38..0.55), root));
        }
        points
    };
    let mut outline = vec![(x + lean, foot - height)];
    outline.extend(side(1.0));
    outline.extend([(x + wide * 0.1, foot), (x - wide * 0.1, foot)]);
    outline.extend(side(-1.0).into_iter().rev());
    canvas.polygon(&outline, colour, 1.0);
}
