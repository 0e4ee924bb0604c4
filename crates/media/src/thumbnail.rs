//! A small upright sRGB picture of a photo, and the thumbhash that stands in for it.
//!
//! A photo is decoded at the smallest scale that leaves twice the asked size, shrunk, brought to
//! sRGB, turned upright and encoded, in this order: everything after decoding works on few pixels.
//!
//! **Invariant:** what decoding will cost in memory is known from the header and refused before it
//! begins; the colours and the transparency of the picture are kept.

mod heic;
mod jpeg;
mod jxl;
mod pixels;
mod raster;

use crate::container::Container;
use crate::{Kind, MediaType, metadata, open, tiff};
use std::io::Read;
use std::path::Path;

/// A WebP no longer than the asked size on its long side, never enlarged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thumbnail {
    pub webp: Vec<u8>,
    pub width: u32,
    pub height: u32,
    /// 5–25 bytes, <https://evanw.github.io/thumbhash/>.
    pub thumbhash: Vec<u8>,
}

/// Why there is no thumbnail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ThumbnailError {
    #[error("thumbnails of {0} are not made yet")]
    Unsupported(&'static str),
    #[error("the picture is damaged: {0}")]
    Damaged(String),
    #[error("{width} × {height} pixels is more than imgn decodes")]
    TooLarge { width: u64, height: u64 },
    #[error("cannot read {path}: {message}")]
    Unreadable { path: String, message: String },
}

const VIDEOS: &str = "videos";
const UNUSUAL: &str = "pictures that are compressed in this unusual way";
const NO_PICTURES: &str = "files that are no pictures";

impl ThumbnailError {
    /// The same error again on the other side of a worker's pipe.
    pub(crate) fn unsupported(name: &str) -> Self {
        let names = MediaType::ALL.iter().map(|media_type| media_type.name());
        Self::Unsupported(
            names
                .chain([VIDEOS])
                .find(|&known| known == name)
                .unwrap_or(NO_PICTURES),
        )
    }
}

/// Pixels of the largest picture that is decoded in full.
const MOST_PIXELS: u64 = 150_000_000;

impl Thumbnail {
    /// A thumbnail of the file at `path` whose long side is at most `size` pixels, made with about
    /// `memory` bytes at most.
    ///
    /// Decodes bytes from outside: for a [`crate::worker`].
    pub(crate) fn of_file(path: &Path, size: u32, memory: u64) -> Result<Self, ThumbnailError> {
        let unreadable = |error: std::io::Error| ThumbnailError::Unreadable {
            path: path.display().to_string(),
            message: error.to_string(),
        };
        let file = open::regular_file(path).map_err(unreadable)?;
        let length = file.metadata().map_err(unreadable)?.len();
        if length > memory / 2 {
            return Err(ThumbnailError::Damaged(format!(
                "a file of {length} bytes is more than imgn decodes"
            )));
        }
        let mut data = Vec::new();
        file.take(memory / 2)
            .read_to_end(&mut data)
            .map_err(unreadable)?;
        let kind = Kind::of(&data, path.file_name().unwrap_or_default());
        Self::of(kind, &data, size, memory - data.len() as u64)
    }

    fn of(kind: Kind, data: &[u8], size: u32, memory: u64) -> Result<Self, ThumbnailError> {
        let media_type = match kind {
            Kind::Photo(media_type) => media_type,
            Kind::Unreadable => {
                return Err(ThumbnailError::Damaged(
                    "no known picture begins like this".into(),
                ));
            }
            Kind::Video => return Err(ThumbnailError::Unsupported(VIDEOS)),
            Kind::Empty | Kind::Other => return Err(ThumbnailError::Unsupported(NO_PICTURES)),
        };
        let size = size.max(1);
        let mut container = Container::read(media_type, data);
        let budget = Budget {
            size: container.size,
            memory,
        };
        let decoded = match media_type {
            MediaType::Jpeg => jpeg::decode(data, container.icc.as_deref(), size, memory)?,
            MediaType::Png
            | MediaType::Gif
            | MediaType::Webp
            | MediaType::Tiff
            | MediaType::Bmp
            | MediaType::Ico => raster::decode(media_type, data, size, budget)?,
            MediaType::Raw => {
                let unsupported = ThumbnailError::Unsupported(media_type.name());
                let preview = raw_preview(data).ok_or(unsupported)?;
                let inner = Container::read(MediaType::Jpeg, preview);
                // Where the RAW file itself says how the camera was held, it knows better.
                container.exif = container.exif.or(inner.exif);
                jpeg::decode(preview, inner.icc.as_deref(), size, memory)?
            }
            MediaType::Heic => heic::decode(data, size, budget)?,
            MediaType::JpegXl => jxl::decode(data, size, budget)?,
            MediaType::Avif | MediaType::Jpeg2000 => {
                return Err(ThumbnailError::Unsupported(media_type.name()));
            }
        };
        // Some formats turn the picture by rules of their own, which their decoders obey.
        let exif = container.exif.as_deref().filter(|_| !container.displayed);
        let orientation = exif.map_or(1, metadata::orientation);
        decoded.upright(orientation).encode()
    }
}

/// What the header says, and what may be spent on it.
#[derive(Debug, Clone, Copy)]
struct Budget {
    size: Option<(u32, u32)>,
    memory: u64,
}

impl Budget {
    /// The size of a picture that costs this many bytes a pixel, if it is not too large.
    fn allow(self, most_pixels: u64, bytes_per_pixel: u64) -> Result<(u32, u32), ThumbnailError> {
        let (width, height) = self
            .size
            .ok_or_else(|| ThumbnailError::Damaged("no picture size in the header".into()))?;
        let pixels = u64::from(width) * u64::from(height);
        if pixels > most_pixels || pixels.saturating_mul(bytes_per_pixel) > self.memory {
            return Err(ThumbnailError::TooLarge {
                width: width.into(),
                height: height.into(),
            });
        }
        Ok((width, height))
    }
}

/// The JPEG that a camera put into its RAW file.
fn raw_preview(data: &[u8]) -> Option<&[u8]> {
    if data.starts_with(b"FUJIFILM") {
        // RAF: offset and length lie at fixed places.
        let bytes = crate::bytes::Bytes(data);
        let preview = bytes.get(bytes.be32(84)? as usize, bytes.be32(88)? as usize)?;
        return preview.starts_with(b"\xff\xd8\xff").then_some(preview);
    }
    tiff::largest_jpeg(data)
}

#[cfg(test)]
mod tests;
