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
mod photo;
mod place;

use crate::blocking::blocking;
use crate::context::Context;
use crate::listing::Sorter;
use crate::patience::patiently;
use crate::reason::{of_disk, of_remote};
use crate::registry::Open;
use crate::scan;
use crate::store::copies;
use crate::view::{Cause, CommandError, Reason, RestoreReport, Stage, StuckDestination};
use ground::Ground;
use photo::{Done, Outcome};
use remote::Object;
use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
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
            running.spawn(async move { photo::bring(&open, &ground, &ledger, object).await });
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

fn cause_here(error: &io::Error) -> Cause {
    of_disk(error, Cause::FolderUnwritable)
}
