//! The extractor: over everything that has no metadata yet, and over what it is told of.
//!
//! A *batch* lists the store and extracts what lacks a sidecar. What was seen to have one, or to be no
//! photo, is remembered by what the list says of it, so a batch over an unchanged store reads nothing.
//! Where nothing is remembered for long, the list itself is believed, but for a sample ([`Belief`]).
//!
//! **Invariant:** nothing is remembered that the store does not say too: any number of extractors may
//! run, begin and be killed.

mod listed;

use crate::extract::{Outcome, extract};
use crate::metrics::Metrics;
use crate::pulse::Pulse;
use crate::store::Store;
use futures_util::{StreamExt, stream};
use listed::{Listed, Mark};
use media::worker::Pool;
use remote::Key;
use std::collections::{BTreeMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// Objects that wait to be looked at within one batch.
const WAITING: usize = 10_000;
/// One in so many of those that are believed is read all the same: so what is damaged is found, in time.
const SAMPLE: u64 = 50;

/// Extracts, one batch after another.
#[derive(Debug)]
pub struct Extractor {
    desk: Arc<Desk>,
    belief: Belief,
    /// What need not be looked at again.
    settled: HashSet<Mark>,
    pulse: Pulse,
}

/// What shows that an image has its sidecar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Belief {
    /// That it was read, once by each process.
    Read,
    /// That the list shows one: for a function, whose memory is soon gone, and which would read all of them again
    /// each time.
    Listed,
}

/// Extracts what it is told of, beside the batches of the [`Extractor`] that it belongs to.
#[derive(Debug)]
pub struct Told(Arc<Desk>);

/// What they share.
#[derive(Debug)]
struct Desk {
    store: Store,
    workers: Arc<Pool>,
    metrics: Metrics,
    at_once: usize,
    /// What is being looked at. Never held across an await.
    under_way: Mutex<HashSet<Key>>,
}

/// What one batch did.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub extracted: u64,
    pub broken: u64,
    /// Could not be looked at: the next batch tries again.
    pub failed: u64,
}

impl Told {
    /// Whatever comes through the queue, until `stop` says so; what is under way then is finished.
    pub async fn run(self, mut queue: mpsc::Receiver<Key>, mut stop: watch::Receiver<bool>) {
        let desk = &self.0;
        while !*stop.borrow_and_update() {
            let mut told = Vec::new();
            tokio::select! {
                _ = stop.changed() => {}
                count = queue.recv_many(&mut told, desk.at_once) => {
                    if count == 0 {
                        return;
                    }
                    stream::iter(&told)
                        .map(|key| desk.look_at(key))
                        .buffer_unordered(desk.at_once)
                        .for_each(|_| std::future::ready(()))
                        .await;
                }
            }
        }
    }
}

impl Extractor {
    /// `at_once` is how many objects are looked at together.
    pub fn new(store: Store, workers: Arc<Pool>, metrics: Metrics, at_once: usize) -> Self {
        let desk = Desk {
            store,
            workers,
            metrics,
            at_once,
            under_way: Mutex::default(),
        };
        Self {
            desk: Arc::new(desk),
            belief: Belief::Read,
            settled: HashSet::new(),
            pulse: Pulse::default(),
        }
    }

    /// A sidecar is there when the list shows one that can be ours and is not older than its image.
    #[must_use]
    pub(crate) fn believing_lists(self) -> Self {
        Self {
            belief: Belief::Listed,
            ..self
        }
    }

    /// Tells whether its batches get on.
    pub fn pulse(&self) -> Pulse {
        self.pulse.clone()
    }

    /// The part of it that is told what to look at.
    pub fn told(&self) -> Told {
        Told(Arc::clone(&self.desk))
    }

    /// Looks at these alone.
    pub(crate) async fn look_at(&self, keys: &[Key]) -> Tally {
        let mut tally = Tally::default();
        let mut ends = stream::iter(keys)
            .map(|key| self.desk.look_at(key))
            .buffer_unordered(self.desk.at_once);
        while let Some(outcome) = ends.next().await {
            tally.add(outcome);
        }
        tally
    }

    /// Batches every so often, until `stop` says so; what is under way then is finished.
    pub async fn run_every(&mut self, every: Duration, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow_and_update() {
            self.logged_batch(&stop).await;
            self.pulse.rest();
            tokio::select! {
                () = tokio::time::sleep(every) => {}
                _ = stop.changed() => {}
            }
        }
    }

    async fn logged_batch(&mut self, stop: &watch::Receiver<bool>) {
        match self.batch(stop).await {
            Ok(Tally {
                extracted: 0,
                broken: 0,
                failed: 0,
            }) => {}
            Ok(tally) => tracing::info!(
                extracted = tally.extracted,
                broken = tally.broken,
                failed = tally.failed,
                "a batch is done"
            ),
            Err(error) => tracing::error!(%error, "a batch could not list the store"),
        }
    }

