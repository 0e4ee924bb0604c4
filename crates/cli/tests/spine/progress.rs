//! Bars on a terminal, and nothing but results in a pipe.

use crate::gate::Gate;
use crate::home::{Home, eventually, interrupt, jpeg, large_jpeg};
use crate::terminal::Terminal;
use testbed::Minio;

const CYAN: &str = "\u{1b}[36m";
const BAR: &str = "━";
const ERASE: &str = "\u{1b}[2K";

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_shows_how_far_a_sync_is_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let gate = Gate::start(&bucket.endpoint.url).await;
    let mut home = Home::new();
    home.watch_pictures();
    home.add_bucket(&bucket.endpoint, &gate.url(), &bucket.name);
    home.put("small.jpg", &jpeg(1));
    home.put("large.jpg", &large_jpeg(2, 24_000_000));
    gate.allow(9_000_000);
    let sync = Terminal::run(
        &home.command(&["sync", "--once"]),
        &[],
        &home.path("screen"),
    );
    gate.stands_still().await;
    sync.shows("large.jpg").await;
    for shown in [" of 24.0 MB", " of 2 safe", BAR] {
        sync.shows(shown).await;
    }
    // A speed is that of bytes which move.
    eventually("speed and time left are on the screen", async || {
        gate.allow(500_000);
        let screen = sync.screen();
        screen.contains("B/s") && screen.contains(" left")
    })
    .await;
    gate.open();
    let (code, screen) = sync.end();
    assert_eq!(code, Some(0), "{screen}");
    assert!(screen.contains(CYAN), "{screen}");
    // What stands after the last line was erased.
    let (_, last) = screen.rsplit_once(ERASE).unwrap();
    assert!(
        last.starts_with("2 of 2 photos safe · 2 copies confirmed now"),
        "{last}"
    );
    assert!(!last.contains(BAR), "the bars are gone: {last}");
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_of_another_process_is_shown_without_colours_where_none_are_wanted_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let gate = Gate::start(&bucket.endpoint.url).await;
    let mut home = Home::new();
    home.watch_pictures();
    home.add_bucket(&bucket.endpoint, &gate.url(), &bucket.name);
    gate.allow(100_000);
    let mut owner = home.spawn(&["sync", "--watch"]);
    let outside = home.path("camera.jpg");
    std::fs::write(&outside, large_jpeg(1, 24_000_000)).unwrap();
    let words = ["upload", outside.to_str().unwrap()];
    let no_colours = [("NO_COLOR", "1")];
    let upload = Terminal::run(&home.command(&words), &no_colours, &home.path("screen"));
    upload.shows(" of 24.0 MB").await;
    upload.shows(BAR).await;
    gate.open();
    let (code, screen) = upload.end();
    assert_eq!(code, Some(0), "{screen}");
    assert!(!screen.contains(CYAN), "{screen}");
    interrupt(owner.id());
    owner.wait().unwrap();
}

#[test]
fn a_pipe_gets_the_results_and_nothing_else() {
    let home = Home::new();
    home.watch_pictures();
    home.add_folder_destination("nas");
    home.put("a.jpg", &jpeg(1));
    let outside = home.path("camera.jpg");
    std::fs::write(&outside, jpeg(2)).unwrap();
    let synced = home.ok(&["sync", "--once"]);
    assert_eq!(
        (synced.stdout.as_str(), synced.stderr.as_str()),
        ("1 of 1 photo safe · 1 copy confirmed now\n", "")
    );
    let uploaded = home.ok(&["upload", outside.to_str().unwrap()]);
    let lines: Vec<&str> = uploaded.stdout.lines().collect();
    assert_eq!(
        (lines.len(), uploaded.stderr.as_str()),
        (2, ""),
        "{uploaded:?}"
    );
}

#[test]
fn a_document_is_a_document_on_a_terminal_too() {
    let home = Home::new();
    home.watch_pictures();
    home.add_folder_destination("nas");
    home.put("a.jpg", &jpeg(1));
    let words = ["sync", "--once", "--json"];
    let (code, screen) = Terminal::run(&home.command(&words), &[], &home.path("screen")).end();
    assert_eq!(code, Some(0), "{screen}");
    assert!(!screen.contains(BAR), "{screen}");
    // `script` says around it when it began and ended.
    let (begin, end) = (screen.find('{').unwrap(), screen.rfind('}').unwrap());
    let report: serde_json::Value = serde_json::from_str(&screen[begin..=end]).unwrap();
    assert_eq!(report["backed_up"], 1);
}
