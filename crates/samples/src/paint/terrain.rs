//! Land in perspective: a height over a plane, marched from near to far, lit and veiled by air.
//!
//! The way of the voxel landscapes of the nineties: each slice of equal distance is projected onto
//! the columns of the picture, and shows where it rises above all nearer ones.

use super::canvas::Canvas;
use super::noise::lerp;
use super::palette::Rgb;
use super::sky::Sky;

/// Where the land is seen from. World units are free; the picture is one unit high at distance
/// `focal`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Camera {
    pub(crate) horizon: f32,
    pub(crate) eye: f32,
    pub(crate) focal: f32,
    pub(crate) near: f32,
    pub(crate) far: f32,
    /// Share of the air's colour at distance 1; the rest follows exponentially.
    pub(crate) air: f32,
}

/// One spot of ground as its material sees it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ground {
    pub(crate) x: f32,
    pub(crate) z: f32,
    pub(crate) height: f32,
    /// How steep, 0 (flat) to 1 (upright).
    pub(crate) steep: f32,
    /// Direct light, 0 to 1.
    pub(crate) sun: f32,
}

/// Paints the land over the sky that is there already.
pub(crate) fn paint(
    canvas: &mut Canvas,
    camera: &Camera,
    sky: &Sky,
    height: impl Fn(f32, f32) -> f32,
    material: impl Fn(Ground) -> Rgb,
) {
    let (columns, rows) = (canvas.width(), canvas.height() as f32);

    let behind = canvas.pixels().to_vec();
    let centre = canvas.aspect() / 2.0;
    let sun = sun_direction(sky);
    let mut horizon = vec![rows; columns];
    let mut last_colour = vec![Rgb::BLACK; columns];
    let mut last_height = vec![0.0f32; columns + 2];
    let mut heights = vec![0.0f32; columns + 2];
    let mut z = camera.near;
    let mut step = 0.0;
    let mut first = true;
    while z < camera.far {
        let spread = z / camera.focal * canvas.pixel();
        let left = -centre * z / camera.focal;
        for column in (0..columns + 2).step_by(2) {
            heights[column] = height(left + column as f32 * spread, z);
        }
        // Ground is smoother than a pixel: every other column lies between its neighbours.
        for column in (1..=columns).step_by(2) {
            heights[column] = (heights[column - 1] + heights[column + 1]) / 2.0;
        }
        let veil = 1.0 - (-camera.air * z).exp();
        for column in 0..columns {
            let h = heights[column];
            let y = (camera.horizon + (camera.eye - h) * camera.focal / z) * rows;
            if y >= horizon[column] && !first {
                // Hidden: what shows up next begins with its own colour.
                last_colour[column] = Rgb(f32::NAN, 0.0, 0.0);
                continue;
            }
            let along = (heights[column + 1] - h) / spread;
            let away = if first {
                0.0
            } else {
                (h - last_height[column]) / step
            };
            let length = (1.0 + along * along + away * away).sqrt();
            let facing = (-along * sun.0 + sun.1 - away * sun.2) / length;
            let ground = Ground {
                x: left + column as f32 * spread,
                z,
                height: h,
                steep: 1.0 - 1.0 / length,
                sun: (facing * 0.5 + 0.5).clamp(0.0, 1.0) * facing.clamp(0.0, 1.0).sqrt(),
            };
            let glow = sky.light * 0.30 * sky.glare * side(column, columns, sky);
            let colour = material(ground).mix(sky.haze.screen(glow), veil);
            let from = if last_colour[column].0.is_nan() || first {
                colour
            } else {
                last_colour[column]
            };
            fill(
                canvas,
                &behind,
                column,
                (y, horizon[column]),
                (colour, from),
            );
            horizon[column] = y.min(horizon[column]);
            last_colour[column] = colour;
        }
        std::mem::swap(&mut last_height, &mut heights);
        first = false;
        step = (z * 0.011).max(0.004);
        z += step;
    }
}

/// Half light from the sky, half from the sun: a colour of ground under this sky.
pub(crate) fn lit(colour: Rgb, sun: f32, sky: &Sky) -> Rgb {
    let shade = colour.through(sky.shade) * 1.15;
    let light = colour.through(sky.light) * 1.12;
    shade.mix(light, sun)
}

fn sun_direction(sky: &Sky) -> (f32, f32, f32) {
    let across = (sky.sun.0 - 0.5) * 2.4;
    // A sun in the picture lights from behind; otherwise it stands over the photographer's shoulder.
    let away = if sky.glare > 0.5 { 0.35 } else { -0.55 };
    let up = lerp(0.75, 0.38, sky.glare);
    let length = (across * across + away * away + up * up).sqrt();
    (across / length, up / length, away / length)
}

fn side(column: usize, columns: usize, sky: &Sky) -> f32 {
    let offset = column as f32 / columns as f32 - sky.sun.0;
    (-offset * offset * 7.0).exp()
}

fn fill(
    canvas: &mut Canvas,
    behind: &[Rgb],
    column: usize,
    (top, bottom): (f32, f32),
    (far, near): (Rgb, Rgb),
) {
    let width = canvas.width();
    let top_row = top.max(0.0) as usize;
    let last = (bottom.ceil().max(0.0) as usize).min(canvas.height());
    let height = (bottom - top).max(1e-6);
    for row in top_row..last {
        let cover = (bottom.min(row as f32 + 1.0) - top.max(row as f32)).clamp(0.0, 1.0);
        let t = ((row as f32 + 0.5 - top) / height).clamp(0.0, 1.0);
        let colour = far.mix(near, t);
        let under = behind[row * width + column];
        let pixel = canvas.pixel_mut(column, row);
        *pixel = *pixel + (colour + under * -1.0) * cover;
    }
}
