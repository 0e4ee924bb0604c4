//! Copies one photo into the managed folder.
//!
//! **Invariant:** the source is only read. A copy appears under its name whole, or not at all.

use crate::clock;
use crate::hash;
use crate::landing::land;
use crate::scan;
use crate::when::when as place_in_time;
use media::Metadata;
use remote::Sha256;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Room that is left on the disk, bytes.
const SPARE: u64 = 64 << 20;

/// Where copies are made, under names of our own, in the managed folder.
const SCRATCH: &str = ".imgn/tmp";

const PREFIX: &str = "drop-";

/// Clears away copies that a stop left unfinished.
pub(crate) fn clear_unfinished(managed: &Path) {
    let Ok(entries) = fs::read_dir(managed.join(SCRATCH)) else {
        return;
    };
    for entry in entries.flatten() {
        if entry
            .file_name()
            .as_encoded_bytes()
            .starts_with(PREFIX.as_bytes())
            && let Err(error) = fs::remove_file(entry.path())
        {
            tracing::warn!(path = %entry.path().display(), %error, "cannot remove an unfinished copy");
        }
    }
}

/// Copies `from` into the managed folder; returns where it is now, and what it is.
pub(super) fn copy(
    managed: &Path,
    from: &Path,
    size: u64,
    metadata: &Metadata,
) -> io::Result<(PathBuf, Sha256)> {
    let scratch = managed.join(SCRATCH);
    fs::create_dir_all(&scratch)?;
    check_room(&scratch, size)?;
    let (seen, source) = scan::seen(from)?;
    let temporary = tempfile::Builder::new()
        .prefix(PREFIX)
        .tempfile_in(&scratch)?;
    // A reflink where the file system has them.
    fs::copy(from, temporary.path())?;
    let sha256 = match hash::file(from, seen)? {
        hash::Hashed::Done(sha256) => sha256,
        hash::Hashed::Changed => {
            return Err(io::Error::other("it changed while it was being copied"));
        }
    };
    if hash::reader(&mut File::open(temporary.path())?)? != sha256 {
        return Err(io::Error::other("the copy is not the same as the photo"));
    }
    let when = place_in_time(metadata, seen.mtime_ms(), clock::now());
    let folder = match when.month.split_once('-') {
        Some((year, month)) => managed.join(year).join(month),
        None => managed.join("undated"),
    };
    fs::create_dir_all(&folder)?;
    let to = land(
        temporary.path(),
        &folder,
        from.file_name().unwrap_or(OsStr::new("photo")),
        Some(source.modified()?),
    )?;
    // The temporary's name is gone with the rename: there is nothing left to remove.
    temporary
        .into_temp_path()
        .keep()
        .map_err(|error| error.error)?;
    for directory in to
        .ancestors()
        // The folder that it landed in is on the disk already.
        .skip(2)
        .take_while(|directory| directory.starts_with(managed))
    {
        File::open(directory)?.sync_all()?;
    }
    Ok((to, sha256))
}

fn check_room(folder: &Path, size: u64) -> io::Result<()> {
    let disk = rustix::fs::statvfs(folder)?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if free < size.saturating_add(SPARE) {
        return Err(io::Error::from(io::ErrorKind::StorageFull));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_filed_by_date_and_never_replaces() {
        let home = tempfile::tempdir().unwrap();
        let (managed, from) = (home.path().join("imgn"), home.path().join("IMG_1.jpg"));
        let metadata = Metadata {
            taken_at: Some("2019-06-01T12:30:00".parse().unwrap()),
            ..Metadata::default()
        };
        fs::write(&from, "first").unwrap();
        let (first, _) = copy(&managed, &from, 5, &metadata).unwrap();
        fs::write(&from, "other").unwrap();
        let (second, _) = copy(&managed, &from, 5, &metadata).unwrap();
        assert_eq!(first, managed.join("2019/06/IMG_1.jpg"));
        assert_eq!(second, managed.join("2019/06/IMG_1 (2).jpg"));
        assert_eq!(fs::read(&first).unwrap(), b"first");
        assert_eq!(fs::read(&second).unwrap(), b"other");
        assert_eq!(
            fs::metadata(&second).unwrap().modified().unwrap(),
            fs::metadata(&from).unwrap().modified().unwrap()
        );
        assert_eq!(fs::read_dir(managed.join(".imgn/tmp")).unwrap().count(), 0);
    }
}
