//! Watched folders, and what dropping something does.

use super::{Cause, FileProblem, Reason};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum FolderState {
    Watching,
    /// Looked through, or some of its files are still to be read.
    Scanning,
    Offline,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct FolderView {
    #[ts(type = "number")]
    pub id: i64,
    pub path: String,
    /// The folder that drops are copied into.
    pub managed: bool,
    pub state: FolderState,
    pub photos: u32,
    #[ts(type = "number")]
    pub bytes: u64,
    pub videos: u32,
    pub other_files: u32,
    /// Folders below that are left out because imgn keeps its own things there.
    pub left_out: Vec<String>,
    /// Watched by looking every so often, because the system's watches ran out.
    pub polling: bool,
}

/// Which of the files that are not backed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum LeftOut {
    Videos,
    /// Neither photos nor videos, or empty.
    Others,
}

/// A file that is not backed up because of what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct LeftOutFile {
    pub path: String,
    #[ts(type = "number")]
    pub size: u64,
    pub code: Cause,
    /// Where the next page begins.
    #[ts(type = "number")]
    pub cursor: i64,
}

/// What looking into a folder found, while one chooses it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct FolderPreview {
    pub path: String,
    pub photos: u32,
    #[ts(type = "number")]
    pub bytes: u64,
    pub videos: u32,
    pub other_files: u32,
    /// Files that the person's patterns leave out, whatever they are.
    pub excluded: u32,
    /// The look was cut short after some seconds: there are at least this many.
    pub more: bool,
    /// Why it cannot be watched.
    pub refused: Option<Reason>,
}

/// What dropping these paths would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct DropPlan {
    /// Photos that would be copied into the managed folder.
    pub copy: u32,
    /// Photos that lie under a watched folder, or whose bytes are in the library.
    pub already_here: u32,
    /// Folders that can be watched instead of copied.
    pub folders: Vec<FolderPreview>,
    pub videos: u32,
    /// Neither photos nor videos.
    pub not_photos: u32,
    /// Where copies go, as a person would write it.
    pub managed_folder: String,
}

/// What to do with dropped folders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DropChoice {
    Watch,
    Copy,
}

/// How a drop ended; everything not named here is on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct DropReport {
    pub copied: u32,
    pub already_here: u32,
    pub watched: Vec<String>,
    pub videos: u32,
    /// Neither photos nor videos.
    pub not_photos: u32,
    /// Files of dropped folders that a pattern leaves out where they lie.
    pub excluded: u32,
    pub failed: Vec<FileProblem>,
}
