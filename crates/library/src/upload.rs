//! Runs the queue: as many jobs at once as each destination takes, and what each end means.
//!
//! **Invariant:** a job's row says "running" only while it runs here. However a job ends, its row is
//! gone, ready, waiting until a time, or failed with a reason.

use crate::backoff;
use crate::clock;
use crate::context::{Context, REST_AFTER_FAULT, SETTLED_AFTER};
use crate::derived;
use crate::gone;
use crate::lane::Lane;
use crate::original::{self, Again, End};
use crate::reason::{concerns_one_photo, of_remote};
use crate::registry::{Load, Open};
use crate::store::destinations::DestinationId;
use crate::store::jobs::{self, Job, JobKind};
use crate::store::{StoreError, files};
use crate::view::Cause;
use remote::Retry;
use rusqlite::Connection;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::{Id, JoinError, JoinSet};

/// A photo in an offline folder is woken when that is back; and looked at this often all the same.
const FOLDER_LOOK: i64 = 10 * 60_000;

/// Runs until the engine stops; then lets go of what is under way, which the next start takes up.
pub(crate) async fn run(context: &Arc<Context>) {
    // If this stage stumbled and begins again, nothing runs any more.
    if let Err(error) = context.store.write(|db| jobs::recover(db)).await {
        context.trouble.note(error);
    }
    let mut running = Running::default();
    loop {
        let pause = match running.start_jobs(context).await {
            Ok(pause) => pause,
            Err(error) => {
                context.trouble.note(error);
                REST_AFTER_FAULT
            }
        };
        tokio::select! {
            () = context.stop.cancelled() => {
                running.tasks.shutdown().await;
                return;
            }
            Some(ended) = running.tasks.join_next_with_id() => running.ended(context, ended).await,
            () = context.bells.upload.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// The jobs under way.
#[derive(Default)]
struct Running {
    tasks: JoinSet<()>,
    jobs: HashMap<Id, Job>,
}

impl Running {
    /// Starts as many jobs as the destinations take; returns when to look again.
    async fn start_jobs(&mut self, context: &Arc<Context>) -> Result<Duration, StoreError> {
        wake_needed(context).await?;
        let now = clock::now();
        // A pause that comes from here on is heard by the jobs that start.
        let paused = context.bells.pause.subscribe();
        let taking = context.registry.capacities();
        let places: Vec<(DestinationId, u32)> = taking
            .iter()
            .map(|(open, free)| (open.destination.id, *free))
            .collect();
        let claimed = context
            .store
            // Lost, it is as if it were not claimed: nothing of it has begun then.
            .write_reproducible(move |db| claim(db, &places, now))
            .await?;
        let (jobs, wait) = match claimed {
            Claimed::Paused(left) => return Ok(left),
            Claimed::Jobs { jobs, wait } => (jobs, wait),
        };
        for ((open, _), jobs) in taking.into_iter().zip(jobs) {
            for job in jobs {
                context.registry.started(open.destination.id);
                let context = Arc::clone(context);
                let (open, paused) = (open.clone(), paused.clone());
                let task = self
                    .tasks
                    .spawn(async move { run_job(&context, &open, job, paused).await });
                self.jobs.insert(task.id(), job);
            }
        }
        Ok(wait)
    }

    /// A job that stumbled is one that failed: its row must not say "running" for ever.
    async fn ended(&mut self, context: &Context, ended: Result<(Id, ()), JoinError>) {
        let error = match ended {
            Ok((task, ())) => {
                self.jobs.remove(&task);
                return;
            }
            Err(error) => error,
        };
        let Some(job) = self.jobs.remove(&error.id()).filter(|_| error.is_panic()) else {
            return;
        };
        tracing::error!(%error, "a job ended unexpectedly");
        let due = clock::now() + backoff::pause(job.attempts, None);
        let detail = error.to_string();
        let recorded = context
            .store
            .write(move |db| jobs::wait(db, &job, Cause::Internal, &detail, due))
            .await;
        if let Err(error) = recorded {
            put_back(context, job, error).await;
        }
    }
}

enum Claimed {
    /// For so long nothing is to be sent.
    Paused(Duration),
    Jobs {
        /// Of each place that was asked for.
        jobs: Vec<Vec<Job>>,
        /// Until the next one is due.
        wait: Duration,
    },
}

/// Takes as many jobs as there is room for.
fn claim(db: &Connection, places: &[(DestinationId, u32)], now: i64) -> rusqlite::Result<Claimed> {
    if let Some(left) = crate::pause::until(db, now)? {
        return Ok(Claimed::Paused(left));
    }
    let (mut jobs, mut next) = (Vec::with_capacity(places.len()), None);
    for &(destination, free) in places {
        let claimed = jobs::claim(db, destination, now, free)?;
        // One that takes no more now rings when it does again.
        if claimed.len() < free as usize
            && let Some(due) = jobs::next_due(db, destination)?
        {
            next = Some(next.map_or(due, |next: i64| next.min(due)));
        }
        jobs.push(claimed);
    }
    let wait = next.map_or(60_000, |due| (due - now).clamp(20, 60_000));
    Ok(Claimed::Jobs {
        jobs,
        wait: Duration::from_millis(wait.cast_unsigned()),
    })
}

/// What rests is asked as soon as there is a job for it.
async fn wake_needed(context: &Context) -> Result<(), StoreError> {
    let resting = context.registry.resting();
    if resting.is_empty() {
        return Ok(());
    }
    let needed = context.store.read(jobs::outlook).await?;
    for group in needed {
        if resting.contains(&group.destination) {
            context.registry.need(group.destination);
            context.bells.destinations.notify_one();
        }
    }
    Ok(())
}

async fn run_job(context: &Context, open: &Open, job: Job, mut paused: watch::Receiver<()>) {
    let mut lane = Lane::of(context, open.destination.id);
    let end = tokio::select! {
        end = carry_out(context, open, job, &mut lane) => end,
        // Its row went with the destination's, or waits for the one that is described anew.
        () = open.removed.cancelled() => Ok(End::Released),
        // The bell is as old as the library.
        Ok(()) = paused.changed() => Ok(End::Released),
    };
    let recorded = match end {
        Ok(End::Done) => {
            lane.answered(Load::Fine);
            Ok(())
        }
        Ok(End::Released) => context.store.write(move |db| jobs::release(db, &job)).await,
        Ok(End::Remote(error)) => {
            if matches!(error, remote::Error::Busy { .. }) {
                lane.answered(Load::Busy);
            }
            remote_failed(context, open, job, &error).await
        }
        Ok(End::Here {
            cause,
            detail,
            again,
        }) => {
            let now = clock::now();
            let written = context.store.write(move |db| match again {
                Again::At(due) => jobs::wait(db, &job, cause, &detail, due),
                Again::WithDisk if files::waits_for_disk(db, job.photo)? => {
                    // A scan may have found more meanwhile: what holds now is recorded.
                    let sources = files::sources(db, job.photo)?;
                    let offline = sources
                        .iter()
                        .any(|source| source.away && source.folder_offline);
                    let cause = if offline {
                        Cause::FolderOffline
                    } else {
                        Cause::DiskAway
                    };
                    jobs::wait(db, &job, cause, &detail, now + FOLDER_LOOK)
                }
                // It came back while the job was looking.
                Again::WithDisk => jobs::release(db, &job),
                Again::Never => jobs::fail(db, &job, cause, &detail),
            });
            written.await
        }
        Err(error) => Err(error),
    };
    if let Err(error) = recorded {
        put_back(context, job, error).await;
    }
    context.news.photo(job.photo);
}

async fn carry_out(
    context: &Context,
    open: &Open,
    job: Job,
    lane: &mut Lane<'_>,
) -> Result<End, StoreError> {
    let sent = match job.kind {
        JobKind::Original => return original::bring(context, open, job, lane).await,
        JobKind::Sidecar => derived::sidecar(context, open, job).await?,
        JobKind::Thumbnail => derived::thumbnail(context, open, job).await?,
    };
    Ok(sent.map_or_else(End::Remote, |()| End::Done))
}

/// The end could not be recorded, and the row still says "running": tried until it can be put back.
async fn put_back(context: &Context, job: Job, mut error: StoreError) {
    while context.rest_after(error).await {
        match context.store.write(move |db| jobs::release(db, &job)).await {
            Ok(()) => return,
            Err(again) => error = again,
        }
    }
}

/// What a far side's failure means for the job and for the destination.
async fn remote_failed(
    context: &Context,
    open: &Open,
    job: Job,
    error: &remote::Error,
) -> Result<(), StoreError> {
    let now = clock::now();
    let cause = of_remote(error);
    let detail = error.to_string();
    tracing::debug!(%error, attempts = job.attempts, "a job failed");
    match error.retry() {
        // What holds for the next photo too stops the destination, not this photo.
        Retry::AfterBackoff { .. } if cause == Cause::DestinationFull => {
            stop_destination(context, open, job, error).await
        }
        Retry::WhenSettingsChange if !concerns_one_photo(cause) => {
            stop_destination(context, open, job, error).await
        }
        Retry::AfterBackoff { at_least } => {
            if cause == Cause::Unreachable {
                context.registry.suspect(open, error, Instant::now());
                context.bells.destinations.notify_one();
            }
            let due = now + backoff::pause(job.attempts, at_least);
            context
                .store
                .write(move |db| jobs::wait(db, &job, cause, &detail, due))
                .await
        }
        Retry::WhenFileChanges if cause == Cause::FileChanged => {
            let due = now + SETTLED_AFTER;
            context
                .store
                .write(move |db| jobs::wait(db, &job, cause, &detail, due))
                .await
        }
        Retry::WhenFileChanges | Retry::WhenSettingsChange => {
            context
                .store
                .write(move |db| jobs::fail(db, &job, cause, &detail))
                .await
        }
    }
}

async fn stop_destination(
    context: &Context,
    open: &Open,
    job: Job,
    error: &remote::Error,
) -> Result<(), StoreError> {
    context.registry.failed(open, error, Instant::now());
    context.bells.destinations.notify_one();
    // It is not asked again for a while: what was safe there must not be said to be safe meanwhile.
    gone::note(context, &open.destination, error).await?;
    context.news.status();
    context.store.write(move |db| jobs::release(db, &job)).await
}
