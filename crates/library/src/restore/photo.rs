//! One photo on its way back: what is recorded of it, whether it is there, and what its bytes turn out to be.

use super::ground::{self, Arrival, Ground, Landed, Standing};
use super::place::{self, Place};
use super::{Failed, cause_here};
use crate::beside;
use crate::blocking::blocking;
use crate::clock;
use crate::numbered::remarked;
use crate::patience::patiently;
use crate::reason::{concerns_one_photo, of_remote};
use crate::registry::Open;
use crate::view::{Cause, CommandError, FileProblem, Reason};
use jiff::Timestamp;
use media::Meta;
use remote::{Key, Object, Sha256};
use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

/// What came of one photo.
pub(super) struct Done {
    pub(super) size: u64,
    pub(super) outcome: Outcome,
}

pub(super) enum Outcome {
    Restored,
    WasThere,
    Problem(FileProblem),
}

/// Brings one photo back, unless it is there.
pub(super) async fn bring(
    open: &Open,
    ground: &Arc<Ground>,
    ledger: &HashMap<String, Sha256>,
    object: Object,
) -> Result<Done, Failed> {
    let size = object.size;
    let (key, shown) = (object.key.clone(), object.key.clone());
    let outcome = match brought(open, ground, ledger.get(&key).copied(), object).await {
        Ok(outcome) => outcome,
        Err(Trouble::Photo(reason)) => Outcome::Problem(FileProblem {
            path: shown,
            reason,
        }),
        Err(Trouble::All(failed)) => return Err(failed),
    };
    Ok(Done { size, outcome })
}

/// What is recorded of an object.
struct Record {
    sha256: Option<Sha256>,
    place: Place,
    mtime: Option<Timestamp>,
}

/// What stands in the way of a photo.
enum Trouble {
    Photo(Reason),
    All(Failed),
}

async fn brought(
    open: &Open,
    ground: &Arc<Ground>,
    ledger: Option<Sha256>,
    object: Object,
) -> Result<Outcome, Trouble> {
    let record = record(open, ledger, &object).await?;
    if is_there(open, ground, &record, &object).await? {
        return Ok(Outcome::WasThere);
    }
    let (file, sha256) = download(open, ground, &object).await?;
    let mut place = record.place;
    let expected = record.sha256.filter(|expected| *expected != sha256);
    if expected.is_some() {
        place.name = remarked(&place.name, "not as recorded");
    }
    let here = Arc::clone(ground);
    let size = object.size;
    let mtime = record.mtime.and_then(|at| SystemTime::try_from(at).ok());
    let landed = blocking(move || {
        let arrival = Arrival {
            file: &file,
            size,
            sha256,
            mtime,
        };
        let landed = here.land(&place, &arrival)?;
        let (Landed::Here(name) | Landed::WasThere(name)) = &landed;
        let shown = ground::shown(&here, &place, name);
        Ok((landed, shown))
    });
    let (landed, shown) = landed
        .await
        .map_err(|error| here_failed(&object.key, error))?;
    if let Some(expected) = expected {
        let detail = format!(
            "{} has SHA-256 {}, and {} is recorded of it",
            object.key,
            hex::encode(sha256),
            hex::encode(expected)
        );
        return Ok(Outcome::Problem(FileProblem {
            path: shown,
            reason: Reason::new(Cause::OtherBytes, detail),
        }));
    }
    Ok(match landed {
        Landed::Here(_) => Outcome::Restored,
        Landed::WasThere(_) => Outcome::WasThere,
    })
}

