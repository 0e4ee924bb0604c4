//! Fetches what somebody looks at and this machine does not have: sidecars and thumbnails of photos
//! that are online only. What was fetched is kept.

use crate::beside;
use crate::blocking::blocking;
use crate::context::Context;
use crate::hash;
use crate::lock::lock;
use crate::picture::{Picture, shown_type};
use crate::registry::Open;
use crate::store::photos::{self, Photo, PhotoId, Thumb};
use crate::store::{StoreError, copies, files};
use crate::view::{Cause, CommandError};
use bytes::Bytes;
use media::{Meta, Metadata};
use remote::{Key, Sha256};
use sha2::{Digest, Sha256 as Hasher};
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;
use tokio::task::JoinSet;

const AT_ONCE: usize = 4;
/// A picture larger than this is not shown at full size.
const MOST_ORIGINAL: u64 = 256 << 20;
/// What was scrolled past this long ago need not be fetched.
const MOST_WANTED: usize = 2_000;

/// Somebody looks at these: the latest go first.
pub(crate) fn want(context: &Context, ids: impl IntoIterator<Item = PhotoId>) {
    let nothing_there = lock(&context.nothing_there);
    let mut wanted = lock(&context.wanted);
    wanted.extend(ids.into_iter().filter(|id| !nothing_there.contains(id)));
    drop(nothing_there);
    let surplus = wanted.len().saturating_sub(MOST_WANTED);
    wanted.drain(..surplus);
    drop(wanted);
    context.bells.fetch.notify_one();
}

/// Runs until the engine stops.
pub(crate) async fn run(context: &Arc<Context>) {
    let mut running: JoinSet<()> = JoinSet::new();
    loop {
        while running.len() < AT_ONCE {
            let Some(id) = lock(&context.wanted).pop() else {
                break;
            };
            let context = Arc::clone(context);
            running.spawn(async move {
                if let Err(error) = fetch(&context, id).await {
                    tracing::error!(%error, "cannot record what was fetched");
                }
            });
        }
        tokio::select! {
            () = context.stop.cancelled() => {
                running.shutdown().await;
                return;
            }
            Some(ended) = running.join_next() => {
                if let Err(error) = ended && !error.is_cancelled() {
                    tracing::error!(%error, "fetching ended unexpectedly");
                }
            }
            () = context.bells.fetch.notified() => {}
        }
    }
}

async fn fetch(context: &Context, id: PhotoId) -> Result<(), StoreError> {
    let found = context
        .store
        .read(move |db| Ok((photos::get(db, id)?, copies::of_photo(db, id)?)))
        .await?;
    let (Some(photo), copies) = found else {
        return Ok(());
    };
    if photo.thumb != Thumb::Remote {
        return Ok(());
    }
    for copy in copies {
        let Some(open) = context.registry.open(copy.destination) else {
            continue;
        };
        let Ok(key) = Key::parse(&copy.key) else {
            continue;
        };
        match from(context, &open, &photo, &key).await? {
            Ok(()) => return Ok(()),
            // It is wanted again when somebody looks again.
            Err(error) => {
                tracing::info!(key = key.as_str(), %error, "cannot fetch what belongs to a photo")
            }
        }
    }
    Ok(())
}

async fn from(
    context: &Context,
    open: &Open,
    photo: &Photo,
    key: &Key,
) -> Result<Result<(), remote::Error>, StoreError> {
    let (sidecar, size) = match beside::meta(&*open.remote, key, photo.size).await {
        Ok(Meta::Sidecar(sidecar)) => (Some(sidecar), None),
        Ok(Meta::Size { width, height }) => (None, Some((width, height))),
        Ok(Meta::Later { .. } | Meta::NotYet) => (None, None),
        Err(error) => return Ok(Err(error)),
    };
    let sha256 = photo
        .sha256
        .or_else(|| sidecar.as_deref().and_then(beside::sha256));
    let webp = match sha256 {
        None => None,
        Some(sha256) => match beside::thumbnail(&*open.remote, &sha256).await {
            Ok(webp) => webp,
            Err(error) => return Ok(Err(error)),
        },
    };
    let made = match (sha256, &webp) {
        (Some(sha256), Some(webp)) => match keep(context, sha256, webp.clone()).await {
            Ok(()) => true,
            Err(error) => {
                context.trouble.note(error);
                return Ok(Ok(()));
            }
        },
        _ => false,
    };
    let id = photo.id;
    if sidecar.is_none() && !made {
        // An original's sidecar says no more.
        if let Some((width, height)) = size
            && photo.metadata.width.is_none()
        {
            let metadata = Metadata {
                width: Some(width),
                height: Some(height),
                ..photo.metadata.clone()
            };
            context
                .store
                .write(move |db| photos::learn(db, id, None, &metadata, None))
                .await?;
        }
        lock(&context.nothing_there).insert(id);
        context.news.photo(id);
        return Ok(Ok(()));
    }
    if !made {
        // Its sidecar is all there is: it need not be asked for again.
        lock(&context.nothing_there).insert(id);
    }
    let (into, months) = context
        .store
        .write(move |db| {
            let months = photos::months(db, &[id])?;
            let twin = sha256
                .map(|sha256| photos::by_sha256(db, &sha256))
                .transpose()?
                .flatten();
            if let Some(twin) = twin
                && twin != id
            {
                photos::merge(db, id, twin)?;
                return Ok((twin, months));
            }
            if let Some(sidecar) = &sidecar {
                let thumbhash = beside::thumbhash(sidecar);
                photos::learn(
                    db,
                    id,
                    sha256.as_ref(),
                    &sidecar.metadata,
                    thumbhash.as_deref(),
                )?;
                photos::learn_favourite(db, id, sidecar.favourite, sidecar.rev)?;
            }
            if made {
                photos::set_thumb(db, id, Thumb::Made, None, None)?;
            }
            Ok((id, months))
        })
        .await?;
    context.news.photo(into);
    context.news.months(months);
    Ok(Ok(()))
}

