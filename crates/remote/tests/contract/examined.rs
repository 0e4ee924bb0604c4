//! What an examination says of places that are not as they should be.

use crate::place::{config, keys, s3};
use crate::source::{Source, key, quiet};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use remote::{
    Check, Credentials, Error, Examination, Finding, Folder, Marker, Measured, Outcome, Profile,
    Proof, Put, Remote, S3,
};
use sha2::Digest;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;
use testbed::{Fault, FaultProxy, Minio, Rule, SeaweedFs};

fn found(examination: &Examination, check: Check) -> &Finding {
    examination
        .findings
        .iter()
        .find(|finding| finding.check == check)
        .unwrap()
}

/// Everything that comes after a problem could not be asked.
fn assert_stops_at(examination: &Examination, check: Check) {
    let at = examination
        .findings
        .iter()
        .position(|finding| finding.check == check)
        .unwrap();
    let stopped = &examination.findings[at];
    assert_eq!(stopped.outcome, Outcome::Problem, "{examination:?}");
    assert!(
        examination.findings[at + 1..]
            .iter()
            .all(|finding| finding.outcome == Outcome::Skipped),
        "{examination:?}"
    );
}

fn marker() -> Marker {
    serde_json::from_value(serde_json::json!({
        "schema": "imgn-destination/1", "uuid": uuid::Uuid::new_v4(), "created": "2024-01-01T00:00:00Z"
    }))
    .unwrap()
}

#[tokio::test]
async fn a_port_where_nothing_listens_is_the_endpoints_problem() {
    let server = Minio::shared().await;
    let remote = s3(&server.endpoint, "http://127.0.0.1:9", "photos", "").await;
    assert_stops_at(&remote.examine(&marker()).await, Check::Endpoint);
}

/// A server behind which nobody is: it takes every connection, and says what `speak` writes.
async fn mute(speak: impl Fn(TcpStream) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let speak = Arc::new(speak);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, speak) = (stream.unwrap(), Arc::clone(&speak));
            std::thread::spawn(move || speak(stream));
        }
    });
    format!("https://{address}")
}

/// Keeps the connection until the other side gives it up.
fn say_nothing(mut stream: TcpStream) {
    std::io::copy(&mut stream, &mut std::io::sink()).ok();
}

