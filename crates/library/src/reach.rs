//! Keeps the destinations open: asks each when it is due, and lists those whose list is old.

use crate::clock;
use crate::context::Context;
use crate::gone;
use crate::last_run;
use crate::leftovers;
use crate::listing;
use crate::opening;
use crate::patience::patiently;
use crate::reason::no_such_destination;
use crate::registry::{Due, Generation, List, Open};
use crate::secrets::KeyringError;
use crate::store::StoreError;
use crate::store::destinations::{self, Destination, DestinationId};
use crate::store::samples::{self, RESTED, Sample, Timed};
use crate::typed_keys;
use crate::view::{DestinationConfig, DestinationLayout};
use rusqlite::Connection;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::{Id, JoinSet};

/// Asking whether a destination is there takes no longer than this.
const PATIENCE: Duration = Duration::from_secs(30);
/// Without a destination there is nothing to do until one is added.
const NOTHING_TO_DO: Duration = Duration::from_secs(5 * 60);
/// A list older than this is made anew; milliseconds.
const LIST_AGAIN: i64 = 60 * 60_000;

/// Runs until the engine stops.
pub(crate) async fn run(context: &Arc<Context>) {
    let mut tries: JoinSet<Option<Open>> = JoinSet::new();
    let mut listings = Listings::default();
    loop {
        for due in context.registry.take_due(Instant::now()) {
            let context = Arc::clone(context);
            tries.spawn(async move { ask(&context, due).await });
        }
        let wait = context.registry.next_due().map_or(NOTHING_TO_DO, |due| {
            due.saturating_duration_since(Instant::now())
                .max(Duration::from_millis(50))
        });
        tokio::select! {
            () = context.stop.cancelled() => {
                tries.shutdown().await;
                listings.tasks.shutdown().await;
                return;
            }
            Some(asked) = tries.join_next() => match asked {
                Ok(Some(open)) => listings.begin(context, open),
                Ok(None) => {}
                Err(error) if error.is_cancelled() => {}
                Err(error) => tracing::error!(%error, "asking a destination ended unexpectedly"),
            },
            Some(ended) = listings.tasks.join_next_with_id() => listings.ended(context, ended),
            () = context.bells.destinations.notified() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// The destinations that are being listed.
#[derive(Default)]
struct Listings {
    tasks: JoinSet<()>,
    of: HashMap<Id, (DestinationId, Generation)>,
}

impl Listings {
    fn begin(&mut self, context: &Arc<Context>, open: Open) {
        let which = (open.destination.id, open.generation);
        if self.of.values().any(|listed| *listed == which) {
            return;
        }
        let context = Arc::clone(context);
        let task = self.tasks.spawn(async move {
            tokio::select! {
                () = open.removed.cancelled() => {}
                () = listing::run(&context, &open) => {}
            }
        });
        self.of.insert(task.id(), which);
    }

    fn ended(&mut self, context: &Context, ended: Result<(Id, ()), tokio::task::JoinError>) {
        let task = match ended {
            Ok((task, ())) => task,
            Err(error) => {
                if !error.is_cancelled() {
                    tracing::error!(%error, "listing a destination ended unexpectedly");
                }
                error.id()
            }
        };
        if let Some((id, _)) = self.of.remove(&task) {
            context.registry.listing_ended(id);
        }
    }
}

/// Before a run that only brings up what is new: which destinations nobody need ask before there is something to
/// bring. A disk is asked at no cost; a bucket or server is left alone where all was well, and its list is fresh.
pub(crate) async fn rest_where_all_is_well(context: &Context) -> Result<(), StoreError> {
    let now = clock::now();
    let (rows, before) = context
        .store
        .read(|db| Ok((destinations::all(db)?, last_run::kept(db)?)))
        .await?;
    let stuck = before.map(|run| run.stuck_destinations).unwrap_or_default();
    for row in rows {
        let is_folder = matches!(row.config, DestinationConfig::Folder { .. });
        let was_well = stuck.iter().all(|stuck| stuck.name != row.name);
        if !is_folder && row.gone.is_none() && was_well && is_list_fresh(&row, now) {
            context.registry.rest(row.id);
        }
    }
    Ok(())
}

fn is_list_fresh(destination: &Destination, now: i64) -> bool {
    destination
        .listed_at
        .is_some_and(|at| (now - at).abs() <= LIST_AGAIN)
}

/// Asks one destination; returns it when it is ready and is to be listed.
async fn ask(context: &Context, mut due: Due) -> Option<Open> {
    let id = due.destination.id;
    // Also when this stumbles, it is asked again.
    let _asking = context.registry.asking(id);
    let unopened = find_keys(context, &mut due).await.err();
    let asked = Instant::now();
    let Some(answer) = answer(context, &due).await else {
        context.registry.given_up(id);
        return None;
    };
    match answer.map_err(|error| without_key(error, unopened)) {
        Ok(open) => {
            let (now, took) = (clock::now(), asked.elapsed());
            let checked = context
                .store
                .write(move |db| {
                    note_rested(db, id, now, took)?;
                    destinations::set_checked(db, id, now)?;
                    let back = gone::keep(db, id, None)?;
                    Ok((destinations::get(db, id)?, back))
                })
                .await;
            let checked = checked.map(|(row, back)| {
                if !back.is_empty() {
                    context.news.months(back);
                }
                row
            });
            let list = match checked {
                Ok(Some(row)) if is_list_fresh(&row, now) => List::Fresh,
                Ok(_) => List::Due,
                Err(error) => {
                    context.trouble.note(error);
                    List::Due
                }
            };
            if context.registry.ready(open.clone(), list, Instant::now()) {
                context.news.status();
                context.bells.upload.notify_one();
                context.bells.fetch.notify_one();
            }
            leftovers::clear(context, &open).await;
            (list == List::Due).then_some(open)
        }
        Err(error) => {
            tracing::info!(name = due.destination.name, %error, "a destination is not ready");
            context.registry.unreached(&due, &error, Instant::now());
            if let Err(error) = gone::note(context, &due.destination, &error).await {
                context.trouble.note(error);
            }
            context.news.status();
            None
        }
    }
}

/// The first answer after a rest tells how long it takes to wake: it is kept.
fn note_rested(
    db: &Connection,
    id: DestinationId,
    now: i64,
    took: Duration,
) -> rusqlite::Result<()> {
    let Some(last) = samples::last_answer(db, id)? else {
        return Ok(());
    };
    if now - last < RESTED {
        return Ok(());
    }
    let sample = Sample {
        timed: Timed::First,
        at: now,
        took,
        bytes: 0,
        rested: Some(now - last),
    };
    samples::add(db, id, &sample)
}

/// What a destination answers; none: it is another one by now.
///
/// A disk that does not answer is not asked anew before it has, for each question holds a thread.
async fn answer(context: &Context, due: &Due) -> Option<Result<Open, remote::Error>> {
    let mut asked = std::pin::pin!(open(context, due));
    if let Ok(answer) = tokio::time::timeout(PATIENCE, &mut asked).await {
        return Some(answer);
    }
    let error = remote::Error::Unreachable {
        endpoint: opening::place(&due.destination.config),
        message: format!("no answer within {} s", PATIENCE.as_secs()),
    };
    match due.destination.config {
        DestinationConfig::S3 { .. }
        | DestinationConfig::Http { .. }
        | DestinationConfig::Lambda { .. } => Some(Err(error)),
        DestinationConfig::Folder { .. } => {
            tracing::info!(name = due.destination.name, %error, "a destination does not answer");
            context.registry.unanswered(due, &error, Instant::now());
            context.news.status();
            tokio::select! {
                () = due.removed.cancelled() => None,
                answer = asked => Some(answer),
            }
        }
    }
}

/// Opens one for a task of its own, whatever the stage knows of it.
pub(crate) async fn open_now(context: &Context, id: DestinationId) -> crate::Result<Open> {
    let mut due = context.registry.due(id).ok_or_else(no_such_destination)?;
    let unopened = find_keys(context, &mut due).await.err();
    let opened = patiently(|| open(context, &due)).await;
    if let Err(error) = &opened {
        gone::note(context, &due.destination, error).await?;
    }
    Ok(opened.map_err(|error| without_key(error, unopened))?)
}

/// The keys that were typed for it, also in an earlier run: then the registry has them from now on.
async fn find_keys(context: &Context, due: &mut Due) -> Result<(), KeyringError> {
    due.keys = typed_keys::find(context, &due.destination, due.keys.take()).await?;
    if let Some(keys) = due.keys.clone() {
        context.registry.found_keys(due, keys);
    }
    Ok(())
}

/// Why there is no key, where the keyring has the one that was typed and does not give it.
fn without_key(error: remote::Error, unopened: Option<KeyringError>) -> remote::Error {
    match (error, unopened) {
        (remote::Error::NoCredentials { endpoint }, Some(why)) => remote::Error::NoCredentials {
            endpoint: format!("{endpoint}: {why}"),
        },
        (error, _) => error,
    }
}

async fn open(context: &Context, due: &Due) -> Result<Open, remote::Error> {
    let destination = &due.destination;
    let remote = opening::open_for_uploads(
        &destination.config,
        due.keys.clone(),
        destination.profile.clone(),
        context.throttle.clone(),
    )
    .await?;
    remote.check(&destination.marker).await?;
    is_mounted(context, destination, remote.as_ref()).await?;
    let template = opening::key_template(&destination.config)?;
    Ok(Open {
        destination: destination.clone(),
        remote,
        template,
        generation: due.generation,
        removed: due.removed.clone(),
    })
}

/// A folder that originals share has no marker. One that is empty where photos were put is a mount point without
/// its disk, or might be: nothing goes there.
async fn is_mounted(
    context: &Context,
    destination: &Destination,
    remote: &dyn remote::Remote,
) -> Result<(), remote::Error> {
    let DestinationConfig::Folder {
        layout: DestinationLayout::Original,
        path,
        ..
    } = &destination.config
    else {
        return Ok(());
    };
    let id = destination.id;
    let held = context.store.read(move |db| destinations::tally(db, id));
    // What is not known may be: then nothing goes there either.
    let (photos, _) = held.await.map_err(|error| {
        let message = format!("whether photos are kept there cannot be read: {error}");
        context.trouble.note(error);
        remote::Error::Unreachable {
            endpoint: opening::place(&destination.config),
            message,
        }
    })?;
    if photos > 0 && remote.list(None).await?.objects.is_empty() {
        return Err(remote::Error::NotMounted {
            place: path.clone(),
        });
    }
    Ok(())
}
