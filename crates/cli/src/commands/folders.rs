//! The watched folders: added, listed, forgotten.

use super::absolute;
use crate::exit::Exit;
use crate::output::{self, Output};
use crate::words::plain;
use library::view::{Cause, CommandError, FolderView};
use library::{Connection, Result};
use std::path::{Path, PathBuf};

pub(super) async fn add(library: &Connection, path: &Path, out: Output) -> Result<Exit> {
    out.print(&library.add_folder(path).await?, output::folder);
    Ok(Exit::Done)
}

pub(super) async fn list(library: &Connection, out: Output) -> Result<Exit> {
    let folders = library.status().await?.folders;
    out.print(&folders, |folders| folders.iter().for_each(output::folder));
    Ok(Exit::Done)
}

pub(super) async fn remove(library: &Connection, path: PathBuf, out: Output) -> Result<Exit> {
    let wanted = absolute(path);
    let Some(found) = watched(library, &wanted).await? else {
        let detail = format!("{} is not watched", wanted.display());
        return Err(CommandError::new(Cause::FolderNotFound, detail));
    };
    library.remove_folder(found.id).await?;
    out.print(&found, |found| {
        output::line(&format!(
            "{} is no longer watched. Nothing was deleted.",
            plain(&found.path)
        ));
    });
    Ok(Exit::Done)
}

/// The folder that was added by this path, or by another one that leads to the same place.
async fn watched(library: &Connection, wanted: &Path) -> Result<Option<FolderView>> {
    let canonical = wanted.canonicalize().unwrap_or_else(|_| wanted.to_owned());
    let same = |shown: &str| Path::new(shown) == wanted || Path::new(shown) == canonical;
    let mut known = library.status().await?.folders.into_iter();
    Ok(known.find(|folder| !folder.managed && same(&folder.path)))
}
