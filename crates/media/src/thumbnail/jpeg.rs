//! JPEG by libjpeg-turbo, scaled while it is decoded.

use super::ThumbnailError;
use super::pixels::{Fourth, Pixels};
use crate::jpeg;
use std::borrow::Cow;
use turbojpeg::{Colorspace, DecompressHeader, Decompressor, Image, PixelFormat, ScalingFactor};

/// Pixels of the largest JPEG: scaled decoding needs little memory, so this is about time.
const MOST_PIXELS: u64 = 1_000_000_000;
/// Scans of the most patient encoders are a dozen; thousands are an attack on time.
const MOST_SCANS: u32 = 200;

/// At most `size` pixels on the long side, in sRGB, not yet upright; made with about `memory` bytes.
pub(super) fn decode(
    data: &[u8],
    icc: Option<&[u8]>,
    size: u32,
    memory: u64,
) -> Result<Pixels, ThumbnailError> {
    let mut decompressor = Decompressor::new().map_err(damaged)?;
    let (data, header) = read_header(&mut decompressor, data)?;
    let factor = if header.is_lossless {
        ScalingFactor::ONE
    } else {
        factor(header.width.max(header.height), size)
    };
    let scaled = header.scaled(factor);
    let (pixels, cost) = cost(&data, &header, &scaled);
    if pixels > MOST_PIXELS || cost > memory {
        return Err(ThumbnailError::TooLarge {
            width: header.width as u64,
            height: header.height as u64,
        });
    }
    decompressor.set_scaling_factor(factor).map_err(damaged)?;
    decompressor.set_scan_limit(MOST_SCANS).map_err(damaged)?;

    let inks = matches!(header.colorspace, Colorspace::CMYK | Colorspace::YCCK);
    let format = if inks {
        PixelFormat::CMYK
    } else {
        PixelFormat::RGBA
    };
    let pitch = scaled.width * format.size();
    let mut image = Image {
        pixels: vec![0; pitch * scaled.height],
        width: scaled.width,
        pitch,
        height: scaled.height,
        format,
    };
    if let Err(error) = decompressor.decompress(&data, image.as_deref_mut())
        && !is_warning(&error)
    {
        return Err(damaged(error));
    }
    let (Ok(width), Ok(height)) = (u32::try_from(image.width), u32::try_from(image.height)) else {
        return Err(ThumbnailError::TooLarge {
            width: image.width as u64,
            height: image.height as u64,
        });
    };
    let small = Pixels {
        data: image.pixels,
        width,
        height,
    }
    .shrunk(size, Fourth::Plain)?;
    Ok(if inks {
        from_inks(small, &data, icc)
    } else {
        small.into_srgb(icc)
    })
}

/// The header, and the bytes without what the library stumbles over before it.
fn read_header<'a>(
    decompressor: &mut Decompressor,
    data: &'a [u8],
) -> Result<(Cow<'a, [u8]>, DecompressHeader), ThumbnailError> {
    match decompressor.read_header(data) {
        Ok(header) => Ok((data.into(), header)),
        Err(error) if is_warning(&error) => {
            let bare = jpeg::bare(data);
            let header = decompressor.read_header(&bare).map_err(damaged)?;
            Ok((bare.into(), header))
        }
        Err(error) => Err(damaged(error)),
    }
}

/// The pixels of the picture, and the bytes that decoding it to the scaled size takes.
fn cost(data: &[u8], header: &DecompressHeader, scaled: &DecompressHeader) -> (u64, u64) {
    let area = |header: &DecompressHeader| header.width as u64 * header.height as u64;
    // Coefficients, two bytes each, are kept for the whole picture when they come in several scans.
    let kept = if jpeg::has_several_scans(data) {
        2 * components(header.colorspace)
    } else {
        0
    };
    (area(header), 4 * area(scaled) + kept * area(header))
}

/// The smallest scale that leaves about twice the size, for the resizer to work well. Of the library's
/// scales only these are done by the processor's wide instructions: between them, the larger one is quicker.
fn factor(long: usize, size: u32) -> ScalingFactor {
    // Most cameras of twelve million pixels make a quarter a little narrower than twice 512.
    let wanted = size as usize * 7 / 4;
    let factors = [8, 4, 2].map(|part| ScalingFactor::new(1, part));
    factors
        .into_iter()
        .find(|factor| factor.scale(long) >= wanted)
        .unwrap_or(ScalingFactor::ONE)
}

fn components(colorspace: Colorspace) -> u64 {
    match colorspace {
        Colorspace::Gray => 1,
        Colorspace::RGB | Colorspace::YCbCr => 3,
        Colorspace::CMYK | Colorspace::YCCK => 4,
    }
}

/// Adobe's programs, and so nearly everyone, store inks inverted, and say so with an APP14 segment.
fn from_inks(mut stored: Pixels, data: &[u8], icc: Option<&[u8]>) -> Pixels {
    if jpeg::is_adobe(data) {
        for ink in &mut stored.data {
            *ink = 255 - *ink;
        }
    }
    Pixels::from_cmyk(stored, icc)
}

/// A picture that ends too soon or has damaged places is still a picture. The library says so in
/// words only; these are the beginnings of all its warnings (`jerror.h`, `JWRN_*`).
fn is_warning(error: &turbojpeg::Error) -> bool {
    const WARNINGS: &[&str] = &[
        "Corrupt JPEG data",
        "Premature end of JPEG file",
        "Inconsistent progression sequence",
        "Warning: unknown JFIF revision",
        "Unknown Adobe color transform code",
        "Invalid SOS parameters for sequential JPEG",
    ];
    matches!(error, turbojpeg::Error::TurboJpegError(text) if WARNINGS.iter().any(|warning| text.contains(warning)))
}

/// What is wrong in a person's words; the library's own stand behind them.
fn damaged(error: turbojpeg::Error) -> ThumbnailError {
    let text = match error {
        turbojpeg::Error::IntegerOverflow(_) => {
            return ThumbnailError::Damaged("its header does not say how large it is".into());
        }
        turbojpeg::Error::TurboJpegError(text) => text,
        other => other.to_string(),
    };
    ThumbnailError::Damaged(format!("it is not written as a JPEG is ({text})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_leaves_about_twice_the_size() {
        let cases = [
            (4096, (1, 4)),
            (4000, (1, 4)),
            (3500, (1, 2)),
            (8192, (1, 8)),
            (16000, (1, 8)),
            (1100, (1, 1)),
            (1500, (1, 1)),
            (100, (1, 1)),
        ];
        for (long, (num, denom)) in cases {
            assert_eq!(factor(long, 512), ScalingFactor::new(num, denom), "{long}");
        }
    }
}
