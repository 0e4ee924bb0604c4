//! A second start: it ends in the window of the first, with the photos that it was given.

use crate::background::{is_safe, photo, set_up};
use crate::bucket::Bucket;
use crate::command_line;
use crate::desk::{APP, Desk, files_below};
use crate::first_run;
use crate::panel::Panel;
use crate::process::{runs, terminate};
use crate::session_bus::SessionBus;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use testbed::eventually;
use testbed::webdriver::ESCAPE;

#[tokio::test]
async fn photos_of_a_second_start_are_taken_in_and_shown_by_the_first() {
    let bucket = Bucket::new().await;
    let desk = Desk::new().await;
    let window = desk.open().await;
    first_run::into_bucket(&window, &bucket).await;
    let bytes = photo(desk.path("").as_path(), 1);

    // Relative to where the second one is started.
    let mut second = desk.start(&["photo 1.jpg"]);
    assert_eq!(second.exit_code().await, Some(0));
    window.see("[data-testid=lightbox]").await;
    window.read("[data-testid=panel]", "photo 1.jpg").await;
    window.press(ESCAPE).await;
    window
        .tiles("it is safe", |tiles| {
            tiles.len() == 1 && tiles[0].state == "backed_up"
        })
        .await;
    let stored = bucket.originals().await;
    assert_eq!(bucket.read(&stored[0]).await, bytes);

    // As a desktop writes it.
    photo(desk.path("").as_path(), 2);
    let address = format!("file://{}", desk.path("photo%202.jpg").display());
    let mut third = desk.start(&[&address]);
    assert_eq!(third.exit_code().await, Some(0));
    window.read("[data-testid=panel]", "photo 2.jpg").await;
    window.close().await;
}

#[tokio::test]
async fn photos_of_a_first_start_are_taken_in() {
    let desk = Desk::new().await;
    set_up(&desk).await;
    let bytes = photo(desk.path("").as_path(), 1);
    let app = desk.start(&["photo 1.jpg"]);
    desk.see_window(app.id()).await;
    is_safe(&desk, &bytes).await;
    assert!(Path::new(&desk.path("photo 1.jpg")).exists());
}

#[tokio::test]
async fn photos_given_before_there_is_any_library_are_taken_in_and_shown() {
    let desk = Desk::new().await;
    let bytes = photo(desk.path("").as_path(), 1);
    let given = desk.path("photo 1.jpg");
    let program = desk.path("imgn-with-a-photo");
    let script = format!("#!/bin/sh\nexec {APP} \"$@\" '{}'\n", given.display());
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
    let window = desk.open_as(&program).await;
    window.see("[data-testid=lightbox]").await;
    window.read("[data-testid=panel]", "photo 1.jpg").await;
    window.press(ESCAPE).await;
    window.see_no("[data-testid=lightbox]").await;
    let copied = files_below(&desk.managed_folder());
    let same = |path: &&PathBuf| std::fs::read(path).unwrap() == bytes;
    assert_eq!(copied.iter().filter(same).count(), 1, "{copied:?}");

    // What was to be chosen is still asked, and then it is safe.
    window.see("[data-testid=first-run]").await;
    first_run::into_folder(&window, &desk).await;
    window
        .tiles("it is safe", |tiles| {
            tiles.len() == 1 && tiles[0].state == "backed_up"
        })
        .await;
    window.close().await;
    assert!(given.exists());
}

#[tokio::test]
async fn a_second_start_brings_the_closed_window_back() {
    let desk = Desk::new().await;
    let bus = SessionBus::start(&desk).await;
    let desk = desk.with("DBUS_SESSION_BUS_ADDRESS", bus.address());
    let panel = Panel::on(&bus).await;
    set_up(&desk).await;
    let mut first = desk.start(&["--hidden"]);
    panel.shows("waiting", "No photos yet").await;

    // What starts at login must not open a window.
    let mut hidden = desk.start(&["--hidden"]);
    assert_eq!(hidden.exit_code().await, Some(0));
    assert_eq!(desk.windows(first.id()).await, [] as [String; 0]);
    let mut second = desk.start(&[]);
    assert_eq!(second.exit_code().await, Some(0));
    desk.see_window(first.id()).await;
    panel.choose("Quit").await;
    assert_eq!(first.exit_code().await, Some(0));
}

#[tokio::test]
async fn a_start_at_login_waits_for_the_command_line_to_end_and_then_is_there() {
    let desk = Desk::new().await;
    let bus = SessionBus::start(&desk).await;
    let desk = desk.with("DBUS_SESSION_BUS_ADDRESS", bus.address());
    let panel = Panel::on(&bus).await;
    set_up(&desk).await;
    let mut before = command_line::start(&desk, &["sync", "--watch"]);
    let bytes = photo(&desk.pictures(), 1);
    is_safe(&desk, &bytes).await;

    let mut app = desk.start(&["--hidden"]);
    eventually("it waits", async || {
        let log = std::fs::read_to_string(desk.path("window.log")).unwrap();
        log.contains("waits for the library")
            .then_some(())
            .ok_or(log)
    })
    .await;
    assert!(runs(app.id()));
    terminate(before.id());
    before.exit_code().await;
    panel.shows("safe", "Your photo is safe").await;
    let bytes = photo(&desk.pictures(), 2);
    is_safe(&desk, &bytes).await;
    panel.choose("Quit").await;
    assert_eq!(app.exit_code().await, Some(0));
}

#[tokio::test]
async fn a_start_while_a_command_is_at_work_opens_its_window_when_that_has_ended() {
    let desk = Desk::new().await;
    set_up(&desk).await;
    let command = command_line::start(&desk, &["sync", "--watch"]);
    is_safe(&desk, &photo(&desk.pictures(), 1)).await;
    let app = desk.start(&[]);
    eventually("it waits", async || {
        let log = std::fs::read_to_string(desk.path("window.log")).unwrap();
        log.contains("waits for the library")
            .then_some(())
            .ok_or(log)
    })
    .await;
    drop(command);
    desk.see_window(app.id()).await;
    is_safe(&desk, &photo(&desk.pictures(), 2)).await;
}
