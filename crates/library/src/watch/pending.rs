//! What the system's watches told, until it is passed on to be read again.
//!
//! **Invariant:** nothing that was told is dropped: it is passed on path by path, or, when there is too
//! much of it or some was lost, as the whole of every folder.

use crate::context::{Bells, Context};
use crate::hints::Hints;
use crate::lock::lock;
use crate::requests::{MOST_PATHS, Part};
use crate::store::folders::FolderId;
use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind};
use notify::{ErrorKind, EventKind};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// What is being written is looked at this often.
const WRITING: Duration = Duration::from_secs(1);

/// Paths that changed and were not yet passed on.
#[derive(Debug, Default)]
pub(super) struct Pending {
    pub(super) bell: Notify,
    changes: Mutex<Changes>,
}

#[derive(Debug, Default)]
struct Changes {
    now: HashSet<PathBuf>,
    closed: HashSet<PathBuf>,
    /// Folders and files that came into being, were moved here or got other rights: a folder is watched a
    /// moment after that is told.
    came: HashSet<PathBuf>,
    /// To be looked at (again) at a time.
    later: HashMap<PathBuf, Instant>,
    /// Events were lost.
    lost: bool,
    /// Folders for which the system had no watches left.
    ran_out: HashSet<FolderId>,
}

impl Pending {
    /// Called by the system's watcher of a folder, on its own thread.
    pub(super) fn take_in(&self, folder: FolderId, event: notify::Result<notify::Event>) {
        let mut changes = lock(&self.changes);
        match event {
            // The bulk of them by far, our own reading included: nobody need wake for it.
            Ok(event) if is_idle(event.kind) && !event.need_rescan() => return,
            Ok(event) => changes.add(event, Instant::now()),
            Err(error) => changes.fail(folder, &error),
        }
        drop(changes);
        self.bell.notify_one();
    }

    /// When something is to be looked at again.
    pub(super) fn next(&self, now: Instant) -> Option<Instant> {
        let changes = lock(&self.changes);
        let waiting = !changes.now.is_empty() || !changes.came.is_empty() || changes.lost;
        let soonest = changes.later.values().min().copied();
        if waiting { Some(now) } else { soonest }
    }

    /// What came into being. It is to be [`Self::look_at`] once the folders among it are watched.
    pub(super) fn take_what_came(&self) -> HashSet<PathBuf> {
        std::mem::take(&mut lock(&self.changes).came)
    }

    pub(super) fn look_at(&self, paths: HashSet<PathBuf>) {
        lock(&self.changes).now.extend(paths);
    }

    pub(super) fn look_at_later(&self, paths: &HashSet<PathBuf>, now: Instant) {
        let mut changes = lock(&self.changes);
        let later = paths.iter().map(|path| (path.clone(), now + WRITING));
        changes.later.extend(later);
    }

    /// Whether the system had no watches left for what came into being in a folder.
    pub(super) fn ran_out(&self, folder: FolderId) -> bool {
        lock(&self.changes).ran_out.contains(&folder)
    }

    /// The folder is to be watched anew.
    pub(super) fn begin(&self, folder: FolderId) {
        lock(&self.changes).ran_out.remove(&folder);
    }

