//! A new computer: library and photos are gone, and everything comes back from the destination.

mod hostile;

use crate::gate::Gate;
use crate::home::{Home, assert_exactly_once, files_below, jpeg, jpeg_taken, large_jpeg, sha256};
use library::view::{Query, Selection};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};
use testbed::{FaultProxy, Server};

on_plain_servers! {
    library_and_photos_are_deleted_and_everything_comes_back
    a_restore_that_was_killed_goes_on
}

/// Two photos of one name, and names that some system or store cannot bear.
fn names() -> Vec<Vec<u8>> {
    let long = format!("{}.jpg", "ü".repeat(125));
    [
        &b"card0/DSC_0001.jpg"[..],
        b"card1/DSC_0001.jpg",
        "caf\u{e9}.jpg".as_bytes(),
        "cafe\u{301}.jpg".as_bytes(),
        b"TWIN.JPG",
        b"twin.jpg",
        b"not-utf8-\xff\xfe.jpg",
        b"new\nline.jpg",
        b"# ? % + & ' \" < > : * |.jpg",
        b"100%25.jpg",
        b"back\\slash.jpg",
        b".hidden.jpg",
        b".imgn.jpg",
        b"no extension",
        b"photo.meta",
        b" leading and trailing ",
        "emoji \u{1f4f7}.jpg".as_bytes(),
        b"con.jpg",
        long.as_bytes(),
    ]
    .map(<[u8]>::to_vec)
    .to_vec()
}

/// What makes a file what it is, its folder aside.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Original {
    name: OsString,
    sha256: String,
    /// Milliseconds.
    mtime: u128,
}

/// Every file below a folder.
fn originals(folder: &Path) -> BTreeSet<Original> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.extend(originals(&entry.path()));
            continue;
        }
        let mtime = entry.metadata().unwrap().modified().unwrap();
        found.insert(Original {
            name: entry.file_name(),
            sha256: sha256(&fs::read(entry.path()).unwrap()),
            mtime: mtime.duration_since(UNIX_EPOCH).unwrap().as_millis(),
        });
    }
    found
}

fn set_mtime(path: &Path, number: usize) {
    let at = UNIX_EPOCH + Duration::from_millis(1_500_000_000_123 + 86_400_000 * number as u64);
    fs::File::open(path).unwrap().set_modified(at).unwrap();
}

/// Pictures with a few drawn photographs, and a small one of each odd name.
fn fill(home: &Home) -> BTreeSet<Original> {
    let mut paths = samples::write(&home.pictures("album"), 4, 7).unwrap();
    for (seed, name) in names().into_iter().enumerate() {
        paths.push(home.put(OsStr::from_bytes(&name), &jpeg(seed as u64)));
    }
    for (number, path) in paths.iter().enumerate() {
        set_mtime(path, number);
    }
    originals(&home.pictures(""))
}

/// Every photo by its SHA-256, without what only the machine that has the files knows.
async fn known(home: &Home) -> BTreeMap<String, Value> {
    let library = home.library().await;
    let photos = library.list().await.unwrap();
    let sections = library.sections(Default::default()).await.unwrap();
    drop(library);
    let mut known = BTreeMap::new();
    for photo in photos {
        let mut value = serde_json::to_value(&photo).unwrap();
        for field in ["id", "files", "state", "original_shown"] {
            value.as_object_mut().unwrap().remove(field);
        }
        let keys: Vec<_> = photo.copies.iter().map(|copy| json!(copy.key)).collect();
        value["copies"] = json!(keys);
        known.insert(photo.sha256.unwrap_or(photo.name), value);
    }
    known.insert("sections".into(), serde_json::to_value(&sections).unwrap());
    known
}

/// The person's word on one photo, which only its sidecar keeps.
async fn make_a_favourite(home: &Home) {
    let library = home.library().await;
    let photo = library.list().await.unwrap().remove(0);
    let chosen = Selection {
        query: Query::default(),
        months: Vec::new(),
        except: Vec::new(),
        ids: vec![photo.id],
    };
    library.set_favourite(chosen, true).await.unwrap();
}

fn lose_everything(home: &Home) {
    fs::remove_dir_all(home.path("library")).unwrap();
    fs::remove_dir_all(home.pictures("")).unwrap();
}

