//! What a picture says about itself.
//!
//! Absent means unknown. Text is as found, bounded in length, and never trusted as markup.

use jiff::civil;
use serde::{Deserialize, Serialize};

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
