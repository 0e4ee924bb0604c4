//! One photo at full size: from its file here, else from a destination.
//!
//! **Invariant:** a photo whose bytes were never seen is hashed and read on the way: from then on it is known.

use super::{cannot_keep, keep};
use crate::blocking::blocking;
use crate::context::Context;
use crate::hash;
use crate::picture::{Picture, shown_type};
use crate::store::photos::{self, Photo, PhotoId, Thumb};
use crate::store::{copies, files};
use bytes::Bytes;
use media::Metadata;
use remote::{Key, Sha256};
use sha2::{Digest, Sha256 as Hasher};
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;

/// A picture larger than this is not shown at full size.
const MOST_ORIGINAL: u64 = 256 << 20;

/// None: no browser shows it, or it is nowhere any more.
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
