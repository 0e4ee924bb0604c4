//! A small upright sRGB picture of a photo, and the thumbhash that stands in for it.
//!
//! A photo is decoded at the smallest scale that leaves twice the asked size, shrunk, brought to
//! sRGB, turned upright and encoded, in this order: everything after decoding works on few pixels.
//!
//! **Invariant:** what decoding will cost in memory is known from the header and refused before it
//! begins; the colours and the transparency of the picture are kept.

mod avif;
mod first_paint;
mod heic;
mod jpeg;
mod jpeg2000;
mod jxl;
mod pixels;
mod raster;
mod raw;

pub use first_paint::FirstPaint;

use crate::container::Container;
use crate::head::Head;
use crate::{Kind, MediaType, isobmff, metadata, open};
use std::io::{BufReader, Read, Seek, SeekFrom};
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
    #[error("a picture of more than {most} bytes is more than imgn decodes")]
    TooLong { most: u64 },
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
                .chain([VIDEOS, UNUSUAL])
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
        let mut file = open::regular_file(path).map_err(unreadable)?;
        let name = path.file_name().unwrap_or_default();
        let head = Head::read(&mut file, name).map_err(unreadable)?;
        Self::of(&head, &mut file, size, memory).map_err(|error| match error {
            Failure::Picture(error) => error,
            Failure::Reading(error) => unreadable(error),
        })
    }

    fn of(
        head: &Head,
        file: &mut (impl Read + Seek),
        size: u32,
        memory: u64,
    ) -> Result<Self, Failure> {
        let media_type = match head.kind {
            Kind::Photo(media_type) => media_type,
            Kind::Unreadable => {
                return Err(Failure::Picture(ThumbnailError::Damaged(
                    "no known picture begins like this".into(),
                )));
            }
            Kind::Video => return Err(ThumbnailError::Unsupported(VIDEOS).into()),
            Kind::Empty | Kind::Other => {
                return Err(ThumbnailError::Unsupported(NO_PICTURES).into());
            }
        };
        let size = size.max(1);
        let mut container = Container::read(media_type, &head.data);
        let memory = memory.saturating_sub(head.data.len() as u64);
        let budget = Budget {
            size: container.size,
            memory,
        };
        let unsupported = ThumbnailError::Unsupported(media_type.name());
        let decoded = match media_type {
            MediaType::Jpeg => {
                let data = jpeg_at(file, 0, u64::MAX, memory / 2)?;
                let memory = memory - data.len() as u64;
                jpeg::decode(&data, container.icc.as_deref(), size, memory)?
            }
            MediaType::Png
            | MediaType::Gif
            | MediaType::Webp
            | MediaType::Tiff
            | MediaType::Bmp
            | MediaType::Ico => {
                file.rewind()?;
                raster::decode(media_type, BufReader::new(file), size, budget)?
            }
            MediaType::Raw => {
                let preview = raw::preview(&head.data, file, memory / 2)?.ok_or(unsupported)?;
                let inner = Container::read(MediaType::Jpeg, &preview);
                // Where the RAW file itself says how the camera was held, it knows better.
                let exif = inner.exif.map(|exif| exif.into_owned().into());
                let of_canon = isobmff::canon_block(&head.data, *b"CMT1").map(Into::into);
                container.exif = container.exif.or(of_canon).or(exif);
                let memory = memory - preview.len() as u64;
                jpeg::decode(&preview, inner.icc.as_deref(), size, memory)?
            }
            MediaType::Heic | MediaType::Avif | MediaType::JpegXl | MediaType::Jpeg2000 => {
                budget.allow(MOST_PIXELS, 1)?;
                let data = whole(file, memory / 2)?;
                let memory = memory - data.len() as u64;
                let budget = Budget { memory, ..budget };
                match media_type {
                    MediaType::Heic => heic::decode(&data, size, budget)?,
                    MediaType::Avif => avif::decode(&data, size, budget)?,
                    MediaType::JpegXl => jxl::decode(&data, size, budget)?,
                    _ => jpeg2000::decode(&data, size, budget)?,
                }
            }
        };
        // Some formats turn the picture by rules of their own, which their decoders obey.
        let exif = container.exif.as_deref().filter(|_| !container.displayed);
        let orientation = exif.map_or(1, metadata::orientation);
        Ok(decoded.upright(orientation).encode()?)
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

/// Why [`Thumbnail::of`] made none.
#[derive(Debug)]
enum Failure {
    Picture(ThumbnailError),
    Reading(std::io::Error),
}

impl From<ThumbnailError> for Failure {
    fn from(error: ThumbnailError) -> Self {
        Self::Picture(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Reading(error)
    }
}

/// The JPEG that lies at `offset`, up to its end or a little beyond: a film may follow in the same file.
fn jpeg_at(
    file: &mut (impl Read + Seek),
    offset: u64,
    length: u64,
    most: u64,
) -> Result<Vec<u8>, Failure> {
    /// What is read before the picture's end is looked for: larger ones are rare.
    const USUAL: u64 = 16 << 20;
    file.seek(SeekFrom::Start(offset))?;
    let mut file = file.take(length);
    let mut data = Vec::new();
    let mut end = crate::jpeg::End::default();
    loop {
        let more = USUAL.min((most + 1).saturating_sub(data.len() as u64));
        let read = (&mut file).take(more).read_to_end(&mut data)?;
        if (read as u64) < USUAL || end.is_in(&data) {
            break;
        }
    }
    refuse_beyond(most, data)
}

fn whole(file: &mut (impl Read + Seek), most: u64) -> Result<Vec<u8>, Failure> {
    let mut data = Vec::new();
    file.rewind()?;
    file.take(most + 1).read_to_end(&mut data)?;
    refuse_beyond(most, data)
}

fn refuse_beyond(most: u64, data: Vec<u8>) -> Result<Vec<u8>, Failure> {
    if data.len() as u64 <= most {
        return Ok(data);
    }
    Err(ThumbnailError::TooLong { most }.into())
}

#[cfg(test)]
mod tests;
