//! Originals that are fetched: to be shown, and to find out what should lie beside them and does not.
//!
//! **Invariant:** what somebody only scrolls past is fetched when one of ours put it there, and is not large: a bucket
//! that others filled is not downloaded by looking at it.

use super::{cannot_keep, keep};
use crate::blocking::blocking;
use crate::context::Context;
use crate::hash;
use crate::picture::{Picture, shown_type};
use crate::registry::Open;
use crate::store::StoreError;
use crate::store::photos::{self, Photo, PhotoId, Thumb};
use crate::store::whereabouts::{self, Whereabouts};
use crate::view::CommandError;
use bytes::Bytes;
use media::worker::WorkerError;
use media::{Metadata, Sidecar, Thumbnail};
use remote::{Derived, Key, Sha256};
use sha2::{Digest, Sha256 as Hasher};
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;

/// A picture larger than this is not shown at full size.
const MOST_SHOWN: u64 = 256 << 20;
/// An original larger than this is not fetched for its thumbnail.
const MOST_UNASKED: u64 = 64 << 20;

/// What an original's bytes showed.
#[derive(Debug)]
pub(super) struct Seen {
    sha256: Sha256,
    size: u64,
    metadata: Metadata,
    pub(super) thumbnail: Made,
}

#[derive(Debug)]
pub(super) enum Made {
    Thumbnail(Thumbnail),
    /// The picture gives none.
    Nothing,
    /// There was nobody to make it: it is wanted as before.
    NotNow,
}

impl Made {
    pub(super) fn is_made(&self) -> bool {
        matches!(self, Self::Thumbnail(_))
    }
}

/// Why what was seen is not in the library.
#[derive(Debug)]
pub(super) enum NotRecorded {
    Store(StoreError),
    /// The thumbnail could not be kept.
    Disk(CommandError),
}

impl From<StoreError> for NotRecorded {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<NotRecorded> for CommandError {
    fn from(not: NotRecorded) -> Self {
        match not {
            NotRecorded::Store(error) => error.into(),
            NotRecorded::Disk(error) => error,
        }
    }
}

/// A photo's own picture: from its file here, else from a destination.
///
/// One whose bytes were never seen is hashed and read on the way: from then on it is known.
pub(crate) async fn shown(context: &Arc<Context>, id: PhotoId) -> crate::Result<Option<Picture>> {
    let found = context.store.read(move |db| whereabouts::of(db, id));
    let Some(Whereabouts {
        photo,
        sources,
        copies,
    }) = found.await?
    else {
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
        match open.remote.get(&key, MOST_SHOWN).await {
            Ok(Some(bytes)) => {
                if photo.sha256.is_none() {
                    let seen = see_bytes(context, &photo, bytes.clone()).await?;
                    record(context, &photo, seen).await?;
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

/// Whether the original would tell what no thumbnail beside it does.
pub(super) fn may_give_thumbnail(open: &Open, photo: &Photo, sidecar: Option<&Sidecar>) -> bool {
    open.remote.derived() == Derived::Ours
        && photo.size <= MOST_UNASKED
        && sidecar.is_none_or(|sidecar| sidecar.error.is_none())
}

/// An original that one of ours put there, whose thumbnail never came after it. None: it is somebody else's, or has
/// other bytes than are said of it.
pub(super) async fn of_ours(
    context: &Context,
    open: &Open,
    photo: &Photo,
    key: &Key,
    said: Option<Sha256>,
) -> Result<Option<Seen>, remote::Error> {
    let said = match said {
        Some(said) => said,
        None => match open
            .remote
            .head(key)
            .await?
            .and_then(|object| object.sha256)
        {
            Some(said) => said,
            None => return Ok(None),
        },
    };
    let _turn = context
        .remaking
        .acquire()
        .await
        .expect("it is never closed");
    let scratch = context.scratch.clone();
    let place = blocking(move || {
        std::fs::create_dir_all(&scratch)?;
        tempfile::tempdir_in(&scratch)
    })
    .await;
    let place = match place {
        Ok(place) => place,
        Err(source) => {
            let path = context.scratch.clone();
            return Err(remote::Error::Io { path, source });
        }
    };
    let file = place.path().join(format!("original.{}", photo.extension));
    let sha256 = open.remote.download(key, &file).await?;
    let seen = match sha256 == said {
        true => Some(see(context, photo, &file, sha256, photo.size).await),
        false => None,
    };
    // It holds a whole original, and is on the disk.
    blocking(move || drop(place)).await;
    Ok(seen)
}

/// The same of bytes that are here.
async fn see_bytes(context: &Context, photo: &Photo, bytes: Bytes) -> crate::Result<Seen> {
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
    Ok(see(context, photo, file.path(), sha256, size).await)
}

async fn see(context: &Context, photo: &Photo, file: &Path, sha256: Sha256, size: u64) -> Seen {
    let metadata = match context.workers.inspect(file).await {
        Ok(inspection) => inspection.metadata,
        Err(error) => {
            tracing::info!(name = photo.name, %error, "a photo gave no metadata");
            Metadata::default()
        }
    };
    let made = context.workers.thumbnail(file, crate::thumb_cache::SIZE);
    let thumbnail = match made.await {
        Ok(thumbnail) => Made::Thumbnail(thumbnail),
        Err(error) => {
            tracing::info!(name = photo.name, %error, "a photo gave no thumbnail");
            match error {
                WorkerError::Died { .. }
                | WorkerError::TimedOut { .. }
                | WorkerError::Thumbnail(_) => Made::Nothing,
                WorkerError::Unreadable { .. } | WorkerError::Start(_) => Made::NotNow,
            }
        }
    };
    Seen {
        sha256,
        size,
        metadata,
        thumbnail,
    }
}

/// Writes down what was seen of a photo that was only a name and a size until now, or keeps its thumbnail. Returns
/// the photo that it is: its bytes may be those of one that is known.
pub(super) async fn record(
    context: &Context,
    photo: &Photo,
    seen: Seen,
) -> Result<PhotoId, NotRecorded> {
    let Seen {
        sha256,
        size,
        metadata,
        thumbnail,
    } = seen;
    if let Made::Thumbnail(thumbnail) = &thumbnail {
        keep(context, sha256, Bytes::from(thumbnail.webp.clone()))
            .await
            .map_err(NotRecorded::Disk)?;
    }
    let id = photo.id;
    let (into, months) = context
        .store
        .write(move |db| {
            let months = photos::months(db, &[id])?;
            photos::learn_size(db, id, size)?;
            if let Some(twin) = photos::by_sha256(db, &sha256)?
                && twin != id
            {
                photos::merge(db, id, twin)?;
                return Ok((twin, months));
            }
            let (thumb, thumbhash) = match &thumbnail {
                Made::Thumbnail(made) => (Some(Thumb::Made), Some(made.thumbhash.as_slice())),
                Made::Nothing => (Some(Thumb::None), None),
                Made::NotNow => (None, None),
            };
            photos::learn(db, id, Some(&sha256), &metadata, thumbhash)?;
            if let Some(thumb) = thumb {
                photos::set_thumb(db, id, thumb, None, None)?;
            }
            Ok((id, months))
        })
        .await?;
    context.news.photo(into);
    context.news.months(months);
    Ok(into)
}

/// The whole file, unless it is too large to be shown.
fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = hash::open(path)?;
    if file.metadata()?.len() > MOST_SHOWN {
        return Err(io::Error::from(io::ErrorKind::FileTooLarge));
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}
