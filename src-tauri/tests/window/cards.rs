//! Memory cards that are plugged in: offered in the window, and copied when the person says so.

use crate::background::set_up;
use crate::desk::{APP, Desk, files_below};
use crate::first_run;
use crate::notifications::Notifications;
use crate::process::{Group, terminate};
use crate::reader;
use crate::session_bus::SessionBus;
use crate::told::batch;
use crate::window::Window;
use std::path::PathBuf;
use std::time::Duration;
use testbed::eventually;
use tokio::time::sleep;

const CARD: &str = "[data-testid=card]";
const COPY: &str = "[data-testid=card-copy]";
/// A little more than the time between two looks for cards.
const LOOKED_AT: Duration = Duration::from_secs(4);

/// A desk where cards can be plugged in, and its window. None: no user may mount here, which is said.
async fn at_a_reader() -> Option<(Desk, Window)> {
    let desk = Desk::new().await;
    let program = reader::program(&desk)?;
    let window = desk.open_as(&program).await;
    Some((desk, window))
}

#[tokio::test]
async fn a_card_is_offered_and_copied_when_asked() {
    let Some((desk, window)) = at_a_reader().await else {
        return;
    };
    let app = window.process();
    let card: Vec<_> = (1..=3).map(file).collect();
    let card: Vec<_> = card
        .iter()
        .map(|(path, bytes)| (path.as_str(), bytes.clone()))
        .collect();
    reader::plug(&desk, app, "EOS_DIGITAL", &card);
    first_run::into_folder(&window, &desk).await;

    let said = window.read(CARD, "EOS_DIGITAL").await;
    assert!(
        said.contains("EOS_DIGITAL has 3 photos, all of them new."),
        "{said}"
    );
    assert_eq!(copies(&desk), [] as [PathBuf; 0]);
    window.click("[data-testid=nav-settings]").await;
    window.click("[data-testid=copy-card]").await;
    window.read(COPY, "3 photos copied from EOS_DIGITAL.").await;
    window.see_no(CARD).await;
    window.click("[data-testid=nav-photos]").await;
    window
        .tiles("they are safe", |tiles| {
            tiles.len() == 3 && tiles.iter().all(|tile| tile.state == "backed_up")
        })
        .await;
    assert_eq!(copies(&desk).len(), 3);
    window.click("[data-testid=card-copy] button").await;
    window.see_no(COPY).await;

    // Plugged in again, what is there is told.
    reader::pull(app, "EOS_DIGITAL");
    let (path, bytes) = file(4);
    reader::plug(&desk, app, "OTHER", &[(&path, bytes)]);
    window.read(CARD, "OTHER").await;
    window.click("[data-testid=not-now]").await;
    window.see_no(CARD).await;
    reader::plug(&desk, app, "EOS_DIGITAL", &card);
    window
        .read(CARD, "which may be in your library already")
        .await;
    window.click("[data-testid=copy-card]").await;
    window
        .read(
            COPY,
            "All 3 photos on EOS_DIGITAL are in your library already.",
        )
        .await;
    assert_eq!(copies(&desk).len(), 3);
    window.close().await;
}

#[tokio::test]
async fn a_card_is_offered_when_its_pictures_come_after_it_was_mounted_and_its_videos_are_told() {
    let Some((desk, window)) = at_a_reader().await else {
        return;
    };
    let app = window.process();
    first_run::into_folder(&window, &desk).await;
    reader::plug(
        &desk,
        app,
        "LATE",
        &[("volume.txt", b"empty so far".into())],
    );
    // Looked at, and found to have nothing, before its pictures come.
    sleep(LOOKED_AT).await;
    window.see_no(CARD).await;
    let (path, bytes) = file(1);
    let film = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom".to_vec();
    let files = [
        (path.as_str(), bytes),
        ("DCIM/100CANON/MVI_2.MP4", film.clone()),
        ("PRIVATE/AVCHD/BDMV/STREAM/00000.MTS", film),
    ];
    reader::fill(&desk, app, "LATE", &files);
    let said = window.read(CARD, "LATE").await;
    assert!(
        said.contains("2 videos stay on it: imgn copies photos only."),
        "{said}"
    );
    window.click("[data-testid=copy-card]").await;
    let said = window.read(COPY, "1 photo copied from LATE.").await;
    assert!(said.contains("2 videos stay on it"), "{said}");
    assert!(!said.contains("left out"), "{said}");
    window.close().await;
}

