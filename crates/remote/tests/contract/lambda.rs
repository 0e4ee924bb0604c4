//! Our functions as a destination: the real programs on a local Lambda runtime, over real stores.

use crate::client::{self, stored};
use crate::source::{Source, key, quiet};
use remote::{
    Check, Error, Expecting, HttpApi, Look, Marker, Original, Outcome, Profile, Proof, Remote,
    Service,
};
use testbed::{Bucket, Functions, Minio, SeaweedFs, Server};

const TOKEN: &str = "canary-of-these-functions";

fn api(functions: &Functions, token: Option<&str>) -> HttpApi {
    client::api(&functions.url(), Expecting::Any, token, Profile::default())
}

/// Functions over a bucket that wants a token, and what it is to a client.
async fn deployed(server: &Server) -> (Functions, Bucket, HttpApi, Marker) {
    let bucket = server.bucket().await;
    let functions = Functions::start(&bucket, &[("IMGN_TOKEN", TOKEN)]).await;
    let api = api(&functions, Some(TOKEN));
    let (marker, profile) = api.claim().await.unwrap();
    assert_eq!(profile.service, Some(Service::Functions));
    (functions, bucket, api, marker)
}

async fn holds(server: Server) {
    let (functions, bucket, api, marker) = deployed(&server).await;
    assert!(
        bucket.list_originals().await.is_empty(),
        "asking stores nothing"
    );
    for size in [1, 300_000, 12_000_000] {
        let source = Source::of_size(size, 3);
        let taken = Original {
            taken_at: Some("2018-05-06T07:08:09".parse().unwrap()),
            ..source.original()
        };
        let wanted = key(&format!("1999/01/it's {size} & 'ü'.jpg"));
        let (found, proof, adopted) = stored(api.put(&wanted, &taken, &quiet).await);
        assert_eq!(found.as_str(), format!("2018/05/it's {size} & 'ü'.jpg"));
        assert!(!adopted);
        assert!(bucket.get(found.as_str()).await == source.bytes);
        let head = bucket.head(found.as_str()).await;
        assert_eq!(head.metadata["sha256"], hex::encode(source.sha256));
        assert_eq!(head.content_type.as_deref(), Some("image/jpeg"));
        // A store that repeats the SHA-256 is believed; any other is read.
        let read = api
            .verify(&found, size as u64, &source.sha256)
            .await
            .unwrap();
        let read = read.unwrap();
        assert!(matches!(read, Proof::FullSha256 { .. }), "{read:?}");
        assert_eq!(read.etag(), proof.etag());
        let looked = api
            .look(&found, size as u64, &source.sha256, Some(&proof))
            .await;
        let Look::Unvouched { etag, .. } = looked.unwrap() else {
            panic!("an address vouches for nothing");
        };
        assert_eq!(etag.as_deref(), proof.etag());
        let (same, _, adopted) = stored(api.put(&wanted, &taken, &quiet).await);
        assert_eq!((&same, adopted), (&found, true));
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("a.jpg");
        assert_eq!(api.download(&found, &to).await.unwrap(), source.sha256);
    }
    let other = Source::of_size(1000, 9);
    let missing = key("2018/05/none.jpg");
    assert!(api.head(&missing).await.unwrap().is_none());
    let missing = api.verify(&missing, 1000, &other.sha256).await.unwrap();
    assert_eq!(missing, None);
    let listed = api.list(None).await.unwrap();
    assert_eq!(listed.objects.len(), 3, "{listed:?}");

    let examined = api.examine(&marker).await;
    for check in [Check::Endpoint, Check::Key, Check::Marker, Check::List] {
        let found = examined.findings.iter().find(|it| it.check == check);
        assert_eq!(found.unwrap().outcome, Outcome::Fine, "{examined:?}");
    }
    let logs = functions.logs();
    for secret in [TOKEN, "X-Amz-Signature"] {
        assert!(!logs.contains(secret), "{logs}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn functions_over_minio_hold_what_they_can() {
    holds(Minio::shared().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn functions_over_seaweedfs_hold_what_they_can() {
    holds(SeaweedFs::shared().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_bytes_of_the_same_name_get_another_and_a_changed_source_goes_nowhere() {
    let server = Minio::shared().await;
    let (_functions, bucket, api, _) = deployed(&server).await;
    let (one, two) = (Source::of_size(4000, 1), Source::of_size(4000, 2));
    let wanted = key("2019/02/a.jpg");
    let (first, ..) = stored(api.put(&wanted, &one.original(), &quiet).await);
    let (second, ..) = stored(api.put(&wanted, &two.original(), &quiet).await);
    assert_eq!(first, wanted);
    let short = &hex::encode(two.sha256)[..8];
    assert_eq!(second.as_str(), format!("2019/02/a-{short}.jpg"));
    assert!(bucket.get(first.as_str()).await == one.bytes);

    let changed = Source::of_size(1_000_000, 3);
    let mut bytes = changed.bytes.clone();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&changed.path, bytes).unwrap();
    let put = api.put(&key("c.jpg"), &changed.original(), &quiet).await;
    assert!(matches!(put, Err(Error::SourceChanged { .. })), "{put:?}");
    assert_eq!(bucket.list_originals().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_or_wrong_token_and_another_library_are_refused() {
    let server = Minio::shared().await;
    let (functions, bucket, ours, marker) = deployed(&server).await;
    let none = api(&functions, None).claim().await;
    assert!(matches!(none, Err(Error::NoCredentials { .. })), "{none:?}");
    let wrong = api(&functions, Some("wrong")).claim().await;
    assert!(
        matches!(wrong, Err(Error::Unauthorized { .. })),
        "{wrong:?}"
    );
    let other = Marker {
        uuid: uuid::Uuid::new_v4(),
        ..marker
    };
    let checked = ours.check(&other).await;
    assert!(
        matches!(checked, Err(Error::WrongLibrary { .. })),
        "{checked:?}"
    );
    let source = Source::new("photo");
    let put = ours.put(&key("a.jpg"), &source.original(), &quiet).await;
    assert!(matches!(put, Err(Error::NoLibrary { .. })), "{put:?}");
    assert!(bucket.list_originals().await.is_empty());
}
