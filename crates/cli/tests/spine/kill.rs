//! kill -9 at any moment: the next start goes on from the rows.

use crate::home::{Home, assert_exactly_once, jpeg};
use std::time::Duration;
use testbed::Minio;

const PHOTOS: u64 = 60;
const KILLS: u32 = 10;

#[tokio::test]
async fn killed_at_ten_random_moments_nothing_is_lost_and_nothing_doubled_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let home = Home::with_bucket(&bucket);
    let photos: Vec<Vec<u8>> = (0..PHOTOS).map(jpeg).collect();
    for (seed, photo) in photos.iter().enumerate() {
        // Names collide on purpose: the second of each key has to get its suffix once.
        home.put(format!("{}/IMG_{}.jpg", seed % 2, seed / 2), photo);
    }
    let seed = u64::from(std::process::id());
    for kill in 0..KILLS {
        let mut sync = home.spawn(&["sync", "--once"]);
        tokio::time::sleep(Duration::from_millis(random(seed, kill) % 900)).await;
        sync.kill().unwrap();
        sync.wait().unwrap();
        home.assert_library_is_sound();
    }
    home.ok(&["sync", "--once"]);
    assert!(
        home.states().values().all(|state| state == "backed_up"),
        "seed {seed}"
    );
    assert_exactly_once(&bucket, &photos).await;
}

/// SplitMix64 (Steele, Lea, Flood 2014): enough to spread the moments, and to repeat them.
fn random(seed: u64, index: u32) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(u64::from(index) + 1));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
