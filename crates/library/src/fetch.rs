//! Fetches what somebody looks at and this machine does not have: sidecars and thumbnails of photos
//! that are online only. What was fetched is kept.

mod original;

pub(crate) use original::shown as original;

use crate::beside;
use crate::blocking::blocking;
use crate::context::Context;
use crate::lock::lock;
use crate::registry::Open;
use crate::store::photos::{self, Photo, PhotoId, Thumb};
use crate::store::{StoreError, copies};
use crate::view::{Cause, CommandError};
use bytes::Bytes;
use media::{Meta, Metadata, Sidecar};
use remote::{Key, Sha256};
use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use tokio::task::{Id, JoinSet};

const AT_ONCE: usize = 4;
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
    // Whoever looks on wants it again, and it may be a whole original: once at a time is enough.
    let mut fetched: HashMap<Id, PhotoId> = HashMap::new();
    loop {
        while running.len() < AT_ONCE {
            let Some(id) = lock(&context.wanted).pop() else {
                break;
            };
            if fetched.values().any(|running| *running == id) {
                continue;
            }
            let context = Arc::clone(context);
            let task = running.spawn(async move {
                if let Err(error) = fetch(&context, id).await {
                    tracing::error!(%error, "cannot record what was fetched");
                }
            });
            fetched.insert(task.id(), id);
        }
        tokio::select! {
            () = context.stop.cancelled() => {
                running.shutdown().await;
                return;
            }
            Some(ended) = running.join_next_with_id() => {
                let task = match ended {
                    Ok((task, ())) => task,
                    Err(error) => {
                        if !error.is_cancelled() {
                            tracing::error!(%error, "fetching ended unexpectedly");
                        }
                        error.id()
                    }
                };
                fetched.remove(&task);
            }
            () = context.bells.fetch.notified() => {}
        }
    }
}

/// Why what belongs to a photo did not come from a destination.
enum Failed {
    /// Another destination may have it.
    Remote(remote::Error),
    Store(StoreError),
}

impl From<remote::Error> for Failed {
    fn from(error: remote::Error) -> Self {
        Self::Remote(error)
    }
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
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
        match from(context, &open, &photo, &key).await {
            Ok(()) => return Ok(()),
            Err(Failed::Store(error)) => return Err(error),
            // It is wanted again when somebody looks again.
            Err(Failed::Remote(error)) => {
                tracing::info!(key = key.as_str(), %error, "cannot fetch what belongs to a photo")
            }
        }
    }
    Ok(())
}

async fn from(context: &Context, open: &Open, photo: &Photo, key: &Key) -> Result<(), Failed> {
    let found = Found::beside(open, photo, key).await?;
    if found.thumbnail.is_none()
        && original::may_give_thumbnail(open, photo, found.sidecar.as_deref())
        && let Some(seen) = original::of_ours(context, open, photo, key, found.sha256).await?
    {
        learn(context, photo, seen, found.sidecar.as_deref()).await?;
        return Ok(());
    }
    if let (Some(sha256), Some(webp)) = (found.sha256, found.thumbnail.clone())
        && let Err(error) = keep(context, sha256, webp).await
    {
        context.trouble.note(error);
        return Ok(());
    }
    if found.thumbnail.is_none() {
        // It need not be asked for again, whatever its sidecar says.
        lock(&context.nothing_there).insert(photo.id);
    }
    if found.thumbnail.is_none() && found.sidecar.is_none() {
        note_size(context, photo, found.size).await?;
        context.news.photo(photo.id);
    } else {
        take_in(context, photo.id, found).await?;
    }
    Ok(())
}

/// What lies beside an original.
struct Found {
    sidecar: Option<Box<Sidecar>>,
    /// All that the sidecar of an original imgn says.
    size: Option<(u32, u32)>,
    sha256: Option<Sha256>,
    /// None also where nobody says which bytes the original has.
    thumbnail: Option<Bytes>,
}

impl Found {
    async fn beside(open: &Open, photo: &Photo, key: &Key) -> Result<Self, remote::Error> {
        let remote = &*open.remote;
        let (sidecar, size) = match beside::meta(remote, key, photo.size).await? {
            Meta::Sidecar(sidecar) => (Some(sidecar), None),
            Meta::Size { width, height } => (None, Some((width, height))),
            Meta::Later { .. } | Meta::NotYet => (None, None),
        };
        let sha256 = photo
            .sha256
            .or_else(|| sidecar.as_deref().and_then(beside::sha256));
        let thumbnail = match sha256 {
            Some(sha256) => beside::thumbnail(remote, &sha256).await?,
            None => None,
        };
        Ok(Self {
            sidecar,
            size,
            sha256,
            thumbnail,
        })
    }
}

async fn note_size(
    context: &Context,
    photo: &Photo,
    size: Option<(u32, u32)>,
) -> Result<(), StoreError> {
    let Some((width, height)) = size.filter(|_| photo.metadata.width.is_none()) else {
        return Ok(());
    };
    let id = photo.id;
    let metadata = Metadata {
        width: Some(width),
        height: Some(height),
        ..photo.metadata.clone()
    };
    context
        .store
        .write(move |db| photos::learn(db, id, None, &metadata, None))
        .await
}

/// Writes down what lay beside an original. Its bytes may turn out to be those of a photo that is known.
async fn take_in(context: &Context, id: PhotoId, found: Found) -> Result<(), StoreError> {
    let (into, months) = context
        .store
        .write(move |db| {
            let months = photos::months(db, &[id])?;
            let twin = match &found.sha256 {
                Some(sha256) => photos::by_sha256(db, sha256)?,
                None => None,
            };
            if let Some(twin) = twin.filter(|twin| *twin != id) {
                photos::merge(db, id, twin)?;
                return Ok((twin, months));
            }
            if let Some(sidecar) = &found.sidecar {
                let (sha256, thumbhash) = (found.sha256.as_ref(), beside::thumbhash(sidecar));
                photos::learn(db, id, sha256, &sidecar.metadata, thumbhash.as_deref())?;
                photos::learn_favourite(db, id, sidecar.favourite, sidecar.rev)?;
            }
            if found.thumbnail.is_some() {
                photos::set_thumb(db, id, Thumb::Made, None, None)?;
            }
            Ok((id, months))
        })
        .await?;
    context.news.photo(into);
    context.news.months(months);
    Ok(())
}

/// What the original's own bytes showed, for want of what should lie beside it.
async fn learn(
    context: &Context,
    photo: &Photo,
    seen: original::Seen,
    sidecar: Option<&Sidecar>,
) -> Result<(), StoreError> {
    let made = seen.thumbnail.is_made();
    let id = match original::record(context, photo, seen).await {
        Ok(id) => id,
        Err(original::NotRecorded::Store(error)) => return Err(error),
        Err(original::NotRecorded::Disk(error)) => {
            context.trouble.note(error);
            return Ok(());
        }
    };
    if let Some((favourite, rev)) = sidecar.map(|sidecar| (sidecar.favourite, sidecar.rev)) {
        context
            .store
            .write(move |db| photos::learn_favourite(db, id, favourite, rev))
            .await?;
    }
    if !made {
        lock(&context.nothing_there).insert(id);
    }
    context.news.photo(id);
    Ok(())
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