/// The second and third photo of a name have a number; nothing else may differ.
fn assert_came_back(back: &Path, before: &BTreeSet<Original>) {
    let mut after = originals(back);
    let twins: Vec<_> = after
        .iter()
        .filter(|file| file.name == "DSC_0001 (2).jpg")
        .cloned()
        .collect();
    assert_eq!(twins.len(), 1, "{after:?}");
    for twin in twins {
        after.remove(&twin);
        after.insert(Original {
            name: "DSC_0001.jpg".into(),
            ..twin
        });
    }
    let lost: Vec<_> = before.difference(&after).collect();
    let other: Vec<_> = after.difference(before).collect();
    assert!(
        lost.is_empty() && other.is_empty(),
        "lost: {lost:?}, other: {other:?}"
    );
}

/// What a person does on a new computer, with a destination that is added already.
async fn rebuild_restore_and_watch(
    home: &Home,
    name: &str,
    before: &BTreeSet<Original>,
    known_before: BTreeMap<String, Value>,
    thumbnails: usize,
) {
    let photos = before.len();
    let rebuilt = home.json(&["rebuild", "--from", name]);
    assert_eq!(
        rebuilt,
        json!({"destination": name, "photos": photos, "known": photos, "by_name": 0, "thumbnails": thumbnails})
    );
    assert_eq!(
        files_below(&home.path("library/thumbs"), "webp"),
        thumbnails
    );
    let known_after = known(home).await;
    for (sha256, photo) in &known_before {
        assert_eq!(known_after.get(sha256), Some(photo), "{sha256}");
    }
    assert_eq!(known_after.len(), known_before.len());
    assert_eq!(home.json(&["status"])["online_only"], photos);
    let again = home.json(&["rebuild", "--from", name]);
    assert_eq!(again["known"], 0, "all is known: {again}");

    let back = home.path("back");
    let to = back.to_str().unwrap();
    let restored = home.json(&["restore", "--to", to]);
    assert_eq!(restored["restored"], photos, "{restored}");
    assert_eq!(restored["problems"], json!([]), "{restored}");
    assert_came_back(&back, before);
    let again = home.json(&["restore", "--to", to, "--from", name]);
    assert_eq!(
        (&again["restored"], &again["bytes"], &again["already_there"]),
        (&json!(0), &json!(0), &json!(photos)),
        "{again}"
    );
    assert_came_back(&back, before);

    home.ok(&["folder", "add", to]);
    home.ok(&["sync", "--once"]);
    let status = home.json(&["status"]);
    assert_eq!(
        (&status["safe"], &status["online_only"]),
        (&json!(photos), &json!(0)),
        "{status}"
    );
    home.assert_library_is_sound();
}