#[tokio::test]
async fn not_now_and_the_setting_are_heeded() {
    let Some((desk, window)) = at_a_reader().await else {
        return;
    };
    let app = window.process();
    first_run::into_folder(&window, &desk).await;
    for (number, name) in [(1, "ONE"), (2, "TWO")] {
        let (path, bytes) = file(number);
        reader::plug(&desk, app, name, &[(&path, bytes)]);
        window.read(&format!("{CARD}:last-child"), name).await;
    }
    window.click("[data-testid=not-now]").await;
    let left = window.read(CARD, "TWO").await;
    assert!(!left.contains("ONE"), "{left}");
    window.click("[data-testid=nav-settings]").await;
    window.click("[name=offer_cards]:checked").await;
    window.see_no(CARD).await;
    window.click("[name=offer_cards]:not(:checked)").await;
    window.see(CARD).await;
    assert_eq!(copies(&desk), [] as [PathBuf; 0]);
    window.close().await;
}

#[tokio::test]
async fn a_card_is_notified_while_nobody_looks_and_that_can_be_turned_off() {
    let desk = Desk::new().await;
    let bus = SessionBus::start(&desk).await;
    let desk = desk.with("DBUS_SESSION_BUS_ADDRESS", bus.address());
    let notifications = Notifications::on(&bus).await;
    let Some(program) = reader::program(&desk) else {
        return;
    };
    set_up(&desk).await;
    let mut app = desk.start_as(&program, &["--hidden"]);
    runs_where_cards_are_mounted(&app).await;
    let (path, bytes) = file(1);
    reader::plug(&desk, app.id(), "ONE", &[(&path, bytes)]);
    let said = notifications.see("ONE has 1 photo").await;
    assert!(said.body.contains("Nothing is copied unasked"), "{said:?}");
    terminate(app.id());
    assert_eq!(app.exit_code().await, Some(0));

    let settings = desk.library().join("settings.toml");
    std::fs::write(&settings, "background.notify_of_cards = false\n").unwrap();
    let app = desk.start_as(&program, &["--hidden"]);
    runs_where_cards_are_mounted(&app).await;
    let (path, bytes) = file(2);
    reader::plug(&desk, app.id(), "TWO", &[(&path, bytes)]);
    eventually("the second card is noticed", async || {
        let log = std::fs::read_to_string(desk.path("window.log")).unwrap();
        log.contains("TWO").then_some(()).ok_or(log)
    })
    .await;
    // Something that is wanted comes after it.
    batch(&desk, 0);
    notifications.see("All 50 photos are safe in Safe").await;
    assert_eq!(notifications.all().len(), 2, "{:?}", notifications.all());
}

/// The program that starts the app has become it.
async fn runs_where_cards_are_mounted(app: &Group) {
    let command = format!("/proc/{}/cmdline", app.id());
    eventually("the app runs", async || {
        let command = std::fs::read(&command).unwrap_or_default();
        let runs = command.starts_with(APP.as_bytes());
        runs.then_some(()).ok_or("not yet")
    })
    .await;
}

fn file(seed: u64) -> (String, Vec<u8>) {
    let photo = samples::plain(seed);
    (format!("DCIM/100CANON/IMG_{seed}.JPG"), photo)
}

/// What was copied from a card.
fn copies(desk: &Desk) -> Vec<PathBuf> {
    let mut files = files_below(&desk.managed_folder());
    files.retain(|file| file.extension().is_some_and(|extension| extension == "JPG"));
    files
}
