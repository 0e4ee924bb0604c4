//! Hot-air balloons over the morning's land.

use super::{desert, hills};
use crate::paint::canvas::{Canvas, Finish};
use crate::paint::noise::{Rng, lerp, ramp};
use crate::paint::palette::Rgb;
use crate::paint::sky::Hour;

/// Colours of the gores, two or three by turns.
const CLOTHS: [[u32; 3]; 6] = [
    [0xd8433b, 0xf3e7d3, 0xd8433b],
    [0xe9a23b, 0xd9632f, 0xf3cf73],
    [0x2f6f9f, 0xf1ead9, 0x4d9bb8],
    [0x7b3f7f, 0xe0a3b4, 0xf0dcc8],
    [0x3f7f66, 0xf0d98a, 0x2f5f58],
    [0xc43d5c, 0xf2a65a, 0x5f3f77],
];

pub(crate) fn aloft(canvas: &mut Canvas, hour: Hour, rng: &mut Rng) -> Finish {
    let finish = if rng.chance(0.5) {
        desert::mesas(canvas, hour, rng)
    } else {
        hills::pastures(canvas, hour, rng)
    };
    let count = 3 + rng.below(5);
    for turn in 0..count {
        let near = (turn as f32 + rng.unit()) / count as f32;
        let size = lerp(0.018, 0.15, near * near);
        let margin = size * 1.2;
        let at = (
            rng.within(margin..canvas.aspect() - margin),
            rng.within(0.10..0.42),
        );
        balloon(canvas, at, size, 0.45 * (1.0 - near), rng);
    }
    finish
}

fn balloon(canvas: &mut Canvas, (x, y): (f32, f32), radius: f32, veil: f32, rng: &mut Rng) {
    let cloth = *rng.pick(&CLOTHS);
    let air = canvas.sample(x, (y + radius).min(0.99));
    let zigzag = rng.chance(0.4);
    // The envelope: round above, drawn in to the mouth below.
    let half = move |v: f32| {
        if v < 0.0 {
            (1.0 - v * v).max(0.0).sqrt()
        } else {
            lerp(1.0, 0.16, ramp(-0.35, 1.45, v) * 1.05 - 0.05).max(0.0)
        }
    };
    canvas.shape(
        (x, y),
        radius * 1.5,
        |dx, dy| {
            let v = dy / radius;
            let side = dx.abs() - half(v) * radius;
            side.max((-1.0 - v) * radius).max((v - 1.28) * radius)
        },
        |dx, dy| {
            let v = dy / radius;
            let u = (dx / (half(v) * radius).max(1e-4)).clamp(-1.0, 1.0);
            let around = u.asin() / std::f32::consts::PI;
            let shift = if zigzag {
                ((v * 3.0).fract() - 0.5).abs() * 0.5
            } else {
                0.0
            };
            let gore = ((around * 12.0 + shift + 24.0) as usize) % cloth.len();
            let seam = ((around * 12.0 + 24.0).fract() - 0.5).abs() * 0.10;
            let round = 0.62 + 0.45 * (1.0 - u * u).sqrt() - 0.16 * u - 0.10 * v;
            (Rgb::hex(cloth[gore]) * (round - seam)).mix(air, veil)
        },
    );
    let basket = Rgb::hex(0x5a3d28).mix(air, veil);
    let (top, wide) = (y + radius * 1.52, radius * 0.12);
    for side in [-1.0, 1.0] {
        let rope = [
            (x + side * radius * 0.17, y + radius * 1.26),
            (x + side * wide, top),
        ];
        let thin = canvas.pixel() * 0.8;
        canvas.polygon(
            &[
                rope[0],
                (rope[0].0 + thin, rope[0].1),
                (rope[1].0 + thin, rope[1].1),
                rope[1],
            ],
            basket,
            0.8,
        );
    }
    canvas.polygon(
        &[
            (x - wide, top),
            (x + wide, top),
            (x + wide * 0.85, top + radius * 0.17),
            (x - wide * 0.85, top + radius * 0.17),
        ],
        basket,
        1.0,
    );
}
