//! A far side that fails, refuses or has rotted: what may be said of its copies, and what not.

use super::{report, wrong};
use crate::home::{Home, assert_exactly_once, jpeg, large_jpeg, sha256};
use serde_json::Value;
use testbed::{Fault, FaultProxy, Minio, Rule, Server};

on_plain_servers! {
    wrong_keys_take_no_proof_back
    a_line_that_breaks_takes_no_proof_back
    a_store_that_is_busy_with_one_photo_takes_no_proof_back
}

/// The store answers, and gives some originals never whole.
async fn a_line_that_breaks_takes_no_proof_back(server: Server) {
    let bucket = server.bucket().await;
    let proxy = FaultProxy::start(&bucket.endpoint.url).await;
    let mut home = Home::new();
    home.watch_pictures();
    home.add_bucket(&bucket.endpoint, &proxy.url(), &bucket.name);
    // More than comes in the pieces that it is asked for in.
    let large = large_jpeg(1, 300 << 10);
    home.put("a.jpg", &large);
    home.put("b.jpg", &jpeg(2));
    home.ok(&["sync", "--once"]);
    let cut = Rule::new(Fault::CutAnswer(700)).method("GET");
    proxy.inject(cut.path(&format!("/{}/2019/06/a.jpg", bucket.name)));
    let run = home.run(&["verify", "--read-data", "100%", "--json"]);
    assert_eq!(run.code, 4, "{run:?}");
    let found = report(&run);
    assert_eq!(found["problem"]["code"], "unreachable", "{found}");
    assert_eq!((&found["right"], &found["damaged"]), (&1.into(), &0.into()));
    assert_eq!(home.states()["a.jpg"], "backed_up");
    proxy.heal();
    home.ok(&["sync", "--once"]);
    assert_exactly_once(&bucket, [&large, &jpeg(2)]).await;
}

async fn a_store_that_is_busy_with_one_photo_takes_no_proof_back(server: Server) {
    let bucket = server.bucket().await;
    let proxy = FaultProxy::start(&bucket.endpoint.url).await;
    let mut home = Home::new();
    home.watch_pictures();
    home.add_bucket(&bucket.endpoint, &proxy.url(), &bucket.name);
    home.put("a.jpg", &jpeg(1));
    home.put("b.jpg", &jpeg(2));
    home.ok(&["sync", "--once"]);
    let busy = Rule::new(Fault::slow_down()).method("GET");
    proxy.inject(busy.path(&format!("/{}/2019/06/a.jpg", bucket.name)));
    let run = home.run(&["verify", "--read-data", "100%", "--json"]);
    assert_eq!(run.code, 4, "{run:?}");
    let found = report(&run);
    assert_eq!(found["problem"]["code"], "busy", "{found}");
    assert_eq!((&found["right"], &found["damaged"]), (&1.into(), &0.into()));
    assert_eq!(home.states()["a.jpg"], "backed_up");
}

/// One bit of a small photo, and one of a large one behind its first megabytes, is another on the server's disk. What
/// such a server says sounds as if it were busy, or as if the line had broken.
#[tokio::test(flavor = "multi_thread")]
async fn what_rots_on_the_servers_disk_is_named_and_goes_up_again_minio() {
    let server = Minio::start().await;
    let bucket = server.bucket().await;
    let home = Home::with_bucket(&bucket);
    let photos = [
        jpeg(0),
        with_noise(1, 300 << 10),
        with_noise(2, 12 << 20),
        jpeg(3),
    ];
    for (number, photo) in photos.iter().enumerate() {
        home.put(format!("IMG_{number}.jpg"), photo);
    }
    home.ok(&["sync", "--once"]);
    for (number, at) in [(1, 200 << 10), (2, 9 << 20)] {
        // It keeps what it has of an object in a folder of that name.
        server.rot(&format!("IMG_{number}.jpg/"), &photos[number][at..at + 64]);
    }
    let run = home.run(&["verify", "--read-data", "100%", "--json"]);
    assert_eq!(run.code, 3, "{run:?}");
    let found = report(&run);
    let expected = ["IMG_1.jpg", "IMG_2.jpg"].map(|name| (name.to_owned(), "damaged".to_owned()));
    assert_eq!(wrong(&found), expected.into(), "{found}");
    assert_eq!(
        (&found["right"], &found["problem"]),
        (&2.into(), &Value::Null)
    );

    // Neither keeps the others from coming back.
    let back = home.path("back");
    let run = home.run(&["restore", "--to", back.to_str().unwrap(), "--json"]);
    assert_eq!(run.code, 3, "{run:?}");
    let restored: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(restored["restored"], 2, "{restored}");
    assert_eq!(
        restored["problems"].as_array().unwrap().len(),
        2,
        "{restored}"
    );

    home.ok(&["sync", "--once"]);
    let again = home.json(&["verify", "--read-data", "100%"]);
    assert_eq!(again["destinations"][0]["right"], 4, "{again}");
    assert_eq!(again["destinations"][0]["damaged"], 0, "{again}");
}

/// A photo of `size` bytes, no two of which look alike.
fn with_noise(seed: u64, size: usize) -> Vec<u8> {
    let mut photo = jpeg(seed);
    let mut block = sha256(&photo);
    while photo.len() < size {
        photo.extend(block.as_bytes());
        block = sha256(block.as_bytes());
    }
    photo.truncate(size);
    photo
}

async fn wrong_keys_take_no_proof_back(server: Server) {
    let bucket = server.bucket().await;
    let mut home = Home::with_bucket(&bucket);
    home.put("a.jpg", &jpeg(1));
    home.ok(&["sync", "--once"]);
    home.set_keys(&bucket.endpoint.access_key_id, "not-the-secret");
    let run = home.run(&["verify", "--read-data", "100%", "--json"]);
    assert_eq!(run.code, 4, "{run:?}");
    assert_eq!(report(&run)["problem"]["code"], "unauthorized", "{run:?}");
    assert_eq!(home.states()["a.jpg"], "backed_up");
}
