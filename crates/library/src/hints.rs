//! What was seen of single files and matters only until they are read. Lost at a stop, which costs
//! nothing but a moment.

use crate::lock::lock;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

#[derive(Debug, Default)]
pub(crate) struct Hints {
    /// Closed after writing: at rest without waiting.
    closed: Mutex<Noted>,
    /// Dropped by hand: to go up first.
    dropped: Mutex<Noted>,
}

/// Paths, and when each was noted.
#[derive(Debug, Default)]
struct Noted {
    paths: HashMap<PathBuf, Instant>,
    purged: Option<Instant>,
}

/// Beyond this many, hints are not taken: their files wait to rest, as without them.
const MOST_HINTS: usize = 100_000;
/// A hint that nobody took for so long is of no use.
const HINT_HOLDS: Duration = Duration::from_secs(60);
const PURGE: Duration = Duration::from_secs(1);

impl Hints {
    pub(crate) fn closed(&self, path: PathBuf) {
        lock(&self.closed).note(path, Instant::now());
    }

    pub(crate) fn was_closed(&self, path: &Path) -> bool {
        lock(&self.closed).paths.contains_key(path)
    }

    pub(crate) fn dropped(&self, path: PathBuf) {
        lock(&self.dropped).note(path, Instant::now());
    }

    /// Forgets the hints of a file that was read; returns whether it was dropped by hand.
    pub(crate) fn take(&self, path: &Path) -> bool {
        lock(&self.closed).paths.remove(path);
        lock(&self.dropped).paths.remove(path).is_some()
    }
}

impl Noted {
    fn note(&mut self, path: PathBuf, now: Instant) {
        let purged_lately = self
            .purged
            .is_some_and(|purged| now.duration_since(purged) < PURGE);
        if self.paths.len() >= MOST_HINTS && !purged_lately {
            self.purged = Some(now);
            self.paths
                .retain(|_, since| now.duration_since(*since) < HINT_HOLDS);
        }
        if self.paths.len() < MOST_HINTS {
            self.paths.insert(path, now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_are_bounded_and_old_ones_give_way() {
        let mut noted = Noted::default();
        let begin = Instant::now();
        for number in 0..=MOST_HINTS {
            noted.note(PathBuf::from(number.to_string()), begin);
        }
        assert_eq!(noted.paths.len(), MOST_HINTS);
        noted.note(PathBuf::from("late"), begin + HINT_HOLDS + PURGE);
        assert_eq!(noted.paths.len(), 1);
    }
}