    /// Asks for what changed to be read again.
    pub(super) fn flush(
        &self,
        context: &Context,
        roots: &BTreeMap<PathBuf, FolderId>,
        now: Instant,
    ) {
        let due = lock(&self.changes).due(now);
        note_closed(due.closed, &context.hints, &context.bells);
        if due.lost || due.now.len() > MOST_PATHS {
            for id in roots.values() {
                context.rescan(*id, Part::Everything);
            }
            return;
        }
        let mut by_folder: HashMap<FolderId, Vec<PathBuf>> = HashMap::new();
        for path in due.now {
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

/// The row of a file may be waiting already for it to rest: then nothing else would say that it does.
fn note_closed(closed: HashSet<PathBuf>, hints: &Hints, bells: &Bells) {
    if closed.is_empty() {
        return;
    }
    for path in closed {
        hints.closed(path);
    }
    bells.index.notify_one();
}

/// What is to be passed on.
struct Due {
    now: HashSet<PathBuf>,
    closed: HashSet<PathBuf>,
    lost: bool,
}

impl Changes {
    fn add(&mut self, event: notify::Event, now: Instant) {
        // Its queue overflowed.
        if event.need_rescan() {
            tracing::warn!("the system dropped what it had to tell; reading everything again");
            self.lost = true;
        }
        for path in event.paths {
            match event.kind {
                EventKind::Access(AccessKind::Close(AccessMode::Write)) => {
                    self.later.remove(&path);
                    self.closed.insert(path.clone());
                    self.now.insert(path);
                }
                // It is still being written: no need to look at every block.
                EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Any) => {
                    self.closed.remove(&path);
                    self.later.entry(path).or_insert(now + WRITING);
                }
                // What is made or moved in may be a folder with more in it, and one that was closed may be open.
                EventKind::Create(CreateKind::Folder | CreateKind::Any)
                | EventKind::Modify(ModifyKind::Name(_) | ModifyKind::Metadata(_)) => {
                    self.came.insert(path);
                }
                _ => {
                    self.now.insert(path);
                }
            }
        }
    }

    fn fail(&mut self, folder: FolderId, error: &notify::Error) {
        if matches!(error.kind, ErrorKind::MaxFilesWatch) {
            self.ran_out.insert(folder);
        } else {
            tracing::warn!(%error, "the system's watch failed; reading everything again");
            self.lost = true;
        }
    }

    fn due(&mut self, now: Instant) -> Due {
        let later = std::mem::take(&mut self.later);
        let (due, later): (HashMap<_, _>, HashMap<_, _>) =
            later.into_iter().partition(|(_, due)| *due <= now);
        self.later = later;
        self.now.extend(due.into_keys());
        Due {
            now: std::mem::take(&mut self.now),
            closed: std::mem::take(&mut self.closed),
            lost: std::mem::take(&mut self.lost),
        }
    }
}

/// Nothing changed: something was opened or read.
fn is_idle(kind: EventKind) -> bool {
    matches!(kind, EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write))
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
    use notify::event::{DataChange, Flag, MetadataKind, RenameMode};

    const FOLDER: FolderId = FolderId(1);

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

    fn event(kind: EventKind) -> notify::Event {
        notify::Event::new(kind).add_path("/pictures/a".into())
    }

    const CLOSED: EventKind = EventKind::Access(AccessKind::Close(AccessMode::Write));

    #[test]
    fn each_event_is_acted_upon_at_its_time() {
        let cases = [
            //  told                                                 now    came   later
            (CLOSED, (true, false, false)),
            (
                EventKind::Modify(ModifyKind::Data(DataChange::Any)),
                (false, false, true),
            ),
            (EventKind::Create(CreateKind::File), (true, false, false)),
            (EventKind::Create(CreateKind::Folder), (false, true, false)),
            (
                EventKind::Modify(ModifyKind::Name(RenameMode::To)),
                (false, true, false),
            ),
            (
                EventKind::Modify(ModifyKind::Metadata(MetadataKind::Any)),
                (false, true, false),
            ),
        ];
        for (kind, expected) in cases {
            let mut changes = Changes::default();
            changes.add(event(kind), Instant::now());
            let noted = (
                !changes.now.is_empty(),
                !changes.came.is_empty(),
                !changes.later.is_empty(),
            );
            assert_eq!(noted, expected, "{kind:?}");
        }
    }

    #[test]
    fn a_file_being_written_is_looked_at_later_and_a_closed_one_now() {
        let now = Instant::now();
        let mut changes = Changes::default();
        changes.add(event(EventKind::Modify(ModifyKind::Any)), now);
        assert!(changes.due(now).now.is_empty());
        changes.add(event(CLOSED), now);
        let due = changes.due(now);
        assert!(due.now.len() == 1 && due.closed.len() == 1 && changes.later.is_empty());
    }

    #[test]
    fn a_file_that_was_read_while_it_was_written_need_not_rest_once_it_is_closed() {
        let (hints, bells) = (Hints::default(), Bells::default());
        let rang = || {
            let rang = std::pin::pin!(bells.index.notified());
            let mut nobody = std::task::Context::from_waker(std::task::Waker::noop());
            rang.poll(&mut nobody).is_ready()
        };
        note_closed(HashSet::new(), &hints, &bells);
        assert!(!rang());
        let path = PathBuf::from("/pictures/a.jpg");
        note_closed(HashSet::from([path.clone()]), &hints, &bells);
        assert!(hints.was_closed(&path) && rang());
    }

    #[test]
    fn a_queue_that_overflowed_has_everything_read_again() {
        let pending = Pending::default();
        let overflow = notify::Event::new(EventKind::Other).set_flag(Flag::Rescan);
        pending.take_in(FOLDER, Ok(overflow));
        let now = Instant::now();
        assert_eq!(pending.next(now), Some(now));
        let mut changes = lock(&pending.changes);
        assert!(changes.due(now).lost);
        assert!(!changes.due(now).lost, "once is enough");
    }

    #[test]
    fn a_folder_that_ran_out_of_watches_is_known_until_it_is_watched_anew() {
        let pending = Pending::default();
        let error = notify::Error::new(ErrorKind::MaxFilesWatch);
        pending.take_in(FOLDER, Err(error));
        assert!(pending.ran_out(FOLDER) && !pending.ran_out(FolderId(2)));
        pending.begin(FOLDER);
        assert!(!pending.ran_out(FOLDER));
    }
}
