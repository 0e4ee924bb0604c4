//! SHA-256 of a file that may be changing under us.

use crate::plan::Seen;
use md5::Md5;
use remote::{Parts, Sha256};
use rustix::fs::{Mode, OFlags};
use sha2::digest::Output;
use sha2::{Digest, Sha256 as Hasher};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Large enough that the system reads ahead, small enough for many at once.
const BLOCK: usize = 256 * 1024;

/// What became of reading a file to its end.
#[derive(Debug)]
pub(crate) enum Hashed {
    Done(Sha256),
    /// It is not, or no longer, what was seen.
    Changed,
}

/// Hashes the file if it is and stays as it was seen. Blocks; never on a pipe or a device.
pub(crate) fn file(path: &Path, seen: Seen) -> io::Result<Hashed> {
    let mut file = open(path)?;
    if Seen::of(&file.metadata()?) != seen {
        return Ok(Hashed::Changed);
    }
    let sha256 = reader(&mut file)?;
    let unchanged = Seen::of(&file.metadata()?) == seen;
    Ok(if unchanged {
        Hashed::Done(sha256)
    } else {
        Hashed::Changed
    })
}

/// [`file`], and what the file's parts of this size are.
pub(crate) fn file_in_parts(
    path: &Path,
    seen: Seen,
    part_size: u64,
) -> io::Result<(Hashed, Option<Parts>)> {
    let mut file = open(path)?;
    if Seen::of(&file.metadata()?) != seen {
        return Ok((Hashed::Changed, None));
    }
    let read = Parts::read(&mut file, part_size, |_| Ok(()))?;
    let unchanged = Seen::of(&file.metadata()?) == seen;
    Ok(if unchanged {
        (Hashed::Done(read.sha256), Some(read.parts))
    } else {
        (Hashed::Changed, None)
    })
}

/// The MD5 of the file, by which objects that other programs put can be recognised; none: it changed.
pub(crate) fn md5(path: &Path, seen: Seen) -> io::Result<Option<[u8; 16]>> {
    let mut file = open(path)?;
    if Seen::of(&file.metadata()?) != seen {
        return Ok(None);
    }
    let digest = digest::<Md5>(&mut file)?.into();
    let unchanged = Seen::of(&file.metadata()?) == seen;
    Ok(unchanged.then_some(digest))
}

/// Hashes everything that `from` yields.
pub(crate) fn reader(from: &mut impl Read) -> io::Result<Sha256> {
    Ok(digest::<Hasher>(from)?.into())
}

fn digest<D: Digest>(from: &mut impl Read) -> io::Result<Output<D>> {
    let mut hasher = D::new();
    let mut block = vec![0; BLOCK];
    loop {
        match from.read(&mut block) {
            Ok(0) => return Ok(hasher.finalize()),
            Ok(read) => hasher.update(&block[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Opens a regular file for reading: without following a link, and without waiting for a pipe's
/// other end.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let file = File::from(rustix::fs::open(path, flags, Mode::empty())?);
    if file.metadata()?.is_file() {
        Ok(file)
    } else {
        Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "not a regular file",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_what_was_seen_and_nothing_else() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a");
        std::fs::write(&path, "abc").unwrap();
        let (seen, _) = crate::scan::seen(&path).unwrap();
        // FIPS 180-2, appendix B.1.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert!(
            matches!(file(&path, seen).unwrap(), Hashed::Done(sha256) if hex::encode(sha256) == expected)
        );
        // RFC 1321, appendix A.5.
        let expected = "900150983cd24fb0d6963f7d28e17f72";
        assert_eq!(
            md5(&path, seen).unwrap().map(hex::encode).as_deref(),
            Some(expected)
        );
        std::fs::write(&path, "abcd").unwrap();
        assert!(matches!(file(&path, seen).unwrap(), Hashed::Changed));
    }

    #[test]
    fn a_pipe_does_not_block() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("pipe.jpg");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &path,
            rustix::fs::FileType::Fifo,
            Mode::from_raw_mode(0o600),
            0,
        )
        .unwrap();
        assert!(open(&path).is_err());
    }
}
