//! Makes thumbnails beside the upload: photos that want one in, those that somebody looks at first; the cache and
//! the thumbhash out. Where the metadata could not be read when a photo came, for want of a worker, it is read
//! here before.
//!
//! **Invariant:** a picture that hurts its decoder is given up until it changes; it never holds up
//! its backup.

use crate::blocking::blocking;
use crate::clock;
use crate::context::Context;
use crate::reason::of_disk;
use crate::scan;
use crate::store::StoreError;
use crate::store::files::{self, Source};
use crate::store::photos::{self, PhotoId, Thumb};
use crate::thumb_cache;
use crate::view::{Cause, CommandError};
use crate::when::when;
use media::worker::WorkerError;
use media::{Metadata, Thumbnail};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

const AT_ONCE: usize = 2;
/// The same while originals go up.
const BESIDE_UPLOADS: usize = 1;
const BATCH: u32 = 32;

/// Runs until the engine stops.
pub(crate) async fn run(context: &Arc<Context>) {
    loop {
        match pass(context).await {
            Ok(()) => tokio::select! {
                () = context.stop.cancelled() => return,
                () = context.bells.thumbs.notified() => {}
                () = tokio::time::sleep(Duration::from_secs(60)) => {}
            },
            Err(error) => {
                if !context.rest_after(error).await {
                    return;
                }
            }
        }
        if context.stop.is_cancelled() {
            return;
        }
    }
}

/// Once through all photos that want a thumbnail; those that cannot be read now wait for the next.
async fn pass(context: &Arc<Context>) -> Result<(), StoreError> {
    let mut after = PhotoId(0);
    loop {
        let wanting = context
            .store
            .read(move |db| photos::wanting_thumb(db, after, BATCH))
            .await?;
        let Some(last) = wanting.last() else {
            return Ok(());
        };
        after = *last;
        let mut running = JoinSet::new();
        let mut wanting = wanting.into_iter();
        let mut begun = HashSet::new();
        loop {
            while running.len() >= at_once(context) {
                finish(running.join_next().await)?;
            }
            if context.stop.is_cancelled() {
                return Ok(());
            }
            // What somebody looks at goes first.
            let Some(id) = context.looked_at.next().or_else(|| wanting.next()) else {
                break;
            };
            if begun.insert(id) {
                let context = Arc::clone(context);
                running.spawn(async move { make(&context, id).await });
            }
        }
        while let Some(ended) = running.join_next().await {
            finish(Some(ended))?;
        }
    }
}

/// A backup comes first where both want the processor.
fn at_once(context: &Context) -> usize {
    if context.transfers.any() {
        BESIDE_UPLOADS
    } else {
        AT_ONCE
    }
}

fn finish(
    ended: Option<Result<Result<(), StoreError>, tokio::task::JoinError>>,
) -> Result<(), StoreError> {
    match ended {
        Some(Ok(result)) => result,
        Some(Err(error)) => {
            tracing::error!(%error, "making a thumbnail ended unexpectedly");
            Ok(())
        }
        None => Ok(()),
    }
}

async fn make(context: &Context, id: PhotoId) -> Result<(), StoreError> {
    let found = context
        .store
        .read(move |db| Ok((photos::get(db, id)?, files::sources(db, id)?)))
        .await?;
    let (Some(photo), sources) = found else {
        return Ok(());
    };
    let Some(sha256) = photo.sha256.filter(|_| photo.thumb == Thumb::Wanted) else {
        return Ok(());
    };
    let Some(source) = sources.into_iter().find(|source| !source.away) else {
        return Ok(());
    };
    if photo.metadata_due && !read_metadata(context, id, &source).await? {
        return Ok(());
    }
    let thumbnail = context
        .spare_workers
        .thumbnail(&source.path, thumb_cache::SIZE)
        .await;
    let (cache, kept) = (context.thumbs.clone(), thumbnail.as_ref().ok().cloned());
    let path = source.path.clone();
    let ended = blocking(move || {
        // What was decoded may no longer be what the row is about: then indexing comes first.
        if !is_as_seen(&source) {
            return None;
        }
        Some(kept.map_or(Ok(()), |kept| cache.write(&sha256, &kept.webp)))
    });
    let Some(kept) = ended.await else {
        return Ok(());
    };
    match thumbnail {
        Ok(thumbnail) => match kept {
            Ok(()) => record(context, id, Thumb::Made, Some(thumbnail), None).await,
            Err(error) => {
                // The disk's fault, not the picture's: it stays wanted.
                context.trouble.note(disk_error(&error));
                Ok(())
            }
        },
        Err(
            error @ (WorkerError::Died { .. }
            | WorkerError::TimedOut { .. }
            | WorkerError::Thumbnail(_)),
        ) => record(context, id, Thumb::None, None, error.of_picture()).await,
        Err(error) => {
            tracing::warn!(%error, path = %path.display(), "cannot make a thumbnail now");
            Ok(())
        }
    }
}

/// Returns whether it was read, or the picture has none that can be.
async fn read_metadata(
    context: &Context,
    id: PhotoId,
    source: &Source,
) -> Result<bool, StoreError> {
    let (metadata, unreadable) = match context.workers.inspect(&source.path).await {
        Ok(inspection) => (inspection.metadata, inspection.error),
        Err(
            error @ (WorkerError::Died { .. }
            | WorkerError::TimedOut { .. }
            | WorkerError::Thumbnail(_)),
        ) => (Metadata::default(), error.of_picture()),
        Err(error) => {
            tracing::warn!(%error, path = %source.path.display(), "cannot read the metadata now");
            return Ok(false);
        }
    };
    let looked_at = source.clone();
    if !blocking(move || is_as_seen(&looked_at)).await {
        return Ok(false);
    }
    let when = when(&metadata, source.seen.mtime_ms(), clock::now());
    let left = context
        .store
        .write_reproducible(move |db| {
            photos::set_metadata(db, id, &metadata, unreadable.as_deref(), &when)
        })
        .await?;
    context.news.months(left);
    context.news.photo(id);
    Ok(true)
}

/// Blocks.
fn is_as_seen(source: &Source) -> bool {
    scan::seen(&source.path).is_ok_and(|(seen, _)| source.seen.has_size_and_time_of(seen))
}

fn disk_error(error: &std::io::Error) -> CommandError {
    let code = of_disk(error, Cause::Internal);
    CommandError::new(code, format!("cannot keep a thumbnail: {error}"))
}

async fn record(
    context: &Context,
    id: PhotoId,
    thumb: Thumb,
    thumbnail: Option<Thumbnail>,
    unreadable: Option<String>,
) -> Result<(), StoreError> {
    context
        .store
        .write_reproducible(move |db| {
            let thumbhash = thumbnail
                .as_ref()
                .map(|thumbnail| thumbnail.thumbhash.as_slice());
            photos::set_thumb(db, id, thumb, thumbhash, unreadable.as_deref())?;
            photos::queue_derived(db, id)
        })
        .await?;
    context.news.photo(id);
    context.bells.upload.notify_one();
    Ok(())
}
