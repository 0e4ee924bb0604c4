//! Places side by side, and measured.

use super::{Library, Result};
use crate::blocking::blocking;
use crate::comparison::{self, Known};
use crate::measuring::{self, Way};
use crate::prices;
use crate::store::destinations;
use crate::store::samples;
use crate::view::*;
use std::num::NonZeroU64;
use std::path::PathBuf;

impl Library {
    /// Every place with what was measured of it and what it costs; asks nobody.
    pub async fn compare(&self) -> Result<Comparison> {
        let file = self.prices_file();
        let (prices, table) = blocking(move || prices::read(&file)).await;
        let known = self
            .context
            .store
            .read(|db| {
                let rows = destinations::all(db)?;
                rows.into_iter()
                    .map(|destination| {
                        let (photos, bytes) = destinations::tally(db, destination.id)?;
                        Ok(Known {
                            photos,
                            bytes,
                            samples: samples::of(db, destination.id)?,
                            destination,
                        })
                    })
                    .collect::<rusqlite::Result<Vec<Known>>>()
            })
            .await?;
        let places = comparison::places(known, &prices);
        Ok(Comparison {
            others: comparison::others(&places),
            places,
            prices: table,
            upload_limit: self
                .context
                .settings
                .now()
                .limits
                .upload
                .map(NonZeroU64::get),
        })
    }

    /// Asks every place a bounded number of times how long it takes, and keeps that. Puts nothing there but probes
    /// of its own, where they can be removed again.
    pub async fn measure(&self) -> Result<MeasureReport> {
        let rows = self.context.store.read(destinations::all).await?;
        if rows.is_empty() {
            let detail = "there is no place to measure yet";
            return Err(CommandError::new(Cause::NoDestination, detail));
        }
        let Ok(_turn) = self.context.measures.turn.try_lock() else {
            let detail = "places are being measured already";
            return Err(CommandError::new(Cause::AlreadyRunning, detail));
        };
        let stop = self.context.measures.begin();
        let mut way = Way::over(&self.context.news, &rows);
        let mut places = Vec::new();
        for row in rows {
            if stop.is_cancelled() {
                break;
            }
            let keys = self.keys_of(&row).await;
            places.push(measuring::run(&self.context, row, keys, &mut way, &stop).await?);
        }
        self.context.news.status();
        Ok(MeasureReport {
            places,
            stopped: stop.is_cancelled(),
        })
    }

    /// Ends the measuring that is under way; what it saw counts.
    pub async fn stop_measure(&self) -> Result<()> {
        self.context.measures.stop();
        Ok(())
    }

    /// The table of prices, which is written where it was not there yet.
    pub async fn prices_to_edit(&self) -> Result<PathBuf> {
        let path = self.prices_file();
        let made = path.clone();
        blocking(move || prices::explain(&made))
            .await
            .map_err(|error| CommandError::of_disk(&error, Cause::FolderUnwritable))?;
        Ok(path)
    }

    fn prices_file(&self) -> PathBuf {
        self.settings_file().with_file_name(prices::FILE)
    }
}
