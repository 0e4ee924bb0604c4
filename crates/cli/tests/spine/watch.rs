//! `sync --watch`: what comes is brought up as it comes.

use crate::home::{
    Home, assert_exactly_once, eventually, interrupt, jpeg, large_jpeg, originals, sha256,
};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};
use testbed::Minio;

#[tokio::test]
async fn files_go_up_as_they_come_and_only_when_they_rest_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let home = Home::with_bucket(&bucket);
    let mut watch = home.spawn(&["sync", "--watch"]);

    let first = jpeg(1);
    // Written as `cp` does, into a folder that did not exist when the watch began.
    fs::create_dir_all(home.pictures("new/folder")).unwrap();
    fs::write(home.pictures("new/folder/a.jpg"), &first).unwrap();
    eventually("the first photo is there", async || {
        originals(&bucket).await.len() == 1
    })
    .await;

    // A camera writes slowly: half a photo must never be taken for one.
    let mut there = vec![first];
    loop {
        let slow = jpeg(1 + there.len() as u64);
        let name = home.pictures(&format!("slow-{}.jpg", there.len()));
        let whole = write_slowly(&name, &slow);
        eventually("the slow photo is there", async || {
            originals(&bucket).await.contains_key(&sha256(&slow))
        })
        .await;
        there.push(slow);
        if whole {
            break;
        }
        // The half that rested for long may be there too, as the other test has it: of this one nothing
        // can be said.
        fs::remove_file(&name).unwrap();
    }
    let slow = there.last().unwrap();
    let files = originals(&bucket).await;
    let name = format!("slow-{}", there.len() - 1);
    let of_it = files.values().flatten().filter(|key| key.contains(&name));
    assert_eq!(of_it.count(), 1, "{files:?}");
    assert_eq!(files[&sha256(slow)].len(), 1, "{files:?}");

    interrupt(watch.id());
    assert_eq!(watch.wait().unwrap().code(), Some(0));
}

/// Writes in pieces, each well before a file counts as being at rest. Returns whether this machine let it:
/// one that stands still for long between two pieces leaves a file at rest.
fn write_slowly(path: &Path, bytes: &[u8]) -> bool {
    let mut file = File::create(path).unwrap();
    let mut in_time = true;
    for part in bytes.chunks(bytes.len() / 4 + 1) {
        let begun = Instant::now();
        file.write_all(part).unwrap();
        file.flush().unwrap();
        std::thread::sleep(Duration::from_millis(400));
        in_time &= begun.elapsed() < Duration::from_millis(1_500);
    }
    in_time
}

// Longer than a file rests before it is taken to be whole.
const LONG_PAUSE: Duration = Duration::from_millis(2_500);

/// The half may have gone up as a version of its own; what it never is, is a part of another one.
#[tokio::test]
async fn a_writer_that_pauses_long_ends_with_the_whole_photo_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let home = Home::with_bucket(&bucket);
    let mut watch = home.spawn(&["sync", "--watch"]);
    let whole = large_jpeg(1, 200_000);
    let (half, rest) = whole.split_at(whole.len() / 2);
    let mut file = File::create(home.pictures("slow.jpg")).unwrap();
    file.write_all(half).unwrap();
    tokio::time::sleep(LONG_PAUSE).await;
    file.write_all(rest).unwrap();
    drop(file);
    eventually("the whole photo is there", async || {
        originals(&bucket).await.contains_key(&sha256(&whole))
    })
    .await;
    interrupt(watch.id());
    assert_eq!(watch.wait().unwrap().code(), Some(0));

    home.ok(&["sync", "--once"]);
    let there = originals(&bucket).await;
    let versions = [sha256(half), sha256(&whole)];
    assert!(
        there
            .iter()
            .all(|(found, keys)| versions.contains(found) && keys.len() == 1),
        "{there:?}"
    );
    assert_eq!(home.states()["slow.jpg"], "backed_up");
}

