//! Notices changes in the watched folders as they happen, and asks for what changed to be read again.
//!
//! The system's watches may run out or lose events: then a folder is read as a whole, now and then
//! ("polling"). Roots are looked at every few seconds, since a disk that is pulled out says nothing.
//!
//! **Invariant:** a disk that does not answer holds up its own folder alone, and one thread of each kind:
//! what was asked of it is not asked again before it has answered.

mod pending;
mod system;

use crate::blocking::blocking;
use crate::context::Context;
use crate::disk;
use crate::lock::lock;
use crate::patterns::Lines;
use crate::requests::Part;
use crate::store::folders::{self, Folder, FolderId};
use notify::{RecommendedWatcher, Watcher};
use pending::Pending;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::task::{Id, JoinError, JoinHandle, JoinSet};

/// Events are collected for this long before they are acted upon.
const COLLECT: Duration = Duration::from_millis(50);
/// Roots are looked at this often.
const LOOK_AT_ROOTS: Duration = Duration::from_secs(2);
/// A root that does not answer for so long is not there; one whose watch is not set by then is polled.
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
            Some(set) = watched.setting.join_next_with_id() => watched.set(context, set),
            () = pending.bell.notified() => tokio::time::sleep(COLLECT).await,
            () = tokio::time::sleep_until(wait.into()) => {}
        }
    }
}

/// The folders, and how each is watched.
struct Watched {
    pending: Arc<Pending>,
    folders: HashMap<FolderId, Root>,
    /// Looks at roots that have not answered.
    unanswered: HashMap<PathBuf, JoinHandle<Option<Identity>>>,
    /// Watches that are being set, and for what.
    setting: JoinSet<notify::Result<Set>>,
    being_set: HashMap<FolderId, BeingSet>,
    /// A wait for watchers to catch up that has not ended.
    catching_up: Option<JoinHandle<bool>>,
}

/// A watch that was set.
struct Set {
    watcher: RecommendedWatcher,
    plain: HashSet<PathBuf>,
}

