//! Thumbnails on disk, by the SHA-256 of their originals, up to a size that the person chose.
//!
//! It is a cache: what was not looked at for longest is dropped when it grows too large, and made or
//! fetched again when somebody looks.
//!
//! **Invariant:** a file in the cache is whole: it is written under another name first.

use crate::lock::lock;
use remote::Sha256;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

/// Pixels on the long side.
pub(crate) const SIZE: u32 = 512;

/// A file's time says when it was last looked at, this exactly: writing it at each look would cost more
/// than the order is worth.
const LOOKED_AT: Duration = Duration::from_secs(24 * 60 * 60);
/// Dropped down to this part of the limit, so that the next thumbnail does not begin it anew.
const KEPT_PERCENT: u64 = 90;

#[derive(Debug, Clone)]
pub(crate) struct ThumbCache {
    directory: PathBuf,
    /// Bytes that it holds; none: not counted yet.
    held: Arc<Mutex<Option<u64>>>,
}

impl ThumbCache {
    pub(crate) fn new(directory: PathBuf) -> Self {
        Self {
            directory,
            held: Arc::default(),
        }
    }

    /// Where the thumbnail of this original is, or would be.
    pub(crate) fn path(&self, sha256: &Sha256) -> PathBuf {
        let hash = hex::encode(sha256);
        self.directory.join(&hash[..2]).join(format!("{hash}.webp"))
    }

    /// None: there is none.
    pub(crate) fn read(&self, sha256: &Sha256) -> io::Result<Option<Vec<u8>>> {
        let path = self.path(sha256);
        match fs::read(&path) {
            Ok(bytes) => {
                note_look(&path);
                Ok(Some(bytes))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Not synced to disk: a thumbnail can be made again.
    pub(crate) fn write(&self, sha256: &Sha256, webp: &[u8]) -> io::Result<()> {
        let path = self.path(sha256);
        let folder = path.parent().expect("the path has a folder by its making");
        fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(webp)?;
        file.persist(path)?;
        if let Some(held) = lock(&self.held).as_mut() {
            *held += webp.len() as u64;
        }
        Ok(())
    }

    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    /// What it holds.
    pub(crate) fn bytes(&self) -> io::Result<u64> {
        if let Some(held) = *lock(&self.held) {
            return Ok(held);
        }
        Ok(self.files()?.iter().map(|file| file.size).sum())
    }

    /// Drops what was not looked at for longest, if there is more than `limit` bytes. Returns how many
    /// files went.
    pub(crate) fn keep_within(&self, limit: u64) -> io::Result<usize> {
        if lock(&self.held).is_some_and(|held| held <= limit) {
            return Ok(0);
        }
        let mut files = self.files()?;
        let mut held: u64 = files.iter().map(|file| file.size).sum();
        let mut dropped = 0;
        if held > limit {
            files.sort_unstable_by_key(|file| file.looked_at);
            let kept = limit / 100 * KEPT_PERCENT;
            for file in files {
                if held <= kept {
                    break;
                }
                fs::remove_file(&file.path)?;
                held -= file.size;
                dropped += 1;
            }
        }
        *lock(&self.held) = Some(held);
        Ok(dropped)
    }

    fn files(&self) -> io::Result<Vec<Cached>> {
        let mut files = Vec::new();
        let folders = match fs::read_dir(&self.directory) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(files),
            folders => folders?,
        };
        for folder in folders {
            let folder = folder?;
            if !folder.file_type()?.is_dir() {
                continue;
            }
            for entry in fs::read_dir(folder.path())? {
                let entry = entry?;
                // One that is just being put in its place is gone a moment later.
                let Ok(metadata) = entry.metadata() else {
                    continue;
                };
                files.push(Cached {
                    looked_at: metadata.modified()?,
                    size: metadata.len(),
                    path: entry.path(),
                });
            }
        }
        Ok(files)
    }
}

struct Cached {
    looked_at: SystemTime,
    size: u64,
    path: PathBuf,
}

fn note_look(path: &std::path::Path) {
    let now = SystemTime::now();
    let touched = || -> io::Result<()> {
        let before = fs::metadata(path)?.modified()?;
        if now.duration_since(before).unwrap_or_default() > LOOKED_AT {
            fs::File::options()
                .write(true)
                .open(path)?
                .set_modified(now)?;
        }
        Ok(())
    };
    // Only the order of what is dropped hangs on it.
    if let Err(error) = touched() {
        tracing::debug!(path = %path.display(), %error, "a look at a thumbnail is not noted");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache() -> (tempfile::TempDir, ThumbCache) {
        let directory = tempfile::tempdir().unwrap();
        let cache = ThumbCache::new(directory.path().join("thumbs"));
        (directory, cache)
    }

    #[test]
    fn a_thumbnail_is_read_back_and_leaves_nothing_else() {
        let (directory, cache) = cache();
        assert_eq!(cache.read(&[7; 32]).unwrap(), None);
        cache.write(&[7; 32], b"webp").unwrap();
        assert_eq!(cache.read(&[7; 32]).unwrap(), Some(b"webp".to_vec()));
        assert_eq!(
            fs::read_dir(directory.path().join("thumbs/07"))
                .unwrap()
                .count(),
            1
        );
    }

    /// Ten of 100 bytes, the first looked at longest ago.
    fn ten_thumbnails(cache: &ThumbCache) {
        for n in 0..10 {
            cache.write(&[n; 32], &[n; 100]).unwrap();
            let days = u64::from(40 - n);
            fs::File::options()
                .write(true)
                .open(cache.path(&[n; 32]))
                .unwrap()
                .set_modified(SystemTime::now() - LOOKED_AT * u32::try_from(days).unwrap())
                .unwrap();
        }
    }

    #[test]
    fn what_was_not_looked_at_for_longest_gives_way() {
        let (_directory, cache) = cache();
        ten_thumbnails(&cache);
        // A look at the oldest one makes it the newest.
        cache.read(&[0; 32]).unwrap().unwrap();
        assert_eq!(cache.keep_within(500).unwrap(), 6);
        let left: Vec<u8> = (0..10).filter(|n| cache.path(&[*n; 32]).exists()).collect();
        assert_eq!(left, [0, 7, 8, 9]);
    }

    #[test]
    fn within_its_limit_nothing_gives_way_and_nothing_is_counted_twice() {
        let (_directory, cache) = cache();
        ten_thumbnails(&cache);
        assert_eq!(cache.keep_within(1_000).unwrap(), 0);
        cache.write(&[11; 32], &[11; 100]).unwrap();
        assert_eq!(*lock(&cache.held), Some(1_100));
        assert_eq!(cache.keep_within(1_000).unwrap(), 2);
        assert_eq!(*lock(&cache.held), Some(900));
    }

    #[test]
    fn a_cache_that_was_never_written_is_within_any_limit() {
        let (_directory, cache) = cache();
        assert_eq!(cache.keep_within(0).unwrap(), 0);
    }
}
