//! How a file that was written whole, under a name of our own, gets the one that it is to have.
//!
//! **Invariant:** nothing is replaced, and what stands under its name is whole and on the disk.

use crate::numbered::numbered;
use rustix::fd::AsFd;
use rustix::fs::{AtFlags, CWD, Mode, OFlags, RenameFlags};
use rustix::io::Errno;
use std::ffi::OsStr;
use std::fs::{File, FileTimes};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// More files of one name are not tried.
const MOST_TWINS: u32 = 10_000;

/// Gives the file its date and the first of `name`, `name (2)`, `name (3)`, … that is free in `folder`.
pub(crate) fn land(
    temporary: &Path,
    folder: &Path,
    name: &OsStr,
    mtime: Option<SystemTime>,
) -> io::Result<PathBuf> {
    settle(temporary, mtime)?;
    let opened = File::open(folder)?;
    for number in 1..MOST_TWINS {
        let name = numbered(name, number);
        match move_into(temporary, &opened, &name) {
            Ok(()) => {
                opened.sync_all()?;
                return Ok(folder.join(name));
            }
            Err(Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// The date of the original, on the disk with the bytes.
pub(crate) fn settle(temporary: &Path, mtime: Option<SystemTime>) -> io::Result<()> {
    let file = File::options().write(true).open(temporary)?;
    if let Some(mtime) = mtime {
        file.set_times(FileTimes::new().set_modified(mtime))?;
    }
    file.sync_all()
}

/// Moves without replacing, by the best means that the file system has.
pub(crate) fn move_into(from: &Path, folder: impl AsFd, name: &OsStr) -> Result<(), Errno> {
    match rustix::fs::renameat_with(CWD, from, &folder, name, RenameFlags::NOREPLACE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
        moved => return moved,
    }
    match rustix::fs::linkat(CWD, from, &folder, name, AtFlags::empty()) {
        Ok(()) => return rustix::fs::unlink(from),
        Err(Errno::PERM | Errno::NOTSUP | Errno::NOSYS | Errno::MLINK) => {}
        Err(error) => return Err(error),
    }
    // FAT and some shares have neither: an empty file takes the name, and is ours to replace.
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
    rustix::fs::openat(&folder, name, flags, Mode::from_raw_mode(0o666))?;
    rustix::fs::renameat(CWD, from, &folder, name).inspect_err(|_| {
        if let Err(error) = rustix::fs::unlinkat(&folder, name, AtFlags::empty()) {
            tracing::warn!(%error, "an empty file stays");
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_file_lands_beside_what_has_its_name_and_with_its_date() {
        let folder = tempfile::tempdir().unwrap();
        let date = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
        for (bytes, expected) in [("first", "a.jpg"), ("second", "a (2).jpg")] {
            let temporary = folder.path().join(".imgn-new");
            fs::write(&temporary, bytes).unwrap();
            let landed = land(&temporary, folder.path(), OsStr::new("a.jpg"), Some(date)).unwrap();
            assert_eq!(landed, folder.path().join(expected));
            assert_eq!(fs::read_to_string(&landed).unwrap(), bytes);
            assert_eq!(fs::metadata(&landed).unwrap().modified().unwrap(), date);
            assert!(!temporary.exists());
        }
    }
}
