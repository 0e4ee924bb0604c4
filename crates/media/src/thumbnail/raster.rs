//! The formats without scaled decoding: PNG, GIF, WebP, TIFF, BMP and ICO, by the `image` crate.
//! Of animations the first frame is taken.

use super::pixels::{Fourth, Pixels};
use super::{Budget, MOST_PIXELS, ThumbnailError, UNUSUAL};
use crate::MediaType;
use image::{ColorType, DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use std::io::{BufRead, Seek};

/// At most `size` pixels on the long side, in sRGB, not yet upright.
pub(super) fn decode(
    media_type: MediaType,
    file: impl BufRead + Seek,
    size: u32,
    budget: Budget,
) -> Result<Pixels, ThumbnailError> {
    let format = match media_type {
        MediaType::Png => ImageFormat::Png,
        MediaType::Gif => ImageFormat::Gif,
        MediaType::Webp => ImageFormat::WebP,
        MediaType::Tiff => ImageFormat::Tiff,
        MediaType::Bmp => ImageFormat::Bmp,
        MediaType::Ico => ImageFormat::Ico,
        other => return Err(ThumbnailError::Unsupported(other.name())),
    };
    // Before the decoder sees it: even one byte a pixel would be too much.
    let (width, height) = budget.allow(MOST_PIXELS, 1)?;
    let too_large = || ThumbnailError::TooLarge {
        width: width.into(),
        height: height.into(),
    };
    let mut reader = ImageReader::with_format(file, format);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(budget.memory);
    reader.limits(limits);
    let explained = |error: image::ImageError| match error {
        image::ImageError::Limits(_) => too_large(),
        image::ImageError::Unsupported(_) => ThumbnailError::Unsupported(UNUSUAL),
        error => ThumbnailError::Damaged(error.to_string()),
    };
    let mut decoder = reader.into_decoder().map_err(explained)?;
    let size_found = decoder.dimensions();
    // RGBA is used as it is; everything else exists a moment beside its RGBA form.
    let color = decoder.color_type();
    let per_pixel =
        u64::from(color.bytes_per_pixel()) + if color == ColorType::Rgba8 { 0 } else { 4 };
    Budget {
        size: Some(size_found),
        ..budget
    }
    .allow(MOST_PIXELS, per_pixel)?;
    let icc = decoder.icc_profile().unwrap_or_default();
    let decoded = DynamicImage::from_decoder(decoder)
        .map_err(explained)?
        .into_rgba8();
    let (width, height) = decoded.dimensions();
    let small = Pixels {
        data: decoded.into_raw(),
        width,
        height,
    }
    .shrunk(size, Fourth::Alpha)?;
    Ok(small.into_srgb(icc.as_deref()))
}
