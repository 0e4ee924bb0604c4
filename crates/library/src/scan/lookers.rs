//! Looks at each file of the directories that a walk lists.
//!
//! A look at each file takes the system longest: threads share it. One alone lists the directories, so that
//! of two ways to one directory it is always the same that is gone.
//!
//! **Invariant:** a file is looked at once, and what was looked at is told when all threads have ended.

use super::Extent;
use crate::lock::lock;
use crate::plan::Seen;
use std::fs::DirEntry;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::{Scope, ScopedJoinHandle};
use std::time::Instant;

pub(super) struct Lookers<'scope> {
    /// What is not handed out.
    looked: Looked,
    seen: usize,
    deadline: Option<Instant>,
    threads: Vec<ScopedJoinHandle<'scope, Looked>>,
    work: Option<SyncSender<Directory>>,
}

/// Entries of a directory that are no directories, or were none when it was listed.
struct Directory {
    relative: PathBuf,
    entries: Vec<DirEntry>,
}

pub(super) struct Looked {
    deadline: Option<Instant>,
    pub(super) extent: Extent,
    pub(super) files: Vec<(PathBuf, Seen)>,
    pub(super) directories: Vec<PathBuf>,
    pub(super) unreadable: Vec<PathBuf>,
}

const LOOKERS: usize = 2;
/// Files that are not worth a thread.
const FEW: usize = 256;
/// Directories that wait to be looked at.
const WAITING: usize = 16;

impl<'scope> Lookers<'scope> {
    pub(super) fn until(deadline: Option<Instant>) -> Self {
        Self {
            looked: Looked::until(deadline),
            seen: 0,
            deadline,
            threads: Vec::new(),
            work: None,
        }
    }

    pub(super) fn look_at(
        &mut self,
        relative: &Path,
        entries: Vec<DirEntry>,
        scope: &'scope Scope<'scope, '_>,
    ) {
        self.seen += entries.len();
        let directory = Directory {
            relative: relative.to_owned(),
            entries,
        };
        if self.seen > FEW && self.work.is_none() {
            self.begin(scope);
        }
        match &self.work {
            Some(work) => {
                if let Err(left) = work.send(directory) {
                    self.looked.look(left.0);
                }
            }
            None => self.looked.look(directory),
        }
    }

    /// Where no thread is to be had, it is done without.
    fn begin(&mut self, scope: &'scope Scope<'scope, '_>) {
        let (work, waiting) = sync_channel::<Directory>(WAITING);
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..LOOKERS {
            let waiting = Arc::clone(&waiting);
            let deadline = self.deadline;
            let look = move || {
                let mut looked = Looked::until(deadline);
                loop {
                    let next = lock(&waiting).recv();
                    let Ok(directory) = next else {
                        return looked;
                    };
                    looked.look(directory);
                }
            };
            match std::thread::Builder::new().spawn_scoped(scope, look) {
                Ok(thread) => self.threads.push(thread),
                Err(error) => tracing::debug!(%error, "one thread less looks at files"),
            }
        }
        self.work = Some(work).filter(|_| !self.threads.is_empty());
    }

    pub(super) fn end(self) -> Vec<Looked> {
        drop(self.work);
        let looked = self
            .threads
            .into_iter()
            .map(|thread| thread.join().expect("looking at files does not panic"));
        looked.chain([self.looked]).collect()
    }
}

pub(super) fn is_over(deadline: Option<Instant>) -> bool {
    deadline.is_some_and(|until| Instant::now() > until)
}

impl Looked {
    fn until(deadline: Option<Instant>) -> Self {
        Self {
            deadline,
            extent: Extent::Whole,
            files: Vec::new(),
            directories: Vec::new(),
            unreadable: Vec::new(),
        }
    }

    fn look(&mut self, directory: Directory) {
        self.files.reserve(directory.entries.len());
        for entry in directory.entries {
            if is_over(self.deadline) {
                self.extent = Extent::CutShort;
                return;
            }
            let path = directory.relative.join(entry.file_name());
            match entry.metadata() {
                Ok(metadata) if metadata.is_dir() => self.directories.push(path),
                Ok(metadata) => self.files.push((path, Seen::of(&metadata))),
                // One that vanished between the list and the look is not there.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(_) => self.unreadable.push(path),
            }
        }
    }
}
