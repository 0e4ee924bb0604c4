//! What a picture says about itself.
//!
//! Absent means unknown. Text is as found, bounded in length, and never trusted as markup.
//!
//! Facts of the camera come from EXIF; words of a person come from XMP, then IPTC, then EXIF: tools
//! that edit them all write XMP, in Unicode, while EXIF often keeps what the camera put there.

mod dates;
pub(crate) use dates::offset;
pub(crate) use exif::orientation;

mod exif;
mod iptc;
mod tags;
pub(crate) mod text;
mod xmp;

use crate::MediaType;
use crate::container::Container;
use jiff::civil;
use serde::{Deserialize, Serialize};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The facts of one picture, as in the `imgn/1` sidecar.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Metadata {
    /// Width in pixels as displayed, after orientation.
    pub width: Option<u32>,
    /// Height in pixels as displayed, after orientation.
    pub height: Option<u32>,
    /// EXIF orientation, 1–8.
    pub orientation: Option<u8>,
    /// Local wall time at which the picture was taken.
    pub taken_at: Option<civil::DateTime>,
    /// Seconds east of UTC, only when the file says so.
    pub utc_offset: Option<i32>,
    pub camera: Camera,
    pub exposure: Exposure,
    pub gps: Option<Gps>,
    pub title: Option<String>,
    pub description: Option<String>,
    pub artist: Option<String>,
    pub copyright: Option<String>,
    /// 0–5 stars.
    pub rating: Option<u8>,
    pub keywords: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Camera {
    pub make: Option<String>,
    pub model: Option<String>,
    pub lens: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Exposure {
    pub f_number: Option<f64>,
    /// Seconds.
    pub time: Option<f64>,
    pub iso: Option<u32>,
    /// Millimetres.
    pub focal_length: Option<f64>,
    pub focal_length_35mm: Option<f64>,
    /// Whether the flash fired.
    pub flash: Option<bool>,
}

/// A place, WGS 84.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Gps {
    /// Degrees north, −90 to 90.
    pub lat: f64,
    /// Degrees east, −180 to 180.
    pub lon: f64,
    /// Metres above sea level.
    pub alt: Option<f64>,
}

impl Metadata {
    /// Width and height in pixels as stored, before orientation.
    pub fn stored_size(&self) -> Option<(u32, u32)> {
        let (width, height) = self.width.zip(self.height)?;
        Some(match self.orientation {
            Some(5..) => (height, width),
            _ => (width, height),
        })
    }

    /// What can be had of a photo's bytes, and what went wrong if that is less than it should be.
    ///
    /// Runs parsers over bytes from outside: for a [`crate::worker`].
    pub(crate) fn read(media_type: MediaType, data: &[u8]) -> (Self, Option<String>) {
        let mut metadata = Self::default();
        let mut error = None;
        // Where one reader gives up, or panics, what the others found still counts.
        let mut attempt = |name: &str, read: &mut dyn FnMut(&mut Self) -> Result<(), String>| {
            let mut found = metadata.clone();
            match catch_unwind(AssertUnwindSafe(|| read(&mut found))) {
                Ok(result) => {
                    metadata = found;
                    let message = result.err().map(|message| format!("{name}: {message}"));
                    error = error.take().or(message);
                }
                Err(_) => {
                    error = error
                        .take()
                        .or_else(|| Some(format!("{name}: the reader failed")))
                }
            }
        };
        let mut container = Container::default();
        attempt("header", &mut |_| {
            container = Container::read(media_type, data);
            Ok(())
        });
        attempt("EXIF", &mut |found| {
            exif::read(media_type, data, container.exif.as_deref(), found)
        });
        attempt("size", &mut |found| found.set_size(&container));
        attempt("XMP", &mut |found| {
            container
                .xmp
                .as_deref()
                .map_or(Ok(()), |packet| xmp::read(packet, found))
        });
        attempt("IPTC", &mut |found| {
            container.iptc.as_deref().map_or(Ok(()), |records| {
                iptc::read(records, found);
                Ok(())
            })
        });
        attempt("text", &mut |found| {
            found.set_texts(&container.texts);
            Ok(())
        });
        (metadata, error)
    }

    /// The header's size wins over what EXIF says: that one is often left over from before an edit.
    fn set_size(&mut self, container: &Container<'_>) -> Result<(), String> {
        let turned =
            !container.displayed && self.orientation.is_some_and(|orientation| orientation >= 5);
        let stored = container.size.or_else(|| self.width.zip(self.height));
        let (width, height) = stored.ok_or("no picture size in the header")?;
        (self.width, self.height) = if turned {
            (Some(height), Some(width))
        } else {
            (Some(width), Some(height))
        };
        Ok(())
    }

    fn set_texts(&mut self, texts: &[(String, String)]) {
        for (keyword, value) in texts {
            let (field, longest) = match keyword.as_str() {
                "Title" => (&mut self.title, text::SHORT),
                "Description" => (&mut self.description, text::LONG),
                "Author" => (&mut self.artist, text::SHORT),
                "Copyright" => (&mut self.copyright, text::SHORT),
                _ => continue,
            };
            *field = field.take().or_else(|| text::bounded(value, longest));
        }
    }
}

#[cfg(test)]
mod tests;
