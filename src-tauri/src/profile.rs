//! Where one run keeps its things.
//!
//! **Invariant:** the library is the one that the command line opens, and with `--library DIR`
//! everything that the app writes lies in DIR, so that removing DIR leaves nothing behind.

use library::view::{Cause, CommandError};
use library::{Options, Result};
use media::worker::WorkerCommand;
use std::path::PathBuf;

/// What one run works on.
#[derive(Debug)]
pub(crate) struct Profile {
    pub(crate) library: Options,
    pub(crate) places: Places,
}

/// Where the shell keeps its own things.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    /// The library's directory, where it was named.
    pub(crate) named: Option<PathBuf>,
    /// The webview's state; none: the system's place for this app.
    pub(crate) webview: Option<PathBuf>,
    /// Where the window was last.
    pub(crate) placement: PathBuf,
    /// The pictures of the tray, which are handed over as files.
    pub(crate) tray: PathBuf,
    /// Trials lie here, below the library that one has.
    pub(crate) trials: PathBuf,
}

impl Profile {
    /// The account's library, or the one in the named directory. Errors are sentences.
    pub(crate) fn choose(named: Option<PathBuf>) -> Result<Self> {
        let worker = WorkerCommand::this_binary()
            .map_err(|error| internal(format!("cannot find the running program: {error}")))?;
        let Some(named) = named else {
            let library = Options::of_account(worker)?;
            let places = Places::in_library(&library, None);
            return Ok(Self { library, places });
        };
        let directory = std::path::absolute(&named).map_err(|error| {
            internal(format!("{} names no directory: {error}", named.display()))
        })?;
        let library = Options::portable(directory.clone(), worker);
        let places = Places::in_library(&library, Some(directory));
        Ok(Self { library, places })
    }
}

impl Places {
    fn in_library(library: &Options, named: Option<PathBuf>) -> Self {
        Self {
            webview: named.as_ref().map(|directory| directory.join("webview")),
            placement: library.directory.join("window.json"),
            tray: library.directory.join("tray"),
            trials: library.directory.clone(),
            named,
        }
    }
}

fn internal(detail: String) -> CommandError {
    CommandError::new(Cause::Internal, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_library_keeps_everything_in_its_directory() {
        let directory = std::env::temp_dir().join("demo");
        let Profile { library, places } = Profile::choose(Some(directory.clone())).unwrap();
        assert_eq!(library.directory, directory);
        for place in [library.managed_folder, places.webview] {
            assert!(place.unwrap().starts_with(&directory));
        }
        for place in [places.placement, places.tray, places.trials] {
            assert!(place.starts_with(&directory));
        }
    }

    #[test]
    fn a_relative_library_does_not_depend_on_the_directory_later() {
        let profile = Profile::choose(Some("demo".into())).unwrap();
        assert!(profile.library.directory.is_absolute());
    }

    #[test]
    fn no_directory_at_all_is_a_sentence() {
        let problem = Profile::choose(Some(PathBuf::new())).unwrap_err();
        assert!(problem.to_string().contains("names no directory"));
    }
}
