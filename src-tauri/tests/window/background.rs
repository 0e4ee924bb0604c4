//! imgn without its window: the tray, and what closing the window does.

use crate::bucket::Bucket;
use crate::desk::Desk;
use crate::first_run;
use crate::notifications::Notifications;
use crate::panel::Panel;
use crate::process::{Group, runs};
use crate::session_bus::SessionBus;
use std::path::Path;
use testbed::eventually;

const CHOICES: [&str; 4] = [
    "Open imgn",
    "Pause for an hour",
    "Pause until tomorrow",
    "Quit",
];

/// A desk whose programs find a session bus.
async fn desk_with_bus() -> (Desk, SessionBus) {
    let desk = Desk::new().await;
    let bus = SessionBus::start(&desk).await;
    let desk = desk.with("DBUS_SESSION_BUS_ADDRESS", bus.address());
    (desk, bus)
}

#[tokio::test]
async fn the_tray_says_how_the_library_stands_and_pauses_it() {
    let mut bucket = Bucket::new().await;
    let (desk, bus) = desk_with_bus().await;
    let panel = Panel::on(&bus).await;
    let window = desk.open().await;
    panel.shows("waiting", "Nothing is watched yet").await;
    first_run::into_bucket(&window, &bucket).await;
    panel.shows("waiting", "No photos yet").await;
    panel.offers(&CHOICES).await;

    photo(&desk.pictures(), 1);
    panel.shows("safe", "Your photo is safe").await;

    panel.choose("Pause until tomorrow").await;
    panel.shows("waiting", "Paused until 06:00 tomorrow").await;
    let [open, hour, tomorrow, quit] = CHOICES;
    panel.offers(&[open, "Resume", hour, tomorrow, quit]).await;
    window
        .read("[data-testid=status-line]", "Paused until")
        .await;
    panel.choose("Resume").await;
    panel.shows("safe", "Your photo is safe").await;
    panel.offers(&CHOICES).await;

    bucket.stop();
    photo(&desk.pictures(), 2);
    panel.shows("offline", "Offline; 1 waits").await;
    bucket.start_again().await;
    panel.choose("Open imgn").await;
    window.click("[data-testid=nav-activity]").await;
    panel.shows("safe", "All 2 photos are safe").await;
    window.close().await;
}

#[tokio::test]
async fn a_closed_window_goes_on_and_comes_back_from_the_tray() {
    let bucket = Bucket::new().await;
    let (desk, bus) = desk_with_bus().await;
    let panel = Panel::on(&bus).await;
    let window = desk.open().await;
    first_run::into_bucket(&window, &bucket).await;
    let app = window.process();

    desk.close_window(app).await;
    let stored = photo(&desk.pictures(), 1);
    let key = eventually("the photo is in the bucket", async || {
        bucket.originals().await.pop().ok_or("not yet")
    })
    .await;
    assert_eq!(bucket.read(&key).await, stored);
    panel.shows("safe", "Your photo is safe").await;

    panel.choose("Open imgn").await;
    desk.see_window(app).await;
    assert!(runs(app));
    panel.choose("Quit").await;
    eventually("the app has ended", async || match runs(app) {
        true => Err("it runs"),
        false => Ok(()),
    })
    .await;
}

#[tokio::test]
async fn it_begins_hidden_and_ends_cleanly_from_the_tray() {
    let (desk, bus) = desk_with_bus().await;
    let panel = Panel::on(&bus).await;
    set_up(&desk).await;

    let mut app = desk.start(&["--hidden"]);
    photo(&desk.pictures(), 1);
    panel.shows("safe", "Your photo is safe").await;
    assert_eq!(desk.windows(app.id()).await, [] as [String; 0]);
    panel.choose("Open imgn").await;
    desk.see_window(app.id()).await;
    panel.choose("Quit").await;
    assert_eq!(app.exit_code().await, Some(0));
    let tray = std::fs::read_dir(desk.library().join("tray")).unwrap();
    assert_eq!(tray.count(), 0, "the icon's file is gone");
}

