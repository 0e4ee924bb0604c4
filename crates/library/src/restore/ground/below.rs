//! What is opened below an open folder, by one name at a time. **Invariant:** no link is followed.

use super::MOST_TWINS;
use crate::hash;
use crate::numbered::numbered;
use crate::restore::place::portable;
use remote::Sha256;
use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::{AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;
use std::ffi::OsStr;
use std::fs::File;
use std::io;

/// What becomes of a folder that is not there.
#[derive(Debug, Clone, Copy)]
pub(super) enum Missing {
    IsMade,
    IsSaid,
}

pub(super) const FOLDER: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);

/// A folder of imgn's own: a link or a file under its name is not used.
pub(super) fn own(parent: impl AsFd, name: &OsStr) -> io::Result<OwnedFd> {
    match rustix::fs::mkdirat(&parent, name, Mode::from_raw_mode(0o777)) {
        Ok(()) | Err(Errno::EXIST) => {}
        Err(error) => return Err(error.into()),
    }
    rustix::fs::openat(&parent, name, FOLDER, Mode::empty()).map_err(|error| match error {
        Errno::NOTDIR | Errno::LOOP => io::Error::other(format!(
            "{} is no folder there, but a file or a link",
            name.display()
        )),
        error => error.into(),
    })
}

/// The folder of this name. Where a file or a link has it, the folder is a numbered one; where the disk cannot hold
/// it, one of a name that every disk can.
pub(super) fn enter(
    parent: &OwnedFd,
    name: &OsStr,
    missing: Missing,
) -> io::Result<Option<OwnedFd>> {
    let mut plain = name.to_owned();
    let mut number = 1;
    while number < MOST_TWINS {
        let name = numbered(&plain, number);
        match rustix::fs::openat(parent, &name, FOLDER, Mode::empty()) {
            Ok(folder) => return Ok(Some(folder)),
            Err(Errno::NOTDIR | Errno::LOOP) => number += 1,
            Err(Errno::NOENT) => match missing {
                Missing::IsSaid => return Ok(None),
                Missing::IsMade => {
                    match rustix::fs::mkdirat(parent, &name, Mode::from_raw_mode(0o777)) {
                        Ok(()) => rustix::fs::fsync(parent)?,
                        // Another photo of this folder was quicker, or a link leads nowhere.
                        Err(Errno::EXIST) => {
                            let there =
                                rustix::fs::statat(parent, &name, AtFlags::SYMLINK_NOFOLLOW)?;
                            if FileType::from_raw_mode(there.st_mode) != FileType::Directory {
                                number += 1;
                            }
                        }
                        Err(error) if refuses_name(error) && portable(&plain) != plain => {
                            plain = portable(&plain);
                            number = 1;
                        }
                        Err(error) => return Err(error.into()),
                    }
                }
            },
            Err(error) if refuses_name(error) && portable(&plain) != plain => {
                plain = portable(&plain);
                number = 1;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// A name that this file system cannot hold.
pub(super) fn refuses_name(error: Errno) -> bool {
    matches!(
        error,
        Errno::INVAL | Errno::ILSEQ | Errno::NAMETOOLONG | Errno::NOENT
    )
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    /// A folder, a link, something special, or a file of another size.
    Other,
    /// A file of the size that was asked for.
    AsLong(Sha256),
}

/// What has this name, and whether it is a file of `size` bytes.
pub(super) fn found(folder: &OwnedFd, name: &OsStr, size: u64) -> io::Result<Found> {
    let stat = match rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) => stat,
        Err(error) if refuses_name(error) => return Ok(Found::Nothing),
        Err(error) => return Err(error.into()),
    };
    let is_file = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
    if !is_file || u64::try_from(stat.st_size) != Ok(size) {
        return Ok(Found::Other);
    }
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let mut file = match rustix::fs::openat(folder, name, flags, Mode::empty()) {
        Ok(file) => File::from(file),
        // What cannot be read is somebody's, and not what was asked for.
        Err(Errno::ACCESS | Errno::PERM | Errno::LOOP) => return Ok(Found::Other),
        Err(error) => return Err(error.into()),
    };
    Ok(Found::AsLong(hash::reader(&mut file)?))
}
