//! Memory cards and cameras that are plugged in: offered, never copied unasked.
//!
//! A *card* is a volume with a `DCIM` folder at its root, or a camera or phone that the desktop mounted. An
//! *insertion* lasts from when it is plugged in until it is pulled out: what the person decides holds
//! for that. They are looked for where a window can offer them.
//!
//! **Invariant:** before the person says yes, a card is only listed: none of its files is opened. Nothing
//! on it is ever changed.

mod insertion;
mod place;

pub(crate) use insertion::Insertion;

use crate::admission::Ground;
use crate::blocking::blocking;
use crate::context::Context;
use crate::lock::lock;
use crate::mounts::Changes;
use crate::store::folders;
use crate::store::{StoreError, arriving};
use crate::view::CardView;
use insertion::Listed;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::task::{JoinHandle, JoinSet};

/// What is plugged in is looked for this often, and whenever something is mounted or unmounted: cameras are
/// folders, of which nothing is told.
const LOOK: Duration = Duration::from_secs(2);
/// A look that takes longer is waited for while nothing else is.
const PATIENCE: Duration = Duration::from_secs(5);
/// What shows no photos is listed again this often until it does: a phone shows them once it is unlocked, a
/// card may be mounted before it can be read, or get its first photos where it is.
const AGAIN: Duration = Duration::from_secs(10);

/// The cards that are plugged in, and what the person decided about each.
#[derive(Debug, Default)]
pub(crate) struct Cards(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    cards: HashMap<i64, Card>,
    last: i64,
}

