//! Reads new and changed files: what each is, its SHA-256, its metadata. Rows of kind 'new' in,
//! photos and their jobs out.
//!
//! **Invariant:** only a file at rest is read, and what is recorded is of bytes that did not change
//! while they were read.

use crate::clock;
use crate::context::{Context, REST_AFTER_FAULT, SETTLED_AFTER};
use crate::hash::{self, Hashed};
use crate::path_bytes::to_bytes;
use crate::plan::Seen;
use crate::scan;
use crate::store::files::{self, FileId, NewFile, Verdict};
use crate::store::photos::{self, Found, PhotoId, Thumb};
use crate::store::{StoreError, jobs};
use crate::view::Cause;
use crate::when::when;
use media::worker::{Inspection, WorkerError};
use media::{Kind, Metadata};
use remote::Sha256;
use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::time::Duration;
use tokio::task::JoinSet;

/// Files read at once: hashing is bound by the disk, metadata by the workers.
const AT_ONCE: usize = 4;
/// Rows fetched at a time.
const BATCH: usize = 64;

/// What came of one file.
#[derive(Debug)]
enum Outcome {
    /// It was read.
    Read(Reading),
    /// It is not at rest: to be looked at again then.
    Restless { seen: Seen, again_in: Duration },
    /// It is not there.
    Gone,
    /// It could not be read for a reason that lies here, not in it.
    Fault { message: String },
}

#[derive(Debug)]
enum Reading {
    Verdict(Verdict),
    Photo(Box<Found>),
    /// Bytes that the library has already.
    Known(PhotoId),
}

