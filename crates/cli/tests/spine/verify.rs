//! What lies at a destination is gone over: what is not there as it was is found, is no backup any
//! more, and goes up again.

mod unwell;

use crate::gate::Gate;
use crate::home::{Home, Run, interrupt, jpeg, large_jpeg, originals, sha256};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use testbed::{Minio, Server};

on_every_server! {
    reading_back_finds_every_seeded_corruption
}

on_plain_servers! {
    a_look_finds_what_is_gone_or_has_another_size
    what_is_missing_or_damaged_beside_a_photo_is_put_there_again
    what_a_later_imgn_wrote_beside_a_photo_is_left_alone
}

const PHOTOS: u64 = 8;

fn report(run: &Run) -> Value {
    serde_json::from_str::<Value>(&run.stdout).unwrap()["destinations"][0].clone()
}

fn wrong(report: &Value) -> BTreeSet<(String, String)> {
    report["wrong"]
        .as_array()
        .unwrap()
        .iter()
        .map(|wrong| {
            (
                wrong["name"].as_str().unwrap().to_owned(),
                wrong["what"].as_str().unwrap().to_owned(),
            )
        })
        .collect()
}

fn seeded() -> BTreeSet<(String, String)> {
    [
        ("IMG_0.jpg", "damaged"),
        ("IMG_1.jpg", "damaged"),
        ("IMG_2.jpg", "missing"),
        ("IMG_3.jpg", "damaged"),
        ("IMG_4.jpg", "damaged"),
    ]
    .map(|(name, what)| (name.to_owned(), what.to_owned()))
    .into()
}

fn flipped(bytes: &[u8]) -> Vec<u8> {
    let mut flipped = bytes.to_vec();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    flipped
}

/// Two of the photos have one size, so that nothing but their bytes tells them apart.
fn photos() -> Vec<Vec<u8>> {
    (0..PHOTOS)
        .map(|seed| match seed {
            3 | 4 => large_jpeg(seed, 300 << 10),
            _ => jpeg(seed),
        })
        .collect()
}

async fn what_is_missing_or_damaged_beside_a_photo_is_put_there_again(server: Server) {
    let bucket = server.bucket().await;
    let home = Home::with_bucket(&bucket);
    for seed in 0..5 {
        home.put(format!("IMG_{seed}.jpg"), &jpeg(seed));
    }
    home.ok(&["sync", "--once"]);
    let sidecar = |seed: u64| format!("2019/06/IMG_{seed}.jpg.meta");
    let thumbnail = |seed: u64| {
        let hash = sha256(&jpeg(seed));
        format!(".imgn/thumbs/{}/{hash}.webp", &hash[..2])
    };
    let mut whole = Vec::new();
    for seed in 0..5 {
        whole.push((
            bucket.get(&sidecar(seed)).await,
            bucket.get(&thumbnail(seed)).await,
        ));
    }
    let well = home.json(&["verify"]);
    assert_eq!(well["destinations"][0]["derived"], 0, "{well}");

    bucket.delete(&sidecar(0)).await;
    bucket.put(&sidecar(1), "{\"schema\":\"imgn/1\"").await;
    bucket.put(&sidecar(2), whole[3].0.clone()).await;
    bucket.delete(&thumbnail(3)).await;
    bucket
        .put(&thumbnail(4), &whole[4].1[..whole[4].1.len() / 2])
        .await;
    // A look sees what is gone or says something else; only reading sees that a thumbnail is cut off.
    let looked = home.json(&["verify"]);
    assert_eq!(looked["destinations"][0]["derived"], 4, "{looked}");
    assert_eq!(looked["destinations"][0]["right"], 5, "{looked}");
    let read = home.run(&["verify", "--read-data", "100%"]);
    assert_eq!(read.code, 0, "{read:?}");
    assert!(
        read.stdout.contains("1 sidecar or thumbnail"),
        "those that wait already are no news: {read:?}"
    );
    home.ok(&["sync", "--once"]);
    for (seed, (meta, webp)) in (0..).zip(&whole) {
        assert!(bucket.get(&sidecar(seed)).await == *meta, "{seed}");
        assert!(bucket.get(&thumbnail(seed)).await == *webp, "{seed}");
    }
    let well = home.json(&["verify", "--read-data", "100%"]);
    assert_eq!(well["destinations"][0]["derived"], 0, "{well}");
}

