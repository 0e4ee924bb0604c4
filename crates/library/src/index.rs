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
use crate::requests::Part;
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
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Files read at once: hashing is bound by the disk, metadata by the workers.
const AT_ONCE: usize = 4;
/// One that takes longer no longer counts among them; but there are never more than this.
const HANGING_AFTER: Duration = Duration::from_secs(60);
const MOST_AT_ONCE: usize = 32;
/// Tries to read a file before it is called unreadable.
const MOST_FAULTS: u32 = 3;
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
    /// It could not be read just now; tried again a few times.
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
pub(crate) async fn run(context: &Arc<Context>) {
    let mut indexer = Indexer::default();
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
                if let Err(error) = record(context, outcomes, &mut indexer.again).await
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

#[derive(Default)]
struct Indexer {
    running: JoinSet<(NewFile, Outcome)>,
    in_flight: HashMap<FileId, Running>,
    again: Again,
}

/// A file that is being read.
struct Running {
    task: tokio::task::Id,
    since: Instant,
}

/// Files to be looked at again.
#[derive(Default)]
struct Again {
    due: HashMap<FileId, Instant>,
    /// How often in a row each could not be read.
    faults: HashMap<FileId, u32>,
}

impl Indexer {
    /// Starts on files that are due, up to the number read at once.
    async fn top_up(&mut self, context: &Arc<Context>) -> Result<(), StoreError> {
        let now = Instant::now();
        let free = self.free(now);
        if free == 0 {
            return Ok(());
        }
        self.again.due.retain(|_, due| *due > now);
        let passed_over = self.again.due.len() + self.in_flight.len();
        let limit = u32::try_from(BATCH + passed_over).unwrap_or(u32::MAX);
        let waiting = context
            .store
            .read(move |db| files::new_files(db, limit))
            .await?;
        let due: Vec<NewFile> = waiting
            .into_iter()
            .filter(|file| {
                let closed = context.hints.was_closed(&file.path);
                !self.in_flight.contains_key(&file.id)
                    && (closed || !self.again.due.contains_key(&file.id))
            })
            .take(free)
            .collect();
        for file in due {
            let id = file.id;
            let faults = self.again.faults.get(&id).copied().unwrap_or(0);
            let context = Arc::clone(context);
            let handle = self.running.spawn(async move {
                let outcome = read_file(&context, &file, clock::now()).await;
                (file, give_up_in_time(outcome, faults))
            });
            self.in_flight.insert(
                id,
                Running {
                    task: handle.id(),
                    since: now,
                },
            );
        }
        Ok(())
    }

    /// A file on a disk that does not answer takes no other's place for long.
    fn free(&self, now: Instant) -> usize {
        let brisk = |running: &&Running| now.duration_since(running.since) < HANGING_AFTER;
        let brisk = self.in_flight.values().filter(brisk).count();
        AT_ONCE
            .saturating_sub(brisk)
            .min(MOST_AT_ONCE.saturating_sub(self.in_flight.len()))
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
                    let file = self
                        .in_flight
                        .iter()
                        .find(|(_, running)| running.task == error.id());
                    if let Some(id) = file.map(|(id, _)| *id) {
                        self.in_flight.remove(&id);
                        self.again.fault(id);
                    }
                }
            }
            next = self.running.try_join_next();
        }
        outcomes
    }

    /// Until the first file is due, or a hanging one gives up its place.
    fn pause(&self) -> Duration {
        let now = Instant::now();
        let soonest = self.again.due.values().min();
        let wait = soonest.map_or(HANGING_AFTER, |due| due.saturating_duration_since(now));
        wait.clamp(Duration::from_millis(10), HANGING_AFTER)
    }
}

impl Again {
    fn fault(&mut self, id: FileId) {
        *self.faults.entry(id).or_default() += 1;
        self.due.insert(id, Instant::now() + REST_AFTER_FAULT);
    }
}

/// A file that cannot be read, time after time, is for the person to look at.
fn give_up_in_time(outcome: Outcome, faults: u32) -> Outcome {
    match outcome {
        Outcome::Fault { message } if faults >= MOST_FAULTS => {
            Outcome::Read(Reading::Verdict(Verdict::Problem {
                cause: Cause::FileUnreadable,
                detail: message,
            }))
        }
        other => other,
    }
}

/// One file, from a look at it to its metadata.
async fn read_file(context: &Context, file: &NewFile, now: i64) -> Outcome {
    let path = file.path.clone();
    let (seen, metadata) = match blocking(move || scan::seen(&path)).await {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Outcome::Gone,
        Err(error) => return unreadable(&error),
    };
    if seen != file.seen {
        return restless_for(seen, SETTLED_AFTER);
    }
    if !metadata.is_file() {
        return Outcome::Read(Reading::Verdict(not_regular(&file.path, &metadata)));
    }
    if let Some(wait) = restless(context, file, seen, now) {
        return restless_for(seen, wait);
    }
    if seen.size == 0 {
        return Outcome::Read(Reading::Verdict(Verdict::Empty));
    }
    let path = file.path.clone();
    match blocking(move || look(&path, seen)).await {
        Ok(Look::NotBackedUp(verdict)) => Outcome::Read(Reading::Verdict(verdict)),
        Ok(Look::Photo(kind, sha256)) => photo(context, file, kind, sha256).await,
        Ok(Look::Changed) => restless_for(seen, SETTLED_AFTER),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Outcome::Gone,
        Err(error) => unreadable(&error),
    }
}

fn restless_for(seen: Seen, milliseconds: i64) -> Outcome {
    Outcome::Restless {
        seen,
        again_in: Duration::from_millis(milliseconds.cast_unsigned()),
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
        Err(WorkerError::Unreadable { message, .. }) => return Outcome::Fault { message },
        // A backup without metadata is better than none.
        Err(error @ WorkerError::Start(_)) => {
            tracing::error!(%error, "photos are backed up without metadata");
            (failed_inspection(kind, &error), Thumb::Wanted)
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
    again: &mut Again,
) -> Result<(), StoreError> {
    let now = clock::now();
    let mut read = Vec::new();
    let mut restless = Vec::new();
    let mut gone = Vec::new();
    for (file, outcome) in outcomes {
        match outcome {
            Outcome::Read(reading) => {
                again.faults.remove(&file.id);
                let dropped = context.hints.take(&file.path);
                read.push((file, reading, dropped));
            }
            Outcome::Restless { seen, again_in } => {
                again.due.insert(file.id, Instant::now() + again_in);
                if seen != file.seen {
                    restless.push((file.id, seen));
                }
            }
            Outcome::Gone => gone.push(file),
            Outcome::Fault { message } => {
                tracing::warn!(path = %file.path.display(), message, "cannot index a file now");
                again.fault(file.id);
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
        context.rescan(folder, Part::Paths(vec![relative]));
    }
    context.news.photos(touched);
    context.bells.thumbs.notify_one();
    context.bells.upload.notify_one();
    Ok(())
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
