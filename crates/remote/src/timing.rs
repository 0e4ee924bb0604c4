//! How long a probe takes to get to a far side.
//!
//! **Invariant:** a probe is ours alone, under `.imgn/`, and is put only where it can be removed again.

use std::time::Duration;

/// What became of a probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timed {
    /// It was there, durably, after this time; now it is not any more.
    Removed(Duration),
    /// The same, but it could not be removed: one more would only lie there too.
    Stays(Duration),
    /// What is put there cannot be removed by us, so nothing was.
    NotTaken,
}
