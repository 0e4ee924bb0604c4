//! The ledger of one original's upload in parts, in the library's rows.

use crate::context::Context;
use crate::known_parts::KnownParts;
use crate::lock::lock;
use crate::store::destinations::DestinationId;
use crate::store::photos::PhotoId;
use crate::store::uploads::{self, UploadId};
use crate::store::{Store, StoreError};
use async_trait::async_trait;
use remote::{Key, Ledger, Parts, Sha256, Unrecorded, Upload};
use rusqlite::Transaction;
use std::sync::Mutex;

pub(super) struct Rows<'a> {
    store: &'a Store,
    known: &'a KnownParts,
    photo: PhotoId,
    sha256: Sha256,
    destination: DestinationId,
    key: &'a Key,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The upload that is under way.
    row: Option<UploadId>,
    failed: Option<StoreError>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(
        context: &'a Context,
        photo: PhotoId,
        sha256: Sha256,
        destination: DestinationId,
        key: &'a Key,
    ) -> Self {
        Self {
            store: &context.store,
            known: &context.parts,
            photo,
            sha256,
            destination,
            key,
            state: Mutex::default(),
        }
    }

    /// Why the database did not take something down, if it did not.
    pub(super) fn failure(self) -> Option<StoreError> {
        let state = self.state.into_inner();
        state
            .unwrap_or_else(|poisoned| poisoned.into_inner())
            .failed
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Unrecorded> {
        self.store.write(work).await.map_err(|error| {
            lock(&self.state).failed = Some(error);
            Unrecorded
        })
    }

    async fn change(
        &self,
        work: impl FnOnce(&Transaction<'_>, UploadId) -> rusqlite::Result<()> + Send + 'static,
    ) -> Result<(), Unrecorded> {
        let row = lock(&self.state).row.ok_or(Unrecorded)?;
        self.write(move |db| work(db, row)).await
    }
}

#[async_trait]
impl Ledger for Rows<'_> {
    fn parts(&self, part_size: u64) -> Option<Parts> {
        self.known.of(&self.sha256, part_size)
    }

    async fn unfinished(&self) -> Result<Option<Upload>, Unrecorded> {
        let (photo, destination, key) = (self.photo, self.destination, self.key.to_string());
        let found = self
            .store
            .read(move |db| uploads::unfinished(db, photo, destination, &key))
            .await
            .map_err(|error| {
                lock(&self.state).failed = Some(error);
                Unrecorded
            })?;
        Ok(found.map(|(row, upload)| {
            lock(&self.state).row = Some(row);
            upload
        }))
    }

    async fn begin(&self, upload: &Upload) -> Result<(), Unrecorded> {
        let (photo, destination, key) = (self.photo, self.destination, self.key.to_string());
        let upload = upload.clone();
        let row = self
            .write(move |db| uploads::begin(db, photo, destination, &key, &upload))
            .await?;
        lock(&self.state).row = Some(row);
        Ok(())
    }

    async fn begun(&self, id: &str) -> Result<(), Unrecorded> {
        let id = id.to_owned();
        self.change(move |db, row| uploads::begun(db, row, &id))
            .await
    }

    async fn sent(&self, part: u32, etag: &str) -> Result<(), Unrecorded> {
        let etag = etag.to_owned();
        self.change(move |db, row| uploads::sent(db, row, part, &etag))
            .await
    }

    async fn lost(&self, part: u32) -> Result<(), Unrecorded> {
        self.change(move |db, row| uploads::lost(db, row, part))
            .await
    }

    async fn given_up(&self) -> Result<(), Unrecorded> {
        self.change(|db, row| uploads::give_up(db, row)).await
    }

    async fn ended(&self) -> Result<(), Unrecorded> {
        self.change(|db, row| uploads::forget(db, row)).await
    }
}
