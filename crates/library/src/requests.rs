//! What is to be read again in the watched folders.

use crate::lock::lock;
use crate::store::folders::FolderId;
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Mutex;

/// With more paths than this at once, the whole folder is read.
pub(crate) const MOST_PATHS: usize = 20_000;

/// Parts of folders that are to be read again.
#[derive(Debug, Default)]
pub(crate) struct ScanRequests {
    waiting: Mutex<Vec<ScanRequest>>,
    /// The folders that are being read right now.
    running: Mutex<HashSet<FolderId>>,
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
            (Part::Paths(paths), Part::Paths(more)) => {
                paths.extend(more);
                if paths.len() > MOST_PATHS {
                    same.part = Part::Everything;
                }
            }
        }
    }

    /// The next request for a folder that is not being read; the folder then is, until [`Self::done`].
    pub(crate) fn take(&self) -> Option<ScanRequest> {
        let mut waiting = lock(&self.waiting);
        let mut running = lock(&self.running);
        let next = waiting
            .iter()
            .position(|request| !running.contains(&request.folder))?;
        let request = waiting.remove(next);
        running.insert(request.folder);
        Some(request)
    }

    pub(crate) fn done(&self, folder: FolderId) {
        lock(&self.running).remove(&folder);
    }

    /// Whether it is being read, or waits to be read as a whole.
    pub(crate) fn is_under_way(&self, folder: FolderId) -> bool {
        let whole =
            |request: &ScanRequest| request.folder == folder && request.part == Part::Everything;
        let waits = lock(&self.waiting).iter().any(whole);
        waits || lock(&self.running).contains(&folder)
    }

    /// Nothing is being read, nor waits to be.
    pub(crate) fn is_idle(&self) -> bool {
        lock(&self.waiting).is_empty() && lock(&self.running).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_waits_to_be_read_is_under_way_before_it_is() {
        let requests = ScanRequests::default();
        let folder = FolderId(1);
        assert!(!requests.is_under_way(folder));
        let part = Part::Everything;
        requests.push(ScanRequest { folder, part });
        assert!(requests.is_under_way(folder));
        requests.take();
        assert!(requests.is_under_way(folder));
        requests.done(folder);
        assert!(!requests.is_under_way(folder));
    }

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
        requests.push(ScanRequest {
            folder: FolderId(1),
            part: part("e"),
        });
        assert_eq!(requests.take(), None, "a folder is read by one at a time");
        requests.done(FolderId(1));
        assert!(requests.take().is_some());
    }
}
