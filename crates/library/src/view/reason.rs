//! Why something waits, failed or was left out.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
    /// A folder in which this computer may not write or read.
    NoAccess,
    NoBucket,
    WrongRegion,
    ClockSkew,
    Redirected,
    NotMounted,
    WrongLibrary,
    /// It answers, and what it was is gone: emptied, or made anew.
    LibraryGone,
    DestinationFull,
    BadKey,
    BadSettings,
    UnexpectedAnswer,
    /// A folder's disk reports an error of its own.
    DestinationFault,
    /// A photo that was there is there no more.
    CopyMissing,
    /// What is there is not what was put there.
    CopyDamaged,
    /// A photo is not safe there (yet), so there is nothing to lead to.
    NotBackedUp,
    /// What lies there has no address.
    NoLinks,
    /// It does not take a file like this one.
    NotAccepted,
    /// It said that it has it, and cannot be asked for it.
    Unconfirmed,
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
    /// It lies under no watched folder.
    NotWatched,
    /// A pattern of the person's leaves it out of its watched folder.
    Excluded,
    /// A link to another file or folder: it is not followed.
    Link,
    /// Another file has the same bytes, which go up once.
    Duplicate,
    /// It was seen, or is about to be, and not read yet.
    NotReadYet,
    /// What came back is not what is recorded of it.
    OtherBytes,
    /// The picture is damaged, or of a kind that is not decoded.
    NoThumbnail,
    /// What was to be written would have replaced it.
    FileExists,
    // of a folder
    FolderOffline,
    /// What is in it cannot be listed.
    FolderUnreadable,
    /// It lies on a disk that is not in its place; another one may be.
    DiskAway,
    FolderInsideDestination,
    FolderInsideLibrary,
    FolderNotFound,
    FolderAlreadyWatched,
    /// Nothing can be written into it.
    FolderUnwritable,
    // of this machine
    /// The file of settings is not understood; what held before holds.
    SettingsFile,
    DiskFull,
    /// A disk of this machine reports an error of its own.
    DiskFault,
    LibraryInUse,
    LibraryDamaged,
    /// Its folder cannot be written to, or is none.
    LibraryUnusable,
    NoLibrary,
    Paused,
    /// What is to begin is under way.
    AlreadyRunning,
    /// A person ended it before its end.
    Stopped,
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

/// What a command failed with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[error("{detail}")]
#[ts(export)]
pub struct CommandError {
    pub code: Cause,
    pub detail: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct FileProblem {
    pub path: String,
    pub reason: Reason,
}
