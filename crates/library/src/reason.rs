//! Causes as the person is told them, from what the stages failed with.

use crate::store::StoreError;
use crate::store::checks::Lost;
use crate::view::{Cause, CommandError, Reason};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use std::io;

/// The stable name of a cause, as rows and JSON have it.
pub(crate) fn code_name(cause: Cause) -> String {
    match serde_json::to_value(cause) {
        Ok(serde_json::Value::String(name)) => name,
        other => unreachable!("a cause serialises as its name, not {other:?}"),
    }
}

/// The cause with this name; none when a newer imgn wrote it.
pub(crate) fn parse_code(name: &str) -> Option<Cause> {
    let deserializer: serde::de::value::StrDeserializer<'_, serde::de::value::Error> =
        name.into_deserializer();
    Cause::deserialize(deserializer).ok()
}

impl Cause {
    /// Whether it passes without the person: they need not be called.
    pub fn mends_itself(self) -> bool {
        matches!(
            self,
            Self::Unreachable
                | Self::Busy
                | Self::FileChanged
                | Self::FileGone
                | Self::StillBeingWritten
                | Self::FolderOffline
                | Self::DiskAway
                | Self::NotMounted
                | Self::Paused
        )
    }
}

/// What a destination's error is called.
pub(crate) fn of_remote(error: &remote::Error) -> Cause {
    use remote::Error;
    match error {
        Error::Unreachable { .. } => Cause::Unreachable,
        Error::Busy { .. } => Cause::Busy,
        Error::Certificate { .. } => Cause::Certificate,
        Error::Unauthorized { .. } => Cause::Unauthorized,
        Error::NoCredentials { .. } => Cause::NoCredentials,
        Error::Forbidden { .. } => Cause::Forbidden,
        Error::NoAccess { .. } => Cause::NoAccess,
        Error::NoBucket { .. } => Cause::NoBucket,
        Error::WrongRegion { .. } => Cause::WrongRegion,
        Error::ClockSkew { .. } => Cause::ClockSkew,
        Error::Redirected { .. } => Cause::Redirected,
        Error::NotMounted { .. } => Cause::NotMounted,
        Error::NoLibrary { .. } => Cause::LibraryGone,
        Error::Unreadable { .. } => Cause::CopyDamaged,
        Error::WrongLibrary { .. } => Cause::WrongLibrary,
        Error::Full { .. } => Cause::DestinationFull,
        Error::BadKey { .. } => Cause::BadKey,
        Error::SourceChanged { .. } => Cause::FileChanged,
        Error::SourceUnreadable { .. } => Cause::FileUnreadable,
        Error::SourceFault { .. } => Cause::DiskFault,
        Error::Io { source, .. } if remote::is_disk_fault(source) => Cause::DestinationFault,
        Error::Settings(_) => Cause::BadSettings,
        Error::TooLarge { .. } => Cause::TooLarge,
        Error::NotAccepted { .. } => Cause::NotAccepted,
        Error::Unconfirmed { .. } => Cause::Unconfirmed,
        Error::Missing { .. } | Error::Io { .. } | Error::Unexpected { .. } => {
            Cause::UnexpectedAnswer
        }
        Error::Unrecorded { .. } => Cause::Internal,
    }
}

/// What a disk of this machine failed with; `otherwise` where it says no more.
pub(crate) fn of_disk(error: &io::Error, otherwise: Cause) -> Cause {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Cause::DiskFull,
        _ if remote::is_disk_fault(error) => Cause::DiskFault,
        _ => otherwise,
    }
}

/// What is asked of one that was removed meanwhile, or never was.
pub(crate) fn no_such_destination() -> CommandError {
    CommandError::new(Cause::BadSettings, "there is no such destination")
}

/// Whether a cause is one of a single photo rather than of its destination.
pub(crate) fn concerns_one_photo(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::FileChanged
            | Cause::FileUnreadable
            | Cause::FileGone
            | Cause::TooLarge
            | Cause::NotAccepted
            | Cause::Unconfirmed
            | Cause::BadKey
            | Cause::UnexpectedAnswer
            | Cause::CopyDamaged
            | Cause::DiskFault
            | Cause::DestinationFault
    )
}

impl From<Lost> for Cause {
    fn from(lost: Lost) -> Self {
        match lost {
            Lost::Missing => Self::CopyMissing,
            Lost::Damaged => Self::CopyDamaged,
        }
    }
}

impl Reason {
    pub(crate) fn new(code: Cause, detail: impl ToString) -> Self {
        Self {
            code,
            detail: detail.to_string(),
            retry_at: None,
        }
    }
}

impl CommandError {
    pub(crate) fn reason(&self) -> Reason {
        Reason::new(self.code, &self.detail)
    }

    pub fn new(code: Cause, detail: impl ToString) -> Self {
        Self {
            code,
            detail: detail.to_string(),
        }
    }

    /// What a disk of this machine failed with; `otherwise` where it says no more.
    pub(crate) fn of_disk(error: &io::Error, otherwise: Cause) -> Self {
        Self::new(of_disk(error, otherwise), error)
    }
}

impl From<Reason> for CommandError {
    fn from(reason: Reason) -> Self {
        Self {
            code: reason.code,
            detail: reason.detail,
        }
    }
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::Full { .. } => Cause::DiskFull,
            StoreError::Fault { .. } => Cause::DiskFault,
            StoreError::Locked { .. } => Cause::LibraryInUse,
            StoreError::Damaged { .. } | StoreError::OtherVersion { .. } => Cause::LibraryDamaged,
            StoreError::Sqlite { .. } | StoreError::Unsynced { .. } => Cause::Internal,
        };
        Self::new(code, error)
    }
}

impl From<remote::Error> for CommandError {
    fn from(error: remote::Error) -> Self {
        Self::new(of_remote(&error), error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_has_one_name_in_rows_and_json() {
        assert_eq!(code_name(Cause::FolderOffline), "folder_offline");
        assert_eq!(parse_code("folder_offline"), Some(Cause::FolderOffline));
        assert_eq!(parse_code("from_the_future"), None);
    }

    #[test]
    fn a_disk_that_fails_is_told_from_a_file_that_may_not_be_used() {
        let fails = || io::Error::from(rustix::io::Errno::IO);
        let denied = || io::Error::from(io::ErrorKind::PermissionDenied);
        assert_eq!(of_disk(&fails(), Cause::FileUnreadable), Cause::DiskFault);
        assert_eq!(
            of_disk(&denied(), Cause::FileUnreadable),
            Cause::FileUnreadable
        );
        let there = |source| remote::Error::Io {
            path: "/nas/a.jpg".into(),
            source,
        };
        assert_eq!(of_remote(&there(fails())), Cause::DestinationFault);
        assert_eq!(of_remote(&there(denied())), Cause::UnexpectedAnswer);
    }
}
