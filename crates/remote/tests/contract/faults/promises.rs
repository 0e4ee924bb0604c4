//! Stores that promise less than others, or say less: nothing is believed that was not seen.

use super::{Faulty, at_once};
use crate::place::{config, keys, s3};
use crate::source::{Source, key, quiet};
use remote::{Error, Profile, Proof, Put, Remote, S3};
use testbed::{Fault, FaultProxy, Minio, Rule};

#[tokio::test]
async fn minio_without_conditions_is_asked_first_and_nothing_is_replaced() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let proxy = FaultProxy::start(&server.endpoint.url).await;
    let profile = Profile {
        conditional_put: false,
        ..Profile::default()
    };
    let remote = S3::open(
        config(&server.endpoint, &proxy.url(), &bucket.name, ""),
        keys(&server.endpoint),
        profile,
    )
    .await
    .unwrap();
    let marker = {
        let other = s3(&server.endpoint, &server.endpoint.url, &bucket.name, "").await;
        other.claim().await.unwrap().0
    };
    remote.check(&marker).await.unwrap();

    let (first, second) = (Source::of_size(1000, 1), Source::of_size(1000, 2));
    assert!(matches!(
        remote.put(&key("a.jpg"), &first.original(), &quiet).await,
        Ok(Put::Stored(_))
    ));
    assert!(matches!(
        remote.put(&key("a.jpg"), &first.original(), &quiet).await,
        Ok(Put::Adopted(_))
    ));
    assert_eq!(
        remote
            .put(&key("a.jpg"), &second.original(), &quiet)
            .await
            .unwrap(),
        Put::KeyTaken
    );
    let puts: Vec<_> = proxy
        .requests()
        .into_iter()
        .filter(|request| request.method == "PUT")
        .collect();
    assert_eq!(puts.len(), 1);
    assert_eq!(puts[0].header("if-none-match"), None);
    assert!(bucket.get("a.jpg").await == first.bytes);
}

#[tokio::test]
async fn minio_is_not_believed_where_a_second_conditional_put_passes() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let proxy = FaultProxy::start(&server.endpoint.url).await;
    // A store that heeds no conditions says 200 to both.
    let stored = Fault::Answer {
        status: 200,
        headers: vec![("ETag".to_owned(), "\"x\"".to_owned())],
        body: String::new(),
    };
    let remote = s3(&server.endpoint, &proxy.url(), &bucket.name, "").await;
    let (first, profile) = remote.claim().await.unwrap();
    assert!(profile.conditional_put);
    proxy.inject(Rule::new(stored).method("PUT").path("destination.json"));
    let (second, profile) = remote.claim().await.unwrap();
    assert_eq!(first, second);
    assert!(!profile.conditional_put, "{profile:?}");
}

#[tokio::test]
async fn minio_gets_the_length_and_checksum_and_no_chunks_of_its_own() {
    let faulty = Faulty::new().await;
    let source = Source::of_size(1_000_000, 1);
    faulty.put(&source).await.unwrap();
    let requests = faulty.proxy.requests();
    let put = requests
        .iter()
        .find(|request| request.path.contains("a.jpg"))
        .unwrap();
    assert_eq!(put.method, "PUT");
    assert_eq!(put.header("content-length"), Some("1000000"));
    assert_eq!(put.header("if-none-match"), Some("*"));
    assert_eq!(put.header("x-amz-content-sha256"), Some("UNSIGNED-PAYLOAD"));
    for absent in [
        "transfer-encoding",
        "content-encoding",
        "x-amz-trailer",
        "expect",
    ] {
        assert_eq!(put.header(absent), None, "{absent}");
    }
    // The bytes are guarded by a header that is signed.
    assert!(put.header("x-amz-checksum-sha256").is_some());
    assert!(
        put.header("authorization")
            .unwrap()
            .contains("x-amz-checksum-sha256"),
        "{put:?}"
    );
}

#[tokio::test]
async fn minio_that_cannot_repeat_the_checksum_proves_the_size_only() {
    let faulty = Faulty::new().await;
    // It answers without the checksum; a look at the object is refused for now.
    let stored = Fault::Answer {
        status: 200,
        headers: vec![("ETag".to_owned(), "\"x\"".to_owned())],
        body: String::new(),
    };
    faulty.proxy.inject(Rule::new(stored).method("PUT"));
    faulty
        .proxy
        .inject(Rule::new(Fault::slow_down()).method("HEAD"));
    let put = faulty.put(&Source::of_size(1000, 1)).await.unwrap();
    assert!(
        matches!(put, Put::Stored(Proof::SizeOnly { .. })),
        "{put:?}"
    );

    // And when the look shows that nothing is there, it was no success.
    faulty.proxy.heal();
    let stored = Fault::Answer {
        status: 200,
        headers: vec![],
        body: String::new(),
    };
    faulty.proxy.inject(Rule::new(stored).method("PUT"));
    let error = faulty.put(&Source::of_size(1000, 1)).await.unwrap_err();
    assert!(
        matches!(error, Error::Unexpected { .. }) && at_once(&error),
        "{error:?}"
    );
}

#[tokio::test]
async fn minio_refusal_without_a_reason_is_found_out() {
    let faulty = Faulty::new().await;
    let name = key("a.jpg");
    let refused = Fault::Answer {
        status: 403,
        headers: vec![],
        body: String::new(),
    };
    let there = Source::of_size(1000, 1);
    faulty.put(&there).await.unwrap();
    faulty.proxy.inject(Rule::new(refused).method("HEAD"));
    // Keys for one folder get this of what is not there: that a list has nothing of it says that.
    let missing = key("b.jpg");
    let found = faulty.remote.verify(&missing, 1, &[0; 32]).await;
    assert_eq!(found.unwrap(), None);
    assert_eq!(faulty.remote.head(&missing).await.unwrap(), None);
    let error = faulty.remote.verify(&name, 1, &[0; 32]).await.unwrap_err();
    assert!(
        matches!(&error, Error::Forbidden { action, .. } if action == "read"),
        "{error:?}"
    );

    let expired = Fault::error(400, "ExpiredToken", "The provided token has expired.");
    faulty.proxy.inject(Rule::new(expired).method("GET"));
    let error = faulty.remote.verify(&name, 1, &[0; 32]).await.unwrap_err();
    assert!(matches!(error, Error::Unauthorized { .. }), "{error:?}");
    assert!(
        error.to_string().contains("session token has expired"),
        "{error}"
    );
}
