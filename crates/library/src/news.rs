//! What changed, told outside: collected, then sent a few times a second.

use crate::lock::lock;
use crate::store::photos::PhotoId;
use crate::view::Event;
use std::collections::HashSet;
use std::sync::Mutex;
use tokio::sync::broadcast;

/// A listener that falls further behind misses events, and asks anew.
const BACKLOG: usize = 256;

#[derive(Debug)]
pub(crate) struct News {
    sender: broadcast::Sender<Event>,
    changed: Mutex<Changed>,
}

/// What changed since the last telling.
#[derive(Debug, Default)]
pub(crate) struct Changed {
    pub(crate) photos: HashSet<PhotoId>,
    /// Months named outright, where photos left or a row is gone.
    pub(crate) months: HashSet<String>,
    pub(crate) status: bool,
}

impl News {
    pub(crate) fn new() -> Self {
        Self {
            sender: broadcast::channel(BACKLOG).0,
            changed: Mutex::default(),
        }
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.sender.subscribe()
    }

    pub(crate) fn photo(&self, id: PhotoId) {
        self.photos([id]);
    }

    pub(crate) fn photos(&self, ids: impl IntoIterator<Item = PhotoId>) {
        let mut changed = lock(&self.changed);
        changed.photos.extend(ids);
        changed.status = true;
    }

    pub(crate) fn months(&self, months: impl IntoIterator<Item = String>) {
        let mut changed = lock(&self.changed);
        changed.months.extend(months);
        changed.status = true;
    }

    pub(crate) fn status(&self) {
        lock(&self.changed).status = true;
    }

    pub(crate) fn take(&self) -> Changed {
        std::mem::take(&mut *lock(&self.changed))
    }

    /// Puts back what could not be told.
    pub(crate) fn put_back(&self, untold: Changed) {
        let mut changed = lock(&self.changed);
        changed.photos.extend(untold.photos);
        changed.months.extend(untold.months);
        changed.status = true;
    }

    /// Sends to whoever listens; nobody need.
    pub(crate) fn tell(&self, event: Event) {
        // An error means that nobody listens, which is fine.
        self.sender.send(event).ok();
    }
}
