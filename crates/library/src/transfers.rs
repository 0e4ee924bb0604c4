//! What goes up right now, and how fast.

use crate::lock::lock;
use crate::store::destinations::DestinationId;
use crate::store::jobs::JobId;
use crate::store::photos::PhotoId;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;

/// The weight of the latest second in the speed that is shown.
const SMOOTHING: f64 = 0.3;
/// No store takes smaller parts, but for the last one.
const SMALLEST_PART: u64 = 5 * 1024 * 1024;

#[derive(Debug, Default)]
pub(crate) struct Transfers {
    running: Mutex<HashMap<JobId, Arc<Running>>>,
    /// Bytes of attempts that ended.
    ended: AtomicU64,
    speed: Mutex<Speed>,
}

/// One original on its way.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) photo: PhotoId,
    pub(crate) destination: DestinationId,
    pub(crate) name: String,
    pub(crate) size: u64,
    pub(crate) started: Instant,
    /// Whether all bytes are there and only the proof is awaited.
    phase: Mutex<Phase>,
    sent: AtomicU64,
    /// Of these, what an earlier attempt had brought there.
    before: OnceLock<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    Uploading,
    Verifying,
}

/// Ends the transfer's line when it is dropped.
#[derive(Debug)]
pub(crate) struct Handle<'a> {
    transfers: &'a Transfers,
    job: JobId,
    running: Arc<Running>,
}

#[derive(Debug, Default)]
struct Speed {
    last: Option<(Instant, u64)>,
    bytes_per_second: f64,
}

impl Transfers {
    /// Whether any original is on its way.
    pub(crate) fn any(&self) -> bool {
        !lock(&self.running).is_empty()
    }

    pub(crate) fn begin(
        &self,
        job: JobId,
        photo: PhotoId,
        destination: DestinationId,
        name: String,
        size: u64,
    ) -> Handle<'_> {
        let running = Arc::new(Running {
            photo,
            destination,
            name,
            size,
            started: Instant::now(),
            phase: Mutex::new(Phase::Uploading),
            sent: AtomicU64::new(0),
            before: OnceLock::new(),
        });
        lock(&self.running).insert(job, Arc::clone(&running));
        Handle {
            transfers: self,
            job,
            running,
        }
    }

    /// What is under way, the longest first.
    pub(crate) fn now(&self) -> Vec<Arc<Running>> {
        let mut now: Vec<_> = lock(&self.running).values().cloned().collect();
        now.sort_by_key(|running| (running.started, running.photo));
        now
    }

    /// Where a photo stands if it is under way.
    pub(crate) fn phase_of(&self, photo: PhotoId) -> Option<Phase> {
        lock(&self.running)
            .values()
            .find(|running| running.photo == photo)
            .map(|running| running.phase())
    }

    /// Takes the speed's measure; to be called about twice a second.
    pub(crate) fn measure(&self, now: Instant) -> f64 {
        let under_way: u64 = lock(&self.running)
            .values()
            .map(|running| running.sent_now())
            .sum();
        let total = self.ended.load(Ordering::Relaxed) + under_way;
        let mut speed = lock(&self.speed);
        if let Some((before, bytes)) = speed.last {
            let seconds = now.duration_since(before).as_secs_f64();
            if seconds < 0.2 {
                return speed.bytes_per_second;
            }
            // An attempt that began anew counts its bytes again: never a negative speed.
            let latest = total.saturating_sub(bytes) as f64 / seconds;
            let weight = 1.0 - (1.0 - SMOOTHING).powf(seconds);
            speed.bytes_per_second += (latest - speed.bytes_per_second) * weight.max(0.2);
            if speed.bytes_per_second < 1.0 {
                speed.bytes_per_second = 0.0;
            }
        }
        speed.last = Some((now, total));
        speed.bytes_per_second
    }

    /// The speed at the last measure; bytes a second.
    pub(crate) fn speed(&self) -> f64 {
        lock(&self.speed).bytes_per_second
    }
}

impl Running {
    pub(crate) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    pub(crate) fn phase(&self) -> Phase {
        *lock(&self.phase)
    }

    /// Bytes that this attempt has sent.
    fn sent_now(&self) -> u64 {
        let before = self.before.get().copied().unwrap_or_default();
        // One that begins anew has sent less than was there before.
        self.sent().saturating_sub(before)
    }

