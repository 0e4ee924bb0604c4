//! What a place keeps is gone over, and what it does is examined, from its card.

use crate::desk::Desk;
use crate::first_run;
use crate::window::Window;
use std::path::{Path, PathBuf};

#[tokio::test]
async fn a_check_finds_what_rotted_and_it_goes_up_again() {
    let desk = Desk::new().await;
    for seed in 0..3 {
        let photo = samples::plain(seed);
        std::fs::write(desk.pictures().join(format!("{seed}.jpg")), photo).unwrap();
    }
    std::fs::write(desk.pictures().join("notes.txt"), "no photo").unwrap();
    let window = desk.open().await;
    first_run::into_folder(&window, &desk).await;
    all_safe(&window).await;
    window.click("[data-testid=nav-storage]").await;
    check(&window, "all").await;
    window
        .read("[data-testid=check-result]", "3 photos are here, and right")
        .await;

    let rotten = originals(&desk.path("Safe")).remove(0);
    let mut bytes = std::fs::read(&rotten).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&rotten, &bytes).unwrap();
    check(&window, "all").await;
    window.read("[data-testid=check-result]", "1 damaged").await;
    window
        .read("[data-testid=check-result]", "It goes up again by itself")
        .await;
    window.click("[data-testid=nav-photos]").await;
    all_safe(&window).await;
    assert_eq!(std::fs::read(&rotten).unwrap(), bytes, "it is left alone");
    assert_eq!(originals(&desk.path("Safe")).len(), 4);

    window.click("[data-testid=nav-storage]").await;
    window.click("[data-testid=doctor]").await;
    window
        .read("[data-testid=examined]", "on the same disk as")
        .await;
    window.click("[data-testid=nav-activity]").await;
    window
        .click("[data-testid=left-out][data-kind=others] button")
        .await;
    window.read("[data-testid=left-out]", "notes.txt").await;
    window.close().await;
}

async fn all_safe(window: &Window) {
    window
        .tiles("all are safe", |tiles| {
            tiles.len() == 3 && tiles.iter().all(|tile| tile.state == "backed_up")
        })
        .await;
}

/// Chooses from the menu of the first place.
pub(crate) async fn check(window: &Window, key: &str) {
    window.click("[data-testid=check] button").await;
    window
        .click(&format!("[data-testid=check] [data-key={key}]"))
        .await;
}

pub(crate) fn originals(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with(".imgn") {
            found.extend(originals(&path));
        } else if path.extension().is_some_and(|extension| extension == "jpg") {
            found.push(path);
        }
    }
    found.sort();
    found
}
