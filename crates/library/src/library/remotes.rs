//! Destinations, as a person handles them: tested, added, given keys, forgotten.

use super::paths::{canonical, resolved};
use super::{Library, Result};
use crate::admission;
use crate::blocking::blocking;
use crate::clock;
use crate::gone;
use crate::leftovers::{self, Farewell};
use crate::opening;
use crate::path_bytes::shown;
use crate::reason::{no_such_destination, of_remote};
use crate::registry::{HeldKeys, Reached};
use crate::store::destinations::{self, Destination, DestinationId, KeyOrigin};
use crate::store::timeline;
use crate::typed_keys;
use crate::view::*;
use crate::wording;
use remote::Profile;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;
use uuid::Uuid;

impl Library {
    /// Reaches the far side and says in one report what works; changes nothing there.
    pub async fn test_destination(
        &self,
        config: DestinationConfig,
        keys: Option<TypedKeys>,
    ) -> Result<TestReport> {
        let begun = Instant::now();
        let config = absolute(config).await;
        let rows = self.context.store.read(destinations::all).await?;
        let known = rows.into_iter().find(|row| row.config == config);
        let keys = keys.or_else(|| {
            known
                .as_ref()
                .and_then(|row| self.context.registry.keys(row.id))
        });
        self.test(begun, config, keys, known).await
    }

    /// `known` is the destination that this must be.
    pub(super) async fn test(
        &self,
        begun: Instant,
        config: DestinationConfig,
        keys: Option<TypedKeys>,
        known: Option<Destination>,
    ) -> Result<TestReport> {
        let result = match self.refused(&config).await? {
            Some(reason) => Err(reason),
            None => {
                let id = known.as_ref().map(|row| row.id);
                let answer = probe(&config, keys, known).await;
                if let (Ok(_), Some(id)) = (&answer, id) {
                    // What keeps it from being used may be mended: it need not wait for its turn.
                    self.context.registry.retry(id);
                    self.context.bells.destinations.notify_one();
                }
                answer
            }
        };
        let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (problem, probe) = match result {
            Ok(probe) => (None, Some(probe)),
            Err(reason) => (Some(reason), None),
        };
        let profile = probe
            .as_ref()
            .map(|probe| probe.profile.clone())
            .unwrap_or_default();
        Ok(TestReport {
            problem,
            existing_library: probe.is_some_and(|probe| probe.marker.is_some()),
            service: wording::service(&profile),
            conditional_put: profile.conditional_put,
            repeats_sha256: profile.repeats_sha256,
            clock_skew: profile.clock_skew,
            milliseconds,
        })
    }

    pub async fn create_bucket(
        &self,
        config: DestinationConfig,
        keys: Option<TypedKeys>,
    ) -> Result<()> {
        opening::open_s3(&config, keys, Profile::default())
            .await?
            .create_bucket()
            .await?;
        Ok(())
    }

    /// Claims the place for this library, or joins the library that is there, and queues every photo.
    pub async fn add_destination(
        &self,
        name: String,
        config: DestinationConfig,
        keys: Option<TypedKeys>,
    ) -> Result<DestinationView> {
        let name = self.free_name(&name, None).await?;
        let config = absolute(config).await;
        if let Some(reason) = self.refused(&config).await? {
            return Err(reason.into());
        }
        opening::key_template(&config)?;
        let config = opening::located(config, keys.as_ref()).await?;
        let known = self.context.store.read(destinations::all).await?;
        let remote = opening::open_remote(&config, keys.clone(), Profile::default()).await?;
        let (marker, profile) = remote.claim().await?;
        if let Some(same) = known.iter().find(|other| other.marker.uuid == marker.uuid) {
            let detail = format!("this is the place that is known as {}", same.name);
            return Err(CommandError::new(Cause::BadSettings, detail));
        }
        let held = match keys {
            None => None,
            Some(keys) => Some(self.hold(marker.uuid, keys).await),
        };
        let (now, typed) = (clock::now(), held.is_some());
        let id = self
            .context
            .store
            .write(move |db| {
                let id = destinations::insert(db, &name, &config, &marker, &profile, now)?;
                if typed {
                    destinations::set_typed(db, id)?;
                }
                Ok(id)
            })
            .await?;
        let added = self
            .context
            .store
            .read(move |db| destinations::get(db, id))
            .await?;
        self.context
            .registry
            .add(added.ok_or_else(no_such_destination)?, held);
        self.context.bells.destinations.notify_one();
        self.every_month_changed().await?;
        self.destination(id).await
    }

