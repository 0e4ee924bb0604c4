//! What was copied and is not indexed yet: the library does not know its bytes.

use crate::context::Context;
use crate::lock::lock;
use crate::store::{StoreError, arriving};
use remote::Sha256;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Mutex;

#[derive(Debug, Default)]
pub(crate) struct Copied(Mutex<HashMap<u64, Vec<(Sha256, PathBuf)>>>);

impl Copied {
    pub(super) fn add(&self, size: u64, sha256: Sha256, to: PathBuf) {
        lock(&self.0).entry(size).or_default().push((sha256, to));
    }

    /// The copies of this size, and where each was put.
    pub(super) fn of_size(&self, size: u64) -> Vec<(Sha256, PathBuf)> {
        lock(&self.0).get(&size).cloned().unwrap_or_default()
    }

    fn all(&self) -> Vec<Sha256> {
        let held = lock(&self.0);
        held.values().flatten().map(|(sha256, _)| *sha256).collect()
    }

    fn forget(&self, known: &HashSet<Sha256>) {
        lock(&self.0).retain(|_, copies| {
            copies.retain(|(sha256, _)| !known.contains(sha256));
            !copies.is_empty()
        });
    }
}

/// Forgets what the library knows by now.
pub(super) async fn forget_indexed(context: &Context) -> Result<(), StoreError> {
    let all = context.copied.all();
    if all.is_empty() {
        return Ok(());
    }
    let known = context.store.read(move |db| {
        let mut known = HashSet::new();
        for sha256 in all {
            if arriving::is_here(db, &sha256)? {
                known.insert(sha256);
            }
        }
        Ok(known)
    });
    context.copied.forget(&known.await?);
    Ok(())
}
