//! Photos, as the gallery shows and handles them.

use crate::engine::Engine;
use crate::handing::{self, Clipboard};
use crate::opened::Passed;
use library::Result;
use library::view::*;
use std::path::PathBuf;
use tauri::State;

#[tauri::command]
pub(crate) async fn sections(engine: State<'_, Engine>, query: Query) -> Result<Vec<Section>> {
    engine.library()?.sections(query).await
}

#[tauri::command]
pub(crate) async fn tiles(
    engine: State<'_, Engine>,
    query: Query,
    month: Option<String>,
    after: Option<String>,
    limit: u32,
) -> Result<Vec<Tile>> {
    engine.library()?.tiles(query, month, after, limit).await
}

#[tauri::command]
pub(crate) async fn meaning(engine: State<'_, Engine>, text: String) -> Result<Meaning> {
    engine.library()?.meaning(text).await
}

#[tauri::command]
pub(crate) async fn formats(engine: State<'_, Engine>) -> Result<Vec<Format>> {
    engine.library()?.formats().await
}

#[tauri::command]
pub(crate) async fn subfolders(
    engine: State<'_, Engine>,
    place: FolderPlace,
) -> Result<Vec<String>> {
    engine.library()?.subfolders(place).await
}

#[tauri::command]
pub(crate) async fn set_favourite(
    engine: State<'_, Engine>,
    selection: Selection,
    favourite: bool,
) -> Result<()> {
    engine.library()?.set_favourite(selection, favourite).await
}

#[tauri::command]
pub(crate) async fn upload_now(engine: State<'_, Engine>, selection: Selection) -> Result<u32> {
    engine.library()?.upload_now(selection).await
}

#[tauri::command]
pub(crate) async fn save_originals(
    engine: State<'_, Engine>,
    selection: Selection,
    into: PathBuf,
) -> Result<SaveReport> {
    engine.library()?.save_originals(selection, into).await
}

#[tauri::command]
pub(crate) async fn copy_files(
    engine: State<'_, Engine>,
    clipboard: State<'_, Clipboard>,
    selection: Selection,
) -> Result<usize> {
    clipboard
        .set_files(engine.library()?.files(selection).await?)
        .await
}

#[tauri::command]
pub(crate) async fn show_in_folder(
    engine: State<'_, Engine>,
    selection: Selection,
) -> Result<bool> {
    handing::reveal(engine.library()?.files(selection).await?).await
}

#[tauri::command]
pub(crate) async fn photo(engine: State<'_, Engine>, id: i64) -> Result<PhotoDetail> {
    engine.library()?.photo(id).await
}

#[tauri::command]
pub(crate) async fn locate(
    engine: State<'_, Engine>,
    path: Passed,
) -> Result<Option<TimelinePlace>> {
    engine.library()?.locate(&path.0).await
}

#[tauri::command]
pub(crate) async fn left_out(
    engine: State<'_, Engine>,
    kind: LeftOut,
    after: Option<i64>,
    limit: u32,
) -> Result<Vec<LeftOutFile>> {
    engine.library()?.left_out(kind, after, limit).await
}

#[tauri::command]
pub(crate) async fn link(
    engine: State<'_, Engine>,
    photo: i64,
    destination: Option<i64>,
    seconds: u32,
) -> Result<PhotoLink> {
    engine.library()?.link(photo, destination, seconds).await
}

#[tauri::command]
pub(crate) async fn copy_links(
    engine: State<'_, Engine>,
    clipboard: State<'_, Clipboard>,
    selection: Selection,
    seconds: u32,
) -> Result<LinksReport> {
    let links = engine.library()?.links(selection, seconds).await?;
    clipboard.set_text(links.lines()).await?;
    Ok(links.report())
}

#[tauri::command]
pub(crate) async fn check_now(engine: State<'_, Engine>, photo: i64) -> Result<PhotoDetail> {
    engine.library()?.check_now(photo).await
}
