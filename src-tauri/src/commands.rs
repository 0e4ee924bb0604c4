//! Every command that the window may call: one line each, typed in and out.
//!
//! Names and arguments are those of [`library::Library`]; the shell's own are in [`shell`].

mod shell;

use crate::clipboard;
use crate::engine::Engine;
use crate::handing::{self, Clipboard};
use crate::opened::Passed;
use library::Result;
use library::view::*;
use std::path::PathBuf;
use tauri::ipc::Invoke;
use tauri::{AppHandle, State, Wry};

/// The one list of them.
pub(crate) fn all() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        status,
        sections,
        tiles,
        meaning,
        formats,
        subfolders,
        set_favourite,
        upload_now,
        save_originals,
        copy_files,
        show_in_folder,
        photo,
        locate,
        activity,
        suggested_folders,
        preview_folder,
        add_folder,
        remove_folder,
        test_destination,
        create_bucket,
        add_destination,
        set_keys,
        remove_destination,
        doctor,
        compare,
        measure,
        stop_measure,
        edit_prices,
        verify,
        stop_verify,
        left_out,
        link,
        survey,
        start_rebuild,
        stop_rebuild,
        start_restore,
        stop_restore,
        dismiss_errands,
        copy_card,
        stop_card,
        put_off_card,
        dismiss_card_copy,
        plan_drop,
        drop_paths,
        paste,
        settings,
        change_settings,
        preview_patterns,
        preview_key_template,
        test_changed_destination,
        change_destination,
        places,
        show_place,
        edit_settings,
        export_settings,
        import_settings,
        pause,
        resume,
        retry,
        check_now,
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
async fn sections(engine: State<'_, Engine>, query: Query) -> Result<Vec<Section>> {
    engine.library()?.sections(query).await
}

#[tauri::command]
async fn tiles(
    engine: State<'_, Engine>,
    query: Query,
    month: Option<String>,
    after: Option<String>,
    limit: u32,
) -> Result<Vec<Tile>> {
    engine.library()?.tiles(query, month, after, limit).await
}

#[tauri::command]
async fn meaning(engine: State<'_, Engine>, text: String) -> Result<Meaning> {
    engine.library()?.meaning(text).await
}

#[tauri::command]
async fn formats(engine: State<'_, Engine>) -> Result<Vec<Format>> {
    engine.library()?.formats().await
}

#[tauri::command]
async fn subfolders(engine: State<'_, Engine>, place: FolderPlace) -> Result<Vec<String>> {
    engine.library()?.subfolders(place).await
}

#[tauri::command]
async fn set_favourite(
    engine: State<'_, Engine>,
    selection: Selection,
    favourite: bool,
) -> Result<()> {
    engine.library()?.set_favourite(selection, favourite).await
}

#[tauri::command]
async fn upload_now(engine: State<'_, Engine>, selection: Selection) -> Result<()> {
    engine.library()?.upload_now(selection).await
}

#[tauri::command]
async fn save_originals(
    engine: State<'_, Engine>,
    selection: Selection,
    into: PathBuf,
) -> Result<SaveReport> {
    engine.library()?.save_originals(selection, into).await
}

#[tauri::command]
async fn copy_files(
    engine: State<'_, Engine>,
    clipboard: State<'_, Clipboard>,
    selection: Selection,
) -> Result<usize> {
    clipboard
        .set_files(engine.library()?.files(selection).await?)
        .await
}

#[tauri::command]
async fn show_in_folder(engine: State<'_, Engine>, selection: Selection) -> Result<bool> {
    handing::reveal(engine.library()?.files(selection).await?).await
}

#[tauri::command]
async fn photo(engine: State<'_, Engine>, id: i64) -> Result<PhotoDetail> {
    engine.library()?.photo(id).await
}

#[tauri::command]
async fn locate(engine: State<'_, Engine>, path: Passed) -> Result<Option<TimelinePlace>> {
    engine.library()?.locate(&path.0).await
}

