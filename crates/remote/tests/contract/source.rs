//! Originals on this machine.

use jiff::Timestamp;
use remote::{Key, Original, Sha256};
use sha2::Digest;
use std::path::PathBuf;
use tempfile::TempDir;

/// A file that is to be put.
pub(crate) struct Source {
    pub(crate) bytes: Vec<u8>,
    pub(crate) path: PathBuf,
    pub(crate) sha256: Sha256,
    _folder: TempDir,
}

impl Source {
    pub(crate) fn new(bytes: impl Into<Vec<u8>>) -> Self {
        let (bytes, folder) = (bytes.into(), tempfile::tempdir().unwrap());
        let path = folder.path().join("source.jpg");
        std::fs::write(&path, &bytes).unwrap();
        Self {
            sha256: sha2::Sha256::digest(&bytes).into(),
            bytes,
            path,
            _folder: folder,
        }
    }

    /// `size` bytes that do not repeat.
    pub(crate) fn of_size(size: usize, seed: u8) -> Self {
        let mut state = u64::from(seed) + 1;
        let bytes: Vec<u8> = std::iter::repeat_with(|| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        })
        .take(size)
        .collect();
        Self::new(bytes)
    }

    pub(crate) fn original(&self) -> Original<'_> {
        Original {
            path: &self.path,
            size: self.bytes.len() as u64,
            sha256: self.sha256,
            mtime: "2019-02-03T10:11:12.345678Z".parse::<Timestamp>().unwrap(),
            content_type: "image/jpeg",
            taken_at: None,
        }
    }
}

pub(crate) fn key(key: &str) -> Key {
    Key::parse(key).unwrap()
}

/// For puts whose progress nobody watches.
pub(crate) fn quiet(_: u64) {}
