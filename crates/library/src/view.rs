//! What the gallery and its controls are shown: plain rows, the words of the boundary.
//!
//! One definition serves the window (TypeScript is generated from it into `ui/src/backend/types/`),
//! the command line (`--json`) and, later, the HTTP API. Codes are closed sets that a client may
//! switch on; texts under `detail` are for *Details* and logs only.
//!
//! Times are Unix milliseconds unless a name says otherwise; sizes are bytes.

use serde::{Deserialize, Serialize};
use std::fmt;
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

/// Why something waits, failed or was left out. The UI words each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Cause {
    // of a destination
    Unreachable,
    Busy,
    Certificate,
    Unauthorized,
    NoCredentials,
    Forbidden,
    NoBucket,
    WrongRegion,
    ClockSkew,
    Redirected,
    NotMounted,
    WrongLibrary,
    DestinationFull,
    BadKey,
    BadSettings,
    UnexpectedAnswer,
    // of a file
    FileChanged,
    FileUnreadable,
    FileGone,
    StillBeingWritten,
    NotAPhoto,
    Video,
    Empty,
    SpecialFile,
    /// More than one request can carry.
    TooLarge,
    NotInLibrary,
    // of a folder
    FolderOffline,
    FolderInsideDestination,
    FolderInsideLibrary,
    FolderNotFound,
    FolderAlreadyWatched,
    // of this machine
    DiskFull,
    LibraryInUse,
    LibraryDamaged,
    /// Its folder cannot be written to, or is none.
    LibraryUnusable,
    NoLibrary,
    Paused,
    NoDestination,
    Internal,
}

/// A cause and what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Reason {
    pub code: Cause,
    /// The technical text, without secrets.
    pub detail: String,
    /// When it is tried again by itself.
    #[ts(type = "number | null")]
    pub retry_at: Option<i64>,
}

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
    /// Folders being read right now.
    pub scanning: Vec<String>,
    pub bytes_per_second: f64,
    #[ts(type = "number")]
    pub bytes_left: u64,
    #[ts(type = "number | null")]
    pub seconds_left: Option<u64>,
    /// When a destination last confirmed something.
    #[ts(type = "number | null")]
    pub last_checked: Option<i64>,
    pub folders: Vec<FolderView>,
    pub destinations: Vec<DestinationView>,
    /// True until a folder and a destination were chosen.
    pub first_run: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Pause {
    /// None: until the person says so.
    #[ts(type = "number | null")]
    pub until: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum FolderState {
    Watching,
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

/// A destination's settings, without secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum DestinationConfig {
    Folder {
        path: String,
        #[serde(default)]
        key_template: Option<String>,
    },
    S3 {
        #[serde(default)]
        endpoint: Option<String>,
        bucket: String,
        #[serde(default)]
        prefix: String,
        #[serde(default)]
        region: Option<String>,
        #[serde(default)]
        path_style: Option<bool>,
        #[serde(default)]
        ca_file: Option<String>,
        #[serde(default)]
        profile: Option<String>,
        #[serde(default)]
        key_template: Option<String>,
    },
}

/// Keys typed by the person: kept in memory for this run only, never written anywhere.
#[derive(Clone, Deserialize, TS)]
#[ts(export)]
pub struct TypedKeys {
    pub access_key_id: String,
    pub secret_access_key: String,
}

impl fmt::Debug for TypedKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TypedKeys")
            .field("access_key_id", &self.access_key_id)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DestinationState {
    /// Not tried in this run yet.
    Unknown,
    Ready,
    /// No answer; tried again by itself.
    Offline,
    /// Stopped until the person changes something.
    NeedsYou,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct DestinationView {
    #[ts(type = "number")]
    pub id: i64,
    pub name: String,
    pub config: DestinationConfig,
    /// Where it is, in one line: `photos at minio.home`, `/media/disk`.
    pub place: String,
    pub state: DestinationState,
    pub reason: Option<Reason>,
    /// Backed up there.
    pub photos: u32,
    #[ts(type = "number")]
    pub bytes: u64,
    pub waiting: u32,
    #[ts(type = "number | null")]
    pub last_checked: Option<i64>,
}

/// What *Test connection* saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct TestReport {
    /// None: everything works.
    pub problem: Option<Reason>,
    /// The marker there is another machine's: this library will be shared with it.
    pub existing_library: bool,
    pub conditional_put: bool,
    pub repeats_sha256: bool,
    #[ts(type = "number")]
    pub clock_skew: i64,
    #[ts(type = "number")]
    pub milliseconds: u64,
}

/// One month of the timeline, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Section {
    /// `2019-06`; none: no date is known.
    pub month: Option<String>,
    pub count: u32,
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
    #[ts(type = "number")]
    pub size: u64,
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
    pub not_photos: u32,
    pub failed: Vec<FileProblem>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct FileProblem {
    pub path: String,
    pub reason: Reason,
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StuckDestination {
    pub name: String,
    pub reason: Reason,
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
}

/// What a command failed with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[error("{detail}")]
#[ts(export)]
pub struct CommandError {
    pub code: Cause,
    pub detail: String,
}
