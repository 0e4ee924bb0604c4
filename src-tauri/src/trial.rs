//! Trying imgn out: a library of drawn photos, kept safe in a folder, that leaves nothing behind.
//!
//! All of a *trial* is one directory in the person's own library: the trial's library and settings, its
//! photos, and the folder that plays the safe place. It is never opened a second time, so what lies there
//! at a start was left by a stop, and is removed.
//!
//! **Invariant:** only a directory that carries our mark is removed, and its mark last. Nothing outside it
//! is written: keys that are typed during a trial are kept in memory alone.

use library::view::{Cause, CommandError, DestinationConfig, DestinationLayout, Settings};
use library::{Keyring, Library, Options, Result};
use media::worker::WorkerCommand;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tauri::async_runtime::{JoinHandle, spawn_blocking};

const PREFIX: &str = "trial-";
const MARK: &str = "imgn-trial";
const MARK_TEXT: &str = "A trial of imgn with sample photos. imgn removes this directory.\n";

const PHOTOS: &str = "Sample photos";
const SAFE: &str = "Safe place";

const SEED: u64 = 1;
const COUNT: usize = 40;
/// So many are drawn before the trial is shown, and at once afterwards.
const AT_ONCE: usize = 4;

/// How long its uploads may take to stop.
const GOODBYE: Duration = Duration::from_secs(5);

/// A trial that is under way.
#[derive(Debug)]
pub(crate) struct Trial {
    library: Library,
    home: PathBuf,
    ended: Arc<AtomicBool>,
    painter: JoinHandle<()>,
}

impl Trial {
    /// Opens a trial below `place`, in the language and appearance of `settings`. Its safe place is
    /// called `safe`. The library still has to be started.
    pub(crate) async fn begin(place: &Path, settings: &Settings, safe: String) -> Result<Self> {
        let place = place.to_owned();
        let home = blocking(move || make(&place)).await?;
        match Self::open(home.clone(), settings, safe).await {
            Ok(trial) => Ok(trial),
            Err(problem) => {
                leave_nothing(home).await;
                Err(problem)
            }
        }
    }

    async fn open(home: PathBuf, settings: &Settings, safe: String) -> Result<Self> {
        let worker = WorkerCommand::this_binary().map_err(|error| unusable(&error))?;
        let library = Library::open(Options {
            directory: home.join("library"),
            managed_folder: Some(home.join("Added")),
            settings: home.join("settings.toml"),
            worker,
            keyring: Keyring::Off,
        })
        .await?;
        let own = library.settings().await?;
        library
            .change_settings(Settings {
                language: settings.language,
                appearance: settings.appearance,
                ..own
            })
            .await?;
        let config = DestinationConfig::Folder {
            path: home.join(SAFE).to_string_lossy().into_owned(),
            key_template: None,
            layout: DestinationLayout::Library,
        };
        library.add_destination(safe, config, None).await?;
        library.add_folder(&home.join(PHOTOS)).await?;
        let ended = Arc::new(AtomicBool::default());
        let painter = paint(home.join(PHOTOS), Arc::clone(&ended));
        Ok(Self {
            library,
            home,
            ended,
            painter,
        })
    }

    pub(crate) fn library(&self) -> &Library {
        &self.library
    }

    /// Closes the trial and removes all of it.
    pub(crate) async fn end(self) {
        self.ended.store(true, Ordering::Relaxed);
        if let Err(error) = self.painter.await {
            tracing::warn!("the sample photos were not drawn to the end: {error}");
        }
        if tokio::time::timeout(GOODBYE, self.library.shutdown())
            .await
            .is_err()
        {
            tracing::warn!("the trial did not stop in time");
        }
        drop(self.library);
        leave_nothing(self.home).await;
    }
}

/// Draws what is left of the samples, until the trial has ended.
fn paint(photos: PathBuf, ended: Arc<AtomicBool>) -> JoinHandle<()> {
    spawn_blocking(move || {
        for first in (AT_ONCE..COUNT).step_by(AT_ONCE) {
            if ended.load(Ordering::Relaxed) {
                return;
            }
            if let Err(error) = samples::write_part(&photos, first..first + AT_ONCE, SEED) {
                tracing::warn!("the trial has only {first} sample photos: {error}");
                return;
            }
        }
    })
}