/// Runs until the engine stops.
pub(crate) async fn run(context: &std::sync::Arc<Context>) {
    let mut indexer = Indexer {
        running: JoinSet::new(),
        in_flight: HashMap::new(),
        later: HashMap::new(),
    };
    loop {
        if let Err(error) = indexer.top_up(context).await {
            if !context.rest_after(error).await {
                return;
            }
            continue;
        }
        let pause = indexer.pause();
        tokio::select! {
            () = context.stop.cancelled() => return,
            Some(ended) = indexer.running.join_next() => {
                let outcomes = indexer.collect(ended);
                if let Err(error) = record(context, outcomes, &mut indexer.later).await
                    && !context.rest_after(error).await
                {
                    return;
                }
            }
            () = context.bells.index.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

struct Indexer {
    running: JoinSet<(NewFile, Outcome)>,
    in_flight: HashMap<FileId, tokio::task::Id>,
    /// Files not at rest, and when to look again; milliseconds.
    later: HashMap<FileId, i64>,
}

impl Indexer {
    /// Starts on files that are due, up to the number read at once.
    async fn top_up(&mut self, context: &std::sync::Arc<Context>) -> Result<(), StoreError> {
        let free = AT_ONCE.saturating_sub(self.running.len());
        if free == 0 {
            return Ok(());
        }
        let now = clock::now();
        self.later.retain(|_, due| *due > now);
        let limit =
            u32::try_from(BATCH + self.later.len() + self.in_flight.len()).unwrap_or(u32::MAX);
        let waiting = context
            .store
            .read(move |db| files::new_files(db, limit))
            .await?;
        let due = waiting
            .into_iter()
            .filter(|file| {
                let closed = context.hints.was_closed(&file.path);
                !self.in_flight.contains_key(&file.id)
                    && (closed || !self.later.contains_key(&file.id))
            })
            .take(free)
            .collect::<Vec<_>>();
        for file in due {
            let id = file.id;
            let context = std::sync::Arc::clone(context);
            let handle = self.running.spawn(async move {
                let outcome = read_file(&context, &file, clock::now()).await;
                (file, outcome)
            });
            self.in_flight.insert(id, handle.id());
        }
        Ok(())
    }

    /// Everything that has ended by now.
    fn collect(
        &mut self,
        first: Result<(NewFile, Outcome), tokio::task::JoinError>,
    ) -> Vec<(NewFile, Outcome)> {
        let mut outcomes = Vec::new();
        let mut next = Some(first);
        while let Some(ended) = next {
            match ended {
                Ok((file, outcome)) => {
                    self.in_flight.remove(&file.id);
                    outcomes.push((file, outcome));
                }
                Err(error) => {
                    tracing::error!(%error, "reading a file ended unexpectedly");
                    self.in_flight.retain(|_, task| *task != error.id());
                }
            }
            next = self.running.try_join_next();
        }
        outcomes
    }

    /// Until the first restless file is due.
    fn pause(&self) -> Duration {
        let soonest = self
            .later
            .values()
            .min()
            .map_or(60_000, |due| (due - clock::now()).max(10));
        Duration::from_millis(soonest.cast_unsigned())
    }
}

/// One file, from a look at it to its metadata.
async fn read_file(context: &Context, file: &NewFile, now: i64) -> Outcome {
    let (seen, metadata) = match scan::seen(&file.path) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Outcome::Gone,
        Err(error) => return unreadable(&error),
    };
    if seen != file.seen {
        return Outcome::Restless {
            seen,
            again_in: Duration::from_millis(SETTLED_AFTER.cast_unsigned()),
        };
    }
    if !metadata.is_file() {
        return Outcome::Read(Reading::Verdict(not_regular(&file.path, &metadata)));
    }
    if let Some(again_in) = restless(context, file, seen, now) {
        return Outcome::Restless { seen, again_in };
    }
    if seen.size == 0 {
        return Outcome::Read(Reading::Verdict(Verdict::Empty));
    }
    let path = file.path.clone();
    match blocking(move || look(&path, seen)).await {
        Ok(Look::NotBackedUp(verdict)) => Outcome::Read(Reading::Verdict(verdict)),
        Ok(Look::Photo(kind, sha256)) => photo(context, file, kind, sha256).await,
        Ok(Look::Changed) => Outcome::Restless {
            seen,
            again_in: Duration::from_millis(SETTLED_AFTER.cast_unsigned()),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Outcome::Gone,
        Err(error) => unreadable(&error),
    }
}

enum Look {
    NotBackedUp(Verdict),
    Photo(Kind, Sha256),
    Changed,
}

fn look(path: &Path, seen: Seen) -> io::Result<Look> {
    let kind = Kind::of_file(path)?;
    let verdict = match kind {
        Kind::Photo(_) | Kind::Unreadable => None,
        Kind::Video => Some(Verdict::Video),
        Kind::Empty => Some(Verdict::Empty),
        Kind::Other => Some(Verdict::Other),
    };
    if let Some(verdict) = verdict {
        return Ok(Look::NotBackedUp(verdict));
    }
    Ok(match hash::file(path, seen)? {
        Hashed::Done(sha256) => Look::Photo(kind, sha256),
        Hashed::Changed => Look::Changed,
    })
}

async fn photo(context: &Context, file: &NewFile, kind: Kind, sha256: Sha256) -> Outcome {
    let before = file.before;
    let known = context
        .store
        .read(move |db| {
            let known = photos::by_sha256(db, &sha256)?;
            let previous = before.map(|id| photos::get(db, id)).transpose()?.flatten();
            Ok((known, previous.and_then(|photo| photo.sha256)))
        })
        .await;
    let previous = match known {
        Ok((Some(id), _)) => return Outcome::Read(Reading::Known(id)),
        Ok((None, previous)) => previous,
        Err(error) => {
            return Outcome::Fault {
                message: error.to_string(),
            };
        }
    };
    let (inspection, thumb) = match context.workers.inspect(&file.path).await {
        Ok(inspection) => (inspection, Thumb::Wanted),
        // The file hurts the decoder: backed up all the same, and not tried again until it changes.
        Err(
            error @ (WorkerError::Died { .. }
            | WorkerError::TimedOut { .. }
            | WorkerError::Thumbnail(_)),
        ) => (failed_inspection(kind, &error), Thumb::None),
        Err(WorkerError::Unreadable { message, .. } | WorkerError::Start(message)) => {
            return Outcome::Fault { message };
        }
    };
    let mtime = file.seen.mtime_ms();
    Outcome::Read(Reading::Photo(Box::new(Found {
        sha256,
        previous,
        original_name: to_bytes(Path::new(file.path.file_name().unwrap_or_default())).to_vec(),
        size: file.seen.size,
        media_type: kind.mime().to_owned(),
        extension: extension(kind, &file.path),
        mtime,
        when: when(&inspection.metadata, mtime, clock::now()),
        thumb: if kind == Kind::Unreadable {
            Thumb::None
        } else {
            thumb
        },
        unreadable: match kind {
            Kind::Unreadable => Some("its bytes are no picture that is known".to_owned()),
            _ => inspection.error,
        },
        metadata: inspection.metadata,
    })))
}

/// Writes what was read: one transaction for all that ended together.
async fn record(
    context: &Context,
    outcomes: Vec<(NewFile, Outcome)>,
    later: &mut HashMap<FileId, i64>,
) -> Result<(), StoreError> {
    let now = clock::now();
    let mut read = Vec::new();
    let mut restless = Vec::new();
    let mut gone = Vec::new();
    for (file, outcome) in outcomes {
        match outcome {
            Outcome::Read(reading) => {
                let dropped = context.hints.take(&file.path);
                read.push((file, reading, dropped));
            }
            Outcome::Restless { seen, again_in } => {
                later.insert(
                    file.id,
                    now + i64::try_from(again_in.as_millis()).unwrap_or(SETTLED_AFTER),
                );
                if seen != file.seen {
                    restless.push((file.id, seen));
                }
            }
            Outcome::Gone => gone.push(file),
            Outcome::Fault { message } => {
                tracing::warn!(path = %file.path.display(), message, "cannot index a file now");
                later.insert(
                    file.id,
                    now + i64::try_from(REST_AFTER_FAULT.as_millis()).unwrap_or(5_000),
                );
            }
        }
    }
    let vanished: Vec<_> = gone
        .iter()
        .map(|file| (file.folder, file.relative.clone()))
        .collect();
    let touched = context
        .store
        .write(move |db| {
            let mut touched = Vec::new();
            for (file, reading, dropped) in &read {
                let verdict = match reading {
                    Reading::Verdict(verdict) => verdict.clone(),
                    Reading::Known(id) => Verdict::Photo(*id),
                    Reading::Photo(found) => Verdict::Photo(photos::upsert(db, found)?),
                };
                files::settle(db, file, &verdict)?;
                if let Verdict::Photo(photo) = verdict {
                    touched.push(photo);
                    if *dropped {
                        jobs::hurry(db, photo)?;
                    }
                }
                touched.extend(file.before);
            }
            for (id, seen) in &restless {
                files::modify(db, *id, *seen, now)?;
            }
            Ok(touched)
        })
        .await?;
    // Whether a file is gone or its whole folder is offline is for a scan to say.
    for (folder, relative) in vanished {
        context.rescan(folder, crate::context::Part::Paths(vec![relative]));
    }
    context.news.photos(touched);
    context.bells.thumbs.notify_one();
    context.bells.upload.notify_one();
    Ok(())
}

/// Whether the file may still be written to, and when to look again.
fn restless(context: &Context, file: &NewFile, seen: Seen, now: i64) -> Option<Duration> {
    if context.hints.was_closed(&file.path) {
        return None;
    }
    // A clock ahead of ours (a camera's, a NAS's) must not hold the file up: then what counts is
    // how long it has been seen to rest.
    let rested = (now - seen.mtime_ms()).max(now - file.seen_at);
    (rested < SETTLED_AFTER)
        .then(|| Duration::from_millis((SETTLED_AFTER - rested).cast_unsigned()))
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
            message: error.to_string(),
        },
    }
}

fn failed_inspection(kind: Kind, error: &WorkerError) -> Inspection {
    Inspection {
        kind,
        metadata: Metadata::default(),
        error: Some(error.to_string()),
    }
}

/// By content where it is known, else as the file is called.
fn extension(kind: Kind, path: &Path) -> String {
    match kind.media_type() {
        Some(media_type) => media_type.extension().to_owned(),
        None => path.extension().map_or_else(
            || "bin".to_owned(),
            |ext| ext.to_string_lossy().to_lowercase(),
        ),
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(io::Error::other(error)),
    }
}
