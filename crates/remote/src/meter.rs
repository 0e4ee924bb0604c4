//! How far a transfer has come, as seen from outside of it.
//!
//! A transfer runs where it cannot call back ([`Progress`] is borrowed, the transfer is not), so it
//! counts, and the caller's task looks at the count.
//!
//! **Invariant:** the transfer holds only a [`Feed`]; when the caller has gone away the feed is
//! dead, and the transfer stops.

use crate::Progress;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

/// How often progress is told.
const TICK: Duration = Duration::from_millis(100);

/// Counts the bytes of one transfer. Clones share the count.
#[derive(Debug, Clone, Default)]
pub(crate) struct Meter(Arc<AtomicU64>);

/// The transfer's end of a [`Meter`].
#[derive(Debug, Clone)]
pub(crate) struct Feed(Weak<AtomicU64>);

/// The caller has gone away.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Abandoned;

impl Meter {
    pub(crate) fn feed(&self) -> Feed {
        Feed(Arc::downgrade(&self.0))
    }

    pub(crate) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Runs a transfer to its end and tells its progress meanwhile.
    pub(crate) async fn tell<T>(
        &self,
        progress: Progress<'_>,
        transfer: impl Future<Output = T>,
    ) -> T {
        tell(progress, || self.count(), transfer).await
    }
}

/// Runs a transfer to its end and tells meanwhile how far it has come by `count`; never backwards,
/// though what has to be sent again counts again.
pub(crate) async fn tell<T>(
    progress: Progress<'_>,
    count: impl Fn() -> u64,
    transfer: impl Future<Output = T>,
) -> T {
    let mut told = None;
    let mut tell = || {
        let count = count();
        if told.is_none_or(|told| told < count) {
            told = Some(count);
            progress(count);
        }
    };
    let mut ticks = tokio::time::interval(TICK);
    tokio::pin!(transfer);
    loop {
        tokio::select! {
            biased;
            done = &mut transfer => {
                tell();
                return done;
            }
            _ = ticks.tick() => tell(),
        }
    }
}

impl Feed {
    /// `count` bytes have been handed over since the transfer last began.
    pub(crate) fn reached(&self, count: u64) -> Result<(), Abandoned> {
        self.0
            .upgrade()
            .ok_or(Abandoned)?
            .store(count, Ordering::Relaxed);
        Ok(())
    }
}
