//! Where one run keeps its things.
//!
//! **Invariant:** with `--library DIR` everything that the app writes lies in DIR, so that removing
//! DIR leaves nothing behind.

use std::path::PathBuf;

/// The places of one run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Profile {
    pub(crate) library: PathBuf,
    /// Where drops are copied; none: the library's own default.
    pub(crate) managed_folder: Option<PathBuf>,
    /// Where the webview keeps its state; none: the system's place for this app.
    pub(crate) webview: Option<PathBuf>,
}

impl Profile {
    /// The person's own library, or the one in the named directory. Errors are sentences.
    pub(crate) fn choose(named: Option<PathBuf>) -> Result<Self, String> {
        let Some(directory) = named else {
            return Self::own();
        };
        let library = std::path::absolute(&directory)
            .map_err(|error| format!("{} names no directory: {error}", directory.display()))?;
        Ok(Self {
            managed_folder: Some(library.join("originals")),
            webview: Some(library.join("webview")),
            library,
        })
    }

    fn own() -> Result<Self, String> {
        let places = directories::ProjectDirs::from("org", "", "imgn").ok_or(
            "there is no home directory to keep a library in; name one with --library DIR",
        )?;
        let library = places.data_dir().to_owned();
        Ok(Self {
            library,
            managed_folder: None,
            webview: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_library_keeps_everything_in_its_directory() {
        let profile = Profile::choose(Some("/tmp/demo".into())).unwrap();
        assert_eq!(profile.library, PathBuf::from("/tmp/demo"));
        for place in [profile.managed_folder, profile.webview] {
            assert!(place.unwrap().starts_with("/tmp/demo"));
        }
    }

    #[test]
    fn a_relative_library_does_not_depend_on_the_directory_later() {
        let profile = Profile::choose(Some("demo".into())).unwrap();
        assert!(profile.library.is_absolute());
    }

    #[test]
    fn no_directory_at_all_is_a_sentence() {
        assert!(
            Profile::choose(Some(PathBuf::new()))
                .unwrap_err()
                .contains("names no directory")
        );
    }
}
