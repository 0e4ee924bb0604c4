//! A picture without a file: what a browser or a screenshot leaves on the clipboard.
//!
//! **Invariant:** its bytes are kept as they came, and go the way of a drop from a file of our own that is
//! gone afterwards.

use super::{copy_in, hurry, nothing_yet, reason, with_bytes_of};
use crate::blocking::blocking;
use crate::context::Context;
use crate::store::StoreError;
use crate::view::{DropReport, FileProblem, Reason};
use jiff::ZonedDateTime;
use media::Kind;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Takes in a picture that was pasted at `now`, whose name says so.
pub(crate) async fn take_picture(
    context: &Context,
    bytes: Vec<u8>,
    now: &ZonedDateTime,
) -> Result<DropReport, StoreError> {
    let mut report = nothing_yet();
    // It has no name that could say more than its bytes do.
    let Some(format) = Kind::of(&bytes, OsStr::new("")).media_type() else {
        report.not_photos = 1;
        return Ok(report);
    };
    let name = format!("{}.{}", stem(now), format.extension());
    let (scratch, file_name) = (context.scratch.clone(), name.clone());
    let size = bytes.len() as u64;
    let failure = match blocking(move || write(&scratch, &file_name, &bytes)).await {
        Ok((_scratch, path)) => take_file(context, &path, size, &mut report).await?,
        Err(error) => Err(reason(&error)),
    };
    if let Err(reason) = failure {
        report.failed.push(FileProblem { path: name, reason });
    }
    Ok(report)
}

async fn take_file(
    context: &Context,
    path: &Path,
    size: u64,
    report: &mut DropReport,
) -> Result<Result<(), Reason>, StoreError> {
    if let Some(photo) = with_bytes_of(context, path.to_owned()).await? {
        report.already_here += 1;
        hurry(context, photo).await?;
        return Ok(Ok(()));
    }
    copy_in(context, path, size, report).await
}

/// `Pasted 2026-11-25 14.03.22`: without a colon, which not every disk takes.
fn stem(now: &ZonedDateTime) -> String {
    format!("Pasted {}", now.strftime("%Y-%m-%d %H.%M.%S"))
}

fn write(scratch: &Path, name: &str, bytes: &[u8]) -> io::Result<(TempDir, PathBuf)> {
    fs::create_dir_all(scratch)?;
    let own = tempfile::Builder::new()
        .prefix("paste-")
        .tempdir_in(scratch)?;
    let path = own.path().join(name);
    fs::write(&path, bytes)?;
    Ok((own, path))
}
