//! Listing a folder as a bucket would be listed: by key, byte by byte, in pages.
//!
//! **Invariant:** every folder is read once for a whole list, however many pages it has: the walk
//! is kept between them.

use super::disk::{Disk, object};
use crate::lock::lock;
use crate::{Error, Object, Page, key};
use std::fs::{self, ReadDir};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::Mutex;
use std::vec;

/// As many as a bucket shows at once.
const PAGE: usize = 1000;

/// Lists, page by page.
#[derive(Debug, Default)]
pub(super) struct Lister {
    /// The walk of the list that was begun last. Never held while the disk is read.
    begun: Mutex<Option<Walk>>,
}

impl Lister {
    /// One page of what stands after the key `after`.
    pub(super) fn page(&self, disk: &Disk, after: Option<&str>) -> Result<Page, Error> {
        let after = after.unwrap_or("");
        let kept = self.begun().take().filter(|walk| walk.last == after);
        let mut walk = match kept {
            Some(walk) => walk,
            None => Walk::after(disk, after)?,
        };
        let mut objects = Vec::new();
        while objects.len() < PAGE
            && let Some(object) = walk.next(disk)?
        {
            objects.push(object);
        }
        walk.peeked = walk.next(disk)?;
        let next = match objects.last() {
            Some(last) if walk.peeked.is_some() => {
                walk.last.clone_from(&last.key);
                *self.begun() = Some(walk);
                Some(last.key.clone())
            }
            _ => None,
        };
        Ok(Page {
            objects,
            next,
            partial: false,
        })
    }

    fn begun(&self) -> std::sync::MutexGuard<'_, Option<Walk>> {
        lock(&self.begun)
    }
}

/// A place in a list.
#[derive(Debug)]
struct Walk {
    /// The last key that was listed.
    last: String,
    /// The next object, when it has been looked at already.
    peeked: Option<Object>,
    /// What is left of the folders from the root down to where the walk is.
    left: Vec<vec::IntoIter<Entry>>,
}

/// What a folder holds, by the text it sorts by: folders as if they ended in `/`.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry(String);

impl Walk {
    fn after(disk: &Disk, after: &str) -> Result<Self, Error> {
        let mut walk = Self {
            last: after.to_owned(),
            peeked: None,
            left: Vec::new(),
        };
        walk.enter(disk, "")?;
        Ok(walk)
    }

    fn next(&mut self, disk: &Disk) -> Result<Option<Object>, Error> {
        if let Some(object) = self.peeked.take() {
            return Ok(Some(object));
        }
        while let Some(folder) = self.left.last_mut() {
            let Some(Entry(key)) = folder.next() else {
                self.left.pop();
                continue;
            };
            if key.ends_with('/') {
                self.enter(disk, &key)?;
                continue;
            }
            let path = disk.root().join(&key);
            match fs::symlink_metadata(&path) {
                Ok(file) if file.is_file() => return Ok(Some(object(key, &file))),
                Ok(_) => {}
                Err(error) => skip(disk, &path, error)?,
            }
        }
        Ok(None)
    }

    /// Goes into the folder `prefix` (empty, or ending in `/`).
    fn enter(&mut self, disk: &Disk, prefix: &str) -> Result<(), Error> {
        let path = disk.root().join(prefix);
        match fs::read_dir(&path) {
            Ok(folder) => {
                let mut entries = self.entries(disk, prefix, folder)?;
                entries.sort_unstable();
                self.left.push(entries.into_iter());
                Ok(())
            }
            Err(error) if prefix.is_empty() => Err(disk.unreadable(&path, error)),
            Err(error) => skip(disk, &path, error),
        }
    }

    /// What of a folder may still be listed, as far as its names and kinds tell.
    fn entries(&self, disk: &Disk, prefix: &str, folder: ReadDir) -> Result<Vec<Entry>, Error> {
        let mut entries = Vec::new();
        for entry in folder {
            let entry = entry.map_err(|error| disk.unreadable(&disk.root().join(prefix), error))?;
            let Ok(name) = entry.file_name().into_string() else {
                tracing::warn!(path = %entry.path().display(), "not listed: its name is not UTF-8");
                continue;
            };
            let mut key = format!("{prefix}{name}");
            if key::is_private(&key) || disk.is_half_written(&key) {
                continue;
            }
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => key.push('/'),
                Ok(kind) if kind.is_file() => {}
                Ok(_) => continue,
                Err(error) => {
                    skip(disk, &entry.path(), error)?;
                    continue;
                }
            }
            if key > self.last || (key.ends_with('/') && self.last.starts_with(&key)) {
                entries.push(Entry(key));
            }
        }
        Ok(entries)
    }
}

/// Goes on without what went away meanwhile, or belongs to somebody else: a disk has a `lost+found`.
fn skip(disk: &Disk, path: &Path, error: io::Error) -> Result<(), Error> {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory if disk.root().is_dir() => Ok(()),
        ErrorKind::PermissionDenied => {
            tracing::warn!(path = %path.display(), %error, "not listed");
            Ok(())
        }
        _ => Err(disk.unreadable(path, error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(root: &Path, key: &str) {
        let path = root.join(key);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "photo").unwrap();
    }

    fn keys(page: &Page) -> Vec<&str> {
        page.objects.iter().map(|object| &*object.key).collect()
    }

    #[test]
    fn a_folder_is_not_read_again_for_every_page() {
        let root = tempfile::tempdir().unwrap();
        for i in 0..2500 {
            put(root.path(), &format!("{}/{i:04}.jpg", i / 1250));
        }
        let (disk, lister) = (Disk::new(root.path().to_owned()), Lister::default());
        let first = lister.page(&disk, None).unwrap();
        // What is put before the next page into a folder that was read already is not in this list,
        // and is in the next; what went away is in neither.
        put(root.path(), "0/1249-later.jpg");
        fs::remove_file(root.path().join("0/1249.jpg")).unwrap();
        let second = lister.page(&disk, first.next.as_deref()).unwrap();
        assert!(!keys(&second).contains(&"0/1249-later.jpg"));
        assert!(!keys(&second).contains(&"0/1249.jpg"));
        assert!(keys(&second).contains(&"0/1248.jpg"));
        let third = lister.page(&disk, second.next.as_deref()).unwrap();
        assert_eq!(third.next, None);
        assert_eq!(third.objects.len(), 499);

        let again = Lister::default()
            .page(&disk, first.next.as_deref())
            .unwrap();
        assert!(keys(&again).contains(&"0/1249-later.jpg"));
    }

    #[test]
    fn a_list_goes_on_from_any_key() {
        let root = tempfile::tempdir().unwrap();
        let all = [
            "2023.jpg",
            "2023/a.jpg",
            "2023/b/c.jpg",
            "2024/a.jpg",
            "z.jpg",
        ];
        for key in all {
            put(root.path(), key);
        }
        let (disk, lister) = (Disk::new(root.path().to_owned()), Lister::default());
        for (i, after) in all.iter().enumerate() {
            let page = lister.page(&disk, Some(after)).unwrap();
            assert_eq!(keys(&page), all[i + 1..], "after {after}");
        }
        assert_eq!(
            keys(&lister.page(&disk, Some("2023/aa")).unwrap()),
            all[2..]
        );
    }
}
