//! Trying imgn out with sample photos, of which nothing is left.

use crate::desk::{Desk, files_below};
use crate::first_run;
use crate::process::{kill, runs};
use crate::window::Window;
use std::path::{Path, PathBuf};
use testbed::eventually;
use testbed::webdriver::ESCAPE;

/// As many as a trial has.
const PHOTOS: usize = 40;

#[tokio::test]
async fn sample_photos_are_tried_and_leave_nothing() {
    let desk = Desk::new().await;
    let own = desk.pictures().join("own.jpg");
    std::fs::write(&own, samples::jpeg(&samples::JpegOptions::default())).unwrap();
    let window = desk.open().await;
    window.see("[data-testid=first-run]").await;
    let before = lasting(&desk);

    window.click("[data-testid=try]").await;
    window.see_no("[data-testid=first-run]").await;
    window
        .read("[data-testid=trial]", "These are sample photos")
        .await;
    window
        .read(
            "[data-testid=status-line]",
            &format!("All {PHOTOS} photos are safe in Safe place"),
        )
        .await;
    window.see_pictures().await;
    let trial = trials(&desk);
    assert_eq!(trial.len(), 1, "{trial:?}");
    let kept = originals(&trial[0].join("Safe place"));
    assert_eq!(kept.len(), PHOTOS, "{kept:?}");

    window.click("[data-testid=tile]").await;
    window
        .read("[data-testid=panel]", "Safe in Safe place")
        .await;
    window.press(ESCAPE).await;
    window.click("[data-testid=end-trial]").await;
    window.see("[data-testid=first-run]").await;
    window.see_no("[data-testid=trial]").await;
    assert_eq!(trials(&desk), [] as [PathBuf; 0]);
    assert_eq!(lasting(&desk), before);

    // What was there before can be begun as ever.
    first_run::into_folder(&window, &desk).await;
    window
        .tiles("the own photo is safe", |tiles| {
            tiles.len() == 1 && tiles[0].name == "own.jpg" && tiles[0].state == "backed_up"
        })
        .await;
    window.close().await;
}

#[tokio::test]
async fn a_trial_ends_with_its_window() {
    let desk = Desk::new().await;
    let window = desk.open().await;
    begin(&window).await;
    window.close().await;
    assert_eq!(trials(&desk), [] as [PathBuf; 0]);
}

#[tokio::test]
async fn what_a_killed_trial_left_is_removed_at_the_next_start_and_nothing_else() {
    let desk = Desk::new().await;
    let window = desk.open().await;
    begin(&window).await;
    let app = window.process();
    kill(app);
    eventually("the app is gone", async || match runs(app) {
        true => Err("it runs"),
        false => Ok(()),
    })
    .await;
    drop(window);
    assert_eq!(trials(&desk).len(), 1);
    let other = desk.library().join("trial-of-my-own");
    std::fs::create_dir(&other).unwrap();
    std::fs::write(other.join("photo.jpg"), "mine").unwrap();

    let window = desk.open().await;
    window.see("[data-testid=first-run]").await;
    window.see_no("[data-testid=trial]").await;
    assert_eq!(trials(&desk), std::slice::from_ref(&other));
    assert_eq!(std::fs::read(other.join("photo.jpg")).unwrap(), b"mine");
    window.close().await;
}

pub(crate) async fn begin(window: &Window) {
    window.click("[data-testid=try]").await;
    window.see("[data-testid=trial]").await;
    window
        .tiles("sample photos are seen", |tiles| !tiles.is_empty())
        .await;
}

/// Waits until every photo of the trial is there, and safe.
pub(crate) async fn is_drawn(desk: &Desk) {
    eventually("every sample photo is safe", async || {
        let trials = trials(desk);
        let kept = trials
            .iter()
            .map(|trial| originals(&trial.join("Safe place")).len());
        match kept.sum() {
            PHOTOS => Ok(()),
            so_far => Err(format!("{so_far}")),
        }
    })
    .await;
}

fn trials(desk: &Desk) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(desk.library()).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| {
            let name = path.file_name().unwrap().to_string_lossy();
            name.starts_with("trial-")
        })
        .collect()
}

/// The photos that a folder keeps safe.
fn originals(safe: &Path) -> Vec<PathBuf> {
    let mut files = files_below(safe);
    files.retain(|file| {
        let derived = file
            .extension()
            .is_some_and(|extension| extension == "meta");
        !derived && !file.components().any(|part| part.as_os_str() == ".imgn")
    });
    files.sort();
    files
}

/// Every file of the desk but what the toolkit writes for itself, and the log.
fn lasting(desk: &Desk) -> Vec<PathBuf> {
    let mut files = desk.files();
    files.retain(|file| {
        let own = ["webview", ".cache", ".local", ".config"];
        let toolkit = file
            .components()
            .any(|part| own.iter().any(|name| part.as_os_str() == *name));
        !toolkit && !file.ends_with("window.log")
    });
    files.sort();
    files
}
