//! Putting files into a folder so that they appear whole, durably, and never over another.

use super::disk::{self, Disk};
use super::moving::{Moved, Standing, move_into_place, standing};
use super::read_back;
use crate::meter::Feed;
use crate::{Error, Key, Marker, Put, Sha256, Timed, source};
use jiff::Timestamp;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};
use tempfile::TempPath;
use uuid::Uuid;

/// An original on this machine.
pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) size: u64,
    pub(super) sha256: Sha256,
    pub(super) mtime: Timestamp,
}

/// See [`Remote::put`](crate::Remote::put).
pub(super) fn put(disk: &Disk, key: &Key, source: &Source, feed: &Feed) -> Result<Put, Error> {
    if let Some(found) = compare(disk, key, source)? {
        return Ok(found);
    }
    if !disk.layout().makes(key) {
        return Ok(Put::KeyTaken);
    }
    let temporary = copy(disk, source, feed)?;
    if disk.hash_of(&temporary)? != source.sha256 {
        let error = io::Error::other("the disk gave back other bytes than were written to it");
        return Err(Error::Io {
            path: temporary.to_path_buf(),
            source: error,
        });
    }
    let target = make_room(disk, key)?;
    match move_into_place(&temporary, &target)
        .map_err(|error| misplaced(disk, key, &target, error))?
    {
        Moved::Yes => {
            sync_folders(disk, &target)?;
            Ok(Put::Stored(read_back()))
        }
        // Somebody else was quicker.
        Moved::Taken => compare(disk, key, source)?.ok_or_else(|| being_written(disk, key)),
    }
}

/// See [`Remote::put_derived`](crate::Remote::put_derived).
pub(super) fn put_derived(disk: &Disk, key: &Key, body: &[u8]) -> Result<(), Error> {
    disk.layout().takes_derived(&disk.place(), key, body)?;
    let temporary = written(disk, body)?;
    let target = make_room(disk, key)?;
    fs::rename(&temporary, &target).map_err(|error| misplaced(disk, key, &target, error))?;
    sync_folders(disk, &target)
}

/// Writes the marker where none is; one that another machine wrote meanwhile is left.
pub(super) fn begin(disk: &Disk, marker: &[u8]) -> Result<(), Error> {
    let temporary = written(disk, marker)?;
    let target = disk.root().join(Marker::KEY);
    move_into_place(&temporary, &target).map_err(|error| disk.unwritable(&target, error))?;
    sync_folders(disk, &target)
}

/// See [`Remote::time_probe`](crate::Remote::time_probe): written, read back and brought to the disk, as an
/// original is.
pub(super) fn time_probe(disk: &Disk, body: &[u8]) -> Result<Timed, Error> {
    let begun = Instant::now();
    let probe = written(disk, body)?;
    disk.hash_of(&probe)?;
    sync_folder(&disk.temporary_folder()).map_err(|error| disk.unwritable(&probe, error))?;
    let took = begun.elapsed();
    Ok(match probe.close() {
        Ok(()) => Timed::Removed(took),
        Err(error) => {
            tracing::warn!(%error, "a probe stays until it is swept");
            Timed::Stays(took)
        }
    })
}

/// What to say about a key under which something stands already.
fn compare(disk: &Disk, key: &Key, source: &Source) -> Result<Option<Put>, Error> {
    let path = disk.path(key)?;
    match standing(&path, &disk.temporary(Uuid::new_v4()))
        .map_err(|error| disk.unwritable(&path, error))?
    {
        Standing::Nothing => return Ok(None),
        Standing::Reserved if source.size > 0 => return Err(being_written(disk, key)),
        Standing::Reserved | Standing::Something => {}
    }
    if !disk.holds(key, source.size, &source.sha256)? {
        return Ok(Some(Put::KeyTaken));
    }
    // It may have been put there by a run that did not live to see it on the disk.
    File::open(&path)
        .and_then(|file| file.sync_all())
        .map_err(|error| disk.unwritable(&path, error))?;
    sync_folders(disk, &path)?;
    Ok(Some(Put::Adopted(read_back())))
}

fn being_written(disk: &Disk, key: &Key) -> Error {
    Error::Busy {
        endpoint: disk.place(),
        message: format!("{key} is being written by somebody else"),
        retry_after: None,
    }
}

