//! Sets the system's watches of one folder.
//!
//! **Invariant:** what is watched lies in the folder: links are not followed, but for one that is the folder itself.

use notify::{Config, ErrorKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

/// A link may lead to the whole system, and what it leads to is not in the folder.
pub(super) fn in_the_folder_alone() -> Config {
    Config::default().with_follow_symlinks(false)
}

/// Watches a directory and all that is below it and may be read. Returns the directories in which something
/// may not: what comes into being in one of them has to be watched by itself.
pub(super) fn watch_readable(
    watcher: &mut RecommendedWatcher,
    directory: &Path,
) -> notify::Result<HashSet<PathBuf>> {
    let mut plain = HashSet::new();
    let mut left = vec![directory.to_owned()];
    while let Some(directory) = left.pop() {
        // The system follows a link that it is asked to watch, and none below it.
        if !directory.is_symlink() {
            match watcher.watch(&directory, RecursiveMode::Recursive) {
                Err(error) if is_forbidden(&error) || is_gone(&error) => {}
                ended => {
                    ended?;
                    continue;
                }
            }
        }
        match watcher.watch(&directory, RecursiveMode::NonRecursive) {
            // Itself may not be read: reading what is around it says so. Or it was removed just now.
            Err(error) if (is_forbidden(&error) || is_gone(&error)) && !plain.is_empty() => {
                continue;
            }
            ended => ended?,
        }
        let within = match std::fs::read_dir(&directory) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && !plain.is_empty() => continue,
            within => within.map_err(notify::Error::io)?,
        };
        for entry in within {
            let entry = entry.map_err(notify::Error::io)?;
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                left.push(entry.path());
            }
        }
        plain.insert(directory);
    }
    Ok(plain)
}

/// What came into a directory of which only itself is watched.
pub(super) fn watch_new(watcher: &mut RecommendedWatcher, new: &[PathBuf]) {
    let folders = new
        .iter()
        .filter(|path| path.is_dir() && !path.is_symlink());
    for path in folders {
        if let Err(error) = watch_readable(watcher, path) {
            tracing::warn!(path = %path.display(), %error, "a new folder is not watched; it is read with the rest");
        }
    }
}

fn is_forbidden(error: &notify::Error) -> bool {
    matches!(&error.kind, ErrorKind::Io(error) if error.kind() == io::ErrorKind::PermissionDenied)
}

/// What was there a moment ago.
fn is_gone(error: &notify::Error) -> bool {
    match &error.kind {
        ErrorKind::PathNotFound => true,
        ErrorKind::Io(error) => error.kind() == io::ErrorKind::NotFound,
        _ => false,
    }
}
