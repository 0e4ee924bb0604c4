//! What one deployment consists of, for whoever answers a request.

use crate::form::Limits;
use crate::metrics::Metrics;
use crate::store::Store;
use media::worker::Pool;
use remote::Key;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc};

/// Images that are brought into the store at once; more wait, and are not in memory.
const STORING: usize = 16;

/// Which way the bytes of originals go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Traffic {
    /// Through this process, in both directions.
    Through,
    /// Straight between clients and the store, by addresses that are made here: a function is paid by the time
    /// that it takes, and holds only so much.
    Direct,
}

impl Traffic {
    /// Bytes of a list in one answer; Lambda takes 6 MB.
    pub(crate) fn longest_list(self) -> usize {
        match self {
            Self::Through => usize::MAX,
            Self::Direct => 4 << 20,
        }
    }

    /// Bytes of an original that are read to say its SHA-256: what comes too late is not said at all.
    pub(crate) fn most_read(self) -> u64 {
        match self {
            Self::Through => u64::MAX,
            Self::Direct => 256 << 20,
        }
    }
}

/// What the handlers work with.
#[derive(Debug)]
pub struct Deployment {
    pub(crate) store: Store,
    pub(crate) workers: Arc<Pool>,
    pub(crate) metrics: Metrics,
    /// To the extractor: what buckets tell of.
    pub(crate) told: mpsc::Sender<Key>,
    /// To the extractor: what was just stored; none: others extract.
    pub(crate) stored: Option<mpsc::Sender<Key>>,
    pub(crate) limits: Limits,
    pub(crate) storing: Semaphore,
    pub(crate) traffic: Traffic,
}

impl Deployment {
    /// Takes uploads of up to `size` bytes, from senders that are silent for `patience` at the most.
    /// What buckets tell of goes through `told` to an extractor.
    pub fn new(
        store: Store,
        workers: Arc<Pool>,
        metrics: Metrics,
        told: mpsc::Sender<Key>,
        size: u64,
        patience: Duration,
    ) -> Self {
        Self {
            store,
            workers,
            metrics,
            told,
            stored: None,
            limits: Limits { size, patience },
            storing: Semaphore::new(STORING),
            traffic: Traffic::Through,
        }
    }

    /// Originals go straight to the store, and come straight from it.
    #[must_use]
    pub fn direct(self) -> Self {
        Self {
            traffic: Traffic::Direct,
            ..self
        }
    }

    /// What is uploaded here goes to the same extractor, too.
    #[must_use]
    pub fn extracting_uploads(self) -> Self {
        let stored = Some(self.told.clone());
        Self { stored, ..self }
    }
}
