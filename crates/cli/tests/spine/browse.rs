//! What is in the bucket and not on this machine.

use crate::home::{Home, assert_exactly_once, eventually, jpeg, jpeg_taken};
use library::Library;
use library::view::{Query, ThumbState};
use testbed::{Minio, Server};

on_every_server! {
    a_second_machine_sees_the_library_and_joins_it
}

on_plain_servers! {
    foreign_objects_are_listed_and_others_are_not
    a_thumbnail_that_gave_way_comes_back_when_somebody_looks
    what_was_deleted_from_the_bucket_and_put_back_is_listed_again
    a_photo_that_cannot_be_decoded_here_is_known_on_another_machine
    a_thumbnail_that_never_went_up_is_made_from_the_original
}

async fn a_second_machine_sees_the_library_and_joins_it(server: Server) {
    let bucket = server.bucket().await;
    let first = Home::with_bucket(&bucket);
    let photos = [jpeg_taken(1, "2018-03-04T05:06:07"), jpeg(2)];
    first.put("a.jpg", &photos[0]);
    first.put("b.jpg", &photos[1]);
    first.ok(&["sync", "--once"]);

    let second = Home::with_bucket(&bucket);
    second.ok(&["sync", "--once"]);
    let states = second.states();
    assert_eq!(states.len(), 2, "{states:?}");
    assert!(
        states.values().all(|state| state == "online_only"),
        "{states:?}"
    );

    // The same photo comes to the second machine: it is the one that is there, not another.
    second.put("from-first.jpg", &photos[0]);
    second.put("a.jpg", &photos[0]);
    second.ok(&["sync", "--once"]);
    assert_exactly_once(&bucket, &photos).await;
    assert_eq!(second.json(&["status"])["safe"], 1);
    assert_eq!(second.json(&["status"])["online_only"], 1);
}

async fn foreign_objects_are_listed_and_others_are_not(server: Server) {
    let bucket = server.bucket().await;
    bucket.put("holiday/beach.jpg", jpeg(9)).await;
    bucket.put("holiday/notes.txt", "no photo").await;
    bucket.put("holiday/beach.jpg.meta", "96x64").await;
    let home = Home::with_bucket(&bucket);
    home.ok(&["sync", "--once"]);
    let states = home.states();
    assert_eq!(
        states.get("beach.jpg").map(String::as_str),
        Some("online_only"),
        "{states:?}"
    );
    assert!(!states.contains_key("notes.txt"), "{states:?}");
}

/// The cache has a limit. First the photo's file makes it again; then, without the file, the bucket has it.
async fn a_thumbnail_that_gave_way_comes_back_when_somebody_looks(server: Server) {
    let bucket = server.bucket().await;
    let home = Home::with_bucket(&bucket);
    home.put("IMG_1.jpg", &jpeg(1));
    home.ok(&["sync", "--once"]);
    for file in [Some(home.pictures("IMG_1.jpg")), None] {
        let library = home.library().await;
        library.start().await.unwrap();
        eventually("the bucket is reached", async || {
            let status = library.status().await.unwrap();
            status.destinations[0].state == library::view::DestinationState::Ready
        })
        .await;
        let photo = library.list().await.unwrap().remove(0);
        std::fs::remove_dir_all(home.path("library/thumbs")).unwrap();
        let again = library.thumbnail(photo.id).await.unwrap();
        assert!(
            again.is_some_and(|picture| picture.bytes.starts_with(b"RIFF")),
            "{file:?}"
        );
        library.shutdown().await;
        drop(library);
        if let Some(file) = file {
            std::fs::remove_file(file).unwrap();
            home.run(&["sync", "--once"]);
        }
    }
}

async fn what_was_deleted_from_the_bucket_and_put_back_is_listed_again(server: Server) {
    let bucket = server.bucket().await;
    bucket.put("holiday/beach.jpg", jpeg(9)).await;
    let home = Home::with_bucket(&bucket);
    home.ok(&["sync", "--once"]);
    assert_eq!(home.states()["beach.jpg"], "online_only");

    bucket.delete("holiday/beach.jpg").await;
    list_again(&home);
    assert!(home.states().is_empty(), "{:?}", home.states());

    bucket.put("holiday/beach.jpg", jpeg(9)).await;
    list_again(&home);
    assert_eq!(
        home.states().get("beach.jpg").map(String::as_str),
        Some("online_only")
    );
}

/// Syncs as after a while: a list that was made a moment ago is not made again.
fn list_again(home: &Home) {
    let aged = home
        .database()
        .execute("UPDATE destination SET listed_at = 0", [])
        .unwrap();
    assert_eq!(aged, 1);
    home.ok(&["sync", "--once"]);
}