/// Sidecar and ledger tell most; the store is asked where they do not.
async fn record(open: &Open, ledger: Option<Sha256>, object: &Object) -> Result<Record, Trouble> {
    let Ok(key) = Key::parse(&object.key) else {
        return Ok(Record {
            sha256: None,
            place: place::of(&object.key, None),
            mtime: object.mtime.or(object.modified),
        });
    };
    let remote = &*open.remote;
    let meta = patiently(|| beside::meta(remote, &key, object.size)).await;
    let sidecar = match meta.map_err(|error| far_failed(&object.key, error))? {
        Meta::Sidecar(sidecar) => Some(sidecar),
        Meta::Later { .. } | Meta::Size { .. } | Meta::NotYet => None,
    };
    let name = sidecar
        .as_deref()
        .and_then(|sidecar| beside::original_name(sidecar, &key));
    let mut sha256 = ledger.or_else(|| sidecar.as_deref().and_then(beside::sha256));
    let told = sidecar.as_deref().and_then(|sidecar| sidecar.mtime);
    let mut mtime = told
        .and_then(clock::from_utc)
        .and_then(|ms| Timestamp::from_millisecond(ms).ok())
        .or(object.mtime);
    if sha256.is_none() || mtime.is_none() {
        let head = patiently(|| remote.head(&key)).await;
        if let Some(head) = head.map_err(|error| far_failed(&object.key, error))? {
            sha256 = sha256.or(head.sha256);
            mtime = mtime.or(head.mtime);
        }
    }
    Ok(Record {
        sha256,
        place: place::of(&object.key, name.as_deref()),
        mtime: mtime.or(object.modified),
    })
}

/// Whether the folder has it. Of an object of which no SHA-256 is recorded, the destination is asked
/// whether it has the bytes that lie here.
async fn is_there(
    open: &Open,
    ground: &Arc<Ground>,
    record: &Record,
    object: &Object,
) -> Result<bool, Trouble> {
    let (ground, place, size, sha256) = (
        Arc::clone(ground),
        record.place.clone(),
        object.size,
        record.sha256,
    );
    let standing = blocking(move || ground.standing(&place, size, sha256.as_ref())).await;
    let as_long = match standing.map_err(|error| here_failed(&object.key, error))? {
        Standing::There => return Ok(true),
        Standing::Absent { as_long } => as_long,
    };
    let (None, Ok(key)) = (sha256, Key::parse(&object.key)) else {
        return Ok(false);
    };
    for here in as_long {
        let same = patiently(|| open.remote.verify(&key, size, &here)).await;
        if same
            .map_err(|error| far_failed(&object.key, error))?
            .is_some()
        {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn download(
    open: &Open,
    ground: &Ground,
    object: &Object,
) -> Result<(Scratch, Sha256), Trouble> {
    let file = Scratch(ground.scratch());
    let got = patiently(|| open.remote.download_listed(&object.key, &file)).await;
    match got {
        Ok(sha256) => Ok((file, sha256)),
        Err(remote::Error::Io { path, source }) if path == *file => {
            Err(here_failed(&object.key, source))
        }
        Err(error) => Err(far_failed(&object.key, error)),
    }
}

/// A download that goes away unless it was moved to its place.
struct Scratch(PathBuf);

impl std::ops::Deref for Scratch {
    type Target = std::path::Path;

    fn deref(&self) -> &std::path::Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        match std::fs::remove_file(&self.0) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(path = %self.0.display(), %error, "a download stays");
            }
            _ => {}
        }
    }
}

fn far_failed(key: &str, error: remote::Error) -> Trouble {
    let code = match &error {
        remote::Error::Missing { .. } => Cause::FileGone,
        _ => of_remote(&error),
    };
    tracing::warn!(key, %error, "a photo cannot be restored");
    if code == Cause::FileGone || concerns_one_photo(code) {
        Trouble::Photo(Reason::new(code, error))
    } else {
        Trouble::All(error.into())
    }
}

fn here_failed(key: &str, error: io::Error) -> Trouble {
    tracing::warn!(key, %error, "a photo cannot be written");
    match cause_here(&error) {
        code @ Cause::DiskFull => Trouble::All(Failed::Here(CommandError::new(code, error))),
        code => Trouble::Photo(Reason::new(code, error)),
    }
}
