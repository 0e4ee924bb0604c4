//! The destinations as they are right now: open or not, ready or not, how many uploads at once.
//!
//! Rows say what a destination is; this says how it is doing, and is made anew at each start.
//!
//! **Invariant:** a verdict counts only for the keys that it was reached with: each change of keys
//! begins a new *generation*, and what an older one found is forgotten.

mod lanes;
mod live;

pub(crate) use lanes::Load;

use crate::lock::lock;
use crate::reason::of_remote;
use crate::secrets::KeyringError;
use crate::store::destinations::{Destination, DestinationId, KeyOrigin};
use crate::view::{DestinationConfig, DestinationState, Reason, TypedKeys};
use live::{LONGEST_PAUSE, Live};
use remote::{KeyTemplate, Remote};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Instant;
use tokio_util::sync::CancellationToken;

#[derive(Debug, Default)]
pub(crate) struct Registry {
    destinations: Mutex<BTreeMap<DestinationId, Live>>,
}

/// A destination that can be spoken to.
#[derive(Debug, Clone)]
pub(crate) struct Open {
    pub(crate) destination: Destination,
    pub(crate) remote: Arc<dyn Remote>,
    pub(crate) template: KeyTemplate,
    pub(crate) generation: Generation,
    /// Fires when the person removes the destination, or describes it anew.
    pub(crate) removed: CancellationToken,
}

/// One that answered just now and is the right one, whatever the engine does.
#[derive(Debug, Clone)]
pub(crate) struct Reached {
    pub(crate) destination: Destination,
    pub(crate) remote: Arc<dyn Remote>,
}

/// One that is to be asked now.
#[derive(Debug, Clone)]
pub(crate) struct Due {
    pub(crate) destination: Destination,
    pub(crate) keys: Option<TypedKeys>,
    pub(crate) generation: Generation,
    pub(crate) removed: CancellationToken,
}

/// Keys that a person typed, and whether they are kept for the next run.
#[derive(Debug, Clone)]
pub(crate) struct HeldKeys {
    pub(crate) keys: TypedKeys,
    /// In the keyring; else why not.
    pub(crate) kept: Result<(), KeyringError>,
}

/// Which keys a verdict was reached with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Generation(u64);

/// How a destination is doing.
#[derive(Debug, Clone)]
pub(crate) struct Health {
    pub(crate) state: DestinationState,
    pub(crate) reason: Option<Reason>,
}

impl Health {
    const UNKNOWN: Self = Self {
        state: DestinationState::Unknown,
        reason: None,
    };
}

/// Whether what a destination holds is to be listed now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    Due,
    Fresh,
}

/// One that takes no jobs now.
#[derive(Debug, Clone)]
pub(crate) struct Unready {
    pub(crate) destination: Destination,
    pub(crate) health: Health,
    /// How often in a row it was asked in vain.
    pub(crate) tries: u32,
    /// It was reached in this run.
    pub(crate) was_ready: bool,
    /// It is not asked before there is something to do there.
    pub(crate) resting: bool,
}

impl Registry {
    pub(crate) fn add(&self, destination: Destination, keys: Option<HeldKeys>) {
        lock(&self.destinations).insert(destination.id, Live::new(destination, keys));
    }

    /// Forgets it, and ends what is under way there.
    pub(crate) fn remove(&self, id: DestinationId) {
        if let Some(live) = lock(&self.destinations).remove(&id) {
            live.removed.cancel();
        }
    }

    /// It is described anew: what is under way there as it was ends, and it is opened anew.
    pub(crate) fn change(&self, destination: Destination) {
        self.with(destination.id, |live| {
            live.removed.cancel();
            live.removed = CancellationToken::new();
            live.generation.0 += 1;
            live.open = None;
            live.listed = destination.listed_at.is_some();
            live.health = Health::UNKNOWN;
            live.destination = destination;
            live.retry_now();
        });
    }

    /// New keys: the destination is opened anew with them.
    pub(crate) fn set_keys(&self, id: DestinationId, keys: HeldKeys) {
        self.with(id, |live| {
            live.destination.keys = KeyOrigin::Typed;
            live.keys = Some(keys);
            live.generation.0 += 1;
            live.open = None;
            live.retry_now();
        });
    }

