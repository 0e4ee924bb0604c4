//! Settings, and where things are kept.

use crate::engine::Engine;
use crate::handing;
use library::Result;
use library::view::*;
use std::path::PathBuf;
use tauri::State;

#[tauri::command]
pub(crate) async fn settings(engine: State<'_, Engine>) -> Result<Settings> {
    engine.library()?.settings().await
}

#[tauri::command]
pub(crate) async fn change_settings(engine: State<'_, Engine>, settings: Settings) -> Result<()> {
    engine.library()?.change_settings(settings).await
}

#[tauri::command]
pub(crate) async fn preview_patterns(
    engine: State<'_, Engine>,
    folder: Option<String>,
    include: Vec<String>,
    exclude: Vec<String>,
) -> Result<PatternPreview> {
    engine
        .library()?
        .preview_patterns(folder, include, exclude)
        .await
}

#[tauri::command]
pub(crate) async fn preview_key_template(
    engine: State<'_, Engine>,
    template: String,
) -> Result<KeyPreview> {
    engine.library()?.preview_key_template(template).await
}

#[tauri::command]
pub(crate) async fn places(engine: State<'_, Engine>) -> Result<Vec<Place>> {
    engine.library()?.places().await
}

/// In the file manager.
#[tauri::command]
pub(crate) async fn show_place(engine: State<'_, Engine>, kind: PlaceKind) -> Result<()> {
    handing::reveal_nearest(engine.library()?.place(kind)).await
}

/// In the program that the system opens such files with.
#[tauri::command]
pub(crate) async fn edit_settings(engine: State<'_, Engine>) -> Result<()> {
    handing::open(engine.library()?.settings_file_to_edit().await?).await
}

#[tauri::command]
pub(crate) async fn export_settings(engine: State<'_, Engine>, into: PathBuf) -> Result<()> {
    engine.library()?.export_settings_to(into).await
}

#[tauri::command]
pub(crate) async fn import_settings(
    engine: State<'_, Engine>,
    from: PathBuf,
) -> Result<ImportReport> {
    engine.library()?.import_settings_from(from).await
}
