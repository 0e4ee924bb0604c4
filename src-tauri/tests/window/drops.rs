//! Files and folders dropped on the window.

use crate::bucket::Bucket;
use crate::desk::{Desk, files_below};
use crate::drag::Drag;
use crate::first_run;
use std::path::{Path, PathBuf};

const OVERLAY: &str = "[data-testid=drop-overlay]";

#[tokio::test]
async fn dropped_files_are_copied_and_backed_up() {
    let bucket = Bucket::new().await;
    let desk = Desk::new().await;
    let window = desk.open().await;
    first_run::into_bucket(&window, &bucket).await;
    let outside = desk.path("Camera");
    let names = ["plain.jpg", "Größe & #1 100%.jpg"];
    let photos = photos(&outside, &names);
    std::fs::write(outside.join("notes.txt"), "not a photo").unwrap();

    let files: Vec<_> = names
        .iter()
        .chain(&["notes.txt"])
        .map(|name| outside.join(name))
        .collect();
    let files: Vec<_> = files.iter().map(PathBuf::as_path).collect();
    let drag = Drag::over_window(&desk, &files).await;
    let said = window.read(OVERLAY, "Copy 2 photos").await;
    assert!(said.contains("1 file is not a photo"), "{said}");
    drag.drop().await;

    window.see_no(OVERLAY).await;
    window
        .tiles("both are safe", |tiles| {
            tiles.len() == 2 && tiles.iter().all(|tile| tile.state == "backed_up")
        })
        .await;
    let stored = bucket.originals().await;
    assert_eq!(stored.len(), 2, "{stored:?}");
    for (name, photo) in names.iter().zip(&photos) {
        let key = stored
            .iter()
            .find(|key| key.ends_with(name))
            .expect("stored under its name");
        assert_eq!(&bucket.read(key).await, photo, "{name} in the bucket");
        let copies = below(&desk.managed_folder(), name);
        assert_eq!(copies.len(), 1, "{copies:?}");
        assert_eq!(
            &std::fs::read(&copies[0]).unwrap(),
            photo,
            "{name} in the managed folder"
        );
        assert!(outside.join(name).exists(), "{name} stays where it was");
    }
    window.close().await;
}

#[tokio::test]
async fn a_dropped_folder_is_watched_from_then_on() {
    let bucket = Bucket::new().await;
    let desk = Desk::new().await;
    let window = desk.open().await;
    first_run::into_bucket(&window, &bucket).await;
    let holiday = desk.path("Holiday 2024");
    photos(&holiday, &["a.jpg", "b.jpg"]);

    let drag = Drag::over_window(&desk, &[&holiday]).await;
    let said = window.read(OVERLAY, "Watch").await;
    assert!(
        said.contains("Holiday 2024") && said.contains("2 photos"),
        "{said}"
    );
    drag.drop().await;
    window
        .tiles("both are safe", |tiles| {
            tiles.len() == 2 && tiles.iter().all(|tile| tile.state == "backed_up")
        })
        .await;
    assert_eq!(
        below(&desk.managed_folder(), "a.jpg"),
        [] as [PathBuf; 0],
        "nothing is copied"
    );

    let late = samples::plain(7);
    std::fs::write(holiday.join("late.jpg"), &late).unwrap();
    window
        .tiles("the late one is safe too", |tiles| {
            tiles
                .iter()
                .any(|tile| tile.name == "late.jpg" && tile.state == "backed_up")
        })
        .await;
    let stored = bucket.originals().await;
    let key = stored
        .iter()
        .find(|key| key.ends_with("late.jpg"))
        .expect("stored");
    assert_eq!(bucket.read(key).await, late);
    window.close().await;
}

#[tokio::test]
async fn a_dropped_folder_is_copied_where_that_is_chosen() {
    let bucket = Bucket::new().await;
    let desk = Desk::new().await;
    let window = desk.open().await;
    first_run::into_bucket(&window, &bucket).await;
    let card = desk.path("Memory card");
    photos(&card, &["a.jpg"]);

    let drag = Drag::over_window(&desk, &[&card]).await;
    window.read(OVERLAY, "Copy into").await;
    drag.right().await.drop().await;
    window
        .tiles("the copy is safe", |tiles| {
            tiles.len() == 1 && tiles[0].state == "backed_up"
        })
        .await;
    assert_eq!(below(&desk.managed_folder(), "a.jpg").len(), 1);

    window.click("[data-testid=nav-settings]").await;
    let watched = window.read("main", "Watched").await;
    assert!(!watched.contains("Memory card"), "{watched}");
    window.close().await;
}

#[tokio::test]
async fn photos_that_are_in_the_library_are_not_copied_again() {
    let desk = Desk::new().await;
    let photo = photos(&desk.pictures(), &["here.jpg"]).remove(0);
    let window = desk.open().await;
    first_run::into_folder(&window, &desk).await;
    window.tiles("it is here", |tiles| tiles.len() == 1).await;
    let twin = desk.path("twin.jpg");
    std::fs::write(&twin, photo).unwrap();

    let drag = Drag::over_window(&desk, &[&twin]).await;
    window
        .read(OVERLAY, "Already in your library: 1 of 1")
        .await;
    drag.drop().await;
    window.see_no(OVERLAY).await;
    window.tiles("still one", |tiles| tiles.len() == 1).await;
    assert_eq!(
        below(&desk.managed_folder(), "twin.jpg"),
        [] as [PathBuf; 0]
    );
    window.close().await;
}

/// Photos of these names, each with bytes of its own.
fn photos(folder: &Path, names: &[&str]) -> Vec<Vec<u8>> {
    std::fs::create_dir_all(folder).unwrap();
    let write = |(seed, name): (u64, &&str)| {
        let photo = samples::plain(seed);
        std::fs::write(folder.join(name), &photo).unwrap();
        photo
    };
    (1..).zip(names).map(write).collect()
}

/// The files of this name anywhere below `folder`.
fn below(folder: &Path, name: &str) -> Vec<PathBuf> {
    let mut files = files_below(folder);
    files.retain(|file| file.ends_with(name));
    files
}
