//! The window opens, and where it cannot, a sentence says why.

use crate::desk::{APP, Desk};
use crate::first_run;
use tokio::process::Command;

#[tokio::test]
async fn a_first_start_asks_for_folders_and_a_destination() {
    let desk = Desk::new().await;
    let window = desk.open().await;
    window.see("[data-testid=first-run]").await;
    window.close().await;
}

#[tokio::test]
async fn a_damaged_library_is_said_in_the_window() {
    let desk = Desk::new().await;
    std::fs::create_dir(desk.library()).unwrap();
    std::fs::write(desk.library().join("library.db"), [b'x'; 8192]).unwrap();
    let window = desk.open().await;
    let said = window.read("main", "damaged").await;
    assert!(said.contains("photos themselves are untouched"), "{said}");
    window.close().await;
    assert_eq!(
        std::fs::read(desk.library().join("library.db")).unwrap(),
        [b'x'; 8192]
    );
}

#[tokio::test]
async fn a_folder_is_chosen_in_the_systems_own_dialog() {
    let desk = Desk::new().await;
    let chosen = desk.path("Chosen");
    std::fs::create_dir(&chosen).unwrap();
    let window = desk.open().await;
    window.click("[data-testid=another-folder]").await;
    first_run::choose_folder(&desk, &window, &chosen).await;
    window
        .see(&format!("[name=folder][value='{}']", chosen.display()))
        .await;
    window.close().await;
}

#[tokio::test]
async fn without_a_display_it_says_so_and_ends() {
    let desk = tempfile::tempdir().unwrap();
    let output = Command::new(APP)
        .arg("--library")
        .arg(desk.path())
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .await
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("imgn: there is no display"), "{said}");
}
