//! What a network and a failing server do to an upload: MinIO behind a proxy that breaks things.

use crate::place::{config, keys, s3};
use crate::source::{Source, key, quiet};
use remote::{Error, Marker, Profile, Proof, Put, Remote, Retry, S3};
use std::time::Duration;
use testbed::{Bucket, Fault, FaultProxy, Minio, Rule, Server};

/// A claimed bucket, reached through a proxy.
struct Faulty {
    proxy: FaultProxy,
    bucket: Bucket,
    remote: S3,
    marker: Marker,
    _server: Server,
}

impl Faulty {
    async fn new() -> Self {
        let server = Minio::shared().await;
        let bucket = server.bucket().await;
        let proxy = FaultProxy::start(&server.endpoint.url).await;
        let remote = s3(&server.endpoint, &proxy.url(), &bucket.name, "")
            .await
            .with_patience(Duration::from_secs(2));
        let (marker, _) = remote.claim().await.unwrap();
        Self {
            proxy,
            bucket,
            remote,
            marker,
            _server: server,
        }
    }

    async fn put(&self, source: &Source) -> Result<Put, Error> {
        self.remote
            .put(&key("a.jpg"), &source.original(), &quiet)
            .await
    }

    async fn keys(&self) -> Vec<String> {
        self.bucket
            .list_originals()
            .await
            .into_iter()
            .map(|(key, _)| key)
            .collect()
    }
}

fn at_once(error: &Error) -> bool {
    error.retry() == Retry::AfterBackoff { at_least: None }
}

#[tokio::test]
async fn minio_answer_lost_after_the_commit_is_adopted_as_one_object() {
    for size in [1000, 3_000_000] {
        let faulty = Faulty::new().await;
        let source = Source::of_size(size, 1);
        faulty
            .proxy
            .inject(Rule::new(Fault::LoseAnswer).method("PUT").times(1));
        let put = faulty.put(&source).await.unwrap();
        assert!(
            matches!(put, Put::Adopted(Proof::FullSha256 { .. })),
            "{put:?}"
        );
        assert_eq!(faulty.keys().await, ["a.jpg"]);
        assert!(faulty.bucket.get("a.jpg").await == source.bytes);
    }
}

#[tokio::test]
async fn minio_answer_cut_short_after_the_commit_is_adopted_as_one_object() {
    let faulty = Faulty::new().await;
    faulty
        .proxy
        .inject(Rule::new(Fault::CutAnswer(20)).method("PUT").times(1));
    let put = faulty.put(&Source::of_size(1000, 1)).await.unwrap();
    assert!(
        matches!(put, Put::Adopted(Proof::FullSha256 { .. })),
        "{put:?}"
    );
    assert_eq!(faulty.keys().await, ["a.jpg"]);
}

#[tokio::test]
async fn minio_reset_in_mid_body_stores_nothing_and_is_tried_again() {
    let faulty = Faulty::new().await;
    let source = Source::of_size(5_000_000, 1);
    faulty.proxy.inject(
        Rule::new(Fault::ResetAfter(1_000_000))
            .method("PUT")
            .times(1),
    );
    let error = faulty.put(&source).await.unwrap_err();
    assert!(
        matches!(error, Error::Unreachable { .. }) && at_once(&error),
        "{error:?}"
    );
    assert_eq!(faulty.keys().await, [""; 0]);

    let put = faulty.put(&source).await.unwrap();
    assert!(
        matches!(put, Put::Stored(Proof::FullSha256 { .. })),
        "{put:?}"
    );
}

#[tokio::test]
async fn minio_that_stalls_is_given_up() {
    let faulty = Faulty::new().await;
    faulty
        .proxy
        .inject(Rule::new(Fault::Stall).method("PUT").times(1));
    let error = faulty
        .put(&Source::of_size(30_000_000, 1))
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::Unreachable { .. }) && at_once(&error),
        "{error:?}"
    );
    assert!(error.to_string().contains("nothing moved"), "{error}");
}

#[tokio::test]
async fn minio_that_is_busy_is_tried_again_when_it_says() {
    let faulty = Faulty::new().await;
    faulty
        .proxy
        .inject(Rule::new(Fault::slow_down()).method("PUT").times(1));
    let error = faulty.put(&Source::of_size(1000, 1)).await.unwrap_err();
    assert!(
        matches!(error, Error::Busy { .. }) && at_once(&error),
        "{error:?}"
    );

    faulty.proxy.heal();
    let wait = Fault::Answer {
        status: 503,
        headers: vec![("Retry-After".to_owned(), "7".to_owned())],
        body: String::new(),
    };
    faulty.proxy.inject(Rule::new(wait).method("PUT").times(1));
    let error = faulty.put(&Source::of_size(1000, 1)).await.unwrap_err();
    assert_eq!(
        error.retry(),
        Retry::AfterBackoff {
            at_least: Some(Duration::from_secs(7))
        },
        "{error:?}"
    );

    for status in [500, 502, 504, 429] {
        faulty.proxy.inject(
            Rule::new(Fault::error(status, "", ""))
                .method("PUT")
                .times(1),
        );
        let error = faulty.put(&Source::of_size(1000, 1)).await.unwrap_err();
        assert!(matches!(error, Error::Busy { .. }), "{status}: {error:?}");
    }
    assert!(matches!(
        faulty.put(&Source::of_size(1000, 1)).await,
        Ok(Put::Stored(_))
    ));
}

