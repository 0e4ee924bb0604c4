//! What imgn makes of one file, without any library: its sidecar and its thumbnail.

use crate::clock;
use crate::hash::{self, Hashed};
use crate::path_bytes::to_bytes;
use crate::scan;
use crate::view::{Cause, CommandError};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use media::worker::{Limits, Pool, WorkerCommand, WorkerError};
use media::{Kind, Metadata, Sidecar, Thumbnail};
use std::io;
use std::path::Path;

/// Pixels that the thumbhash of a sidecar is made from.
const THUMBNAIL: u32 = 512;

/// The `imgn/1` sidecar that the file would get. What is no photo has none.
pub async fn sidecar(path: &Path, worker: WorkerCommand) -> crate::Result<Sidecar> {
    let kind = kind_of_photo(path)?;
    let unreadable = |error| unreadable(path, &error);
    let (seen, _) = scan::seen(path).map_err(unreadable)?;
    let Hashed::Done(sha256) = hash::file(path, seen).map_err(unreadable)? else {
        let detail = format!("{} is still being written", path.display());
        return Err(CommandError::new(Cause::StillBeingWritten, detail));
    };
    let pool = Pool::new(worker, 1, Limits::default());
    let (metadata, error) = match pool.inspect(path).await {
        Ok(inspection) => (inspection.metadata, inspection.error),
        Err(error) => (Metadata::default(), Some(said(error)?)),
    };
    let name = to_bytes(Path::new(path.file_name().unwrap_or_default()));
    let (thumbhash, error) = match pool.thumbnail(path, THUMBNAIL).await {
        Ok(thumbnail) => (Some(STANDARD.encode(thumbnail.thumbhash)), error),
        Err(failure) => (None, error.or(Some(said(failure)?))),
    };
    let error = match kind {
        Kind::Unreadable => Some(Sidecar::NO_PICTURE.to_owned()),
        _ => error,
    };
    Ok(Sidecar {
        rev: 1,
        sha256: hex::encode(sha256),
        size: seen.size,
        media_type: kind.mime().to_owned(),
        metadata,
        thumbhash,
        original_name: name.to_vec(),
        mtime: clock::utc(seen.mtime_ms()),
        error,
        ..Sidecar::default()
    })
}

/// What is wrong with the picture, where it is that.
fn said(error: WorkerError) -> crate::Result<String> {
    error.of_picture().ok_or_else(|| failed(error))
}

/// A thumbnail of the file, at most `size` pixels on its long side.
pub async fn thumbnail(path: &Path, size: u32, worker: WorkerCommand) -> crate::Result<Thumbnail> {
    kind_of_photo(path)?;
    let pool = Pool::new(worker, 1, Limits::default());
    pool.thumbnail(path, size)
        .await
        .map_err(|error| match error.of_picture() {
            Some(said) => {
                CommandError::new(Cause::NoThumbnail, format!("{}: {said}", path.display()))
            }
            None => failed(error),
        })
}

/// The file could not be had, or nobody could be had to read it.
fn failed(error: WorkerError) -> CommandError {
    let code = match error {
        WorkerError::Start(_) => Cause::Internal,
        _ => Cause::FileUnreadable,
    };
    CommandError::new(code, error)
}

fn kind_of_photo(path: &Path) -> crate::Result<Kind> {
    if path.is_dir() {
        return Err(refused(path, Cause::NotAPhoto, "a folder"));
    }
    let kind = Kind::of_file(path).map_err(|error| unreadable(path, &error))?;
    let (code, what) = match kind {
        Kind::Photo(_) | Kind::Unreadable => return Ok(kind),
        Kind::Video => (Cause::Video, "a video"),
        Kind::Empty => (Cause::Empty, "empty"),
        Kind::Other => (Cause::NotAPhoto, "not a photo"),
    };
    Err(refused(path, code, what))
}

fn refused(path: &Path, code: Cause, what: &str) -> CommandError {
    CommandError::new(code, format!("{} is {what}", path.display()))
}

fn unreadable(path: &Path, error: &io::Error) -> CommandError {
    let code = match error.kind() {
        io::ErrorKind::NotFound => Cause::FileGone,
        _ => Cause::FileUnreadable,
    };
    CommandError::new(code, format!("cannot read {}: {error}", path.display()))
}
