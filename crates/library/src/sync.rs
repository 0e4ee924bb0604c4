//! One sync from beginning to end: when is nothing left to do, and what could not be done.

use crate::clock;
use crate::context::Context;
use crate::lock::lock;
use crate::path_bytes::shown;
use crate::pause;
use crate::registry::Unready;
use crate::requests::Part;
use crate::store::destinations::DestinationId;
use crate::store::jobs::Outlook;
use crate::store::state::{OfJob, OfPhoto};
use crate::store::{StoreError, destinations, files, folders, jobs, photos, problems, timeline};
use crate::view::{Cause, DestinationState, FileProblem, Reason, StuckDestination, SyncReport};
use rusqlite::Connection;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Files that are still being written are waited for this long.
const SETTLE: Duration = Duration::from_secs(30);
/// A destination that did not answer so often in a row is given up for this sync: about seven
/// seconds when it never answered, half a minute when it did.
const TRIES: u32 = 4;
const TRIES_WHEN_REACHED: u32 = 6;
/// A full disk of this machine is waited for this long.
const TROUBLE: Duration = Duration::from_secs(20);
/// A photo whose upload failed so often is reported; it is tried again by the next sync.
const ATTEMPTS: u32 = 12;
/// Thumbnails that make no progress for this long are left to the next sync.
const THUMBNAILS: Duration = Duration::from_secs(60);
/// Whether all is done is looked at this often, and in a library of so many photos that looking takes
/// long, for a tenth of the time at most.
const LOOK: Duration = Duration::from_millis(100);
const LOOK_SHARE: u32 = 10;

/// Reads every folder again and waits until nothing more can be done.
pub(crate) async fn once(context: &Arc<Context>) -> crate::Result<SyncReport> {
    let begun = clock::now();
    for folder in context.store.read(folders::all).await? {
        context.rescan(folder.id, Part::Everything);
    }
    let (mut files, mut thumbs) = (Progress::begin(), Progress::begin());
    let mut trouble: Option<Instant> = None;
    let mut pause = LOOK;
    let paused = loop {
        if !context.rest(pause).await {
            break false;
        }
        match context.trouble.now() {
            None => trouble = None,
            Some(reason) if trouble.get_or_insert_with(Instant::now).elapsed() > TROUBLE => {
                return Err(reason.into());
            }
            Some(_) => {}
        }
        let looked = Instant::now();
        let left = context.store.read(look).await?;
        pause = LOOK.max(looked.elapsed() * LOOK_SHARE);
        let standing = if files.stands_still(left.new_files, SETTLE) {
            Files::AtRest
        } else {
            Files::Moving
        };
        let thumbs_done = left.thumbs == 0 || thumbs.stands_still(left.thumbs, THUMBNAILS);
        let files_done =
            context.requests.is_idle() && (left.new_files == 0 || standing == Files::AtRest);
        if left.paused || (files_done && thumbs_done && destinations_done(context, &left, standing))
        {
            break left.paused;
        }
    };
    Ok(report(context, begun, paused.then_some(Cause::Paused)).await?)
}

/// A number that falls while work gets done.
struct Progress {
    last: u32,
    since: Instant,
}

impl Progress {
    fn begin() -> Self {
        Self {
            last: u32::MAX,
            since: Instant::now(),
        }
    }

    /// Whether it has not changed for so long.
    fn stands_still(&mut self, now: u32, patience: Duration) -> bool {
        if now != self.last {
            *self = Self {
                last: now,
                since: Instant::now(),
            };
        }
        self.since.elapsed() > patience
    }
}

/// Whether files that are still being written may be read before this sync ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Files {
    Moving,
    /// They were waited for long enough.
    AtRest,
}

struct Left {
    new_files: u32,
    thumbs: u32,
    jobs: Vec<Outlook>,
    paused: bool,
}

fn look(db: &Connection) -> rusqlite::Result<Left> {
    Ok(Left {
        new_files: files::count_new(db)?,
        thumbs: photos::count_wanting_thumb(db)?,
        jobs: jobs::outlook(db)?,
        paused: pause::current(db, clock::now())?.is_some(),
    })
}

