//! Reads one file: what it is, its SHA-256, its metadata.
//!
//! **Invariant:** only a file at rest is read, and what is told is of bytes that did not change while
//! they were read.

use crate::blocking::blocking;
use crate::clock;
use crate::context::{Context, SETTLED_AFTER};
use crate::hash::{self, Hashed};
use crate::path_bytes::to_bytes;
use crate::plan::Seen;
use crate::reason::of_disk;
use crate::scan;
use crate::store::files::{self, NewFile, Verdict};
use crate::store::photos::{self, Found, PhotoId, Thumb};
use crate::view::Cause;
use crate::when::when;
use media::worker::WorkerError;
use media::{Kind, MediaType, Metadata, Sidecar};
use remote::{Parts, Sha256};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// What came of one file.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It was read.
    Read(Reading),
    /// It is not at rest: to be looked at again then.
    Restless { seen: Seen, again_in: Duration },
    /// It is not there.
    Gone,
    /// Its row no longer says that it is to be read.
    Overtaken,
    /// It could not be read just now; tried again a few times.
    Fault { cause: Cause, message: String },
}

#[derive(Debug)]
pub(super) enum Reading {
    Verdict(Verdict),
    Photo(Box<Found>),
    /// Bytes that the library has already.
    Known(PhotoId),
}

/// One file, from a look at it to its metadata.
pub(super) async fn read_file(context: &Arc<Context>, file: &NewFile, now: i64) -> Outcome {
    let (shared, looked_at) = (Arc::clone(context), file.clone());
    // In one go: each step to another thread and back costs more than most of what is done here.
    match blocking(move || look(&shared, &looked_at, now)).await {
        Look::Told(outcome) => outcome,
        Look::Photo(new) => photo(context, file, new).await,
    }
}

fn restless_for(seen: Seen, milliseconds: i64) -> Outcome {
    Outcome::Restless {
        seen,
        again_in: Duration::from_millis(milliseconds.cast_unsigned()),
    }
}

/// What a look at a file said.
enum Look {
    /// All there is to say.
    Told(Outcome),
    Photo(New),
}

/// A photo whose bytes the library does not have yet.
struct New {
    kind: Kind,
    sha256: Sha256,
    /// Of the bytes that the file had before.
    previous: Option<Sha256>,
}

/// What the file is, its SHA-256, and whether the library knows that. Blocks.
fn look(context: &Context, file: &NewFile, now: i64) -> Look {
    let (seen, metadata) = match scan::seen(&file.path) {
        Ok(found) => found,
        Err(error) => return Look::Told(gone_or_unreadable(&error)),
    };
    if seen != file.seen {
        return Look::Told(restless_for(seen, SETTLED_AFTER));
    }
    if !metadata.is_file() {
        return Look::Told(told(not_regular(&file.path, &metadata)));
    }
    if let Some(wait) = restless(context, file, seen, now) {
        return Look::Told(restless_for(seen, wait));
    }
    if seen.size == 0 {
        return Look::Told(told(Verdict::Empty));
    }
    let kind = match Kind::of_file(&file.path) {
        Ok(kind @ (Kind::Photo(_) | Kind::Unreadable)) => kind,
        Ok(Kind::Video) => return Look::Told(told(Verdict::Video)),
        Ok(Kind::Empty) => return Look::Told(told(Verdict::Empty)),
        Ok(Kind::Other) => return Look::Told(told(Verdict::Other)),
        Err(error) => return Look::Told(gone_or_unreadable(&error)),
    };
    let sha256 = match hashed(context, &file.path, seen) {
        Ok(Hashed::Done(sha256)) => sha256,
        Ok(Hashed::Changed) => return Look::Told(restless_for(seen, SETTLED_AFTER)),
        Err(error) => return Look::Told(gone_or_unreadable(&error)),
    };
    let before = file.before;
    let known = context.store.read_now(|db| {
        let waits = files::is_new(db, file.id)?;
        let known = photos::by_sha256(db, &sha256)?;
        let previous = before.map(|id| photos::get(db, id)).transpose()?.flatten();
        Ok(waits.then_some((known, previous.and_then(|photo| photo.sha256))))
    });
    match known.transpose() {
        None => Look::Told(Outcome::Overtaken),
        Some(Ok((Some(id), _))) => Look::Told(Outcome::Read(Reading::Known(id))),
        Some(Ok((None, previous))) => Look::Photo(New {
            kind,
            sha256,
            previous,
        }),
        Some(Err(error)) => Look::Told(Outcome::Fault {
            cause: Cause::FileUnreadable,
            message: error.to_string(),
        }),
    }
}

