//! Makes a library know again what a destination holds: on a new computer, or after a loss.
//!
//! A *rebuild* lists the destination, then fetches the sidecar and the thumbnail of each listed photo
//! that has no file here. Rows are written as they come, so that one that was interrupted goes on
//! where it was.
//!
//! **Invariant:** nothing is written to the destination, and no sidecar counts as a proof: photos
//! stay *online only* until their bytes were seen.

use crate::beside;
use crate::blocking::blocking;
use crate::clock;
use crate::context::Context;
use crate::listing::{self, Failed};
use crate::lock::lock;
use crate::patience::patiently;
use crate::registry::Open;
use crate::store::copies;
use crate::store::photos::{self, PhotoId, Thumb};
use crate::store::rebuilt::{self, Lacking, Told};
use crate::view::{Cause, CommandError, RebuildReport, Stage, Survey};
use crate::when::when as place_in_time;
use bytes::Bytes;
use media::{Meta, Metadata, Sidecar};
use remote::{Key, Remote, Retry, Sha256};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Photos that are asked for at once: most of the time is waiting for answers.
const AT_ONCE: usize = 12;
/// Rows that are read at a time, and answers that are written at a time.
const ROWS: u32 = 256;
const WRITTEN_TOGETHER: usize = 64;
const WRITTEN_AFTER: Duration = Duration::from_millis(500);
/// Counting for a person who looks on takes no longer than this.
const SURVEY: Duration = Duration::from_secs(15);

/// Counts the photos of a place, changing nothing there.
pub(crate) async fn survey(remote: &dyn Remote) -> Result<Survey, remote::Error> {
    let marker = remote.probe().await?.marker;
    let mut survey = Survey {
        library: marker.is_some(),
        photos: 0,
        bytes: 0,
        more: false,
    };
    let Some(marker) = marker else {
        return Ok(survey);
    };
    remote.check(&marker).await?;
    let begun = Instant::now();
    let (mut sorter, mut after) = (listing::Sorter::default(), None);
    loop {
        let page = remote.list(after.as_deref()).await?;
        for photo in sorter.objects(page.objects) {
            survey.photos += 1;
            survey.bytes += photo.size;
        }
        after = page.next;
        if after.is_none() {
            return Ok(survey);
        }
        if begun.elapsed() > SURVEY {
            survey.more = true;
            return Ok(survey);
        }
    }
}

/// Lists and fetches everything; how far it is stands in the context's errand.
pub(crate) async fn run(context: &Arc<Context>, open: &Open) -> crate::Result<RebuildReport> {
    list(context, open).await?;
    let id = open.destination.id;
    let (photos, total) = context
        .store
        .read(move |db| Ok((copies::count(db, id)?, rebuilt::count_lacking(db, id)?)))
        .await?;
    context.errands.rebuild.update(|progress| {
        progress.stage = Stage::Running;
        progress.total = total;
    });
    context.news.status();
    let mut report = RebuildReport {
        destination: open.destination.name.clone(),
        photos,
        known: 0,
        by_name: 0,
        thumbnails: 0,
    };
    let mut after = PhotoId(0);
    loop {
        let rows = context
            .store
            .read(move |db| rebuilt::lacking(db, id, after, ROWS))
            .await?;
        let Some(last) = rows.last() else {
            return Ok(report);
        };
        after = last.photo;
        fetch(context, open, rows, &mut report).await?;
    }
}

async fn list(context: &Context, open: &Open) -> crate::Result<()> {
    let listed = patiently(async || match listing::once(context, open).await {
        Ok(()) => Ok(Ok(())),
        Err(Failed::Remote(error)) => Err(error),
        Err(Failed::Here(error)) => Ok(Err(error)),
    });
    listed.await??;
    context.registry.listed(open.destination.id);
    Ok(())
}

