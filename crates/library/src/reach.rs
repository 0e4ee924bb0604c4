//! Keeps the destinations open: tries those that are not ready, and lists each that has become so.

use crate::clock;
use crate::context::Context;
use crate::listing;
use crate::registry::{self, Open};
use crate::store::destinations::{self, Destination};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// Asking whether a destination is there takes no longer than this.
const PATIENCE: Duration = Duration::from_secs(30);
/// Without a destination there is nothing to do until one is added.
const NOTHING_TO_DO: Duration = Duration::from_secs(5 * 60);
/// A list younger than this is not made again; milliseconds.
const LIST_AGAIN: i64 = 10 * 60_000;

/// Runs until the engine stops.
pub(crate) async fn run(context: &Arc<Context>) {
    let mut listings: JoinSet<()> = JoinSet::new();
    loop {
        let due = context.registry.due(clock::now());
        let mut tries = JoinSet::new();
        for destination in due {
            let context = Arc::clone(context);
            tries.spawn(async move { reach(&context, destination).await });
        }
        while let Some(reached) = tries.join_next().await {
            match reached {
                Ok(Some(open)) => {
                    let context = Arc::clone(context);
                    listings.spawn(async move {
                        listing::run(&context, &open).await;
                        context.registry.listed(open.destination.id);
                        context.bells.upload.notify_one();
                    });
                }
                Ok(None) => {}
                Err(error) => tracing::error!(%error, "asking a destination ended unexpectedly"),
            }
        }
        let wait = context.registry.next_due().map_or(NOTHING_TO_DO, |due| {
            Duration::from_millis((due - clock::now()).max(50).cast_unsigned())
        });
        tokio::select! {
            () = context.stop.cancelled() => {
                listings.shutdown().await;
                return;
            }
            () = context.bells.destinations.notified() => {}
            () = tokio::time::sleep(wait) => {}
            Some(ended) = listings.join_next() => {
                if let Err(error) = ended && !error.is_cancelled() {
                    tracing::error!(%error, "listing a destination ended unexpectedly");
                }
            }
        }
    }
}

/// Asks one destination; returns it when it has become ready and is to be listed.
async fn reach(context: &Context, destination: Destination) -> Option<Open> {
    let id = destination.id;
    let asked = tokio::time::timeout(PATIENCE, open(context, &destination)).await;
    let result = asked.unwrap_or_else(|_| {
        Err(remote::Error::Unreachable {
            endpoint: registry::place(&destination.config),
            message: format!("no answer within {} s", PATIENCE.as_secs()),
        })
    });
    let now = clock::now();
    context.news.status();
    match result {
        Ok(open) => {
            if let Err(error) = context
                .store
                .write(move |db| destinations::set_checked(db, id, now))
                .await
            {
                tracing::error!(%error, "cannot record that a destination answered");
            }
            let news = context.registry.ready(open.clone(), now);
            context.bells.upload.notify_one();
            context.bells.fetch.notify_one();
            let stale = destination
                .listed_at
                .is_none_or(|listed| now - listed > LIST_AGAIN);
            (news && stale).then_some(open)
        }
        Err(error) => {
            tracing::info!(name = destination.name, %error, "a destination is not ready");
            context.registry.failed(id, &error, now);
            None
        }
    }
}

async fn open(context: &Context, destination: &Destination) -> Result<Open, remote::Error> {
    let keys = context.registry.keys(destination.id);
    let remote =
        registry::open_remote(&destination.config, keys, destination.profile.clone()).await?;
    remote.check(&destination.marker).await?;
    let template = registry::key_template(&destination.config)?;
    Ok(Open {
        destination: destination.clone(),
        remote,
        template,
    })
}
