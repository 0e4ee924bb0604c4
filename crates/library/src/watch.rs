//! Notices changes in the watched folders as they happen, and asks for what changed to be read again.
//!
//! The system's watches may run out or lose events: then a folder is read as a whole, now and then
//! ("polling"). Roots are looked at every few seconds, since a disk that is pulled out says nothing.

mod pending;

use crate::context::Context;
use crate::disk;
use crate::lock::lock;
use crate::patterns::Lines;
use crate::requests::Part;
use crate::store::folders::{self, Folder, FolderId};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use pending::Pending;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// Events are collected for this long before they are acted upon.
const COLLECT: Duration = Duration::from_millis(50);
/// Roots are looked at this often.
const LOOK_AT_ROOTS: Duration = Duration::from_secs(2);
/// A root that does not answer for so long is not there.
const PATIENCE: Duration = Duration::from_secs(5);
/// A folder without the system's watches is read this often.
const POLL: Duration = Duration::from_secs(30);
/// Even a watched folder is read as a whole this often: an event may have been lost unsaid. One that is
/// polled is tried to be watched again as often: the system may have watches left by then.
const SAFETY: Duration = Duration::from_secs(60 * 60);

/// Runs until the engine stops.
pub(crate) async fn run(context: &Arc<Context>) {
    let pending = Arc::new(Pending::default());
    let mut watched = Watched::new(Arc::clone(&pending));
    let mut roots_due = Instant::now();
    loop {
        if Instant::now() >= roots_due {
            watched.look_at_roots(context).await;
            roots_due = Instant::now() + LOOK_AT_ROOTS;
        }
        watched.look_at_what_came().await;
        pending.flush(context, &watched.roots(), Instant::now());
        let wait = pending
            .next(Instant::now())
            .map_or(roots_due, |due| due.min(roots_due));
        tokio::select! {
            () = context.stop.cancelled() => return,
            () = pending.bell.notified() => tokio::time::sleep(COLLECT).await,
            () = tokio::time::sleep_until(wait.into()) => {}
        }
    }
}

/// The folders, and how each is watched.
struct Watched {
    pending: Arc<Pending>,
    folders: HashMap<FolderId, Root>,
    /// Looks at roots that have not answered: none is looked at a second time meanwhile, for each takes a thread.
    unanswered: HashMap<PathBuf, JoinHandle<Option<Identity>>>,
}

struct Root {
    path: PathBuf,
    /// What was there when the watch was set.
    identity: Option<Identity>,
    watch: Watch,
    read_again: Instant,
    /// The patterns that it was last read with.
    patterns: Lines,
}

/// What the system tells of a folder.
#[derive(Default)]
struct Watch {
    /// The watch ends with it.
    system: Option<Arc<Mutex<RecommendedWatcher>>>,
    /// Since when the system does not tell of all that is in it.
    polled: Option<Instant>,
}

/// Another one means that a disk came, went or was exchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
    mounts: Vec<(PathBuf, String)>,
}

impl Watched {
    fn new(pending: Arc<Pending>) -> Self {
        Self {
            pending,
            folders: HashMap::new(),
            unanswered: HashMap::new(),
        }
    }

    fn roots(&self) -> BTreeMap<PathBuf, FolderId> {
        self.folders
            .iter()
            .map(|(id, root)| (root.path.clone(), *id))
            .collect()
    }

    /// Takes up new folders, lets go of removed ones, and notices roots that came, went or changed.
    async fn look_at_roots(&mut self, context: &Arc<Context>) {
        let rows = match context.store.read(folders::all).await {
            Ok(rows) => rows,
            Err(error) => {
                tracing::error!(%error, "cannot read which folders are watched");
                return;
            }
        };
        let ids: HashSet<FolderId> = rows.iter().map(|row| row.id).collect();
        self.folders.retain(|id, _| ids.contains(id));
        for row in rows {
            self.look_at(context, &row).await;
        }
    }

