//! Thumbnails on disk, by the SHA-256 of their originals.
//!
//! **Invariant:** a file in the cache is whole: it is written under another name first.

use remote::Sha256;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

/// Pixels on the long side.
pub(crate) const SIZE: u32 = 512;

#[derive(Debug, Clone)]
pub(crate) struct ThumbCache {
    directory: PathBuf,
}

impl ThumbCache {
    pub(crate) fn new(directory: PathBuf) -> Self {
        Self { directory }
    }

    /// Where the thumbnail of this original is, or would be.
    pub(crate) fn path(&self, sha256: &Sha256) -> PathBuf {
        let hash = hex::encode(sha256);
        self.directory.join(&hash[..2]).join(format!("{hash}.webp"))
    }

    /// None: there is none.
    pub(crate) fn read(&self, sha256: &Sha256) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.path(sha256)) {
            Ok(bytes) => Ok(Some(bytes)),
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
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbnail_is_read_back_and_leaves_nothing_else() {
        let directory = tempfile::tempdir().unwrap();
        let cache = ThumbCache::new(directory.path().join("thumbs"));
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
}
