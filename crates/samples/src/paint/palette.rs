//! Colours and the gradients between them.
//!
//! A colour is three sRGB values of 0 to 1 as they are stored, so that palettes can be chosen by
//! eye. Gradients are mixed in OKLab (Ottosson 2020), which keeps a sunset from going grey.

use super::noise::lerp;
use std::ops::{Add, Mul};

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rgb(pub(crate) f32, pub(crate) f32, pub(crate) f32);

impl Rgb {
    pub(crate) const BLACK: Self = Self(0.0, 0.0, 0.0);
    pub(crate) const WHITE: Self = Self(1.0, 1.0, 1.0);

    pub(crate) const fn hex(value: u32) -> Self {
        const fn part(value: u32) -> f32 {
            (value & 0xff) as f32 / 255.0
        }
        Self(part(value >> 16), part(value >> 8), part(value))
    }

    pub(crate) fn mix(self, to: Self, t: f32) -> Self {
        Self(
            lerp(self.0, to.0, t),
            lerp(self.1, to.1, t),
            lerp(self.2, to.2, t),
        )
    }

    /// Light upon light: never darker than either, never above white.
    pub(crate) fn screen(self, light: Self) -> Self {
        let over = |a: f32, b: f32| 1.0 - (1.0 - a) * (1.0 - b.min(1.0));
        Self(
            over(self.0, light.0),
            over(self.1, light.1),
            over(self.2, light.2),
        )
    }

    /// Seen through a filter of this colour.
    pub(crate) fn through(self, filter: Self) -> Self {
        Self(self.0 * filter.0, self.1 * filter.1, self.2 * filter.2)
    }

    pub(crate) fn luma(self) -> f32 {
        0.3 * self.0 + 0.59 * self.1 + 0.11 * self.2
    }
}

impl Add for Rgb {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0, self.1 + other.1, self.2 + other.2)
    }
}

impl Mul<f32> for Rgb {
    type Output = Self;
    fn mul(self, by: f32) -> Self {
        Self(self.0 * by, self.1 * by, self.2 * by)
    }
}

/// Colours along a line of 0 to 1.
#[derive(Debug, Clone)]
pub(crate) struct Gradient(Vec<Rgb>);

impl Gradient {
    const STEPS: usize = 256;

    /// Evenly spaced stops, at least one.
    pub(crate) fn even(stops: &[u32]) -> Self {
        let last = (stops.len() - 1).max(1) as f32;
        let placed: Vec<_> = stops
            .iter()
            .enumerate()
            .map(|(i, &hex)| (i as f32 / last, hex))
            .collect();
        Self::placed(&placed)
    }

    /// Stops at their places, in rising order, at least one.
    pub(crate) fn placed(stops: &[(f32, u32)]) -> Self {
        let lab: Vec<_> = stops
            .iter()
            .map(|&(at, hex)| (at, to_oklab(Rgb::hex(hex))))
            .collect();
        let colour = |t: f32| {
            let after = lab
                .iter()
                .position(|&(at, _)| at >= t)
                .unwrap_or(lab.len() - 1);
            let (end, b) = lab[after];
            let (start, a) = lab[after.saturating_sub(1)];
            let part = if end > start {
                ((t - start) / (end - start)).clamp(0.0, 1.0)
            } else {
                1.0
            };
            from_oklab([0, 1, 2].map(|i| lerp(a[i], b[i], part)))
        };
        Self(
            (0..Self::STEPS)
                .map(|i| colour(i as f32 / (Self::STEPS - 1) as f32))
                .collect(),
        )
    }

    pub(crate) fn at(&self, t: f32) -> Rgb {
        let place = t.clamp(0.0, 1.0) * (Self::STEPS - 1) as f32;
        let index = (place as usize).min(Self::STEPS - 2);
        self.0[index].mix(self.0[index + 1], place - index as f32)
    }
}

fn to_oklab(Rgb(r, g, b): Rgb) -> [f32; 3] {
    let linear = |c: f32| {
        if c <= 0.04045 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    };
    let (r, g, b) = (linear(r), linear(g), linear(b));
    let l = (0.412_221_46 * r + 0.536_332_55 * g + 0.051_445_995 * b).cbrt();
    let m = (0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b).cbrt();
    let s = (0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b).cbrt();
    [
        0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
        1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
        0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
    ]
}

fn from_oklab([lightness, a, b]: [f32; 3]) -> Rgb {
    let l = (lightness + 0.396_337_78 * a + 0.215_803_76 * b).powi(3);
    let m = (lightness - 0.105_561_346 * a - 0.063_854_17 * b).powi(3);
    let s = (lightness - 0.089_484_18 * a - 1.291_485_5 * b).powi(3);
    let stored = |c: f32| {
        let c = c.clamp(0.0, 1.0);
        if c <= 0.003_130_8 {
            c * 12.92
        } else {
            1.055 * c.powf(1.0 / 2.4) - 0.055
        }
    };
    Rgb(
        stored(4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s),
        stored(-1.268_438 * l + 2.609_757_4 * m - 0.341_319_4 * s),
        stored(-0.004_196_086 * l - 0.703_418_6 * m + 1.707_614_7 * s),
    )
}
