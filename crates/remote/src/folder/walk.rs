//! Listing a folder as a bucket would be listed: by key, byte by byte, in pages.

use super::disk::{Disk, object};
use crate::{Error, Object, Page, key};
use std::fs;

/// As many as a bucket shows at once.
const PAGE: usize = 1000;

/// One page of what stands after the key `after`.
pub(super) fn page(disk: &Disk, after: Option<&str>) -> Result<Page, Error> {
    let mut walk = Walk {
        disk,
        after: after.unwrap_or(""),
        objects: Vec::new(),
    };
    walk.folder("")?;
    let more = walk.objects.len() > PAGE;
    let mut objects = walk.objects;
    objects.truncate(PAGE);
    let next = objects.last().filter(|_| more).map(|last| last.key.clone());
    Ok(Page { objects, next })
}

struct Walk<'a> {
    disk: &'a Disk,
    after: &'a str,
    objects: Vec<Object>,
}

/// What a folder holds, by the text it sorts by: folders as if they ended in `/`.
enum Entry {
    File(String, fs::Metadata),
    Folder(String),
}

impl Walk<'_> {
    /// Collects what lies under `prefix` (empty, or ending in `/`), until there is one more than a page.
    fn folder(&mut self, prefix: &str) -> Result<(), Error> {
        for entry in self.entries(prefix)? {
            match entry {
                Entry::File(key, file) if key.as_str() > self.after => {
                    self.objects.push(object(key, &file));
                }
                Entry::File(..) => {}
                Entry::Folder(key) if self.may_hold_more(&key) => self.folder(&key)?,
                Entry::Folder(_) => {}
            }
            if self.objects.len() > PAGE {
                break;
            }
        }
        Ok(())
    }

    fn may_hold_more(&self, folder: &str) -> bool {
        folder > self.after || self.after.starts_with(folder)
    }

    fn entries(&self, prefix: &str) -> Result<Vec<Entry>, Error> {
        let folder = self.disk.root().join(prefix);
        let fault = |error| self.disk.fault(&folder, error);
        let mut entries = Vec::new();
        for entry in fs::read_dir(&folder).map_err(fault)? {
            let entry = entry.map_err(fault)?;
            let Ok(name) = entry.file_name().into_string() else {
                tracing::warn!(path = %entry.path().display(), "not listed: its name is not UTF-8");
                continue;
            };
            let key = format!("{prefix}{name}");
            if key::is_private(&key) {
                continue;
            }
            // A file that went away meanwhile is not there.
            let Ok(file) = fs::symlink_metadata(entry.path()) else {
                continue;
            };
            if file.is_dir() {
                entries.push(Entry::Folder(format!("{key}/")));
            } else if file.is_file() {
                entries.push(Entry::File(key, file));
            }
        }
        entries.sort_by(|a, b| a.sort_key().cmp(b.sort_key()));
        Ok(entries)
    }
}

impl Entry {
    fn sort_key(&self) -> &str {
        match self {
            Self::File(key, _) | Self::Folder(key) => key,
        }
    }
}
