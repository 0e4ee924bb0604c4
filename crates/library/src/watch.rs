//! Notices changes in the watched folders as they happen, and asks for what changed to be read again.
//!
//! The system's watches may run out or lose events: then a folder is read as a whole, now and then
//! ("polling"). Roots are looked at every few seconds, since a disk that is pulled out says nothing.

use crate::context::Context;
use crate::disk;
use crate::lock::lock;
use crate::patterns;
use crate::requests::Part;
use crate::store::folders::{self, Folder, FolderId};
use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// Events are collected for this long before they are acted upon.
const COLLECT: Duration = Duration::from_millis(50);
/// What is being written is looked at this often.
const WRITING: Duration = Duration::from_secs(1);
/// Roots are looked at this often.
const LOOK_AT_ROOTS: Duration = Duration::from_secs(2);
/// A root that does not answer for so long is not there.
const PATIENCE: Duration = Duration::from_secs(5);
/// A folder without the system's watches is read this often.
const POLL: Duration = Duration::from_secs(30);
/// Even a watched folder is read as a whole this often: an event may have been lost unsaid.
const SAFETY: Duration = Duration::from_secs(60 * 60);
/// With more paths than this at once, the whole folder is read.
const MOST_PATHS: usize = 20_000;

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
}

struct Root {
    path: PathBuf,
    /// What was there when the watch was set.
    identity: Option<Identity>,
    /// Ends with it; none: polled, or not there.
    watcher: Option<RecommendedWatcher>,
    read_again: Instant,
    /// The patterns that it was last read with.
    patterns: Vec<String>,
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
        let identity = identity(row.path.clone()).await;
        let now = Instant::now();
        let patterns = patterns::lines(&context.settings.now(), row);
        let known = self.folders.get(&row.id);
        if let Some(root) = known
            && root.identity == identity
            && root.patterns == patterns
            && now < root.read_again
        {
            return;
        }
        let moved = known.is_none_or(|root| root.identity != identity);
        let watcher = match self.folders.remove(&row.id) {
            Some(root) if !moved => root.watcher,
            _ if identity.is_none() => None,
            _ => self.watch(context, row).await,
        };
        let polled = watcher.is_none() && identity.is_some();
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
                watcher,
                read_again: now + again,
                patterns,
            },
        );
        // After the watch is set: what changed before it is found by reading.
        context.rescan(row.id, Part::Everything);
    }

    async fn watch(&self, context: &Context, row: &Folder) -> Option<RecommendedWatcher> {
        let pending = Arc::clone(&self.pending);
        let path = row.path.clone();
        let set = tokio::task::spawn_blocking(move || {
            let mut watcher = notify::recommended_watcher(move |event| pending.take_in(event))?;
            watcher.watch(&path, RecursiveMode::Recursive)?;
            Ok::<_, notify::Error>(watcher)
        });
        match set.await {
            Ok(Ok(watcher)) => Some(watcher),
            Ok(Err(error)) => {
                tracing::warn!(path = %row.path.display(), %error, "cannot watch a folder; looking every so often");
                context.news.status();
                None
            }
            Err(error) => {
                tracing::error!(%error, "setting a watch ended unexpectedly");
                None
            }
        }
    }
}

/// Paths that changed and were not yet passed on.
#[derive(Default)]
struct Pending {
    bell: Notify,
    changes: Mutex<Changes>,
}

#[derive(Default)]
struct Changes {
    now: HashSet<PathBuf>,
    closed: HashSet<PathBuf>,
    /// To be looked at (again) at a time.
    later: HashMap<PathBuf, Instant>,
    /// Events were lost.
    lost: bool,
}

impl Pending {
    /// Called by the system's watcher, on its own thread.
    fn take_in(&self, event: notify::Result<notify::Event>) {
        let mut changes = lock(&self.changes);
        match event {
            Ok(event) if event.need_rescan() => changes.lost = true,
            Ok(event) => changes.add(event, Instant::now()),
            Err(error) => {
                tracing::warn!(%error, "the system's watch failed; reading everything again");
                changes.lost = true;
            }
        }
        drop(changes);
        self.bell.notify_one();
    }

    /// When something is to be looked at again.
    fn next(&self, now: Instant) -> Option<Instant> {
        let changes = lock(&self.changes);
        let waiting = !changes.now.is_empty() || changes.lost;
        let soonest = changes.later.values().min().copied();
        if waiting { Some(now) } else { soonest }
    }