    /// One batch. What was begun when `stop` says so is finished, nothing more is begun.
    pub async fn batch(&mut self, stop: &watch::Receiver<bool>) -> Result<Tally, remote::Error> {
        let (mut tally, mut settled) = (Tally::default(), HashSet::new());
        let mut waiting: BTreeMap<String, Listed> = BTreeMap::new();
        let mut after = None;
        loop {
            self.pulse.beat();
            let page = self.desk.store.remote.list(after.as_deref()).await?;
            for object in &page.objects {
                match object.key.strip_suffix(Key::SIDECAR) {
                    // It follows its original, often on the same page.
                    Some(original) => {
                        if let Some(listed) = waiting.get_mut(original) {
                            listed.beside(object);
                        }
                    }
                    None if object.size == 0 => {}
                    None => {
                        waiting.insert(object.key.clone(), Listed::of(object));
                    }
                }
            }
            after = page.next;
            if after.is_none() || waiting.len() >= WAITING {
                self.look(std::mem::take(&mut waiting), stop, &mut tally, &mut settled)
                    .await;
            }
            if after.is_none() || *stop.borrow() {
                break;
            }
        }
        // One that was stopped has seen a part: the next begins with what is left.
        if *stop.borrow() {
            self.settled.extend(settled);
        } else {
            self.settled = settled;
        }
        Ok(tally)
    }

    async fn look(
        &self,
        waiting: BTreeMap<String, Listed>,
        stop: &watch::Receiver<bool>,
        tally: &mut Tally,
        settled: &mut HashSet<Mark>,
    ) {
        // Of each look its own: several extractors do not do the same work, and each sample is another.
        let order = RandomState::new();
        let believed = |key: &String, listed: &Listed| {
            self.belief == Belief::Listed
                && listed.is_described
                && !order.hash_one((key, "sample")).is_multiple_of(SAMPLE)
        };
        let (known, unknown): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|(key, listed)| {
            self.settled.contains(&listed.mark) || believed(key, listed)
        });
        settled.extend(known.into_iter().map(|(_, listed)| listed.mark));
        let mut unknown: Vec<_> = unknown
            .into_iter()
            .filter_map(|(key, listed)| Some((Key::parse(&key).ok()?, listed.mark)))
            .collect();
        unknown.sort_by_cached_key(|(key, _)| order.hash_one(key));
        let mut ends = stream::iter(unknown)
            .take_while(|_| std::future::ready(!*stop.borrow()))
            .map(|(key, mark)| async move { (self.desk.look_at(&key).await, mark) })
            .buffer_unordered(self.desk.at_once);
        while let Some((outcome, mark)) = ends.next().await {
            self.pulse.beat();
            tally.add(outcome);
            if matches!(
                outcome,
                Some(Outcome::Already | Outcome::Later | Outcome::NotAPhoto)
            ) {
                settled.insert(mark);
            }
        }
    }
}

impl Desk {
    /// None: it could not be looked at.
    async fn look_at(&self, key: &Key) -> Option<Outcome> {
        if !self.under_way().insert(key.clone()) {
            return Some(Outcome::UnderWay);
        }
        let outcome = self.extract(key).await;
        self.under_way().remove(key);
        outcome
    }

    fn under_way(&self) -> MutexGuard<'_, HashSet<Key>> {
        self.under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    async fn extract(&self, key: &Key) -> Option<Outcome> {
        match extract(&self.store, &self.workers, key).await {
            Ok(outcome) => {
                self.metrics.extracted(outcome.word());
                match outcome {
                    Outcome::Extracted | Outcome::Broken => {
                        tracing::info!(%key, outcome = outcome.word(), "extracted");
                    }
                    Outcome::Already
                    | Outcome::Later
                    | Outcome::NotAPhoto
                    | Outcome::Gone
                    | Outcome::UnderWay => {
                        tracing::debug!(%key, outcome = outcome.word(), "nothing to extract");
                    }
                }
                Some(outcome)
            }
            Err(error) => {
                self.metrics.extracted("failed");
                tracing::error!(%error, %key, "not extracted");
                None
            }
        }
    }
}

impl Tally {
    fn add(&mut self, outcome: Option<Outcome>) {
        match outcome {
            Some(Outcome::Extracted) => self.extracted += 1,
            Some(Outcome::Broken) => self.broken += 1,
            Some(
                Outcome::Already
                | Outcome::Later
                | Outcome::NotAPhoto
                | Outcome::Gone
                | Outcome::UnderWay,
            ) => {}
            None => self.failed += 1,
        }
    }
}