/// Whether no destination has anything to do that waiting would get done.
fn destinations_done(context: &Context, left: &Left, files: Files) -> bool {
    let unready: HashMap<_, _> = context
        .registry
        .unready()
        .into_iter()
        .map(|unready| (unready.destination.id, unready))
        .collect();
    let given_up = |unready: &Unready| {
        let full = unready
            .health
            .reason
            .as_ref()
            .is_some_and(|reason| reason.code == Cause::DestinationFull);
        let tries = if unready.was_ready {
            TRIES_WHEN_REACHED
        } else {
            TRIES
        };
        match unready.health.state {
            DestinationState::NeedsYou => true,
            DestinationState::Offline => full || unready.tries >= tries,
            DestinationState::Unknown | DestinationState::Ready => false,
        }
    };
    // Where one rests there is nothing to do; that a job for it has come may not have been noticed yet.
    let rests = |group: &Outlook| {
        unready
            .get(&group.destination)
            .is_some_and(|one| one.resting)
    };
    if context.registry.is_listing()
        || unready
            .values()
            .any(|standing| !standing.resting && !given_up(standing))
        || left.jobs.iter().any(rests)
    {
        return false;
    }
    left.jobs
        .iter()
        .filter(|group| !unready.contains_key(&group.destination))
        .all(|group| match (group.state, group.cause) {
            (OfJob::Failed, _) => true,
            (OfJob::Waiting, Some(Cause::FolderOffline | Cause::DiskAway)) => true,
            (OfJob::Waiting, Some(Cause::FileChanged | Cause::StillBeingWritten)) => {
                files == Files::AtRest
            }
            (OfJob::Waiting, _) => group.least_attempts >= ATTEMPTS,
            (OfJob::Ready | OfJob::Running, _) => false,
        })
}

/// `held_up`: why jobs that could go did not.
async fn report(
    context: &Arc<Context>,
    begun: i64,
    held_up: Option<Cause>,
) -> Result<SyncReport, StoreError> {
    let unready = context.registry.unready();
    let reasons: HashMap<DestinationId, Reason> = unready
        .iter()
        .filter_map(|unready| Some((unready.destination.id, unready.health.reason.clone()?)))
        .collect();
    let stuck = unready
        .into_iter()
        .filter_map(|unready| {
            Some(StuckDestination {
                name: unready.destination.name,
                reason: unready.health.reason?,
            })
        })
        .collect();
    let unlisted: Vec<PathBuf> = lock(&context.unlisted)
        .values()
        .flatten()
        .cloned()
        .collect();
    context
        .store
        .read(move |db| {
            let counts = timeline::counts(db)?;
            let count = |state: OfPhoto| counts.get(&state).copied().unwrap_or(0);
            let rows = folders::all(db)?;
            let mut report = SyncReport {
                photos: OfPhoto::KEPT.into_iter().map(count).sum(),
                backed_up: count(OfPhoto::BackedUp),
                confirmed_now: timeline::count_confirmed_since(db, begun)?,
                videos: 0,
                other_files: 0,
                unfinished: unfinished(db, &reasons, held_up, &unlisted)?,
                stuck_destinations: stuck,
                offline_folders: Vec::new(),
            };
            for folder in rows {
                let tally = folders::tally(db, folder.id)?;
                report.videos += tally.videos;
                report.other_files += tally.other;
                if folder.offline {
                    report.offline_folders.push(shown(&folder.path));
                }
            }
            Ok(report)
        })
        .await
}

/// Photos that are not backed up, each with its reason: its own, else its destination's.
fn unfinished(
    db: &Connection,
    of_places: &HashMap<DestinationId, Reason>,
    held_up: Option<Cause>,
    unlisted: &[PathBuf],
) -> rusqlite::Result<Vec<FileProblem>> {
    let mut unfinished = Vec::new();
    for (photo, standing) in jobs::unfinished(db)? {
        let path = match files::sources(db, photo)?.first() {
            Some(source) => shown(&source.path),
            None => photos::get(db, photo)?
                .map(|photo| photo.name)
                .unwrap_or_default(),
        };
        // Why it failed before says nothing of one that is to be tried again.
        let own = match standing.state {
            OfJob::Ready => None,
            OfJob::Running | OfJob::Waiting | OfJob::Failed => standing.reason(),
        };
        let reason = own
            .or_else(|| of_places.get(&standing.destination).cloned())
            .unwrap_or_else(|| Reason::new(held_up.unwrap_or(Cause::Busy), ""));
        unfinished.push(FileProblem { path, reason });
    }
    for file in files::new_files(db, u32::MAX)? {
        let reason = Reason::new(Cause::StillBeingWritten, "it did not come to rest");
        unfinished.push(FileProblem {
            path: shown(&file.path),
            reason,
        });
    }
    for (path, code, detail) in problems::files(db)? {
        unfinished.push(FileProblem {
            path,
            reason: Reason::new(code, detail),
        });
    }
    for destination in destinations::all(db)? {
        let Some(gone) = destination.gone else {
            continue;
        };
        let (_, names) = destinations::only_here(db, destination.id, u32::MAX)?;
        unfinished.extend(names.into_iter().map(|path| FileProblem {
            path,
            reason: Reason::new(gone, &destination.name),
        }));
    }
    for path in unlisted {
        let reason = Reason::new(Cause::FolderUnreadable, "the folder cannot be listed");
        unfinished.push(FileProblem {
            path: shown(path),
            reason,
        });
    }
    Ok(unfinished)
}
