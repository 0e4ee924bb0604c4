//! What happens now, what needs the person, what is done, and how a sync ended.

use super::{FileProblem, Reason};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What happens now, what needs the person, what is done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Activity {
    pub now: Vec<Transfer>,
    /// In the queue behind those.
    pub queued: u32,
    /// Grouped by cause, those that need the person first.
    pub problems: Vec<Problem>,
    pub done_today: Vec<Done>,
    pub done_today_count: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Transfer {
    #[ts(type = "number")]
    pub photo: i64,
    pub name: String,
    pub thumb: Option<String>,
    #[ts(type = "number")]
    pub destination: i64,
    pub destination_name: String,
    #[ts(type = "number")]
    pub sent: u64,
    #[ts(type = "number")]
    pub size: u64,
    pub bytes_per_second: f64,
}

/// Photos (or files) that share one cause at one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Problem {
    pub reason: Reason,
    /// Mends itself: waits; else it needs the person.
    pub mends_itself: bool,
    #[ts(type = "number | null")]
    pub destination: Option<i64>,
    pub destination_name: Option<String>,
    pub folder: Option<String>,
    pub count: u32,
    /// Up to five names.
    pub examples: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Done {
    #[ts(type = "number")]
    pub photo: i64,
    pub name: String,
    pub thumb: Option<String>,
    pub destination_name: String,
    #[ts(type = "number")]
    pub at: i64,
}

/// How one sync ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncReport {
    /// Photos in the watched folders.
    pub photos: u32,
    /// Of these, confirmed at every destination.
    pub backed_up: u32,
    /// Copies confirmed during this sync.
    pub confirmed_now: u32,
    pub videos: u32,
    pub other_files: u32,
    /// Files that are not backed up, each with its reason.
    pub unfinished: Vec<FileProblem>,
    pub stuck_destinations: Vec<StuckDestination>,
    pub offline_folders: Vec<String>,
}

/// A destination that could not be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct StuckDestination {
    pub name: String,
    pub reason: Reason,
}