#[tauri::command]
async fn activity(engine: State<'_, Engine>) -> Result<Activity> {
    engine.library()?.activity().await
}

#[tauri::command]
async fn suggested_folders(engine: State<'_, Engine>) -> Result<Vec<PathBuf>> {
    engine.library()?.suggested_folders().await
}

#[tauri::command]
async fn preview_folder(engine: State<'_, Engine>, path: PathBuf) -> Result<FolderPreview> {
    engine.library()?.preview_folder(&path).await
}

#[tauri::command]
async fn add_folder(engine: State<'_, Engine>, path: PathBuf) -> Result<FolderView> {
    engine.library()?.add_folder(&path).await
}

#[tauri::command]
async fn remove_folder(engine: State<'_, Engine>, id: i64) -> Result<()> {
    engine.library()?.remove_folder(id).await
}

#[tauri::command]
async fn test_destination(
    engine: State<'_, Engine>,
    config: DestinationConfig,
    keys: Option<TypedKeys>,
) -> Result<TestReport> {
    engine.library()?.test_destination(config, keys).await
}

#[tauri::command]
async fn create_bucket(
    engine: State<'_, Engine>,
    config: DestinationConfig,
    keys: Option<TypedKeys>,
) -> Result<()> {
    engine.library()?.create_bucket(config, keys).await
}

#[tauri::command]
async fn add_destination(
    engine: State<'_, Engine>,
    name: String,
    config: DestinationConfig,
    keys: Option<TypedKeys>,
) -> Result<DestinationView> {
    engine.library()?.add_destination(name, config, keys).await
}

#[tauri::command]
async fn set_keys(
    engine: State<'_, Engine>,
    destination: i64,
    keys: TypedKeys,
) -> Result<DestinationView> {
    engine.library()?.set_keys(destination, keys).await
}

#[tauri::command]
async fn remove_destination(engine: State<'_, Engine>, id: i64) -> Result<()> {
    engine.library()?.remove_destination(id).await
}

#[tauri::command]
async fn doctor(engine: State<'_, Engine>, destination: i64) -> Result<DoctorReport> {
    engine.library()?.doctor(destination).await
}

#[tauri::command]
async fn compare(engine: State<'_, Engine>) -> Result<Comparison> {
    engine.library()?.compare().await
}

#[tauri::command]
async fn measure(engine: State<'_, Engine>) -> Result<MeasureReport> {
    engine.library()?.measure().await
}

#[tauri::command]
async fn stop_measure(engine: State<'_, Engine>) -> Result<()> {
    engine.library()?.stop_measure().await
}

/// In the program that the system opens such files with.
#[tauri::command]
async fn edit_prices(engine: State<'_, Engine>) -> Result<()> {
    handing::open(engine.library()?.prices_to_edit().await?).await
}

#[tauri::command]
async fn verify(
    engine: State<'_, Engine>,
    destination: Option<i64>,
    read_percent: f64,
) -> Result<VerifyReport> {
    engine.library()?.verify(destination, read_percent).await
}

#[tauri::command]
async fn stop_verify(engine: State<'_, Engine>) -> Result<()> {
    engine.library()?.stop_verify().await
}

#[tauri::command]
async fn left_out(
    engine: State<'_, Engine>,
    kind: LeftOut,
    after: Option<i64>,
    limit: u32,
) -> Result<Vec<LeftOutFile>> {
    engine.library()?.left_out(kind, after, limit).await
}

#[tauri::command]
async fn link(
    engine: State<'_, Engine>,
    photo: i64,
    destination: Option<i64>,
    seconds: u32,
) -> Result<PhotoLink> {
    engine.library()?.link(photo, destination, seconds).await
}

#[tauri::command]
async fn survey(
    engine: State<'_, Engine>,
    config: DestinationConfig,
    keys: Option<TypedKeys>,
) -> Result<Survey> {
    engine.library()?.survey(config, keys).await
}

#[tauri::command]
async fn start_rebuild(engine: State<'_, Engine>, destination: i64) -> Result<()> {
    engine.library()?.start_rebuild(destination).await
}

