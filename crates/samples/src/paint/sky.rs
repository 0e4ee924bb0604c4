//! The sky: its colours from horizon to zenith, the sun or moon in it, clouds, and stars.

use super::canvas::{Canvas, Veil};
use super::noise::{Rng, ramp};
use super::palette::{Gradient, Rgb};

/// A sky and the light that comes from it.
#[derive(Debug, Clone)]
pub(crate) struct Sky {
    /// From the zenith (0) to the horizon (1).
    pub(crate) colours: Gradient,
    /// Where the sun stands, in shares of the width and in picture heights.
    pub(crate) sun: (f32, f32),
    /// The colour of direct light.
    pub(crate) light: Rgb,
    /// The colour of far air and of mist.
    pub(crate) haze: Rgb,
    /// The colour of light in the shade.
    pub(crate) shade: Rgb,
    /// How much of the sky clouds cover, 0 to 1.
    pub(crate) clouds: f32,
    /// How bright the sun itself is seen, 0 (behind the camera) to 1.
    pub(crate) glare: f32,
}

/// The hour of the day, which decides palette and light.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hour {
    Dawn,
    Morning,
    Noon,
    Golden,
    Dusk,
    Night,
}

impl Sky {
    /// A sky of that hour; the same hour has several, chosen by chance.
    pub(crate) fn of(hour: Hour, rng: &mut Rng) -> Self {
        let (colours, light, haze, shade, glare): (&[u32], u32, u32, u32, f32) = match hour {
            Hour::Dawn => *rng.pick(&[
                (
                    &[0x4f6d9a, 0x8a9cc0, 0xd9b8bf, 0xf7cfae, 0xfbe3c4][..],
                    0xffd9b0,
                    0xe3bfb8,
                    0x5a6690,
                    0.55,
                ),
                (
                    &[0x5b7fa8, 0x93aecb, 0xc9c5d3, 0xf0c9c4, 0xf9dcd0][..],
                    0xffe0cf,
                    0xd5c3cc,
                    0x5f7095,
                    0.40,
                ),
            ]),
            Hour::Morning => *rng.pick(&[
                (
                    &[0x3f7fb8, 0x6ea3cf, 0xa6c9e2, 0xd5e4ea, 0xeff0e6][..],
                    0xfff2d8,
                    0xc5d7e2,
                    0x5d7595,
                    0.25,
                ),
                (
                    &[0x4a8cc0, 0x7fb4d8, 0xb8d6e4, 0xe4e8df, 0xf4ead4][..],
                    0xffefd0,
                    0xcfd9d8,
                    0x637a90,
                    0.30,
                ),
            ]),
            Hour::Noon => *rng.pick(&[
                (
                    &[0x2a66a8, 0x4c88c2, 0x7fb0d8, 0xb2d2e6, 0xd6e6ec][..],
                    0xfffaf0,
                    0xb6cede,
                    0x546f92,
                    0.0,
                ),
                (
                    &[0x3570a6, 0x5f97c4, 0x94bdd9, 0xc4dae4, 0xe2e8e6][..],
                    0xfff8ec,
                    0xbfd0d8,
                    0x5a7490,
                    0.0,
                ),
            ]),
            Hour::Golden => *rng.pick(&[
                (
                    &[0x4b6f98, 0x8b9fb4, 0xd3bea0, 0xf3c178, 0xfbd58c][..],
                    0xffd08a,
                    0xe6bd8e,
                    0x5d5f7c,
                    0.9,
                ),
                (
                    &[0x55709a, 0xa79fb0, 0xe8b79a, 0xf8b070, 0xfdd08a][..],
                    0xffc47a,
                    0xe2ab86,
                    0x5a5878,
                    0.9,
                ),
            ]),
            Hour::Dusk => *rng.pick(&[
                (
                    &[0x1d2b55, 0x3f4679, 0x875f8c, 0xd57f7e, 0xf6b27a][..],
                    0xefb9a0,
                    0xa5738a,
                    0x353a66,
                    0.3,
                ),
                (
                    &[0x18304f, 0x35577c, 0x7d7f9c, 0xcf9c92, 0xf3c59c][..],
                    0xeab69a,
                    0x93849a,
                    0x2e4263,
                    0.25,
                ),
                (
                    &[0x2b2450, 0x574a7e, 0x9c6a8c, 0xe08f7c, 0xf8bf80][..],
                    0xf0b49c,
                    0xa67e90,
                    0x3c2f62,
                    0.35,
                ),
            ]),
            Hour::Night => *rng.pick(&[
                (
                    &[0x050a1c, 0x0a1530, 0x122546, 0x1f3a5c, 0x35556f][..],
                    0x8fa8cc,
                    0x22364f,
                    0x0c1628,
                    0.0,
                ),
                (
                    &[0x070818, 0x0e1230, 0x1b2149, 0x2d315f, 0x4a466f][..],
                    0x9a9ccc,
                    0x2a2b4c,
                    0x0f1228,
                    0.0,
                ),
            ]),
        };
        Self {
            colours: Gradient::even(colours),
            sun: (rng.within(0.18..0.82), rng.within(0.30..0.44)),
            light: Rgb::hex(light),
            haze: Rgb::hex(haze),
            shade: Rgb::hex(shade),
            clouds: if hour == Hour::Night {
                0.0
            } else {
                rng.within(0.1..0.85)
            },
            glare,
        }
    }

