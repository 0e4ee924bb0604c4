//! Long tasks that a person begins: a library known again from a destination, and photos brought back.

use super::{FileProblem, Reason, StuckDestination};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where such a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Stage {
    /// The destination is being asked what it has.
    Listing,
    Running,
    Done,
    /// The person stopped it.
    Stopped,
    Failed,
}

/// What a place holds, counted before anything is done with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Survey {
    /// An imgn library is there, by its marker.
    pub library: bool,
    pub photos: u32,
    #[ts(type = "number")]
    pub bytes: u64,
    /// There are more: counting took too long.
    pub more: bool,
}

/// A rebuild: metadata and thumbnails of what a destination has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RebuildProgress {
    #[ts(type = "number")]
    pub destination: i64,
    pub destination_name: String,
    pub stage: Stage,
    /// Photos that were asked for, of those that were to be.
    pub done: u32,
    pub total: u32,
    /// Photos of which only the name is known.
    pub by_name: u32,
    /// Why it failed.
    pub reason: Option<Reason>,
}

/// How a rebuild ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RebuildReport {
    pub destination: String,
    /// Photos that are there.
    pub photos: u32,
    /// Of those asked for now: what a sidecar told of, and what is known by its name only.
    pub known: u32,
    pub by_name: u32,
    /// Thumbnails fetched.
    pub thumbnails: u32,
}

/// Photos on their way back into a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RestoreProgress {
    pub folder: String,
    pub destination_name: String,
    pub stage: Stage,
    pub done: u32,
    pub total: u32,
    #[ts(type = "number")]
    pub bytes_done: u64,
    #[ts(type = "number")]
    pub bytes: u64,
    pub restored: u32,
    pub already_there: u32,
    /// What could not be restored as it should be; the first hundred.
    pub problems: Vec<FileProblem>,
    pub problem_count: u32,
    /// Why it failed as a whole.
    pub reason: Option<Reason>,
}

impl RestoreProgress {
    /// One that begins.
    pub(crate) fn new(folder: String, destination_name: String) -> Self {
        Self {
            folder,
            destination_name,
            stage: Stage::Listing,
            done: 0,
            total: 0,
            bytes_done: 0,
            bytes: 0,
            restored: 0,
            already_there: 0,
            problems: Vec::new(),
            problem_count: 0,
            reason: None,
        }
    }
}

/// How a restore ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreReport {
    pub folder: String,
    /// Photos that the destinations have.
    pub photos: u32,
    /// Written now, with their bytes.
    pub restored: u32,
    pub bytes: u64,
    /// There before, with the same bytes.
    pub already_there: u32,
    /// By key or by the name that was given, each with its reason.
    pub problems: Vec<FileProblem>,
    pub stuck_destinations: Vec<StuckDestination>,
}
