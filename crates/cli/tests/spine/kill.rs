//! kill -9 at any moment: the next start goes on from the rows.

use crate::gate::Gate;
use crate::home::{Home, assert_exactly_once, jpeg, large_jpeg};
use std::collections::BTreeSet;
use testbed::{FaultProxy, Request, Server};

const PHOTOS: u64 = 60;
const PHOTO: usize = 64 * 1024;
const KILLS: u32 = 10;
/// What passes between two kills at most: together less than all photos, so that every kill meets
/// a program with work left.
const STEP: u64 = PHOTOS * PHOTO as u64 / (KILLS as u64 + 2);
/// Photos that go up at once at most.
const AT_ONCE: usize = 8;

on_plain_servers! {
    killed_at_ten_random_moments_nothing_is_lost_and_nothing_doubled
    killed_before_anything_was_sent_it_begins_again
}

/// A moment is a number of bytes, of any request or answer, after which the line stands still.
async fn killed_at_ten_random_moments_nothing_is_lost_and_nothing_doubled(server: Server) {
    let seed = std::env::var("IMGN_TEST_SEED").map_or_else(
        |_| u64::from(std::process::id()),
        |seed| seed.parse().unwrap(),
    );
    // Shown when the test fails; IMGN_TEST_SEED repeats it.
    println!("seed {seed}");
    let bucket = server.bucket().await;
    let gate = Gate::start(&bucket.endpoint.url).await;
    let proxy = FaultProxy::start(&gate.url()).await;
    let mut home = Home::new();
    home.watch_pictures();
    home.add_bucket(&bucket.endpoint, &proxy.url(), &bucket.name);
    let photos: Vec<Vec<u8>> = (0..PHOTOS).map(|seed| large_jpeg(seed, PHOTO)).collect();
    for (number, photo) in photos.iter().enumerate() {
        // Names collide on purpose: the second of each key has to get its suffix once.
        home.put(format!("{}/IMG_{}.jpg", number % 2, number / 2), photo);
    }

    let mut again = 0;
    for kill in 0..KILLS {
        let before = proxy.requests().len();
        gate.allow(random(seed, kill) % STEP);
        let mut sync = home.spawn(&["sync", "--once"]);
        gate.stands_still().await;
        assert!(
            sync.try_wait().unwrap().is_none(),
            "kill {kill}: it was still at work"
        );
        sync.kill().unwrap();
        sync.wait().unwrap();
        gate.cut().await;
        home.assert_library_is_sound();

        let safe = backed_up(&home);
        assert!(safe.len() < photos.len(), "kill {kill}: nothing was left");
        let in_flight = originals_sent(&proxy.requests()[before..], &bucket.name)
            .into_iter()
            .filter(|key| !safe.contains(key))
            .count();
        assert!(
            in_flight <= AT_ONCE,
            "kill {kill}: {in_flight} under way at once"
        );
        again += in_flight;
    }
    gate.open();
    home.ok(&["sync", "--once"]);
    assert_eq!(backed_up(&home).len(), photos.len());
    assert_exactly_once(&bucket, &photos).await;
    let sent = originals_sent(&proxy.requests(), &bucket.name).len();
    assert!(
        sent <= photos.len() + again,
        "{sent} PUTs of {PHOTOS} photos, of which {again} were under way when it was killed"
    );
}

/// Nothing has been sent then: what stands still is the question for the destination's marker.
async fn killed_before_anything_was_sent_it_begins_again(server: Server) {
    let bucket = server.bucket().await;
    let gate = Gate::start(&bucket.endpoint.url).await;
    let mut home = Home::new();
    home.watch_pictures();
    home.add_bucket(&bucket.endpoint, &gate.url(), &bucket.name);
    let photos: Vec<Vec<u8>> = (0..PHOTOS).map(jpeg).collect();
    for (number, photo) in photos.iter().enumerate() {
        home.put(format!("IMG_{number}.jpg"), photo);
    }
    for _ in 0..KILLS {
        gate.allow(0);
        let mut sync = home.spawn(&["sync", "--once"]);
        gate.stands_still().await;
        sync.kill().unwrap();
        sync.wait().unwrap();
        gate.cut().await;
        home.assert_library_is_sound();
    }
    gate.open();
    home.ok(&["sync", "--once"]);
    assert_exactly_once(&bucket, &photos).await;
}

/// The keys of photos that the library takes to be safe.
fn backed_up(home: &Home) -> BTreeSet<String> {
    let list = home.json(&["list"]);
    list.as_array()
        .unwrap()
        .iter()
        .filter(|photo| photo["state"] == "backed_up")
        .map(|photo| photo["key"].as_str().unwrap().to_owned())
        .collect()
}

/// The key of every PUT of an original, as often as it was sent.
fn originals_sent(requests: &[Request], bucket: &str) -> Vec<String> {
    let begin = format!("/{bucket}/");
    requests
        .iter()
        .filter(|request| request.method == "PUT")
        .filter_map(|request| request.path.strip_prefix(&begin)?.split('?').next())
        .filter(|key| !key.starts_with(".imgn/") && !key.ends_with(".meta"))
        .map(str::to_owned)
        .collect()
}

/// SplitMix64 (Steele, Lea, Flood 2014): enough to spread the moments, and to repeat them.
fn random(seed: u64, index: u32) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(u64::from(index) + 1));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
