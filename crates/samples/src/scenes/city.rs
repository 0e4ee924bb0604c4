//! A city by the water when the lights go on.

use crate::paint::canvas::{Canvas, Finish, reflect};
use crate::paint::noise::{Rng, ramp};
use crate::paint::palette::Rgb;
use crate::paint::sky::{Hour, Sky};

struct House {
    left: f32,
    right: f32,
    top: f32,
    colour: Rgb,
    spire: f32,
}

pub(crate) fn waterfront(canvas: &mut Canvas, hour: Hour, rng: &mut Rng) -> Finish {
    let sky = Sky::of(hour, rng);
    let quay = rng.within(0.60..0.72);
    sky.paint(canvas, quay, rng);
    if hour == Hour::Night {
        Sky::stars(canvas, quay * 0.6, 60, rng);
    }
    let layers = 4;
    for layer in 0..layers {
        let near = layer as f32 / (layers - 1) as f32;
        let lights = if matches!(hour, Hour::Dusk | Hour::Night) {
            0.05 + 0.24 * near
        } else {
            0.04
        };
        for house in row(canvas, &sky, quay, near, rng) {
            build(canvas, &house, quay, near, lights, &sky, rng);
        }
        let air = sky.haze;
        canvas.paint(quay - 0.16, quay, |_, y, under| {
            under.mix(air, ramp(quay - 0.16, quay, y) * 0.30 * (1.0 - near))
        });
    }
    lamps(canvas, quay, rng);
    let tint = sky.shade.mix(Rgb::hex(0x0d2233), 0.5);
    reflect(
        canvas,
        quay + 0.006,
        tint,
        rng.within(0.03..0.07),
        rng.noise(),
    );
    Finish {
        grain: 0.02,
        ..Finish::default()
    }
}

fn row(canvas: &Canvas, sky: &Sky, quay: f32, near: f32, rng: &mut Rng) -> Vec<House> {
    let skyline = rng.noise();
    let centre = rng.within(0.3..0.7) * canvas.aspect();
    let mut houses = Vec::new();
    let mut x = -0.05;
    while x < canvas.aspect() {
        let width = rng.within(0.025..0.075) * (0.7 + 0.6 * near);
        let downtown = (-(x - centre) * (x - centre) * 3.0).exp();
        let base = 0.07 + 0.10 * rng.unit() + 0.06 * skyline.at(x * 3.0, near);
        let tower = if rng.chance(0.3) {
            0.26 * rng.unit() * downtown
        } else {
            0.0
        };
        let height = (base + 0.10 * downtown + tower) * (1.15 - 0.5 * near);
        let tone = sky.haze.mix(sky.shade * 0.62, 0.30 + 0.65 * near) * rng.within(0.88..1.08);
        let spire = if tower > 0.12 && rng.chance(0.5) {
            rng.within(0.02..0.06)
        } else {
            0.0
        };
        houses.push(House {
            left: x,
            right: x + width,
            top: quay - height,
            colour: tone,
            spire,
        });
        x += width * rng.within(0.75..1.25);
    }
    houses
}

fn build(
    canvas: &mut Canvas,
    house: &House,
    quay: f32,
    near: f32,
    lights: f32,
    sky: &Sky,
    rng: &mut Rng,
) {
    const GLOWS: [u32; 5] = [0xffd48a, 0xffc06a, 0xffe2ae, 0xfff0d0, 0xcfe4ff];
    let House {
        left,
        right,
        top,
        colour,
        spire,
    } = *house;
    canvas.polygon(
        &[
            (left, top),
            (right, top),
            (right, quay + 0.01),
            (left, quay + 0.01),
        ],
        colour,
        1.0,
    );
    let turn = left + (right - left) * 0.68;
    let lit_side = if sky.sun.0 * canvas.aspect() > right {
        (turn, right)
    } else {
        (left, left + right - turn)
    };
    canvas.polygon(
        &[
            (lit_side.0, top),
            (lit_side.1, top),
            (lit_side.1, quay + 0.01),
            (lit_side.0, quay + 0.01),
        ],
        sky.light,
        0.10,
    );
    if spire > 0.0 {
        let middle = (left + right) / 2.0;
        canvas.polygon(
            &[
                (middle - 0.002, top),
                (middle, top - spire),
                (middle + 0.002, top),
            ],
            colour,
            1.0,
        );
        canvas.glow((middle, top - spire), 0.012, Rgb::hex(0xff5040));
    }
    let lights = lights * rng.within(0.3..1.7);
    let (step_x, step_y) = (0.0058 + 0.0022 * near, 0.0088 + 0.003 * near);
    let mut y = top + step_y;
    while y < quay - step_y * 1.4 {
        let floor = if rng.chance(0.12) { 2.2 } else { 1.0 };
        let mut x = left + step_x * 0.6;
        while x < right - step_x {
            if rng.chance(lights * floor) {
                let glow = Rgb::hex(*rng.pick(&GLOWS));
                let power = rng.within(0.45..1.0) * (0.45 + 0.55 * near);
                canvas.polygon(
                    &[
                        (x, y),
                        (x + step_x * 0.6, y),
                        (x + step_x * 0.6, y + step_y * 0.55),
                        (x, y + step_y * 0.55),
                    ],
                    glow,
                    power,
                );
            }
            x += step_x;
        }
        y += step_y;
    }
}

fn lamps(canvas: &mut Canvas, quay: f32, rng: &mut Rng) {
    canvas.polygon(
        &[
            (0.0, quay - 0.006),
            (canvas.aspect(), quay - 0.006),
            (canvas.aspect(), quay + 0.01),
            (0.0, quay + 0.01),
        ],
        Rgb::hex(0x1a1c28),
        0.9,
    );
    let mut x = rng.within(0.0..0.06);
    while x < canvas.aspect() {
        canvas.glow((x, quay - 0.016), 0.030, Rgb::hex(0xffc878) * 0.8);
        canvas.disc((x, quay - 0.016), 0.0022, 0.002, Rgb::hex(0xfff4da), 1.0);
        x += 0.062;
    }
}
