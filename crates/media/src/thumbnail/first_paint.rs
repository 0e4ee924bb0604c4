//! A small picture at once: what stands for a photo until its thumbnail is made.
//!
//! Of a progressive JPEG it is the first scan, which has an eighth of the picture in a tenth of the bytes; of
//! any other, the small picture that the camera put into the EXIF block. What is damaged, unusual or of
//! another format has none: its thumbnail shows it, or says why not.
//!
//! **Invariant:** of a file only the beginning is read, up to the end of its first scan.

mod embedded;
mod first_scan;

use super::pixels::{Fourth, Pixels};
use crate::container::Container;
use crate::head::Head;
use crate::{Kind, MediaType, jpeg, metadata, open};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// Upright and in sRGB, as a thumbnail is, but coarse: to be looked at for a moment, not to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstPaint {
    pub jpeg: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

impl FirstPaint {
    /// Of the file at `path`, its long side at most `size` pixels, made with about `memory` bytes at most.
    /// None: it has to be waited for its thumbnail.
    ///
    /// Decodes bytes from outside: for a [`crate::worker`].
    pub(crate) fn of_file(path: &Path, size: u32, memory: u64) -> io::Result<Option<Self>> {
        let mut file = open::regular_file(path)?;
        let head = Head::read(&mut file, path.file_name().unwrap_or_default())?;
        Self::of(&head, &mut file, size, memory)
    }

    fn of(
        head: &Head,
        file: &mut (impl Read + Seek),
        size: u32,
        memory: u64,
    ) -> io::Result<Option<Self>> {
        if head.kind != Kind::Photo(MediaType::Jpeg) {
            return Ok(None);
        }
        let container = Container::read(MediaType::Jpeg, &head.data);
        let (size, icc) = (size.max(1), container.icc.as_deref());
        let mut found = None;
        let frame = jpeg::first_frame(&head.data);
        if frame.is_some_and(|frame| frame.marker == jpeg::SOF_PROGRESSIVE) {
            file.seek(SeekFrom::Start(head.data.len() as u64))?;
            let mut beginning = Beginning {
                data: head.data.clone(),
                file,
            };
            found = first_scan::pixels(&mut beginning, memory)?
                .and_then(|pixels| shrunk_to_srgb(pixels, size, icc));
        }
        let exif = container.exif.as_deref();
        let found = found.or_else(|| embedded::pixels(exif?, container.size?, size, icc, memory));
        let orientation = exif.map_or(1, metadata::orientation);
        Ok(found.and_then(|pixels| encode(&pixels.upright(orientation))))
    }
}

fn shrunk_to_srgb(pixels: Pixels, size: u32, icc: Option<&[u8]>) -> Option<Pixels> {
    let small = pixels.shrunk(size, Fourth::Plain).ok()?;
    Some(small.into_srgb(icc))
}

/// As a JPEG, which is made in a tenth of the time of a WebP.
fn encode(pixels: &Pixels) -> Option<FirstPaint> {
    const QUALITY: i32 = 90;
    let image = turbojpeg::Image {
        pixels: pixels.data.as_slice(),
        width: pixels.width as usize,
        pitch: pixels.width as usize * 4,
        height: pixels.height as usize,
        format: turbojpeg::PixelFormat::RGBA,
    };
    let jpeg = turbojpeg::compress(image, QUALITY, turbojpeg::Subsamp::Sub2x2).ok()?;
    Some(FirstPaint {
        jpeg: jpeg.to_vec(),
        width: pixels.width,
        height: pixels.height,
    })
}

/// The beginning of a file, of which more is read when it is needed.
struct Beginning<'a, F> {
    data: Vec<u8>,
    /// Where `data` ends.
    file: &'a mut F,
}

impl<F: Read> Beginning<'_, F> {
    /// Reads as much again. False: there is no more, or more than any first scan has.
    fn more(&mut self) -> io::Result<bool> {
        const LEAST: usize = 64 * 1024;
        const MOST: usize = 64 << 20;
        let more = self.data.len().clamp(LEAST, MOST) as u64;
        if self.data.len() >= MOST {
            return Ok(false);
        }
        Ok((&mut *self.file).take(more).read_to_end(&mut self.data)? > 0)
    }
}

#[cfg(test)]
mod tests;
