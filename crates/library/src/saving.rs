//! Saves originals into a folder that a person chose.
//!
//! **Invariant:** nothing that lies there is replaced, and a file appears under its name whole: from
//! a file here whose bytes are still the photo's, else from a destination. Where the SHA-256 is
//! known, other bytes are never saved.

use crate::blocking::blocking;
use crate::context::Context;
use crate::hash;
use crate::landing::land;
use crate::numbered::numbered;
use crate::path_bytes::from_bytes;
use crate::reason;
use crate::store::StoreError;
use crate::store::copies::Copy;
use crate::store::photos::PhotoId;
use crate::store::whereabouts::{self, Whereabouts};
use crate::view::{Cause, CommandError, Event, SaveFailure, SaveReport};
use remote::{Key, Sha256};
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};
use uuid::Uuid;

/// More files of one name are not looked at.
const MOST_TWINS: u32 = 10_000;
/// How often the window hears how far it is.
const TELL: Duration = Duration::from_millis(200);

/// How one photo ended.
enum Saved {
    Saved,
    AlreadyThere,
}

pub(crate) async fn save(
    context: &Context,
    ids: &[PhotoId],
    into: &Path,
) -> Result<SaveReport, CommandError> {
    let folder = into.to_owned();
    if !blocking(move || folder.is_dir()).await {
        let detail = format!("{} is not a folder", into.display());
        return Err(CommandError::new(Cause::FolderNotFound, detail));
    }
    let total = u32::try_from(ids.len()).unwrap_or(u32::MAX);
    let mut report = SaveReport::default();
    let mut told: Option<Instant> = None;
    for (done, id) in (0..).zip(ids.iter().copied()) {
        if told.is_none_or(|told| told.elapsed() >= TELL) {
            context.news.tell(Event::Saving { done, total });
            told = Some(Instant::now());
        }
        let found = context.store.read(move |db| whereabouts::of(db, id)).await;
        let photo = match found {
            Ok(Some(photo)) => photo,
            Ok(None) => continue,
            Err(error) => return Err(ended(context, total, error)),
        };
        let name = photo.photo.name.clone();
        match one(context, photo, into).await {
            Ok(Saved::Saved) => report.saved += 1,
            Ok(Saved::AlreadyThere) => report.already_there += 1,
            Err(error) if error.code == Cause::DiskFull => {
                context.news.tell(Event::Saving { done: total, total });
                return Err(error);
            }
            Err(error) => report.failed.push(SaveFailure {
                name,
                reason: error.reason(),
            }),
        }
    }
    context.news.tell(Event::Saving { done: total, total });
    Ok(report)
}

fn cannot_write(error: io::Error) -> CommandError {
    CommandError::of_disk(&error, Cause::FolderUnwritable)
}

fn ended(context: &Context, total: u32, error: StoreError) -> CommandError {
    context.news.tell(Event::Saving { done: total, total });
    error.into()
}

async fn one(context: &Context, found: Whereabouts, into: &Path) -> Result<Saved, CommandError> {
    let Whereabouts {
        photo,
        sources,
        copies,
    } = found;
    let landing = Landing {
        folder: into.to_owned(),
        name: file_name(&photo.original_name),
        size: photo.size,
        sha256: photo.sha256,
        mtime: photo.mtime.and_then(time),
    };
    let local = {
        let landing = landing.clone();
        blocking(move || {
            if landing.is_there()? {
                return Ok(Some(Saved::AlreadyThere));
            }
            for source in sources.iter().filter(|source| !source.away) {
                if landing.copy(&source.path)? {
                    return Ok(Some(Saved::Saved));
                }
            }
            Ok(None)
        })
    };
    if let Some(saved) = local.await.map_err(cannot_write)? {
        return Ok(saved);
    }
    fetched(context, copies, landing).await
}

/// From the first destination that gives the right bytes.
async fn fetched(
    context: &Context,
    copies: Vec<Copy>,
    landing: Landing,
) -> Result<Saved, CommandError> {
    let mut failed = CommandError::new(
        Cause::FileGone,
        "it is neither on this machine nor at a destination that answers",
    );
    for copy in copies {
        let Some(open) = context.registry.open(copy.destination) else {
            continue;
        };
        let Ok(key) = Key::parse(&copy.key) else {
            continue;
        };
        let temporary = landing.temporary();
        match open.remote.download(&key, &temporary).await {
            Ok(sha256) => {
                let landing = landing.clone();
                let taken = blocking(move || landing.take(&temporary, &sha256)).await;
                if taken.map_err(cannot_write)? {
                    return Ok(Saved::Saved);
                }
                let detail = format!("{} holds other bytes than the photo's", copy.key);
                failed = CommandError::new(Cause::FileChanged, detail);
            }
            Err(error) => {
                failed = CommandError::new(reason::of_remote(&error), error);
            }
        }
    }
    Err(failed)
}

/// Where a photo is to lie, and what it is.
#[derive(Clone)]
struct Landing {
    folder: PathBuf,
    name: OsString,
    size: u64,
    sha256: Option<Sha256>,
    mtime: Option<SystemTime>,
}

