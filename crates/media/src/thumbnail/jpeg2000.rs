//! JPEG 2000, in its boxes or bare, by the `hayro-jpeg2000` crate: wavelets beyond twice the asked size are left out.

use super::pixels::{Fourth, Pixels};
use super::{Budget, MOST_PIXELS, ThumbnailError, UNUSUAL};
use hayro_jpeg2000::{ColorSpace, DecodeSettings, DecoderContext, Image};

/// What a pixel costs: four channels of 32-bit floats, twice while they are put together, and RGBA.
const BYTES_PER_PIXEL: u64 = 36;

/// At most `size` pixels on the long side, in sRGB.
pub(super) fn decode(data: &[u8], size: u32, budget: Budget) -> Result<Pixels, ThumbnailError> {
    budget.allow(MOST_PIXELS, 1)?;
    let damaged = |error: hayro_jpeg2000::DecodeError| ThumbnailError::Damaged(error.to_string());
    let enough = size.saturating_mul(2);
    let settings = DecodeSettings {
        target_resolution: Some((enough, enough)),
        ..DecodeSettings::default()
    };
    let image = Image::new(data, &settings).map_err(damaged)?;
    let (width, height) = (image.width(), image.height());
    // The codestream's own header counts; what was read before may be of another box.
    Budget {
        size: Some((width, height)),
        ..budget
    }
    .allow(MOST_PIXELS, BYTES_PER_PIXEL)?;
    let mut context = DecoderContext::default();
    let samples = image.decode(&mut context).map_err(damaged)?.data_u8();
    let colours = usize::from(image.color_space().num_channels());
    let channels = colours + usize::from(image.has_alpha());
    let pixels = u64::from(width) * u64::from(height);
    if samples.len() as u64 != pixels * channels as u64 {
        return Err(ThumbnailError::Damaged(
            "its channels are not of one size".into(),
        ));
    }
    let alpha = |pixel: &[u8]| pixel.get(colours).copied().unwrap_or(255);
    let rgba = |pixel: &[u8]| match colours {
        1 => [pixel[0], pixel[0], pixel[0], alpha(pixel)],
        _ => [pixel[0], pixel[1], pixel[2], alpha(pixel)],
    };
    let inks = |pixel: &[u8]| [pixel[0], pixel[1], pixel[2], pixel[3]];
    let icc = match image.color_space() {
        ColorSpace::Icc { profile, .. } => Some(profile.as_slice()),
        _ => None,
    };
    let each = samples.chunks_exact(channels);
    match colours {
        1 | 3 => {
            let picture = Pixels {
                data: each.flat_map(rgba).collect(),
                width,
                height,
            };
            Ok(picture.shrunk(size, Fourth::Alpha)?.into_srgb(icc))
        }
        4 => {
            let picture = Pixels {
                data: each.flat_map(inks).collect(),
                width,
                height,
            };
            Ok(Pixels::from_cmyk(picture.shrunk(size, Fourth::Plain)?, icc))
        }
        _ => Err(ThumbnailError::Unsupported(UNUSUAL)),
    }
}
