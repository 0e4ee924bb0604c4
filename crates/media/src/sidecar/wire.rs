//! The field names and forms of a sidecar's JSON.

use super::Sidecar;
use crate::metadata::text;
use crate::{Camera, Exposure, Gps, Metadata};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Wire {
    pub(super) schema: String,
    rev: u64,
    sha256: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<String>,
    size: u64,
    #[serde(rename = "type")]
    media_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    orientation: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    taken_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    utc_offset: Option<String>,
    #[serde(skip_serializing_if = "is_unknown")]
    camera: WireCamera,
    #[serde(skip_serializing_if = "is_unknown")]
    exposure: WireExposure,
    #[serde(skip_serializing_if = "Option::is_none")]
    gps: Option<WireGps>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    artist: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    copyright: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rating: Option<u8>,
    #[serde(skip_serializing_if = "is_unknown")]
    favourite: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    keywords: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbhash: Option<String>,
    original_name: String,
    /// Hex; where they are not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    original_name_bytes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mtime: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct WireCamera {
    #[serde(skip_serializing_if = "Option::is_none")]
    make: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lens: Option<String>,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct WireExposure {
    #[serde(skip_serializing_if = "Option::is_none")]
    f_number: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iso: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    focal_length: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    focal_length_35mm: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flash: Option<bool>,
}

#[derive(Debug, Serialize, Deserialize)]
struct WireGps {
    lat: f64,
    lon: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    alt: Option<f64>,
}

impl From<&Sidecar> for Wire {
    fn from(sidecar: &Sidecar) -> Self {
        let metadata = sidecar.metadata.clone();
        let Metadata {
            camera,
            exposure,
            gps,
            ..
        } = metadata;
        Self {
            schema: Sidecar::SCHEMA.to_owned(),
            rev: sidecar.rev,
            sha256: sidecar.sha256.clone(),
            previous: sidecar.previous.clone(),
            size: sidecar.size,
            media_type: sidecar.media_type.clone(),
            width: metadata.width,
            height: metadata.height,
            orientation: metadata.orientation,
            taken_at: metadata
                .taken_at
                .map(|time| time.strftime("%Y-%m-%dT%H:%M:%S").to_string()),
            utc_offset: metadata.utc_offset.map(offset_text),
            camera: WireCamera {
                make: camera.make,
                model: camera.model,
                lens: camera.lens,
            },
            exposure: WireExposure {
                f_number: exposure.f_number,
                time: exposure.time,
                iso: exposure.iso,
                focal_length: exposure.focal_length,
                focal_length_35mm: exposure.focal_length_35mm,
                flash: exposure.flash,
            },
            gps: gps.map(|Gps { lat, lon, alt }| WireGps { lat, lon, alt }),
            title: metadata.title,
            description: metadata.description,
            artist: metadata.artist,
            copyright: metadata.copyright,
            rating: metadata.rating,
            favourite: sidecar.favourite,
            keywords: metadata.keywords,
            thumbhash: sidecar.thumbhash.clone(),
            original_name: String::from_utf8_lossy(&sidecar.original_name).into_owned(),
            original_name_bytes: std::str::from_utf8(&sidecar.original_name)
                .is_err()
                .then(|| hex::encode(&sidecar.original_name)),
            mtime: sidecar.mtime.map(|time| format!("{time}Z")),
            error: sidecar.error.clone(),
        }
    }
}

impl From<Wire> for Sidecar {
    fn from(wire: Wire) -> Self {
        let gps = wire
            .gps
            .filter(|gps| gps.lat.abs() <= 90.0 && gps.lon.abs() <= 180.0);
        let metadata = Metadata {
            width: wire.width,
            height: wire.height,
            orientation: wire
                .orientation
                .filter(|orientation| (1..=8).contains(orientation)),
            taken_at: wire.taken_at.and_then(|time| time.parse().ok()),
            utc_offset: wire
                .utc_offset
                .and_then(|offset| crate::metadata::offset(&offset)),
            camera: Camera {
                make: bounded(wire.camera.make, text::SHORT),
                model: bounded(wire.camera.model, text::SHORT),
                lens: bounded(wire.camera.lens, text::SHORT),
            },
            exposure: Exposure {
                f_number: wire.exposure.f_number,
                time: wire.exposure.time,
                iso: wire.exposure.iso,
                focal_length: wire.exposure.focal_length,
                focal_length_35mm: wire.exposure.focal_length_35mm,
                flash: wire.exposure.flash,
            },
            gps: gps.map(|WireGps { lat, lon, alt }| Gps { lat, lon, alt }),
            title: bounded(wire.title, text::SHORT),
            description: bounded(wire.description, text::LONG),
            artist: bounded(wire.artist, text::SHORT),
            copyright: bounded(wire.copyright, text::SHORT),
            rating: wire.rating.filter(|stars| *stars <= 5),
            keywords: text::keywords(wire.keywords.iter().map(String::as_str)),
        };
        Self {
            rev: wire.rev,
            sha256: wire.sha256,
            previous: wire.previous,
            size: wire.size,
            media_type: wire.media_type,
            metadata,
            favourite: wire.favourite,
            thumbhash: wire.thumbhash,
            original_name: wire
                .original_name_bytes
                .and_then(|bytes| hex::decode(bytes).ok())
                .unwrap_or_else(|| wire.original_name.into_bytes()),
            mtime: wire
                .mtime
                .and_then(|time| Some(TimeZone::UTC.to_datetime(time.parse().ok()?))),
            error: bounded(wire.error, text::LONG),
        }
    }
}

/// Anybody may have written it, of any length.
fn bounded(value: Option<String>, longest: usize) -> Option<String> {
    text::bounded(&value?, longest)
}

fn is_unknown<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn offset_text(seconds: i32) -> String {
    let minutes = seconds.abs() / 60;
    format!(
        "{}{:02}:{:02}",
        if seconds < 0 { '-' } else { '+' },
        minutes / 60,
        minutes % 60
    )
}
