//! Destinations that are removed, filled or locked while photos are on their way to them.

use crate::gate::Gate;
use crate::home::{
    Home, assert_exactly_once, eventually, interrupt, jpeg, large_jpeg, originals, rest, sha256,
};
use crate::mounts::Mounts;
use library::view::DestinationConfig;
use std::fs;
use std::path::{Path, PathBuf};
use testbed::{Bucket, Disk, Server};

on_plain_servers! {
    nothing_of_a_removed_destination_shows_up_in_the_next_one
    photos_wait_for_the_right_keys
    an_object_that_was_emptied_is_no_backup_and_the_photo_goes_up_again
    a_bucket_that_was_emptied_is_said_and_can_be_added_anew
    what_was_safe_in_a_bucket_that_was_away_is_safe_again_when_it_is_back
    what_was_safe_in_a_bucket_that_is_removed_under_way_is_not_said_to_be_safe
}

/// Its marker is gone with the rest: that is no disk that comes back by itself.
async fn a_bucket_that_was_emptied_is_said_and_can_be_added_anew(server: Server) {
    let bucket = server.bucket().await;
    let mut home = Home::with_bucket(&bucket);
    let photos = [jpeg(1), jpeg(2)];
    home.put("a.jpg", &photos[0]);
    home.ok(&["sync", "--once"]);
    for (key, _) in bucket.list().await {
        bucket.delete(&key).await;
    }
    home.put("b.jpg", &photos[1]);
    let run = home.run(&["sync", "--once"]);
    assert_eq!(run.code, 4, "{run:?}");
    let status = home.json(&["status"]);
    let stuck = &status["last_run"]["stuck_destinations"][0];
    assert_eq!(stuck["reason"]["code"], "library_gone", "{status}");
    // What was safe there alone is not, and nothing says so.
    assert_eq!(
        (&status["safe"], &status["needs_you"], &status["bytes_safe"]),
        (&0.into(), &2.into(), &0.into()),
        "{status}"
    );
    assert_eq!(home.states()["a.jpg"], "failed");
    let list = home.json(&["list"]);
    let copy = &list[0]["destinations"][0];
    assert_eq!(
        (&copy["state"], &copy["proof"]),
        (&"failed".into(), &serde_json::Value::Null)
    );
    let said = home.ok(&["status"]).stdout;
    assert!(said.contains("1 photo was safe there"), "{said}");
    let run = home.run(&["sync", "--once", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        (
            &report["backed_up"],
            report["unfinished"].as_array().unwrap().len()
        ),
        (&0.into(), 2),
        "{report}"
    );
    for words in [
        &["verify", "--json"][..],
        &["rebuild", "--from", "home", "--json"],
    ] {
        let run = home.run(words);
        assert_eq!(run.code, 4, "{run:?}");
        assert!(run.stdout.contains("library_gone"), "{run:?}");
    }
    assert!(bucket.list().await.is_empty(), "nothing is written there");

    let name = stuck["name"].as_str().unwrap();
    home.ok(&["destination", "remove", name]);
    home.add_bucket(&bucket.endpoint, &bucket.endpoint.url, &bucket.name);
    home.ok(&["sync", "--once"]);
    assert_exactly_once(&bucket, &photos).await;
}

/// As after a server was started without its disk, and then with it.
async fn what_was_safe_in_a_bucket_that_was_away_is_safe_again_when_it_is_back(server: Server) {
    let bucket = server.bucket().await;
    let mut home = Home::with_bucket(&bucket);
    let photo = jpeg(1);
    let path = home.put("a.jpg", &photo);
    home.put("b.jpg", &jpeg(2));
    home.ok(&["sync", "--once"]);
    fs::remove_file(path).unwrap();
    home.ok(&["sync", "--once"]);
    assert_eq!(home.states()["a.jpg"], "online_only");
    let marker = ".imgn/destination.json";
    let kept = bucket.get(marker).await;
    let before = bucket.stamps().await;

    bucket.delete(marker).await;
    // As after an hour: with nothing to bring there, it is not asked before.
    home.forget_lists();
    assert_eq!(home.run(&["sync", "--once"]).code, 4);
    let states = home.states();
    assert_eq!(
        (states["a.jpg"].as_str(), states["b.jpg"].as_str()),
        ("failed", "failed")
    );
    let status = home.json(&["status"]);
    assert_eq!(
        (&status["online_only"], &status["safe"]),
        (&0.into(), &0.into()),
        "{status}"
    );

    bucket.put(marker, kept).await;
    home.ok(&["sync", "--once"]);
    let states = home.states();
    assert_eq!(
        (states["a.jpg"].as_str(), states["b.jpg"].as_str()),
        ("online_only", "backed_up")
    );
    let mut after = bucket.stamps().await;
    after.insert(marker.to_owned(), before[marker].clone());
    assert_eq!(after, before, "nothing was sent again");
}

/// Who syncs finds out by the next photo, long before the bucket is asked again.
async fn what_was_safe_in_a_bucket_that_is_removed_under_way_is_not_said_to_be_safe(
    server: Server,
) {
    let bucket = server.bucket().await;
    let home = Home::with_bucket(&bucket);
    home.put("a.jpg", &jpeg(1));
    let mut syncing = home.spawn(&["sync", "--watch"]);
    let comes_to = async |safe: i32, needs_you: i32| {
        let what = format!("{safe} safe, {needs_you} need you");
        eventually(&what, async || {
            let status = home.json(&["status"]);
            status["safe"] == safe && status["needs_you"] == needs_you
        })
        .await;
    };
    comes_to(1, 0).await;
    // What lies beside the photo went up, too: nothing is written there from now on.
    eventually("all jobs are done", async || {
        let jobs = home
            .database()
            .query_row("SELECT count(*) FROM job", [], |row| row.get(0));
        jobs == Ok(0)
    })
    .await;
    bucket.destroy().await;
    home.put("b.jpg", &jpeg(2));
    comes_to(0, 2).await;
    let said = home.ok(&["status"]).stdout;
    assert!(said.contains("1 photo was safe there"), "{said}");
    interrupt(syncing.id());
    syncing.wait().unwrap();
}

async fn nothing_of_a_removed_destination_shows_up_in_the_next_one(server: Server) {
    let (old, new) = (server.bucket().await, server.bucket().await);
    let old_line = Gate::start(&old.endpoint.url).await;
    let new_line = Gate::start(&new.endpoint.url).await;
    let mut home = Home::new();
    home.watch_pictures();
    home.add_bucket(&old.endpoint, &old_line.url(), &old.name);
    let photos: Vec<Vec<u8>> = (0..6).map(|seed| large_jpeg(seed, 1 << 20)).collect();
    for (number, photo) in photos.iter().enumerate() {
        home.put(format!("IMG_{number}.jpg"), photo);
    }
    let library = home.library().await;
    old_line.allow(1 << 20);
    library.start().await.unwrap();
    old_line.stands_still().await;

    let removed = library.status().await.unwrap().destinations[0].id;
    library.remove_destination(removed).await.unwrap();
    // Enough for its marker, not for a photo.
    new_line.allow(128 << 10);
    library
        .add_destination("new".into(), s3(&new_line.url(), &new), home.typed_keys())
        .await
        .unwrap();
    new_line.stands_still().await;
    // What was under way to the old one ends while nothing has reached the new one.
    old_line.open();
    old_line.is_left().await;
    let status = library.status().await.unwrap();
    assert_eq!(status.safe, 0, "nothing is in the new bucket: {status:?}");

    new_line.open();
    let report = library.sync_once().await.unwrap();
    assert_eq!(report.backed_up, 6, "{report:?}");
    library.shutdown().await;
    assert_exactly_once(&new, &photos).await;
    for photo in home.json(&["list"]).as_array().unwrap() {
        let places = photo["destinations"].as_array().unwrap();
        assert_eq!(places.len(), 1, "{photo}");
        assert_eq!(places[0]["name"], "new", "{photo}");
    }
}

async fn photos_wait_for_the_right_keys(server: Server) {
    let bucket = server.bucket().await;
    let mut home = Home::with_bucket(&bucket);
    let photos = [jpeg(1), jpeg(2)];
    home.put("a.jpg", &photos[0]);
    home.put("b.jpg", &photos[1]);
    home.set_keys(&bucket.endpoint.access_key_id, "not-the-secret");
    assert_eq!(home.run(&["sync", "--once"]).code, 4);
    assert!(
        home.states().values().all(|state| state != "failed"),
        "{:?}",
        home.states()
    );
    home.set_keys(
        &bucket.endpoint.access_key_id,
        &bucket.endpoint.secret_access_key,
    );
    home.ok(&["sync", "--once"]);
    assert_exactly_once(&bucket, &photos).await;
}

/// As a failed copy between two stores leaves it, and a failing disk.
async fn an_object_that_was_emptied_is_no_backup_and_the_photo_goes_up_again(server: Server) {
    let bucket = server.bucket().await;
    let mut home = Home::with_bucket(&bucket);
    let photo = jpeg(1);
    home.put("a.jpg", &photo);
    home.ok(&["sync", "--once"]);
    bucket.put("2019/06/a.jpg", b"").await;
    home.forget_lists();
    home.ok(&["sync", "--once"]);
    let there = originals(&bucket).await;
    assert_eq!(there[&sha256(&photo)].len(), 1, "{there:?}");
    assert_eq!(home.states()["a.jpg"], "backed_up");
}

#[test]
fn a_backup_that_was_emptied_in_a_folder_is_made_again() {
    let mut home = Home::new();
    home.watch_pictures();
    let nas = home.add_folder_destination("nas");
    let photos = [jpeg(1), jpeg(2)];
    home.put("a.jpg", &photos[0]);
    home.put("b.jpg", &photos[1]);
    home.ok(&["sync", "--once"]);
    let emptied = photos_in(&nas).remove(0);
    fs::write(&emptied, "").unwrap();
    rest(&emptied);
    home.forget_lists();
    home.ok(&["sync", "--once"]);
    assert_all_there(&nas, &photos);
}

#[test]
fn a_place_is_listed_as_it_was_last_seen_while_nothing_runs() {
    let home = Home::new();
    home.watch_pictures();
    home.add_folder_destination("nas");
    home.put("a.jpg", &jpeg(1));
    home.ok(&["sync", "--once"]);
    let list = home.ok(&["destination", "list"]).stdout;
    assert!(list.contains("  last seen "), "{list}");
    assert!(list.contains(" · 1 photo safe there"), "{list}");
}

#[test]
fn a_full_folder_holds_nothing_half_written_and_goes_on_when_there_is_room() {
    let home = Home::new();
    let Some(nas) = Disk::mount(home.path("nas"), "size=6m") else {
        println!("not run: this account may not mount a small disk");
        return;
    };
    home.watch_pictures();
    home.add_folder_destination("nas");
    let photos: Vec<Vec<u8>> = (0..4).map(|seed| large_jpeg(seed, 2 << 20)).collect();
    for (number, photo) in photos.iter().enumerate() {
        home.put(format!("IMG_{number}.jpg"), photo);
    }
    let run = home.run(&["sync", "--once"]);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(run.stderr.contains("full"), "{run:?}");
    for file in photos_in(&nas.path) {
        let there = fs::read(&file).unwrap();
        assert!(photos.contains(&there), "{} is no photo", file.display());
    }
    assert!(home.states().values().all(|state| state != "failed"));
    home.assert_library_is_sound();

    nas.again("size=64m");
    home.ok(&["sync", "--once"]);
    assert_all_there(&nas.path, &photos);
}

#[test]
fn a_read_only_folder_is_said_and_goes_on_when_it_can_be_written() {
    let home = Home::new();
    let Some(nas) = Disk::mount(home.path("nas"), "size=16m") else {
        println!("not run: this account may not mount a disk");
        return;
    };
    home.watch_pictures();
    home.add_folder_destination("nas");
    let photos = [jpeg(1), jpeg(2)];
    home.put("a.jpg", &photos[0]);
    home.put("b.jpg", &photos[1]);
    nas.again("ro");
    let run = home.run(&["sync", "--once"]);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(
        run.stderr
            .contains("This computer may not write or read there"),
        "it has no key that could be wrong: {run:?}"
    );
    assert!(
        home.states().values().all(|state| state != "failed"),
        "{:?}",
        home.states()
    );

    nas.again("rw");
    home.ok(&["sync", "--once"]);
    assert_all_there(&nas.path, &photos);
}

fn assert_all_there(nas: &Path, photos: &[Vec<u8>]) {
    let there: Vec<Vec<u8>> = photos_in(nas)
        .iter()
        .map(|file| fs::read(file).unwrap())
        .collect();
    assert_eq!(there.len(), photos.len());
    assert!(photos.iter().all(|photo| there.contains(photo)));
}

/// What lies under a folder destination, sidecars and imgn's own files aside.
fn photos_in(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().unwrap() != ".imgn" {
                found.extend(photos_in(&path));
            }
        } else if path.extension().unwrap() != "meta" {
            found.push(path);
        }
    }
    found
}

fn s3(url: &str, bucket: &Bucket) -> DestinationConfig {
    DestinationConfig::S3 {
        endpoint: Some(url.to_owned()),
        bucket: bucket.name.clone(),
        prefix: String::new(),
        region: bucket.endpoint.region.clone(),
        path_style: None,
        ca_file: None,
        profile: None,
        key_template: None,
        layout: Default::default(),
        cognito: None,
    }
}

#[test]
fn a_folder_that_hangs_is_said_to_be_unreachable_and_not_waited_for() {
    let mut home = Home::new();
    home.watch_pictures();
    let nas = home.add_folder_destination("nas");
    home.put("IMG_1.jpg", &jpeg(1));
    home.mounts = Mounts::new();
    let Some(_hanging) = home.mounts.as_ref().and_then(|mounts| mounts.hang(&nas)) else {
        println!("not run: this system does not let a user mount such a disk in a namespace");
        return;
    };
    let run = home.run(&["sync", "--once"]);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(
        run.stderr.contains("no answer") || run.stdout.contains("no answer"),
        "{run:?}"
    );
}
