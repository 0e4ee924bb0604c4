//! The picture while it is being painted: floating-point pixels and a few soft-edged brushes.
//!
//! **Invariant:** every edge is covered by share of pixel, so that nothing looks cut with scissors.

use super::noise::{Noise, Rng, lerp, ramp};
use super::palette::Rgb;
use image::RgbImage;

pub(crate) struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<Rgb>,
}

/// How the finished picture is exposed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Finish {
    /// How much the corners darken, 0 to 1.
    pub(crate) vignette: f32,
    /// Strength of the grain, in shares of white.
    pub(crate) grain: f32,
    /// Contrast added around the middle, 0 to 1.
    pub(crate) contrast: f32,
}

impl Default for Finish {
    fn default() -> Self {
        Self {
            vignette: 0.22,
            grain: 0.014,
            contrast: 0.18,
        }
    }
}

impl Canvas {
    pub(crate) fn new(width: u32, height: u32) -> Self {
        let (width, height) = (width.max(1) as usize, height.max(1) as usize);
        Self {
            width,
            height,
            pixels: vec![Rgb::BLACK; width * height],
        }
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn height(&self) -> usize {
        self.height
    }

    /// Width over height: where `x` ends.
    pub(crate) fn aspect(&self) -> f32 {
        self.width as f32 / self.height as f32
    }

    /// The side of one pixel.
    pub(crate) fn pixel(&self) -> f32 {
        1.0 / self.height as f32
    }

    pub(crate) fn pixels(&self) -> &[Rgb] {
        &self.pixels
    }

    pub(crate) fn pixel_mut(&mut self, column: usize, row: usize) -> &mut Rgb {
        &mut self.pixels[row * self.width + column]
    }

    /// Gives every pixel from row `top` down to `bottom` a new colour by place and present colour.
    pub(crate) fn paint(&mut self, top: f32, bottom: f32, colour: impl Fn(f32, f32, Rgb) -> Rgb) {
        let size = self.pixel();
        let rows = self.rows(top, bottom);
        for row in rows {
            let y = (row as f32 + 0.5) * size;
            let line = &mut self.pixels[row * self.width..(row + 1) * self.width];
            for (column, pixel) in line.iter_mut().enumerate() {
                *pixel = colour((column as f32 + 0.5) * size, y, *pixel);
            }
        }
    }

    /// Paints what lies under a line: `colour` by place and depth under the line.
    pub(crate) fn below(
        &mut self,
        line: impl Fn(f32) -> f32,
        colour: impl Fn(f32, f32, f32) -> Rgb,
    ) {
        let size = self.pixel();
        for column in 0..self.width {
            let x = (column as f32 + 0.5) * size;
            let top = line(x);
            for row in self.rows(top, 1.0) {
                let y = (row as f32 + 0.5) * size;
                let cover = ((y - top) / size + 0.5).clamp(0.0, 1.0);
                let pixel = &mut self.pixels[row * self.width + column];
                *pixel = pixel.mix(colour(x, y, (y - top).max(0.0)), cover);
            }
        }
    }

    /// A round spot; `edge` is how wide its rim fades, at least a pixel.
    pub(crate) fn disc(
        &mut self,
        (x, y): (f32, f32),
        radius: f32,
        edge: f32,
        colour: Rgb,
        opacity: f32,
    ) {
        let edge = edge.max(self.pixel());
        self.around((x, y), radius + edge, |dx, dy, pixel| {
            let distance = (dx * dx + dy * dy).sqrt();
            let cover = 1.0 - ramp(radius - edge / 2.0, radius + edge / 2.0, distance);
            pixel.mix(colour, cover * opacity)
        });
    }

    /// Light that falls off with distance and adds to what is there.
    pub(crate) fn glow(&mut self, (x, y): (f32, f32), radius: f32, light: Rgb) {
        self.around((x, y), radius, |dx, dy, pixel| {
            let t = 1.0 - ((dx * dx + dy * dy).sqrt() / radius).min(1.0);
            pixel.screen(light * (t * t * t))
        });
    }

    /// A shape given by its distance: `inside(dx, dy)` is negative within, in picture heights.
    pub(crate) fn shape(
        &mut self,
        at: (f32, f32),
        reach: f32,
        inside: impl Fn(f32, f32) -> f32,
        colour: impl Fn(f32, f32) -> Rgb,
    ) {
        let size = self.pixel();
        self.around(at, reach, |dx, dy, pixel| {
            let cover = (0.5 - inside(dx, dy) / size).clamp(0.0, 1.0);
            if cover > 0.0 {
                pixel.mix(colour(dx, dy), cover)
            } else {
                pixel
            }
        });
    }

    /// A filled polygon of one colour.
    pub(crate) fn polygon(&mut self, corners: &[(f32, f32)], colour: Rgb, opacity: f32) {
        const LINES: usize = 4;
        let size = self.pixel();
        let top = corners.iter().fold(f32::MAX, |y, c| y.min(c.1));
        let bottom = corners.iter().fold(f32::MIN, |y, c| y.max(c.1));
        let column = |x: f32| (x / size).clamp(0.0, self.width as f32);
        let left = column(corners.iter().fold(f32::MAX, |x, c| x.min(c.0))) as usize;
        let right = column(corners.iter().fold(f32::MIN, |x, c| x.max(c.0))).ceil() as usize;
        let mut cover = vec![0.0f32; right.saturating_sub(left)];
        let mut crossings = Vec::new();
        for row in self.rows(top, bottom) {
            cover.fill(0.0);
            for line in 0..LINES {
                let y = (row as f32 + (line as f32 + 0.5) / LINES as f32) * size;
                crossings.clear();
                for (i, &(x0, y0)) in corners.iter().enumerate() {
                    let (x1, y1) = corners[(i + 1) % corners.len()];
                    if (y0 <= y) != (y1 <= y) {
                        crossings.push((x0 + (y - y0) / (y1 - y0) * (x1 - x0)) / size);
                    }
                }
                crossings.sort_by(f32::total_cmp);
                for pair in crossings.chunks_exact(2) {
                    let (from, to) = (pair[0].max(left as f32), pair[1].min(right as f32));
                    for column in from as usize..(to.ceil().max(0.0) as usize).min(right) {
                        let part = (to.min(column as f32 + 1.0) - from.max(column as f32)).max(0.0);
                        cover[column - left] += part / LINES as f32;
                    }
                }
            }
            let line = &mut self.pixels[row * self.width..][left..right.max(left)];
            for (pixel, &part) in line.iter_mut().zip(&cover) {
                if part > 0.0 {
                    *pixel = pixel.mix(colour, part.min(1.0) * opacity);
                }
            }
        }
    }

    /// The colour at a place, mixed of the four nearest pixels; beyond the edge, the edge's.
    pub(crate) fn sample(&self, x: f32, y: f32) -> Rgb {
        let px = (x * self.height as f32 - 0.5).clamp(0.0, (self.width - 1) as f32);
        let py = (y * self.height as f32 - 0.5).clamp(0.0, (self.height - 1) as f32);
        let (x0, y0) = (px as usize, py as usize);
        let (x1, y1) = ((x0 + 1).min(self.width - 1), (y0 + 1).min(self.height - 1));
        let at = |x: usize, y: usize| self.pixels[y * self.width + x];
        let (fx, fy) = (px - x0 as f32, py - y0 as f32);
        at(x0, y0)
            .mix(at(x1, y0), fx)
            .mix(at(x0, y1).mix(at(x1, y1), fx), fy)
    }

    /// Exposes the picture: contrast, vignette, grain, eight bits.
    pub(crate) fn develop(&self, finish: Finish, rng: &mut Rng) -> RgbImage {
        let grain = rng.noise();
        let (cx, cy) = (self.width as f32 / 2.0, self.height as f32 / 2.0);
        let mut bytes = Vec::with_capacity(self.pixels.len() * 3);
        for row in 0..self.height {
            let dy = (row as f32 - cy) / cy;
            for column in 0..self.width {
                let dx = (column as f32 - cx) / cx;
                let corner = (dx * dx + dy * dy) * 0.5;
                let shade = 1.0 - finish.vignette * corner * corner;
                let pixel = self.pixels[row * self.width + column] * shade;
                let speck = grain.cell(column as i32, row as i32)
                    + grain.cell(column as i32 / 2 + 7919, row as i32 / 2)
                    - 1.0;
                let speck = speck * finish.grain * (1.3 - pixel.luma());
                for value in [pixel.0, pixel.1, pixel.2] {
                    let value = value.clamp(0.0, 1.0);
                    let curve = value * value * (3.0 - 2.0 * value);
                    let value = lerp(value, curve, finish.contrast) + speck;
                    bytes.push((value * 255.0 + 0.5).clamp(0.0, 255.0) as u8);
                }
            }
        }
        RgbImage::from_raw(self.width as u32, self.height as u32, bytes)
            .expect("three bytes were pushed for each pixel")
    }

    fn rows(&self, top: f32, bottom: f32) -> std::ops::Range<usize> {
        let height = self.height as f32;
        let from = (top * height).floor().clamp(0.0, height) as usize;
        let to = (bottom * height).ceil().clamp(0.0, height) as usize;
        from..to.max(from)
    }

    fn around(&mut self, (x, y): (f32, f32), reach: f32, change: impl Fn(f32, f32, Rgb) -> Rgb) {
        let size = self.pixel();
        let left = ((x - reach) / size).floor().clamp(0.0, self.width as f32) as usize;
        let right = ((x + reach) / size).ceil().clamp(0.0, self.width as f32) as usize;
        for row in self.rows(y - reach, y + reach) {
            let dy = (row as f32 + 0.5) * size - y;
            for column in left..right {
                let dx = (column as f32 + 0.5) * size - x;
                let pixel = &mut self.pixels[row * self.width + column];
                *pixel = change(dx, dy, *pixel);
            }
        }
    }
}

/// A picture of noise at a quarter of the size, for what is soft anyway: clouds, mist, ripples.
pub(crate) struct Veil {
    columns: usize,
    rows: usize,
    cell: f32,
    values: Vec<f32>,
}

impl Veil {
    pub(crate) fn new(canvas: &Canvas, value: impl Fn(f32, f32) -> f32) -> Self {
        const COARSER: usize = 4;
        let (columns, rows) = (canvas.width() / COARSER + 2, canvas.height() / COARSER + 2);
        let cell = COARSER as f32 * canvas.pixel();
        let values = (0..columns * rows)
            .map(|i| value((i % columns) as f32 * cell, (i / columns) as f32 * cell))
            .collect();
        Self {
            columns,
            rows,
            cell,
            values,
        }
    }

