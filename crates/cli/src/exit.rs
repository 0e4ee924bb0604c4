//! Exit codes: a contract with scripts.

use library::view::{Cause, RestoreReport, SyncReport};
use std::process::ExitCode;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    Done = 0,
    Internal = 1,
    Usage = 2,
    /// Some photos could not be backed up.
    Unfinished = 3,
    /// A destination is unreachable or refuses.
    Destination = 4,
    LibraryInUse = 5,
    FolderOffline = 6,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

impl Exit {
    /// What a failed command ends with.
    pub(crate) fn of(cause: Cause) -> Self {
        match cause {
            Cause::Unreachable
            | Cause::Busy
            | Cause::Certificate
            | Cause::Unauthorized
            | Cause::NoCredentials
            | Cause::Forbidden
            | Cause::NoAccess
            | Cause::DestinationFault
            | Cause::NoBucket
            | Cause::WrongRegion
            | Cause::ClockSkew
            | Cause::Redirected
            | Cause::NotMounted
            | Cause::WrongLibrary
            | Cause::LibraryGone
            | Cause::DestinationFull
            | Cause::UnexpectedAnswer
            | Cause::NoDestination => Self::Destination,
            Cause::BadSettings
            | Cause::SettingsFile
            | Cause::BadKey
            | Cause::FolderInsideDestination
            | Cause::FolderInsideLibrary
            | Cause::FolderNotFound
            | Cause::FolderAlreadyWatched
            | Cause::FolderUnwritable
            | Cause::NotAPhoto
            | Cause::NotInLibrary
            | Cause::NoLinks
            | Cause::NoLibrary
            | Cause::Video
            | Cause::NotWatched
            | Cause::Excluded
            | Cause::Link
            | Cause::Duplicate
            | Cause::FileExists
            | Cause::Empty => Self::Usage,
            Cause::FileChanged
            | Cause::FileUnreadable
            | Cause::FolderUnreadable
            | Cause::FileGone
            | Cause::StillBeingWritten
            | Cause::SpecialFile
            | Cause::TooLarge
            | Cause::NotAccepted
            | Cause::Unconfirmed
            | Cause::CopyMissing
            | Cause::NotBackedUp
            | Cause::CopyDamaged
            | Cause::NotReadYet
            | Cause::OtherBytes
            | Cause::NoThumbnail
            | Cause::Paused
            | Cause::Stopped => Self::Unfinished,
            Cause::FolderOffline | Cause::DiskAway => Self::FolderOffline,
            Cause::LibraryInUse | Cause::AlreadyRunning => Self::LibraryInUse,
            Cause::DiskFull
            | Cause::DiskFault
            | Cause::LibraryDamaged
            | Cause::LibraryUnusable
            | Cause::Internal => Self::Internal,
        }
    }

    /// What a restore ends with: the widest of what went wrong.
    pub(crate) fn of_restore(report: &RestoreReport) -> Self {
        match report.stuck_destinations.first() {
            Some(stuck) => Self::of(stuck.reason.code),
            None if report.problems.is_empty() => Self::Done,
            None => Self::Unfinished,
        }
    }

    /// What a sync ends with: the widest of what went wrong.
    pub(crate) fn of_sync(report: &SyncReport) -> Self {
        if !report.stuck_destinations.is_empty() {
            Self::Destination
        } else if !report.offline_folders.is_empty()
            || report
                .unfinished
                .iter()
                .any(|file| matches!(file.reason.code, Cause::DiskAway | Cause::FolderOffline))
        {
            Self::FolderOffline
        } else if report
            .unfinished
            .iter()
            .any(|file| file.reason.code != Cause::SpecialFile)
        {
            Self::Unfinished
        } else {
            Self::Done
        }
    }
}
