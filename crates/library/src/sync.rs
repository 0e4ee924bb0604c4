//! One sync from beginning to end: when is nothing left to do, and what could not be done.

use crate::clock;
use crate::context::Context;
use crate::path_bytes::shown;
use crate::pause;
use crate::registry::Health;
use crate::requests::Part;
use crate::store::jobs::Outlook;
use crate::store::{StoreError, files, folders, jobs, photos, problems, timeline};
use crate::view::{Cause, DestinationState, FileProblem, Reason, StuckDestination, SyncReport};
use rusqlite::Connection;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Files that are still being written are waited for this long.
const SETTLE: Duration = Duration::from_secs(30);
/// A destination that did not answer so often in a row is given up for this sync.
const TRIES: u32 = 3;
/// A photo whose upload failed so often is reported; it is tried again by the next sync.
const ATTEMPTS: u32 = 12;
/// Thumbnails that make no progress for this long are left to the next sync.
const THUMBNAILS: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(100);

/// Reads every folder again and waits until nothing more can be done.
pub(crate) async fn once(context: &Arc<Context>) -> Result<SyncReport, StoreError> {
    let begun = clock::now();
    for folder in context.store.read(folders::all).await? {
        context.rescan(folder.id, Part::Everything);
    }
    let (mut files, mut thumbs) = (Progress::begin(), Progress::begin());
    let paused = loop {
        if !context.rest(LOOK).await {
            break false;
        }
        let left = context.store.read(look).await?;
        let settled = files.stands_still(left.new_files, SETTLE);
        let thumbs_done = left.thumbs == 0 || thumbs.stands_still(left.thumbs, THUMBNAILS);
        let files_done = context.requests.is_idle() && (left.new_files == 0 || settled);
        if left.paused || (files_done && thumbs_done && destinations_done(context, &left, settled))
        {
            break left.paused;
        }
    };
    report(context, begun, paused.then_some(Cause::Paused)).await
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
fn destinations_done(context: &Context, left: &Left, settled: bool) -> bool {
    let unready: HashMap<_, _> = context
        .registry
        .unready()
        .into_iter()
        .map(|(destination, health, tries)| (destination.id, (health, tries)))
        .collect();
    let given_up = |(health, tries): &(Health, u32)| {
        let full = health
            .reason
            .as_ref()
            .is_some_and(|reason| reason.code == Cause::DestinationFull);
        health.state == DestinationState::NeedsYou
            || (health.state == DestinationState::Offline && (full || *tries >= TRIES))
    };
    if unready.values().any(|standing| !given_up(standing)) {
        return false;
    }
    left.jobs
        .iter()
        .filter(|group| !unready.contains_key(&group.destination))
        .all(|group| match (group.state.as_str(), group.cause) {
            ("failed", _) => true,
            ("waiting", Some(Cause::FolderOffline)) => true,
            ("waiting", Some(Cause::FileChanged | Cause::StillBeingWritten)) => settled,
            ("waiting", _) => group.least_attempts >= ATTEMPTS,
            _ => false,
        })
}

/// `held_up`: why jobs that could go did not.
async fn report(
    context: &Arc<Context>,
    begun: i64,
    held_up: Option<Cause>,
) -> Result<SyncReport, StoreError> {
    let stuck: Vec<StuckDestination> = context
        .registry
        .unready()
        .into_iter()
        .filter_map(|(destination, health, _)| {
            Some(StuckDestination {
                name: destination.name,
                reason: health.reason?,
            })
        })
        .collect();
    context
        .store
        .read(move |db| {
            let counts = timeline::counts(db)?;
            let count = |state: &str| counts.get(state).copied().unwrap_or(0);
            let rows = folders::all(db)?;
            let mut report = SyncReport {
                photos: ["indexed", "queued", "waiting", "failed", "backed_up"]
                    .iter()
                    .map(|s| count(s))
                    .sum(),
                backed_up: count("backed_up"),
                confirmed_now: timeline::count_confirmed_since(db, begun)?,
                videos: 0,
                other_files: 0,
                unfinished: unfinished(db, held_up.unwrap_or(Cause::Unreachable))?,
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

/// Photos that are not backed up, each with its reason.
fn unfinished(db: &Connection, otherwise: Cause) -> rusqlite::Result<Vec<FileProblem>> {
    let mut unfinished = Vec::new();
    for (photo, standing) in jobs::unfinished(db)? {
        let path = match files::sources(db, photo)?.first() {
            Some(source) => shown(&source.path),
            None => photos::get(db, photo)?
                .map(|photo| photo.name)
                .unwrap_or_default(),
        };
        let retry_at = (standing.state == "waiting").then_some(standing.not_before);
        // Ready, but not gone: its destination is why.
        let code = standing
            .cause
            .filter(|_| standing.state != "ready")
            .unwrap_or(otherwise);
        unfinished.push(FileProblem {
            path,
            reason: Reason {
                code,
                detail: standing.detail,
                retry_at,
            },
        });
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
    Ok(unfinished)
}