    async fn look_at(&mut self, context: &Arc<Context>, row: &Folder) {
        let identity = self.identity(&row.path).await;
        let now = Instant::now();
        let patterns = Lines::of(&context.settings.now(), row);
        let ran_out = self.pending.ran_out(row.id);
        let known = self.folders.get(&row.id);
        if let Some(root) = known
            && root.identity == identity
            && root.patterns == patterns
            && !(ran_out && root.watch.polled.is_none())
            && now < root.read_again
        {
            return;
        }
        let before = self.folders.remove(&row.id);
        let before = before.filter(|root| root.identity == identity);
        let watch = match before.map(|root| root.watch) {
            Some(watch) if watch.polled.is_some_and(|since| now < since + SAFETY) => watch,
            // What there is of it still tells most changes at once.
            Some(watch) if watch.polled.is_none() => Watch {
                polled: ran_out.then_some(now),
                ..watch
            },
            old => {
                // Its watches are free again before new ones are taken.
                drop(old);
                self.pending.begin(row.id);
                match identity {
                    Some(_) => self.watch(row, now).await,
                    None => Watch::default(),
                }
            }
        };
        let polled = watch.polled.is_some();
        let changed = if polled {
            lock(&context.polled).insert(row.id)
        } else {
            lock(&context.polled).remove(&row.id)
        };
        if changed {
            context.news.status();
        }
        let again = if polled { POLL } else { SAFETY };
        self.folders.insert(
            row.id,
            Root {
                path: row.path.clone(),
                identity,
                watch,
                read_again: now + again,
                patterns,
            },
        );
        // After the watch is set: what changed before it is found by reading.
        context.rescan(row.id, Part::Everything);
    }

    /// None: it is not there, or does not answer.
    async fn identity(&mut self, root: &Path) -> Option<Identity> {
        let mut look = match self.unanswered.remove(root) {
            Some(look) if !look.is_finished() => {
                self.unanswered.insert(root.to_owned(), look);
                return None;
            }
            Some(look) => look,
            None => {
                let root = root.to_owned();
                tokio::task::spawn_blocking(move || identity(&root))
            }
        };
        match tokio::time::timeout(PATIENCE, &mut look).await {
            Ok(answer) => answer.ok().flatten(),
            Err(_) => {
                self.unanswered.insert(root.to_owned(), look);
                None
            }
        }
    }

    async fn watch(&self, row: &Folder, now: Instant) -> Watch {
        let (pending, id, path) = (Arc::clone(&self.pending), row.id, row.path.clone());
        let set = tokio::task::spawn_blocking(move || {
            let mut watcher = notify::recommended_watcher(move |event| pending.take_in(id, event))?;
            watcher.watch(&path, RecursiveMode::Recursive)?;
            Ok::<_, notify::Error>(watcher)
        });
        match set.await {
            Ok(Ok(watcher)) => Watch {
                system: Some(Arc::new(Mutex::new(watcher))),
                polled: None,
            },
            Ok(Err(error)) => {
                tracing::warn!(path = %row.path.display(), %error, "cannot watch a folder; looking every so often");
                Watch {
                    system: None,
                    polled: Some(now),
                }
            }
            Err(error) => {
                tracing::error!(%error, "setting a watch ended unexpectedly");
                Watch {
                    system: None,
                    polled: Some(now),
                }
            }
        }
    }

    /// Has what came into being looked at, once the folders among it are watched: what is made in one of
    /// them before that is found by the look, and what is made afterwards is told.
    async fn look_at_what_came(&self) {
        let came = self.pending.take_what_came();
        if came.is_empty() {
            return;
        }
        if !self.catch_up().await {
            self.pending.look_at_later(&came, Instant::now());
        }
        self.pending.look_at(came);
    }

    /// Waits until the system's watchers are done with what they told so far. Returns whether they are.
    async fn catch_up(&self) -> bool {
        let watchers = self.folders.values();
        let watchers: Vec<_> = watchers
            .filter_map(|root| root.watch.system.clone())
            .collect();
        let asked = tokio::task::spawn_blocking(move || {
            // A watcher answers this when it has done all that came before.
            let answers = |watcher: &Arc<Mutex<RecommendedWatcher>>| {
                lock(watcher).configure(notify::Config::default()).is_ok()
            };
            watchers.iter().all(answers)
        });
        let answered = tokio::time::timeout(PATIENCE, asked).await;
        let done = matches!(answered, Ok(Ok(true)));
        if !done {
            tracing::warn!("the system's watch does not answer; new folders are looked at twice");
        }
        done
    }
}

/// None: it is not there.
fn identity(root: &Path) -> Option<Identity> {
    let metadata = std::fs::metadata(root).ok()?;
    Some(Identity {
        device: metadata.dev(),
        inode: metadata.ino(),
        mounts: disk::mounted_below(root),
    })
}