    /// Paints the sky down to `horizon` and a little below it.
    pub(crate) fn paint(&self, canvas: &mut Canvas, horizon: f32, rng: &mut Rng) {
        let sun = (self.sun.0 * canvas.aspect(), self.sun.1.min(horizon - 0.04));
        let clouds = self.cloud_veil(canvas, horizon, rng);
        let bright = self.colours.at(1.0).screen(self.light * 0.35);
        let dark = self.colours.at(0.45).mix(self.shade, 0.28);
        canvas.paint(0.0, (horizon + 0.12).min(1.0), |x, y, _| {
            let height = (y / horizon).clamp(0.0, 1.0);
            let (dx, dy) = (x - sun.0, (y - sun.1) * 1.25);
            let near = (-(dx * dx + dy * dy) * 4.0).exp();
            let air = self
                .colours
                .at(height)
                .screen(self.light * (0.38 * near * self.glare));
            let Some((cover, lit)) = &clouds else {
                return air;
            };
            let thick = cover.at(x, y);
            let glow = (lit.at(x, y) + 0.35 * near * self.glare).clamp(0.0, 1.0);
            let cloud = dark.mix(bright, glow).mix(air, 0.25 + 0.35 * height);
            air.mix(cloud, thick)
        });
        if self.glare > 0.2 {
            canvas.glow(sun, 0.75, self.light * (0.55 * self.glare));
            canvas.glow(sun, 0.16, self.light * (0.9 * self.glare));
            if self.glare > 0.5 {
                canvas.disc(sun, 0.021, 0.016, Rgb::hex(0xfffbea), 0.95);
            }
        }
    }

    /// Paints stars down to `horizon`, the brightest with a small halo.
    pub(crate) fn stars(canvas: &mut Canvas, horizon: f32, count: usize, rng: &mut Rng) {
        const TINTS: [u32; 4] = [0xffffff, 0xcfe0ff, 0xfff0d8, 0xe6ecff];
        for _ in 0..(count as f32 * canvas.aspect()) as usize {
            let at = (rng.unit() * canvas.aspect(), rng.unit() * horizon);
            let power = rng.unit().powi(7);
            let low = 1.0 - ramp(horizon * 0.6, horizon, at.1) * 0.8;
            let tint = Rgb::hex(*rng.pick(&TINTS));
            canvas.disc(
                at,
                0.0004 + 0.0011 * power,
                0.0012,
                tint,
                (0.25 + 0.75 * power) * low,
            );
            if power > 0.82 {
                canvas.glow(at, 0.012, tint * 0.45);
            }
        }
    }

    fn cloud_veil(&self, canvas: &Canvas, horizon: f32, rng: &mut Rng) -> Option<(Veil, Veil)> {
        if self.clouds < 0.08 {
            return None;
        }
        let (noise, drift) = (rng.noise(), rng.within(-50.0..50.0));
        let stretch = rng.within(0.45..1.1);
        let centre = canvas.aspect() / 2.0;
        let sun = self.sun.0 * canvas.aspect();
        // Clouds lie on a ceiling: rows near the horizon are far away and crowd together.
        let density = |x: f32, y: f32| {
            let far = 1.0 / (horizon - y + 0.16).max(0.06);
            let wx = (x - centre) * far * 0.9 * stretch + drift;
            let wy = far * 1.7;
            noise.cloud(wx + 0.35 * noise.at(wx * 0.7, wy * 0.7), wy, 5)
        };
        let threshold = 0.30 - 0.50 * self.clouds;
        let cover = Veil::new(canvas, |x, y| {
            let fade = ramp(horizon + 0.02, horizon - 0.10, y) * 0.9;
            ramp(threshold, threshold + 0.42, density(x, y)) * fade
        });
        // Lit where it thins towards the sun, grey where it is thick.
        let lit = Veil::new(canvas, |x, y| {
            let here = density(x, y);
            let towards = density(x + (sun - x).signum() * 0.012, y - 0.012);
            0.62 + (here - towards) * 2.6 - ramp(threshold + 0.1, threshold + 0.7, here) * 0.42
        });
        Some((cover, lit))
    }
}
