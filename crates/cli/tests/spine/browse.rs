//! What is in the bucket and not on this machine.

use crate::home::{Home, assert_exactly_once, jpeg, jpeg_taken};
use testbed::Minio;

#[tokio::test]
async fn a_second_machine_sees_the_library_and_joins_it_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let first = Home::with_bucket(&bucket);
    let photos = [jpeg_taken(1, "2018-03-04T05:06:07"), jpeg(2)];
    first.put("a.jpg", &photos[0]);
    first.put("b.jpg", &photos[1]);
    first.ok(&["sync", "--once"]);

    let second = Home::with_bucket(&bucket);
    second.ok(&["sync", "--once"]);
    let states = second.states();
    assert_eq!(states.len(), 2, "{states:?}");
    assert!(
        states.values().all(|state| state == "online_only"),
        "{states:?}"
    );

    // The same photo comes to the second machine: it is the one that is there, not another.
    second.put("from-first.jpg", &photos[0]);
    second.put("a.jpg", &photos[0]);
    second.ok(&["sync", "--once"]);
    assert_exactly_once(&bucket, &photos).await;
    assert_eq!(second.json(&["status"])["safe"], 1);
    assert_eq!(second.json(&["status"])["online_only"], 1);
}

#[tokio::test]
async fn foreign_objects_are_listed_and_others_are_not_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    bucket.put("holiday/beach.jpg", jpeg(9)).await;
    bucket.put("holiday/notes.txt", "no photo").await;
    bucket.put("holiday/beach.jpg.meta", "96x64").await;
    let home = Home::with_bucket(&bucket);
    home.ok(&["sync", "--once"]);
    let states = home.states();
    assert_eq!(
        states.get("beach.jpg").map(String::as_str),
        Some("online_only"),
        "{states:?}"
    );
    assert!(!states.contains_key("notes.txt"), "{states:?}");
}
