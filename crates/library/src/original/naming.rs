//! What an original is called at a destination, and whose that key is.
//!
//! **Invariant:** a new key is in the library before it is used, and none is chosen that another photo has.

use crate::context::Context;
use crate::path_bytes::to_bytes;
use crate::registry::Open;
use crate::store::copies::{self, Owner};
use crate::store::files::Source;
use crate::store::photos::Photo;
use crate::store::{StoreError, destinations};
use jiff::Timestamp;
use remote::{Key, KeyParts, Sha256};

/// What a key of this photo is made of; `folder` is where it lies below the watched one.
pub(crate) fn key_parts<'a>(photo: &'a Photo, sha256: Sha256, folder: &'a [u8]) -> KeyParts<'a> {
    KeyParts {
        filename: &photo.original_name,
        path: folder,
        taken_at: photo.metadata.taken_at,
        mtime: photo
            .mtime
            .and_then(|ms| Timestamp::from_millisecond(ms).ok()),
        now: Timestamp::now(),
        sha256,
        extension: &photo.extension,
        camera: photo.metadata.camera.model.as_deref(),
    }
}

/// A new key that nobody has, kept before use.
///
/// None: three names were tried. `twin` is where the search goes on after a name was taken. An error is the
/// destination's, which takes no such photo.
pub(super) async fn choose_key(
    context: &Context,
    open: &Open,
    photo: &Photo,
    sha256: Sha256,
    source: &Source,
    twin: &mut u8,
) -> Result<Result<Option<(Key, Owner)>, remote::Error>, StoreError> {
    let destination = open.destination.id;
    let (id, size) = (photo.id, photo.size);
    let folder = source.relative.parent().map(to_bytes).unwrap_or_default();
    while *twin < 3 {
        let parts = key_parts(photo, sha256, folder);
        let key = match open.remote.key(&open.template, &parts, *twin) {
            Ok(key) => key,
            Err(error) => return Ok(Err(error)),
        };
        let candidate = key.clone();
        let owner = context
            .store
            // Derived again from the photo if a power cut takes it; the bytes that are there by then are adopted.
            .write_reproducible(move |db| {
                let owner = copies::owner(db, id, destination, &candidate)?;
                if owner == Owner::Nobody && destinations::get(db, destination)?.is_some() {
                    copies::choose(db, id, destination, &candidate, size)?;
                }
                Ok(owner)
            })
            .await?;
        if owner != Owner::Another {
            return Ok(Ok(Some((key, owner))));
        }
        *twin += 1;
    }
    Ok(Ok(None))
}

/// Whose the key is that the far side chose. The one of which it was confirmed until now is there no more.
pub(super) async fn owner_of(
    context: &Context,
    open: &Open,
    photo: &Photo,
    key: &Key,
) -> Result<Owner, StoreError> {
    let (id, destination, key) = (photo.id, open.destination.id, key.clone());
    context
        .store
        .write(move |db| match copies::owner(db, id, destination, &key)? {
            Owner::Another => {
                copies::give_up_key(db, id, destination, &key)?;
                Ok(Owner::Nobody)
            }
            owner => Ok(owner),
        })
        .await
}
