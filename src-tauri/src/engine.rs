//! The library as the window has it: the person's own, or one that is tried out; or why there is none.
//!
//! The own library stays open and at work while another is tried out: who starts imgn a second time or
//! uses the command line finds it as ever. Only the window shows the trial instead.
//!
//! **Invariant:** the library is shut down, within [`GOODBYE`], and a trial is gone, before the process
//! ends by itself.

use crate::opened::Opened;
use crate::profile::Places;
use crate::trial::Trial;
use crate::window;
use library::view::{Cause, CommandError, Event, Query};
use library::{Library, Result};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tauri::async_runtime::JoinHandle;
use tauri::{AppHandle, Emitter, Manager};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;

/// The name under which the window hears [`Event`]s.
const EVENT: &str = "library";

/// Under which it hears that photos were handed over.
const OPENED: &str = "opened";

/// How long uploads under way may take to stop; they go on at the next start.
const GOODBYE: Duration = Duration::from_secs(5);

/// What the process ends with when another one owns the library.
pub(crate) const IN_USE_EXIT_CODE: u8 = 5;

/// An open library, or why there is none: then every command answers with the reason.
#[derive(Clone)]
pub(crate) struct Engine(Arc<Shown>);

struct Shown {
    own: Result<Library>,
    /// Shown in its stead.
    trial: Mutex<Option<Tried>>,
    /// One trial is begun or ended at a time.
    changing: tokio::sync::Mutex<()>,
}

struct Tried {
    trial: Trial,
    /// Hands its events to the window.
    telling: JoinHandle<()>,
}

/// Whose events are handed to the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Own,
    Trial,
}

impl Engine {
    pub(crate) fn refused(problem: CommandError) -> Self {
        Self::of(Err(problem))
    }

    pub(crate) fn with(library: Library) -> Self {
        Self::of(Ok(library))
    }

    fn of(own: Result<Library>) -> Self {
        Self(Arc::new(Shown {
            own,
            trial: Mutex::default(),
            changing: tokio::sync::Mutex::default(),
        }))
    }

    /// The library that the window shows.
    pub(crate) fn library(&self) -> Result<Library> {
        let tried = self
            .trial()
            .as_ref()
            .map(|tried| tried.trial.library().clone());
        tried.map_or_else(|| self.own().cloned(), Ok)
    }

    /// The person's own library, whatever the window shows.
    pub(crate) fn own(&self) -> Result<&Library> {
        self.0.own.as_ref().map_err(Clone::clone)
    }

    pub(crate) fn problem(&self) -> Option<&CommandError> {
        self.0.own.as_ref().err()
    }

    fn trial(&self) -> MutexGuard<'_, Option<Tried>> {
        self.0.trial.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn is_trying(&self) -> bool {
        self.source() == Source::Trial
    }

    fn source(&self) -> Source {
        match *self.trial() {
            Some(_) => Source::Trial,
            None => Source::Own,
        }
    }

    /// Shows a trial, whose safe place is called `safe`, until it is ended; one that is under way stays.
    pub(crate) async fn start_trial(&self, app: &AppHandle, safe: String) -> Result<()> {
        let _alone = self.0.changing.lock().await;
        if self.is_trying() {
            return Ok(());
        }
        let settings = self.own()?.settings().await?;
        let place = app.state::<Places>().trials.clone();
        let trial = Trial::begin(&place, &settings, safe).await?;
        let (library, app) = (trial.library().clone(), app.clone());
        let telling = {
            let (library, events) = (library.clone(), library.events());
            tauri::async_runtime::spawn(async move {
                forward(&library, events, &app, Source::Trial).await;
            })
        };
        *self.trial() = Some(Tried { trial, telling });
        library.start().await
    }

    /// Shows the own library again; nothing of the trial is left.
    pub(crate) async fn end_trial(&self) {
        let _alone = self.0.changing.lock().await;
        let tried = self.trial().take();
        if let Some(Tried { trial, telling }) = tried {
            telling.abort();
            trial.end().await;
        }
    }

    pub(crate) fn is_in_use(&self) -> bool {
        self.problem()
            .is_some_and(|problem| problem.code == Cause::LibraryInUse)
    }

    /// Starts the engine and hands its events to the window, until the process is asked to end.
    pub(crate) fn start(&self, app: &AppHandle) {
        tauri::async_runtime::spawn(end_when_asked(app.clone()));
        let (Ok(library), app) = (self.own().cloned(), app.clone()) else {
            return;
        };
        tauri::async_runtime::spawn(show_what_is_wanted(library.front(), app.clone()));
        tauri::async_runtime::spawn(async move {
            let events = library.events();
            if let Err(error) = library.start().await {
                tracing::error!(code = ?error.code, "the engine did not start: {error}");
            }
            forward(&library, events, &app, Source::Own).await;
        });
    }
}

/// Another start of imgn ends in this one's window.
async fn show_what_is_wanted(mut wishes: mpsc::Receiver<Vec<PathBuf>>, app: AppHandle) {
    while let Some(photos) = wishes.recv().await {
        if !photos.is_empty() {
            app.state::<Opened>().add(photos);
            if let Err(error) = app.emit(OPENED, ()) {
                tracing::warn!("photos wait for the window to ask: {error}");
            }
        }
        window::show(&app);
    }
}

/// Shuts the library down and ends the process.
pub(crate) fn end(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        window::keep_placement(&app);
        let engine = app.state::<Engine>().inner().clone();
        engine.end_trial().await;
        if let Ok(library) = engine.own()
            && tokio::time::timeout(GOODBYE, library.shutdown())
                .await
                .is_err()
        {
            tracing::warn!("the engine did not stop in time; the next start goes on from its rows");
        }
        app.exit(0);
    });
}

async fn forward(
    library: &Library,
    mut events: tokio::sync::broadcast::Receiver<Event>,
    app: &AppHandle,
    source: Source,
) {
    let engine = app.state::<Engine>().inner().clone();
    loop {
        match events.recv().await {
            Err(RecvError::Closed) => return,
            _ if engine.source() != source => {}
            Ok(event) => emit(app, &event),
            Err(RecvError::Lagged(missed)) => {
                tracing::debug!(
                    missed,
                    "the window fell behind; it is told to look at everything"
                );
                catch_up(library, app).await;
            }
        }
    }
}

/// Makes the window ask again for all that a missed event could have named.
async fn catch_up(library: &Library, app: &AppHandle) {
    match library.sections(Query::default()).await {
        Ok(sections) => {
            let months = sections.into_iter().map(|section| section.month).collect();
            emit(app, &Event::Photos { months });
        }
        Err(error) => tracing::warn!("the window may show old photos: {error}"),
    }
    match library.status().await {
        Ok(status) => emit(
            app,
            &Event::Status {
                status: Box::new(status),
            },
        ),
        Err(error) => tracing::warn!("the window may show an old status: {error}"),
    }
}

fn emit(app: &AppHandle, event: &Event) {
    if let Err(error) = app.emit(EVENT, event) {
        tracing::warn!("an event did not reach the window: {error}");
    }
}

#[cfg(unix)]
async fn end_when_asked(app: AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    ) else {
        tracing::warn!("signals end this process at once: they cannot be listened for");
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    end(&app);
}

#[cfg(not(unix))]
async fn end_when_asked(app: AppHandle) {
    match tokio::signal::ctrl_c().await {
        Ok(()) => end(&app),
        Err(error) => tracing::warn!("Ctrl-C ends this process at once: {error}"),
    }
}
