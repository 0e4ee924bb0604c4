//! A destination described anew: another address, another template, another name for the same library.

use super::remotes::absolute;
use super::{Library, Result};
use crate::opening;
use crate::reason::no_such_destination;
use crate::store::{destinations, samples};
use crate::view::*;
use std::time::Instant;

impl Library {
    /// What a destination would be with this description, asked with its own keys unless others are given.
    pub async fn test_changed_destination(
        &self,
        id: i64,
        config: DestinationConfig,
        keys: Option<TypedKeys>,
    ) -> Result<TestReport> {
        let begun = Instant::now();
        let row = self.row(id).await?;
        let config = absolute(config).await;
        let keys = match keys {
            Some(keys) => Some(keys),
            None => self.keys_of(&row).await,
        };
        self.test(begun, config, keys, Some(row)).await
    }

    /// Describes a destination anew. Where it would be asked in another way, it must be there and be the same
    /// library; nothing is changed else.
    pub async fn change_destination(
        &self,
        id: i64,
        name: String,
        config: DestinationConfig,
        keys: Option<TypedKeys>,
    ) -> Result<DestinationView> {
        let row = self.row(id).await?;
        let config = absolute(config).await;
        if std::mem::discriminant(&config) != std::mem::discriminant(&row.config) {
            let detail = "one kind of place cannot become another: add another destination";
            return Err(CommandError::new(Cause::BadSettings, detail));
        }
        if config.layout() != row.config.layout() {
            let detail = "the layout of a place cannot become another: add another destination";
            return Err(CommandError::new(Cause::BadSettings, detail));
        }
        let name = self.free_name(&name, Some(row.id)).await?;
        opening::key_template(&config)?;
        let elsewhere = !same_place(&config, &row.config);
        if elsewhere || keys.is_some() {
            if let Some(reason) = self.refused(&config).await? {
                return Err(reason.into());
            }
            let asked_with = match keys.clone() {
                Some(keys) => Some(keys),
                None => self.keys_of(&row).await,
            };
            let profile = row.profile.clone();
            let remote = opening::open_remote(&config, asked_with, profile).await?;
            remote.check(&row.marker).await?;
        }
        let id = row.id;
        let changed = self.context.store.write(move |db| {
            destinations::change(db, id, &name, &config)?;
            if elsewhere {
                destinations::clear_listed(db, id)?;
                samples::clear(db, id)?;
            }
            destinations::get(db, id)
        });
        let changed = changed.await?.ok_or_else(no_such_destination)?;
        self.context.registry.change(changed);
        self.context.bells.destinations.notify_one();
        self.context.news.status();
        match keys {
            Some(keys) => self.set_keys(id.0, keys).await,
            None => self.destination(id).await,
        }
    }
}

/// Whether both lead to the same objects in the same way; how keys are made does not matter to that.
fn same_place(config: &DestinationConfig, other: &DestinationConfig) -> bool {
    let without_template = |config: &DestinationConfig| {
        let mut config = config.clone();
        if let DestinationConfig::Folder { key_template, .. }
        | DestinationConfig::S3 { key_template, .. } = &mut config
        {
            *key_template = None;
        }
        config
    };
    without_template(config) == without_template(other)
}
