//! The whole library in one look, and what is heard of it while it runs.

use super::{
    CardProgress, CardView, DestinationView, FolderView, RebuildProgress, RestoreProgress,
    Settings, StuckDestination, Transfer,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The whole library in one look: what the status line says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Status {
    /// Photos on this machine.
    pub photos: u32,
    /// Backed up at every destination.
    pub safe: u32,
    /// Indexed, queued, uploading or verifying.
    pub going: u32,
    /// Waiting for something that mends itself.
    pub waiting: u32,
    /// Waiting for the person.
    pub needs_you: u32,
    /// Listed at a destination, not on this machine.
    pub online_only: u32,
    /// Files in the watched folders that are not backed up.
    pub videos: u32,
    pub other_files: u32,
    /// No destination can be reached.
    pub offline: bool,
    pub pause: Option<Pause>,
    /// Folders being read right now: what is new there is in no count yet.
    pub scanning: Vec<String>,
    pub bytes_per_second: f64,
    /// Of the photos that are backed up at every destination.
    #[ts(type = "number")]
    pub bytes_safe: u64,
    #[ts(type = "number")]
    pub bytes_left: u64,
    #[ts(type = "number | null")]
    pub seconds_left: Option<u64>,
    /// When a destination last confirmed something.
    #[ts(type = "number | null")]
    pub last_checked: Option<i64>,
    pub folders: Vec<FolderView>,
    pub destinations: Vec<DestinationView>,
    /// The rebuild and the restore that run, or ran last, since imgn was opened.
    pub rebuild: Option<RebuildProgress>,
    pub restore: Option<RestoreProgress>,
    /// Cards and cameras that the person has not decided about.
    pub cards: Vec<CardView>,
    /// The copying from a card that is under way, or ended last.
    pub card_copy: Option<CardProgress>,
    /// True until a folder and a destination were chosen.
    pub first_run: bool,
    /// What stood in the way when imgn last ran; none while it runs, and before it ever did.
    pub last_run: Option<LastRun>,
}

/// What stood in the way when imgn last ran, as it was at the end of its last sync, or when it was ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct LastRun {
    #[ts(type = "number")]
    pub at: i64,
    pub stuck_destinations: Vec<StuckDestination>,
    /// Folders below watched ones that could not be listed.
    pub unlisted: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Pause {
    /// None: until the person says so.
    #[ts(type = "number | null")]
    pub until: Option<i64>,
}

/// Something changed; the UI asks again for what it shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
pub enum Event {
    /// At most a few times a second.
    Status { status: Box<Status> },
    /// Photos came, went or changed in these months (`2019-06`, or none for undated).
    Photos { months: Vec<Option<String>> },
    /// Bytes moved, at most a few times a second.
    Transfers { now: Vec<Transfer> },
    /// Files are being copied into the managed folder.
    Copying { done: u32, total: u32 },
    /// Originals are being saved into a folder that the person chose.
    Saving { done: u32, total: u32 },
    /// What the person chose is different now.
    Settings { settings: Settings },
    /// A destination is being measured: questions asked, of all that are.
    Measuring { name: String, done: u32, total: u32 },
    /// Copies at a destination are being gone over.
    Verifying {
        #[ts(type = "number")]
        destination: i64,
        done: u32,
        total: u32,
    },
}
