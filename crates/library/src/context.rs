//! What the stages share: the rows, the workers, the bells that wake them, and what is told outside.
//!
//! Stages know this and the store, never each other: work passes on through rows, and a bell only
//! says that there may be some.

use crate::news::News;
use crate::registry::Registry;
use crate::store::Store;
use crate::store::folders::FolderId;
use crate::store::photos::PhotoId;
use crate::thumb_cache::ThumbCache;
use crate::transfers::Transfers;
use crate::view::{CommandError, Reason};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// How long a stage rests after the library's own disk or database failed it.
pub(crate) const REST_AFTER_FAULT: Duration = Duration::from_secs(5);

/// A file whose size and time have not moved for this long is at rest; milliseconds.
pub(crate) const SETTLED_AFTER: i64 = 2_000;

#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) store: Store,
    pub(crate) workers: media::worker::Pool,
    pub(crate) thumbs: ThumbCache,
    pub(crate) registry: Registry,
    pub(crate) transfers: Transfers,
    pub(crate) news: News,
    pub(crate) hints: Hints,
    pub(crate) bells: Bells,
    /// What is to be read again in which folder.
    pub(crate) requests: ScanRequests,
    /// Folders that are watched by looking, for want of the system's watches.
    pub(crate) polled: Mutex<HashSet<FolderId>>,
    /// Listed photos that somebody looks at, the latest last.
    pub(crate) wanted: Mutex<Vec<PhotoId>>,
    /// What this machine itself last failed at, such as a full disk.
    pub(crate) trouble: Trouble,
    pub(crate) stop: CancellationToken,
    /// The library's own directory: never indexed.
    pub(crate) directory: PathBuf,
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
}

/// What was seen of single files and matters only until they are read. Lost at a stop, which costs
/// nothing but a moment.
#[derive(Debug, Default)]
pub(crate) struct Hints {
    /// Closed after writing: at rest without waiting.
    closed: Mutex<HashMap<PathBuf, Instant>>,
    /// Dropped by hand: to go up first.
    dropped: Mutex<HashMap<PathBuf, Instant>>,
}

/// Beyond this many, hints that nobody took are forgotten: their files wait to rest, as without them.
const MOST_HINTS: usize = 100_000;
const HINT_HOLDS: Duration = Duration::from_secs(60);

impl Hints {
    pub(crate) fn closed(&self, path: PathBuf) {
        note(&self.closed, path);
    }

    pub(crate) fn was_closed(&self, path: &Path) -> bool {
        lock(&self.closed).contains_key(path)
    }

    pub(crate) fn dropped(&self, path: PathBuf) {
        note(&self.dropped, path);
    }

    /// Forgets the hints of a file that was read; returns whether it was dropped by hand.
    pub(crate) fn take(&self, path: &Path) -> bool {
        lock(&self.closed).remove(path);
        lock(&self.dropped).remove(path).is_some()
    }
}

/// Parts of folders that are to be read again.
#[derive(Debug, Default)]
pub(crate) struct ScanRequests {
    waiting: Mutex<Vec<ScanRequest>>,
    /// The folder that is being read right now.
    running: Mutex<Option<FolderId>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ScanRequest {
    pub(crate) folder: FolderId,
    pub(crate) part: Part,
}

/// How much of a folder is to be read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Everything,
    /// What lies at and under these relative paths.
    Paths(Vec<PathBuf>),
}

impl ScanRequests {
    /// Adds a request; several for one folder become one.
    pub(crate) fn push(&self, request: ScanRequest) {
        let mut waiting = lock(&self.waiting);
        let Some(same) = waiting
            .iter_mut()
            .find(|other| other.folder == request.folder)
        else {
            waiting.push(request);
            return;
        };
        match (&mut same.part, request.part) {
            (Part::Everything, _) => {}
            (part, Part::Everything) => *part = Part::Everything,
            (Part::Paths(paths), Part::Paths(more)) => paths.extend(more),
        }
    }

    pub(crate) fn take(&self) -> Option<ScanRequest> {
        let mut waiting = lock(&self.waiting);
        if waiting.is_empty() {
            return None;
        }
        let request = waiting.remove(0);
        *lock(&self.running) = Some(request.folder);
        Some(request)
    }

    pub(crate) fn set_running(&self, folder: Option<FolderId>) {
        *lock(&self.running) = folder;
    }

    pub(crate) fn running(&self) -> Option<FolderId> {
        *lock(&self.running)
    }

    /// Nothing is being read, nor waits to be.
    pub(crate) fn is_idle(&self) -> bool {
        lock(&self.waiting).is_empty() && lock(&self.running).is_none()
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
        let error = error.into();
        tracing::error!(code = ?error.code, detail = error.detail, "a stage rests after a fault");
        *lock(&self.latest) = Some((Reason::new(error.code, error.detail), Instant::now()));
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
    /// Notes a fault of this machine and rests. Returns whether the engine goes on.
    pub(crate) async fn rest_after(&self, error: impl Into<CommandError>) -> bool {
        self.trouble.note(error);
        self.news.status();
        self.rest(REST_AFTER_FAULT).await
    }

    /// Asks for a folder to be read again.
    pub(crate) fn rescan(&self, folder: FolderId, part: Part) {
        self.requests.push(ScanRequest { folder, part });
        self.bells.scan.notify_one();
    }

    /// Waits, or returns early when the engine stops. Returns whether it goes on.
    pub(crate) async fn rest(&self, time: Duration) -> bool {
        tokio::select! {
            () = self.stop.cancelled() => false,
            () = tokio::time::sleep(time) => true,
        }
    }
}

/// A lock that is held for a moment, never across an await. A panic elsewhere leaves plain data.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn note(hints: &Mutex<HashMap<PathBuf, Instant>>, path: PathBuf) {
    let mut hints = lock(hints);
    if hints.len() >= MOST_HINTS {
        hints.retain(|_, since| since.elapsed() < HINT_HOLDS);
    }
    hints.insert(path, Instant::now());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_for_one_folder_become_one() {
        let requests = ScanRequests::default();
        let part = |name: &str| Part::Paths(vec![PathBuf::from(name)]);
        for (folder, part) in [
            (1, part("a")),
            (2, part("b")),
            (1, part("c")),
            (2, Part::Everything),
            (2, part("d")),
        ] {
            requests.push(ScanRequest {
                folder: FolderId(folder),
                part,
            });
        }
        let both = Part::Paths(vec!["a".into(), "c".into()]);
        assert_eq!(
            requests.take(),
            Some(ScanRequest {
                folder: FolderId(1),
                part: both
            })
        );
        assert_eq!(
            requests.take(),
            Some(ScanRequest {
                folder: FolderId(2),
                part: Part::Everything
            })
        );
        assert_eq!(requests.take(), None);
    }
}
