//! Drives that go away at a bad moment, and folders that are forgotten at one.

use crate::gate::Gate;
use crate::home::{Home, assert_exactly_once, eventually, jpeg, large_jpeg, originals, sha256};
use library::view::{FolderState, PhotoState};
use std::fs;
use testbed::Server;

on_plain_servers! {
    a_drive_pulled_while_a_photo_is_read_goes_on_when_it_is_back
    a_folder_forgotten_while_it_is_read_sends_nothing_more
}

async fn a_drive_pulled_while_a_photo_is_read_goes_on_when_it_is_back(server: Server) {
    let bucket = server.bucket().await;
    let gate = Gate::start(&bucket.endpoint.url).await;
    let mut home = Home::new();
    home.watch_pictures();
    home.add_bucket(&bucket.endpoint, &gate.url(), &bucket.name);
    let photos: Vec<Vec<u8>> = (0..12).map(|seed| large_jpeg(seed, 4 << 20)).collect();
    for (number, photo) in photos.iter().enumerate() {
        home.put(format!("IMG_{number}.jpg"), photo);
    }
    let library = home.library().await;
    gate.allow(6 << 20);
    library.start().await.unwrap();
    gate.stands_still().await;
    eventually("every photo is in the library", async || {
        library.status().await.unwrap().photos == 12
    })
    .await;
    fs::rename(home.pictures(""), home.path("pulled")).unwrap();
    // What is being read breaks off with the drive; the files that were open here may not.
    gate.cut().await;
    gate.open();
    eventually("the folder is said to be offline", async || {
        let folders = library.status().await.unwrap().folders;
        folders
            .iter()
            .any(|folder| !folder.managed && folder.state == FolderState::Offline)
    })
    .await;
    let report = library.sync_once().await.unwrap();
    assert_eq!(report.offline_folders.len(), 1, "{report:?}");
    assert!(report.backed_up < 12, "{report:?}");
    let listed = library.list().await.unwrap();
    assert_eq!(listed.len(), photos.len(), "none is forgotten");
    let failed = listed
        .iter()
        .find(|photo| photo.state == PhotoState::Failed);
    assert!(failed.is_none(), "failed for good: {failed:?}");

    fs::rename(home.path("pulled"), home.pictures("")).unwrap();
    let report = library.sync_once().await.unwrap();
    assert_eq!(report.backed_up, 12, "{report:?}");
    assert!(report.offline_folders.is_empty(), "{report:?}");
    library.shutdown().await;
    assert_exactly_once(&bucket, &photos).await;
}

async fn a_folder_forgotten_while_it_is_read_sends_nothing_more(server: Server) {
    let bucket = server.bucket().await;
    let home = Home::with_bucket(&bucket);
    let kept = jpeg(1_000);
    home.put("kept.jpg", &kept);
    let other = home.path("card");
    fs::create_dir(&other).unwrap();
    for seed in 0..400 {
        crate::home::write_at_rest(&other.join(format!("{seed}.jpg")), &jpeg(seed));
    }
    let library = home.library().await;
    library.start().await.unwrap();
    let added = library.add_folder(&other).await.unwrap();
    eventually("some of it is in the library", async || {
        library.status().await.unwrap().photos > 10
    })
    .await;
    library.remove_folder(added.id).await.unwrap();
    let report = library.sync_once().await.unwrap();
    assert!(report.unfinished.is_empty(), "{report:?}");
    let status = library.status().await.unwrap();
    assert_eq!((status.photos, status.safe), (1, 1), "{status:?}");
    library.shutdown().await;
    drop(library);

    // What was sent is the bucket's; what was not is nobody's any more.
    let sent = originals(&bucket).await;
    assert!(sent.contains_key(&sha256(&kept)));
    assert!(sent.values().all(|keys| keys.len() == 1), "{sent:?}");
    home.ok(&["sync", "--once"]);
    assert_eq!(originals(&bucket).await, sent);
}
