//! Which file an original is read from, and what follows from one that cannot be.
//!
//! **Invariant:** only a file that is what its row says is sent; what is wrong with one is found out by the
//! stages that read folders, which are told.

use super::{Again, End};
use crate::backoff;
use crate::blocking::blocking;
use crate::clock;
use crate::context::{Context, SETTLED_AFTER};
use crate::reason::of_remote;
use crate::requests::Part;
use crate::scan;
use crate::store::StoreError;
use crate::store::files::{self, Source};
use crate::store::jobs::Job;
use crate::view::Cause;

/// Tries to read a file that is there and cannot be read, before the person is told.
const TRIES_TO_READ: u32 = 6;

/// The first file that is there and is what its row says; else why none is.
pub(super) async fn choose(
    context: &Context,
    sources: &[Source],
) -> Result<Result<Source, End>, StoreError> {
    let now = clock::now();
    for source in sources.iter().filter(|source| !source.away) {
        let path = source.path.clone();
        match blocking(move || scan::seen(&path)).await {
            Ok((seen, _)) if source.seen.has_size_and_time_of(seen) => {
                return Ok(Ok(source.clone()));
            }
            Ok(_) => note_changed(context, source).await?,
            Err(error) => {
                tracing::debug!(path = %source.path.display(), %error, "a file to be sent is not there");
                note_missing(context, source).await?;
            }
        }
    }
    let offline = sources.iter().find(|source| source.away);
    Ok(Err(match (sources.first(), offline) {
        (_, Some(source)) => End::Here {
            cause: if source.folder_offline {
                Cause::FolderOffline
            } else {
                Cause::DiskAway
            },
            detail: format!("{} is on a disk that is not there", source.path.display()),
            again: Again::WithDisk,
        },
        (Some(source), None) => End::Here {
            cause: Cause::FileChanged,
            detail: format!("{} changed before it went up", source.path.display()),
            again: Again::At(now + SETTLED_AFTER),
        },
        (None, None) => End::Here {
            cause: Cause::StillBeingWritten,
            detail: "the file is being read again".into(),
            again: Again::At(now + SETTLED_AFTER),
        },
    }))
}

/// A put failed: where the file is the cause, it is looked at again.
pub(super) async fn failed(
    context: &Context,
    job: Job,
    source: &Source,
    error: remote::Error,
) -> Result<End, StoreError> {
    match &error {
        remote::Error::SourceChanged { .. } => {
            note_changed(context, source).await?;
            Ok(End::Remote(error))
        }
        // Its disk may just have been pulled out, or the file renamed: a scan finds out. Only one
        // that stays unreadable is for the person.
        remote::Error::SourceUnreadable { .. } | remote::Error::SourceFault { .. }
            if job.attempts < TRIES_TO_READ =>
        {
            note_missing(context, source).await?;
            Ok(End::Here {
                cause: of_remote(&error),
                detail: error.to_string(),
                again: Again::At(clock::now() + backoff::pause(job.attempts, None)),
            })
        }
        _ => Ok(End::Remote(error)),
    }
}

/// The file is not what its row says: it is to be indexed again.
async fn note_changed(context: &Context, source: &Source) -> Result<(), StoreError> {
    let path = source.path.clone();
    let Ok((seen, _)) = blocking(move || scan::seen(&path)).await else {
        return note_missing(context, source).await;
    };
    let (id, now) = (source.id, clock::now());
    context
        .store
        .write(move |db| files::modify(db, id, seen, now))
        .await?;
    context.bells.index.notify_one();
    Ok(())
}

/// Whether the file or its folder is gone is for a scan to say.
async fn note_missing(context: &Context, source: &Source) -> Result<(), StoreError> {
    let id = source.id;
    if let Some(folder) = context
        .store
        .read(move |db| files::folder_of(db, id))
        .await?
    {
        context.rescan(folder, Part::Paths(vec![source.relative.clone()]));
    }
    Ok(())
}
