//! The small picture that a camera put into its EXIF block (DCF: 160 × 120, with black bars where the photo
//! has another shape).
//!
//! Programs that edit photos often leave the old one behind: one of another shape than the photo's is not its.

use crate::thumbnail::jpeg as decoder;
use crate::thumbnail::pixels::Pixels;
use crate::{jpeg, tiff};

/// Pixels of the long side that are worth looking at.
const LEAST: u32 = 96;

/// Of a photo of this size, as stored; in the photo's colours, brought to sRGB; not upright.
pub(super) fn pixels(
    exif: &[u8],
    photo: (u32, u32),
    size: u32,
    icc: Option<&[u8]>,
    memory: u64,
) -> Option<Pixels> {
    let found = tiff::jpegs(exif).into_iter().find_map(|(offset, length)| {
        let data = exif.get(offset..offset.saturating_add(length).min(exif.len()))?;
        let frame = jpeg::first_frame(data)?;
        // Of lossless and arithmetic ones none is the small picture of a camera.
        let usual = matches!(frame.marker, 0xc0..=0xc2) && frame.precision == 8;
        usual.then_some(data)
    })?;
    let pixels = decoder::decode(found, icc, size, memory).ok()?;
    let cut = without_bars(pixels, photo)?;
    (cut.width.max(cut.height) >= LEAST).then_some(cut)
}

/// The part of `small` that has the photo's shape, if the rest of it is black.
fn without_bars(small: Pixels, photo: (u32, u32)) -> Option<Pixels> {
    let (width, height) = (small.width, small.height);
    // One side of the photo's shape, where the other is `of`.
    let fitted = |of: u32, side: u32, other: u32| {
        let fitted = f64::from(of) * f64::from(side) / f64::from(other);
        // No picture is that long.
        if fitted < f64::from(u16::MAX) {
            fitted
        } else {
            f64::from(u16::MAX)
        }
    };
    let high = fitted(width, photo.1, photo.0);
    let wide = fitted(height, photo.0, photo.1);
    if is_about(high, height) || is_about(wide, width) {
        return Some(small);
    }
    let (kept_wide, kept_high) = if high < f64::from(height) {
        (width, inner(high)?)
    } else {
        (inner(wide)?, height)
    };
    let (left, top) = ((width - kept_wide) / 2, (height - kept_high) / 2);
    let inside = |x: u32, y: u32| {
        (left..left + kept_wide).contains(&x) && (top..top + kept_high).contains(&y)
    };
    // The edge of the bars, which is neither black nor picture, is not looked at.
    let near = |x: u32, y: u32| {
        let margin = EDGE + 1;
        (left.saturating_sub(margin)..left + kept_wide + margin).contains(&x)
            && (top.saturating_sub(margin)..top + kept_high + margin).contains(&y)
    };
    let mut kept = Vec::with_capacity((kept_wide * kept_high * 4) as usize);
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    for ((x, y), pixel) in places.zip(small.data.chunks_exact(4)) {
        if inside(x, y) {
            kept.extend_from_slice(pixel);
        } else if !near(x, y) && !is_black(pixel) {
            return None;
        }
    }
    Some(Pixels {
        data: kept,
        width: kept_wide,
        height: kept_high,
    })
}

/// Pixels at each edge of the picture into which a bar may reach.
const EDGE: u32 = 1;

/// What surely lies between the bars.
fn inner(side: f64) -> Option<u32> {
    (side as u32).checked_sub(2 * EDGE).filter(|&side| side > 0)
}

/// Cameras round to whole pixels, some to whole blocks.
fn is_about(wanted: f64, found: u32) -> bool {
    (wanted - f64::from(found)).abs() <= (wanted * 0.03).max(1.5)
}

fn is_black(pixel: &[u8]) -> bool {
    /// What compression makes of black.
    const BLACK: u8 = 28;
    pixel[..3].iter().all(|&channel| channel <= BLACK)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Grey, with black rows and columns around it.
    fn barred(width: u32, height: u32, bars: (u32, u32), black: u8) -> Pixels {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let data = places.flat_map(|(x, y)| {
            let in_bar = x < bars.0 || x >= width - bars.0 || y < bars.1 || y >= height - bars.1;
            let grey = if in_bar { black } else { 150 };
            [grey, grey, grey, 255]
        });
        Pixels {
            data: data.collect(),
            width,
            height,
        }
    }

    #[test]
    fn black_bars_are_cut_off_and_another_shape_is_another_picture() {
        //  name                     small                            photo          kept
        let cases = [
            (
                "the photo's shape",
                barred(160, 120, (0, 0), 0),
                (4000, 3000),
                Some((160, 120)),
            ),
            (
                "rounded",
                barred(160, 107, (0, 0), 0),
                (6000, 4000),
                Some((160, 107)),
            ),
            (
                "bars above and below",
                barred(160, 120, (0, 7), 2),
                (6000, 4000),
                Some((160, 104)),
            ),
            (
                "bars at the sides",
                barred(160, 120, (35, 0), 2),
                (3000, 4000),
                Some((88, 120)),
            ),
            (
                "bars that are not black",
                barred(160, 120, (0, 7), 90),
                (6000, 4000),
                None,
            ),
            (
                "a picture where bars should be",
                barred(160, 120, (0, 0), 0),
                (6000, 4000),
                None,
            ),
            ("turned", barred(160, 120, (0, 0), 0), (3000, 4000), None),
            ("a line", barred(160, 120, (0, 0), 0), (65_500, 1), None),
            (
                "an upright line",
                barred(160, 120, (0, 0), 0),
                (1, 65_500),
                None,
            ),
        ];
        for (name, small, photo, expected) in cases {
            let kept = without_bars(small, photo);
            let size = kept.as_ref().map(|kept| (kept.width, kept.height));
            assert_eq!(size, expected, "{name}");
            let bright = kept.is_none_or(|kept| kept.data.iter().all(|&value| value >= 150));
            assert!(bright, "{name}: a bar is left");
        }
    }
}