    /// The name as it is kept, which no other destination than `own` has.
    pub(super) async fn free_name(&self, name: &str, own: Option<DestinationId>) -> Result<String> {
        let name = name.trim().to_owned();
        let refused = |detail: String| Err(CommandError::new(Cause::BadSettings, detail));
        if name.is_empty() {
            return refused("a destination needs a name".to_owned());
        }
        let known = self.context.store.read(destinations::all).await?;
        if known
            .iter()
            .any(|other| other.name == name && Some(other.id) != own)
        {
            return refused(format!("there is a destination named {name} already"));
        }
        Ok(name)
    }

    /// New keys, kept in the system's keyring where there is one; the destination is tried again at once.
    pub async fn set_keys(&self, destination: i64, keys: TypedKeys) -> Result<DestinationView> {
        let row = self.row(destination).await?;
        if row.config.secret().is_none() {
            let detail = format!("{} is a folder, which no key opens", row.name);
            return Err(CommandError::new(Cause::BadSettings, detail));
        }
        let id = row.id;
        let held = self.hold(row.marker.uuid, keys).await;
        self.context
            .store
            .write(move |db| destinations::set_typed(db, id))
            .await?;
        self.context.registry.set_keys(id, held);
        self.context.bells.destinations.notify_one();
        self.context.news.status();
        self.destination(id).await
    }

    async fn hold(&self, destination: Uuid, keys: TypedKeys) -> HeldKeys {
        let kept = self.context.keyring.keep(destination, &keys).await;
        if let Err(error) = &kept {
            tracing::info!(%error, "a key is kept for this run only");
        }
        HeldKeys { keys, kept }
    }

    /// Forgets the destination; deletes nothing there.
    pub async fn remove_destination(&self, id: i64) -> Result<()> {
        let id = DestinationId(id);
        let row = self.context.store.read(move |db| destinations::get(db, id));
        let farewell = row.await?.map(|destination| Farewell {
            open: self.context.registry.open(id),
            keys: self.context.registry.keys(id),
            destination,
        });
        self.context.registry.remove(id);
        if let Some(farewell) = farewell {
            leftovers::clear_all(&self.context, farewell).await;
        }
        // What is nowhere else is on no month any more once it is forgotten.
        let (removed, months) = self
            .context
            .store
            .write(move |db| {
                let (row, months) = (destinations::get(db, id)?, timeline::months(db)?);
                destinations::remove(db, id)?;
                Ok((row, months))
            })
            .await?;
        if let Some(row) = removed.filter(|row| row.keys == KeyOrigin::Typed)
            && let Err(error) = self.context.keyring.forget(row.marker.uuid).await
        {
            tracing::warn!(name = row.name, %error, "its key stays in the keyring");
        }
        self.context
            .news
            .months(months.into_iter().map(|(month, _)| month));
        Ok(())
    }

    /// Opens a destination and makes sure that it is the right one, whether the engine runs or not.
    pub(super) async fn reach(
        &self,
        destination: Destination,
    ) -> std::result::Result<Reached, remote::Error> {
        let keys = self.keys_of(&destination).await;
        let remote =
            opening::open_remote(&destination.config, keys, destination.profile.clone()).await?;
        let checked = remote.check(&destination.marker).await;
        let kept = match &checked {
            Ok(()) => gone::forget(&self.context, &destination).await,
            Err(error) => gone::note(&self.context, &destination, error).await,
        };
        if let Err(error) = kept {
            self.context.trouble.note(error);
        }
        checked?;
        Ok(Reached {
            destination,
            remote,
        })
    }

