//! Finds a photo that a destination has under another name, so that it does not go up twice.

use crate::blocking::blocking;
use crate::context::Context;
use crate::hash;
use crate::registry::Open;
use crate::store::StoreError;
use crate::store::copies;
use crate::store::files::Source;
use crate::store::photos::{self, Photo, PhotoId};
use remote::{Key, Object, Sha256};

/// Listed objects of a photo's size that are asked whether they are it, before it goes up.
const MOST_CANDIDATES: u32 = 8;

/// Looks whether a listed object is this very picture under another name; then it is taken as its
/// copy. Objects tell by their SHA-256, those that other programs put by their MD5 (a plain ETag).
pub(super) async fn recognise(
    context: &Context,
    open: &Open,
    photo: &Photo,
    sha256: Sha256,
    source: &Source,
) -> Result<Result<(), remote::Error>, StoreError> {
    let (id, size, destination, name) = (
        photo.id,
        photo.size,
        open.destination.id,
        photo.name.clone(),
    );
    let candidates = context
        .store
        .read(move |db| {
            if copies::key(db, id, destination)?.is_some() {
                return Ok(Vec::new());
            }
            copies::listed_of_size(db, destination, size, &name, MOST_CANDIDATES)
        })
        .await?;
    let mut md5 = None;
    for (listed, key) in candidates {
        let Ok(key) = Key::parse(&key) else { continue };
        let object = match open.remote.head(&key).await {
            Ok(Some(object)) if object.size == size => object,
            Ok(_) => continue,
            Err(error) => return Ok(Err(error)),
        };
        if is_same(&object, sha256, source, &mut md5).await {
            merge(context, listed, id).await?;
            return Ok(Ok(()));
        }
    }
    Ok(Ok(()))
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
