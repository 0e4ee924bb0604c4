//! One destination as it is right now, and when it is asked again.

use super::lanes::Lanes;
use super::{Due, Generation, Health, HeldKeys, List, Open};
use crate::reason::of_remote;
use crate::store::destinations::Destination;
use crate::view::{Cause, DestinationConfig, DestinationState, Reason};
use remote::Retry;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// Between two tries to reach a destination.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
pub(super) const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// A destination that is ready is asked again: a disk may be pulled out, a server is less likely to go.
const RECHECK_FOLDER: Duration = Duration::from_secs(10);
const RECHECK_SERVER: Duration = Duration::from_secs(5 * 60);
/// What needs the person is asked now and then too: they may have mended it at the far side.
const PAUSE_FOR_PERSON: Duration = Duration::from_secs(5 * 60);
/// A full destination is not tried photo by photo.
const PAUSE_WHEN_FULL: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(super) struct Live {
    pub(super) destination: Destination,
    pub(super) keys: Option<HeldKeys>,
    pub(super) generation: Generation,
    pub(super) open: Option<Open>,
    pub(super) health: Health,
    pub(super) next_try: Instant,
    /// It is being asked.
    pub(super) asking: bool,
    /// Not asked before there is something to do there.
    pub(super) resting: bool,
    pub(super) tries: u32,
    pub(super) was_ready: bool,
    pub(super) lanes: Lanes,
    /// What it holds is known, so that nothing goes up twice under another name.
    pub(super) listed: bool,
    /// It is being listed.
    pub(super) listing: bool,
    pub(super) removed: CancellationToken,
}

impl Live {
    pub(super) fn new(destination: Destination, keys: Option<HeldKeys>) -> Self {
        Self {
            keys,
            generation: Generation(0),
            open: None,
            health: Health::UNKNOWN,
            next_try: Instant::now(),
            asking: false,
            resting: false,
            tries: 0,
            was_ready: false,
            lanes: Lanes::default(),
            listed: destination.listed_at.is_some(),
            listing: false,
            removed: CancellationToken::new(),
            destination,
        }
    }

    /// As it is asked.
    pub(super) fn due(&self) -> Due {
        Due {
            destination: self.destination.clone(),
            keys: self.keys.as_ref().map(|held| held.keys.clone()),
            generation: self.generation,
            removed: self.removed.clone(),
        }
    }

    /// Sooner or later, and not being asked already.
    pub(super) fn is_to_be_asked(&self) -> bool {
        !self.asking && !self.resting
    }

    /// It answered and is the right one. Returns whether it was not ready before.
    pub(super) fn ready(&mut self, open: Open, list: List, now: Instant) -> bool {
        if self.generation != open.generation {
            return false;
        }
        let before = self.health.state;
        self.next_try = now + recheck(&open.destination.config);
        self.health = Health {
            state: DestinationState::Ready,
            reason: None,
        };
        self.tries = 0;
        self.listing |= list == List::Due;
        self.was_ready = true;
        self.open = Some(open);
        before != DestinationState::Ready
    }

    /// No job can go there for now. How long, the error says.
    pub(super) fn failed(&mut self, generation: Generation, error: &remote::Error, now: Instant) {
        if self.generation != generation {
            return;
        }
        let code = of_remote(error);
        let needs_person =
            matches!(error.retry(), Retry::WhenSettingsChange) && !code.mends_itself();
        let pause = match (code, needs_person) {
            (Cause::DestinationFull, _) => PAUSE_WHEN_FULL,
            (_, true) => PAUSE_FOR_PERSON,
            (_, false) => (FIRST_PAUSE * (1 << self.tries.min(5))).min(LONGEST_PAUSE),
        };
        self.tries = self.tries.saturating_add(1);
        self.next_try = now + pause;
        let pause = i64::try_from(pause.as_millis()).unwrap_or(i64::MAX);
        self.health = Health {
            state: if needs_person {
                DestinationState::NeedsYou
            } else {
                DestinationState::Offline
            },
            reason: Some(Reason {
                code,
                detail: error.to_string(),
                retry_at: Some(crate::clock::now().saturating_add(pause)),
            }),
        };
        if needs_person {
            self.open = None;
        }
    }

    pub(super) fn retry_now(&mut self) {
        self.tries = 0;
        self.next_try = Instant::now();
        if self.health.state == DestinationState::NeedsYou {
            self.health.state = DestinationState::Unknown;
        }
    }
}

fn recheck(config: &DestinationConfig) -> Duration {
    match config {
        DestinationConfig::Folder { .. } => RECHECK_FOLDER,
        DestinationConfig::S3 { .. }
        | DestinationConfig::Http { .. }
        | DestinationConfig::Lambda { .. } => RECHECK_SERVER,
    }
}
