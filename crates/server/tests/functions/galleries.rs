//! The gallery function: what it lists, and addresses that show it without any key.

use crate::bed::{Bed, photo, sha256};
use remote::api::{Entry, Health};
use serde_json::json;
use testbed::visit;

async fn lists_and_shows(bed: Bed) {
    let health = bed.get("/healthz").send().await.unwrap();
    assert_eq!(health.json::<Health>().await.unwrap(), Health::now());
    for seed in 1..4 {
        bed.upload(&format!("{seed}.jpg"), &photo(seed)).await;
    }
    bed.bucket.put("album/it's.jpg", photo(9)).await;
    bed.bucket.put("page.jpg", b"<html>".to_vec()).await;
    let bare = bed.gallery().await;
    assert_eq!(bare.len(), 5);
    // What is not known to be a picture is only ever saved.
    let seen = visit(&bare[0].src).await;
    assert_eq!(
        seen.content_type.as_deref(),
        Some("application/octet-stream")
    );
    assert!(seen.content_disposition.unwrap().starts_with("attachment"));

    let done = bed
        .functions
        .call("imgn-extract", &json!({}))
        .await
        .unwrap();
    assert_eq!(done, json!({"extracted": 4, "broken": 1, "failed": 0}));
    let list = bed.gallery().await;
    let photos: Vec<_> = list.iter().filter(|entry| entry.thumb.is_some()).collect();
    assert_eq!(photos.len(), 4);
    for entry in photos {
        assert!(!entry.src.contains(['\'', '"', '<', '>']), "{}", entry.src);
        assert_eq!(entry.meta, "96x64");
        let seen = visit(&entry.src).await;
        assert_eq!(
            (seen.status, seen.content_type.as_deref()),
            (200, Some("image/jpeg"))
        );
        assert!(seen.content_disposition.unwrap().starts_with("inline"));
        assert_eq!(Some(sha256(&seen.body)), entry.sha256);
        let thumb = visit(entry.thumb.as_ref().unwrap()).await;
        assert_eq!(
            (thumb.status, thumb.content_type.as_deref()),
            (200, Some("image/webp"))
        );
    }
    let page = list
        .iter()
        .find(|entry| entry.key.as_deref() == Some("page.jpg"));
    let seen = visit(&page.unwrap().src).await;
    assert_eq!(
        seen.content_type.as_deref(),
        Some("application/octet-stream")
    );

    let first = bed.get("/gallery/?limit=2").send().await.unwrap();
    let link = first.headers()["link"].to_str().unwrap().to_owned();
    let first: Vec<Entry> = first.json().await.unwrap();
    let query = link.strip_prefix('<').unwrap().split('>').next().unwrap();
    let next = bed.get(&format!("/gallery{query}")).send().await.unwrap();
    let next: Vec<Entry> = next.json().await.unwrap();
    assert_eq!(first.len(), 2);
    assert_eq!(next[0].key, list[2].key);
    let one = bed
        .get("/gallery?key=2024%2F05%2F2.jpg")
        .send()
        .await
        .unwrap();
    let one: Vec<Entry> = one.json().await.unwrap();
    assert_eq!(one[0].sha256, Some(sha256(&photo(2))));

    // By key: on to where the bytes are; what is asked of it is answered here.
    let original = bed.get("/gallery/2024/05/2.jpg").send().await.unwrap();
    assert_eq!(original.status(), 307);
    let seen = visit(original.headers()["location"].to_str().unwrap()).await;
    assert!(seen.body == photo(2));
    assert_eq!(
        bed.get("/gallery/2024/05/x.jpg")
            .send()
            .await
            .unwrap()
            .status(),
        404
    );
    let marker = bed.get("/library").send().await.unwrap();
    let marker: remote::Marker = marker.json().await.unwrap();
    let stored = bed.bucket.get(".imgn/destination.json").await;
    assert_eq!(marker, serde_json::from_slice(&stored).unwrap());
    let log = bed.functions.logs();
    assert!(!log.contains("X-Amz-Signature"));
    bed.bucket.destroy().await;
}

#[tokio::test]
async fn the_gallery_shows_a_private_bucket_of_minio() {
    lists_and_shows(Bed::minio().await).await;
}

#[tokio::test]
async fn the_gallery_shows_a_private_bucket_of_seaweedfs() {
    lists_and_shows(Bed::seaweedfs().await).await;
}

#[tokio::test]
async fn a_slash_at_the_end_of_an_upload_changes_nothing() {
    let bed = Bed::minio().await;
    let offered = bed.announce_old_with_a_slash("a.jpg").await;
    assert_eq!(offered.status(), 200);
    assert!(offered.text().await.unwrap().starts_with("http"));
    for path in ["/upload", "/upload/"] {
        let page = bed.get(path).send().await.unwrap();
        assert_eq!(page.status(), 303, "{path}");
    }
    for path in ["/metrics", "/events", "/session"] {
        let answer = bed.get(path).send().await.unwrap();
        assert_eq!(answer.status(), 404, "{path}");
    }
    bed.bucket.destroy().await;
}
