//! Paths as a person gives them.

use super::Result;
use crate::blocking::blocking;
use crate::view::*;
use std::fs;
use std::path::{Path, PathBuf};

/// The path with links resolved as far as it exists. Blocks.
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

/// [`canonical`], where the caller may not block.
pub(crate) async fn resolved(path: &Path) -> PathBuf {
    let path = path.to_owned();
    blocking(move || canonical(&path)).await
}

pub(super) async fn existing_folder(path: &Path) -> Result<PathBuf> {
    let path = path.to_owned();
    let looked = blocking(move || {
        let path = canonical(&path);
        let metadata = fs::metadata(&path);
        (path, metadata)
    });
    let (path, metadata) = looked.await;
    match metadata {
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
