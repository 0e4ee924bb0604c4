//! What is remembered of an upload in parts, so that it can go on after a restart.
//!
//! Stores keep the parts that they got, but not all tell what is in them, and none tells who began.
//! So whoever puts keeps a *ledger*: what was cut how, and which parts were acknowledged.
//!
//! **Invariant:** an upload is in the ledger before the far side is asked to begin it, and leaves
//! it only when the far side has none of it any more. So nothing of ours is left lying unknown.

use crate::lock::lock;
use crate::{Parts, Sha256};
use async_trait::async_trait;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Mutex;

/// An upload in parts that was begun and not completed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// What the far side calls it; none: it was asked to begin one, and never answered.
    pub id: Option<String>,
    /// When it was asked, by this machine's clock.
    pub asked_at: Timestamp,
    /// Of the whole original, as are `size` and `md5`.
    pub sha256: Sha256,
    pub size: u64,
    pub md5: [u8; 16],
    /// Bytes of every part but the last, which may be smaller.
    pub part_size: u64,
    /// The SHA-256 of each part.
    pub parts: Vec<Sha256>,
    /// What the far side answered to each part that it has, by its number (from 1).
    pub etags: BTreeMap<u32, String>,
}

/// The ledger could not be written or read: whoever keeps it knows why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unrecorded;

/// The memory of the uploads of one original under one key.
///
/// # Contract
/// What a call has returned for is there after a crash. `begin` forgets no earlier upload; those
/// that were given up, or never answered, are for [`Remote::abandon`](crate::Remote::abandon).
#[async_trait]
pub trait Ledger: Send + Sync {
    /// The hashes of the original's parts, where a reading that had the original's SHA-256 has told them
    /// already: then it need not be read once more.
    fn parts(&self, _part_size: u64) -> Option<Parts> {
        None
    }

    /// The upload that can go on; none that was given up, or whose beginning was never answered.
    async fn unfinished(&self) -> Result<Option<Upload>, Unrecorded>;

    /// The far side is about to be asked for an upload, which has no id yet.
    async fn begin(&self, upload: &Upload) -> Result<(), Unrecorded>;

    /// It has begun the last one, and calls it so.
    async fn begun(&self, id: &str) -> Result<(), Unrecorded>;

    /// It has this part of it.
    async fn sent(&self, part: u32, etag: &str) -> Result<(), Unrecorded>;

    /// It has lost this part of it.
    async fn lost(&self, part: u32) -> Result<(), Unrecorded>;

    /// The last one is not to go on, and may still be there.
    async fn given_up(&self) -> Result<(), Unrecorded>;

    /// Nothing of the last one is there any more, but for a whole object.
    async fn ended(&self) -> Result<(), Unrecorded>;
}

/// A ledger that lasts as long as it is held.
#[derive(Debug, Default)]
pub struct Memory(Mutex<Option<Noted>>);

#[derive(Debug)]
struct Noted {
    upload: Upload,
    goes_on: bool,
}

impl Memory {
    /// The last upload, if anything of it may be at the far side.
    pub fn left(&self) -> Option<Upload> {
        self.slot().as_ref().map(|noted| noted.upload.clone())
    }

    fn slot(&self) -> std::sync::MutexGuard<'_, Option<Noted>> {
        lock(&self.0)
    }

    fn change(&self, change: impl FnOnce(&mut Noted)) -> Result<(), Unrecorded> {
        self.slot().as_mut().map(change).ok_or(Unrecorded)
    }
}

#[async_trait]
impl Ledger for Memory {
    async fn unfinished(&self) -> Result<Option<Upload>, Unrecorded> {
        let slot = self.slot();
        let going = slot
            .as_ref()
            .filter(|noted| noted.goes_on && noted.upload.id.is_some());
        Ok(going.map(|noted| noted.upload.clone()))
    }

    async fn begin(&self, upload: &Upload) -> Result<(), Unrecorded> {
        *self.slot() = Some(Noted {
            upload: upload.clone(),
            goes_on: true,
        });
        Ok(())
    }

    async fn begun(&self, id: &str) -> Result<(), Unrecorded> {
        self.change(|noted| noted.upload.id = Some(id.to_owned()))
    }

    async fn sent(&self, part: u32, etag: &str) -> Result<(), Unrecorded> {
        self.change(|noted| {
            noted.upload.etags.insert(part, etag.to_owned());
        })
    }

    async fn lost(&self, part: u32) -> Result<(), Unrecorded> {
        self.change(|noted| {
            noted.upload.etags.remove(&part);
        })
    }

    async fn given_up(&self) -> Result<(), Unrecorded> {
        self.change(|noted| noted.goes_on = false)
    }

    async fn ended(&self) -> Result<(), Unrecorded> {
        *self.slot() = None;
        Ok(())
    }
}
