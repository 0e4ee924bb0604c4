//! Reads new and changed files: what each is, its SHA-256, its metadata. Rows of kind 'new' in,
//! photos and their jobs out.
//!
//! **Invariant:** only a file at rest is read, and what is recorded is of bytes that did not change
//! while they were read.

mod reading;

use crate::clock;
use crate::context::{Context, REST_AFTER_FAULT};
use crate::requests::Part;
use crate::store::files::{self, FileId, NewFile, Verdict};
use crate::store::photos;
use crate::store::{StoreError, jobs};
use reading::{Outcome, Reading, read_file};
use std::collections::{HashMap, VecDeque};
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

    /// Fetches rows to go on with, but for those that are being read.
    async fn fetch(&mut self, context: &Context) -> Result<(), StoreError> {
        let passed_over = self.again.due.len() + self.in_flight.len();
        let limit = u32::try_from(BATCH + passed_over).unwrap_or(u32::MAX);
        let rows = context.store.read(move |db| files::new_files(db, limit));
        let rows = rows.await?.into_iter();
        self.waiting = rows
            .filter(|file| !self.in_flight.contains_key(&file.id))
            .collect();
        Ok(())
    }

    fn begin(&mut self, context: &Arc<Context>, file: NewFile, now: Instant) {
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
        Outcome::Fault { cause, message } if faults >= MOST_FAULTS => {
            Outcome::Read(Reading::Verdict(Verdict::Problem {
                cause,
                detail: message,
            }))
        }
        other => other,
    }
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
            Outcome::Overtaken => {}
            Outcome::Fault { message, .. } => {
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
