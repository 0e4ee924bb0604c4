//! The files that a look at a folder found, by their path below it.
//!
//! Paths are told apart byte by byte, as the system does: a path's own comparison goes component by
//! component, which for each of a hundred thousand files is most of the work.

use crate::plan::Seen;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Files(HashMap<OsString, (Seen, usize)>);

impl Files {
    pub(crate) fn insert(&mut self, path: PathBuf, seen: Seen) {
        let number = self.0.len();
        match self.0.entry(path.into_os_string()) {
            Entry::Occupied(mut known) => known.get_mut().0 = seen,
            Entry::Vacant(free) => {
                free.insert((seen, number));
            }
        }
    }

    pub(crate) fn reserve(&mut self, more: usize) {
        self.0.reserve(more);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn get(&self, path: &Path) -> Option<Seen> {
        self.numbered(path).map(|(seen, _)| seen)
    }

    /// With a number of its own, below the number of files.
    pub(crate) fn numbered(&self, path: &Path) -> Option<(Seen, usize)> {
        self.0.get(path.as_os_str()).copied()
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.0.keys().map(Path::new)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Path, Seen)> {
        self.all().map(|(path, seen, _)| (path, seen))
    }

    /// Each with its number.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&Path, Seen, usize)> {
        let all = self.0.iter();
        all.map(|(path, (seen, number))| (Path::new(path), *seen, *number))
    }

    pub(crate) fn into_paths(self) -> impl Iterator<Item = PathBuf> {
        self.0.into_keys().map(PathBuf::from)
    }
}

impl FromIterator<(PathBuf, Seen)> for Files {
    fn from_iter<T: IntoIterator<Item = (PathBuf, Seen)>>(found: T) -> Self {
        let mut files = Self::default();
        for (path, seen) in found {
            files.insert(path, seen);
        }
        files
    }
}
