//! The `imgn/1` sidecar: the metadata of one original as JSON beside it in the bucket.
//!
//! **Invariant:** the JSON is ASCII and holds none of `' < > &` or the backquote: old gallery
//! clients put it into HTML as it is.

mod wire;

use crate::Metadata;
use jiff::civil;
use std::fmt::Write as _;
use wire::Wire;

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
    /// The file's name as it was on disk, which need not be UTF-8.
    pub original_name: Vec<u8>,
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
    /// Written by a later version of imgn, which this one does not read, and leaves alone.
    Later { schema: String },
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

    /// The `error` of an original that is called like a photo and whose bytes are none that is known.
    pub const NO_PICTURE: &str = "its bytes are no picture that is known";

    /// One line of ASCII JSON, safe in HTML.
    pub fn to_json(&self) -> String {
        let json =
            serde_json::to_string(&Wire::from(self)).expect("strings and finite numbers are JSON");
        harmless_in_html(&json)
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
        if let Some(schema) = later_schema(text) {
            return Self::Later { schema };
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

/// The schema of a sidecar that a later version of imgn wrote. Of its other fields nothing is known.
fn later_schema(text: &str) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Said {
        schema: String,
    }
    let Said { schema } = serde_json::from_str(text).ok()?;
    let version = |schema: &str| schema.strip_prefix("imgn/")?.parse::<u32>().ok();
    (version(&schema)? > version(Sidecar::SCHEMA)?).then_some(schema)
}

/// JSON with every character escaped that is not ASCII or means something in HTML. They occur in
/// strings only, where an escape is always allowed.
pub fn harmless_in_html(json: &str) -> String {
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
    use crate::{Camera, Exposure, Gps};
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
            original_name: b"IMG 1.jpg".into(),
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
            original_name: b"a".into(),
            ..Sidecar::default()
        }
        .to_json();
        assert_eq!(
            json,
            r#"{"schema":"imgn/1","rev":0,"sha256":"00","size":1,"type":"image/png","original_name":"a"}"#
        );
    }

    #[test]
    fn a_name_that_is_no_text_is_kept_byte_for_byte_beside_what_can_be_read_of_it() {
        let sidecar = Sidecar {
            original_name: b"latin-\xe9.jpg".into(),
            ..Sidecar::default()
        };
        let json = sidecar.to_json();
        let both =
            r#""original_name":"latin-\ufffd.jpg","original_name_bytes":"6c6174696e2de92e6a7067""#;
        assert!(json.contains(both), "{json}");
        assert_eq!(Sidecar::parse(&json).unwrap(), sidecar);
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
            (
                "of a later imgn",
                r#"{"schema":"imgn/2","rating":{"stars":5}}"#,
                Meta::Later {
                    schema: "imgn/2".to_owned(),
                },
            ),
            ("another schema", r#"{"schema":"photos/2"}"#, Meta::NotYet),
            ("no version", r#"{"schema":"imgn/new"}"#, Meta::NotYet),
            (
                "ours, damaged",
                r#"{"schema":"imgn/1","rev":"x"}"#,
                Meta::NotYet,
            ),
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
