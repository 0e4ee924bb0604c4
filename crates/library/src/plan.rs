//! Decides what changed in a watched folder since it was last read.
//!
//! A *change* compares one file on disk with one row of the library.
//!
//! **Invariant:** planning does no I/O. Scanning feeds it; the engine applies it. A folder that may
//! not be the one it was (see [`presence`]) yields no changes at all: a missing disk deletes nothing.

use crate::store::files::FileId;
use std::collections::HashMap;
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

/// Which part of a folder a scan looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scope {
    /// Directories that could not be listed or are not mounted, relative: what lies there is unknown,
    /// not gone.
    pub(crate) unreadable: Vec<PathBuf>,
    /// Only what lies at or under these relative paths was looked at; none: everything.
    pub(crate) only: Option<Vec<PathBuf>>,
}

/// Whether a folder's root is the one it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Online,
    Offline,
}

/// A root that was listed completely, beside what was known of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RootSeen {
    /// Files that the library knows to be there, and how many of them are.
    pub(crate) known: usize,
    pub(crate) known_found: usize,
    /// Files with a photo's name that the library does not know.
    pub(crate) new_photos: usize,
}

/// A root without any of its files and without others is an empty mount point, or an empty disk in the
/// place of the one that was. A person who empties a folder while imgn looks on is believed: those
/// files are gone one by one.
pub(crate) fn presence(root: RootSeen) -> Presence {
    if root.known > 0 && root.known_found == 0 && root.new_photos == 0 {
        Presence::Offline
    } else {
        Presence::Online
    }
}

/// The changes that make the library's rows agree with the disk, in path order.
pub(crate) fn changes(
    on_disk: &HashMap<PathBuf, Seen>,
    known: &HashMap<PathBuf, Known>,
    scope: &Scope,
) -> Vec<Change> {
    let mut found: Vec<(&Path, Change)> = Vec::new();
    for (path, seen) in on_disk {
        let change = match known.get(path) {
            None => Some(Change::Added {
                path: path.clone(),
                seen: *seen,
            }),
            Some(row) => compare(row, *seen),
        };
        found.extend(change.map(|change| (path.as_path(), change)));
    }
    for (path, row) in known {
        if !row.gone && !on_disk.contains_key(path) && scope.covers(path) {
            found.push((path, Change::Vanished { id: row.id }));
        }
    }
    // Additions first: a moved file finds the photo of its old row before that row is gone.
    found.sort_by(|(a_path, a), (b_path, b)| {
        a.order().cmp(&b.order()).then_with(|| a_path.cmp(b_path))
    });
    found.into_iter().map(|(_, change)| change).collect()
}

fn compare(row: &Known, seen: Seen) -> Option<Change> {
    // The device number of a removable disk changes from mount to mount, and so may its inodes:
    // size and times decide here.
    let same = row.seen.size == seen.size
        && row.seen.mtime_ns == seen.mtime_ns
        && row.seen.ctime_ns == seen.ctime_ns;
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
            unreadable: Vec::new(),
            only: None,
        }
    }

    fn covers(&self, path: &Path) -> bool {
        let looked_at = self
            .only
            .as_ref()
            .is_none_or(|only| only.iter().any(|scope| path.starts_with(scope)));
        looked_at
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
        let known = row
            .map(|(seen, gone)| (path, Known { id: ID, seen, gone }))
            .into_iter()
            .collect();
        changes(&on_disk, &known, scope)
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
            only: None,
        };
        assert_eq!(plan(None, Some((A, false)), &unreadable), []);
        let elsewhere = Scope {
            unreadable: vec![],
            only: Some(vec!["2020".into()]),
        };
        assert_eq!(plan(None, Some((A, false)), &elsewhere), []);
        let here = Scope {
            unreadable: vec![],
            only: Some(vec!["2019".into()]),
        };
        assert_eq!(
            plan(None, Some((A, false)), &here),
            [Change::Vanished { id: ID }]
        );
    }

    #[test]
    fn an_empty_mount_point_is_offline() {
        let cases = [
            //  name                       known found new expected
            ("as it was", 5, 5, 0, Presence::Online),
            ("empty mount point", 5, 0, 0, Presence::Offline),
            ("some were deleted", 5, 1, 0, Presence::Online),
            ("made anew, other photos", 5, 0, 3, Presence::Online),
            ("had nothing before", 0, 0, 0, Presence::Online),
        ];
        for (name, known, known_found, new_photos, expected) in cases {
            let root = RootSeen {
                known,
                known_found,
                new_photos,
            };
            assert_eq!(presence(root), expected, "{name}");
        }
    }

    #[test]
    fn a_move_is_seen_before_the_old_place_is_given_up() {
        let on_disk = HashMap::from([(PathBuf::from("z/new.jpg"), A)]);
        let known = HashMap::from([(
            PathBuf::from("a/old.jpg"),
            Known {
                id: ID,
                seen: A,
                gone: false,
            },
        )]);
        let changes = changes(&on_disk, &known, &Scope::everything());
        assert!(matches!(
            changes.as_slice(),
            [Change::Added { .. }, Change::Vanished { .. }]
        ));
    }
}
