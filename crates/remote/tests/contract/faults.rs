//! What a network and a failing server do to an upload: MinIO behind a proxy that breaks things.

mod promises;

use crate::place::s3;
use crate::source::{Source, key, quiet};
use remote::{Error, Marker, Proof, Put, Remote, Retry, S3};
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
async fn minio_download_cut_short_goes_on_and_one_that_gets_nowhere_leaves_no_file() {
    let faulty = Faulty::new().await;
    faulty
        .bucket
        .put("a.jpg", Source::of_size(1_000_000, 1).bytes)
        .await;
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("a.jpg");
    let cut = |after| {
        let rule = Rule::new(Fault::CutAnswer(after));
        rule.method("GET").path("a.jpg")
    };
    faulty.proxy.inject(cut(300_000));
    faulty.remote.download(&key("a.jpg"), &to).await.unwrap();
    let bytes = std::fs::read(&to).unwrap();
    assert_eq!(bytes, Source::of_size(1_000_000, 1).bytes);
    std::fs::remove_file(&to).unwrap();

    // Hardly more than its head comes each time.
    faulty.proxy.heal();
    faulty.proxy.inject(cut(1_000));
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
