//! Places that servers of the original imgn share, as far as the suite does not say it.

use crate::place::{Place, config, keys};
use crate::source::{Source, key, quiet};
use bytes::Bytes;
use remote::{Error, KeyParts, KeyTemplate, Layout, Marker, Profile, Proof, Put, S3};
use testbed::Minio;

async fn everywhere() -> [Place; 3] {
    [
        Place::shared_folder().await,
        Place::shared_minio().await,
        Place::shared_seaweedfs().await,
    ]
}

#[tokio::test]
async fn the_address_stands_for_the_marker() {
    for place in everywhere().await {
        let (marker, _) = place.open().await.claim().await.unwrap();
        place.open().await.check(&marker).await.unwrap();
        let other = Marker {
            uuid: uuid::Uuid::new_v4(),
            ..marker
        };
        let remote = place.claimed().await;
        let refused = remote.check(&other).await;
        assert!(
            matches!(refused, Err(Error::WrongLibrary { .. })),
            "{refused:?}"
        );
        let put = remote
            .put(&key("a.jpg"), &Source::new("photo").original(), &quiet)
            .await;
        assert!(
            put.as_ref()
                .is_err_and(|error| place.is_without_library(error)),
            "{put:?}"
        );
        assert_eq!(place.everything().await, []);
    }
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_not_made() {
    let place = Place::shared_folder().await;
    let remote = place.claimed().await;
    let Place::Folder(folder, _) = &place else {
        unreachable!("it is one")
    };
    std::fs::remove_dir(folder.path()).unwrap();
    let put = remote
        .put(&key("a.jpg"), &Source::new("photo").original(), &quiet)
        .await;
    assert!(matches!(put, Err(Error::NotMounted { .. })), "{put:?}");
    assert!(!folder.path().exists());
    std::fs::create_dir(folder.path()).unwrap();
}

#[tokio::test]
async fn a_library_is_not_taken_for_a_place_of_an_original() {
    for place in everywhere().await {
        let (marker, _) = place.claimed().await.claim().await.unwrap();
        let json = serde_json::to_vec(&marker).unwrap();
        place.put(Marker::KEY, &json).await;
        let remote = place.open().await;
        for refused in [
            remote.claim().await.map(drop),
            remote.probe().await.map(drop),
        ] {
            assert!(matches!(refused, Err(Error::Settings(_))), "{refused:?}");
        }
        assert_eq!(place.everything().await.len(), 1);
    }
}

#[tokio::test]
async fn names_are_those_that_an_original_shows() {
    let template = KeyTemplate::default();
    for place in everywhere().await {
        let remote = place.claimed().await;
        //  name on disk, extension by content, twin, key
        let cases = [
            ("IMG 1.JPG", "jpg", 0, Some("img1-07070707.jpg")),
            ("IMG 1.JPG", "jpg", 1, Some("img1-0707070707070707.jpg")),
            ("a.jpeg", "png", 0, Some("a-07070707.png")),
            ("a.heic", "heic", 0, None),
            ("noext", "", 0, None),
        ];
        for (filename, extension, twin, expected) in cases {
            let parts = KeyParts {
                filename: filename.as_bytes(),
                path: b"2024/summer",
                taken_at: None,
                mtime: None,
                now: "2026-01-01T00:00:00Z".parse().unwrap(),
                sha256: [7; 32],
                extension,
                camera: None,
            };
            let made = remote.key(&template, &parts, twin);
            match expected {
                Some(expected) => assert_eq!(made.unwrap().as_str(), expected),
                None => assert!(matches!(made, Err(Error::NotAccepted { .. })), "{made:?}"),
            }
        }
    }
}

#[tokio::test]
async fn other_types_are_refused_and_leave_nothing() {
    for place in everywhere().await {
        let remote = place.claimed().await;
        let source = Source::of_size(1000, 1);
        for content_type in ["image/heic", "image/gif", "application/octet-stream"] {
            let original = remote::Original {
                content_type,
                ..source.original()
            };
            let put = remote.put(&key("a.jpg"), &original, &quiet).await;
            assert!(matches!(put, Err(Error::NotAccepted { .. })), "{put:?}");
        }
        assert_eq!(place.everything().await, []);
    }
}

#[tokio::test]
async fn what_others_put_under_any_name_is_taken_as_it_is_and_nothing_else_is_put_there() {
    for place in everywhere().await {
        let remote = place.claimed().await;
        let (source, other) = (Source::of_size(5000, 1), Source::of_size(5000, 2));
        for name in ["Beach.JPG", "2019/beach.jpg", "It's <b>.jpeg"] {
            place.put(name, &source.bytes).await;
            let name = key(name);
            let put = remote.put(&name, &source.original(), &quiet).await;
            assert!(
                matches!(put, Ok(Put::Adopted(Proof::FullSha256 { .. }))),
                "{name}: {put:?}"
            );
            let put = remote.put(&name, &other.original(), &quiet).await;
            assert!(matches!(put, Ok(Put::KeyTaken)), "{name}: {put:?}");
            place.delete(name.as_str()).await;
            let put = remote.put(&name, &source.original(), &quiet).await;
            assert!(matches!(put, Ok(Put::KeyTaken)), "{name}: {put:?}");
        }
        assert_eq!(place.everything().await, []);
    }
}

#[tokio::test]
async fn beside_a_photo_only_its_size_is_put() {
    for place in everywhere().await {
        let remote = place.claimed().await;
        let sidecar = key("a.jpg").sidecar();
        for body in ["{\"schema\":\"imgn/1\"}", "<b>1x1</b>", "", "1x1\n"] {
            let body = Bytes::from_static(body.as_bytes());
            let put = remote.put_derived(&sidecar, body, "text/plain").await;
            assert!(matches!(put, Err(Error::NotAccepted { .. })), "{put:?}");
        }
        let size = Bytes::from_static(b"640x480");
        let put = remote.put_derived(&sidecar, size, "text/plain").await;
        put.unwrap();
        assert_eq!(place.bytes("a.jpg.meta").await, b"640x480");
    }
}

#[tokio::test]
async fn originals_look_at_a_whole_bucket() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let at = &bucket.endpoint;
    let config = config(at, &at.url, &bucket.name, "photos");
    let s3 = S3::open(config, keys(at), Profile::default());
    let refused = s3.await.unwrap().with_layout(Layout::Original);
    assert!(matches!(refused, Err(Error::Settings(_))), "{refused:?}");
}

#[tokio::test]
async fn a_large_photo_goes_up_in_parts_here_too() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let at = &bucket.endpoint;
    let config = config(at, &at.url, &bucket.name, "");
    let s3 = S3::open(config, keys(at), Profile::default()).await;
    let s3 = s3.unwrap().with_layout(Layout::Original).unwrap();
    let s3 = s3.with_parts(6_000_000, 5 << 20);
    let remote: &dyn remote::Remote = &s3;
    remote.claim().await.unwrap();
    let source = Source::of_size(12_000_000, 1);
    let name = key("large-07070707.jpg");
    let put = remote.put(&name, &source.original(), &quiet).await;
    assert!(
        matches!(put, Ok(Put::Stored(Proof::PartsSha256 { parts: 3, .. }))),
        "{put:?}"
    );
    let there = bucket.list().await;
    assert_eq!(there, [(name.to_string(), 12_000_000)]);
}
