//! What a setting would do, shown while a person writes it; and where things are kept.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What patterns would take in and leave out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum PatternPreview {
    Seen(PatternCounts),
    /// This pattern makes no sense.
    Wrong {
        pattern: String,
        detail: String,
    },
    /// A newer one was asked for meanwhile.
    Superseded,
}

/// Files with the name of a photo: their bytes are not looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PatternCounts {
    pub kept: u32,
    pub left_out: u32,
    pub kept_examples: Vec<String>,
    pub left_out_examples: Vec<LeftOutExample>,
    /// Folders that are not there: what is known of them is counted.
    pub offline: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct LeftOutExample {
    /// Below its watched folder.
    pub path: String,
    /// None: it has none of those that are taken in.
    pub pattern: Option<String>,
}

/// The keys that a template makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum KeyPreview {
    Made {
        examples: Vec<KeyExample>,
        /// The library has no photo yet: these are invented.
        invented: bool,
    },
    /// The template makes no sense.
    Wrong { detail: String },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct KeyExample {
    /// Below its watched folder.
    pub file: String,
    pub key: String,
}

/// Something that imgn keeps on this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PlaceKind {
    /// The list of photos, where they are and what proves it.
    Library,
    Settings,
    /// Where dropped photos are copied.
    Originals,
    Thumbnails,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Place {
    pub kind: PlaceKind,
    pub path: String,
    /// What it takes; none: it is not counted.
    #[ts(type = "number | null")]
    pub bytes: Option<u64>,
}