/// A photo's own picture: from its file here, else from a destination.
///
/// One whose bytes were never seen is hashed and read on the way: from then on it is known.
pub(crate) async fn original(
    context: &Arc<Context>,
    id: PhotoId,
) -> crate::Result<Option<Picture>> {
    let found = context
        .store
        .read(move |db| {
            Ok((
                photos::get(db, id)?,
                files::sources(db, id)?,
                copies::of_photo(db, id)?,
            ))
        })
        .await?;
    let (Some(photo), sources, copies) = found else {
        return Ok(None);
    };
    let Some(content_type) = shown_type(&photo.media_type) else {
        return Ok(None);
    };
    for source in sources.into_iter().filter(|source| !source.away) {
        match blocking(move || read_file(&source.path)).await {
            Ok(bytes) => {
                return Ok(Some(Picture {
                    bytes,
                    content_type,
                }));
            }
            Err(error) => {
                tracing::info!(name = photo.name, %error, "cannot show a photo from its file")
            }
        }
    }
    let mut failed = None;
    for copy in copies {
        let Some(open) = context.registry.open(copy.destination) else {
            continue;
        };
        let Ok(key) = Key::parse(&copy.key) else {
            continue;
        };
        match open.remote.get(&key, MOST_ORIGINAL).await {
            Ok(Some(bytes)) => {
                if photo.sha256.is_none() {
                    get_to_know(context, &photo, bytes.clone()).await?;
                }
                return Ok(Some(Picture {
                    bytes: bytes.into(),
                    content_type,
                }));
            }
            Ok(None) => {
                tracing::info!(
                    key = key.as_str(),
                    "a photo is no longer where it was listed"
                );
            }
            // Another destination may have it.
            Err(error) => failed = Some(error),
        }
    }
    failed.map_or(Ok(None), |error| Err(error.into()))
}

/// Hash, metadata and thumbnail of a photo that was only a name and a size until now.
async fn get_to_know(context: &Context, photo: &Photo, bytes: Bytes) -> crate::Result<()> {
    let sha256: Sha256 = Hasher::digest(&bytes).into();
    let size = bytes.len() as u64;
    let (scratch, suffix) = (context.scratch.clone(), format!(".{}", photo.extension));
    let file = blocking(move || {
        std::fs::create_dir_all(&scratch)?;
        let mut file = tempfile::Builder::new()
            .suffix(&suffix)
            .tempfile_in(&scratch)?;
        file.write_all(&bytes)?;
        Ok(file)
    })
    .await
    .map_err(cannot_keep)?;
    let metadata = match context.workers.inspect(file.path()).await {
        Ok(inspection) => inspection.metadata,
        Err(error) => {
            tracing::info!(name = photo.name, %error, "a photo gave no metadata");
            Metadata::default()
        }
    };
    let thumbnail = match context
        .workers
        .thumbnail(file.path(), crate::thumb_cache::SIZE)
        .await
    {
        Ok(thumbnail) => Some(thumbnail),
        Err(error) => {
            tracing::info!(name = photo.name, %error, "a photo gave no thumbnail");
            None
        }
    };
    if let Some(thumbnail) = &thumbnail {
        keep(context, sha256, Bytes::from(thumbnail.webp.clone())).await?;
    }
    let id = photo.id;
    context
        .store
        .write(move |db| {
            photos::learn_size(db, id, size)?;
            if let Some(twin) = photos::by_sha256(db, &sha256)? {
                return photos::merge(db, id, twin);
            }
            let thumbhash = thumbnail
                .as_ref()
                .map(|thumbnail| thumbnail.thumbhash.as_slice());
            photos::learn(db, id, Some(&sha256), &metadata, thumbhash)?;
            let thumb = if thumbnail.is_some() {
                Thumb::Made
            } else {
                Thumb::None
            };
            photos::set_thumb(db, id, thumb, None, None)
        })
        .await?;
    context.news.photo(id);
    Ok(())
}

/// The whole file, unless it is too large to be shown.
fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = hash::open(path)?;
    if file.metadata()?.len() > MOST_ORIGINAL {
        return Err(io::Error::from(io::ErrorKind::FileTooLarge));
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

async fn keep(context: &Context, sha256: Sha256, webp: Bytes) -> crate::Result<()> {
    let cache = context.thumbs.clone();
    blocking(move || cache.write(&sha256, &webp))
        .await
        .map_err(cannot_keep)
}

fn cannot_keep(error: io::Error) -> CommandError {
    CommandError::of_disk(&error, Cause::Internal)
}
