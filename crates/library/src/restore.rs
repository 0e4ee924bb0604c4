//! Brings originals back from a destination into a folder: byte for byte, by the names and dates that
//! they had, in the folders of their keys.
//!
//! What is to come back is what the destination lists, whatever the library knows of it. Each photo is
//! checked by its SHA-256 against what is recorded of it: by this library's ledger, else by its
//! sidecar, else by the store. One that has other bytes is kept too, under a name that says so.
//!
//! **Invariant:** nothing is written outside the folder, nothing in it is replaced, and nothing is
//! written to the destination. What is there with the same bytes is left: a restore that was
//! interrupted goes on where it was.

mod ground;
mod place;

use crate::beside;
use crate::blocking::blocking;
use crate::clock;
use crate::context::Context;
use crate::listing::Sorter;
use crate::numbered::remarked;
use crate::patience::patiently;
use crate::reason::of_disk;
use crate::reason::{concerns_one_photo, of_remote};
use crate::registry::Open;
use crate::scan;
use crate::store::copies;
use crate::view::{
    Cause, CommandError, FileProblem, Reason, RestoreReport, Stage, StuckDestination,
};
use ground::{Arrival, Ground, Landed, Standing};
use jiff::Timestamp;
use media::Meta;
use place::Place;
use remote::{Key, Object, Sha256};
use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;
use tokio::task::JoinSet;

/// Photos on their way at once.
const AT_ONCE: usize = 4;
/// Room that is left on the disk, bytes.
const SPARE: u64 = 64 << 20;
/// Problems that a window is told.
const MOST_TOLD: usize = 100;

/// Restores everything that these destinations have; how far it is stands in the context's errand.
pub(crate) async fn run(
    context: &Arc<Context>,
    destinations: &[Open],
    to: PathBuf,
    mut report: RestoreReport,
) -> crate::Result<RestoreReport> {
    let shown = to.clone();
    let ground = blocking(move || Ground::open(to)).await.map_err(|error| {
        let detail = format!("cannot restore into {}: {error}", shown.display());
        CommandError::new(cause_here(&error), detail)
    })?;
    let ground = Arc::new(ground);
    report.folder = crate::path_bytes::shown(ground.path());
    for open in destinations {
        match from(context, open, &ground, &mut report).await {
            Ok(()) => {}
            Err(Failed::Destination(reason)) => report.stuck_destinations.push(StuckDestination {
                name: open.destination.name.clone(),
                reason,
            }),
            Err(Failed::Here(error)) => return Err(error),
        }
    }
    Ok(report)
}

/// What ends more than one photo.
enum Failed {
    /// Nothing more comes from there.
    Destination(Reason),
    /// Nothing more can be written here.
    Here(CommandError),
}

impl From<remote::Error> for Failed {
    fn from(error: remote::Error) -> Self {
        Self::Destination(Reason::new(of_remote(&error), error))
    }
}

async fn from(
    context: &Arc<Context>,
    open: &Open,
    ground: &Arc<Ground>,
    report: &mut RestoreReport,
) -> Result<(), Failed> {
    context.errands.restore.update(|progress| {
        progress.stage = Stage::Listing;
        progress.destination_name.clone_from(&open.destination.name);
    });
    context.news.status();
    let objects = everything(open).await?;
    let id = open.destination.id;
    let ledger = context.store.read(move |db| copies::hashes(db, id));
    let ledger = Arc::new(ledger.await.map_err(|error| Failed::Here(error.into()))?);
    let objects = make_sure_of_room(ground, objects).await?;

    let bytes: u64 = objects.iter().map(|object| object.size).sum();
    let photos = u32::try_from(objects.len()).unwrap_or(u32::MAX);
    report.photos = report.photos.saturating_add(photos);
    context.errands.restore.update(|progress| {
        progress.stage = Stage::Running;
        progress.total += photos;
        progress.bytes += bytes;
    });
    context.news.status();

    let mut objects = objects.into_iter();
    let mut running: JoinSet<Result<Done, Failed>> = JoinSet::new();
    loop {
        while running.len() < AT_ONCE
            && let Some(object) = objects.next()
        {
            let (open, ground, ledger) = (open.clone(), Arc::clone(ground), Arc::clone(&ledger));
            running.spawn(async move { one(&open, &ground, &ledger, object).await });
        }
        let Some(ended) = running.join_next().await else {
            return Ok(());
        };
        let ended =
            ended.map_err(|error| Failed::Here(CommandError::new(Cause::Internal, error)))?;
        note(context, report, ended?);
    }
}

