//! What takes long and goes on by itself: a rebuild, a restore, the copy of a card.

use crate::engine::Engine;
use library::Result;
use library::view::*;
use std::path::PathBuf;
use tauri::State;

#[tauri::command]
pub(crate) async fn survey(
    engine: State<'_, Engine>,
    config: DestinationConfig,
    keys: Option<TypedKeys>,
) -> Result<Survey> {
    engine.library()?.survey(config, keys).await
}

#[tauri::command]
pub(crate) async fn start_rebuild(engine: State<'_, Engine>, destination: i64) -> Result<()> {
    engine.library()?.start_rebuild(destination).await
}

#[tauri::command]
pub(crate) async fn stop_rebuild(engine: State<'_, Engine>) -> Result<()> {
    engine.library()?.stop_rebuild().await
}

#[tauri::command]
pub(crate) async fn start_restore(
    engine: State<'_, Engine>,
    from: Option<i64>,
    to: PathBuf,
) -> Result<()> {
    engine.library()?.start_restore(from, &to).await
}

#[tauri::command]
pub(crate) async fn stop_restore(engine: State<'_, Engine>) -> Result<()> {
    engine.library()?.stop_restore().await
}

#[tauri::command]
pub(crate) async fn dismiss_errands(engine: State<'_, Engine>) -> Result<()> {
    engine.library()?.dismiss_errands().await
}

#[tauri::command]
pub(crate) async fn copy_card(engine: State<'_, Engine>, card: i64) -> Result<()> {
    engine.library()?.copy_card(card).await
}

#[tauri::command]
pub(crate) async fn stop_card(engine: State<'_, Engine>) -> Result<()> {
    engine.library()?.stop_card().await
}

#[tauri::command]
pub(crate) async fn put_off_card(engine: State<'_, Engine>, card: i64) -> Result<()> {
    engine.library()?.put_off_card(card).await
}

#[tauri::command]
pub(crate) async fn dismiss_card_copy(engine: State<'_, Engine>) -> Result<()> {
    engine.library()?.dismiss_card_copy().await
}
