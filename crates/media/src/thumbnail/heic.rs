//! HEIC: HEVC pictures in a HEIF file, by the `heic-decoder` crate; grids, crops, turns and
//! transparency included.

use super::pixels::{Fourth, Pixels};
use super::{Budget, MOST_PIXELS, ThumbnailError, UNUSUAL};
use heic_decoder::HeifError;

/// What a pixel costs: planes of 32 bits as decoded and as put together, and RGBA.
const BYTES_PER_PIXEL: u64 = 20;

/// At most `size` pixels on the long side, in sRGB, upright.
pub(super) fn decode(data: &[u8], size: u32, budget: Budget) -> Result<Pixels, ThumbnailError> {
    let (width, height) = budget.allow(MOST_PIXELS, BYTES_PER_PIXEL)?;
    let explained = |error: HeifError| match error {
        HeifError::LimitExceeded(_) => ThumbnailError::TooLarge {
            width: width.into(),
            height: height.into(),
        },
        HeifError::Unsupported(_) => ThumbnailError::Unsupported(UNUSUAL),
        error => ThumbnailError::Damaged(error.to_string()),
    };
    let decoded = heic_decoder::decode(data).map_err(explained)?;
    let rgba = decoded.to_rgba8().map_err(explained)?;
    let icc = decoded.metadata.icc_profile;
    let too_large = |_| ThumbnailError::Damaged("a side of the picture is too long".into());
    let picture = Pixels {
        width: u32::try_from(rgba.width).map_err(too_large)?,
        height: u32::try_from(rgba.height).map_err(too_large)?,
        data: rgba.data,
    };
    Ok(picture
        .shrunk(size, Fourth::Alpha)?
        .into_srgb(icc.as_deref()))
}
