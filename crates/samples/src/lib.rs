//! Sample photographs drawn by code: for the demo, for trying imgn out, and for the tests.
//!
//! A *sample* is a landscape that was never seen, with the name, date, place and exposure that a
//! camera would have given it. [`album`] is the endless sequence of one seed; [`write`] puts the
//! first of it into a folder. Tests that only need some photo take [`jpeg`], in about a millisecond.
//!
//! **Invariant:** the same seed gives the same names, facts and bytes; within one album no name and
//! no file's bytes occur twice.

#![forbid(unsafe_code)]

mod album;
mod cameras;
mod exif;
mod paint;
mod places;
mod plain;
mod sample;
mod scenes;

pub use album::{Album, album};
pub use exif::{Exif, Position};
pub use plain::{JpegOptions, jpeg, plain};
pub use sample::Sample;

use std::io;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

/// Writes the first `count` samples of the album of `seed` under `dir` and returns their paths, in
/// the order of the album. Folders are made as needed; a file of the same name is replaced.
///
/// # Errors
/// The first file or folder that could not be written; others may have been.
pub fn write(dir: &Path, count: usize, seed: u64) -> io::Result<Vec<PathBuf>> {
    write_part(dir, 0..count, seed)
}

/// Like [`write`], for the samples at the places of `part` in the album.
///
/// # Errors
/// As [`write`].
pub fn write_part(dir: &Path, part: Range<usize>, seed: u64) -> io::Result<Vec<PathBuf>> {
    let samples: Vec<Sample> = album(seed).skip(part.start).take(part.len()).collect();
    let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let queue = Mutex::new(samples.iter());
    let next = || {
        queue
            .lock()
            .expect("no thread panics while it takes a sample")
            .next()
    };
    thread::scope(|scope| {
        let painters: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| std::iter::from_fn(next).try_for_each(|s| s.write(dir))))
            .collect();
        painters
            .into_iter()
            .try_for_each(|it| it.join().expect("painting does not panic"))
    })?;
    Ok(samples
        .iter()
        .map(|sample| dir.join(sample.path()))
        .collect())
}
