//! Watched folders, and photos that are dropped or pasted.

use crate::clipboard;
use crate::engine::Engine;
use crate::opened::Passed;
use library::Result;
use library::view::*;
use std::path::PathBuf;
use tauri::{AppHandle, State};

#[tauri::command]
pub(crate) async fn suggested_folders(engine: State<'_, Engine>) -> Result<Vec<PathBuf>> {
    engine.library()?.suggested_folders().await
}

#[tauri::command]
pub(crate) async fn preview_folder(
    engine: State<'_, Engine>,
    path: PathBuf,
) -> Result<FolderPreview> {
    engine.library()?.preview_folder(&path).await
}

#[tauri::command]
pub(crate) async fn add_folder(engine: State<'_, Engine>, path: PathBuf) -> Result<FolderView> {
    engine.library()?.add_folder(&path).await
}

#[tauri::command]
pub(crate) async fn remove_folder(engine: State<'_, Engine>, id: i64) -> Result<()> {
    engine.library()?.remove_folder(id).await
}

#[tauri::command]
pub(crate) async fn plan_drop(engine: State<'_, Engine>, paths: Vec<Passed>) -> Result<DropPlan> {
    engine.library()?.plan_drop(Passed::paths(paths)).await
}

#[tauri::command]
pub(crate) async fn drop_paths(
    engine: State<'_, Engine>,
    paths: Vec<Passed>,
    choice: DropChoice,
) -> Result<DropReport> {
    engine
        .library()?
        .drop_paths(Passed::paths(paths), choice)
        .await
}

#[tauri::command]
pub(crate) async fn paste(app: AppHandle, engine: State<'_, Engine>) -> Result<Option<DropReport>> {
    clipboard::paste(&app, &engine.library()?).await
}
