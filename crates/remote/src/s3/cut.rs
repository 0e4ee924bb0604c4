//! How an original is cut into parts, and what each of them is.
//!
//! **Invariant:** the hashes of the parts come from one reading of the file, whose whole had the
//! SHA-256 that it was said to have. A part that goes up has its hash or does not go up, so parts of
//! different files never become one object.

use crate::meter::{Feed, Meter};
use crate::{Error, Original, Sha256, source};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use md5::Md5;
use sha2::Digest;
use std::io::Read;
use std::path::{Path, PathBuf};

const MIB: u64 = 1024 * 1024;
/// What stores take.
pub(super) const MOST: u64 = 10_000;
const CHUNK: usize = 256 * 1024;

/// From which size on originals go up in parts, and how large these are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut {
    /// The most that goes up in one piece.
    pub(super) whole: u64,
    /// The smallest part but the last; stores want 5 MiB.
    pub(super) part: u64,
}

impl Default for Cut {
    fn default() -> Self {
        Self {
            whole: 64_000_000,
            part: 16 * MIB,
        }
    }
}

impl Cut {
    /// Bytes of every part but the last: more where there would be too many parts.
    pub(super) fn part_size(self, size: u64) -> u64 {
        let needed = size.div_ceil(MOST - 1).next_multiple_of(MIB);
        self.part.max(needed)
    }
}

/// An original that was read once, part by part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) md5: [u8; 16],
    pub(super) hashes: Vec<Sha256>,
}

/// Where part `number` (from 1) begins, and how long it is.
pub(super) fn range(number: u32, part_size: u64, size: u64) -> (u64, u64) {
    let offset = u64::from(number - 1) * part_size;
    (offset, part_size.min(size - offset))
}

/// What a store says of an object whose parts have these hashes: the SHA-256 of the binary hashes,
/// in Base64, and their number (Amazon S3, "Checking object integrity", composite checksums).
pub(super) fn composite(hashes: &[Sha256]) -> String {
    let all = sha2::Sha256::digest(hashes.concat());
    format!("{}-{}", BASE64_STANDARD.encode(all), hashes.len())
}

/// The number of parts of a composite checksum.
pub(super) fn count(composite: &str) -> Option<u32> {
    composite.rsplit_once('-')?.1.parse().ok()
}

/// Reads the original from end to end. The reading counts in `meter`, and ends with it.
pub(super) async fn read(
    original: &Original<'_>,
    part_size: u64,
    meter: &Meter,
) -> Result<Parts, Error> {
    let whole = Whole {
        path: original.path.to_owned(),
        size: original.size,
        sha256: original.sha256,
    };
    let feed = meter.feed();
    tokio::task::spawn_blocking(move || whole.read(part_size, &feed))
        .await
        .expect("file work does not panic, and is never cancelled")
}

struct Whole {
    path: PathBuf,
    size: u64,
    sha256: Sha256,
}

impl Whole {
    fn read(&self, part_size: u64, feed: &Feed) -> Result<Parts, Error> {
        let unreadable = |error: std::io::Error| source::unreadable(&self.path, &error);
        let changed = || Error::SourceChanged {
            path: self.path.clone(),
        };
        let mut file = source::open(&self.path).map_err(unreadable)?;
        if file.metadata().map_err(unreadable)?.len() != self.size {
            return Err(changed());
        }
        let (mut whole, mut md5) = (sha2::Sha256::new(), Md5::new());
        let mut hashes = Vec::new();
        let mut chunk = vec![0; CHUNK];
        let mut at = 0;
        while at < self.size {
            let mut part = sha2::Sha256::new();
            let end = self.size.min(at + part_size);
            while at < end {
                let most = usize::try_from(end - at).map_or(CHUNK, |left| left.min(CHUNK));
                let read = match file.read(&mut chunk[..most]) {
                    Ok(0) => return Err(changed()),
                    Ok(read) => read,
                    Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                    Err(error) => return Err(unreadable(error)),
                };
                let bytes = &chunk[..read];
                whole.update(bytes);
                md5.update(bytes);
                part.update(bytes);
                at += read as u64;
                feed.reached(at)
                    .map_err(|_| given_up(&self.path, "nobody waits for it any more"))?;
            }
            hashes.push(part.finalize().into());
        }
        if whole.finalize()[..] != self.sha256 {
            return Err(changed());
        }
        Ok(Parts {
            md5: md5.finalize().into(),
            hashes,
        })
    }
}

fn given_up(path: &Path, message: impl Into<String>) -> Error {
    Error::SourceUnreadable {
        path: path.to_owned(),
        message: message.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_large_enough_and_never_too_many() {
        const TIB: u64 = 1024 * 1024 * MIB;
        let cut = Cut::default();
        for size in [64_000_001, 100 * MIB, 160_000 * MIB, TIB, 5 * TIB] {
            let part = cut.part_size(size);
            assert!((5 * MIB..=5 * 1024 * MIB).contains(&part), "{size}: {part}");
            assert!(size.div_ceil(part) < 10_000, "{size}: {part}");
        }
        assert_eq!(cut.part_size(100 * MIB), 16 * MIB);
    }

    #[test]
    fn ranges_meet_without_gaps() {
        assert_eq!(range(1, 10, 25), (0, 10));
        assert_eq!(range(2, 10, 25), (10, 10));
        assert_eq!(range(3, 10, 25), (20, 5));
    }

    #[tokio::test]
    async fn a_file_is_read_once_for_all_its_hashes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.tif");
        std::fs::write(&path, b"abcdefg").unwrap();
        let mut original = Original {
            path: &path,
            size: 7,
            sha256: sha2::Sha256::digest(b"abcdefg").into(),
            mtime: jiff::Timestamp::UNIX_EPOCH,
            content_type: "image/tiff",
        };
        let meter = Meter::default();
        let parts = read(&original, 3, &meter).await.unwrap();
        let expected: [Sha256; 3] =
            [&b"abc"[..], b"def", b"g"].map(|part| sha2::Sha256::digest(part).into());
        assert_eq!(parts.hashes, expected);
        assert_eq!(parts.md5[..], Md5::digest(b"abcdefg")[..]);
        assert_eq!(meter.count(), 7);
        assert_eq!(count(&composite(&parts.hashes)), Some(3));

        original.sha256[0] ^= 1;
        let changed = read(&original, 3, &meter).await;
        assert!(matches!(changed, Err(Error::SourceChanged { .. })));
    }
}
