//! How fast bytes may leave this machine: one allowance, shared by all that goes up.
//!
//! A *throttle* is a token bucket. Whoever finds it in credit may pass, and may thereby overdraw it
//! by what they pass; the next one waits until that is made up for. So bytes flow evenly, and no
//! transfer can be too large for the bucket.
//!
//! **Invariant:** a change of the limit holds at once, also for those who wait.

use crate::lock::lock;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// What may pass at once after a rest, in seconds of the limit.
const BURST: f64 = 0.25;
/// Pieces in which bytes pass: enough of them a second that a line never looks dead.
const PIECES_A_SECOND: u64 = 16;
const SMALLEST_PIECE: u64 = 2 * 1024;
const LARGEST_PIECE: u64 = 256 * 1024;

/// A limit in bytes a second; none at first. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Throttle(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    /// None: no limit.
    bucket: Mutex<Option<Bucket>>,
    changed: Notify,
}

#[derive(Debug, Clone)]
struct Bucket {
    /// Bytes a second, at least one.
    rate: u64,
    /// Bytes; negative while it is overdrawn.
    credit: f64,
    at: Instant,
}

impl Throttle {
    /// At most so many bytes a second from now on. None, and zero: as many as the line takes.
    pub fn limit(&self, bytes_per_second: Option<u64>) {
        let rate = bytes_per_second.filter(|rate| *rate > 0);
        let mut bucket = self.bucket();
        if bucket.as_ref().map(|bucket| bucket.rate) == rate {
            return;
        }
        *bucket = rate.map(|rate| Bucket {
            rate,
            credit: 0.0,
            at: Instant::now(),
        });
        drop(bucket);
        self.0.changed.notify_waiters();
    }

    /// What it is limited to; none: nothing.
    pub fn limited_to(&self) -> Option<u64> {
        self.bucket().as_ref().map(|bucket| bucket.rate)
    }

    /// How many of `bytes` should pass at once, so that others get their turn.
    pub(crate) fn piece(&self, bytes: usize) -> usize {
        let Some(rate) = self.bucket().as_ref().map(|bucket| bucket.rate) else {
            return bytes;
        };
        let piece = (rate / PIECES_A_SECOND).clamp(SMALLEST_PIECE, LARGEST_PIECE);
        bytes.min(usize::try_from(piece).unwrap_or(bytes))
    }

    /// Passes now, or says how long that will take at the least.
    pub(crate) fn try_pass(&self, bytes: usize) -> Result<(), Duration> {
        match self.bucket().as_mut() {
            None => Ok(()),
            Some(bucket) => bucket.take(Instant::now(), bytes),
        }
    }

    /// Returns when so many bytes may go.
    pub(crate) async fn pass(self, bytes: usize) {
        loop {
            let changed = self.0.changed.notified();
            tokio::pin!(changed);
            // From here on no change is missed.
            changed.as_mut().enable();
            let Err(wait) = self.try_pass(bytes) else {
                return;
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = changed => {}
            }
        }
    }

    fn bucket(&self) -> std::sync::MutexGuard<'_, Option<Bucket>> {
        lock(&self.0.bucket)
    }
}

impl Bucket {
    fn take(&mut self, now: Instant, bytes: usize) -> Result<(), Duration> {
        let rate = self.rate as f64;
        let gained = now.saturating_duration_since(self.at).as_secs_f64() * rate;
        self.credit = (self.credit + gained).min(rate * BURST);
        self.at = now;
        if self.credit < 0.0 {
            return Err(Duration::from_secs_f64(-self.credit / rate));
        }
        self.credit -= bytes as f64;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_in_a_minute_is_what_the_limit_allows() {
        for (rate, piece) in [(1_000, 2_048), (100_000, 6_250), (5_000_000, 262_144)] {
            let begun = Instant::now();
            let mut bucket = Bucket {
                rate,
                credit: 0.0,
                at: begun,
            };
            let (mut now, mut passed) = (begun, 0_u64);
            while now < begun + Duration::from_secs(60) {
                match bucket.take(now, piece) {
                    Ok(()) => passed += piece as u64,
                    Err(wait) => now += wait.max(Duration::from_micros(1)),
                }
            }
            let slack = (rate as f64 * BURST) as u64 + piece as u64;
            assert!(
                passed.abs_diff(rate * 60) <= slack,
                "{rate}: {passed} bytes in a minute"
            );
        }
    }

    #[test]
    fn without_a_limit_nothing_waits_and_a_rest_saves_little_up() {
        let throttle = Throttle::default();
        assert_eq!(throttle.piece(usize::MAX), usize::MAX);
        assert_eq!(throttle.try_pass(usize::MAX), Ok(()));

        let begun = Instant::now();
        let mut bucket = Bucket {
            rate: 1_000,
            credit: 0.0,
            at: begun,
        };
        let later = begun + Duration::from_secs(3_600);
        assert_eq!(bucket.take(later, 1_250), Ok(()));
        assert_eq!(bucket.take(later, 1), Err(Duration::from_secs(1)));
    }

    #[tokio::test]
    async fn a_changed_limit_holds_at_once_for_those_who_wait() {
        let throttle = Throttle::default();
        throttle.limit(Some(1));
        assert_eq!(throttle.piece(100_000), 2_048);
        throttle.clone().pass(1_000_000_000).await;
        let waiting = tokio::spawn(throttle.clone().pass(1));
        tokio::task::yield_now().await;
        // Thirty years, were it not for this.
        throttle.limit(None);
        waiting.await.unwrap();
    }
}
