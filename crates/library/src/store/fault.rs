//! What the database could not do, and whose fault it is: the disk's, the file's or ours.

use rusqlite::ErrorCode;
use std::path::{Path, PathBuf};

/// What the database could not do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("the disk that holds {path} is full", path = path.display())]
    Full { path: PathBuf },
    #[error("the disk that holds {path} fails: {source}", path = path.display())]
    Fault {
        path: PathBuf,
        source: rusqlite::Error,
    },
    #[error("{path} is damaged: {source}", path = path.display())]
    Damaged {
        path: PathBuf,
        source: rusqlite::Error,
    },
    #[error("{path} is locked by another program", path = path.display())]
    Locked { path: PathBuf },
    #[error("{path} is of another imgn (version {found}, this one writes {known})", path = path.display())]
    OtherVersion {
        path: PathBuf,
        found: u32,
        known: u32,
    },
    #[error("cannot bring {path} to the disk: {source}", path = path.display())]
    Unsynced {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("cannot use {path}: {source}", path = path.display())]
    Sqlite {
        path: PathBuf,
        source: rusqlite::Error,
    },
}

/// What is in the log is not on the disk for sure.
pub(super) fn unsynced(path: &Path, source: std::io::Error) -> StoreError {
    let path = path.to_owned();
    match source.kind() {
        std::io::ErrorKind::StorageFull => StoreError::Full { path },
        _ => StoreError::Unsynced { path, source },
    }
}

pub(super) fn classify(path: &Path, source: rusqlite::Error) -> StoreError {
    let path = path.to_owned();
    match source.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full { path },
        Some(ErrorCode::SystemIoFailure) => StoreError::Fault { path, source },
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            StoreError::Damaged { path, source }
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Locked { path },
        _ => StoreError::Sqlite { path, source },
    }
}
