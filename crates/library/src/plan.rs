//! Decides what changed in a watched folder since it was last read.
//!
//! A *change* compares one file on disk with one row of the library.
//!
//! **Invariant:** planning does no I/O. Scanning feeds it; the engine applies it. Each disk is compared
//! with what is known of that disk alone (see [`standing`]): a missing one deletes nothing.

mod recognition;

pub(crate) use recognition::{Candidate, Standing, There, standing};

use crate::on_disk::Files;
use crate::store::files::FileId;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// What the system says about a file; enough to tell that it need not be read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Seen {
    pub(crate) device: u64,
    pub(crate) inode: u64,
    pub(crate) size: u64,
    pub(crate) mtime_ns: i64,
    /// When the system last changed anything of it; tells of an edit that kept size and time.
    pub(crate) ctime_ns: i64,
}

/// A file's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) id: FileId,
    pub(crate) seen: Seen,
    pub(crate) gone: bool,
}

/// One difference between the disk and the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    Added {
        path: PathBuf,
        seen: Seen,
    },
    /// Other size or time: its bytes are to be read again.
    Modified {
        id: FileId,
        seen: Seen,
    },
    /// It was gone, and is there as it was.
    Returned {
        id: FileId,
    },
    Vanished {
        id: FileId,
    },
}

/// Which part of a folder is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scope {
    /// Where the disk is mounted, relative; empty: the folder's root.
    pub(crate) place: PathBuf,
    /// Directories that could not be listed or hold another disk, relative: what lies there of this one
    /// is unknown, not gone.
    pub(crate) unreadable: Vec<PathBuf>,
    /// Only what lies at or under these relative paths was looked at; none: everything.
    pub(crate) only: Option<HashSet<PathBuf>>,
    /// Files that are there, and that a person leaves out: to the library they are not.
    pub(crate) left_out: HashSet<PathBuf>,
}

/// A folder's files on the way of being compared with their rows.
pub(crate) struct Comparison<'a> {
    on_disk: &'a Files,
    scope: &'a Scope,
    /// Which files have a row, by their numbers.
    known: Vec<bool>,
    found: Vec<(PathBuf, Change)>,
}

impl<'a> Comparison<'a> {
    pub(crate) fn new(on_disk: &'a Files, scope: &'a Scope) -> Self {
        Self {
            on_disk,
            scope,
            known: vec![false; on_disk.len()],
            found: Vec::new(),
        }
    }

    /// Takes in one row; each path has at most one.
    pub(crate) fn row(&mut self, path: &Path, row: Known) {
        let there = self.on_disk.numbered(path);
        let there = there.filter(|_| !self.scope.leaves_out(path));
        let change = match there {
            Some((seen, number)) => {
                self.known[number] = true;
                compare(&row, seen)
            }
            None => (!row.gone).then_some(Change::Vanished { id: row.id }),
        };
        if let Some(change) = change.filter(|_| self.scope.covers(path)) {
            self.found.push((path.to_owned(), change));
        }
    }

    /// The changes that make the library's rows agree with the disk, in path order.
    pub(crate) fn changes(self) -> Vec<Change> {
        let Self {
            on_disk,
            scope,
            known,
            mut found,
        } = self;
        if known.contains(&false) {
            for (path, seen, number) in on_disk.all() {
                if !known[number] && !scope.leaves_out(path) && scope.covers(path) {
                    let path = path.to_owned();
                    found.push((path.clone(), Change::Added { path, seen }));
                }
            }
        }
        // Additions first: a moved file finds the photo of its old row before that row is gone.
        found.sort_by(|(a_path, a), (b_path, b)| {
            a.order().cmp(&b.order()).then_with(|| a_path.cmp(b_path))
        });
        found.into_iter().map(|(_, change)| change).collect()
    }
}

fn compare(row: &Known, seen: Seen) -> Option<Change> {
    // The device number of a removable disk changes from mount to mount, and so may its inodes:
    // size and times decide here.
    let same = row.seen.has_size_and_time_of(seen) && row.seen.ctime_ns == seen.ctime_ns;
    match (same, row.gone) {
        (true, false) => None,
        (true, true) => Some(Change::Returned { id: row.id }),
        (false, _) => Some(Change::Modified { id: row.id, seen }),
    }
}

impl Scope {
    #[cfg(test)]
    fn everything() -> Self {
        Self {
            place: PathBuf::new(),
            unreadable: Vec::new(),
            only: None,
            left_out: HashSet::new(),
        }
    }

    fn leaves_out(&self, path: &Path) -> bool {
        !self.left_out.is_empty() && self.left_out.contains(path)
    }

    fn covers(&self, path: &Path) -> bool {
        let looked_at = self
            .only
            .as_ref()
            .is_none_or(|only| path.ancestors().any(|part| only.contains(part)));
        looked_at
            && path.starts_with(&self.place)
            && !self
                .unreadable
                .iter()
                .any(|directory| path.starts_with(directory))
    }
}

