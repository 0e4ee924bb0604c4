//! What anybody put where photos are kept stays in the folder that they are restored into, whatever it is called.

use super::{Original, originals};
use crate::home::{Home, jpeg, sha256};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::SystemTime;
use testbed::Server;

on_plain_servers! {
    what_anybody_put_into_the_bucket_stays_in_the_folder
    a_photo_whose_name_no_list_can_hold_comes_back
}

/// Names that a program or a person may have given; stores take some of them.
const HOSTILE: [&str; 14] = [
    "../outside.jpg",
    "a/../../outside.jpg",
    "/absolute.jpg",
    "//host/share.jpg",
    "C:\\Windows\\a.jpg",
    "..\\..\\outside.jpg",
    "CON.jpg",
    "aux/com1.jpg",
    "dots.../spaces .jpg",
    "both.jpg",
    "both.jpg/inner.jpg",
    "link/a.jpg",
    "x/.imgn/a.jpg",
    "~/.ssh/a.jpg",
];

async fn what_anybody_put_into_the_bucket_stays_in_the_folder(server: Server) {
    let bucket = server.bucket().await;
    let mut photos = Vec::new();
    for (seed, key) in HOSTILE.iter().enumerate() {
        let photo = jpeg(seed as u64);
        if bucket.try_put(key, photo.clone()).await {
            photos.push(photo);
        }
    }
    let long = format!("{}.jpg", "l".repeat(250));
    if bucket.try_put(&long, jpeg(100)).await {
        photos.push(jpeg(100));
    }
    // MinIO takes an object below another object's name, and never lists it.
    let mut listed = BTreeSet::new();
    for (key, _) in bucket.list().await {
        listed.insert(sha256(&bucket.get(&key).await));
    }
    photos.retain(|photo| listed.contains(&sha256(photo)));
    let mut home = Home::new();
    home.add_bucket(&bucket.endpoint, &bucket.endpoint.url, &bucket.name);
    let meta: Vec<(String, Vec<u8>)> = hostile_sidecars()
        .into_iter()
        .enumerate()
        .map(|(number, sidecar)| (format!("meta/{number}.jpg"), sidecar))
        .collect();
    for (number, (key, sidecar)) in meta.iter().enumerate() {
        let photo = jpeg(200 + number as u64);
        bucket.put(key, photo.clone()).await;
        bucket.put(&format!("{key}.meta"), sidecar.clone()).await;
        photos.push(photo);
    }
    assert!(
        photos.len() > meta.len() + 6,
        "the server takes some: {}",
        photos.len()
    );
    rebuild_and_restore_hostile(&home, &photos).await;
}

/// XML has no word for some characters: stores put another one in their place.
async fn a_photo_whose_name_no_list_can_hold_comes_back(server: Server) {
    let bucket = server.bucket().await;
    let mut photos = Vec::new();
    for (seed, key) in ["bell\u{7}+ \u{1}.jpg", "a+b c.jpg", "\u{fffd}.jpg"]
        .iter()
        .enumerate()
    {
        let photo = jpeg(seed as u64);
        if bucket.try_put(key, photo.clone()).await {
            photos.push(photo);
        }
    }
    let mut home = Home::new();
    home.add_bucket(&bucket.endpoint, &bucket.endpoint.url, &bucket.name);
    let back = home.path("back");
    home.ok(&["restore", "--to", back.to_str().unwrap()]);
    let came: BTreeSet<String> = fs::read_dir(&back)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| sha256(&fs::read(path).unwrap()))
        .collect();
    assert_eq!(came, photos.iter().map(|photo| sha256(photo)).collect());
}

/// The same names as far as a disk can hold them, and some that only a disk can.
#[tokio::test(flavor = "multi_thread")]
async fn what_anybody_put_into_a_destination_folder_stays_in_the_folder() {
    let home = Home::new();
    let nas = home.add_folder_destination("nas");
    let mut photos = Vec::new();
    let on_disk = [
        "C:\\Windows\\a.jpg",
        "..\\..\\outside.jpg",
        "new\nline.jpg",
        "control\u{1b}[2J\u{7f}.jpg",
        "CON.jpg",
        "dots.../spaces .jpg",
        "link/a.jpg",
        "x/.imgn/a.jpg",
    ];
    for (seed, key) in on_disk.iter().enumerate() {
        let path = nas.join(key);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, jpeg(seed as u64)).unwrap();
        photos.push(jpeg(seed as u64));
    }
    for (number, sidecar) in hostile_sidecars().into_iter().enumerate() {
        let photo = jpeg(200 + number as u64);
        fs::write(nas.join(format!("{number}.jpg")), &photo).unwrap();
        fs::write(nas.join(format!("{number}.jpg.meta")), sidecar).unwrap();
        photos.push(photo);
    }
    // Out of the destination, too, nothing is read through a link.
    fs::create_dir_all(home.path("secrets")).unwrap();
    fs::write(home.path("secrets/key.jpg"), "a secret").unwrap();
    symlink(home.path("secrets"), nas.join("secrets")).unwrap();
    rebuild_and_restore_hostile(&home, &photos).await;
}

