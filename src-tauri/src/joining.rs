//! Who has the library when imgn starts: this process from now on, or another one whose window shows what is
//! wanted.
//!
//! The command line may have it for a while, and has no window. A start that a person sees waits for it for
//! [`PATIENCE`], and then says so; one that shows nothing, as at login, waits as long as it takes: nobody
//! would notice that it is missing.
//!
//! **Invariant:** a start ends without a word only where a window has the library.

use crate::engine::Engine;
use crate::trial;
use library::view::{Cause, CommandError};
use library::{Connection, Options, Result};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// A command that ends within this time is not worth a message.
const PATIENCE: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(250);

/// Where the library is open.
pub(crate) enum Place {
    Here(Engine),
    /// In another process, whose window shows what was wanted.
    Elsewhere,
}

/// What a start is to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted<'a> {
    Nothing,
    /// The window, with photos to take in.
    Window(&'a [PathBuf]),
}

pub(crate) async fn join(options: Options, wanted: Wanted<'_>) -> Place {
    let begun = Instant::now();
    let mut told = false;
    loop {
        let problem = match once(&options, wanted).await {
            Ok(place) => return place,
            Err(problem) => problem,
        };
        let waits = problem.code == Cause::LibraryInUse
            && (wanted == Wanted::Nothing || begun.elapsed() < PATIENCE);
        if !waits {
            return Place::Here(Engine::refused(problem));
        }
        if !told {
            tracing::warn!("waits for the library: {problem}");
            told = true;
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// [`Cause::LibraryInUse`] when a process without a window has the library, or one that cannot be asked.
async fn once(options: &Options, wanted: Wanted<'_>) -> Result<Place> {
    let owner = match Connection::open(options.clone()).await? {
        Connection::Own(library) => {
            trial::clear_left(&options.directory);
            return Ok(Place::Here(Engine::with(library)));
        }
        owner @ Connection::Owner(_) => owner,
    };
    match wanted {
        Wanted::Window(photos) => owner.show(photos).await?,
        // What runs already has nothing to show.
        Wanted::Nothing if owner.has_window().await? => {}
        Wanted::Nothing => {
            let detail = "a program without a window has it open";
            return Err(CommandError::new(Cause::LibraryInUse, detail));
        }
    }
    Ok(Place::Elsewhere)
}