struct BeingSet {
    task: Id,
    identity: Identity,
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
    /// Directories of which the system tells, but of what is below them only where it is told to: one of
    /// those may not be read, or it is a link itself.
    plain: HashSet<PathBuf>,
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
            setting: JoinSet::new(),
            being_set: HashMap::new(),
            catching_up: None,
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
        let identities = self.identities(&rows).await;
        for (row, identity) in rows.iter().zip(identities) {
            self.look_at(context, row, identity);
        }
    }

    fn look_at(&mut self, context: &Context, row: &Folder, identity: Option<Identity>) {
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
        let mut begun = false;
        let watch = match before.map(|root| root.watch) {
            // Until the watch is set the system tells nothing.
            Some(watch) if self.being_set.contains_key(&row.id) => Watch {
                polled: watch.polled.or(Some(now)),
                ..watch
            },
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
                match &identity {
                    // An earlier one hangs yet: its end has this one looked at anew.
                    Some(_) if self.being_set.contains_key(&row.id) => Watch {
                        polled: Some(now),
                        ..Watch::default()
                    },
                    Some(identity) => {
                        self.begin_to_watch(row, identity.clone());
                        begun = true;
                        Watch::default()
                    }
                    None => Watch::default(),
                }
            }
        };
        note_polled(context, row.id, &watch);
        let again = if begun { PATIENCE } else { watch.read_after() };
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
        // What changed before the watch is set is found by reading after it.
        if !begun {
            context.rescan(row.id, Part::Everything);
        }
    }

    /// What is at each root now, all asked at once. None: it is not there, or does not answer.
    async fn identities(&mut self, rows: &[Folder]) -> Vec<Option<Identity>> {
        let until = tokio::time::Instant::now() + PATIENCE;
        let mut looks = Vec::new();
        for row in rows {
            let look = match self.unanswered.remove(&row.path) {
                Some(look) if !look.is_finished() => {
                    self.unanswered.insert(row.path.clone(), look);
                    None
                }
                Some(look) => Some(look),
                None => {
                    let root = row.path.clone();
                    Some(tokio::spawn(blocking(move || identity(&root))))
                }
            };
            looks.push((row, look));
        }
        let mut identities = Vec::new();
        for (row, look) in looks {
            let Some(mut look) = look else {
                identities.push(None);
                continue;
            };
            identities.push(match tokio::time::timeout_at(until, &mut look).await {
                Ok(answer) => answer.ok().flatten(),
                Err(_) => {
                    tracing::warn!(path = %row.path.display(), "a watched folder does not answer");
                    self.unanswered.insert(row.path.clone(), look);
                    None
                }
            });
        }
        identities
    }

    fn begin_to_watch(&mut self, row: &Folder, identity: Identity) {
        let (pending, id, path) = (Arc::clone(&self.pending), row.id, row.path.clone());
        let set = self.setting.spawn(blocking(move || {
            let handler = move |event| pending.take_in(id, event);
            let mut watcher = RecommendedWatcher::new(handler, system::in_the_folder_alone())?;
            let plain = system::watch_readable(&mut watcher, &path)?;
            Ok(Set { watcher, plain })
        }));
        let task = set.id();
        self.being_set.insert(id, BeingSet { task, identity });
    }

    /// Takes in that a watch was set, or could not be.
    fn set(&mut self, context: &Context, ended: Result<(Id, notify::Result<Set>), JoinError>) {
        let (task, watcher) = match ended {
            Ok((task, watcher)) => (task, watcher),
            Err(error) => (error.id(), Err(notify::Error::generic(&error.to_string()))),
        };
        let begun = self.being_set.iter().find(|(_, set)| set.task == task);
        let Some(id) = begun.map(|(id, _)| *id) else {
            return;
        };
        let meant = self.being_set.remove(&id).map(|set| set.identity);
        let Some(root) = self.folders.get_mut(&id) else {
            return;
        };
        if root.identity != meant {
            // It is of a disk that was there before.
            self.folders.remove(&id);
            return;
        }
        root.watch = match watcher {
            Ok(Set { watcher, plain }) => Watch {
                system: Some(Arc::new(Mutex::new(watcher))),
                plain,
                polled: None,
            },
            Err(error) => {
                tracing::warn!(path = %root.path.display(), %error, "cannot watch a folder; looking every so often");
                Watch {
                    polled: Some(Instant::now()),
                    ..Watch::default()
                }
            }
        };
        root.read_again = Instant::now() + root.watch.read_after();
        note_polled(context, id, &root.watch);
        context.rescan(id, Part::Everything);
    }

    /// Has what came into being looked at, once the folders among it are watched: what is made in one of
    /// them before that is found by the look, and what is made afterwards is told.
    async fn look_at_what_came(&mut self) {
        let came = self.pending.take_what_came();
        if came.is_empty() {
            return;
        }
        if !self.catch_up(&came).await {
            self.pending.look_at_later(&came, Instant::now());
        }
        self.pending.look_at(came);
    }

    /// Has what came watched too, where the system does not do so by itself, and waits until its watchers
    /// are done with what they told so far. Returns whether they are.
    async fn catch_up(&mut self, came: &HashSet<PathBuf>) -> bool {
        if let Some(asked) = self.catching_up.take_if(|asked| asked.is_finished()) {
            drop(asked);
        }
        if self.catching_up.is_some() {
            return false;
        }
        let watchers = self.folders.values().filter_map(|root| {
            let around = |path: &Path| {
                path.parent()
                    .is_some_and(|it| root.watch.plain.contains(it))
            };
            let new: Vec<_> = came.iter().filter(|path| around(path)).cloned().collect();
            Some((root.watch.system.clone()?, new))
        });
        let watchers: Vec<_> = watchers.collect();
        let mut asked = tokio::spawn(blocking(move || {
            // A watcher answers this when it has done all that came before.
            watchers.iter().all(|(watcher, new)| {
                let mut watcher = lock(watcher);
                system::watch_new(&mut watcher, new);
                watcher.configure(system::in_the_folder_alone()).is_ok()
            })
        }));
        let answered = tokio::time::timeout(PATIENCE, &mut asked).await;
        let done = matches!(answered, Ok(Ok(true)));
        if answered.is_err() {
            self.catching_up = Some(asked);
        }
        if !done {
            tracing::warn!("the system's watch does not answer; new folders are looked at twice");
        }
        done
    }
}

impl Watch {
    /// When the folder is read as a whole, after it last was.
    fn read_after(&self) -> Duration {
        match self.polled {
            Some(_) => POLL,
            None => SAFETY,
        }
    }
}

fn note_polled(context: &Context, folder: FolderId, watch: &Watch) {
    let changed = if watch.polled.is_some() {
        lock(&context.polled).insert(folder)
    } else {
        lock(&context.polled).remove(&folder)
    };
    if changed {
        context.news.status();
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
