//! What the template deploys: the functions behind its API, over its bucket, and what starts the extraction.

use crate::bed::{Api, TOKEN, photo, sha256};
use remote::api::{Entry, Health, Offer};
use std::path::Path;
use std::time::{Duration, Instant};
use testbed::{Deployment, visit};

/// The time is no claim, only the end of a test that would never end.
async fn with_metadata(api: &Api, count: usize) -> Vec<Entry> {
    let begun = Instant::now();
    loop {
        let list = api.gallery().await;
        if list.len() == count && list.iter().all(|entry| entry.thumb.is_some()) {
            return list;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{list:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_template_deploys_takes_photos_in_two_steps_and_their_arrival_starts_the_extraction()
 {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let deployment = Deployment::start(&root, &[("Token", TOKEN)]).await;
    let api = Api::new(deployment.url.clone());
    let http = reqwest::Client::new();

    // Who may ask, by route of the gateway.
    let health = http.get(api.url("/healthz")).send().await.unwrap();
    assert_eq!(health.json::<Health>().await.unwrap(), Health::now());
    for path in ["/gallery", "/library"] {
        let answer = http.get(api.url(path)).send().await.unwrap();
        assert_eq!(answer.status(), 401, "{path}");
    }
    assert_eq!(
        http.post(api.url("/upload")).send().await.unwrap().status(),
        401
    );
    assert!(api.gallery().await.is_empty());

    // As the original's clients do, and as the page says to try it.
    let address = api.announce_old("a.jpg").await;
    assert_eq!(address.status(), 200);
    let address = address.text().await.unwrap();
    let put = http.put(&address).body(photo(1)).send().await.unwrap();
    assert_eq!(put.status(), 200);
    // As ours does.
    let key = api.upload("it's +1.jpg", &photo(2)).await;
    assert_eq!(key, "2024/05/it's +1.jpg");

    let list = with_metadata(&api, 2).await;
    for entry in &list {
        assert_eq!(entry.meta, "96x64");
        let original = visit(&entry.src).await;
        assert_eq!(original.content_type.as_deref(), Some("image/jpeg"));
        assert_eq!(Some(sha256(&original.body)), entry.sha256);
        let thumb = visit(entry.thumb.as_ref().unwrap()).await;
        assert_eq!(thumb.content_type.as_deref(), Some("image/webp"));
    }
    let again = api.offer("it's +1.jpg", &photo(2)).await;
    assert!(matches!(again, Offer::Duplicate { .. }), "{again:?}");
    // Only originals start the extraction: not what it writes itself.
    let started = deployment.log().matches("EventBridge → Lambda").count();
    assert_eq!(started, 2);
}
