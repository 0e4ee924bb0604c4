//! Media workers that cannot be started for a while, and what is seen of photos meanwhile.

use crate::home::{Home, eventually, jpeg, jpeg_taken};
use library::view::PhotoState;
use std::fs;

#[tokio::test]
async fn what_no_worker_could_read_is_read_when_one_starts_again() {
    let home = Home::new();
    home.watch_pictures();
    let nas = home.add_folder_destination("nas");
    home.put("IMG_1.jpg", &jpeg_taken(1, "2018-03-04T05:06:07"));
    let program = home.path("worker");
    let library = home.library_with_worker(program.clone()).await;
    library.start().await.unwrap();
    let photo = async |name: &str| {
        let photos = library.list().await.unwrap();
        photos.into_iter().find(|photo| photo.name == name)
    };
    eventually("the photo is safe all the same", async || {
        photo("IMG_1.jpg")
            .await
            .is_some_and(|photo| photo.state == PhotoState::BackedUp)
    })
    .await;
    let without = photo("IMG_1.jpg").await.unwrap();
    assert_eq!((without.taken_at, without.thumb), (None, None));
    let why = without.unreadable.unwrap_or_default();
    assert!(why.starts_with("cannot start a media worker"), "{why}");

    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_imgn-cli"), &program).unwrap();
    // What comes wakes who makes thumbnails; else they look once a minute.
    home.put("IMG_2.jpg", &jpeg(2));
    eventually("its metadata and thumbnail are there", async || {
        photo("IMG_1.jpg")
            .await
            .is_some_and(|photo| photo.taken_at.is_some() && photo.thumb.is_some())
    })
    .await;
    let with = photo("IMG_1.jpg").await.unwrap();
    assert_eq!(with.taken_at.as_deref(), Some("2018-03-04T05:06:07"));
    assert_eq!(with.unreadable, None);
    let sections = library.sections(Default::default()).await.unwrap();
    let sections = serde_json::to_string(&sections).unwrap();
    assert!(
        sections.contains("2018-03"),
        "it stands where it was taken: {sections}"
    );
    let sidecar = nas.join(format!("{}.meta", with.copies[0].key.as_deref().unwrap()));
    eventually("its sidecar says so", async || {
        fs::read_to_string(&sidecar).is_ok_and(|text| text.contains("2018-03-04"))
    })
    .await;
    library.shutdown().await;
}

#[tokio::test]
async fn a_first_paint_stands_for_a_thumbnail_and_is_not_kept() {
    const PROGRESSIVE: &[u8] =
        include_bytes!("../../../media/src/thumbnail/fixtures/scan_each.jpg");
    let home = Home::new();
    home.watch_pictures();
    let nas = home.add_folder_destination("nas");
    home.put("IMG_1.jpg", PROGRESSIVE);
    home.put("IMG_2.jpg", &jpeg(2));
    let program = home.path("worker");
    let library = home.library_with_worker(program.clone()).await;
    library.start().await.unwrap();
    let photo = async |name: &str| {
        let photos = library.list().await.unwrap();
        photos.into_iter().find(|photo| photo.name == name)
    };
    for name in ["IMG_1.jpg", "IMG_2.jpg"] {
        eventually("the photos are safe", async || {
            let photo = photo(name).await;
            photo.is_some_and(|photo| photo.state == PhotoState::BackedUp)
        })
        .await;
    }
    let (first, second) = (
        photo("IMG_1.jpg").await.unwrap(),
        photo("IMG_2.jpg").await.unwrap(),
    );
    let painted = async |id| library.first_paint(id).await.unwrap();
    assert!(painted(first.id).await.is_none(), "there is no worker");
    library.shutdown().await;

    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_imgn-cli"), &program).unwrap();
    let paint = painted(first.id).await.unwrap();
    assert_eq!(paint.content_type, "image/jpeg");
    assert!(paint.bytes.starts_with(b"\xff\xd8\xff"));
    assert!(painted(second.id).await.is_none(), "it has but one scan");
    assert!(painted(999).await.is_none(), "there is no such photo");
    assert_eq!(photo("IMG_1.jpg").await.unwrap().thumb, None);
    assert!(library.thumbnail(first.id).await.unwrap().is_none());
    assert!(!nas.join(".imgn/thumbs").exists());

    // Other bytes than those that the library knows are not shown for them.
    home.put("IMG_1.jpg", &jpeg(3));
    assert!(painted(first.id).await.is_none(), "it is another photo now");
    home.put("IMG_3.jpg", PROGRESSIVE);
    drop(library);
    let library = home.library_with_worker(program).await;
    library.start().await.unwrap();
    eventually("the thumbnail is made", async || {
        library.thumbnail(first.id).await.unwrap().is_some()
    })
    .await;
    let paint = library.first_paint(first.id).await.unwrap();
    assert!(paint.is_none(), "its thumbnail is there");
    library.shutdown().await;
}
