//! Reads new and changed files: what each is, its SHA-256, its metadata. Rows of kind 'new' in,
//! photos and their jobs out.
//!
//! Reading goes on while what was read is written down: all that ended meanwhile in one transaction.
//!
//! **Invariant:** only a file at rest is read, and what is recorded is of bytes that did not change
//! while they were read. No file is read anew before what was read of it is recorded.

mod reading;

use crate::clock;
use crate::context::{Context, REST_AFTER_FAULT};
use crate::plan::Seen;
use crate::requests::Part;
use crate::store::files::{self, FileId, NewFile, Verdict};
use crate::store::photos;
use crate::store::{StoreError, jobs};
use reading::{Outcome, Reading, read_file};
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::{JoinError, JoinSet};

/// Files read at once: hashing is bound by the disk, metadata by the workers.
const AT_ONCE: usize = 4;
/// One that takes longer no longer counts among them; but there are never more than this.
const HANGING_AFTER: Duration = Duration::from_secs(60);
const MOST_AT_ONCE: usize = 32;
/// Tries to read a file before it is called unreadable.
const MOST_FAULTS: u32 = 3;
/// Rows fetched at a time, and files that are read before the first of them is recorded.
const BATCH: usize = 64;

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
        indexer.begin_recording(context);
        let pause = indexer.pause();
        tokio::select! {
            () = context.stop.cancelled() => return,
            Some(ended) = indexer.reading.join_next() => indexer.collect(ended),
            Some(ended) = indexer.recording.join_next() => {
                if let Err(error) = indexer.recorded(ended)
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
    reading: JoinSet<(NewFile, Outcome)>,
    in_flight: HashMap<FileId, Running>,
    /// What ended since the last recording began.
    read: Vec<(NewFile, Outcome)>,
    /// One at most.
    recording: JoinSet<Result<(), StoreError>>,
    /// Files that were read, and of which the rows do not say so yet.
    unrecorded: HashSet<FileId>,
    /// Rows that were fetched and not begun; whether they still say the same is asked when they are.
    waiting: VecDeque<NewFile>,
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
        self.again.due.retain(|_, due| *due > now);
        let mut free = self.free(now);
        let mut fetched = false;
        while free > 0 {
            let Some(file) = self.waiting.pop_front() else {
                if fetched {
                    break;
                }
                self.fetch(context).await?;
                fetched = true;
                continue;
            };
            let closed = context.hints.was_closed(&file.path);
            if closed || !self.again.due.contains_key(&file.id) {
                self.begin(context, file, now);
                free -= 1;
            }
        }
        Ok(())
    }

    /// Fetches rows to go on with, but for those that are in hand already.
    async fn fetch(&mut self, context: &Context) -> Result<(), StoreError> {
        let passed_over = self.again.due.len() + self.in_flight.len() + self.unrecorded.len();
        let limit = u32::try_from(BATCH + passed_over).unwrap_or(u32::MAX);
        let rows = context.store.read(move |db| files::new_files(db, limit));
        let rows = rows.await?.into_iter();
        self.waiting = rows
            .filter(|file| {
                !self.in_flight.contains_key(&file.id) && !self.unrecorded.contains(&file.id)
            })
            .collect();
        Ok(())
    }

    fn begin(&mut self, context: &Arc<Context>, file: NewFile, now: Instant) {
        let id = file.id;
        let faults = self.again.faults.get(&id).copied().unwrap_or(0);
        let context = Arc::clone(context);
        let handle = self.reading.spawn(async move {
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

    /// A file on a disk that does not answer takes no other's place for long.
    fn free(&self, now: Instant) -> usize {
        if self.read.len() >= BATCH {
            return 0;
        }
        let brisk = |running: &&Running| now.duration_since(running.since) < HANGING_AFTER;
        let brisk = self.in_flight.values().filter(brisk).count();
        AT_ONCE
            .saturating_sub(brisk)
            .min(MOST_AT_ONCE.saturating_sub(self.in_flight.len()))
    }

    /// Everything that has ended by now.
    fn collect(&mut self, first: Result<(NewFile, Outcome), JoinError>) {
        let mut next = Some(first);
        while let Some(ended) = next {
            match ended {
                Ok((file, outcome)) => {
                    self.in_flight.remove(&file.id);
                    self.unrecorded.insert(file.id);
                    self.read.push((file, outcome));
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
            next = self.reading.try_join_next();
        }
    }

    /// Unless one is under way: what ends meanwhile waits for the next.
    fn begin_recording(&mut self, context: &Arc<Context>) {
        if !self.recording.is_empty() || self.read.is_empty() {
            return;
        }
        let findings = self.again.sort(context, std::mem::take(&mut self.read));
        let context = Arc::clone(context);
        self.recording
            .spawn(async move { record(&context, findings).await });
    }

    fn recorded(
        &mut self,
        ended: Result<Result<(), StoreError>, JoinError>,
    ) -> Result<(), StoreError> {
        self.unrecorded = self.read.iter().map(|(file, _)| file.id).collect();
        ended.unwrap_or_else(|error| {
            tracing::error!(%error, "recording what was read ended unexpectedly");
            Ok(())
        })
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
    /// Keeps what is to be looked at again, and tells the rest.
    fn sort(&mut self, context: &Context, outcomes: Vec<(NewFile, Outcome)>) -> Findings {
        let mut findings = Findings::default();
        for (file, outcome) in outcomes {
            match outcome {
                Outcome::Read(reading) => {
                    self.faults.remove(&file.id);
                    let dropped = context.hints.take(&file.path);
                    findings.read.push((file, reading, dropped));
                }
                Outcome::Restless { seen, again_in } => {
                    self.due.insert(file.id, Instant::now() + again_in);
                    if seen != file.seen {
                        findings.restless.push((file.id, seen));
                    }
                }
                Outcome::Gone => findings.gone.push(file),
                Outcome::Overtaken => {}
                Outcome::Fault { message, .. } => {
                    tracing::warn!(path = %file.path.display(), message, "cannot index a file now");
                    self.fault(file.id);
                }
            }
        }
        findings
    }

    fn fault(&mut self, id: FileId) {
        *self.faults.entry(id).or_default() += 1;
        self.due.insert(id, Instant::now() + REST_AFTER_FAULT);
    }
}

/// A file that cannot be read, time after time, is for the person to look at.
fn give_up_in_time(outcome: Outcome, faults: u32) -> Outcome {
    match outcome {
        Outcome::Fault { cause, message } if faults >= MOST_FAULTS => {
            Outcome::Read(Reading::Verdict(Verdict::Problem {
                cause,
                detail: message,
            }))
        }
        other => other,
    }
}

/// What is to be written down.
#[derive(Default)]
struct Findings {
    /// And whether the file was dropped: then it goes up first.
    read: Vec<(NewFile, Reading, bool)>,
    /// Files that are other ones by now than their rows say.
    restless: Vec<(FileId, Seen)>,
    gone: Vec<NewFile>,
}

/// Writes what was read: one transaction for all of it.
async fn record(context: &Context, findings: Findings) -> Result<(), StoreError> {
    let now = clock::now();
    let Findings {
        read,
        restless,
        gone,
    } = findings;
    let vanished: Vec<_> = gone
        .iter()
        .map(|file| (file.folder, file.relative.clone()))
        .collect();
    let touched = context
        .store
        .write_reproducible(move |db| {
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