/// The directory of a trial, with its mark and the first photos.
fn make(place: &Path) -> io::Result<PathBuf> {
    fs::create_dir_all(place)?;
    let home = tempfile::Builder::new()
        .prefix(PREFIX)
        .tempdir_in(place)?
        .keep();
    let fill = || {
        fs::write(home.join(MARK), MARK_TEXT)?;
        fs::create_dir(home.join(SAFE))?;
        samples::write(&home.join(PHOTOS), AT_ONCE, SEED).map(drop)
    };
    match fill() {
        Ok(()) => Ok(home),
        Err(error) => {
            remove(&home)?;
            Err(error)
        }
    }
}

/// Removes what trials below `place` left that a stop did not let end. The caller owns the library there.
pub(crate) fn clear_left(place: &Path) {
    let Ok(entries) = fs::read_dir(place) else {
        return;
    };
    for entry in entries.flatten() {
        let named = entry
            .file_name()
            .as_encoded_bytes()
            .starts_with(PREFIX.as_bytes());
        if named
            && is_trial(&entry.path())
            && let Err(error) = remove(&entry.path())
        {
            tracing::warn!(path = %entry.path().display(), "a trial is left: {error}");
        }
    }
}

fn is_trial(home: &Path) -> bool {
    fs::symlink_metadata(home).is_ok_and(|home| home.is_dir())
        && fs::read(home.join(MARK)).is_ok_and(|text| text == MARK_TEXT.as_bytes())
}

/// Removes a trial's directory, the mark last: a stop in between leaves one that is still known.
fn remove(home: &Path) -> io::Result<()> {
    for entry in fs::read_dir(home)? {
        let entry = entry?;
        if entry.file_name() == MARK {
            continue;
        }
        match entry.file_type()?.is_dir() {
            true => fs::remove_dir_all(entry.path())?,
            false => fs::remove_file(entry.path())?,
        }
    }
    match fs::remove_file(home.join(MARK)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    fs::remove_dir(home)
}

async fn leave_nothing(home: PathBuf) {
    let shown = home.display().to_string();
    if let Err(error) = blocking(move || remove(&home)).await {
        tracing::warn!(path = shown, "the next start removes the trial: {error}");
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T> {
    match spawn_blocking(work).await {
        Ok(done) => done.map_err(|error| unusable(&error)),
        Err(error) => Err(CommandError::new(Cause::Internal, error)),
    }
}

fn unusable(error: &io::Error) -> CommandError {
    let code = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Cause::DiskFull,
        _ => Cause::LibraryUnusable,
    };
    CommandError::new(code, format!("no trial can be made: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    fn with_mark(home: &Path, text: &str) {
        fs::create_dir(home).unwrap();
        fs::write(home.join(MARK), text).unwrap();
        fs::write(home.join("photo.jpg"), "x").unwrap();
        fs::create_dir(home.join("deep")).unwrap();
        fs::write(home.join("deep/photo.jpg"), "x").unwrap();
    }

    #[test]
    fn only_what_carries_our_mark_is_cleared() {
        let place = place();
        let ours = place.path().join("trial-a");
        with_mark(&ours, MARK_TEXT);
        let kept = ["trial-other", "trial", "photos"].map(|name| place.path().join(name));
        with_mark(&kept[0], "somebody's own");
        with_mark(&kept[1], MARK_TEXT);
        with_mark(&kept[2], MARK_TEXT);
        clear_left(place.path());
        assert!(!ours.exists());
        for home in kept {
            assert!(home.join("deep/photo.jpg").exists(), "{}", home.display());
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_leads_to_nothing_that_is_removed() {
        let place = place();
        let elsewhere = place.path().join("elsewhere");
        with_mark(&elsewhere, MARK_TEXT);
        std::os::unix::fs::symlink(&elsewhere, place.path().join("trial-link")).unwrap();
        let ours = place.path().join("trial-a");
        with_mark(&ours, MARK_TEXT);
        std::os::unix::fs::symlink(&elsewhere, ours.join("link")).unwrap();
        clear_left(place.path());
        assert!(!ours.exists());
        assert!(elsewhere.join("deep/photo.jpg").exists());
    }

    #[test]
    fn one_that_was_removed_in_part_is_cleared_the_next_time() {
        let place = place();
        let home = make(place.path()).unwrap();
        fs::remove_dir_all(home.join(PHOTOS)).unwrap();
        clear_left(place.path());
        assert!(!home.exists());
    }
}
