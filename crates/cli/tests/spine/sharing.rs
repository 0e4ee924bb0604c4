//! A bucket or folder that the original imgn shares: filled by its servers and opened here, and the other way
//! round.

use crate::home::{Home, eventually, jpeg, sha256};
use library::view::{DestinationState, PhotoState, Query};
use media::{Camera, Metadata, Sidecar};
use samples::{Exif, JpegOptions};
use std::collections::BTreeMap;
use std::fs;
use testbed::{Bucket, NOT_YET, OriginalBucket, Server};

on_plain_servers!(
    what_either_side_puts_the_other_shows_with_its_metadata
    a_photo_that_an_original_has_does_not_go_up_again
);

fn add(home: &mut Home, bucket: &Bucket) -> serde_json::Value {
    let at = &bucket.endpoint;
    home.set_keys(&at.access_key_id, &at.secret_access_key);
    let mut words = vec!["destination", "add", "s3", "--name", "home"];
    words.extend(["--endpoint", &at.url, "--bucket", &bucket.name]);
    words.extend(["--layout", "original"]);
    if let Some(region) = &at.region {
        words.extend(["--region", region]);
    }
    home.json(&words)
}

/// 96 × 64 as stored, shown upright.
fn portrait(seed: u64) -> Vec<u8> {
    samples::jpeg(&JpegOptions {
        seed,
        exif: Exif {
            orientation: Some(6),
            ..Exif::default()
        },
        ..JpegOptions::default()
    })
}

/// What our extractor writes beside a photo.
async fn put_described(bucket: &Bucket, name: &str, bytes: &[u8]) {
    let sidecar = Sidecar {
        sha256: sha256(bytes),
        size: bytes.len() as u64,
        media_type: "image/jpeg".into(),
        original_name: "Deep Lake.jpg".into(),
        metadata: Metadata {
            width: Some(96),
            height: Some(64),
            camera: Camera {
                model: Some("Okular D4".into()),
                ..Camera::default()
            },
            ..Metadata::default()
        },
        ..Sidecar::default()
    };
    bucket.put(name, bytes).await;
    bucket.put(&format!("{name}.meta"), sidecar.to_json()).await;
}

async fn what_either_side_puts_the_other_shows_with_its_metadata(server: Server) {
    let original = OriginalBucket::new(server.bucket().await);
    let bucket = &original.bucket;
    original.upload("beach.jpg", &jpeg(1)).await;
    original.upload("It's a hill.jpeg", &jpeg(2)).await;
    original.extract().await;
    original.upload("late.jpg", &jpeg(3)).await;
    put_described(bucket, "deep.jpg", &jpeg(4)).await;

    let mut home = Home::new();
    home.watch_pictures();
    let added = add(&mut home, bucket);
    assert_eq!(added["config"]["layout"], "original", "{added}");
    home.put("2024/IMG 1.JPG", &portrait(5));
    home.put("2024/<b>.jpeg", &jpeg(6));
    home.ok(&["sync", "--once"]);

    // What we put, they show.
    let gallery: BTreeMap<_, _> = original.gallery().await.into_iter().collect();
    let name = |stem: &str, bytes: &[u8]| format!("{stem}-{}.jpg", &sha256(bytes)[..8]);
    let ours = [name("img1", &portrait(5)), name("b", &jpeg(6))];
    for (ours, bytes) in ours.iter().zip([portrait(5), jpeg(6)]) {
        assert_eq!(gallery[ours], "96x64", "{gallery:?}");
        assert_eq!(bucket.get(ours).await, bytes);
    }
    assert_eq!(gallery.len(), 6, "{gallery:?}");
    assert_eq!(gallery["late.jpg"], NOT_YET);
    let listed = original.listed_by_functions().await;
    assert_eq!(listed, gallery.keys().cloned().collect::<Vec<_>>());
    let before = bucket.list().await;
    assert_eq!(bucket.try_get(".imgn/destination.json").await, None);
    original.extract().await;
    assert_eq!(bucket.list().await.len(), before.len() + 1, "late.jpg.meta");

    // What they put, we show.
    let states = home.states();
    for theirs in ["beach.jpg", "It's a hill.jpeg", "late.jpg", "deep.jpg"] {
        assert_eq!(states[theirs], "online_only", "{states:?}");
    }
    let library = home.library().await;
    library.start().await.unwrap();
    eventually("the bucket is reached", async || {
        let status = library.status().await.unwrap();
        status.destinations[0].state == DestinationState::Ready
    })
    .await;
    eventually("every photo has its size", async || {
        for section in library.sections(Query::default()).await.unwrap() {
            let tiles = library.tiles(Query::default(), section.month, None, 100);
            tiles.await.unwrap();
        }
        let photos = library.list().await.unwrap();
        photos.len() == 6 && photos.iter().all(|photo| photo.width > 0)
    })
    .await;
    for photo in library.list().await.unwrap() {
        let size = match photo.name.as_str() {
            "IMG 1.JPG" => (64, 96),
            _ => (96, 64),
        };
        assert_eq!((photo.width, photo.height), size, "{photo:?}");
        if photo.name == "deep.jpg" {
            assert_eq!(photo.camera_model.as_deref(), Some("Okular D4"));
        }
        if photo.state == PhotoState::OnlineOnly {
            let picture = library.original(photo.id).await.unwrap().unwrap();
            assert!(picture.bytes.starts_with(&[0xff, 0xd8]), "{}", photo.name);
        }
    }
    library.shutdown().await;
    drop(library);
    home.ok(&["verify", "--read-data", "100%"]);
    assert!(
        bucket.list().await.len() == before.len() + 1,
        "nothing was put meanwhile"
    );
}