impl Landing {
    /// The very bytes lie there under the name or one of its numbered ones.
    fn is_there(&self) -> io::Result<bool> {
        let Some(sha256) = self.sha256 else {
            return Ok(false);
        };
        for number in 1..MOST_TWINS {
            let path = self.folder.join(numbered(&self.name, number));
            match fs::symlink_metadata(&path) {
                Ok(found) if found.is_file() && found.len() == self.size => {
                    if hash::reader(&mut hash::open(&path)?)? == sha256 {
                        return Ok(true);
                    }
                }
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }

    /// Copies a file that is still the photo; false: it cannot be read, or is not.
    fn copy(&self, from: &Path) -> io::Result<bool> {
        let Ok(source) = hash::open(from) else {
            return Ok(false);
        };
        let mut source = Reading {
            file: source,
            failed: false,
        };
        let temporary = self.temporary();
        let copied = File::create_new(&temporary)
            .and_then(|mut target| io::copy(&mut source, &mut target).map(|_| ()))
            .and_then(|()| hash::reader(&mut File::open(&temporary)?));
        match copied {
            Ok(sha256) => self.take(&temporary, &sha256),
            Err(error) => {
                remove(&temporary);
                if source.failed {
                    tracing::warn!(path = %from.display(), %error, "a photo cannot be read here");
                    return Ok(false);
                }
                Err(error)
            }
        }
    }

    /// Gives a whole file of our own its name, unless it is another picture: then it is removed.
    fn take(&self, temporary: &Path, sha256: &Sha256) -> io::Result<bool> {
        if self.sha256.is_some_and(|known| known != *sha256) {
            remove(temporary);
            return Ok(false);
        }
        let landed = land(temporary, &self.folder, &self.name, self.mtime);
        if landed.is_err() {
            remove(temporary);
        }
        landed.map(|_| true)
    }

    fn temporary(&self) -> PathBuf {
        self.folder.join(format!(".imgn-{}", Uuid::new_v4()))
    }
}

/// Tells what cannot be read from what cannot be written.
struct Reading {
    file: File,
    failed: bool,
}

impl Read for Reading {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer);
        self.failed |= read.is_err();
        read
    }
}

/// One of our own, under a name that nobody else has.
fn remove(temporary: &Path) {
    match fs::remove_file(temporary) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(path = %temporary.display(), %error, "cannot remove an unfinished copy");
        }
        _ => {}
    }
}

/// The last part of a name that may come from outside: never a path.
fn file_name(original: &[u8]) -> OsString {
    let safe: Vec<u8> = original.iter().copied().filter(|byte| *byte != 0).collect();
    let path = from_bytes(safe);
    path.file_name().unwrap_or(OsStr::new("photo")).to_owned()
}

fn time(milliseconds: i64) -> Option<SystemTime> {
    let since = Duration::from_millis(milliseconds.unsigned_abs());
    if milliseconds < 0 {
        SystemTime::UNIX_EPOCH.checked_sub(since)
    } else {
        SystemTime::UNIX_EPOCH.checked_add(since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256 as Hasher};

    fn landing(folder: &Path, bytes: &[u8]) -> Landing {
        Landing {
            folder: folder.to_owned(),
            name: "a.jpg".into(),
            size: bytes.len() as u64,
            sha256: Some(Hasher::digest(bytes).into()),
            mtime: time(1_559_392_200_000),
        }
    }

    #[test]
    fn a_copy_never_replaces_and_is_not_made_twice() {
        let home = tempfile::tempdir().unwrap();
        let (from, into) = (home.path().join("from"), home.path().join("into"));
        fs::create_dir(&into).unwrap();
        fs::write(&from, "photo").unwrap();
        fs::write(into.join("a.jpg"), "other").unwrap();
        let landing = landing(&into, b"photo");
        assert!(!landing.is_there().unwrap());
        assert!(landing.copy(&from).unwrap());
        assert!(landing.is_there().unwrap());
        assert_eq!(fs::read(into.join("a.jpg")).unwrap(), b"other");
        let copy = into.join("a (2).jpg");
        assert_eq!(fs::read(&copy).unwrap(), b"photo");
        let modified = fs::metadata(&copy).unwrap().modified().unwrap();
        assert_eq!(Some(modified), landing.mtime);
        assert_eq!(fs::read_dir(&into).unwrap().count(), 2);
    }

    #[test]
    fn a_file_that_is_another_picture_by_now_is_not_saved() {
        let home = tempfile::tempdir().unwrap();
        let (from, into) = (home.path().join("from"), home.path().join("into"));
        fs::create_dir(&into).unwrap();
        fs::write(&from, "edit!").unwrap();
        assert!(!landing(&into, b"photo").copy(&from).unwrap());
        assert_eq!(fs::read_dir(&into).unwrap().count(), 0);
    }

    #[test]
    fn a_name_from_outside_is_never_a_path() {
        let cases = [
            ("a.jpg", "a.jpg"),
            ("../../etc/a.jpg", "a.jpg"),
            ("/etc/passwd", "passwd"),
            ("..", "photo"),
            ("", "photo"),
            ("a\0b.jpg", "ab.jpg"),
        ];
        for (name, expected) in cases {
            assert_eq!(
                file_name(name.as_bytes()),
                OsString::from(expected),
                "{name:?}"
            );
        }
    }
}