async fn library_and_photos_are_deleted_and_everything_comes_back(server: Server) {
    let bucket = server.bucket().await;
    let mut home = Home::with_bucket(&bucket);
    let before = fill(&home);
    home.ok(&["sync", "--once"]);
    make_a_favourite(&home).await;
    home.ok(&["sync", "--once"]);
    let known_before = known(&home).await;
    let thumbnails = files_below(&home.path("library/thumbs"), "webp");
    assert_eq!(known_before.len(), before.len() + 1);
    let objects = bucket.list_originals().await;

    lose_everything(&home);
    let proxy = FaultProxy::start(&bucket.endpoint.url).await;
    home.add_bucket(&bucket.endpoint, &proxy.url(), &bucket.name);
    rebuild_restore_and_watch(&home, "home", &before, known_before, thumbnails).await;
    assert_eq!(bucket.list_originals().await, objects);
    let uploads: Vec<_> = proxy
        .requests()
        .into_iter()
        .filter(|request| request.method == "PUT")
        .filter(|request| !request.path.contains("/.imgn/") && !request.path.contains(".meta"))
        .collect();
    assert_eq!(uploads.len(), 0, "{uploads:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_comes_back_from_a_folder() {
    let home = Home::new();
    home.watch_pictures();
    let nas = home.add_folder_destination("nas");
    let before = fill(&home);
    home.ok(&["sync", "--once"]);
    let known_before = known(&home).await;
    let thumbnails = files_below(&home.path("library/thumbs"), "webp");

    lose_everything(&home);
    home.add_folder_destination("nas");
    rebuild_restore_and_watch(&home, "nas", &before, known_before, thumbnails).await;
    let refused = home.run(&["restore", "--to", nas.join("x").to_str().unwrap()]);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(!nas.join("x").exists());
}

async fn a_restore_that_was_killed_goes_on(server: Server) {
    const PHOTOS: u64 = 24;
    const PHOTO: usize = 96 * 1024;
    let bucket = server.bucket().await;
    let mut home = Home::with_bucket(&bucket);
    let photos: Vec<Vec<u8>> = (0..PHOTOS).map(|seed| large_jpeg(seed, PHOTO)).collect();
    for (number, photo) in photos.iter().enumerate() {
        home.put(format!("{}/IMG_{}.jpg", number % 2, number / 2), photo);
    }
    home.ok(&["sync", "--once"]);
    lose_everything(&home);
    let gate = Gate::start(&bucket.endpoint.url).await;
    gate.open();
    home.add_bucket(&bucket.endpoint, &gate.url(), &bucket.name);

    let back = home.path("back");
    let to = back.to_str().unwrap();
    let hashes: BTreeSet<String> = photos.iter().map(|photo| sha256(photo)).collect();
    for kill in 0..3 {
        // Between two kills less passes than all photos, and more than nothing.
        gate.allow(PHOTOS * PHOTO as u64 / 4);
        let mut restore = home.spawn(&["restore", "--to", to]);
        gate.stands_still().await;
        assert!(
            restore.try_wait().unwrap().is_none(),
            "kill {kill}: it was still at work"
        );
        restore.kill().unwrap();
        restore.wait().unwrap();
        gate.cut().await;
        for file in whole_files(&back) {
            assert!(
                hashes.contains(&file.sha256),
                "kill {kill}: half a photo: {file:?}"
            );
        }
    }
    let there = whole_files(&back).len();
    assert!(there > 0 && there < photos.len(), "{there}");
    gate.open();
    let report = home.json(&["restore", "--to", to]);
    assert_eq!(report["already_there"], there, "{report}");
    assert_eq!(report["restored"], photos.len() - there, "{report}");
    let after = originals(&back);
    assert_eq!(
        after.len(),
        photos.len(),
        "each once, and nothing else: {after:?}"
    );
    assert_eq!(
        after
            .iter()
            .map(|file| file.sha256.clone())
            .collect::<BTreeSet<_>>(),
        hashes
    );
    assert!(!back.join(".imgn").exists());
}

/// What is there but for downloads that were under way.
fn whole_files(back: &Path) -> BTreeSet<Original> {
    let folders = fs::read_dir(back).into_iter().flatten().flatten();
    folders
        .filter(|folder| folder.file_name() != ".imgn")
        .flat_map(|folder| originals(&folder.path()))
        .collect()
}

/// Objects that another program put have no sidecar: their names, and the dates that it gave them.
#[tokio::test(flavor = "multi_thread")]
async fn foreign_photos_come_back_by_their_keys_minio() {
    let server = testbed::Minio::shared().await;
    let bucket = server.bucket().await;
    let mut home = Home::new();
    home.add_bucket(&bucket.endpoint, &bucket.endpoint.url, &bucket.name);
    let photo = jpeg_taken(3, "2018-03-04T05:06:07");
    bucket
        .put("holiday 2018/beach #1?.jpg", photo.clone())
        .await;
    bucket.put("holiday 2018/beach #1?.jpg.meta", "96x64").await;
    bucket.put("holiday 2018/notes.txt", "no photo").await;
    let rebuilt = home.json(&["rebuild", "--from", "home"]);
    assert_eq!(
        (&rebuilt["photos"], &rebuilt["by_name"]),
        (&json!(1), &json!(1)),
        "{rebuilt}"
    );
    let back = home.path("back");
    home.ok(&["restore", "--to", back.to_str().unwrap()]);
    assert_eq!(
        fs::read(back.join("holiday 2018/beach #1?.jpg")).unwrap(),
        photo
    );
    assert_eq!(originals(&back).len(), 1);
    let again = home.json(&["restore", "--to", back.to_str().unwrap()]);
    assert_eq!(
        (&again["restored"], &again["already_there"]),
        (&json!(0), &json!(1)),
        "{again}"
    );
    assert_exactly_once(&bucket, [&photo, &b"no photo".to_vec()]).await;
}