async fn a_photo_that_an_original_has_does_not_go_up_again(server: Server) {
    let original = OriginalBucket::new(server.bucket().await);
    original.upload("Beach.JPG", &jpeg(1)).await;
    let mut home = Home::new();
    home.watch_pictures();
    home.put("a.jpg", &jpeg(1));
    add(&mut home, &original.bucket);
    home.ok(&["sync", "--once"]);
    let listed = original.listed_by_functions().await;
    assert_eq!(listed, ["Beach.JPG"]);
    let status = home.json(&["status"]);
    assert_eq!(
        (&status["safe"], &status["online_only"]),
        (&1.into(), &0.into())
    );
    // They overwrite: that is found, and the photo goes up under a name of its own.
    original.upload("Beach.JPG", &jpeg(2)).await;
    assert_eq!(home.run(&["verify"]).code, 3);
    home.ok(&["sync", "--once"]);
    let listed = original.listed_by_functions().await;
    let ours = format!("a-{}.jpg", &sha256(&jpeg(1))[..8]);
    assert_eq!(listed, ["Beach.JPG".to_owned(), ours]);
}

/// There is no marker that could be missing.
#[test]
fn the_empty_mount_point_of_a_shared_folder_stays_empty() {
    let home = Home::new();
    home.watch_pictures();
    let (gallery, pulled) = (home.path("gallery"), home.path("pulled"));
    fs::create_dir(&gallery).unwrap();
    let place = gallery.to_str().unwrap();
    let add = ["destination", "add", "folder", "--name", "web", place];
    home.ok(&[&add[..], &["--layout", "original"]].concat());
    home.put("a.jpg", &jpeg(1));
    home.ok(&["sync", "--once"]);

    fs::rename(&gallery, &pulled).unwrap();
    fs::create_dir(&gallery).unwrap();
    home.put("b.jpg", &jpeg(2));
    let run = home.run(&["sync", "--once"]);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(run.stderr.contains("not mounted"), "{run:?}");
    assert_eq!(fs::read_dir(&gallery).unwrap().count(), 0);
    assert_eq!(home.states()["a.jpg"], "backed_up");
    assert_ne!(home.states()["b.jpg"], "failed");

    fs::remove_dir(&gallery).unwrap();
    fs::rename(&pulled, &gallery).unwrap();
    home.ok(&["sync", "--once"]);
    assert_eq!(home.states()["b.jpg"], "backed_up");
}

#[test]
fn the_gallery_of_a_monolith_is_shared_and_what_it_cannot_do_is_said() {
    let home = Home::new();
    home.watch_pictures();
    let gallery = home.path("gallery");
    fs::create_dir(&gallery).unwrap();
    fs::write(gallery.join("theirs.jpg"), jpeg(1)).unwrap();
    fs::write(gallery.join("theirs.jpg.meta"), "96x64").unwrap();
    let place = gallery.to_str().unwrap();
    let add = ["destination", "add", "folder", "--name", "web", place];
    let add = [&add[..], &["--layout", "original"]].concat();
    let template = [&add[..], &["--key-template", "{filename}"]].concat();
    assert_eq!(home.run(&template).code, 2);
    let added = home.ok(&add);
    for said in ["cannot be rebuilt", "no marker", "JPEG and PNG"] {
        assert!(added.stdout.contains(said), "{said}: {added:?}");
    }
    home.put("a.jpg", &jpeg(2));
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec();
    home.put("b.heic", &heic);
    let refused = home.run(&["sync", "--once"]);
    assert_eq!(refused.code, 3, "{refused:?}");
    assert!(
        refused.stderr.contains("does not take such a file"),
        "{refused:?}"
    );
    let ours = format!("a-{}.jpg", &sha256(&jpeg(2))[..8]);
    let mut names: Vec<_> = fs::read_dir(&gallery)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let meta = format!("{ours}.meta");
    let expected = [ours.as_str(), &meta, "theirs.jpg", "theirs.jpg.meta"];
    assert_eq!(names, expected);
    assert_eq!(fs::read_to_string(gallery.join(meta)).unwrap(), "96x64");
    // Its size is known once it was asked for; no more is to be had.
    let rebuilt = home.json(&["rebuild", "--from", "web"]);
    assert_eq!(rebuilt["known"], 0, "{rebuilt}");
    let list = home.json(&["list"]);
    let theirs = list.as_array().unwrap().iter();
    let mut theirs = theirs.filter(|photo| photo["key"] == "theirs.jpg");
    assert_eq!(theirs.next().unwrap()["state"], "online_only", "{list}");
    let shown = home.json(&["show", "theirs.jpg"])[0].take();
    assert_eq!(
        (&shown["width"], &shown["height"]),
        (&96.into(), &64.into())
    );

    // Its layout goes to another computer, and cannot be changed.
    let file = home.path("settings.toml");
    home.ok(&["settings", "export", file.to_str().unwrap()]);
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("layout = \"original\""), "{text}");
    let other = Home::new();
    other.ok(&["settings", "import", file.to_str().unwrap()]);
    let listed = other.json(&["destination", "list"]);
    assert_eq!(listed[0]["config"]["layout"], "original", "{listed}");
    let to = other.path("restored");
    other.ok(&["restore", "--to", to.to_str().unwrap()]);
    assert_eq!(fs::read(to.join("theirs.jpg")).unwrap(), jpeg(1));
}
