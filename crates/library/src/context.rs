//! What the stages share: the rows, the workers, the bells that wake them, and what is told outside.
//!
//! Stages know this and the store, never each other: work passes on through rows, and a bell only
//! says that there may be some.

use crate::cards::Cards;
use crate::errands::Errands;
use crate::first_paint::LookedAt;
use crate::front::Front;
use crate::hints::Hints;
use crate::intake::Copied;
use crate::known_parts::KnownParts;
use crate::lock::lock;
use crate::news::News;
use crate::pattern_preview::Previews;
use crate::registry::Registry;
use crate::requests::{Part, ScanRequest, ScanRequests};
use crate::secrets::Keyring;
use crate::settings::SettingsFile;
use crate::store::Store;
use crate::store::folders::FolderId;
use crate::store::photos::PhotoId;
use crate::thumb_cache::ThumbCache;
use crate::transfers::Transfers;
use crate::view::{CommandError, Reason};
use remote::Throttle;
use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tokio::sync::{Notify, Semaphore, watch};
use tokio_util::sync::CancellationToken;

/// How long a stage rests after the library's own disk or database failed it.
pub(crate) const REST_AFTER_FAULT: Duration = Duration::from_secs(5);

/// A file whose size and time have not moved for this long is at rest; milliseconds.
pub(crate) const SETTLED_AFTER: i64 = 2_000;

#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) store: Store,
    pub(crate) workers: media::worker::Pool,
    /// They give way to everything else: for thumbnails that nobody waits for.
    pub(crate) spare_workers: media::worker::Pool,
    pub(crate) keyring: Keyring,
    pub(crate) settings: SettingsFile,
    pub(crate) thumbs: ThumbCache,
    /// What patterns that are being written would do.
    pub(crate) previews: Previews,
    pub(crate) registry: Registry,
    pub(crate) transfers: Transfers,
    pub(crate) parts: KnownParts,
    /// What goes up to buckets shares this limit.
    pub(crate) throttle: Throttle,
    pub(crate) errands: Errands,
    /// Cards and cameras that are plugged in.
    pub(crate) cards: Cards,
    /// Photos that were copied here and are not indexed yet.
    pub(crate) copied: Copied,
    pub(crate) news: News,
    pub(crate) hints: Hints,
    pub(crate) front: Front,
    pub(crate) bells: Bells,
    /// What is to be read again in which folder.
    pub(crate) requests: ScanRequests,
    /// Folders that are watched by looking, for want of the system's watches.
    pub(crate) polled: Mutex<HashSet<FolderId>>,
    /// Directories that could not be listed when their folder was last read as a whole; absolute.
    pub(crate) unlisted: Mutex<BTreeMap<FolderId, Vec<PathBuf>>>,
    /// Thumbnails that are made again at once.
    pub(crate) remaking: Semaphore,
    /// Photos whose thumbnails are still to be made and that somebody looks at.
    pub(crate) looked_at: LookedAt,
    /// Listed photos that somebody looks at, the latest last.
    pub(crate) wanted: Mutex<Vec<PhotoId>>,
    /// Listed photos that were asked for in this run and have nothing to fetch.
    pub(crate) nothing_there: Mutex<HashSet<PhotoId>>,
    /// The check of what lies at the destinations.
    pub(crate) checks: Checks,
    /// The measuring of how long they take.
    pub(crate) measures: Checks,
    /// What this machine itself last failed at, such as a full disk.
    pub(crate) trouble: Trouble,
    pub(crate) stop: CancellationToken,
    /// The library's own directory: never indexed.
    pub(crate) directory: PathBuf,
    /// For files that are gone when the library is closed.
    pub(crate) scratch: PathBuf,
    /// Where drops are copied.
    pub(crate) managed: PathBuf,
}

/// Each wakes one stage; a ring that nobody waits for is kept.
#[derive(Debug, Default)]
pub(crate) struct Bells {
    pub(crate) scan: Notify,
    pub(crate) index: Notify,
    pub(crate) thumbs: Notify,
    pub(crate) upload: Notify,
    pub(crate) destinations: Notify,
    pub(crate) fetch: Notify,
    /// Rings for every upload that is under way, and for those that just begin.
    pub(crate) pause: watch::Sender<()>,
}

/// What goes over all destinations for a person: one of a kind at a time.
#[derive(Debug, Default)]
pub(crate) struct Checks {
    /// Held while one is under way.
    pub(crate) turn: tokio::sync::Mutex<()>,
    stop: Mutex<CancellationToken>,
}

impl Checks {
    /// What ends the one that begins now.
    pub(crate) fn begin(&self) -> CancellationToken {
        let stop = CancellationToken::new();
        *lock(&self.stop) = stop.clone();
        stop
    }

    pub(crate) fn stop(&self) {
        lock(&self.stop).cancel();
    }
}

/// A fault of this machine's own disk or database. Stages try again every few seconds, so one that
/// was not noted for a while has passed.
#[derive(Debug, Default)]
pub(crate) struct Trouble {
    latest: Mutex<Option<(Reason, Instant)>>,
}

const TROUBLE_HOLDS: Duration = Duration::from_secs(15);

impl Trouble {
    pub(crate) fn note(&self, error: impl Into<CommandError>) {
        let reason = error.into().reason();
        if self.take_in(reason.clone(), Instant::now()) {
            tracing::error!(code = ?reason.code, detail = reason.detail, "a fault of this machine");
        }
    }

    /// Returns whether it is another one than stood until now.
    fn take_in(&self, reason: Reason, now: Instant) -> bool {
        let before = lock(&self.latest).replace((reason.clone(), now));
        before.is_none_or(|(before, since)| {
            before != reason || now.duration_since(since) >= TROUBLE_HOLDS
        })
    }

    /// The fault that stands now, if any.
    pub(crate) fn now(&self) -> Option<Reason> {
        let latest = lock(&self.latest);
        latest
            .as_ref()
            .filter(|(_, since)| since.elapsed() < TROUBLE_HOLDS)
            .map(|(reason, _)| reason.clone())
    }
}

impl Context {
    /// Asks for a folder to be read again.
    pub(crate) fn rescan(&self, folder: FolderId, part: Part) {
        self.requests.push(ScanRequest { folder, part });
        self.bells.scan.notify_one();
    }

    /// Notes a fault of this machine and rests. Returns whether the engine goes on.
    pub(crate) async fn rest_after(&self, error: impl Into<CommandError>) -> bool {
        self.trouble.note(error);
        self.news.status();
        self.rest(REST_AFTER_FAULT).await
    }

    /// Waits, or returns early when the engine stops. Returns whether it goes on.
    pub(crate) async fn rest(&self, time: Duration) -> bool {
        tokio::select! {
            () = self.stop.cancelled() => false,
            () = tokio::time::sleep(time) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::Cause;

    #[test]
    fn a_fault_that_stays_is_logged_once() {
        let trouble = Trouble::default();
        let wrong = |line: u8| Reason::new(Cause::BadSettings, format!("line {line}"));
        let begun = Instant::now();
        let mut later = begun;
        assert!(trouble.take_in(wrong(1), begun));
        for _ in 0..20 {
            later += Duration::from_secs(2);
            assert!(!trouble.take_in(wrong(1), later));
        }
        assert!(trouble.take_in(wrong(2), later), "it is another one");
        assert!(
            trouble.take_in(wrong(2), later + TROUBLE_HOLDS),
            "it had passed"
        );
    }
}
