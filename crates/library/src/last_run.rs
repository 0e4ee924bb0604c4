//! What stood in the way when the engine last ran, for who asks while it does not.
//!
//! Jobs and files have their problems in their rows; that a destination did not answer, or a folder could not be
//! listed, is known in memory only and is kept here.
//!
//! **Invariant:** what is kept speaks of destinations that are there yet.

use crate::clock;
use crate::context::Context;
use crate::lock::lock;
use crate::path_bytes::shown;
use crate::store::{destinations, values};
use crate::view::{DestinationState, LastRun, StuckDestination};
use rusqlite::Connection;

/// Keeps how it stands now. What was known of a destination that was not asked in this run stays.
pub(crate) async fn keep(context: &Context) {
    let (mut run, unasked) = now(context);
    let written = context
        .store
        // Lost, the run before that is told of.
        .write_reproducible(move |db| {
            let before = kept(db)?.map(|run| run.stuck_destinations);
            let known = before.into_iter().flatten();
            run.stuck_destinations
                .extend(known.filter(|stuck| unasked.contains(&stuck.name)));
            let text = serde_json::to_string(&run).expect("views have string keys only");
            values::set(db, values::LAST_RUN, &text)
        });
    if let Err(error) = written.await {
        tracing::warn!(%error, "cannot keep how this run ended");
    }
}

/// How it stands, and the names of the destinations that were not asked yet.
fn now(context: &Context) -> (LastRun, Vec<String>) {
    let (mut stuck_destinations, mut unasked) = (Vec::new(), Vec::new());
    for unready in context.registry.unready() {
        let name = unready.destination.name;
        match (unready.health.state, unready.health.reason) {
            (DestinationState::Unknown, _) => unasked.push(name),
            (_, Some(reason)) => stuck_destinations.push(StuckDestination { name, reason }),
            (_, None) => {}
        }
    }
    let unlisted = lock(&context.unlisted);
    let run = LastRun {
        at: clock::now(),
        stuck_destinations,
        unlisted: unlisted
            .values()
            .flatten()
            .map(|path| shown(path))
            .collect(),
    };
    (run, unasked)
}

/// What was kept last; none where nothing ever was, or a newer imgn wrote it.
pub(crate) fn kept(db: &Connection) -> rusqlite::Result<Option<LastRun>> {
    let kept = values::get(db, values::LAST_RUN)?;
    let Some(mut run) = kept.and_then(|text| serde_json::from_str::<LastRun>(&text).ok()) else {
        return Ok(None);
    };
    let there = destinations::all(db)?;
    run.stuck_destinations
        .retain(|stuck| there.iter().any(|row| row.name == stuck.name));
    Ok(Some(run))
}