#[tauri::command]
async fn stop_rebuild(engine: State<'_, Engine>) -> Result<()> {
    engine.library()?.stop_rebuild().await
}

#[tauri::command]
async fn start_restore(engine: State<'_, Engine>, from: Option<i64>, to: PathBuf) -> Result<()> {
    engine.library()?.start_restore(from, &to).await
}

#[tauri::command]
async fn stop_restore(engine: State<'_, Engine>) -> Result<()> {
    engine.library()?.stop_restore().await
}

#[tauri::command]
async fn dismiss_errands(engine: State<'_, Engine>) -> Result<()> {
    engine.library()?.dismiss_errands().await
}

#[tauri::command]
async fn copy_card(engine: State<'_, Engine>, card: i64) -> Result<()> {
    engine.library()?.copy_card(card).await
}

#[tauri::command]
async fn stop_card(engine: State<'_, Engine>) -> Result<()> {
    engine.library()?.stop_card().await
}

#[tauri::command]
async fn put_off_card(engine: State<'_, Engine>, card: i64) -> Result<()> {
    engine.library()?.put_off_card(card).await
}

#[tauri::command]
async fn dismiss_card_copy(engine: State<'_, Engine>) -> Result<()> {
    engine.library()?.dismiss_card_copy().await
}

#[tauri::command]
async fn plan_drop(engine: State<'_, Engine>, paths: Vec<Passed>) -> Result<DropPlan> {
    engine.library()?.plan_drop(Passed::paths(paths)).await
}

#[tauri::command]
async fn drop_paths(
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
async fn paste(app: AppHandle, engine: State<'_, Engine>) -> Result<Option<DropReport>> {
    clipboard::paste(&app, &engine.library()?).await
}

#[tauri::command]
async fn settings(engine: State<'_, Engine>) -> Result<Settings> {
    engine.library()?.settings().await
}

#[tauri::command]
async fn change_settings(engine: State<'_, Engine>, settings: Settings) -> Result<()> {
    engine.library()?.change_settings(settings).await
}

#[tauri::command]
async fn preview_patterns(
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
async fn preview_key_template(engine: State<'_, Engine>, template: String) -> Result<KeyPreview> {
    engine.library()?.preview_key_template(template).await
}

#[tauri::command]
async fn test_changed_destination(
    engine: State<'_, Engine>,
    id: i64,
    config: DestinationConfig,
    keys: Option<TypedKeys>,
) -> Result<TestReport> {
    engine
        .library()?
        .test_changed_destination(id, config, keys)
        .await
}

#[tauri::command]
async fn change_destination(
    engine: State<'_, Engine>,
    id: i64,
    name: String,
    config: DestinationConfig,
    keys: Option<TypedKeys>,
) -> Result<DestinationView> {
    engine
        .library()?
        .change_destination(id, name, config, keys)
        .await
}

#[tauri::command]
async fn places(engine: State<'_, Engine>) -> Result<Vec<Place>> {
    engine.library()?.places().await
}

/// In the file manager.
#[tauri::command]
async fn show_place(engine: State<'_, Engine>, kind: PlaceKind) -> Result<()> {
    handing::reveal_nearest(engine.library()?.place(kind)).await
}

/// In the program that the system opens such files with.
#[tauri::command]
async fn edit_settings(engine: State<'_, Engine>) -> Result<()> {
    handing::open(engine.library()?.settings_file_to_edit().await?).await
}

#[tauri::command]
async fn export_settings(engine: State<'_, Engine>, into: PathBuf) -> Result<()> {
    engine.library()?.export_settings_to(into).await
}

#[tauri::command]
async fn import_settings(engine: State<'_, Engine>, from: PathBuf) -> Result<ImportReport> {
    engine.library()?.import_settings_from(from).await
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

#[tauri::command]
async fn check_now(engine: State<'_, Engine>, photo: i64) -> Result<PhotoDetail> {
    engine.library()?.check_now(photo).await
}