async fn a_photo_that_cannot_be_decoded_here_is_known_on_another_machine(server: Server) {
    let bucket = server.bucket().await;
    let first = Home::with_bucket(&bucket);
    // HEIC by its first box; its pixels are none that anybody can read.
    let mut heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec();
    heic.extend([7; 4_000]);
    first.put("IMG_0001.HEIC", &heic);
    first.ok(&["sync", "--once"]);
    assert_exactly_once(&bucket, [&heic]).await;

    let second = Home::with_bucket(&bucket);
    second.ok(&["sync", "--once"]);
    let listed = second.json(&["list"]);
    assert_eq!(listed[0]["state"], "online_only", "{listed}");
    assert_eq!(listed[0]["type"], "image/heic", "{listed}");
    let library = second.library().await;
    look_at_everything_until_known(&library).await;
    library.shutdown().await;
    drop(library);

    second.put("from-the-camera.heic", &heic);
    second.ok(&["sync", "--once"]);
    assert_exactly_once(&bucket, [&heic]).await;
    assert_eq!(second.json(&["status"])["safe"], 1);
    assert_eq!(second.json(&["status"])["online_only"], 0);
}

/// The first machine ended before the thumbnail went up, or before anything did that lies beside the photo.
async fn a_thumbnail_that_never_went_up_is_made_from_the_original(server: Server) {
    let bucket = server.bucket().await;
    let first = Home::with_bucket(&bucket);
    first.put("no thumbnail.jpg", &jpeg(1));
    first.put("nothing beside it.jpg", &jpeg(2));
    first.ok(&["sync", "--once"]);
    for seed in [1, 2] {
        let hash = crate::home::sha256(&jpeg(seed));
        bucket
            .delete(&format!(".imgn/thumbs/{}/{hash}.webp", &hash[..2]))
            .await;
    }
    bucket.delete("2019/06/nothing beside it.jpg.meta").await;
    // Nobody of ours put this one there: looking past it does not download it.
    bucket.put("2019/06/foreign.jpg", jpeg(3)).await;

    let second = Home::with_bucket(&bucket);
    second.ok(&["sync", "--once"]);
    let library = second.library().await;
    library.start().await.unwrap();
    let settled = [
        ("foreign.jpg".to_owned(), ThumbState::None),
        ("no thumbnail.jpg".to_owned(), ThumbState::Made),
        ("nothing beside it.jpg".to_owned(), ThumbState::Made),
    ];
    eventually("two have thumbnails", async || {
        thumbnails(&library).await == settled
    })
    .await;
    let scratch = second.path("library/tmp");
    eventually("no original stays here", async || {
        std::fs::read_dir(&scratch).map_or(0, Iterator::count) == 0
    })
    .await;
    library.shutdown().await;
}

/// Each photo and where its thumbnail stands, as the gallery sees it.
async fn thumbnails(library: &Library) -> Vec<(String, ThumbState)> {
    let mut seen = Vec::new();
    for section in library.sections(Query::default()).await.unwrap() {
        let tiles = library.tiles(Query::default(), section.month, None, 100);
        for tile in tiles.await.unwrap() {
            seen.push((tile.name, tile.thumb_state));
        }
    }
    seen.sort_by(|one, other| one.0.cmp(&other.0));
    seen
}

/// Looks at each month, as the gallery does, until every photo's SHA-256 is known from its sidecar.
async fn look_at_everything_until_known(library: &Library) {
    library.start().await.unwrap();
    eventually("the sidecar tells what the photo is", async || {
        for section in library.sections(Query::default()).await.unwrap() {
            library
                .tiles(Query::default(), section.month, None, 100)
                .await
                .unwrap();
        }
        let photos = library.list().await.unwrap();
        photos.iter().all(|photo| photo.sha256.is_some())
    })
    .await;
}

/// An object that claims to be a photo, and is as long, is not believed.
#[tokio::test]
async fn what_stands_beside_an_object_is_no_proof_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let photo = jpeg(1);
    let sha256 = crate::home::sha256(&photo);
    let liar = vec![b'X'; photo.len()];
    bucket
        .put_saying("2019/06/IMG_1.jpg", liar.clone(), &sha256)
        .await;
    bucket
        .put_saying("elsewhere/IMG_1.jpg", liar.clone(), &sha256)
        .await;
    let home = Home::with_bucket(&bucket);
    home.put("IMG_1.jpg", &photo);
    home.ok(&["sync", "--once"]);
    assert_eq!(home.json(&["status"])["safe"], 1);
    let there = crate::home::originals(&bucket).await;
    assert_eq!(there[&sha256].len(), 1, "{there:?}");
    assert_eq!(
        there[&crate::home::sha256(&liar)].len(),
        2,
        "nothing is replaced: {there:?}"
    );
}

#[tokio::test]
async fn a_photo_that_is_gone_from_the_bucket_goes_up_again_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let mut home = Home::with_bucket(&bucket);
    home.put("IMG_1.jpg", &jpeg(1));
    home.ok(&["sync", "--once"]);
    bucket.delete("2019/06/IMG_1.jpg").await;
    // A library that knows the bucket lists it now and then; forgetting when makes it list at once.
    home.forget_lists();
    home.ok(&["sync", "--once"]);
    assert_exactly_once(&bucket, [&jpeg(1)]).await;
}
