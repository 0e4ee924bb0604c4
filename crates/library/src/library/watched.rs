//! Watched folders and drops, as a person handles them.

use super::paths::{canonical, existing_folder};
use super::{Library, Result, unreadable};
use crate::admission::{self, Ground};
use crate::blocking::blocking;
use crate::intake;
use crate::path_bytes::shown;
use crate::patterns::Lines;
use crate::requests::Part;
use crate::store::folders::{self, FolderId, FolderRole};
use crate::store::photos;
use crate::view::*;
use crate::wording;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

impl Library {
    /// Pictures and the like, that exist and are not watched yet.
    pub async fn suggested_folders(&self) -> Result<Vec<PathBuf>> {
        let ground = self.ground().await?;
        let suggested = blocking(move || {
            let dirs = directories::UserDirs::new()?;
            let pictures = dirs.picture_dir().map(canonical)?;
            let fits = pictures.is_dir() && admission::watch(&pictures, &ground).is_none();
            fits.then_some(pictures)
        });
        Ok(suggested.await.into_iter().collect())
    }

    pub async fn preview_folder(&self, path: &Path) -> Result<FolderPreview> {
        self.preview_until(path, intake::deadline()).await
    }

    async fn preview_until(&self, path: &Path, deadline: Instant) -> Result<FolderPreview> {
        let path = existing_folder(path).await?;
        let ground = self.ground().await?;
        let refused = admission::watch(&path, &ground);
        let mut left_out = ground.destinations;
        left_out.extend([ground.library, ground.managed]);
        let patterns = Lines::at(&self.context.settings.now(), &path).understood();
        let preview = blocking(move || intake::preview(&path, &left_out, &patterns, deadline))
            .await
            .map_err(|error| unreadable(&error))?;
        Ok(FolderPreview { refused, ..preview })
    }

    /// Watches a folder. One that holds a folder watched before takes it over.
    pub async fn add_folder(&self, path: &Path) -> Result<FolderView> {
        let path = existing_folder(path).await?;
        if let Some(reason) = admission::watch(&path, &self.ground().await?) {
            return Err(reason.into());
        }
        let id = self.context.store.write(move |db| watch(db, &path)).await?;
        self.context.rescan(id, Part::Everything);
        self.context.news.status();
        self.folder(id).await
    }

    /// Forgets the folder; deletes nothing.
    pub async fn remove_folder(&self, id: i64) -> Result<()> {
        let removed = self
            .context
            .store
            .write(move |db| {
                let photos = folders::remove(db, FolderId(id))?;
                let months = photos::months(db, &photos)?;
                photos
                    .into_iter()
                    .try_for_each(|photo| photos::refresh(db, photo))?;
                Ok(months)
            })
            .await?;
        self.context.news.months(removed);
        Ok(())
    }

    pub async fn plan_drop(&self, paths: Vec<PathBuf>) -> Result<DropPlan> {
        // One for all that is dropped together.
        let deadline = intake::deadline();
        let (folders, files) = sorted(paths).await;
        let mut folders_seen = Vec::new();
        for path in folders {
            folders_seen.push(self.preview_until(&path, deadline).await?);
        }
        Ok(intake::plan(&self.context, files, folders_seen, deadline).await?)
    }

    pub async fn drop_paths(&self, paths: Vec<PathBuf>, choice: DropChoice) -> Result<DropReport> {
        let (watch, copy) = match (choice, sorted(paths).await) {
            (DropChoice::Watch, sorted) => sorted,
            (DropChoice::Copy, (folders, files)) => (Vec::new(), [folders, files].concat()),
        };
        let mut report = intake::take_in(&self.context, copy).await?;
        for path in watch {
            match self.add_folder(&path).await {
                Ok(folder) => report.watched.push(folder.path),
                Err(error) => report.failed.push(FileProblem {
                    path: shown(&path),
                    reason: error.reason(),
                }),
            }
        }
        Ok(report)
    }

    /// Takes in a picture that has no file, with its bytes as they are.
    pub async fn paste_picture(&self, bytes: Vec<u8>) -> Result<DropReport> {
        Ok(intake::take_picture(&self.context, bytes, &jiff::ZonedDateTime::now()).await?)
    }

    async fn folder(&self, id: FolderId) -> Result<FolderView> {
        let context = Arc::clone(&self.context);
        let view = self.context.store.read(move |db| {
            let rows = folders::all(db)?;
            let row = rows.iter().find(|row| row.id == id);
            row.map(|row| wording::folder_view(&context, db, row, &rows))
                .transpose()
        });
        view.await?
            .ok_or_else(|| CommandError::new(Cause::FolderNotFound, "there is no such folder"))
    }

    pub(super) async fn ground(&self) -> Result<Ground> {
        let rows = self.context.store.read(folders::all).await?;
        let destinations = self.context.registry.folders();
        Ok(Ground {
            watched: rows
                .into_iter()
                .filter(|row| !row.managed)
                .map(|row| row.path)
                .collect(),
            managed: self.context.managed.clone(),
            library: self.context.directory.clone(),
            destinations: blocking(move || {
                destinations.iter().map(|path| canonical(path)).collect()
            })
            .await,
        })
    }
}

/// What was dropped, as it is on the disk: folders, and what is none.
async fn sorted(paths: Vec<PathBuf>) -> (Vec<PathBuf>, Vec<PathBuf>) {
    blocking(move || {
        intake::as_on_disk(paths)
            .into_iter()
            .partition(|path| path.is_dir())
    })
    .await
}

/// Keeps a watched folder, which takes over those in it.
pub(super) fn watch(db: &rusqlite::Connection, path: &Path) -> rusqlite::Result<FolderId> {
    let id = folders::insert(db, path, FolderRole::Watched)?;
    for inner in folders::all(db)? {
        if inner.id != id && !inner.managed && inner.path.starts_with(path) {
            folders::hand_over(db, &inner, id, path)?;
        }
    }
    Ok(id)
}