/// Where a large file is to go up in parts, it is read once for their hashes too.
fn hashed(context: &Context, path: &Path, seen: Seen) -> io::Result<Hashed> {
    let part_size = Parts::usual_size(seen.size).filter(|_| context.registry.takes_parts());
    let Some(part_size) = part_size else {
        return hash::file(path, seen);
    };
    let (hashed, parts) = hash::file_in_parts(path, seen, part_size)?;
    if let (Hashed::Done(sha256), Some(parts)) = (&hashed, parts) {
        context.parts.keep(*sha256, parts);
    }
    Ok(hashed)
}

fn told(verdict: Verdict) -> Outcome {
    Outcome::Read(Reading::Verdict(verdict))
}

fn gone_or_unreadable(error: &io::Error) -> Outcome {
    match error.kind() {
        io::ErrorKind::NotFound => Outcome::Gone,
        _ => unreadable(error),
    }
}

async fn photo(context: &Context, file: &NewFile, new: New) -> Outcome {
    let New {
        kind,
        sha256,
        previous,
    } = new;
    let (metadata, error, thumb) = match context.workers.inspect(&file.path).await {
        Ok(inspection) => (Some(inspection.metadata), inspection.error, Thumb::Wanted),
        // The file hurts the decoder: backed up all the same, and not tried again until it changes.
        Err(
            error @ (WorkerError::Died { .. }
            | WorkerError::TimedOut { .. }
            | WorkerError::Thumbnail(_)),
        ) => (Some(Metadata::default()), error.of_picture(), Thumb::None),
        Err(WorkerError::Unreadable { message, .. }) => {
            return Outcome::Fault {
                cause: Cause::FileUnreadable,
                message,
            };
        }
        // A backup without metadata is better than none; it is read when a worker makes the thumbnail.
        Err(error @ WorkerError::Start(_)) => {
            tracing::error!(%error, "photos are backed up without metadata");
            (None, Some(error.to_string()), Thumb::Wanted)
        }
    };
    let path = file.path.clone();
    match blocking(move || scan::seen(&path)).await {
        Ok((seen, _)) if seen == file.seen => {}
        Ok((seen, _)) => return restless_for(seen, SETTLED_AFTER),
        Err(error) => return unreadable(&error),
    }
    let mtime = file.seen.mtime_ms();
    Outcome::Read(Reading::Photo(Box::new(Found {
        sha256,
        previous,
        original_name: to_bytes(Path::new(file.path.file_name().unwrap_or_default())).to_vec(),
        size: file.seen.size,
        media_type: kind.mime().to_owned(),
        extension: extension(kind, &file.path),
        mtime,
        when: when(&metadata.clone().unwrap_or_default(), mtime, clock::now()),
        thumb: if kind == Kind::Unreadable {
            Thumb::None
        } else {
            thumb
        },
        unreadable: match kind {
            Kind::Unreadable => Some(Sidecar::NO_PICTURE.to_owned()),
            _ => error,
        },
        metadata,
    })))
}

/// Whether the file may still be written to, and for how many milliseconds.
fn restless(context: &Context, file: &NewFile, seen: Seen, now: i64) -> Option<i64> {
    if context.hints.was_closed(&file.path) {
        return None;
    }
    // A clock ahead of ours (a camera's, a NAS's) must not hold the file up: then what counts is
    // how long it has been seen to rest. One seen in the future was seen before our clock was set back.
    let watched = if file.seen_at > now {
        SETTLED_AFTER
    } else {
        now - file.seen_at
    };
    let rested = (now - seen.mtime_ms()).max(watched);
    (rested < SETTLED_AFTER).then_some(SETTLED_AFTER - rested)
}

fn not_regular(path: &Path, metadata: &std::fs::Metadata) -> Verdict {
    if metadata.is_symlink() {
        return Verdict::Other;
    }
    match Kind::of(b"?", path.file_name().unwrap_or_default()) {
        Kind::Unreadable => Verdict::Problem {
            cause: Cause::SpecialFile,
            detail: format!("{} is a pipe, socket or device", path.display()),
        },
        _ => Verdict::Other,
    }
}

fn unreadable(error: &io::Error) -> Outcome {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::InvalidInput => {
            Outcome::Read(Reading::Verdict(Verdict::Problem {
                cause: Cause::FileUnreadable,
                detail: error.to_string(),
            }))
        }
        _ => Outcome::Fault {
            cause: of_disk(error, Cause::FileUnreadable),
            message: error.to_string(),
        },
    }
}

/// By content where that tells, else as the file is called: every maker of cameras has a RAW of its own.
fn extension(kind: Kind, path: &Path) -> String {
    let by_content = kind.media_type().map(MediaType::extension);
    let by_name = || Some(path.extension()?.to_string_lossy().to_lowercase());
    match kind {
        Kind::Photo(MediaType::Raw) => by_name().or(by_content.map(str::to_owned)),
        _ => by_content.map(str::to_owned).or_else(by_name),
    }
    .unwrap_or_else(|| "bin".to_owned())
}
