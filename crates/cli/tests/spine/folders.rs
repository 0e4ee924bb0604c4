//! What happens in the watched folders, and what must follow in the bucket.

use crate::home::{Home, assert_exactly_once, jpeg, originals, write_at_rest};
use std::fs;
use testbed::{FaultProxy, Minio, Server};

on_every_server! {
    a_photo_arrives_with_sidecar_and_thumbnail
    an_edit_becomes_a_new_version_and_the_old_one_stays
}

on_plain_servers! {
    nothing_changed_is_nothing_sent
    a_move_sends_no_bytes_and_keeps_the_key
    a_deleted_file_stays_in_the_bucket
    the_same_bytes_twice_are_one_photo
}

async fn a_photo_arrives_with_sidecar_and_thumbnail(server: Server) {
    let bucket = server.bucket().await;
    let home = Home::with_bucket(&bucket);
    let photo = jpeg(1);
    home.put("2019/IMG_1.jpg", &photo);
    let report = home.json(&["sync", "--once"]);
    assert_eq!(
        (&report["photos"], &report["backed_up"]),
        (&1.into(), &1.into()),
        "{report}"
    );
    assert_eq!(bucket.get("2019/06/IMG_1.jpg").await, photo);
    let sidecar: serde_json::Value =
        serde_json::from_slice(&bucket.get("2019/06/IMG_1.jpg.meta").await).unwrap();
    assert_eq!(sidecar["schema"], "imgn/1");
    assert_eq!(sidecar["camera"]["model"], "Okular D4");
    assert_eq!(sidecar["taken_at"], "2019-06-01T12:30:00");
    assert!(sidecar["thumbhash"].is_string(), "{sidecar}");
    let sha256 = crate::home::sha256(&photo);
    let thumbnail = bucket
        .get(&format!(".imgn/thumbs/{}/{sha256}.webp", &sha256[..2]))
        .await;
    assert!(thumbnail.starts_with(b"RIFF"));
    let shown = home.json(&["show", "2019/06/IMG_1.jpg"]);
    assert_eq!(shown[0]["state"], "backed_up");
    assert_eq!(shown[0]["copies"][0]["proof"]["kind"], "full_sha256");
}

async fn nothing_changed_is_nothing_sent(server: Server) {
    let bucket = server.bucket().await;
    let proxy = FaultProxy::start(&bucket.endpoint.url).await;
    let mut home = Home::new();
    home.watch_pictures();
    home.add_bucket(&bucket.endpoint, &proxy.url(), &bucket.name);
    home.put("a.jpg", &jpeg(1));
    home.ok(&["sync", "--once"]);
    let before = proxy.requests().len();
    home.ok(&["sync", "--once"]);
    let written: Vec<_> = proxy
        .requests()
        .into_iter()
        .skip(before)
        .filter(|request| request.method != "GET")
        .collect();
    assert!(written.is_empty(), "{written:?}");
}

async fn a_move_sends_no_bytes_and_keeps_the_key(server: Server) {
    let bucket = server.bucket().await;
    let home = Home::with_bucket(&bucket);
    let photo = jpeg(1);
    let from = home.put("a.jpg", &photo);
    home.ok(&["sync", "--once"]);
    fs::create_dir(home.pictures("sorted")).unwrap();
    fs::rename(from, home.pictures("sorted/b.jpg")).unwrap();
    let report = home.json(&["sync", "--once"]);
    assert_eq!(report["confirmed_now"], 0);
    assert_exactly_once(&bucket, [&photo]).await;
    assert_eq!(
        home.states().into_iter().collect::<Vec<_>>(),
        [("b.jpg".into(), "backed_up".into())]
    );
}

async fn an_edit_becomes_a_new_version_and_the_old_one_stays(server: Server) {
    let bucket = server.bucket().await;
    let home = Home::with_bucket(&bucket);
    let (before, after) = (jpeg(1), jpeg(2));
    let path = home.put("a.jpg", &before);
    home.ok(&["sync", "--once"]);
    fs::write(&path, &after).unwrap();
    home.ok(&["sync", "--once"]);
    assert_exactly_once(&bucket, [&before, &after]).await;
    assert_eq!(
        bucket.get("2019/06/a.jpg").await,
        before,
        "the old version keeps its key"
    );
    let sha256 = crate::home::sha256(&after);
    let sidecar = bucket
        .get(&format!("2019/06/a-{}.jpg.meta", &sha256[..8]))
        .await;
    let sidecar: serde_json::Value = serde_json::from_slice(&sidecar).unwrap();
    assert_eq!(sidecar["previous"], crate::home::sha256(&before));
}

