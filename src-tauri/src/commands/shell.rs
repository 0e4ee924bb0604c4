//! What the window asks of the shell, and not of the library: the system's choosers, a trial, the start at
//! login, the end.

use crate::engine::{self, Engine};
use crate::login::Login;
use crate::opened::{Opened, Passed};
use library::Result;
use library::view::{Cause, CommandError};
use std::io;
use std::path::PathBuf;
use tauri::{AppHandle, State, WebviewWindow, Wry};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};
use tokio::sync::oneshot;

/// The system's folder chooser; none: the person changed their mind.
#[tauri::command]
pub(crate) async fn pick_folder(window: WebviewWindow) -> Result<Option<PathBuf>> {
    let (answer, chosen) = oneshot::channel();
    chooser(&window).pick_folder(|folder| drop(answer.send(folder)));
    chosen.await.ok().flatten().map(path).transpose()
}

/// The system's file chooser; empty: the person changed their mind.
#[tauri::command]
pub(crate) async fn pick_files(window: WebviewWindow) -> Result<Vec<Passed>> {
    let (answer, chosen) = oneshot::channel();
    chooser(&window).pick_files(|files| drop(answer.send(files)));
    chosen
        .await
        .ok()
        .flatten()
        .unwrap_or_default()
        .into_iter()
        .map(|chosen| path(chosen).map(Passed))
        .collect()
}

#[tauri::command]
pub(crate) async fn pick_file(window: WebviewWindow) -> Result<Option<PathBuf>> {
    let (answer, chosen) = oneshot::channel();
    chooser(&window).pick_file(|file| drop(answer.send(file)));
    chosen.await.ok().flatten().map(path).transpose()
}

/// The system's chooser for a file that is to be written; none: the person changed their mind.
#[tauri::command]
pub(crate) async fn pick_new_file(window: WebviewWindow, name: String) -> Result<Option<PathBuf>> {
    let (answer, chosen) = oneshot::channel();
    chooser(&window)
        .set_file_name(name)
        .save_file(|file| drop(answer.send(file)));
    chosen.await.ok().flatten().map(path).transpose()
}

/// Photos that were handed to imgn from outside, each once.
#[tauri::command]
pub(crate) fn opened(opened: State<'_, Opened>) -> Vec<Passed> {
    opened.take()
}

#[tauri::command]
pub(crate) fn trying(engine: State<'_, Engine>) -> bool {
    engine.is_trying()
}

#[tauri::command]
pub(crate) async fn start_trial(
    app: AppHandle,
    engine: State<'_, Engine>,
    safe: String,
) -> Result<()> {
    engine.start_trial(&app, safe).await
}

#[tauri::command]
pub(crate) async fn end_trial(engine: State<'_, Engine>) -> Result<()> {
    engine.end_trial().await;
    Ok(())
}

#[tauri::command]
pub(crate) async fn starts_at_login(login: State<'_, Login>) -> Result<bool> {
    login.starts().map_err(refused)
}

#[tauri::command]
pub(crate) async fn start_at_login(login: State<'_, Login>, wanted: bool) -> Result<()> {
    login.set(wanted).map_err(refused)
}

/// Ends imgn, also where closing the window would not.
#[tauri::command]
pub(crate) fn quit(app: AppHandle) {
    engine::end(&app);
}

fn refused(error: io::Error) -> CommandError {
    CommandError::new(Cause::Internal, error)
}

fn chooser(window: &WebviewWindow) -> FileDialogBuilder<Wry> {
    window.dialog().file().set_parent(window)
}

fn path(chosen: FilePath) -> Result<PathBuf> {
    let path = chosen.into_path();
    path.map_err(|error| CommandError::new(Cause::FileUnreadable, error))
}
