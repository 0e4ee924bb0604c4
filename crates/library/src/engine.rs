//! Runs the stages: starts each as a task, tells the news, and ends them all.
//!
//! **Invariant:** whoever starts the engine stops it; no task outlives [`Engine::stop`].

use crate::context::Context;
use crate::news::Changed;
use crate::store::photos::PhotoId;
use crate::store::{StoreError, photos};
use crate::view::{Cause, CommandError, Event};
use crate::wording;
use crate::{cards, fetch, index, reach, rescan, settings, thumb_limit, thumbs, upload, watch};
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
            ($name:literal, $run:path) => {{
                let context = Arc::clone(context);
                tasks.spawn(async move {
                    let shared = Arc::clone(&context);
                    let run = move || {
                        let context = Arc::clone(&shared);
                        async move { $run(&context).await }
                    };
                    keep_running(&context, $name, run).await;
                });
            }};
        }
        stage!("watch", watch::run);
        stage!("rescan", rescan::run);
        stage!("index", index::run);
        stage!("thumbs", thumbs::run);
        stage!("reach", reach::run);
        stage!("upload", upload::run);
        stage!("fetch", fetch::run);
        stage!("cards", cards::run);
        stage!("settings", settings::run);
        stage!("thumbnail cache", thumb_limit::run);
        stage!("tell", tell);
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

/// Runs a stage until the engine stops. One that panics is said and begun again: a watcher that
/// silently stops is worse than one that stumbles.
async fn keep_running<F: Future<Output = ()> + Send + 'static>(
    context: &Context,
    name: &'static str,
    run: impl Fn() -> F,
) {
    while !context.stop.is_cancelled() {
        let mut stage = JoinSet::new();
        stage.spawn(run());
        let Some(Err(error)) = stage.join_next().await else {
            continue;
        };
        let detail = format!("{name} stopped and begins again: {error}");
        if !context
            .rest_after(CommandError::new(Cause::Internal, detail))
            .await
        {
            return;
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
        .read(move |db| wording::transfers(&shared, db))
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
    match word(context, &changed).await {
        Ok(events) => {
            events
                .into_iter()
                .for_each(|event| context.news.tell(event));
            Ok(())
        }
        Err(error) => {
            context.news.put_back(changed);
            Err(error)
        }
    }
}

async fn word(context: &Arc<Context>, changed: &Changed) -> Result<Vec<Event>, StoreError> {
    let mut months = changed.months.clone();
    if changed.photos.len() > MOST_CHANGED {
        let all = context.store.read(crate::store::timeline::months).await?;
        months.extend(all.into_iter().map(|(month, _)| month));
    } else if !changed.photos.is_empty() {
        let ids: Vec<PhotoId> = changed.photos.iter().copied().collect();
        months.extend(
            context
                .store
                .read(move |db| photos::months(db, &ids))
                .await?,
        );
    }
    let mut events = Vec::new();
    if !months.is_empty() {
        let months = months
            .into_iter()
            .map(|month| Some(month).filter(|month| !month.is_empty()));
        events.push(Event::Photos {
            months: months.collect(),
        });
    }
    let status = wording::status(context).await?;
    events.push(Event::Status {
        status: Box::new(status),
    });
    Ok(events)
}
