//! Finds a photo that a destination has under another name, so that it does not go up twice.

use crate::blocking::blocking;
use crate::context::Context;
use crate::hash;
use crate::registry::Open;
use crate::store::StoreError;
use crate::store::copies;
use crate::store::destinations::DestinationId;
use crate::store::files::Source;
use crate::store::photos::{self, Photo, PhotoId};
use remote::{Key, Object, Sha256};
use rusqlite::Connection;

/// Listed objects of a photo's size that are asked whether they are it, before it goes up.
const MOST_CANDIDATES: u32 = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recognised {
    /// No object is this photo.
    Nothing,
    /// One is, and is its copy now.
    Merged,
}

/// Listed objects that may be this photo under another name: by their size, those of its name first.
pub(super) fn candidates(
    db: &Connection,
    photo: &Photo,
    destination: DestinationId,
) -> rusqlite::Result<Vec<(PhotoId, String)>> {
    if copies::key(db, photo.id, destination)?.is_some() {
        return Ok(Vec::new());
    }
    copies::listed_of_size(db, destination, photo.size, &photo.name, MOST_CANDIDATES)
}

/// Looks whether one of them is this very picture; then it is taken as its copy. Objects tell by their SHA-256,
/// those that other programs put by their MD5 (a plain ETag).
pub(super) async fn recognise(
    context: &Context,
    open: &Open,
    photo: &Photo,
    candidates: Vec<(PhotoId, String)>,
    sha256: Sha256,
    source: &Source,
) -> Result<Result<Recognised, remote::Error>, StoreError> {
    let mut md5 = None;
    for (listed, key) in candidates {
        let Ok(key) = Key::parse(&key) else { continue };
        let object = match open.remote.head(&key).await {
            Ok(Some(object)) if object.size == photo.size => object,
            Ok(_) => continue,
            Err(error) => return Ok(Err(error)),
        };
        if is_same(&object, sha256, source, &mut md5).await {
            merge(context, listed, photo.id).await?;
            return Ok(Ok(Recognised::Merged));
        }
    }
    Ok(Ok(Recognised::Nothing))
}

async fn is_same(
    object: &Object,
    sha256: Sha256,
    source: &Source,
    md5: &mut Option<[u8; 16]>,
) -> bool {
    if let Some(theirs) = object.sha256 {
        return theirs == sha256;
    }
    let Some(theirs) = object.etag.as_deref().and_then(plain_etag) else {
        return false;
    };
    if md5.is_none() {
        let (path, seen) = (source.path.clone(), source.seen);
        let hashed = blocking(move || hash::md5(&path, seen)).await;
        *md5 = hashed.ok().flatten();
    }
    *md5 == Some(theirs)
}

/// The MD5 that an ETag is, unless it is one of several parts.
fn plain_etag(etag: &str) -> Option<[u8; 16]> {
    hex::decode(etag.trim_matches('"')).ok()?.try_into().ok()
}

async fn merge(context: &Context, listed: PhotoId, into: PhotoId) -> Result<(), StoreError> {
    context
        .store
        .write(move |db| photos::merge(db, listed, into))
        .await
}
