//! The `imgn/1` sidecar: the metadata of one original as JSON beside it in the bucket.
//!
//! **Invariant:** the JSON is ASCII and holds none of `' < > &` or the backquote: old gallery
//! clients put it into HTML as it is.

use crate::{Camera, Exposure, Gps, Metadata};
use jiff::civil;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// One sidecar; absent fields are unknown and are not written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sidecar {
    /// Rises with every change of a person's own fields.
    pub rev: u64,
    /// SHA-256 of the original, lower-case hex.
    pub sha256: String,
    /// SHA-256 of the photo that this one is an edit of.
    pub previous: Option<String>,
    /// Bytes.
    pub size: u64,
    /// MIME type by content.
    pub media_type: String,
    pub metadata: Metadata,
    pub favourite: bool,
    /// The thumbhash, base64.
    pub thumbhash: Option<String>,
    /// The file's name as it was on disk.
    pub original_name: String,
    /// The file's modification time, UTC.
    pub mtime: Option<civil::DateTime>,
    /// Why there is no metadata.
    pub error: Option<String>,
}

/// What an object ending in `.meta` turned out to hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Meta {
    /// Ours.
    Sidecar(Box<Sidecar>),
    /// The original imgn's: the size as stored, in pixels.
    Size { width: u32, height: u32 },
    /// Empty, or some other text: not extracted yet.
    NotYet,
}

/// Why a text is no sidecar.
#[derive(Debug, thiserror::Error)]
pub enum SidecarError {
    #[error("it is no imgn/1 sidecar: {0}")]
    Malformed(#[from] serde_json::Error),
    #[error("its schema is {0}, which this version of imgn does not know")]
    UnknownSchema(String),
}

impl Sidecar {
    /// The schema that this code writes and reads.
    pub const SCHEMA: &str = "imgn/1";

    /// One line of ASCII JSON, safe in HTML.
    pub fn to_json(&self) -> String {
        let json =
            serde_json::to_string(&Wire::from(self)).expect("strings and finite numbers are JSON");
        ascii(&json)
    }

    /// The sidecar in this JSON. Fields that this version does not know are left out; fields out of
    /// their range are unknown.
    pub fn parse(json: &str) -> Result<Self, SidecarError> {
        let wire: Wire = serde_json::from_str(json)?;
        if wire.schema != Self::SCHEMA {
            return Err(SidecarError::UnknownSchema(wire.schema));
        }
        Ok(wire.into())
    }
}

impl Meta {
    /// Any text has a meaning: what is neither ours nor a size was not extracted yet.
    pub fn parse(text: &str) -> Self {
        if let Ok(sidecar) = Sidecar::parse(text) {
            return Self::Sidecar(Box::new(sidecar));
        }
        let size = text.trim().split_once('x').and_then(|(width, height)| {
            let side = |text: &str| {
                text.bytes()
                    .all(|byte| byte.is_ascii_digit())
                    .then(|| text.parse().ok())?
            };
            Some((side(width)?, side(height)?))
        });
        size.map_or(Self::NotYet, |(width, height)| Self::Size { width, height })
    }
}

/// The field names and forms of the JSON.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Wire {
    schema: String,
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
        let Sidecar { metadata, .. } = sidecar.clone();
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
            original_name: sidecar.original_name.clone(),
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
                make: wire.camera.make,
                model: wire.camera.model,
                lens: wire.camera.lens,
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
            title: wire.title,
            description: wire.description,
            artist: wire.artist,
            copyright: wire.copyright,
            rating: wire.rating.filter(|stars| *stars <= 5),
            keywords: wire.keywords,
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
            original_name: wire.original_name,
            mtime: wire
                .mtime
                .and_then(|time| Some(TimeZone::UTC.to_datetime(time.parse().ok()?))),
            error: wire.error,
        }
    }
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