/// Copies the source, making sure that it is what it was said to be.
fn copy(disk: &Disk, source: &Source, feed: &Feed) -> Result<TempPath, Error> {
    let unreadable = |error: io::Error| source::unreadable(&source.path, &error);
    let changed = || Error::SourceChanged {
        path: source.path.clone(),
    };

    let mut from = source::open(&source.path).map_err(unreadable)?;
    if from.metadata().map_err(unreadable)?.len() != source.size {
        return Err(changed());
    }
    let (mut to, temporary) = create(disk)?;

    let mut failed_to_write = None;
    let mut size = 0;
    let copied = disk::hash(&mut from, |chunk| {
        size += chunk.len() as u64;
        if size > source.size {
            // It is growing; what is beyond the said size need not be read.
            return Err(ErrorKind::FileTooLarge.into());
        }
        if let Err(error) = to.write_all(chunk) {
            failed_to_write = Some(error);
            return Err(ErrorKind::WriteZero.into());
        }
        feed.reached(size)
            .map_err(|_| ErrorKind::ConnectionAborted.into())
    });
    let sha256 = match (copied, failed_to_write) {
        (_, Some(error)) => return Err(disk.unwritable(&temporary, error)),
        (Err(_), None) if size > source.size => return Err(changed()),
        (Err(error), None) => return Err(unreadable(error)),
        (Ok(sha256), None) => sha256,
    };
    if size != source.size || sha256 != source.sha256 {
        return Err(changed());
    }
    // Some shares refuse it, and the sidecar has it, too: no reason not to back up a photo.
    let kept = SystemTime::try_from(source.mtime)
        .map_err(io::Error::other)
        .and_then(|mtime| to.set_modified(mtime));
    if let Err(error) = kept {
        tracing::warn!(path = %source.path.display(), %error, "the copy's time is not that of the original");
    }
    to.sync_all()
        .map_err(|error| disk.unwritable(&temporary, error))?;
    Ok(temporary)
}

fn written(disk: &Disk, body: &[u8]) -> Result<TempPath, Error> {
    let (mut file, temporary) = create(disk)?;
    file.write_all(body)
        .and_then(|()| file.sync_all())
        .map_err(|error| disk.unwritable(&temporary, error))?;
    Ok(temporary)
}

/// A new file that goes away by itself unless it is moved to its place. It has the rights that any
/// new file has here, not the narrow ones of a temporary one.
fn create(disk: &Disk) -> Result<(File, TempPath), Error> {
    let path = disk.temporary(Uuid::new_v4());
    let create = || {
        disk.make_temporary_folder()?;
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)?;
        Ok((file, TempPath::try_from_path(&path)?))
    };
    create().map_err(|error| disk.unwritable(&path, error))
}

/// Makes the folders above `key`, and says where it lies.
fn make_room(disk: &Disk, key: &Key) -> Result<PathBuf, Error> {
    let target = disk.path(key)?;
    let folder = target.parent().expect("a key lies below the root");
    fs::create_dir_all(folder).map_err(|error| misplaced(disk, key, folder, error))?;
    Ok(target)
}

fn misplaced(disk: &Disk, key: &Key, path: &Path, error: io::Error) -> Error {
    match error.kind() {
        ErrorKind::NotADirectory
        | ErrorKind::IsADirectory
        | ErrorKind::AlreadyExists
        | ErrorKind::InvalidFilename => Error::BadKey {
            place: disk.place(),
            key: key.to_string(),
        },
        _ => disk.unwritable(path, error),
    }
}

/// Brings the names of a new file and of new folders above it to the disk.
fn sync_folders(disk: &Disk, target: &Path) -> Result<(), Error> {
    for folder in target.ancestors().skip(1) {
        sync_folder(folder).map_err(|error| disk.unwritable(folder, error))?;
        if folder == disk.root() {
            break;
        }
    }
    Ok(())
}

#[cfg(unix)]
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        // Some network file systems have no such call for folders.
        Err(error) if error.kind() == ErrorKind::InvalidInput => Ok(()),
        result => result,
    }
}

/// Elsewhere a folder cannot be opened as a file.
#[cfg(not(unix))]
pub(super) fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}