/// What came of one photo.
struct Fetched {
    lacking: Lacking,
    meta: Meta,
    thumbnail: Thumbnail,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Thumbnail {
    /// In the cache now.
    Came,
    WasHere,
    NotThere,
}

async fn fetch(
    context: &Arc<Context>,
    open: &Open,
    rows: Vec<Lacking>,
    report: &mut RebuildReport,
) -> crate::Result<()> {
    let mut rows = rows.into_iter();
    let mut running: JoinSet<crate::Result<Fetched>> = JoinSet::new();
    let (mut came, mut written) = (Vec::new(), Instant::now());
    loop {
        while running.len() < AT_ONCE
            && let Some(lacking) = rows.next()
        {
            let (context, open) = (Arc::clone(context), open.clone());
            running.spawn(async move { one(&context, &open, lacking).await });
        }
        let Some(ended) = running.join_next().await else {
            return write(context, came, report).await;
        };
        came.push(ended.map_err(|error| CommandError::new(Cause::Internal, error))??);
        if came.len() >= WRITTEN_TOGETHER || written.elapsed() > WRITTEN_AFTER {
            write(context, std::mem::take(&mut came), report).await?;
            written = Instant::now();
        }
    }
}

/// What cannot be read of one photo is left out; what stands in the way of all is an error.
async fn one(context: &Context, open: &Open, lacking: Lacking) -> crate::Result<Fetched> {
    let nothing = |lacking| Fetched {
        lacking,
        meta: Meta::NotYet,
        thumbnail: Thumbnail::NotThere,
    };
    // A name that is no key of ours has nothing beside it.
    let Ok(key) = Key::parse(&lacking.key) else {
        return Ok(nothing(lacking));
    };
    let remote = &*open.remote;
    let meta = match patiently(|| beside::meta(remote, &key, lacking.size)).await {
        Ok(meta) => meta,
        Err(error) if concerns_one(&error) => {
            tracing::warn!(key = key.as_str(), %error, "a sidecar cannot be read");
            return Ok(nothing(lacking));
        }
        Err(error) => return Err(error.into()),
    };
    let sha256 = lacking.sha256.or_else(|| match &meta {
        Meta::Sidecar(sidecar) => beside::sha256(sidecar),
        _ => None,
    });
    let thumbnail = match sha256 {
        Some(sha256) => thumbnail(context, remote, sha256).await?,
        None => Thumbnail::NotThere,
    };
    Ok(Fetched {
        lacking,
        meta,
        thumbnail,
    })
}

async fn thumbnail(
    context: &Context,
    remote: &dyn Remote,
    sha256: Sha256,
) -> crate::Result<Thumbnail> {
    let cache = context.thumbs.clone();
    if blocking(move || cache.path(&sha256).is_file()).await {
        return Ok(Thumbnail::WasHere);
    }
    let webp: Option<Bytes> = match patiently(|| beside::thumbnail(remote, &sha256)).await {
        Ok(webp) => webp,
        Err(error) if concerns_one(&error) => None,
        Err(error) => return Err(error.into()),
    };
    let Some(webp) = webp else {
        return Ok(Thumbnail::NotThere);
    };
    let cache = context.thumbs.clone();
    blocking(move || cache.write(&sha256, &webp))
        .await
        .map_err(|error| CommandError::of_disk(&error, Cause::LibraryUnusable))?;
    Ok(Thumbnail::Came)
}

/// Whether an error is one of this object, after it was asked for again and again.
fn concerns_one(error: &remote::Error) -> bool {
    matches!(
        error,
        remote::Error::Io { .. }
            | remote::Error::BadKey { .. }
            | remote::Error::Missing { .. }
            | remote::Error::Unreadable { .. }
            | remote::Error::Unexpected { .. }
    ) || matches!(error.retry(), Retry::WhenFileChanges)
}

async fn write(
    context: &Context,
    came: Vec<Fetched>,
    report: &mut RebuildReport,
) -> crate::Result<()> {
    let mut by_name = 0;
    for fetched in &came {
        match fetched.meta {
            Meta::Sidecar(_) => report.known += 1,
            Meta::Later { .. } | Meta::Size { .. } | Meta::NotYet => by_name += 1,
        }
        if fetched.thumbnail == Thumbnail::Came {
            report.thumbnails += 1;
        }
    }
    report.by_name += by_name;
    let (done, now) = (u32::try_from(came.len()).unwrap_or(u32::MAX), clock::now());
    let (photos, months, without) = context.store.write(move |db| take(db, &came, now)).await?;
    lock(&context.nothing_there).extend(without);
    context.errands.rebuild.update(|progress| {
        progress.done += done;
        progress.by_name += by_name;
    });
    context.news.photos(photos);
    context.news.months(months);
    Ok(())
}

/// The photos that changed, the months in which they stood, and those without a thumbnail to fetch.
type Changed = (Vec<PhotoId>, Vec<String>, Vec<PhotoId>);

fn take(db: &rusqlite::Connection, came: &[Fetched], now: i64) -> rusqlite::Result<Changed> {
    let ids: Vec<PhotoId> = came.iter().map(|fetched| fetched.lacking.photo).collect();
    let months = photos::months(db, &ids)?;
    let (mut changed, mut without) = (Vec::new(), Vec::new());
    for fetched in came {
        let told = match &fetched.meta {
            Meta::Sidecar(sidecar) => Some(told(sidecar, &fetched.lacking, now)),
            Meta::Size { width, height } => Some(size_only(*width, *height)),
            Meta::Later { .. } | Meta::NotYet => None,
        };
        let id = match told {
            Some(told) => rebuilt::take(db, &fetched.lacking, &told)?,
            None => fetched.lacking.photo,
        };
        match fetched.thumbnail {
            Thumbnail::Came | Thumbnail::WasHere => {
                if photos::get(db, id)?.is_some_and(|photo| photo.thumb == Thumb::Remote) {
                    photos::set_thumb(db, id, Thumb::Made, None, None)?;
                }
            }
            // Whoever looks at it has it made from the original.
            Thumbnail::NotThere if may_come_from_original(&fetched.meta) => {}
            Thumbnail::NotThere => without.push(id),
        }
        changed.push(id);
    }
    Ok((changed, months, without))
}

fn may_come_from_original(meta: &Meta) -> bool {
    matches!(meta, Meta::Sidecar(sidecar) if sidecar.error.is_none())
}

fn told(sidecar: &Sidecar, lacking: &Lacking, now: i64) -> Told {
    let mtime = sidecar.mtime.and_then(clock::from_utc).or(lacking.mtime);
    let when = (sidecar.metadata.taken_at.is_some() || mtime.is_some())
        .then(|| place_in_time(&sidecar.metadata, mtime.unwrap_or_default(), now));
    let media_type = beside::media_type(sidecar);
    let unreadable = beside::is_unreadable(sidecar);
    Told {
        sha256: beside::sha256(sidecar),
        previous: beside::previous(sidecar),
        original_name: Key::parse(&lacking.key)
            .ok()
            .and_then(|key| beside::original_name(sidecar, &key)),
        media_type: media_type
            .map(|known| known.mime().to_owned())
            .or_else(|| unreadable.then(|| sidecar.media_type.clone())),
        extension: media_type.map(|known| known.extension().to_owned()),
        mtime,
        metadata: sidecar.metadata.clone(),
        thumbhash: beside::thumbhash(sidecar),
        unreadable: sidecar.error.clone(),
        favourite: sidecar.favourite,
        rev: sidecar.rev,
        when,
    }
}

/// The original imgn's sidecars say no more.
fn size_only(width: u32, height: u32) -> Told {
    Told {
        sha256: None,
        previous: None,
        original_name: None,
        media_type: None,
        extension: None,
        mtime: None,
        metadata: Metadata {
            width: Some(width),
            height: Some(height),
            ..Metadata::default()
        },
        thumbhash: None,
        unreadable: None,
        favourite: false,
        rev: 0,
        when: None,
    }
}