impl Change {
    fn order(&self) -> u8 {
        match self {
            Self::Added { .. } => 0,
            Self::Returned { .. } => 1,
            Self::Modified { .. } => 2,
            Self::Vanished { .. } => 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Seen = Seen {
        device: 1,
        inode: 10,
        size: 100,
        mtime_ns: 5,
        ctime_ns: 5,
    };
    const EDITED: Seen = Seen {
        size: 120,
        mtime_ns: 9,
        ..A
    };
    const TOUCHED: Seen = Seen { mtime_ns: 9, ..A };
    const CHANGED_INSIDE: Seen = Seen { ctime_ns: 9, ..A };
    const REMOUNTED: Seen = Seen {
        device: 7,
        inode: 3,
        ..A
    };
    const ID: FileId = FileId(1);

    fn plan(disk: Option<Seen>, row: Option<(Seen, bool)>, scope: &Scope) -> Vec<Change> {
        let path = PathBuf::from("2019/a.jpg");
        let on_disk = disk.map(|seen| (path.clone(), seen)).into_iter().collect();
        let mut comparison = Comparison::new(&on_disk, scope);
        if let Some((seen, gone)) = row {
            comparison.row(&path, Known { id: ID, seen, gone });
        }
        comparison.changes()
    }

    #[test]
    fn a_file_is_compared_with_its_row() {
        let added = Change::Added {
            path: "2019/a.jpg".into(),
            seen: A,
        };
        let cases = [
            //  name                      on disk          in library         expected
            ("new file", Some(A), None, Some(added)),
            ("unchanged", Some(A), Some((A, false)), None),
            (
                "other mount, same file",
                Some(REMOUNTED),
                Some((A, false)),
                None,
            ),
            (
                "edited",
                Some(EDITED),
                Some((A, false)),
                Some(Change::Modified {
                    id: ID,
                    seen: EDITED,
                }),
            ),
            (
                "touched",
                Some(TOUCHED),
                Some((A, false)),
                Some(Change::Modified {
                    id: ID,
                    seen: TOUCHED,
                }),
            ),
            (
                "edited, size and time kept",
                Some(CHANGED_INSIDE),
                Some((A, false)),
                Some(Change::Modified {
                    id: ID,
                    seen: CHANGED_INSIDE,
                }),
            ),
            (
                "deleted",
                None,
                Some((A, false)),
                Some(Change::Vanished { id: ID }),
            ),
            ("still gone", None, Some((A, true)), None),
            (
                "came back",
                Some(A),
                Some((A, true)),
                Some(Change::Returned { id: ID }),
            ),
            (
                "came back edited",
                Some(EDITED),
                Some((A, true)),
                Some(Change::Modified {
                    id: ID,
                    seen: EDITED,
                }),
            ),
        ];
        for (name, disk, row, expected) in cases {
            assert_eq!(
                plan(disk, row, &Scope::everything()),
                Vec::from_iter(expected),
                "{name}"
            );
        }
    }

    #[test]
    fn what_was_not_looked_at_is_not_gone() {
        let unreadable = Scope {
            unreadable: vec!["2019".into()],
            ..Scope::everything()
        };
        assert_eq!(plan(None, Some((A, false)), &unreadable), []);
        let elsewhere = Scope {
            only: Some(HashSet::from(["2020".into()])),
            ..Scope::everything()
        };
        assert_eq!(plan(None, Some((A, false)), &elsewhere), []);
        let other_disk = Scope {
            place: "2020".into(),
            ..Scope::everything()
        };
        assert_eq!(plan(None, Some((A, false)), &other_disk), []);
        assert_eq!(plan(Some(A), None, &other_disk), []);
        let here = Scope {
            only: Some(HashSet::from(["2019".into()])),
            ..Scope::everything()
        };
        assert_eq!(
            plan(None, Some((A, false)), &here),
            [Change::Vanished { id: ID }]
        );
    }

    #[test]
    fn what_is_left_out_leaves_the_library_and_comes_back_unread() {
        let left_out = Scope {
            left_out: HashSet::from(["2019/a.jpg".into()]),
            ..Scope::everything()
        };
        let vanished = Change::Vanished { id: ID };
        assert_eq!(plan(Some(A), Some((A, false)), &left_out), [vanished]);
        assert_eq!(plan(Some(A), Some((A, true)), &left_out), []);
        assert_eq!(plan(Some(A), None, &left_out), []);
        let returned = Change::Returned { id: ID };
        assert_eq!(
            plan(Some(A), Some((A, true)), &Scope::everything()),
            [returned]
        );
    }

    #[test]
    fn a_move_is_seen_before_the_old_place_is_given_up() {
        let on_disk = Files::from_iter([(PathBuf::from("z/new.jpg"), A)]);
        let scope = Scope::everything();
        let mut comparison = Comparison::new(&on_disk, &scope);
        let known = Known {
            id: ID,
            seen: A,
            gone: false,
        };
        comparison.row(Path::new("a/old.jpg"), known);
        let changes = comparison.changes();
        assert!(matches!(
            changes.as_slice(),
            [Change::Added { .. }, Change::Vanished { .. }]
        ));
    }
}