/// What stands beside a photo and is not true of it, or is no sidecar at all.
fn hostile_sidecars() -> Vec<Vec<u8>> {
    let other = sha256(&jpeg(0));
    let mut sidecars: Vec<Vec<u8>> = [
        json!({"schema": "imgn/1", "original_name": "../../outside.jpg"}),
        json!({"schema": "imgn/1", "original_name": "/etc/outside.jpg"}),
        json!({"schema": "imgn/1", "original_name": ".."}),
        json!({"schema": "imgn/1", "original_name": "a.jpg", "original_name_bytes": "2e2e2f622e6a7067"}),
        json!({"schema": "imgn/1", "sha256": other, "original_name": "says another.jpg"}),
        json!({"schema": "imgn/1", "sha256": other, "size": 1, "original_name": "another size.jpg"}),
        json!({"schema": "imgn/1", "taken_at": "-9999-99-99", "rating": 255, "mtime": "9999-12-31T23:59:59Z",
               "title": "<script>".repeat(100_000), "type": "text/html", "thumbhash": "AAAA".repeat(10_000)}),
        json!({"schema": "imgn/1", "gps": {"lat": 1e308, "lon": -1e308}, "previous": "not hex"}),
    ]
    .iter()
    .map(|sidecar| sidecar.to_string().into_bytes())
    .collect();
    sidecars.push(vec![b'['; 200_000]);
    sidecars.push(vec![0xff; 2 << 20]);
    sidecars.push(b"640x480".to_vec());
    sidecars
}

async fn rebuild_and_restore_hostile(home: &Home, photos: &[Vec<u8>]) {
    let name = home.json(&["destination", "list"])[0]["name"]
        .as_str()
        .unwrap()
        .to_owned();
    let rebuilt = home.json(&["rebuild", "--from", &name]);
    assert_eq!(rebuilt["photos"], photos.len(), "{rebuilt}");
    home.assert_library_is_sound();
    assert!(!home.json(&["list"]).as_array().unwrap().is_empty());

    let outside = home.path("outside");
    let back = home.path("a/b/c/back");
    fs::create_dir_all(&outside).unwrap();
    fs::create_dir_all(&back).unwrap();
    symlink(&outside, back.join("link")).unwrap();
    let before = everything_but(home.path("").as_path(), &back);
    let report = home.run(&["restore", "--to", back.to_str().unwrap(), "--json"]);
    // One sidecar lies about its photo's bytes, which is said.
    assert_eq!(report.code, 3, "{report:?}");
    let told: Value = serde_json::from_str(&report.stdout).unwrap();
    assert_eq!(told["photos"], photos.len(), "{told}");
    assert_eq!(told["restored"], photos.len() - 1, "{told}");
    assert_eq!(
        told["problems"][0]["reason"]["code"], "other_bytes",
        "{told}"
    );
    assert_eq!(told["problems"].as_array().unwrap().len(), 1, "{told}");

    assert_eq!(everything_but(home.path("").as_path(), &back), before);
    fs::remove_file(back.join("link")).unwrap();
    let after = originals(&back);
    let came: Vec<_> = after.iter().map(|file| file.sha256.as_str()).collect();
    for photo in photos {
        assert!(came.contains(&sha256(photo).as_str()), "{after:?}");
    }
    assert_eq!(after.len(), photos.len(), "{after:?}");
    let plain = |file: &Original| !file.name.as_bytes().iter().any(u8::is_ascii_control);
    assert!(after.iter().all(plain), "{after:?}");
    let odd: Vec<_> = after
        .iter()
        .filter(|file| file.name.as_bytes().contains(&b'\\'))
        .collect();
    assert!(odd.is_empty(), "{odd:?}");
    assert!(
        after
            .iter()
            .any(|file| file.name.to_string_lossy().contains("(not as recorded)")),
        "{after:?}"
    );
    let again = home.run(&["restore", "--to", back.to_str().unwrap(), "--json"]);
    assert_eq!(again.code, 3, "{again:?}");
    assert_eq!(originals(&back).len(), photos.len(), "nothing comes twice");
}

/// Every path below a folder but for one tree and the library, with the time of its last change.
fn everything_but(folder: &Path, left_out: &Path) -> BTreeMap<OsString, SystemTime> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = entry.path();
        if path == left_out || entry.file_name() == "library" {
            continue;
        }
        let metadata = fs::symlink_metadata(&path).unwrap();
        if metadata.is_dir() {
            found.extend(everything_but(&path, left_out));
        }
        found.insert(path.into_os_string(), metadata.modified().unwrap());
    }
    found
}
