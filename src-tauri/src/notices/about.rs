//! What a problem is about, for the title of a notification.

use crate::words::Text;
use library::view::{Cause, Problem};

/// The matter in a few words; the window has the whole sentence.
pub(super) fn title(problem: &Problem) -> Text {
    let place = problem
        .destination_name
        .clone()
        .or_else(|| problem.folder.clone());
    match (kind_of(problem.reason.code), place) {
        (About::Access, Some(place)) => Text::NotLetIn { place },
        (About::Room, Some(place)) => Text::PlaceFull { place },
        (About::Place, Some(place)) => Text::PlaceUnusable { place },
        (About::Disk, _) | (About::Room, None) => Text::DiskFull,
        (About::FailingDisk, _) => Text::DiskFails,
        (About::Files, _) => Text::FilesLeftOut {
            files: problem.count,
        },
        (About::Library, _) | (About::Access | About::Place, None) => Text::LibraryNeedsYou,
    }
}

enum About {
    Access,
    Room,
    Place,
    Files,
    Disk,
    FailingDisk,
    Library,
}

fn kind_of(cause: Cause) -> About {
    match cause {
        Cause::Unauthorized | Cause::NoCredentials | Cause::Forbidden => About::Access,
        Cause::DestinationFull => About::Room,
        Cause::Unreachable
        | Cause::Busy
        | Cause::Certificate
        | Cause::NoBucket
        | Cause::WrongRegion
        | Cause::ClockSkew
        | Cause::Redirected
        | Cause::NotMounted
        | Cause::WrongLibrary
        | Cause::LibraryGone
        | Cause::BadSettings
        | Cause::UnexpectedAnswer
        | Cause::FolderOffline
        | Cause::DiskAway
        | Cause::FolderInsideDestination
        | Cause::FolderInsideLibrary
        | Cause::FolderNotFound
        | Cause::FolderAlreadyWatched
        | Cause::FolderUnwritable
        | Cause::NoAccess
        | Cause::DestinationFault
        | Cause::NoLinks => About::Place,
        Cause::BadKey
        | Cause::CopyMissing
        | Cause::CopyDamaged
        | Cause::FileChanged
        | Cause::FileUnreadable
        | Cause::FolderUnreadable
        | Cause::FileGone
        | Cause::StillBeingWritten
        | Cause::NotAPhoto
        | Cause::Video
        | Cause::Empty
        | Cause::SpecialFile
        | Cause::TooLarge
        | Cause::NotAccepted
        | Cause::Unconfirmed
        | Cause::NotBackedUp
        | Cause::NotInLibrary
        | Cause::NotWatched
        | Cause::Excluded
        | Cause::Link
        | Cause::Duplicate
        | Cause::NotReadYet
        | Cause::OtherBytes
        | Cause::NoThumbnail
        | Cause::FileExists => About::Files,
        Cause::DiskFull => About::Disk,
        Cause::DiskFault => About::FailingDisk,
        Cause::SettingsFile
        | Cause::LibraryInUse
        | Cause::LibraryDamaged
        | Cause::LibraryUnusable
        | Cause::NoLibrary
        | Cause::Paused
        | Cause::AlreadyRunning
        | Cause::Stopped
        | Cause::NoDestination
        | Cause::Internal => About::Library,
    }
}