async fn a_deleted_file_stays_in_the_bucket(server: Server) {
    let bucket = server.bucket().await;
    let home = Home::with_bucket(&bucket);
    let photo = jpeg(1);
    fs::remove_file({
        let path = home.put("a.jpg", &photo);
        home.put("b.jpg", &jpeg(2));
        home.ok(&["sync", "--once"]);
        path
    })
    .unwrap();
    home.ok(&["sync", "--once"]);
    assert_exactly_once(&bucket, [&photo, &jpeg(2)]).await;
    assert_eq!(home.states()["a.jpg"], "online_only");
}

#[tokio::test]
async fn an_unplugged_folder_is_offline_and_loses_nothing_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let home = Home::with_bucket(&bucket);
    let photos = [jpeg(1), jpeg(2)];
    home.put("a.jpg", &photos[0]);
    home.put("b.jpg", &photos[1]);
    home.ok(&["sync", "--once"]);
    let away = home.path("unplugged");
    fs::rename(home.pictures(""), &away).unwrap();
    let run = home.run(&["sync", "--once"]);
    assert_eq!(run.code, 6, "{run:?}");
    assert!(home.states().values().all(|state| state == "backed_up"));

    // An empty mount point in its place is no deletion either.
    fs::create_dir(home.pictures("")).unwrap();
    let run = home.run(&["sync", "--once"]);
    assert_eq!(run.code, 6, "{run:?}");
    assert!(home.states().values().all(|state| state == "backed_up"));

    fs::remove_dir(home.pictures("")).unwrap();
    fs::rename(&away, home.pictures("")).unwrap();
    let report = home.json(&["sync", "--once"]);
    assert_eq!(report["confirmed_now"], 0, "{report}");
    assert_exactly_once(&bucket, &photos).await;
}

async fn the_same_bytes_twice_are_one_photo(server: Server) {
    let bucket = server.bucket().await;
    let home = Home::with_bucket(&bucket);
    let photo = jpeg(1);
    home.put("a.jpg", &photo);
    home.put("copy/of/a.jpg", &photo);
    home.ok(&["sync", "--once"]);
    assert_exactly_once(&bucket, [&photo]).await;
}

#[tokio::test]
async fn what_is_no_photo_is_counted_and_said_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let home = Home::with_bucket(&bucket);
    let unreadable = b"these are no pixels".to_vec();
    home.put("broken.jpg", &unreadable);
    home.put("film.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom");
    home.put("notes.txt", b"hello");
    home.put("empty.jpg", b"");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        home.pictures("pipe.jpg"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .unwrap();
    std::os::unix::fs::symlink("/etc/passwd", home.pictures("link.jpg")).unwrap();
    std::os::unix::fs::symlink(home.pictures(""), home.pictures("loop")).unwrap();
    let run = home.run(&["sync", "--once", "--json"]);
    assert_eq!(run.code, 0, "what is no photo is no error: {run:?}");
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        (&report["videos"], &report["photos"]),
        (&1.into(), &1.into()),
        "{report}"
    );
    assert_eq!(
        report["unfinished"].as_array().unwrap().len(),
        1,
        "{report}"
    );
    assert_eq!(report["unfinished"][0]["reason"]["code"], "special_file");
    assert_exactly_once(&bucket, [&unreadable]).await;
}

#[tokio::test]
async fn a_folder_is_a_destination_too() {
    let home = Home::new();
    home.watch_pictures();
    let nas = home.add_folder_destination("nas");
    let photo = jpeg(1);
    home.put("a.jpg", &photo);
    home.ok(&["sync", "--once"]);
    assert_eq!(fs::read(nas.join("2019/06/a.jpg")).unwrap(), photo);
    assert!(nas.join("2019/06/a.jpg.meta").exists());

    // Not mounted: nothing is written into what stands in its place.
    fs::rename(&nas, home.path("nas-away")).unwrap();
    fs::create_dir(&nas).unwrap();
    home.put("b.jpg", &jpeg(2));
    let run = home.run(&["sync", "--once"]);
    assert_eq!(run.code, 4, "{run:?}");
    assert_eq!(fs::read_dir(&nas).unwrap().count(), 0);

    fs::remove_dir(&nas).unwrap();
    fs::rename(home.path("nas-away"), &nas).unwrap();
    home.ok(&["sync", "--once"]);
    assert_eq!(fs::read(nas.join("2019/06/b.jpg")).unwrap(), jpeg(2));
}

#[tokio::test]
async fn dropped_photos_are_copied_in_and_brought_up_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let home = Home::with_bucket(&bucket);
    let photo = jpeg(1);
    let stick = home.path("stick/IMG_7.jpg");
    write_at_rest(&stick, &photo);
    home.ok(&["upload", stick.to_str().unwrap()]);
    assert_eq!(
        fs::read(home.path("library/originals/2019/06/IMG_7.jpg")).unwrap(),
        photo
    );
    assert_exactly_once(&bucket, [&photo]).await;
    let again = home.json(&["upload", stick.to_str().unwrap()]);
    assert_eq!(again["dropped"]["already_here"], 1, "{again}");
    assert_eq!(originals(&bucket).await.len(), 1);
}