/// JSON with every character escaped that is not ASCII or means something in HTML. They occur in
/// strings only, where an escape is always allowed.
fn ascii(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if character.is_ascii() && !matches!(character, '\'' | '<' | '>' | '&' | '`' | '\x7f') {
            escaped.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(escaped, "\\u{unit:04x}").expect("writing to a String does not fail");
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::datetime;

    fn full() -> Sidecar {
        Sidecar {
            rev: 3,
            sha256: "ab".repeat(32),
            previous: Some("cd".repeat(32)),
            size: 12_345,
            media_type: "image/jpeg".into(),
            metadata: Metadata {
                width: Some(4000),
                height: Some(3000),
                orientation: Some(6),
                taken_at: Some(datetime(2019, 6, 1, 12, 30, 0, 0)),
                utc_offset: Some(-12_600),
                camera: Camera {
                    make: Some("Zoë".into()),
                    model: Some("X`1".into()),
                    lens: None,
                },
                exposure: Exposure {
                    f_number: Some(2.8),
                    time: Some(0.004),
                    iso: Some(100),
                    flash: Some(false),
                    ..Exposure::default()
                },
                gps: Some(Gps {
                    lat: -33.5,
                    lon: 151.25,
                    alt: None,
                }),
                title: Some("<script>alert('x') & more</script>".into()),
                keywords: vec!["🌅".into()],
                rating: Some(5),
                ..Metadata::default()
            },
            favourite: true,
            thumbhash: Some("3OcRJYB4d3h/iIeHeEh3eIhw+j3A".into()),
            original_name: "IMG 1.jpg".into(),
            mtime: Some(datetime(2020, 1, 2, 3, 4, 5, 0)),
            error: None,
        }
    }

    #[test]
    fn a_sidecar_survives_being_written_and_read() {
        for sidecar in [
            full(),
            Sidecar {
                sha256: "00".repeat(32),
                error: Some("truncated".into()),
                ..Sidecar::default()
            },
        ] {
            assert_eq!(Sidecar::parse(&sidecar.to_json()).unwrap(), sidecar);
        }
    }

    #[test]
    fn the_fields_are_those_of_the_contract() {
        let json = Sidecar {
            metadata: Metadata {
                title: Some("a`b".into()),
                ..full().metadata
            },
            ..full()
        }
        .to_json();
        let expected = r#"{"schema":"imgn/1","rev":3,"sha256":"SHA","previous":"PREVIOUS","size":12345,"type":"image/jpeg","width":4000,"height":3000,"orientation":6,"taken_at":"2019-06-01T12:30:00","utc_offset":"-03:30","camera":{"make":"Zo\u00eb","model":"X\u00601"},"exposure":{"f_number":2.8,"time":0.004,"iso":100,"flash":false},"gps":{"lat":-33.5,"lon":151.25},"title":"a\u0060b","rating":5,"favourite":true,"keywords":["\ud83c\udf05"],"thumbhash":"3OcRJYB4d3h/iIeHeEh3eIhw+j3A","original_name":"IMG 1.jpg","mtime":"2020-01-02T03:04:05Z"}"#;
        assert_eq!(
            json,
            expected
                .replace("SHA", &"ab".repeat(32))
                .replace("PREVIOUS", &"cd".repeat(32))
        );
    }

    #[test]
    fn unknown_is_absent() {
        let json = Sidecar {
            sha256: "00".into(),
            size: 1,
            media_type: "image/png".into(),
            original_name: "a".into(),
            ..Sidecar::default()
        }
        .to_json();
        assert_eq!(
            json,
            r#"{"schema":"imgn/1","rev":0,"sha256":"00","size":1,"type":"image/png","original_name":"a"}"#
        );
    }

    #[test]
    fn the_json_is_harmless_in_html() {
        let json = full().to_json();
        assert!(json.is_ascii());
        assert!(!json.contains(['\'', '<', '>', '&', '`']), "{json}");
        assert!(
            json.contains(r"\u003cscript\u003ealert(\u0027x\u0027) \u0026 more"),
            "{json}"
        );
    }

    #[test]
    fn any_text_beside_an_original_means_something() {
        let ours = full().to_json();
        let cases = [
            ("ours", ours.as_str(), Meta::Sidecar(Box::new(full()))),
            (
                "the original's",
                "640x480",
                Meta::Size {
                    width: 640,
                    height: 480,
                },
            ),
            (
                "with a line end",
                "640x480\n",
                Meta::Size {
                    width: 640,
                    height: 480,
                },
            ),
            ("empty", "", Meta::NotYet),
            (
                "the original's words",
                "no metadata available yet",
                Meta::NotYet,
            ),
            ("signed", "+640x480", Meta::NotYet),
            ("too large", "99999999999x1", Meta::NotYet),
            ("half a size", "640x", Meta::NotYet),
            ("another schema", r#"{"schema":"imgn/2"}"#, Meta::NotYet),
            ("not JSON", "{", Meta::NotYet),
        ];
        for (name, text, expected) in cases {
            assert_eq!(Meta::parse(text), expected, "{name}");
        }
    }

    #[test]
    fn nonsense_in_a_field_is_unknown_and_a_new_field_is_left_out() {
        let json = r#"{"schema":"imgn/1","sha256":"00","orientation":9,"rating":6,"gps":{"lat":91,"lon":0},"taken_at":"soon","utc_offset":"noon","later":1}"#;
        assert_eq!(
            Sidecar::parse(json).unwrap(),
            Sidecar {
                sha256: "00".into(),
                ..Sidecar::default()
            }
        );
        assert!(matches!(
            Sidecar::parse(r#"{"schema":"imgn/9"}"#),
            Err(SidecarError::UnknownSchema(_))
        ));
    }
}