/// One byte of a greeting every now and then, that never ends.
fn drip(mut stream: TcpStream) {
    let record = [22, 3, 3, 0x40, 0, 2, 0, 0x3f, 0xfc];
    let mut bytes = record.into_iter().chain(std::iter::repeat(0));
    while stream.write_all(&[bytes.next().unwrap_or(0)]).is_ok() {
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[tokio::test]
async fn a_server_that_never_greets_is_tlss_problem() {
    let server = Minio::shared().await;
    for url in [mute(say_nothing).await, mute(drip).await] {
        let remote = s3(&server.endpoint, &url, "photos", "").await;
        let remote = remote.with_patience(Duration::from_secs(2));
        let examination = remote.examine(&marker()).await;
        assert_stops_at(&examination, Check::Tls);
        let error = &found(&examination, Check::Tls).error;
        assert!(
            matches!(error, Some(Error::Unreachable { .. })),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn a_server_that_takes_the_connection_and_never_answers_is_unreachable() {
    let server = Minio::shared().await;
    let tls = mute(say_nothing).await;
    let plain = tls.replace("https", "http");
    let asked = [tls, plain].map(async |url| {
        let remote = s3(&server.endpoint, &url, "photos", "").await;
        remote.probe().await
    });
    for answer in futures_util::future::join_all(asked).await {
        assert!(
            matches!(answer, Err(Error::Unreachable { .. })),
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_tlss_problem() {
    let server = Minio::shared_tls().await;
    let bucket = server.bucket().await;
    let mut config = config(&server.endpoint, &server.endpoint.url, &bucket.name, "");
    config.ca_file = None;
    let remote = S3::open(config, keys(&server.endpoint), Profile::default())
        .await
        .unwrap();
    let examination = remote.examine(&marker()).await;
    assert_stops_at(&examination, Check::Tls);
    let error = &found(&examination, Check::Tls).error;
    assert!(
        matches!(error, Some(Error::Certificate { .. })),
        "{error:?}"
    );
}

#[tokio::test]
async fn the_days_that_a_certificate_is_good_for_are_counted() {
    let server = Minio::shared_tls().await;
    let bucket = server.bucket().await;
    let remote = s3(&server.endpoint, &server.endpoint.url, &bucket.name, "").await;
    let (marker, _) = remote.claim().await.unwrap();
    let examination = remote.examine(&marker).await;
    let tls = found(&examination, Check::Tls);
    let Some(Measured::Days(days)) = tls.measured else {
        panic!("{tls:?}");
    };
    assert!(days >= 0, "{days}");
    assert_eq!(tls.outcome == Outcome::Fine, days >= 30, "{days}");
}

#[tokio::test]
async fn a_wrong_secret_is_the_keys_problem_and_a_missing_bucket_the_buckets() {
    for server in [Minio::shared().await, SeaweedFs::shared().await] {
        let endpoint = &server.endpoint;
        let missing = s3(endpoint, &endpoint.url, "no-such-bucket-here", "").await;
        assert_stops_at(&missing.examine(&marker()).await, Check::Bucket);

        let bucket = server.bucket().await;
        let typed = Credentials::Typed {
            access_key_id: endpoint.access_key_id.clone(),
            secret_access_key: "wrong".to_owned(),
        };
        let config = config(endpoint, &endpoint.url, &bucket.name, "");
        let wrong = S3::open(config, typed, Profile::default()).await.unwrap();
        let examination = wrong.examine(&marker()).await;
        let key = found(&examination, Check::Key);
        assert_eq!(key.outcome, Outcome::Problem, "{examination:?}");
        assert!(matches!(key.error, Some(Error::Unauthorized { .. })));
    }
}

#[tokio::test]
async fn the_right_region_is_named() {
    let server = Minio::start_in("eu-central-1").await;
    let bucket = server.bucket().await;
    let mut config = config(&server.endpoint, &server.endpoint.url, &bucket.name, "");
    config.region = Some("us-east-1".to_owned());
    let remote = S3::open(config, keys(&server.endpoint), Profile::default())
        .await
        .unwrap();
    let examination = remote.examine(&marker()).await;
    let region = found(&examination, Check::Region);
    assert_eq!(region.outcome, Outcome::Problem, "{examination:?}");
    assert_eq!(
        region.measured,
        Some(Measured::Text("eu-central-1".to_owned()))
    );
}

#[tokio::test]
async fn a_key_that_may_only_read_is_told_which_right_it_lacks() {
    let server = SeaweedFs::start().await;
    let bucket = server.bucket().await;
    let owner = s3(&server.endpoint, &server.endpoint.url, &bucket.name, "").await;
    let (marker, _) = owner.claim().await.unwrap();
    let reader = server.reader();
    let remote = s3(&reader, &reader.url, &bucket.name, "").await;
    let examination = remote.examine(&marker).await;
    assert_eq!(found(&examination, Check::List).outcome, Outcome::Fine);
    let put = found(&examination, Check::Put);
    assert_eq!(put.outcome, Outcome::Problem, "{examination:?}");
    assert!(
        matches!(put.error, Some(Error::Forbidden { .. })),
        "{put:?}"
    );
}

#[tokio::test]
async fn an_empty_mount_point_is_said_and_left_empty() {
    let folder = tempfile::tempdir().unwrap();
    let remote = Folder::new(folder.path().to_owned());
    let examination = remote.examine(&marker()).await;
    assert_stops_at(&examination, Check::Marker);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);

    let gone = Folder::new(folder.path().join("not there"));
    assert_stops_at(&gone.examine(&marker()).await, Check::Mounted);
}

/// MinIO behind a proxy that plays `rclone serve s3` where it is asked about bytes with another SHA-256 than theirs:
/// it takes them, and says that they have the one that it was told.
async fn echo(proxy: &FaultProxy, body: &str) {
    let told = BASE64_STANDARD.encode(sha2::Sha256::digest(format!("{body}other")));
    let answer = |headers: Vec<(String, String)>| Fault::Answer {
        status: 200,
        headers,
        body: String::new(),
    };
    let checksum = ("x-amz-checksum-sha256".to_owned(), told);
    proxy.heal();
    proxy.inject(Rule::new(answer(Vec::new())).method("PUT").path("-wrong"));
    proxy.inject(
        Rule::new(answer(vec![checksum]))
            .method("HEAD")
            .path("-wrong"),
    );
}

#[tokio::test]
async fn a_store_that_repeats_whatever_it_is_told_proves_nothing_by_that() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let proxy = FaultProxy::start(&server.endpoint.url).await;
    let remote = s3(&server.endpoint, &proxy.url(), &bucket.name, "").await;
    let (marker, profile) = remote.claim().await.unwrap();
    assert!(
        profile.repeats_sha256 && !profile.echoes_sha256,
        "{profile:?}"
    );

    echo(&proxy, "imgn was here to see whether it may write").await;
    let tested = remote.probe().await.unwrap().profile;
    assert!(!tested.repeats_sha256 && tested.echoes_sha256, "{tested:?}");
    assert_eq!(tested.checks_sha256, Some(false));

    echo(&proxy, "imgn was here to see what this store does").await;
    let examination = remote.examine(&marker).await;
    let proof = found(&examination, Check::RepeatsSha256);
    assert_eq!(proof.outcome, Outcome::Note);
    assert_eq!(proof.measured, Some(Measured::Text("echo".to_owned())));
    assert!(examination.profile.echoes_sha256);

    // From now on its word for what goes up, and for what is there, is not taken.
    let source = Source::of_size(1000, 1);
    let put = remote
        .put(&key("a.jpg"), &source.original(), &quiet)
        .await
        .unwrap();
    assert!(
        matches!(put, Put::Stored(Proof::SizeOnly { .. })),
        "{put:?}"
    );
    let verified = remote.verify(&key("a.jpg"), 1000, &source.sha256).await;
    assert!(
        matches!(verified, Ok(Some(Proof::SizeOnly { .. }))),
        "{verified:?}"
    );
    // What is there already is read, whatever it says.
    let again = remote
        .put(&key("a.jpg"), &source.original(), &quiet)
        .await
        .unwrap();
    assert!(
        matches!(again, Put::Adopted(Proof::FullSha256 { .. })),
        "{again:?}"
    );

    // It may have learnt better meanwhile.
    proxy.heal();
    let examination = remote.examine(&marker).await;
    assert_eq!(
        found(&examination, Check::RepeatsSha256).outcome,
        Outcome::Fine
    );
    assert!(!examination.profile.echoes_sha256);
}
