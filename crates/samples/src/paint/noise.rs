//! Chance that can be repeated: a generator of numbers, and smooth noise over a plane.

use std::f32::consts::TAU;
use std::ops::Range;

/// A SplitMix64 generator (Steele, Lea, Flood 2014): small, and the same on every machine.
#[derive(Debug, Clone)]
pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A generator of its own for one numbered part, so that parts do not disturb each other.
    pub(crate) fn part(seed: u64, part: u64) -> Self {
        let mut mixed = Self(seed ^ part.wrapping_mul(0xd6e8_feb8_6659_fd93));
        Self(mixed.next())
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 up to, but not including, 1.
    pub(crate) fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }

    pub(crate) fn within(&mut self, range: Range<f32>) -> f32 {
        range.start + (range.end - range.start) * self.unit()
    }

    /// A whole number below `end`, which is at least 1.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// True in `share` of all calls.
    pub(crate) fn chance(&mut self, share: f32) -> bool {
        self.unit() < share
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    pub(crate) fn noise(&mut self) -> Noise {
        Noise(self.next() as u32)
    }
}

/// Gradient noise over the plane (Perlin 2002), about −1 to 1, one feature a unit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Noise(u32);

impl Noise {
    pub(crate) fn at(self, x: f32, y: f32) -> f32 {
        let (ix, iy) = (floor(x), floor(y));
        let (fx, fy) = (x - ix as f32, y - iy as f32);
        let corner = |dx: i32, dy: i32| {
            let (gx, gy) = self.slope(ix.wrapping_add(dx), iy.wrapping_add(dy));
            gx * (fx - dx as f32) + gy * (fy - dy as f32)
        };
        let (ux, uy) = (fade(fx), fade(fy));
        let top = lerp(corner(0, 0), corner(1, 0), ux);
        let bottom = lerp(corner(0, 1), corner(1, 1), ux);
        lerp(top, bottom, uy) * 1.5
    }

    /// Noise upon noise: each octave twice as fine and half as strong. About −1 to 1.
    pub(crate) fn cloud(self, x: f32, y: f32, octaves: u32) -> f32 {
        let (mut sum, mut strength, mut scale) = (0.0, 0.5, 1.0);
        for octave in 0..octaves {
            let shift = 17.3 * octave as f32;
            sum += strength * self.at(x * scale + shift, y * scale - shift);
            strength *= 0.5;
            scale *= 2.03;
        }
        sum
    }

    /// Sharp crests and round valleys, 0 to about 1: mountains eroded by water.
    pub(crate) fn ridges(self, x: f32, y: f32, octaves: u32) -> f32 {
        let (mut sum, mut strength, mut scale, mut carry) = (0.0, 0.55, 1.0, 1.0);
        for octave in 0..octaves {
            let shift = 11.7 * octave as f32;
            let crest = 1.0 - self.at(x * scale + shift, y * scale + shift).abs().min(1.0);
            let crest = crest * crest;
            sum += crest * strength * carry;
            carry = crest;
            strength *= 0.52;
            scale *= 2.07;
        }
        sum
    }

    /// A number of 0 to 1 for one cell of a grid, unlike its neighbours'.
    pub(crate) fn cell(self, x: i32, y: i32) -> f32 {
        (self.hash(x, y) >> 8) as f32 / (1u32 << 24) as f32
    }

    fn slope(self, x: i32, y: i32) -> (f32, f32) {
        const EIGHTH: f32 = std::f32::consts::FRAC_1_SQRT_2;
        const SLOPES: [(f32, f32); 8] = [
            (1.0, 0.0),
            (EIGHTH, EIGHTH),
            (0.0, 1.0),
            (-EIGHTH, EIGHTH),
            (-1.0, 0.0),
            (-EIGHTH, -EIGHTH),
            (0.0, -1.0),
            (EIGHTH, -EIGHTH),
        ];
        SLOPES[(self.hash(x, y) >> 29) as usize]
    }

    fn hash(self, x: i32, y: i32) -> u32 {
        let mut h = (x as u32).wrapping_mul(0x27d4_eb2d) ^ (y as u32).wrapping_mul(0x1656_67b1);
        h = (h ^ self.0).wrapping_mul(0x85eb_ca6b);
        h = (h ^ (h >> 13)).wrapping_mul(0xc2b2_ae35);
        (h ^ (h >> 16)).wrapping_mul(0x9e37_79b1)
    }
}

/// A wave of many lengths along a line, −1 to 1: for coasts, skylines and shores.
pub(crate) fn swell(x: f32, phase: f32) -> f32 {
    let wave = |scale: f32, shift: f32| ((x * scale + phase * shift) * TAU).sin();
    (wave(1.0, 1.0) + 0.5 * wave(2.3, 3.1) + 0.25 * wave(5.1, 7.7)) / 1.75
}

pub(crate) fn lerp(from: f32, to: f32, t: f32) -> f32 {
    from + (to - from) * t
}

/// 0 at `low` and before, 1 at `high` and after, smooth between.
pub(crate) fn ramp(low: f32, high: f32, x: f32) -> f32 {
    let t = ((x - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// The whole number at or below; `f32::floor` is a call on processors without SSE 4.1.
fn floor(x: f32) -> i32 {
    let towards_zero = x as i32;
    towards_zero - i32::from(x < towards_zero as f32)
}

fn fade(t: f32) -> f32 {
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}