    /// The keys typed for a destination, from this run or an earlier one; none: what is around.
    pub(super) async fn keys_of(&self, destination: &Destination) -> Option<TypedKeys> {
        let held = self.context.registry.keys(destination.id);
        let found = typed_keys::find(&self.context, destination, held).await;
        found.unwrap_or_default()
    }

    /// The destination that was named, else every one.
    pub(super) async fn named_or_all(&self, named: Option<i64>) -> Result<Vec<Destination>> {
        let mut rows = self.context.store.read(destinations::all).await?;
        rows.retain(|row| named.is_none_or(|id| row.id == DestinationId(id)));
        match (rows.is_empty(), named) {
            (false, _) => Ok(rows),
            (true, Some(_)) => Err(no_such_destination()),
            (true, None) => Err(CommandError::new(
                Cause::NoDestination,
                "no photo is kept anywhere yet",
            )),
        }
    }

    /// The row of a destination.
    pub(super) async fn row(&self, id: i64) -> Result<Destination> {
        let id = DestinationId(id);
        let row = self.context.store.read(move |db| destinations::get(db, id));
        row.await?.ok_or_else(no_such_destination)
    }

    /// Each photo has another state than before, or may have.
    pub(super) async fn every_month_changed(&self) -> Result<()> {
        let months = self.context.store.read(timeline::months).await?;
        self.context
            .news
            .months(months.into_iter().map(|(month, _)| month));
        Ok(())
    }

    pub(super) async fn destination(&self, id: DestinationId) -> Result<DestinationView> {
        let context = Arc::clone(&self.context);
        let view = self.context.store.read(move |db| {
            destinations::get(db, id)?
                .map(|row| wording::destination_view(&context, db, &row))
                .transpose()
        });
        view.await?.ok_or_else(no_such_destination)
    }

    pub(super) async fn refused(&self, config: &DestinationConfig) -> Result<Option<Reason>> {
        let DestinationConfig::Folder { path, .. } = config else {
            return Ok(None);
        };
        let known = self.context.store.read(destinations::all).await?;
        // One that is known and not there is not mounted; a new one is mistyped.
        let given = PathBuf::from(path);
        let looked = blocking(move || (given.is_dir(), canonical(&given)));
        let (is_there, resolved) = looked.await;
        if !is_there && !known.iter().any(|row| row.config == *config) {
            let detail = format!("{path} is not a folder");
            return Ok(Some(Reason::new(Cause::FolderNotFound, detail)));
        }
        Ok(admission::destination(&resolved, &self.ground().await?))
    }
}

/// What is there; a place that is a destination already must be the one that it was.
async fn probe(
    config: &DestinationConfig,
    keys: Option<TypedKeys>,
    known: Option<Destination>,
) -> std::result::Result<remote::Probe, Reason> {
    let probed = async {
        opening::key_template(config)?;
        let remote = opening::open_remote(config, keys, Profile::default()).await?;
        let probe = remote.probe().await?;
        if let Some(known) = known {
            remote.check(&known.marker).await?;
        }
        Ok::<_, remote::Error>(probe)
    };
    probed
        .await
        .map_err(|error| Reason::new(of_remote(&error), error))
}

/// A folder destination by its full path, wherever imgn is started next.
pub(super) async fn absolute(config: DestinationConfig) -> DestinationConfig {
    match config {
        DestinationConfig::Folder {
            path,
            key_template,
            layout,
        } => DestinationConfig::Folder {
            path: shown(&resolved(Path::new(&path)).await),
            key_template,
            layout,
        },
        other => other,
    }
}