    /// Average since the start; bytes a second.
    pub(crate) fn bytes_per_second(&self) -> f64 {
        self.sent_now() as f64 / self.started.elapsed().as_secs_f64().max(0.001)
    }
}

impl Handle<'_> {
    /// So many bytes are there; what is told first was there before.
    pub(crate) fn sent(&self, bytes: u64) {
        let bytes = bytes.min(self.running.size);
        self.running.sent.store(bytes, Ordering::Relaxed);
        self.running.before.get_or_init(|| bytes);
    }

    /// Whether nothing of it was there before. What is told first may hold some bytes of this attempt too, but
    /// never a whole part.
    pub(crate) fn is_whole(&self) -> bool {
        let before = self.running.before.get().copied().unwrap_or_default();
        before < SMALLEST_PART || self.running.size < SMALLEST_PART
    }

    pub(crate) fn verifying(&self) {
        *lock(&self.running.phase) = Phase::Verifying;
    }
}

impl Drop for Handle<'_> {
    fn drop(&mut self) {
        lock(&self.transfers.running).remove(&self.job);
        self.transfers
            .ended
            .fetch_add(self.running.sent_now(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn an_upload_that_begins_anew_has_sent_nothing_not_less() {
        let transfers = Transfers::default();
        let begin = Instant::now();
        let (job, photo, to) = (JobId(1), PhotoId(1), DestinationId(1));
        let handle = transfers.begin(job, photo, to, "a.jpg".into(), 5_000_000);
        handle.sent(1_000_000);
        handle.sent(0);
        transfers.measure(begin);
        assert_eq!(transfers.measure(begin + Duration::from_secs(1)), 0.0);
    }

    #[test]
    fn speed_follows_the_bytes_and_falls_to_nothing() {
        let transfers = Transfers::default();
        let begin = Instant::now();
        transfers.measure(begin);
        {
            let handle = transfers.begin(
                JobId(1),
                PhotoId(1),
                DestinationId(1),
                "a.jpg".into(),
                5_000_000,
            );
            handle.sent(0);
            handle.sent(1_000_000);
            assert!(transfers.measure(begin + Duration::from_secs(1)) > 100_000.0);
            assert_eq!(transfers.phase_of(PhotoId(1)), Some(Phase::Uploading));
        }
        assert!(transfers.now().is_empty());
        for second in 2..120 {
            transfers.measure(begin + Duration::from_secs(second));
        }
        assert_eq!(transfers.speed(), 0.0);
    }

    #[test]
    fn what_was_there_before_is_progress_and_no_speed() {
        let transfers = Transfers::default();
        let begin = Instant::now();
        transfers.measure(begin);
        let name = "a.tif".to_owned();
        let handle = transfers.begin(JobId(1), PhotoId(1), DestinationId(1), name, 900_000_000);
        handle.sent(500_000_000);
        assert_eq!(transfers.measure(begin + Duration::from_secs(1)), 0.0);
        assert_eq!(transfers.now()[0].sent(), 500_000_000);
        handle.sent(501_000_000);
        assert!(transfers.measure(begin + Duration::from_secs(2)) > 100_000.0);
    }

    #[test]
    fn an_upload_is_whole_unless_parts_of_it_were_there() {
        let transfers = Transfers::default();
        //  size, what is told first, whole
        let cases = [
            (900_000_000, Some(500_000_000), false),
            (900_000_000, Some(70_000), true),
            (300_000, Some(300_000), true),
            (300_000, None, true),
        ];
        for (size, first, whole) in cases {
            let (job, photo, to) = (JobId(1), PhotoId(1), DestinationId(1));
            let handle = transfers.begin(job, photo, to, "a.tif".into(), size);
            first.into_iter().for_each(|bytes| handle.sent(bytes));
            assert_eq!(handle.is_whole(), whole, "{size} {first:?}");
        }
    }

    #[test]
    fn progress_never_passes_the_size() {
        let transfers = Transfers::default();
        let handle = transfers.begin(JobId(1), PhotoId(1), DestinationId(1), "a.jpg".into(), 10);
        handle.sent(12);
        assert_eq!(transfers.now()[0].sent(), 10);
        drop(handle);
    }
}
