//! A thumbnail that the cache has no more, made or fetched again while somebody looks.

use crate::beside;
use crate::blocking::blocking;
use crate::context::Context;
use crate::scan;
use crate::store::copies;
use crate::store::files::{self, Source};
use crate::store::photos::PhotoId;
use crate::thumb_cache;
use remote::Sha256;

/// The thumbnail's bytes; none when neither a file here nor a destination that answers has it now.
pub(crate) async fn thumbnail(
    context: &Context,
    id: PhotoId,
    sha256: Sha256,
) -> crate::Result<Option<Vec<u8>>> {
    let _turn = context
        .remaking
        .acquire()
        .await
        .expect("it is never closed");
    let (sources, copies) = context
        .store
        .read(move |db| Ok((files::sources(db, id)?, copies::of_photo(db, id)?)))
        .await?;
    let mut made = None;
    for source in sources.into_iter().filter(|source| !source.away) {
        made = from_file(context, &source).await;
        if made.is_some() {
            break;
        }
    }
    if made.is_none() {
        for copy in copies {
            let Some(open) = context.registry.open(copy.destination) else {
                continue;
            };
            match beside::thumbnail(&*open.remote, &sha256).await {
                Ok(Some(webp)) => {
                    made = Some(webp.into());
                    break;
                }
                Ok(None) => {}
                Err(error) => tracing::info!(%error, "cannot fetch a thumbnail again"),
            }
        }
    }
    if let Some(webp) = made.clone() {
        let cache = context.thumbs.clone();
        // It can be shown all the same.
        if let Err(error) = blocking(move || cache.write(&sha256, &webp)).await {
            tracing::warn!(%error, "cannot keep a thumbnail");
        }
    }
    Ok(made)
}

/// Only from the very bytes that the row is about.
async fn from_file(context: &Context, source: &Source) -> Option<Vec<u8>> {
    let made = context
        .workers
        .thumbnail(&source.path, thumb_cache::SIZE)
        .await;
    let path = source.path.clone();
    let Ok((seen, _)) = blocking(move || scan::seen(&path)).await else {
        return None;
    };
    if !source.seen.has_size_and_time_of(seen) {
        return None;
    }
    match made {
        Ok(thumbnail) => Some(thumbnail.webp),
        Err(error) => {
            tracing::info!(path = %source.path.display(), %error, "cannot make a thumbnail again");
            None
        }
    }
}
