//! Paths as a person gives them.

use super::Result;
use crate::view::*;
use std::fs;
use std::path::{Path, PathBuf};

/// The path with links resolved as far as it exists.
pub(crate) fn canonical(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for ancestor in absolute.ancestors() {
        if let Ok(resolved) = fs::canonicalize(ancestor) {
            let below = absolute.strip_prefix(ancestor).unwrap_or(Path::new(""));
            return if below.as_os_str().is_empty() {
                resolved
            } else {
                resolved.join(below)
            };
        }
    }
    absolute
}

pub(super) fn existing_folder(path: &Path) -> Result<PathBuf> {
    let path = canonical(path);
    match fs::metadata(&path) {
        Ok(metadata) if metadata.is_dir() => Ok(path),
        Ok(_) => Err(CommandError::new(
            Cause::FolderNotFound,
            format!("{} is not a folder", path.display()),
        )),
        Err(error) => {
            let detail = format!("cannot look into {}: {error}", path.display());
            Err(CommandError::new(Cause::FolderNotFound, detail))
        }
    }
}
