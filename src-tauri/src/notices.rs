//! Which notification is due: a large batch is safe, something newly needs the person, or a card or camera
//! with photos was plugged in.
//!
//! **Invariant:** pure; the clock is passed in. What the person has before their eyes is not said, one
//! matter is said at most once an hour, and a card once.

mod about;
#[cfg(test)]
mod tests;

use crate::words::{Place, Text};
use about::title;
use library::view::{Background, Cause, Problem, Status};
use std::collections::{HashMap, HashSet};

/// A batch from this many photos on is worth a word.
const LARGE: u32 = 50;

/// The queue has to stay empty for this long before a batch has ended: between two photos of one it
/// may be empty for a moment. Milliseconds.
const REST: i64 = 5_000;

const HOUR: i64 = 3_600_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) title: Text,
    pub(crate) body: Text,
    pub(crate) kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Done,
    Needed,
    Offered,
}

/// Whether the person looks at the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gaze {
    OnTheWindow,
    Elsewhere,
}

/// What is seen of the library at one moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look<'a> {
    pub(crate) status: &'a Status,
    pub(crate) problems: &'a [Problem],
    pub(crate) wanted: &'a Background,
    pub(crate) gaze: Gaze,
    /// Unix milliseconds.
    pub(crate) now: i64,
}

/// What was seen and said so far in this run.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    /// Photos that were safe when the queue was last empty.
    safe_before: Option<u32>,
    /// Since when the queue is empty.
    empty_since: Option<i64>,
    standing: HashSet<Matter>,
    said: HashMap<Matter, i64>,
    /// The newest card that was seen; ids rise.
    last_card: i64,
}

/// What a problem is about: photos may join it, it stays the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Matter {
    cause: Cause,
    destination: Option<i64>,
}

impl Notices {
    pub(crate) fn look(&mut self, look: Look<'_>) -> Vec<Notice> {
        let done = self.batch(look);
        let needed = self.needed(look);
        let card = self.card(look.status);
        let wanted = look.wanted;
        [
            done.filter(|_| wanted.notify_when_done),
            needed.filter(|_| wanted.notify_when_needed),
            card.filter(|_| wanted.notify_of_cards),
        ]
        .into_iter()
        .flatten()
        .filter(|_| look.gaze == Gaze::Elsewhere)
        .collect()
    }

    /// When to look again though nothing happens: Unix milliseconds.
    pub(crate) fn look_again(&self) -> Option<i64> {
        self.empty_since.map(|since| since + REST)
    }

    fn batch(&mut self, look: Look<'_>) -> Option<Notice> {
        let status = look.status;
        // A destination that was added makes photos unsafe again.
        let before = self.safe_before.unwrap_or(status.safe).min(status.safe);
        self.safe_before = Some(before);
        let busy = status.going > 0 || status.waiting > 0 || !status.scanning.is_empty();
        if busy || status.safe == before {
            self.empty_since = None;
            return None;
        }
        let since = *self.empty_since.get_or_insert(look.now);
        if look.now < since + REST {
            return None;
        }
        self.empty_since = None;
        self.safe_before = Some(status.safe);
        let went = status.safe - before;
        (went >= LARGE && status.needs_you == 0).then(|| Notice {
            title: Text::BatchSafe {
                photos: status.safe,
                place: place(status),
            },
            body: Text::BatchWentUp { photos: went },
            kind: Kind::Done,
        })
    }

    fn needed(&mut self, look: Look<'_>) -> Option<Notice> {
        let needing: Vec<&Problem> = look
            .problems
            .iter()
            .filter(|problem| !problem.mends_itself)
            .collect();
        let standing: HashSet<Matter> = needing.iter().map(|problem| matter(problem)).collect();
        let fresh: Vec<&Problem> = needing
            .into_iter()
            .filter(|problem| {
                let matter = matter(problem);
                let said = self.said.get(&matter);
                !self.standing.contains(&matter) && said.is_none_or(|at| look.now >= at + HOUR)
            })
            .collect();
        self.standing = standing;
        let said = fresh.iter().map(|problem| (matter(problem), look.now));
        self.said.extend(said);
        let waiting = fresh.iter().map(|problem| problem.count).sum();
        let title = match fresh[..] {
            [] => return None,
            [only] => title(only),
            [..] => Text::SeveralNeedYou {
                matters: u32::try_from(fresh.len()).unwrap_or(u32::MAX),
            },
        };
        Some(Notice {
            title,
            body: Text::NothingIsLost { waiting },
            kind: Kind::Needed,
        })
    }

    /// Before a folder and a destination are chosen, the window offers none.
    fn card(&mut self, status: &Status) -> Option<Notice> {
        let newest = status.cards.iter().max_by_key(|card| card.id)?;
        if newest.id <= self.last_card || status.first_run {
            return None;
        }
        self.last_card = newest.id;
        Some(Notice {
            title: Text::CardIsHere {
                name: newest.name.clone(),
                photos: newest.photos,
            },
            body: Text::NothingIsCopiedUnasked,
            kind: Kind::Offered,
        })
    }
}

fn matter(problem: &Problem) -> Matter {
    Matter {
        cause: problem.reason.code,
        destination: problem.destination,
    }
}

fn place(status: &Status) -> Place {
    match &status.destinations[..] {
        [only] => Place::Named(only.name.clone()),
        several => Place::Several(u32::try_from(several.len()).unwrap_or(u32::MAX)),
    }
}