    pub(crate) fn at(&self, x: f32, y: f32) -> f32 {
        let px = (x / self.cell).clamp(0.0, (self.columns - 2) as f32);
        let py = (y / self.cell).clamp(0.0, (self.rows - 2) as f32);
        let (x0, y0) = (
            (px as usize).min(self.columns - 2),
            (py as usize).min(self.rows - 2),
        );
        let at = |x: usize, y: usize| self.values[y * self.columns + x];
        let (fx, fy) = (px - x0 as f32, py - y0 as f32);
        lerp(
            lerp(at(x0, y0), at(x0 + 1, y0), fx),
            lerp(at(x0, y0 + 1), at(x0 + 1, y0 + 1), fx),
            fy,
        )
    }
}

/// Still water from `line` down: what stands above it, upside down, in ripples.
pub(crate) fn reflect(canvas: &mut Canvas, line: f32, tint: Rgb, ripple: f32, noise: Noise) {
    let size = canvas.pixel();
    let (width, height) = (canvas.width(), canvas.height());
    let first = ((line * height as f32) as usize).min(height);
    for row in first..height {
        let y = (row as f32 + 0.5) * size;
        let depth = y - line;
        let near = (depth / (1.0 - line).max(0.05)).clamp(0.0, 1.0);
        // Waves look flatter the farther they are: stretched in x, packed in y towards the line.
        let wave_y = 30.0 * (depth + 0.004).ln();
        for column in 0..width {
            let x = (column as f32 + 0.5) * size;
            let wave = noise.cloud(x * 9.0 / (0.25 + near), wave_y, 2);
            let bend = wave * ripple * (0.15 + near);
            let mirrored = line - depth * 0.97 + bend;
            let seen = canvas.sample(x + bend * 0.3, mirrored.min(line - size))
                * (0.93 + wave * 0.10 * ripple.min(0.05) / 0.05);
            *canvas.pixel_mut(column, row) = seen.mix(tint, 0.16 + 0.30 * near * near);
        }
    }
}
