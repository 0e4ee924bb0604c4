//! The name of an object in the library layout, and how it is chosen.

use crate::Sha256;
use jiff::{Timestamp, civil};
use serde::{Deserialize, Serialize};

/// The key of one object, relative to the remote's prefix: valid, `/`-separated, and never one that
/// belongs to another part of the layout.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Key(String);

/// `{year}/{month}/{filename}` and the like; see the design's Contract 1 for the fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyTemplate(String);

/// What a template may draw on.
#[derive(Debug, Clone)]
pub struct KeyParts<'a> {
    /// The file's name as bytes; need not be UTF-8.
    pub filename: &'a [u8],
    /// Folders between the watched folder and the file, `/`-separated, as bytes.
    pub path: &'a [u8],
    /// Local wall time as taken.
    pub taken_at: Option<civil::DateTime>,
    pub mtime: Option<Timestamp>,
    pub now: Timestamp,
    pub sha256: Sha256,
    /// Lower-case extension by content, e.g. `jpg`.
    pub extension: &'a str,
    pub camera: Option<&'a str>,
}

/// Why a template cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct KeyTemplateError(pub String);

impl KeyTemplate {
    /// The key of an original. `twin` 0 is the plain name; 1 adds `-<8 hex>` before the extension,
    /// 2 adds `-<16 hex>`: for a different image that has the same name.
    pub fn render(&self, parts: &KeyParts<'_>, twin: u8) -> Key { let _ = (parts, twin); unimplemented!() }
}

impl Key {
    pub fn as_str(&self) -> &str { &self.0 }
    /// The form in which two keys count as one: NFC-normalised and case-folded.
    pub fn folded(&self) -> String { unimplemented!() }
    /// `<key>.meta`
    pub fn sidecar(&self) -> Key { unimplemented!() }
    /// `.imgn/thumbs/<aa>/<sha256>.webp`
    pub fn thumbnail(sha256: &Sha256) -> Key { let _ = sha256; unimplemented!() }
}