#[tokio::test]
async fn minio_redirect_is_refused_and_no_credentials_follow_it() {
    for status in [301, 302, 303, 307, 308] {
        let faulty = Faulty::new().await;
        let trap = FaultProxy::start(&faulty.bucket.endpoint.url).await;
        let elsewhere = format!("{}/{}/a.jpg", trap.url(), faulty.bucket.name);
        faulty
            .proxy
            .inject(Rule::new(Fault::redirect(status, &elsewhere)));

        let source = Source::of_size(1000, 1);
        let error = faulty.put(&source).await.unwrap_err();
        assert!(
            matches!(error, Error::Redirected { .. }),
            "{status}: {error:?}"
        );
        assert_eq!(error.retry(), Retry::WhenSettingsChange);
        let checked = faulty.remote.check(&faulty.marker).await;
        assert!(
            matches!(checked, Err(Error::Redirected { .. })),
            "{status}: {checked:?}"
        );
        assert_eq!(trap.requests(), [], "{status}");
        assert_eq!(faulty.keys().await, [""; 0]);
    }
}

#[tokio::test]
async fn minio_redirect_to_another_region_names_it() {
    let faulty = Faulty::new().await;
    let moved = Fault::Answer {
        status: 301,
        headers: vec![("x-amz-bucket-region".to_owned(), "eu-central-1".to_owned())],
        body: String::new(),
    };
    faulty.proxy.inject(Rule::new(moved));
    let error = faulty.remote.probe().await.unwrap_err();
    assert!(
        matches!(&error, Error::WrongRegion { expected, .. } if expected == "eu-central-1"),
        "{error:?}"
    );
}

#[tokio::test]
async fn minio_with_another_clock_is_named_with_the_seconds() {
    let faulty = Faulty::new().await;
    // What the far side says of the time and what it accepts disagree: no correction can help.
    let refused = Fault::Answer {
        status: 403,
        headers: vec![("Date".to_owned(), "Mon, 01 Jan 2001 00:00:00 GMT".to_owned())],
        body: "<Error><Code>RequestTimeTooSkewed</Code><Message>The difference is too large.</Message></Error>"
            .to_owned(),
    };
    faulty.proxy.inject(Rule::new(refused));
    let error = faulty.remote.check(&faulty.marker).await.unwrap_err();
    assert!(
        matches!(error, Error::ClockSkew { seconds, .. } if seconds < -100_000_000),
        "{error:?}"
    );
    let error = faulty.put(&Source::of_size(1000, 1)).await.unwrap_err();
    assert!(matches!(error, Error::ClockSkew { .. }), "{error:?}");
}

#[tokio::test]
async fn minio_network_away_keeps_the_marker_known() {
    let faulty = Faulty::new().await;
    faulty.proxy.inject(Rule::new(Fault::Refuse));
    assert!(matches!(
        faulty.remote.check(&faulty.marker).await,
        Err(Error::Unreachable { .. })
    ));
    let error = faulty.put(&Source::of_size(1000, 1)).await.unwrap_err();
    assert!(
        matches!(error, Error::Unreachable { .. }) && at_once(&error),
        "{error:?}"
    );
    faulty.proxy.heal();
    assert!(matches!(
        faulty.put(&Source::of_size(1000, 1)).await,
        Ok(Put::Stored(_))
    ));
}

#[tokio::test]
async fn minio_at_thirty_percent_errors_takes_everything_in_the_end() {
    let faulty = Faulty::new().await;
    faulty
        .proxy
        .inject(Rule::new(Fault::slow_down()).percent(30));
    for i in 0..20 {
        let source = Source::of_size(2000, i);
        let name = key(&format!("{i:02}.jpg"));
        let put = loop {
            match faulty.remote.put(&name, &source.original(), &quiet).await {
                Ok(put) => break put,
                Err(error) => assert!(
                    matches!(error.retry(), Retry::AfterBackoff { .. }),
                    "{error}"
                ),
            }
        };
        assert!(matches!(put, Put::Stored(_) | Put::Adopted(_)), "{put:?}");
    }
    assert_eq!(faulty.keys().await.len(), 20);
}

#[tokio::test]
async fn minio_download_cut_short_leaves_no_file() {
    let faulty = Faulty::new().await;
    faulty
        .bucket
        .put("a.jpg", Source::of_size(1_000_000, 1).bytes)
        .await;
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("a.jpg");
    faulty.proxy.inject(
        Rule::new(Fault::CutAnswer(300_000))
            .method("GET")
            .path("a.jpg"),
    );
    let error = faulty
        .remote
        .download(&key("a.jpg"), &to)
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::Unreachable { .. }) && at_once(&error),
        "{error:?}"
    );
    assert!(!to.exists());
}

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
