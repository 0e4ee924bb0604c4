//! Runs the stages: starts each as a task, tells the news, and ends them all.
//!
//! **Invariant:** whoever starts the engine stops it; no task outlives [`Engine::stop`].

use crate::context::Context;
use crate::store::photos::PhotoId;
use crate::store::{StoreError, photos};
use crate::view::Event;
use crate::{fetch, index, reach, rescan, shown, thumbs, upload, watch};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// The news is told this often.
const TELL: Duration = Duration::from_millis(250);
/// The speed is measured, and transfers are told, this often.
const MEASURE: Duration = Duration::from_millis(500);
/// With more changed photos than this, every month is named.
const MOST_CHANGED: usize = 5_000;

#[derive(Debug)]
pub(crate) struct Engine {
    tasks: JoinSet<()>,
    context: Arc<Context>,
}

impl Engine {
    pub(crate) fn start(context: &Arc<Context>) -> Self {
        let mut tasks = JoinSet::new();
        macro_rules! stage {
            ($run:path) => {{
                let context = Arc::clone(context);
                tasks.spawn(async move { $run(&context).await });
            }};
        }
        stage!(watch::run);
        stage!(rescan::run);
        stage!(index::run);
        stage!(thumbs::run);
        stage!(reach::run);
        stage!(upload::run);
        stage!(fetch::run);
        stage!(tell);
        Self {
            tasks,
            context: Arc::clone(context),
        }
    }

    /// Ends every stage and waits for it.
    pub(crate) async fn stop(mut self) {
        self.context.stop.cancel();
        while let Some(ended) = self.tasks.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a stage ended unexpectedly");
            }
        }
    }
}

/// Tells what changed, a few times a second at most.
async fn tell(context: &Arc<Context>) {
    let mut measured = Instant::now();
    while context.rest(TELL).await {
        if measured.elapsed() >= MEASURE {
            measured = Instant::now();
            if let Err(error) = tell_transfers(context).await {
                tracing::warn!(%error, "cannot say what goes up");
            }
        }
        if let Err(error) = tell_changes(context).await {
            tracing::warn!(%error, "cannot say what changed");
        }
    }
}

async fn tell_transfers(context: &Arc<Context>) -> Result<(), StoreError> {
    let before = context.transfers.speed();
    let speed = context.transfers.measure(Instant::now());
    if context.transfers.now().is_empty() && before == 0.0 {
        return Ok(());
    }
    let shared = Arc::clone(context);
    let now = context
        .store
        .read(move |db| shown::transfers(&shared, db))
        .await?;
    context.news.tell(Event::Transfers { now });
    if speed > 0.0 || before > 0.0 {
        context.news.status();
    }
    Ok(())
}

async fn tell_changes(context: &Arc<Context>) -> Result<(), StoreError> {
    let changed = context.news.take();
    if !changed.status {
        return Ok(());
    }
    let mut months = changed.months;
    if changed.photos.len() > MOST_CHANGED {
        let all = context.store.read(crate::store::timeline::months).await?;
        months.extend(all.into_iter().map(|(month, _)| month));
    } else if !changed.photos.is_empty() {
        let ids: Vec<PhotoId> = changed.photos.into_iter().collect();
        months.extend(
            context
                .store
                .read(move |db| photos::months(db, &ids))
                .await?,
        );
    }
    if !months.is_empty() {
        let months = months
            .into_iter()
            .map(|month| Some(month).filter(|month| !month.is_empty()));
        context.news.tell(Event::Photos {
            months: months.collect(),
        });
    }
    let status = shown::status(context).await?;
    context.news.tell(Event::Status {
        status: Box::new(status),
    });
    Ok(())
}