#[tokio::test]
async fn a_burst_of_files_is_missed_by_none_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let home = Home::with_bucket(&bucket);
    let mut watch = home.spawn(&["sync", "--watch"]);
    let photos: Vec<Vec<u8>> = (0..200).map(jpeg).collect();
    for (number, photo) in photos.iter().enumerate() {
        let folder = home.pictures(&format!("{}/{}", number % 7, number % 3));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("{number}.jpg")), photo).unwrap();
    }
    eventually("all are there", async || {
        let objects = bucket.list_originals().await;
        objects
            .iter()
            .filter(|(key, _)| key.ends_with(".jpg"))
            .count()
            == photos.len()
    })
    .await;
    assert_exactly_once(&bucket, &photos).await;
    interrupt(watch.id());
    watch.wait().unwrap();
}

/// A link to the whole system is no rarity: wine makes one. What it leads to is not asked for, and would take all
/// the watches that there are.
#[tokio::test]
async fn what_links_lead_to_is_neither_watched_nor_backed_up() {
    let home = Home::new();
    home.watch_pictures();
    home.add_folder_destination("nas");
    let outside = home.path("outside");
    fs::create_dir_all(outside.join("below")).unwrap();
    fs::create_dir(home.pictures("2019")).unwrap();
    let links = [
        ("2019/outside", &outside),
        ("2019/loop", &home.pictures("")),
    ];
    for (link, to) in links {
        std::os::unix::fs::symlink(to, home.pictures(link)).unwrap();
    }
    let mut watch = home.spawn(&["sync", "--watch"]);
    eventually_safe(&home, 0).await;
    std::os::unix::fs::symlink(&outside, home.pictures("late")).unwrap();
    for (seed, private) in [(1, "private.jpg"), (2, "below/private.jpg")] {
        fs::write(outside.join(private), jpeg(seed)).unwrap();
    }
    fs::write(home.pictures("2019/own.jpg"), jpeg(3)).unwrap();
    eventually_safe(&home, 1).await;
    let watches = watches_of(watch.id());
    interrupt(watch.id());
    watch.wait().unwrap();

    // Pictures, 2019, and a few of the program's own.
    assert!(watches < 10, "{watches} watches");
    assert_eq!(
        home.states().into_keys().collect::<Vec<_>>(),
        ["own.jpg"],
        "only what lies in the folder"
    );
}

/// As after a move to a larger disk.
#[tokio::test]
async fn a_folder_that_is_a_link_itself_is_watched() {
    let home = Home::new();
    home.watch_pictures();
    home.add_folder_destination("nas");
    fs::rename(home.pictures(""), home.path("large disk")).unwrap();
    std::os::unix::fs::symlink(home.path("large disk"), home.path("Pictures")).unwrap();
    fs::create_dir(home.pictures("2019")).unwrap();
    let mut watch = home.spawn(&["sync", "--watch"]);
    eventually_safe(&home, 0).await;
    for (seed, path) in [(1, "a.jpg"), (2, "2019/b.jpg")] {
        fs::write(home.pictures(path), jpeg(seed)).unwrap();
    }
    eventually_safe(&home, 2).await;
    fs::create_dir_all(home.pictures("late/below")).unwrap();
    fs::write(home.pictures("late/below/c.jpg"), jpeg(3)).unwrap();
    eventually_safe(&home, 3).await;
    interrupt(watch.id());
    watch.wait().unwrap();
}

/// Once the folder was read and its watch is set.
async fn eventually_safe(home: &Home, photos: u32) {
    eventually(&format!("{photos} photos are safe"), async || {
        let status = home.run(&["status", "--json"]);
        let status: serde_json::Value = serde_json::from_str(&status.stdout).unwrap_or_default();
        let folder = &status["folders"][0];
        status["safe"] == photos && folder["state"] == "watching" && folder["polling"] == false
    })
    .await;
}

/// Directories that the system tells a process of.
fn watches_of(process: u32) -> usize {
    let files = fs::read_dir(format!("/proc/{process}/fdinfo")).unwrap();
    let watches = files.flatten().map(|file| {
        let lines = fs::read_to_string(file.path()).unwrap_or_default();
        lines
            .lines()
            .filter(|line| line.starts_with("inotify wd:"))
            .count()
    });
    watches.sum()
}