#[derive(Debug)]
struct Card {
    insertion: Insertion,
    stand: Stand,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Stand {
    /// To be listed.
    New,
    BeingListed,
    /// It has no photos, as far as it shows.
    Nothing(Instant),
    Offered(Offer),
    /// Not for this insertion.
    PutOff,
    BeingCopied,
    Copied,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Offer {
    photos: u32,
    bytes: u64,
    new_at_least: u32,
    videos: u32,
}

impl Cards {
    /// What the person has not decided about, by when it came.
    pub(crate) fn offered(&self) -> Vec<CardView> {
        let held = lock(&self.0);
        let mut offered: Vec<CardView> = held
            .cards
            .iter()
            .filter_map(|(id, card)| match &card.stand {
                Stand::Offered(offer) => Some(CardView {
                    id: *id,
                    name: card.insertion.name.clone(),
                    photos: offer.photos,
                    bytes: offer.bytes,
                    new_at_least: offer.new_at_least,
                    videos: offer.videos,
                }),
                _ => None,
            })
            .collect();
        offered.sort_by_key(|card| card.id);
        offered
    }

    /// The card that is offered under this id.
    pub(crate) fn get(&self, id: i64) -> Option<Insertion> {
        let held = lock(&self.0);
        let card = held.cards.get(&id)?;
        matches!(card.stand, Stand::Offered(_)).then(|| card.insertion.clone())
    }

    pub(crate) fn begin(&self, id: i64) {
        self.set(id, Stand::BeingCopied);
    }

    pub(crate) fn put_off(&self, id: i64) {
        self.set(id, Stand::PutOff);
    }

    /// All of it was copied.
    pub(crate) fn copied(&self, id: i64) {
        self.set(id, Stand::Copied);
    }

    /// Its copying ended early: what is left of it is offered again.
    pub(crate) fn left(&self, id: i64) {
        self.set(id, Stand::New);
    }

    /// What was being listed is to be listed again.
    fn list_anew(&self) {
        for card in lock(&self.0).cards.values_mut() {
            if card.stand == Stand::BeingListed {
                card.stand = Stand::New;
            }
        }
    }

    fn set(&self, id: i64, stand: Stand) {
        if let Some(card) = lock(&self.0).cards.get_mut(&id) {
            card.stand = stand;
        }
    }

    /// Takes up what was plugged in, and lets go of what was pulled out. Returns whether something that was
    /// offered is gone.
    fn see(&self, seen: Vec<Insertion>) -> bool {
        let mut held = lock(&self.0);
        let before = held.cards.len();
        let mut withdrawn = false;
        held.cards.retain(|_, card| {
            let here = seen.contains(&card.insertion);
            withdrawn |= !here && matches!(card.stand, Stand::Offered(_));
            here
        });
        if held.cards.len() < before {
            tracing::info!("a card or camera was pulled out");
        }
        for insertion in seen {
            if !held.cards.values().any(|card| card.insertion == insertion) {
                held.last += 1;
                let id = held.last;
                let stand = Stand::New;
                held.cards.insert(id, Card { insertion, stand });
            }
        }
        withdrawn
    }

    /// Those that are to be listed now.
    fn take_to_list(&self, now: Instant) -> Vec<(i64, Insertion)> {
        let mut held = lock(&self.0);
        let due = held
            .cards
            .iter_mut()
            .filter(|(_, card)| match card.stand {
                Stand::New => true,
                Stand::Nothing(since) => now >= since + AGAIN,
                _ => false,
            })
            .map(|(id, card)| {
                card.stand = Stand::BeingListed;
                (*id, card.insertion.clone())
            });
        due.collect()
    }

    /// Returns whether it is offered now.
    fn listed(&self, id: i64, offer: Option<Offer>, now: Instant) -> bool {
        let mut held = lock(&self.0);
        let Some(card) = held.cards.get_mut(&id) else {
            return false;
        };
        match offer {
            Some(offer) => {
                let (name, photos) = (&card.insertion.name, offer.photos);
                tracing::info!(name, photos, "a card or camera with photos is here");
                card.stand = Stand::Offered(offer);
            }
            None => card.stand = Stand::Nothing(now),
        }
        matches!(card.stand, Stand::Offered(_))
    }
}

/// Runs until the engine stops.
pub(crate) async fn run(context: &Arc<Context>) {
    let mut looks = Looks::default();
    let changes = Changes::watch();
    context.cards.list_anew();
    let mut due = Instant::now();
    loop {
        if Instant::now() >= due {
            if looks.look(context).await {
                context.news.status();
            }
            due = Instant::now() + LOOK;
        }
        tokio::select! {
            () = context.stop.cancelled() => return,
            Some(ended) = looks.listing.join_next() => match ended {
                Ok((id, listed)) => offer(context, id, listed).await,
                Err(error) => tracing::error!(%error, "listing a card ended unexpectedly"),
            },
            () = changes.next() => due = Instant::now(),
            () = tokio::time::sleep_until(due.into()) => {}
        }
    }
}

/// Looks that may not have ended. A card that does not answer holds one thread, and no other is begun for it.
#[derive(Default)]
struct Looks {
    around: Option<JoinHandle<Vec<Insertion>>>,
    listing: JoinSet<(i64, Listed)>,
}

impl Looks {
    /// Returns whether something that was offered is gone.
    async fn look(&mut self, context: &Arc<Context>) -> bool {
        let wanted = context.settings.now().cards.offer && context.front.is_open();
        if !wanted {
            return context.cards.see(Vec::new());
        }
        let ground = match ground(context).await {
            Ok(ground) => ground,
            Err(error) => {
                tracing::error!(%error, "cannot read which folders are watched");
                return false;
            }
        };
        let mut look = self
            .around
            .take()
            .unwrap_or_else(|| tokio::spawn(blocking(insertion::here)));
        let mut seen = match tokio::time::timeout(PATIENCE, &mut look).await {
            Ok(Ok(seen)) => seen,
            Ok(Err(error)) => {
                tracing::error!(%error, "a look for cards ended unexpectedly");
                return false;
            }
            Err(_) => {
                self.around = Some(look);
                return false;
            }
        };
        seen.retain(|insertion| place::is_apart(&insertion.root, &ground));
        let withdrawn = context.cards.see(seen);
        for (id, insertion) in context.cards.take_to_list(Instant::now()) {
            self.listing.spawn(blocking(move || (id, insertion.list())));
        }
        withdrawn
    }
}

async fn offer(context: &Context, id: i64, listed: Listed) {
    let photos = u32::try_from(listed.sizes.len()).unwrap_or(u32::MAX);
    let bytes = listed.sizes.iter().sum();
    let videos = listed.videos;
    let compared = context
        .store
        .read(move |db| arriving::surely_new(db, &listed.sizes));
    let new = match compared.await {
        Ok(new) => new,
        Err(error) => {
            tracing::warn!(%error, "cannot say how much of a card is new");
            0
        }
    };
    let offer = (photos > 0).then(|| Offer {
        photos,
        bytes,
        new_at_least: u32::try_from(new).unwrap_or(u32::MAX),
        videos,
    });
    if context.cards.listed(id, offer, Instant::now()) {
        context.news.status();
    }
}

/// What imgn has to do with. Destinations stand as they were given: to resolve one that does not answer
/// would hold up the look.
async fn ground(context: &Context) -> Result<Ground, StoreError> {
    let rows = context.store.read(folders::all).await?;
    let watched = rows.into_iter().filter(|row| !row.managed);
    Ok(Ground {
        watched: watched.map(|row| row.path).collect(),
        managed: context.managed.clone(),
        library: context.directory.clone(),
        destinations: context.registry.folders(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFER: Offer = Offer {
        photos: 3,
        bytes: 9,
        new_at_least: 2,
        videos: 0,
    };

    fn offered(cards: &Cards) -> Vec<i64> {
        cards.offered().iter().map(|card| card.id).collect()
    }

    /// Sees `seen`, and lists what is new.
    fn plug(cards: &Cards, seen: &[&Insertion], offer: Option<&Offer>) {
        cards.see(seen.iter().copied().cloned().collect());
        for (id, _) in cards.take_to_list(Instant::now()) {
            cards.listed(id, offer.cloned(), Instant::now());
        }
    }

    #[test]
    fn what_was_decided_holds_until_the_card_is_pulled_out() {
        let (cards, card) = (Cards::default(), Insertion::at("/media/a", 1));
        plug(&cards, &[&card], Some(&OFFER));
        assert_eq!(offered(&cards), [1]);
        cards.put_off(1);
        plug(&cards, &[&card], Some(&OFFER));
        assert_eq!(offered(&cards), [] as [i64; 0]);
        plug(&cards, &[], None);
        plug(&cards, &[&card], Some(&OFFER));
        assert_eq!(offered(&cards), [2]);
        plug(&cards, &[&Insertion::at("/media/a", 2)], Some(&OFFER));
        assert_eq!(offered(&cards), [3], "exchanged between two looks");
    }

    #[test]
    fn what_is_left_of_a_card_is_offered_again() {
        let (cards, card) = (Cards::default(), Insertion::at("/media/a", 1));
        plug(&cards, &[&card], Some(&OFFER));
        cards.begin(1);
        assert_eq!(cards.get(1), None, "it is copied once at a time");
        cards.left(1);
        plug(&cards, &[&card], Some(&OFFER));
        assert_eq!(offered(&cards), [1]);
        cards.begin(1);
        cards.copied(1);
        plug(&cards, &[&card], Some(&OFFER));
        assert_eq!(offered(&cards), [] as [i64; 0]);
    }

    #[test]
    fn what_shows_nothing_is_listed_again_until_it_does() {
        let now = Instant::now();
        let (cards, card) = (Cards::default(), Insertion::at("/media/a", 1));
        plug(&cards, &[&card], None);
        assert_eq!(cards.take_to_list(now).len(), 0);
        assert_eq!(cards.take_to_list(now + 2 * AGAIN).len(), 1);
        cards.listed(1, Some(OFFER), now + 2 * AGAIN);
        assert_eq!(offered(&cards), [1]);
        assert_eq!(cards.take_to_list(now + 4 * AGAIN).len(), 0);
    }

    #[test]
    fn what_is_offered_and_pulled_out_is_told() {
        let (cards, card) = (Cards::default(), Insertion::at("/media/a", 1));
        plug(&cards, &[&card], Some(&OFFER));
        assert!(cards.see(Vec::new()));
        plug(&cards, &[&card], None);
        assert!(!cards.see(Vec::new()), "nothing of it was offered");
    }
}