async fn what_a_later_imgn_wrote_beside_a_photo_is_left_alone(server: Server) {
    let bucket = server.bucket().await;
    let (home, other) = (Home::with_bucket(&bucket), Home::with_bucket(&bucket));
    home.put("IMG_1.jpg", &jpeg(1));
    home.ok(&["sync", "--once"]);
    let (key, later) = (
        "2019/06/IMG_1.jpg.meta",
        r#"{"schema":"imgn/2","rating":{"stars":5}}"#,
    );
    bucket.put(key, later).await;
    // Neither a check, nor another computer that adopts the photo, takes it for damaged.
    let well = home.json(&["verify"]);
    assert_eq!(well["destinations"][0]["derived"], 0, "{well}");
    home.ok(&["sync", "--once"]);
    other.put("IMG_1.jpg", &jpeg(1));
    other.ok(&["sync", "--once"]);
    assert_eq!(bucket.get(key).await, later.as_bytes());
}

async fn reading_back_finds_every_seeded_corruption(server: Server) {
    let bucket = server.bucket().await;
    let home = Home::with_bucket(&bucket);
    let photos = photos();
    for (number, photo) in photos.iter().enumerate() {
        home.put(format!("IMG_{number}.jpg"), photo);
    }
    home.ok(&["sync", "--once"]);
    let whole = home.json(&["verify", "--read-data", "100%"]);
    assert_eq!(whole["destinations"][0]["read"], PHOTOS, "{whole}");

    let key = |number: usize| format!("2019/06/IMG_{number}.jpg");
    // Said to be what it was: what stands beside an object is no proof.
    bucket
        .put_saying(&key(0), flipped(&photos[0]), &sha256(&photos[0]))
        .await;
    bucket.put(&key(1), &photos[1][..photos[1].len() / 2]).await;
    bucket.delete(&key(2)).await;
    bucket
        .put_saying(&key(3), photos[4].clone(), &sha256(&photos[3]))
        .await;
    bucket
        .put_saying(&key(4), photos[3].clone(), &sha256(&photos[4]))
        .await;

    let run = home.run(&["verify", "--read-data", "100%", "--json"]);
    assert_eq!(run.code, 3, "{run:?}");
    let found = report(&run);
    assert_eq!(wrong(&found), seeded(), "{found}");
    assert_eq!(found["right"], PHOTOS - 5, "{found}");
    let states = home.states();
    for number in 0..5 {
        assert_ne!(
            states[&format!("IMG_{number}.jpg")],
            "backed_up",
            "{states:?}"
        );
    }

    let before = originals(&bucket).await;
    home.ok(&["sync", "--once"]);
    let after = originals(&bucket).await;
    for (hash, keys) in &before {
        let left = keys.iter().all(|key| after[hash].contains(key));
        assert!(left, "{keys:?} was overwritten or deleted: {after:?}");
    }
    for photo in &photos {
        let there = after.get(&sha256(photo));
        assert!(
            there.is_some_and(|keys| !keys.is_empty()),
            "lost: {after:?}"
        );
    }
    // The missing one has its name again, the damaged ones got another.
    let shown =
        |number: usize| home.json(&["show", &sha256(&photos[number])])[0]["copies"][0].clone();
    assert_eq!(shown(2)["key"], key(2).as_str());
    for number in [0, 1, 3, 4] {
        let suffix = &sha256(&photos[number])[..8];
        assert_eq!(
            shown(number)["key"],
            format!("2019/06/IMG_{number}-{suffix}.jpg").as_str()
        );
    }
    let again = home.json(&["verify", "--read-data", "100%"]);
    assert_eq!(again["destinations"][0]["right"], PHOTOS, "{again}");
    // What is damaged is not taken for a photo of its own when the bucket is listed again.
    let mut home = home;
    home.forget_lists();
    home.ok(&["sync", "--once"]);
    assert_eq!(home.states().len(), PHOTOS as usize, "{:?}", home.states());
}

