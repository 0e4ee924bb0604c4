//! Destinations: added, changed, examined, compared, checked.

use crate::engine::Engine;
use crate::handing;
use library::Result;
use library::view::*;
use tauri::State;

#[tauri::command]
pub(crate) async fn test_destination(
    engine: State<'_, Engine>,
    config: DestinationConfig,
    keys: Option<TypedKeys>,
) -> Result<TestReport> {
    engine.library()?.test_destination(config, keys).await
}

#[tauri::command]
pub(crate) async fn create_bucket(
    engine: State<'_, Engine>,
    config: DestinationConfig,
    keys: Option<TypedKeys>,
) -> Result<()> {
    engine.library()?.create_bucket(config, keys).await
}

#[tauri::command]
pub(crate) async fn add_destination(
    engine: State<'_, Engine>,
    name: String,
    config: DestinationConfig,
    keys: Option<TypedKeys>,
) -> Result<DestinationView> {
    engine.library()?.add_destination(name, config, keys).await
}

#[tauri::command]
pub(crate) async fn set_keys(
    engine: State<'_, Engine>,
    destination: i64,
    keys: TypedKeys,
) -> Result<DestinationView> {
    engine.library()?.set_keys(destination, keys).await
}

#[tauri::command]
pub(crate) async fn remove_destination(engine: State<'_, Engine>, id: i64) -> Result<()> {
    engine.library()?.remove_destination(id).await
}

#[tauri::command]
pub(crate) async fn doctor(engine: State<'_, Engine>, destination: i64) -> Result<DoctorReport> {
    engine.library()?.doctor(destination).await
}

#[tauri::command]
pub(crate) async fn compare(engine: State<'_, Engine>) -> Result<Comparison> {
    engine.library()?.compare().await
}

#[tauri::command]
pub(crate) async fn measure(engine: State<'_, Engine>) -> Result<MeasureReport> {
    engine.library()?.measure().await
}

#[tauri::command]
pub(crate) async fn stop_measure(engine: State<'_, Engine>) -> Result<()> {
    engine.library()?.stop_measure().await
}

/// In the program that the system opens such files with.
#[tauri::command]
pub(crate) async fn edit_prices(engine: State<'_, Engine>) -> Result<()> {
    handing::open(engine.library()?.prices_to_edit().await?).await
}

#[tauri::command]
pub(crate) async fn verify(
    engine: State<'_, Engine>,
    destination: Option<i64>,
    read_percent: f64,
) -> Result<VerifyReport> {
    engine.library()?.verify(destination, read_percent).await
}

#[tauri::command]
pub(crate) async fn stop_verify(engine: State<'_, Engine>) -> Result<()> {
    engine.library()?.stop_verify().await
}

#[tauri::command]
pub(crate) async fn test_changed_destination(
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
pub(crate) async fn change_destination(
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