    /// Keys that the keyring had: those that a verdict from now on is reached with.
    pub(crate) fn found_keys(&self, due: &Due, keys: TypedKeys) {
        self.with(due.destination.id, |live| {
            if live.generation == due.generation && live.keys.is_none() {
                live.keys = Some(HeldKeys { keys, kept: Ok(()) });
            }
        });
    }

    /// What was seen of it: it is opened with that from now on.
    pub(crate) fn set_profile(&self, id: DestinationId, profile: &remote::Profile) {
        self.with(id, |live| {
            live.destination.profile = profile.clone();
            live.next_try = Instant::now();
        });
    }

    pub(crate) fn held_keys(&self, id: DestinationId) -> Option<HeldKeys> {
        lock(&self.destinations)
            .get(&id)
            .and_then(|live| live.keys.clone())
    }

    pub(crate) fn keys(&self, id: DestinationId) -> Option<TypedKeys> {
        self.held_keys(id).map(|held| held.keys)
    }

    /// Every destination that is not well is tried again at the next look.
    pub(crate) fn retry_now(&self) {
        lock(&self.destinations)
            .values_mut()
            .for_each(Live::retry_now);
    }

    /// The same of one.
    pub(crate) fn retry(&self, id: DestinationId) {
        self.with(id, Live::retry_now);
    }

    /// Not asked until it is [needed](Self::need).
    pub(crate) fn rest(&self, id: DestinationId) {
        self.with(id, |live| live.resting = true);
    }

    /// There is something to do there.
    pub(crate) fn need(&self, id: DestinationId) {
        self.with(id, |live| live.resting = false);
    }

    pub(crate) fn resting(&self) -> Vec<DestinationId> {
        let destinations = lock(&self.destinations);
        let resting = destinations.values().filter(|live| live.resting);
        resting.map(|live| live.destination.id).collect()
    }

    /// Takes the destinations that are to be asked now.
    pub(crate) fn take_due(&self, now: Instant) -> Vec<Due> {
        let mut destinations = lock(&self.destinations);
        let due = destinations
            .values_mut()
            .filter(|live| live.is_to_be_asked() && live.next_try <= now);
        due.map(|live| {
            live.asking = true;
            live.due()
        })
        .collect()
    }

    /// One as it would be asked, for a task of its own.
    pub(crate) fn due(&self, id: DestinationId) -> Option<Due> {
        lock(&self.destinations).get(&id).map(Live::due)
    }

    /// When the next destination is to be asked.
    pub(crate) fn next_due(&self) -> Option<Instant> {
        let destinations = lock(&self.destinations);
        destinations
            .values()
            .filter(|live| live.is_to_be_asked())
            .map(|live| live.next_try)
            .min()
    }