/// Everything that the destination has, in its order.
async fn everything(open: &Open) -> Result<Vec<Object>, remote::Error> {
    let (mut sorter, mut after, mut objects) = (Sorter::default(), None, Vec::new());
    loop {
        let page = patiently(|| open.remote.list(after.as_deref())).await?;
        objects.extend(sorter.objects(page.objects));
        after = page.next;
        if after.is_none() {
            return Ok(objects);
        }
    }
}

/// Files that are as long as a photo are taken for it here, so that a restore can go on when most is
/// there already; whether they are is found out one by one.
async fn make_sure_of_room(
    ground: &Arc<Ground>,
    objects: Vec<Object>,
) -> Result<Vec<Object>, Failed> {
    let ground = Arc::clone(ground);
    blocking(move || {
        let mut sizes: HashMap<u64, u32> = HashMap::new();
        for (_, seen) in scan::everything(ground.path(), &[])?.files.iter() {
            *sizes.entry(seen.size).or_default() += 1;
        }
        let mut wanted = SPARE;
        for object in &objects {
            match sizes.get_mut(&object.size) {
                Some(left) if *left > 0 => *left -= 1,
                _ => wanted = wanted.saturating_add(object.size),
            }
        }
        let free = ground.room()?;
        if wanted > SPARE && free < wanted {
            let text = format!("{wanted} bytes are wanted, and {free} are free");
            return Err(io::Error::new(io::ErrorKind::StorageFull, text));
        }
        Ok(objects)
    })
    .await
    .map_err(|error| Failed::Here(CommandError::new(cause_here(&error), error)))
}

/// What came of one photo.
struct Done {
    size: u64,
    outcome: Outcome,
}

enum Outcome {
    Restored,
    WasThere,
    Problem(FileProblem),
}

fn note(context: &Context, report: &mut RestoreReport, done: Done) {
    match &done.outcome {
        Outcome::Restored => {
            report.restored += 1;
            report.bytes += done.size;
        }
        Outcome::WasThere => report.already_there += 1,
        Outcome::Problem(problem) => report.problems.push(problem.clone()),
    }
    context.errands.restore.update(|progress| {
        progress.done += 1;
        progress.bytes_done += done.size;
        match done.outcome {
            Outcome::Restored => progress.restored += 1,
            Outcome::WasThere => progress.already_there += 1,
            Outcome::Problem(problem) => {
                progress.problem_count += 1;
                if progress.problems.len() < MOST_TOLD {
                    progress.problems.push(problem);
                }
            }
        }
    });
    context.news.status();
}

/// What is recorded of an object.
struct Record {
    sha256: Option<Sha256>,
    place: Place,
    mtime: Option<Timestamp>,
}

async fn one(
    open: &Open,
    ground: &Arc<Ground>,
    ledger: &HashMap<String, Sha256>,
    object: Object,
) -> Result<Done, Failed> {
    let size = object.size;
    let (key, shown) = (object.key.clone(), object.key.clone());
    let outcome = match bring(open, ground, ledger.get(&key).copied(), object).await {
        Ok(outcome) => outcome,
        Err(Trouble::Photo(reason)) => Outcome::Problem(FileProblem {
            path: shown,
            reason,
        }),
        Err(Trouble::All(failed)) => return Err(failed),
    };
    Ok(Done { size, outcome })
}

/// What stands in the way of a photo.
enum Trouble {
    Photo(Reason),
    All(Failed),
}

async fn bring(
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

fn cause_here(error: &io::Error) -> Cause {
    of_disk(error, Cause::FolderUnwritable)
}
