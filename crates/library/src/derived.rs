//! What lies beside an original at a destination: its sidecar and its thumbnail. Made again where
//! missing; may be replaced at any time.

use crate::clock;
use crate::context::Context;
use crate::inspect::not_utf8;
use crate::registry::Open;
use crate::store::StoreError;
use crate::store::copies::{self, Origin};
use crate::store::jobs::{self, Job};
use crate::store::photos::{self, Photo, Thumb};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use media::Sidecar;
use remote::Key;

/// A sidecar is a few kilobytes.
const MOST_SIDECAR: u64 = 1 << 20;

/// Puts the `imgn/1` sidecar beside the original.
pub(crate) async fn sidecar(
    context: &Context,
    open: &Open,
    job: Job,
) -> Result<Result<(), remote::Error>, StoreError> {
    let destination = open.destination.id;
    let found = context
        .store
        .read(move |db| {
            Ok((
                photos::get(db, job.photo)?,
                copies::key_and_origin(db, job.photo, destination)?,
            ))
        })
        .await?;
    let (Some(photo), Some((key, origin))) = found else {
        return finish(context, job).await;
    };
    let Ok(key) = Key::parse(&key) else {
        return finish(context, job).await;
    };
    if origin == Origin::Adopted {
        match open.remote.get(&key.sidecar(), MOST_SIDECAR).await {
            // Another machine's, with what only that one knows: whoever is first wins.
            Ok(Some(body)) if is_sidecar_of(&body, &photo) => return finish(context, job).await,
            Ok(_) | Err(remote::Error::TooLarge { .. }) => {}
            Err(error) => return Ok(Err(error)),
        }
    }
    let body = Bytes::from(of_photo(&photo).to_json());
    match open
        .remote
        .put_derived(&key.sidecar(), body, "application/json")
        .await
    {
        Ok(()) => finish(context, job).await,
        Err(error) => Ok(Err(error)),
    }
}

/// Puts the thumbnail where machines without the original look for it.
pub(crate) async fn thumbnail(
    context: &Context,
    open: &Open,
    job: Job,
) -> Result<Result<(), remote::Error>, StoreError> {
    let photo = context
        .store
        .read(move |db| photos::get(db, job.photo))
        .await?;
    let Some(sha256) = photo.and_then(|photo| photo.sha256) else {
        return finish(context, job).await;
    };
    let cache = context.thumbs.clone();
    let cached = tokio::task::spawn_blocking(move || cache.read(&sha256)).await;
    let webp = match cached {
        Ok(Ok(Some(webp))) => webp,
        // It was cleared away: made anew, which queues this again.
        Ok(Ok(None)) => {
            context
                .store
                .write(move |db| photos::set_thumb(db, job.photo, Thumb::Wanted, None, None))
                .await?;
            context.bells.thumbs.notify_one();
            return finish(context, job).await;
        }
        Ok(Err(source)) => {
            return Ok(Err(remote::Error::Io {
                path: context.thumbs.path(&sha256),
                source,
            }));
        }
        Err(error) => {
            let source = std::io::Error::other(error);
            return Ok(Err(remote::Error::Io {
                path: context.thumbs.path(&sha256),
                source,
            }));
        }
    };
    match open
        .remote
        .put_derived(&Key::thumbnail(&sha256), Bytes::from(webp), "image/webp")
        .await
    {
        Ok(()) => finish(context, job).await,
        Err(error) => Ok(Err(error)),
    }
}

fn is_sidecar_of(body: &[u8], photo: &Photo) -> bool {
    let sidecar = std::str::from_utf8(body)
        .ok()
        .and_then(|text| Sidecar::parse(text).ok());
    sidecar.is_some_and(|sidecar| Some(sidecar.sha256) == photo.sha256.map(hex::encode))
}

/// The sidecar of a photo as the library knows it.
fn of_photo(photo: &Photo) -> Sidecar {
    Sidecar {
        rev: 1,
        sha256: photo.sha256.map(hex::encode).unwrap_or_default(),
        previous: photo.previous.map(hex::encode),
        size: photo.size,
        media_type: photo.media_type.clone(),
        metadata: photo.metadata.clone(),
        favourite: false,
        thumbhash: photo.thumbhash.as_ref().map(|hash| STANDARD.encode(hash)),
        original_name: String::from_utf8_lossy(&photo.original_name).into_owned(),
        original_name_bytes: not_utf8(&photo.original_name),
        mtime: photo.mtime.and_then(clock::utc),
        error: photo.unreadable.clone(),
    }
}

async fn finish(context: &Context, job: Job) -> Result<Result<(), remote::Error>, StoreError> {
    context
        .store
        .write(move |db| jobs::finish(db, &job))
        .await?;
    Ok(Ok(()))
}
