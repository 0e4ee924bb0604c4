//! The `imgn/1` sidecar: the metadata of one original as JSON beside it in the bucket.
//!
//! **Invariant:** the JSON is ASCII and holds none of `' < > &` or the backquote: old gallery
//! clients put it into HTML as it is.

use crate::Metadata;
use jiff::civil;

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

impl Sidecar {
    /// The schema that this code writes and reads.
    pub const SCHEMA: &str = "imgn/1";
}