    /// Asks for what changed to be read again.
    fn flush(&self, context: &Context, roots: &BTreeMap<PathBuf, FolderId>, now: Instant) {
        let (paths, closed, lost) = {
            let mut changes = lock(&self.changes);
            let due: Vec<PathBuf> = changes
                .later
                .iter()
                .filter(|(_, due)| **due <= now)
                .map(|(path, _)| path.clone())
                .collect();
            for path in &due {
                changes.later.remove(path);
            }
            changes.now.extend(due);
            (
                std::mem::take(&mut changes.now),
                std::mem::take(&mut changes.closed),
                std::mem::take(&mut changes.lost),
            )
        };
        for path in closed {
            context.hints.closed(path);
        }
        if lost || paths.len() > MOST_PATHS {
            for id in roots.values() {
                context.rescan(*id, Part::Everything);
            }
            return;
        }
        let mut by_folder: HashMap<FolderId, Vec<PathBuf>> = HashMap::new();
        for path in paths {
            if let Some((id, relative)) = folder_of(roots, &path) {
                by_folder.entry(id).or_default().push(relative);
            }
        }
        for (id, paths) in by_folder {
            let whole = paths.iter().any(|path| path.as_os_str().is_empty());
            context.rescan(
                id,
                if whole {
                    Part::Everything
                } else {
                    Part::Paths(paths)
                },
            );
        }
    }
}

impl Changes {
    fn add(&mut self, event: notify::Event, now: Instant) {
        for path in event.paths {
            match event.kind {
                EventKind::Access(AccessKind::Close(AccessMode::Write)) => {
                    self.later.remove(&path);
                    self.closed.insert(path.clone());
                    self.now.insert(path);
                }
                EventKind::Access(_) => {}
                // It is still being written: no need to look at every block.
                EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Any) => {
                    self.closed.remove(&path);
                    self.later.entry(path).or_insert(now + WRITING);
                }
                // What was made in it before it was watched is found by a second look.
                EventKind::Create(CreateKind::Folder) => {
                    self.later.insert(path.clone(), now + WRITING);
                    self.now.insert(path);
                }
                _ => {
                    self.now.insert(path);
                }
            }
        }
    }
}

/// None: it is not there, or does not answer.
async fn identity(root: PathBuf) -> Option<Identity> {
    let look = tokio::task::spawn_blocking(move || {
        let metadata = std::fs::metadata(&root).ok()?;
        Some(Identity {
            device: metadata.dev(),
            inode: metadata.ino(),
            mounts: disk::mounted_below(&root),
        })
    });
    tokio::time::timeout(PATIENCE, look).await.ok()?.ok()?
}

/// The innermost watched folder that holds `path`, and the path below it.
fn folder_of(roots: &BTreeMap<PathBuf, FolderId>, path: &Path) -> Option<(FolderId, PathBuf)> {
    path.ancestors().find_map(|ancestor| {
        let id = roots.get(ancestor)?;
        Some((*id, path.strip_prefix(ancestor).ok()?.to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_belongs_to_the_innermost_folder() {
        let roots = BTreeMap::from([
            (PathBuf::from("/pictures"), FolderId(1)),
            (PathBuf::from("/pictures/imgn"), FolderId(2)),
        ]);
        let cases = [
            (
                "/pictures/a.jpg",
                Some((FolderId(1), PathBuf::from("a.jpg"))),
            ),
            (
                "/pictures/imgn/2019/b.jpg",
                Some((FolderId(2), PathBuf::from("2019/b.jpg"))),
            ),
            ("/pictures", Some((FolderId(1), PathBuf::new()))),
            ("/elsewhere/c.jpg", None),
        ];
        for (path, expected) in cases {
            assert_eq!(folder_of(&roots, Path::new(path)), expected, "{path}");
        }
    }

    #[test]
    fn a_file_being_written_is_looked_at_later_and_a_closed_one_now() {
        let path = PathBuf::from("/pictures/a.jpg");
        let event = |kind| notify::Event::new(kind).add_path(path.clone());
        let mut changes = Changes::default();
        let now = Instant::now();
        changes.add(event(EventKind::Modify(ModifyKind::Any)), now);
        assert!(changes.now.is_empty() && changes.later.contains_key(&path));
        changes.add(
            event(EventKind::Access(AccessKind::Close(AccessMode::Write))),
            now,
        );
        assert!(
            changes.now.contains(&path)
                && changes.closed.contains(&path)
                && changes.later.is_empty()
        );
    }
}
