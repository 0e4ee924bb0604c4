//! Photos: where each stands, as a tile of the timeline, and everything about one.

use super::Reason;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where a photo stands on its way to safety, worst destination first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PhotoState {
    Indexed,
    Queued,
    Uploading,
    Verifying,
    BackedUp,
    Waiting,
    Failed,
    OnlineOnly,
}

/// One month of the timeline, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Section {
    /// `2019-06`; none: no date is known.
    pub month: Option<String>,
    pub count: u32,
}

/// Where a photo stands in the timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct TimelinePlace {
    /// Of the photo, as in its tile.
    #[ts(type = "number")]
    pub id: i64,
    /// `2019-06`; none: no date is known.
    pub month: Option<String>,
    /// Counted from the newest of its month.
    pub index: u32,
}

/// One photo in the grid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Tile {
    /// Opaque; `thumb://localhost/<id>?v=<thumb>` is its thumbnail.
    #[ts(type = "number")]
    pub id: i64,
    pub name: String,
    /// As displayed; 0 while unknown.
    pub width: u32,
    pub height: u32,
    /// Base64.
    pub thumbhash: Option<String>,
    /// Changes when the thumbnail does; none: there is none (yet).
    pub thumb: Option<String>,
    pub thumb_state: ThumbState,
    pub state: PhotoState,
    pub favourite: bool,
    /// Local wall time, ISO 8601 without offset.
    pub taken_at: Option<String>,
    /// Where the next page of the month begins.
    pub cursor: String,
}

/// Whether there is a thumbnail to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ThumbState {
    Made,
    /// From the file here, or from a destination once it answers.
    Coming,
    /// The photo gives none, and no destination has one.
    None,
}

/// Everything about one photo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PhotoDetail {
    #[ts(type = "number")]
    pub id: i64,
    pub name: String,
    /// Hex; none for an online-only photo that was not read yet.
    pub sha256: Option<String>,
    /// None: it is only listed, by a place that does not say.
    #[ts(type = "number | null")]
    pub size: Option<u64>,
    pub media_type: String,
    pub width: u32,
    pub height: u32,
    pub thumb: Option<String>,
    pub thumbhash: Option<String>,
    /// The picture itself can be shown at full size on this machine.
    pub original_shown: bool,
    pub taken_at: Option<String>,
    /// Seconds east of UTC.
    pub utc_offset: Option<i32>,
    pub camera_make: Option<String>,
    pub camera_model: Option<String>,
    pub lens: Option<String>,
    pub f_number: Option<f64>,
    pub exposure_time: Option<f64>,
    pub iso: Option<u32>,
    pub focal_length: Option<f64>,
    pub focal_length_35mm: Option<f64>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub altitude: Option<f64>,
    pub title: Option<String>,
    pub description: Option<String>,
    pub artist: Option<String>,
    pub copyright: Option<String>,
    pub rating: Option<u8>,
    pub favourite: bool,
    pub keywords: Vec<String>,
    /// Where it lies on this machine.
    pub files: Vec<String>,
    pub state: PhotoState,
    /// Why there is no thumbnail or metadata, when there is none.
    pub unreadable: Option<String>,
    pub copies: Vec<CopyView>,
}

/// One photo at one destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CopyView {
    #[ts(type = "number")]
    pub destination: i64,
    pub destination_name: String,
    pub key: Option<String>,
    pub state: PhotoState,
    pub reason: Option<Reason>,
    pub proof: Option<ProofView>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ProofKind {
    FullSha256,
    PartsSha256,
    SizeOnly,
}

/// What the store confirmed: never more than is true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ProofView {
    pub kind: ProofKind,
    /// With `parts_sha256`.
    pub parts: Option<u32>,
    pub etag: Option<String>,
    pub version: Option<String>,
    #[ts(type = "number")]
    pub confirmed_at: i64,
}
