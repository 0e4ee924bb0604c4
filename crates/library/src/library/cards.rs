//! Memory cards and cameras: copied, or not for now.

use super::{Library, Result};
use crate::cards::Insertion;
use crate::intake;
use crate::view::*;
use tokio_util::sync::CancellationToken;

impl Library {
    /// Begins to copy what is on a card that [`Status::cards`] offers. It goes on by itself;
    /// [`Status::card_copy`] says how far it is.
    pub async fn copy_card(&self, card: i64) -> Result<()> {
        let Some(insertion) = self.context.cards.get(card) else {
            return Err(CommandError::new(Cause::DiskAway, "the card is not there"));
        };
        let stop = self.context.errands.card_copy.begin(CardProgress {
            name: insertion.name.clone(),
            stage: Stage::Listing,
            done: 0,
            total: 0,
            copied: 0,
            already_here: 0,
            videos: 0,
            not_photos: 0,
            problems: Vec::new(),
            problem_count: 0,
            reason: None,
        })?;
        self.context.cards.begin(card);
        self.context.news.status();
        let library = self.clone();
        self.context.errands.spawn(async move {
            library.take_card(card, insertion, stop).await;
        });
        Ok(())
    }

    async fn take_card(&self, card: i64, insertion: Insertion, stop: CancellationToken) {
        let errand = &self.context.errands.card_copy;
        let _begun = errand.begun();
        let taken = intake::take_card(&self.context, &insertion, &stop).await;
        if let Err(error) = &taken {
            tracing::info!(name = insertion.name, %error, "a card was not copied to the end");
        }
        match taken {
            Ok(()) => self.context.cards.copied(card),
            Err(_) => self.context.cards.left(card),
        }
        errand.end(&taken);
        self.context.news.status();
    }

    /// What was copied stays.
    pub async fn stop_card(&self) -> Result<()> {
        self.context.errands.card_copy.stop();
        Ok(())
    }

    /// The card is not offered again until it was pulled out.
    pub async fn put_off_card(&self, card: i64) -> Result<()> {
        self.context.cards.put_off(card);
        self.context.news.status();
        Ok(())
    }

    /// Takes what a copying that ended said out of sight.
    pub async fn dismiss_card_copy(&self) -> Result<()> {
        self.context.errands.card_copy.dismiss();
        self.context.news.status();
        Ok(())
    }
}