#[tokio::test]
async fn where_nothing_shows_it_closing_says_so_once() {
    let (desk, bus) = desk_with_bus().await;
    let notifications = Notifications::on(&bus).await;
    set_up(&desk).await;

    let mut app = desk.start(&[]);
    desk.close_window(app.id()).await;
    let said = notifications.see("imgn is still at work").await;
    notifications.answer(&said, "default").await;
    desk.close_window(app.id()).await;
    copied(&desk, 1).await;
    assert_eq!(notifications.all().len(), 1, "{:?}", notifications.all());
    notifications.answer(&said, "quit").await;
    assert_eq!(app.exit_code().await, Some(0));
}

#[tokio::test]
async fn where_nothing_can_even_say_so_closing_ends_it() {
    let desk = Desk::new().await;
    set_up(&desk).await;
    let mut app = desk.start(&[]);
    desk.close_window(app.id()).await;
    assert_eq!(app.exit_code().await, Some(0));
}

#[tokio::test]
async fn closing_ends_it_where_that_is_wanted() {
    let (desk, bus) = desk_with_bus().await;
    let panel = Panel::on(&bus).await;
    set_up(&desk).await;
    let window = desk.open().await;
    window.click("[data-testid=nav-settings]").await;
    window.click("[name=keep_running]").await;
    chosen(&desk, "keep_running = false").await;
    window.close().await;

    let mut app: Group = desk.start(&[]);
    panel.shows("waiting", "No photos yet").await;
    desk.close_window(app.id()).await;
    assert_eq!(app.exit_code().await, Some(0));
}

#[tokio::test]
async fn it_starts_at_login_when_that_is_wanted() {
    let desk = Desk::new().await;
    let entries = desk.path(".config/autostart");
    let window = desk.open().await;
    first_run::into_folder(&window, &desk).await;
    window.click("[data-testid=nav-settings]").await;
    window.click("[name=at_login]:not(:checked)").await;
    window.see("[name=at_login]:checked").await;
    let written: Vec<_> = std::fs::read_dir(&entries).unwrap().collect();
    let [entry] = &written[..] else {
        panic!("{written:?}");
    };
    let text = std::fs::read_to_string(entry.as_ref().unwrap().path()).unwrap();
    let command = format!(
        "Exec={} --library {} --hidden",
        crate::desk::APP,
        desk.library().display()
    );
    assert!(text.lines().any(|line| line == command), "{text}");

    window.click("[name=at_login]").await;
    window.see("[name=at_login]:not(:checked)").await;
    assert_eq!(std::fs::read_dir(&entries).unwrap().count(), 0);
    window.close().await;
}

/// Waits until a choice stands in the settings' file: the window shows it before that.
pub(crate) async fn chosen(desk: &Desk, line: &str) {
    let file = desk.library().join("settings.toml");
    eventually(&format!("{line:?} is written"), async || {
        let text = std::fs::read_to_string(&file).map_err(|error| error.to_string())?;
        let written = text.lines().any(|written| written == line);
        written.then_some(()).ok_or(text)
    })
    .await;
}

/// A library that keeps the photos of Pictures in the folder Safe.
pub(crate) async fn set_up(desk: &Desk) {
    let window = desk.open().await;
    first_run::into_folder(&window, desk).await;
    window.close().await;
}

/// Writes a photo, and waits until it lies in Safe.
async fn copied(desk: &Desk, number: u64) {
    let photo = photo(&desk.pictures(), number);
    is_safe(desk, &photo).await;
}

/// Waits until a photo lies in Safe.
pub(crate) async fn is_safe(desk: &Desk, photo: &[u8]) {
    eventually("the photo is safe", async || {
        let files = crate::desk::files_below(&desk.path("Safe"));
        let there = files
            .iter()
            .any(|file| std::fs::read(file).unwrap() == photo);
        there.then_some(()).ok_or(format!("{files:?}"))
    })
    .await;
}

/// A photo of its own for each number, and what it holds.
pub(crate) fn photo(folder: &Path, number: u64) -> Vec<u8> {
    let photo = samples::plain(number);
    std::fs::write(folder.join(format!("photo {number}.jpg")), &photo).unwrap();
    photo
}
