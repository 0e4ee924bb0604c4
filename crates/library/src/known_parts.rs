//! The hashes of large files' parts, from when the files were indexed until they go up.
//!
//! Lost at a stop, or when there are too many, which costs no more than one further reading of a file.

use crate::lock::lock;
use remote::{Parts, Sha256};
use std::collections::VecDeque;
use std::sync::Mutex;

/// Files whose parts are kept: a few kilobytes each.
const MOST: usize = 64;

#[derive(Debug, Default)]
pub(crate) struct KnownParts(Mutex<VecDeque<(Sha256, Parts)>>);

impl KnownParts {
    /// `sha256`: what the whole had in the very reading that told the parts.
    pub(crate) fn keep(&self, sha256: Sha256, parts: Parts) {
        let mut kept = lock(&self.0);
        kept.retain(|(known, _)| *known != sha256);
        if kept.len() == MOST {
            kept.pop_front();
        }
        kept.push_back((sha256, parts));
    }

    pub(crate) fn of(&self, sha256: &Sha256, part_size: u64) -> Option<Parts> {
        let kept = lock(&self.0);
        let found = kept
            .iter()
            .find(|(known, parts)| known == sha256 && parts.part_size == part_size)?;
        Some(found.1.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_are_kept_and_only_as_they_were_cut() {
        let parts = |part_size| Parts {
            part_size,
            md5: [1; 16],
            hashes: vec![[2; 32]],
        };
        let known = KnownParts::default();
        for number in 0..=MOST {
            known.keep([u8::try_from(number).unwrap(); 32], parts(16));
        }
        assert_eq!(known.of(&[0; 32], 16), None, "the oldest gave way");
        assert_eq!(known.of(&[1; 32], 16), Some(parts(16)));
        assert_eq!(known.of(&[1; 32], 32), None);
        known.keep([1; 32], parts(32));
        assert_eq!(known.of(&[1; 32], 32), Some(parts(32)));
    }
}
