//! Extraction: what a picture says about itself becomes its sidecar and its thumbnail.
//!
//! **Invariant:** a sidecar that is there is left alone, whoever wrote it, also one of a later imgn; an original is
//! only read. What one extractor writes, any other would write too, so two of them do no harm.

use crate::gallery::meta;
use crate::picture::{head, next};
use crate::store::Store;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use jiff::tz::TimeZone;
use media::worker::{Pool, WorkerError};
use media::{Kind, Meta, Metadata, Sidecar, Thumbnail, ThumbnailError};
use remote::{Key, Remote};
use std::io;

/// Pixels on the long side, as the desktop client makes them.
const THUMBNAIL: u32 = 512;

/// What came of one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Extracted,
    /// Its sidecar says what is wrong with it.
    Broken,
    /// It has a sidecar already.
    Already,
    /// It has one of a later imgn, which is not read here.
    Later,
    NotAPhoto,
    /// It went away.
    Gone,
    /// It is being looked at for another reason.
    UnderWay,
}

impl Outcome {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Extracted => "extracted",
            Self::Broken => "broken",
            Self::Already => "already",
            Self::Later => "later",
            Self::NotAPhoto => "not_a_photo",
            Self::Gone => "gone",
            Self::UnderWay => "under_way",
        }
    }
}

/// Why an object was not looked at: it says nothing about the object, which is tried again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error(transparent)]
    Store(#[from] remote::Error),
    #[error("the spool cannot be used: {0}")]
    Spool(io::Error),
    #[error("{key} broke off while it was read: {source}")]
    BrokenOff { key: Key, source: io::Error },
    #[error(transparent)]
    Worker(WorkerError),
}

/// Makes the sidecar and the thumbnail of what stands under `key`, unless they are there.
pub(crate) async fn extract(store: &Store, workers: &Pool, key: &Key) -> Result<Outcome, Fault> {
    let remote = store.remote.as_ref();
    if let Some(outcome) = there(remote, key).await? {
        return Ok(outcome);
    }
    let Some(mut reading) = remote.read(key).await? else {
        return Ok(Outcome::Gone);
    };
    let broken_off = |source| Fault::BrokenOff {
        key: key.clone(),
        source,
    };
    let name = key.name();
    let begins = head(&mut reading.bytes).await.map_err(broken_off)?;
    let kind = Kind::of(&begins, name.as_ref());
    if !kind.is_backed_up() {
        return Ok(Outcome::NotAPhoto);
    }
    let mut writing = store.spool.begin(name).await.map_err(Fault::Spool)?;
    writing.write(&begins).await.map_err(Fault::Spool)?;
    while let Some(chunk) = next(&mut reading.bytes).await.map_err(broken_off)? {
        writing.write(&chunk).await.map_err(Fault::Spool)?;
    }
    let file = writing.end().await.map_err(Fault::Spool)?;
    if file.size != reading.object.size {
        return Err(broken_off(io::ErrorKind::UnexpectedEof.into()));
    }

    let (metadata, error) = inspect(workers, file.path()).await?;
    let (thumbnail, error) = match thumbnail(workers, file.path()).await? {
        Ok(thumbnail) => (thumbnail, error),
        Err(failure) => (None, error.or(Some(failure))),
    };
    let error = match kind {
        Kind::Unreadable => Some(Sidecar::NO_PICTURE.to_owned()),
        _ => error,
    };
    let outcome = if error.is_some() {
        Outcome::Broken
    } else {
        Outcome::Extracted
    };
    let sidecar = Sidecar {
        rev: 1,
        sha256: hex::encode(file.sha256),
        size: file.size,
        media_type: kind.mime().to_owned(),
        metadata,
        thumbhash: thumbnail.as_ref().map(|it| STANDARD.encode(&it.thumbhash)),
        original_name: key.made_of(&file.sha256),
        mtime: reading.object.mtime.map(|at| TimeZone::UTC.to_datetime(at)),
        error,
        ..Sidecar::default()
    };
    // The thumbnail first: where there is a sidecar, all is done.
    if let Some(thumbnail) = thumbnail {
        let webp = Bytes::from(thumbnail.webp);
        let at = Key::thumbnail(&file.sha256);
        remote.put_derived(&at, webp, "image/webp").await?;
    }
    // It took a while: a client, or another extractor, may have been quicker.
    if let Some(outcome) = there(remote, key).await? {
        return Ok(outcome);
    }
    let json = Bytes::from(sidecar.to_json());
    remote
        .put_derived(&key.sidecar(), json, "application/json")
        .await?;
    Ok(outcome)
}

/// What the sidecar that is there makes of it; none: there is none.
async fn there(remote: &dyn Remote, key: &Key) -> Result<Option<Outcome>, remote::Error> {
    Ok(match meta(remote, key).await? {
        Meta::Sidecar(_) => Some(Outcome::Already),
        Meta::Later { schema } => {
            tracing::warn!(%key, schema, "its sidecar is of a later imgn, and left alone: update this one");
            Some(Outcome::Later)
        }
        Meta::Size { .. } | Meta::NotYet => None,
    })
}

/// What is to be said of the picture, where that is what is wrong.
fn said(error: WorkerError) -> Result<String, Fault> {
    error.of_picture().ok_or(Fault::Worker(error))
}

async fn inspect(
    workers: &Pool,
    path: &std::path::Path,
) -> Result<(Metadata, Option<String>), Fault> {
    match workers.inspect(path).await {
        Ok(inspection) => Ok((inspection.metadata, inspection.error)),
        Err(error) => Ok((Metadata::default(), Some(said(error)?))),
    }
}

/// A format that nothing here draws has no thumbnail, and is not broken.
async fn thumbnail(
    workers: &Pool,
    path: &std::path::Path,
) -> Result<Result<Option<Thumbnail>, String>, Fault> {
    match workers.thumbnail(path, THUMBNAIL).await {
        Ok(thumbnail) => Ok(Ok(Some(thumbnail))),
        Err(WorkerError::Thumbnail(ThumbnailError::Unsupported(_))) => Ok(Ok(None)),
        Err(error) => Ok(Err(said(error)?)),
    }
}
