//! Every command that the window may call: one line each, typed in and out.
//!
//! Names and arguments are those of [`library::Library`]; the shell's own are in [`shell`].

mod destinations;
mod errands;
mod folders;
mod photos;
mod settings;
mod shell;

use crate::engine::Engine;
use library::Result;
use library::view::*;
use tauri::ipc::Invoke;
use tauri::{State, Wry};

/// The one list of them.
pub(crate) fn all() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        status,
        photos::sections,
        photos::tiles,
        photos::meaning,
        photos::formats,
        photos::subfolders,
        photos::set_favourite,
        photos::upload_now,
        photos::save_originals,
        photos::copy_files,
        photos::show_in_folder,
        photos::photo,
        photos::locate,
        activity,
        folders::suggested_folders,
        folders::preview_folder,
        folders::add_folder,
        folders::remove_folder,
        destinations::test_destination,
        destinations::create_bucket,
        destinations::add_destination,
        destinations::set_keys,
        destinations::remove_destination,
        destinations::doctor,
        destinations::compare,
        destinations::measure,
        destinations::stop_measure,
        destinations::edit_prices,
        destinations::verify,
        destinations::stop_verify,
        photos::left_out,
        photos::link,
        photos::copy_links,
        errands::survey,
        errands::start_rebuild,
        errands::stop_rebuild,
        errands::start_restore,
        errands::stop_restore,
        errands::dismiss_errands,
        errands::copy_card,
        errands::stop_card,
        errands::put_off_card,
        errands::dismiss_card_copy,
        folders::plan_drop,
        folders::drop_paths,
        folders::paste,
        settings::settings,
        settings::change_settings,
        settings::preview_patterns,
        settings::preview_key_template,
        destinations::test_changed_destination,
        destinations::change_destination,
        settings::places,
        settings::show_place,
        settings::edit_settings,
        settings::export_settings,
        settings::import_settings,
        pause,
        resume,
        retry,
        photos::check_now,
        shell::pick_folder,
        shell::pick_files,
        shell::pick_file,
        shell::pick_new_file,
        shell::opened,
        shell::trying,
        shell::start_trial,
        shell::end_trial,
        shell::starts_at_login,
        shell::start_at_login,
        shell::quit,
    ]
}

#[tauri::command]
async fn status(engine: State<'_, Engine>) -> Result<Status> {
    engine.library()?.status().await
}

#[tauri::command]
async fn activity(engine: State<'_, Engine>) -> Result<Activity> {
    engine.library()?.activity().await
}

#[tauri::command]
async fn pause(engine: State<'_, Engine>, pause: Pause) -> Result<()> {
    engine.library()?.pause(pause).await
}

#[tauri::command]
async fn resume(engine: State<'_, Engine>) -> Result<()> {
    engine.library()?.resume().await
}

#[tauri::command]
async fn retry(engine: State<'_, Engine>) -> Result<()> {
    engine.library()?.retry().await
}