    /// Held by who asks the destination: should that stumble, it is asked again.
    pub(crate) fn asking(&self, id: DestinationId) -> Asking<'_> {
        Asking { registry: self, id }
    }

    /// It was listed to the end, or cannot be listed: uploads may begin.
    pub(crate) fn listed(&self, id: DestinationId) {
        self.with(id, |live| live.listed = true);
    }

    pub(crate) fn listing_ended(&self, id: DestinationId) {
        self.with(id, |live| live.listing = false);
    }

    /// Whether any destination is being listed.
    pub(crate) fn is_listing(&self) -> bool {
        lock(&self.destinations)
            .values()
            .any(|live| live.listing && live.health.state == DestinationState::Ready)
    }

    /// It answered and is the right one. Returns whether it was not ready before.
    pub(crate) fn ready(&self, open: Open, list: List, now: Instant) -> bool {
        let became_ready = self.with(open.destination.id, |live| {
            live.asking = false;
            live.ready(open, list, now)
        });
        became_ready.unwrap_or(false)
    }

    /// Asking it failed.
    pub(crate) fn unreached(&self, due: &Due, error: &remote::Error, now: Instant) {
        self.with(due.destination.id, |live| {
            live.asking = false;
            live.failed(due.generation, error, now);
        });
    }

    /// It has not answered for long, and is being asked yet: another try would only wait beside that one.
    pub(crate) fn unanswered(&self, due: &Due, error: &remote::Error, now: Instant) {
        self.with(due.destination.id, |live| {
            live.failed(due.generation, error, now);
            live.tries = u32::MAX;
        });
    }

    /// Its answer is not waited for any more: what was asked is another one by now.
    pub(crate) fn given_up(&self, id: DestinationId) {
        self.with(id, |live| live.asking = false);
    }

    /// A job found that no job can go there until something changes.
    pub(crate) fn failed(&self, open: &Open, error: &remote::Error, now: Instant) {
        self.with(open.destination.id, |live| {
            live.failed(open.generation, error, now)
        });
    }

    /// A job could not reach it: to be asked itself before the next job goes there.
    pub(crate) fn suspect(&self, open: &Open, error: &remote::Error, now: Instant) {
        self.with(open.destination.id, |live| {
            if live.generation == open.generation && live.health.state == DestinationState::Ready {
                live.next_try = now;
                live.health = Health {
                    state: DestinationState::Unknown,
                    reason: Some(Reason::new(of_remote(error), error)),
                };
            }
        });
    }

    pub(crate) fn health(&self, id: DestinationId) -> Health {
        lock(&self.destinations)
            .get(&id)
            .map_or(Health::UNKNOWN, |live| live.health.clone())
    }

    /// Destinations that take no jobs now.
    pub(crate) fn unready(&self) -> Vec<Unready> {
        lock(&self.destinations)
            .values()
            .filter(|live| live.health.state != DestinationState::Ready || !live.listed)
            .map(|live| Unready {
                destination: live.destination.clone(),
                health: live.health.clone(),
                tries: live.tries,
                was_ready: live.was_ready,
                resting: live.resting,
            })
            .collect()
    }

    /// Destinations that can take more jobs, and how many.
    pub(crate) fn capacities(&self) -> Vec<(Open, u32)> {
        lock(&self.destinations)
            .values()
            .filter(|live| live.listed && live.health.state == DestinationState::Ready)
            .filter_map(|live| Some((live.open.clone()?, live.lanes.free())))
            .filter(|(_, free)| *free > 0)
            .collect()
    }

    /// The destination, if it can be spoken to now.
    pub(crate) fn open(&self, id: DestinationId) -> Option<Open> {
        lock(&self.destinations)
            .get(&id)
            .filter(|live| live.health.state == DestinationState::Ready)
            .and_then(|live| live.open.clone())
    }

    pub(crate) fn started(&self, id: DestinationId) {
        self.with(id, |live| live.lanes.take());
    }

    /// A job needs the far side no longer. Fewer at once when that is busy, more when all goes well.
    pub(crate) fn answered(&self, id: DestinationId, load: Load) {
        self.with(id, |live| live.lanes.leave(load));
    }

    /// A job that was answered is recorded.
    pub(crate) fn ended(&self, id: DestinationId) {
        self.with(id, |live| live.lanes.end());
    }

    /// Folder destinations, which are never indexed.
    pub(crate) fn folders(&self) -> Vec<PathBuf> {
        lock(&self.destinations)
            .values()
            .filter_map(|live| match &live.destination.config {
                DestinationConfig::Folder { path, .. } => Some(PathBuf::from(path)),
                DestinationConfig::S3 { .. }
                | DestinationConfig::Http { .. }
                | DestinationConfig::Lambda { .. } => None,
            })
            .collect()
    }

    /// Whether large files go up in parts anywhere.
    pub(crate) fn takes_parts(&self) -> bool {
        let is_bucket =
            |live: &Live| matches!(live.destination.config, DestinationConfig::S3 { .. });
        lock(&self.destinations).values().any(is_bucket)
    }

    fn with<T>(&self, id: DestinationId, work: impl FnOnce(&mut Live) -> T) -> Option<T> {
        lock(&self.destinations).get_mut(&id).map(work)
    }
}

/// The question to a destination that is under way.
#[derive(Debug)]
pub(crate) struct Asking<'a> {
    registry: &'a Registry,
    id: DestinationId,
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.registry.with(self.id, |live| {
                live.asking = false;
                live.next_try = Instant::now() + LONGEST_PAUSE;
            });
        }
    }
}
