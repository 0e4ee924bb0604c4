//! The hashes of a large file, as a whole and as it is cut into parts: made in one reading.
//!
//! **Invariant:** all of them are of the same bytes.

use crate::Sha256;
use md5::Md5;
use sha2::Digest;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Builder, Scope, ScopedJoinHandle};

/// What the parts of a file are, and what the whole is called beside them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// Bytes of every part but the last, which may be smaller.
    pub part_size: u64,
    /// Of the whole.
    pub md5: [u8; 16],
    /// The SHA-256 of each part.
    pub hashes: Vec<Sha256>,
}

/// What one reading of a file found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    pub size: u64,
    pub sha256: Sha256,
    pub parts: Parts,
}

const BLOCK: usize = 256 * 1024;
/// Blocks that wait for a hash.
const WAITING: usize = 2;
/// Those, the one that is hashed, and the one that is read.
const BLOCKS: usize = WAITING + 2;

impl Parts {
    /// Reads to the end; `reached` is told of each step, and ends the reading by an error. Blocks.
    ///
    /// MD5 takes as long as twice SHA-256: each hash has a thread of its own.
    pub fn read(
        from: &mut impl Read,
        part_size: u64,
        mut reached: impl FnMut(u64) -> io::Result<()>,
    ) -> io::Result<Reading> {
        std::thread::scope(|scope| {
            let md5 = Lane::begin(scope, |blocks| {
                let mut hash = Md5::new();
                blocks.into_iter().for_each(|block| hash.update(&block[..]));
                hash.finalize().into()
            })?;
            let parts = Lane::begin(scope, move |blocks| each_part(blocks, part_size))?;
            let mut whole = sha2::Sha256::new();
            let mut ring: [Arc<Vec<u8>>; BLOCKS] = Default::default();
            let mut size = 0;
            for turn in 0.. {
                let block = &mut ring[turn % BLOCKS];
                // Nobody holds it any more: the one after it was taken to be hashed.
                let mut buffer = std::mem::take(block);
                Arc::make_mut(&mut buffer).clear();
                let read = from
                    .by_ref()
                    .take(BLOCK as u64)
                    .read_to_end(Arc::make_mut(&mut buffer))?;
                if read == 0 {
                    break;
                }
                *block = buffer;
                md5.hand(block);
                parts.hand(block);
                whole.update(&block[..]);
                size += read as u64;
                reached(size)?;
            }
            Ok(Reading {
                size,
                sha256: whole.finalize().into(),
                parts: Parts {
                    part_size,
                    md5: md5.end(),
                    hashes: parts.end(),
                },
            })
        })
    }
}

fn each_part(blocks: Receiver<Arc<Vec<u8>>>, part_size: u64) -> Vec<Sha256> {
    let mut hashes = Vec::new();
    let (mut hash, mut filled) = (sha2::Sha256::new(), 0);
    for block in blocks {
        let mut rest = &block[..];
        while !rest.is_empty() {
            let fits = usize::try_from(part_size - filled).unwrap_or(usize::MAX);
            let (now, later) = rest.split_at(fits.min(rest.len()));
            hash.update(now);
            filled += now.len() as u64;
            if filled == part_size {
                hashes.push(hash.finalize_reset().into());
                filled = 0;
            }
            rest = later;
        }
    }
    if filled > 0 {
        hashes.push(hash.finalize().into());
    }
    hashes
}

/// A thread that hashes what it is handed.
struct Lane<'scope, T> {
    blocks: SyncSender<Arc<Vec<u8>>>,
    thread: ScopedJoinHandle<'scope, T>,
}

impl<'scope, T: Send + 'scope> Lane<'scope, T> {
    fn begin(
        scope: &'scope Scope<'scope, '_>,
        work: impl FnOnce(Receiver<Arc<Vec<u8>>>) -> T + Send + 'scope,
    ) -> io::Result<Self> {
        let (blocks, handed) = sync_channel(WAITING);
        let thread = Builder::new().spawn_scoped(scope, move || work(handed))?;
        Ok(Self { blocks, thread })
    }

    fn hand(&self, block: &Arc<Vec<u8>>) {
        self.blocks
            .send(Arc::clone(block))
            .expect("it takes all blocks");
    }

    fn end(self) -> T {
        drop(self.blocks);
        self.thread.join().expect("hashing does not panic")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_is_hashed_wherever_the_blocks_end() {
        let bytes: Vec<u8> = (0..3 * BLOCK + 5).map(|at| (at * at) as u8).collect();
        for part_size in [
            1000,
            BLOCK / 2,
            BLOCK,
            BLOCK + 1,
            bytes.len(),
            2 * bytes.len(),
        ] {
            let mut last = 0;
            let read = Parts::read(&mut &bytes[..], part_size as u64, |at| {
                assert!(at > last);
                last = at;
                Ok(())
            })
            .unwrap();
            let sha256 = |bytes: &[u8]| Sha256::from(sha2::Sha256::digest(bytes));
            let expected: Vec<Sha256> = bytes.chunks(part_size).map(sha256).collect();
            assert_eq!(read.parts.hashes, expected, "{part_size}");
            assert_eq!(read.parts.md5[..], Md5::digest(&bytes)[..]);
            assert_eq!(read.sha256, sha256(&bytes));
            assert_eq!((read.size, last), (bytes.len() as u64, bytes.len() as u64));
        }
    }

    #[test]
    fn who_reads_may_give_up() {
        let stopped = Parts::read(&mut io::repeat(7), 1000, |at| {
            if at > 1_000_000 {
                Err(io::ErrorKind::BrokenPipe.into())
            } else {
                Ok(())
            }
        });
        assert_eq!(stopped.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }
}
