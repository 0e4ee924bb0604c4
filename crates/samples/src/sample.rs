//! One sample: where it lies, what it says, how it looks, and the file it becomes.

use crate::Exif;
use crate::paint::canvas::Canvas;
use crate::paint::noise::Rng;
use crate::scenes::{self, View};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder, RgbImage, imageops};
use jiff::tz::Offset;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A photo that can be painted and written; cheap until then.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    pub(crate) path: PathBuf,
    pub(crate) format: Format,
    /// Pixels as shown, upright.
    pub(crate) size: (u32, u32),
    pub(crate) view: View,
    pub(crate) seed: u64,
    pub(crate) exif: Exif,
    /// Minutes east of UTC, also where the photo itself does not say so.
    pub(crate) utc_offset: i16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Jpeg,
    Png,
    Webp,
}

impl Sample {
    /// Folder and file name, relative to the folder of the album.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Width and height in pixels as shown, upright.
    pub fn size(&self) -> (u32, u32) {
        self.size
    }

    /// The same photo with its long side this many pixels long, at least one.
    pub fn scaled(mut self, long_side: u32) -> Self {
        let (width, height) = self.size;
        let scale = |side: u32| (side * long_side / width.max(height)).max(1);
        self.size = (scale(width), scale(height));
        self
    }

    /// What the photo says about itself.
    pub fn exif(&self) -> &Exif {
        &self.exif
    }

    /// The moment at which it was taken, which is also the file's modification time.
    pub fn taken_at(&self) -> SystemTime {
        let local = self.exif.taken_at.expect("every sample has a time");
        let offset = Offset::from_seconds(i32::from(self.utc_offset) * 60)
            .expect("offsets of places are less than a day");
        let timestamp = offset
            .to_timestamp(local)
            .expect("samples are taken in this century");
        let seconds = timestamp
            .as_second()
            .try_into()
            .expect("samples are taken after 1970");
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    /// Paints the photo and encodes it; about a tenth of a second.
    pub fn encode(&self) -> Vec<u8> {
        let mut rng = Rng::new(self.seed);
        let mut canvas = Canvas::new(self.size.0, self.size.1);
        let finish = scenes::paint(self.view, &mut canvas, &mut rng);
        let picture = turned(canvas.develop(finish, &mut rng), self.exif.orientation);
        let mut bytes = Vec::new();
        match self.format {
            Format::Jpeg => return encode_jpeg(&picture, &self.exif),
            Format::Png => encode(PngEncoder::new(&mut bytes), &picture, &self.exif),
            Format::Webp => encode(WebPEncoder::new_lossless(&mut bytes), &picture, &self.exif),
        }
        bytes
    }

    /// Writes the file under `dir` as a camera would: created, filled, closed, dated.
    ///
    /// # Errors
    /// When a folder or the file cannot be written, with its path.
    pub fn write(&self, dir: &Path) -> io::Result<()> {
        let path = dir.join(&self.path);
        let write = || {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            let mut file = File::create(&path)?;
            file.write_all(&self.encode())?;
            file.set_modified(self.taken_at())
        };
        write().map_err(|e| io::Error::new(e.kind(), format!("{}: {e}", path.display())))
    }
}

/// JPEG as cameras write it, quality 88.
pub(crate) fn encode_jpeg(picture: &RgbImage, exif: &Exif) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode(JpegEncoder::new_with_quality(&mut bytes, 88), picture, exif);
    bytes
}

fn encode<E: ImageEncoder>(mut encoder: E, picture: &RgbImage, exif: &Exif) {
    encoder
        .set_exif_metadata(exif.encode())
        .expect("JPEG, PNG and WebP hold EXIF");
    encoder
        .write_image(
            picture.as_raw(),
            picture.width(),
            picture.height(),
            ExtendedColorType::Rgb8,
        )
        .expect("a picture of valid size is written to memory");
}

/// The pixels as a camera held sideways stores them, for the orientation to turn back.
fn turned(upright: RgbImage, orientation: Option<u16>) -> RgbImage {
    match orientation {
        Some(3) => imageops::rotate180(&upright),
        Some(6) => imageops::rotate270(&upright),
        Some(8) => imageops::rotate90(&upright),
        _ => upright,
    }
}