async fn a_look_finds_what_is_gone_or_has_another_size(server: Server) {
    let bucket = server.bucket().await;
    let home = Home::with_bucket(&bucket);
    let photos = photos();
    for (number, photo) in photos.iter().enumerate() {
        home.put(format!("IMG_{number}.jpg"), photo);
    }
    home.ok(&["sync", "--once"]);
    let all_well = home.json(&["verify"]);
    assert_eq!(all_well["destinations"][0]["right"], PHOTOS, "{all_well}");
    assert_eq!(all_well["destinations"][0]["read"], 0, "{all_well}");

    bucket.delete("2019/06/IMG_0.jpg").await;
    bucket.put("2019/06/IMG_1.jpg", b"short".to_vec()).await;
    // Of the same size, but another object: what the store calls it tells.
    bucket.put("2019/06/IMG_2.jpg", flipped(&photos[2])).await;
    let run = home.run(&["verify", "--json"]);
    assert_eq!(run.code, 3, "{run:?}");
    let expected = [
        ("IMG_0.jpg", "missing"),
        ("IMG_1.jpg", "damaged"),
        ("IMG_2.jpg", "damaged"),
    ]
    .map(|(name, what)| (name.to_owned(), what.to_owned()));
    assert_eq!(wrong(&report(&run)), expected.into(), "{run:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_that_is_interrupted_takes_nothing_back_and_the_next_one_ends_it_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let gate = Gate::start(&bucket.endpoint.url).await;
    let mut home = Home::new();
    home.watch_pictures();
    home.add_bucket(&bucket.endpoint, &gate.url(), &bucket.name);
    for (number, photo) in (0..).zip(photos()) {
        home.put(format!("IMG_{number}.jpg"), &photo);
    }
    home.ok(&["sync", "--once"]);

    // Some answers get through, then none.
    gate.allow(20_000);
    let check = home
        .command(&["verify", "--read-data", "100%", "--json"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    gate.stands_still().await;
    interrupt(check.id());
    let stopped: Run = check.wait_with_output().unwrap().into();
    assert_eq!(stopped.code, 3, "{stopped:?}");
    let report = report(&stopped);
    assert_eq!(report["stopped"], true, "{report}");
    assert!(report["wrong"].as_array().unwrap().is_empty(), "{report}");
    let states: BTreeSet<String> = home.states().into_values().collect();
    assert_eq!(states, BTreeSet::from(["backed_up".to_owned()]));

    gate.cut().await;
    gate.open();
    let ended = home.json(&["verify", "--read-data", "100%"]);
    assert_eq!(ended["destinations"][0]["right"], PHOTOS, "{ended}");
}

/// A folder vouches for nothing: bytes that rot under their name are found by reading alone.
#[test]
fn in_a_folder_reading_back_finds_every_seeded_corruption() {
    let (home, nas, photos) = in_a_folder();
    let place = |number: usize| nas.join(format!("2019/06/IMG_{number}.jpg"));
    fs::write(place(0), flipped(&photos[0])).unwrap();
    fs::write(place(1), &photos[1][..photos[1].len() / 2]).unwrap();
    fs::remove_file(place(2)).unwrap();
    let aside = nas.join("aside");
    fs::rename(place(3), &aside).unwrap();
    fs::rename(place(4), place(3)).unwrap();
    fs::rename(&aside, place(4)).unwrap();

    let look = home.run(&["verify", "--json"]);
    assert_eq!(look.code, 3, "{look:?}");
    let by_looking = [("IMG_1.jpg", "damaged"), ("IMG_2.jpg", "missing")]
        .map(|(name, what)| (name.to_owned(), what.to_owned()));
    assert_eq!(wrong(&report(&look)), by_looking.into(), "{look:?}");

    let read = home.run(&["verify", "--read-data", "100%", "--json"]);
    assert_eq!(read.code, 3, "{read:?}");
    assert_eq!(wrong(&report(&read)), seeded(), "{read:?}");
    home.ok(&["sync", "--once"]);
    assert_eq!(
        fs::read(place(0)).unwrap(),
        flipped(&photos[0]),
        "left alone"
    );
    assert_eq!(fs::read(place(2)).unwrap(), photos[2]);
    let again = home.json(&["verify", "--read-data", "100%"]);
    assert_eq!(again["destinations"][0]["right"], PHOTOS, "{again}");
    home.assert_library_is_sound();
}

#[test]
fn each_run_reads_others() {
    let (home, _, _) = in_a_folder();
    let mut seen = BTreeSet::new();
    for _ in 0..4 {
        let run = home.json(&["verify", "--read-data", "25%"]);
        assert_eq!(run["destinations"][0]["read"], PHOTOS / 4, "{run}");
        let read: Vec<(i64, i64)> = home
            .database()
            .prepare("SELECT photo, read_at FROM copy WHERE read_at IS NOT NULL")
            .unwrap()
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert!(read.iter().any(|pair| !seen.contains(pair)));
        seen.extend(read);
    }
    let photos: BTreeSet<i64> = seen.iter().map(|(photo, _)| *photo).collect();
    assert_eq!(
        photos.len(),
        PHOTOS as usize,
        "after four quarters all were read"
    );
    assert_eq!(seen.len(), PHOTOS as usize, "and none twice");
}

#[test]
fn a_photo_that_is_nowhere_any_more_is_said_to_be_lost_until_a_file_is_back() {
    let (home, nas, photos) = in_a_folder();
    // As another machine's photos: no file here has the bytes.
    let here = home.pictures("IMG_0.jpg");
    fs::remove_file(&here).unwrap();
    home.ok(&["sync", "--once"]);
    assert_eq!(home.states()["IMG_0.jpg"], "online_only");
    fs::write(nas.join("2019/06/IMG_0.jpg"), flipped(&photos[0])).unwrap();

    for _ in 0..2 {
        let run = home.run(&["verify", "--read-data", "100%", "--json"]);
        assert_eq!(run.code, 3, "{run:?}");
        assert_eq!(report(&run)["wrong"][0]["goes_up_again"], false, "{run:?}");
        assert_eq!(home.states()["IMG_0.jpg"], "failed");
    }
    // Not read this time, and damaged all the same.
    let look = home.run(&["verify", "--json"]);
    assert_eq!(
        (look.code, &report(&look)["damaged"]),
        (3, &1.into()),
        "{look:?}"
    );
    let shown = home.json(&["show", &sha256(&photos[0])]);
    assert_eq!(
        shown[0]["copies"][0]["reason"]["code"], "copy_damaged",
        "{shown}"
    );
    assert_eq!(home.json(&["status"])["needs_you"], 1);

    home.put("found again.jpg", &photos[0]);
    home.ok(&["sync", "--once"]);
    assert_eq!(home.run(&["verify", "--read-data", "100%"]).code, 0);
}

fn in_a_folder() -> (Home, std::path::PathBuf, Vec<Vec<u8>>) {
    let home = Home::new();
    home.watch_pictures();
    let nas = home.add_folder_destination("nas");
    let photos = photos();
    for (number, photo) in photos.iter().enumerate() {
        home.put(Path::new(&format!("IMG_{number}.jpg")), photo);
    }
    home.ok(&["sync", "--once"]);
    (home, nas, photos)
}
