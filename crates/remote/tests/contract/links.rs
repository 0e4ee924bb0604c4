//! Links: who has one needs no key, and for a while only.

use crate::place::{Place, s3};
use crate::source::Source;
use remote::{Key, Link, Remote, Shown};
use std::time::{Duration, Instant};
use testbed::{Minio, SeaweedFs, Server, visit};

const SHOWN: Shown<'_> = Shown {
    name: "Größe 1.jpg",
    content_type: "image/jpeg",
};
/// For a link of a second to run out, by the slowest of clocks.
const PATIENCE: Duration = Duration::from_secs(60);

async fn link(remote: &dyn Remote, key: &Key, good_for: Duration) -> Link {
    remote.link(key, SHOWN, good_for).await.unwrap().unwrap()
}

async fn serves_whoever_has_it_until_it_ends(server: Server) {
    let bucket = server.bucket().await;
    let remote = s3(
        &server.endpoint,
        &server.endpoint.url,
        &bucket.name,
        "of mine",
    )
    .await;
    remote.claim().await.unwrap();
    let key = Key::parse("2019/06/Größe 1+2.jpg").unwrap();
    let source = Source::new(b"some bytes");
    remote.put(&key, &source.original(), &|_| {}).await.unwrap();

    let hour = Duration::from_secs(3600);
    let begun = jiff::Timestamp::now();
    let lasting = link(&remote, &key, hour).await;
    let left = lasting.until.duration_since(begun).as_secs();
    assert!((3599..=3601).contains(&left), "{lasting:?}");
    let answer = visit(&lasting.url).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.body, b"some bytes");
    assert_eq!(answer.content_type.as_deref(), Some("image/jpeg"));
    let disposition = answer.content_disposition.unwrap();
    assert!(
        disposition.ends_with("filename*=UTF-8''Gr%C3%B6%C3%9Fe%201.jpg"),
        "{disposition}"
    );

    let bare = lasting.url.split_once('?').unwrap().0;
    assert_eq!(visit(bare).await.status, 403, "without its signature");

    let short = link(&remote, &key, Duration::from_secs(1)).await;
    let begun = Instant::now();
    while visit(&short.url).await.status != 403 {
        assert!(begun.elapsed() < PATIENCE, "it is not refused");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(visit(&lasting.url).await.status, 200, "the other lasts");

    let week = Duration::from_secs(7 * 86_400);
    assert_eq!(
        visit(&link(&remote, &key, week).await.url).await.status,
        200
    );
    let more = remote
        .link(&key, SHOWN, week + Duration::from_secs(1))
        .await;
    assert!(matches!(more, Err(remote::Error::Settings(_))), "{more:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn minio_serves_whoever_has_a_link_until_it_ends() {
    serves_whoever_has_it_until_it_ends(Minio::shared().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn seaweedfs_serves_whoever_has_a_link_until_it_ends() {
    serves_whoever_has_it_until_it_ends(SeaweedFs::shared().await).await;
}

#[tokio::test]
async fn what_lies_in_a_folder_has_no_link() {
    let remote = Place::folder().await.claimed().await;
    let key = Key::parse("a.jpg").unwrap();
    let none = remote.link(&key, SHOWN, Duration::from_secs(60)).await;
    assert_eq!(none.unwrap(), None);
}
