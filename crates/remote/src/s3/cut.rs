//! How an original is cut into parts, and what each of them is.
//!
//! **Invariant:** the hashes of the parts come from one reading of the file, whose whole had the
//! SHA-256 that it was said to have. A part that goes up has its hash or does not go up, so parts of
//! different files never become one object.

use crate::meter::{Feed, Meter};
use crate::{Error, Original, Parts, Sha256, source};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::Digest;
use std::io::{self, Read};
use std::path::PathBuf;

const MIB: u64 = 1024 * 1024;
/// What stores take.
pub(super) const MOST: u64 = 10_000;

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

impl Parts {
    /// How a file of so many bytes is cut on its way to a bucket; none: it goes up in one piece.
    pub fn usual_size(size: u64) -> Option<u64> {
        let cut = Cut::default();
        (size > cut.whole).then(|| cut.part_size(size))
    }
}

impl Cut {
    /// Bytes of every part but the last: more where there would be too many parts.
    pub(super) fn part_size(self, size: u64) -> u64 {
        let needed = size.div_ceil(MOST - 1).next_multiple_of(MIB);
        self.part.max(needed)
    }
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
        let file = source::open(&self.path).map_err(unreadable)?;
        if file.metadata().map_err(unreadable)?.len() != self.size {
            return Err(changed());
        }
        let mut at_most = file.take(self.size);
        let read = Parts::read(&mut at_most, part_size, |at| {
            let given_up = |_| io::Error::other("nobody waits for it any more");
            feed.reached(at).map_err(given_up)
        })
        .map_err(unreadable)?;
        if read.size != self.size || read.sha256 != self.sha256 {
            return Err(changed());
        }
        Ok(read.parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use md5::Md5;

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
            taken_at: None,
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
