//! Checks of what is kept at the destinations, as a person asks for them.

use super::{Library, Result, no_such_photo};
use crate::reason::of_remote;
use crate::store::checks::{self, Depth};
use crate::store::destinations;
use crate::store::photos::{self, PhotoId};
use crate::verify;
use crate::view::*;

impl Library {
    /// Goes over every copy that is said to be at `destination` (none: at every one), and reads
    /// `read_percent` (0 to 100) of the originals there back. What is not right is no backup any more.
    pub async fn verify(
        &self,
        destination: Option<i64>,
        read_percent: f64,
    ) -> Result<VerifyReport> {
        if !(0.0..=100.0).contains(&read_percent) {
            let detail = format!("{read_percent} % of the originals cannot be read");
            return Err(CommandError::new(Cause::BadSettings, detail));
        }
        let wanted = self.named_or_all(destination).await?;
        // One at a time: two would only read the same disk against each other.
        let _turn = self.context.checks.turn.lock().await;
        let stop = self.context.checks.begin();
        let mut report = VerifyReport {
            destinations: Vec::new(),
        };
        for row in wanted {
            let name = row.name.clone();
            let id = row.id;
            let verified = match self.reach(row).await {
                Ok(reached) => verify::run(&self.context, &reached, read_percent, &stop).await?,
                Err(error) => Verified {
                    problem: Some(Reason::new(of_remote(&error), error)),
                    ..Verified::nothing_of(id.0, name, 0)
                },
            };
            report.destinations.push(verified);
        }
        Ok(report)
    }

    /// Ends the check that is under way; what it found stands.
    pub async fn stop_verify(&self) -> Result<()> {
        self.context.checks.stop();
        Ok(())
    }

    /// Asks every destination again for this photo's proof. One that no longer has it gets it again.
    pub async fn check_now(&self, photo: i64) -> Result<PhotoDetail> {
        let id = PhotoId(photo);
        let found = self
            .context
            .store
            .read(move |db| {
                let rows = destinations::all(db)?;
                let held = rows
                    .into_iter()
                    .map(|row| Ok((checks::held(db, id, row.id)?, row)))
                    .collect::<rusqlite::Result<Vec<_>>>()?;
                Ok((photos::get(db, id)?, held))
            })
            .await?;
        let (Some(_), held) = found else {
            return Err(no_such_photo());
        };
        let mut unanswered = None;
        for (held, row) in held {
            let Some(held) = held else { continue };
            // A disk does not vouch for what lies on it, nor an API: that is read.
            let depth = match row.config {
                DestinationConfig::Folder { .. }
                | DestinationConfig::Http { .. }
                | DestinationConfig::Lambda { .. } => Depth::Read,
                DestinationConfig::S3 { .. } => Depth::Looked,
            };
            let asked = match self.reach(row).await {
                Ok(reached) => verify::one(&self.context, &reached, held, depth).await?,
                Err(error) => Err(error),
            };
            if let Err(error) = asked {
                unanswered.get_or_insert(error);
            }
        }
        self.context.news.photo(id);
        self.context.bells.upload.notify_one();
        match unanswered {
            Some(error) => Err(error.into()),
            None => self.photo(photo).await,
        }
    }
}
