//! `imgn-server`: the monolith, the front end or the extractor; and what prepares a bucket for them.
//!
//! `main` is a map of the program: become a worker if this process was started as one, read the words,
//! open the store, run until told to end, finish what was begun.
#![forbid(unsafe_code)]

use clap::Parser;
use media::worker::{Limits, Pool, WorkerCommand};
use server::{CannotStart, Command, Deployment, Extractor, Metrics, Store, Words};
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// What waits for the extractor; a batch finds what finds no place.
const QUEUE: usize = 1024;
/// How often the monolith looks over its whole folder, into which others may put files.
const MONOLITH_BATCH: Duration = Duration::from_secs(60);

fn main() -> ExitCode {
    media::worker::serve_if_asked();
    let words = Words::parse();
    server::log();
    let ended = tokio::runtime::Runtime::new()
        .map_err(CannotStart::Listen)
        .and_then(|runtime| runtime.block_on(run(words)));
    match ended {
        Ok(code) => code,
        Err(error) => {
            tracing::error!(%error, "cannot go on");
            let advice = error.advice().map(|advice| format!("; {advice}"));
            let advice = advice.unwrap_or_default();
            // For the person at the terminal; where there is none, the log has it.
            writeln!(std::io::stderr(), "imgn-server: {error}{advice}").ok();
            ExitCode::from(error.exit_code())
        }
    }
}

async fn run(words: Words) -> Result<ExitCode, CannotStart> {
    let stop = stop_when_told()?;
    match words.command {
        None => {
            let monolith = words.monolith;
            let (store, at_once) = (monolith.open(), monolith.work.at_once());
            serve(
                &monolith.service,
                store,
                at_once,
                Some(MONOLITH_BATCH),
                stop,
            )
            .await
        }
        Some(Command::Serve(front)) => {
            let (store, at_once) = (front.place.open(&front.work), front.work.at_once());
            serve(&front.service, store, at_once, None, stop).await
        }
        Some(Command::Prepare(prepare)) => {
            prepare.run(stop).await?;
            Ok(ExitCode::SUCCESS)
        }
        Some(Command::Extract(extract)) => {
            let at_once = extract.work.at_once();
            let store = extract.place.open(&extract.work).await?;
            let mut extractor =
                Extractor::new(store, workers(at_once)?, Metrics::default(), at_once);
            if !extract.once {
                let listeners = match &extract.health {
                    Some(address) => server::listen(&server::addresses(address).await?).await?,
                    None => Vec::new(),
                };
                let health = extractor.pulse().router();
                tokio::join!(
                    server::serve(listeners, health, stop.clone()),
                    extractor.run_every(extract.every, stop),
                );
                return Ok(ExitCode::SUCCESS);
            }
            let tally = extractor.batch(&stop).await?;
            tracing::info!(
                extracted = tally.extracted,
                broken = tally.broken,
                failed = tally.failed,
                "the batch is done"
            );
            Ok(ExitCode::from(u8::from(tally.failed > 0)))
        }
    }
}

/// The API, and beside it the extractor. `batches`: the extractor is the only one, so it also takes what is
/// uploaded here, and looks over the whole store every so often.
async fn serve(
    service: &server::Service,
    store: impl Future<Output = Result<Store, CannotStart>>,
    at_once: usize,
    batches: Option<Duration>,
    stop: watch::Receiver<bool>,
) -> Result<ExitCode, CannotStart> {
    // Nothing is written before it is clear who may ask, and where.
    let (guard, addresses) = service.guard().await?;
    let ui = service.own_ui()?;
    let listeners = server::listen(&addresses).await?;
    let store = store.await?;
    let metrics = Metrics::default();
    let (sender, queue) = mpsc::channel(QUEUE);
    // Workers of its own: pictures that take long hold no upload up.
    let extracting = workers(at_once)?;
    let mut extractor = Extractor::new(store.clone(), extracting, metrics.clone(), at_once);
    let deployment = Deployment::new(
        store,
        workers(at_once)?,
        metrics,
        sender,
        service.max_upload,
        service.patience,
    );
    let deployment = match batches {
        Some(_) => deployment.extracting_uploads(),
        None => deployment,
    };
    let router = server::router(deployment, guard, ui);
    let told = extractor.told();
    let look_over = async {
        if let Some(every) = batches {
            extractor.run_every(every, stop.clone()).await;
        }
    };
    tokio::join!(
        server::serve(listeners, router, stop.clone()),
        told.run(queue, stop.clone()),
        look_over,
    );
    tracing::info!("everything that was begun is finished");
    Ok(ExitCode::SUCCESS)
}

fn workers(at_once: usize) -> Result<Arc<Pool>, CannotStart> {
    let command = WorkerCommand::this_binary()?;
    Ok(Arc::new(Pool::new(command, at_once, Limits::default())))
}

/// True from the first signal to end on; the second ends at once.
fn stop_when_told() -> Result<watch::Receiver<bool>, CannotStart> {
    let (told, stop) = watch::channel(false);
    let mut signals = Signals::listen()?;
    tokio::spawn(async move {
        signals.next().await;
        tracing::info!("ending: what was begun is finished first");
        told.send_replace(true);
        signals.next().await;
        std::process::exit(130);
    });
    Ok(stop)
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
