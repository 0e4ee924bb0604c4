//! The library as the window has it: open, or the reason why it is not.
//!
//! **Invariant:** the library is shut down, within [`GOODBYE`], before the process ends by itself.

use crate::opened::Opened;
use crate::window;
use library::view::{Cause, CommandError, Event, Query};
use library::{Library, Result};
use std::path::PathBuf;
use std::time::Duration;
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
pub(crate) struct Engine(Result<Library>);

impl Engine {
    pub(crate) fn refused(problem: CommandError) -> Self {
        Self(Err(problem))
    }

    pub(crate) fn with(library: Library) -> Self {
        Self(Ok(library))
    }

    pub(crate) fn library(&self) -> Result<&Library> {
        self.0.as_ref().map_err(Clone::clone)
    }

    pub(crate) fn problem(&self) -> Option<&CommandError> {
        self.0.as_ref().err()
    }

    pub(crate) fn is_in_use(&self) -> bool {
        self.problem()
            .is_some_and(|problem| problem.code == Cause::LibraryInUse)
    }

    /// Starts the engine and hands its events to the window, until the process is asked to end.
    pub(crate) fn start(&self, app: &AppHandle) {
        tauri::async_runtime::spawn(end_when_asked(app.clone()));
        let (Ok(library), app) = (self.0.clone(), app.clone()) else {
            return;
        };
        tauri::async_runtime::spawn(show_what_is_wanted(library.front(), app.clone()));
        tauri::async_runtime::spawn(async move {
            let events = library.events();
            if let Err(error) = library.start().await {
                tracing::error!(code = ?error.code, "the engine did not start: {error}");
            }
            forward(&library, events, &app).await;
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
        if let Ok(library) = app.state::<Engine>().library()
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
) {
    loop {
        match events.recv().await {
            Ok(event) => emit(app, &event),
            Err(RecvError::Lagged(missed)) => {
                tracing::debug!(
                    missed,
                    "the window fell behind; it is told to look at everything"
                );
                catch_up(library, app).await;
            }
            Err(RecvError::Closed) => return,
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
