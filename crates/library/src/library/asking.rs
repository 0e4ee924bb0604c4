//! Why a file is not backed up, and which ones are not.

use super::paths::resolved;
use super::{Library, Result};
use crate::store::files::{self, FileId};
use crate::view::*;
use crate::why::{self, Answer};
use std::path::{Path, PathBuf};

/// The most files of one page.
const MOST_FILES: u32 = 500;

impl Library {
    /// Why the file at `path` is not backed up itself. One from which a photo goes up is asked for with
    /// [`Library::find`].
    pub async fn why(&self, path: &Path) -> Result<FileProblem> {
        let place = itself(path).await;
        match why::of(&self.context, &place).await? {
            Answer::Not(reason) => Ok(FileProblem {
                path: place.display().to_string(),
                reason,
            }),
            Answer::Photo | Answer::Unknown => Err(CommandError::new(
                Cause::NotInLibrary,
                format!("nothing in the library is called {}", path.display()),
            )),
        }
    }

    /// A page of the files that are not backed up because of what they are; `after` is a
    /// [`LeftOutFile::cursor`]; `limit` at most 500.
    pub async fn left_out(
        &self,
        kind: LeftOut,
        after: Option<i64>,
        limit: u32,
    ) -> Result<Vec<LeftOutFile>> {
        let (after, limit) = (FileId(after.unwrap_or(0)), limit.min(MOST_FILES));
        Ok(self
            .context
            .store
            .read(move |db| files::left_out(db, kind, after, limit))
            .await?)
    }
}

/// The path with the links above it resolved, but not what it may itself be.
async fn itself(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    match (absolute.parent(), absolute.file_name()) {
        (Some(parent), Some(name)) => resolved(parent).await.join(name),
        _ => absolute,
    }
}
