//! What a file is, decided by its content.
//!
//! A *photo* is any still image format of the design's list, decodable by us or not; a file with a
//! known photo extension whose bytes say nothing is *unreadable* and is backed up all the same.

use serde::{Deserialize, Serialize};

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A still image of a known format.
    Photo(MediaType),
    /// A photo extension and non-empty bytes that no known format begins with.
    Unreadable,
    /// A moving picture: not backed up yet, counted.
    Video,
    /// No bytes at all: counted, never sent.
    Empty,
    /// Anything else: counted, never sent.
    Other,
}

/// The still image formats that count as photos.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaType {
    Jpeg,
    Png,
    Gif,
    Webp,
    Tiff,
    Bmp,
    Ico,
    Heic,
    Avif,
    JpegXl,
    Jpeg2000,
    /// Any camera RAW: DNG, CR2, CR3, NEF, ARW, PEF, RAF, ORF, RW2, …
    Raw,
}
