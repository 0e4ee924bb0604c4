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
            foot + slope * (x / aspect - 0.5) * (1.2 - near)
                + 0.07 * bend.cloud(x * 1.2, near * 9.0, 2)
        };
        let line = treeline(canvas, lerp(0.07, 0.46, near.powf(1.6)), ground, rng);
        let colour = fog.mix(deep, 0.10 + 0.86 * near.powf(1.3));
        let tall = lerp(0.12, 0.55, near);
        let size = canvas.pixel();
        canvas.below(
            |x| line[((x / size) as usize).min(line.len() - 1)],
            |x, y, _| {
                let drift = 0.25 * mist.at(x, y);
                let sunk = ramp(
                    ground(x) - tall * 0.75,
                    ground(x) + tall * 0.2,
                    y + drift * tall,
                ) * (1.0 - near * 0.5);
                colour.mix(fog, sunk * 0.92)
            },
        );
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

/// The upper edge of a row of firs, one value a column: `tall` is the height of the tallest.
pub(super) fn treeline(
    canvas: &Canvas,
    tall: f32,
    ground: impl Fn(f32) -> f32,
    rng: &mut Rng,
) -> Vec<f32> {
    let size = canvas.pixel();
    let column_x = |column: usize| (column as f32 + 0.5) * size;
    let mut line: Vec<f32> = (0..canvas.width())
        .map(|column| ground(column_x(column)))
        .collect();
    let mut x = -tall * 0.3;
    while x < canvas.aspect() + tall * 0.3 {
        let height = tall * (0.30 + 0.70 * rng.unit());
        let half = height * rng.within(0.13..0.19);
        let foot = ground(x) + height * 0.12;
        let (from, to) = ((x - half) / size, (x + half) / size);
        let branches = rng.within(7.0..10.0);
        let shift = rng.unit();
        for column in from.max(0.0) as usize..(to.max(0.0) as usize).min(line.len()) {
            let out = (column_x(column) - x).abs() / half;
            // Branches hang in steps, wider and rougher towards the foot.
            let step = (out * branches + shift).fract();
            let cut = (1.0 - out.powf(0.88)) - 0.20 * step * (0.12 + out * (1.0 - out));
            line[column] = line[column].min(foot - height * cut.max(0.0));
        }
        x += half
            * if rng.chance(0.12) {
                rng.within(2.5..5.0)
            } else {
                rng.within(0.3..1.9)
            };
    }
    line
}
