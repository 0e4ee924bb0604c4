//! Large originals, which go to a bucket in parts: whole, proven, resumed, and nothing left behind.

#[macro_use]
mod line;
mod abandoned;
mod dialects;

use crate::place::{config, keys, s3};
use crate::source::{Source, key, quiet};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use line::{Line, PART, SIZE, parts_sent, small_parts};
use md5::{Digest, Md5};
use remote::{Error, Ledger, Memory, Profile, Proof, Put, Remote, S3, Throttle};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;
use testbed::{Fault, Minio, Rule, SeaweedFs, Server};

/// Base64 of the SHA-256 of the parts' hashes, and their number.
fn composite(bytes: &[u8], part: u64) -> String {
    let hashes: Vec<u8> = bytes
        .chunks(part.try_into().unwrap())
        .flat_map(|chunk| sha2::Sha256::digest(chunk).to_vec())
        .collect();
    let parts = hashes.len() / 32;
    let all = sha2::Sha256::digest(hashes);
    format!("{}-{parts}", BASE64_STANDARD.encode(all))
}

on_plain_servers! {
    a_large_original_goes_up_in_parts_with_their_proof_and_what_rclone_checks
    interrupted_it_goes_on_with_what_is_missing
    a_part_that_the_store_lost_is_sent_again
    an_upload_that_the_store_lost_begins_anew
    an_upload_of_other_bytes_is_not_gone_on_with
    a_reset_part_is_sent_again_and_the_others_are_not
    an_answer_lost_after_completing_is_adopted
    what_goes_up_keeps_to_the_limit
}

async fn a_large_original_goes_up_in_parts_with_their_proof_and_what_rclone_checks(line: Line) {
    let source = Source::of_size(SIZE, 1);
    let (ledger, told) = (Memory::default(), Mutex::new(Vec::new()));
    let name = key("a.jpg");
    let put = line
        .remote
        .put_resumable(&name, &source.original(), &ledger, &|sent| {
            told.lock().unwrap().push(sent)
        })
        .await
        .unwrap();
    let expected = composite(&source.bytes, PART);
    let Put::Stored(proof) = put else {
        panic!("{put:?}")
    };
    assert!(
        matches!(&proof, Proof::PartsSha256 { parts: 4, composite, .. } if *composite == expected),
        "{proof:?}"
    );
    assert!(line.bucket.get("mine/a.jpg").await == source.bytes);
    assert_eq!(ledger.left(), None);
    assert_eq!(line.unfinished().await, 0);
    assert_eq!(line.parts_sent(), (1..=4).map(|part| (part, 1)).collect());

    let told = told.into_inner().unwrap();
    assert!(told.is_sorted(), "{told:?}");
    assert_eq!(told.last(), Some(&(SIZE as u64)));

    let head = line.bucket.head("mine/a.jpg").await;
    assert_eq!(head.content_type.as_deref(), Some("image/jpeg"));
    assert_eq!(head.content_encoding, None);
    assert_eq!(head.metadata["mtime"], "1549188672.345678");
    assert_eq!(head.metadata["sha256"], hex::encode(source.sha256));
    assert_eq!(head.metadata["part-size"], PART.to_string());
    let md5 = BASE64_STANDARD.encode(Md5::digest(&source.bytes));
    assert_eq!(head.metadata["md5chksum"], md5);

    let size = SIZE as u64;
    let again = line
        .remote
        .verify_again(&name, size, &source.sha256, &proof)
        .await
        .unwrap();
    assert_eq!(again, Some(proof), "asked again it says the same");
    let unknown = line.remote.verify(&name, size, &source.sha256).await;
    assert!(
        matches!(unknown, Ok(Some(Proof::SizeOnly { .. }))),
        "without the parts their checksum proves nothing: {unknown:?}"
    );
    let other = Proof::PartsSha256 {
        parts: 4,
        composite: composite(&source.bytes[1..], PART),
        etag: None,
        version: None,
    };
    let other = line
        .remote
        .verify_again(&name, size, &source.sha256, &other)
        .await;
    assert_eq!(other.unwrap(), None);

    // The same file again: nothing is sent, and nothing is read back.
    let before = line.proxy.requests().len();
    let put = line.put(&source, &ledger).await.unwrap();
    assert!(
        matches!(put, Put::Adopted(Proof::PartsSha256 { parts: 4, .. })),
        "{put:?}"
    );
    let asked: Vec<_> = line.proxy.requests().split_off(before);
    assert!(
        asked.iter().all(|request| request.method == "HEAD"),
        "{asked:?}"
    );
    let put = line.put(&Source::of_size(SIZE, 2), &ledger).await.unwrap();
    assert_eq!(put, Put::KeyTaken);
}

/// An upload of which only some parts are there, for whatever comes next.
async fn interrupted(line: &Line, source: &Source) -> Memory {
    let ledger = Memory::default();
    line.proxy
        .inject(Rule::new(Fault::slow_down()).path("partNumber=3"));
    line.proxy
        .inject(Rule::new(Fault::slow_down()).path("partNumber=4"));
    let error = line.put(source, &ledger).await.unwrap_err();
    assert!(matches!(error, Error::Busy { .. }), "{error:?}");
    line.proxy.heal();
    let left = ledger.left().unwrap();
    assert_eq!(left.etags.keys().copied().collect::<Vec<_>>(), [1, 2]);
    assert_eq!(line.unfinished().await, 1);
    ledger
}

async fn assert_stored(line: &Line, source: &Source, ledger: &Memory) {
    let put = line.put(source, ledger).await.unwrap();
    assert!(
        matches!(put, Put::Stored(Proof::PartsSha256 { .. })),
        "{put:?}"
    );
    assert!(line.bucket.get("mine/a.jpg").await == source.bytes);
    assert_eq!(ledger.left(), None);
    assert_eq!(line.unfinished().await, 0);
}

async fn interrupted_it_goes_on_with_what_is_missing(line: Line) {
    let source = Source::of_size(SIZE, 1);
    let ledger = interrupted(&line, &source).await;
    let before = line.proxy.requests().len();
    let first = Mutex::new(None);
    let put = line
        .remote
        .put_resumable(&key("a.jpg"), &source.original(), &ledger, &|sent| {
            first.lock().unwrap().get_or_insert(sent);
        })
        .await
        .unwrap();
    assert!(matches!(put, Put::Stored(_)), "{put:?}");
    // Some of the third may have gone by the first time that it tells.
    assert!(first.into_inner().unwrap() >= Some(2 * PART));
    let sent = parts_sent(&line.proxy.requests()[before..]);
    assert_eq!(sent, BTreeMap::from([(3, 1), (4, 1)]));
    assert!(line.bucket.get("mine/a.jpg").await == source.bytes);
    assert_eq!(line.unfinished().await, 0);
}

async fn a_part_that_the_store_lost_is_sent_again(line: Line) {
    let source = Source::of_size(SIZE, 1);
    let ledger = interrupted(&line, &source).await;
    ledger
        .sent(2, "\"00000000000000000000000000000000\"")
        .await
        .unwrap();
    ledger
        .sent(4, "\"00000000000000000000000000000000\"")
        .await
        .unwrap();
    let before = line.proxy.requests().len();
    assert_stored(&line, &source, &ledger).await;
    let sent = parts_sent(&line.proxy.requests()[before..]);
    assert_eq!(sent, BTreeMap::from([(2, 1), (3, 1), (4, 1)]));
}

async fn an_upload_that_the_store_lost_begins_anew(line: Line) {
    let source = Source::of_size(SIZE, 1);
    let ledger = interrupted(&line, &source).await;
    let id = ledger.left().unwrap().id.unwrap();
    line.bucket.abort("mine/a.jpg", &id).await;
    assert_stored(&line, &source, &ledger).await;

    // And when that shows only while it goes on.
    line.bucket.delete("mine/a.jpg").await;
    let gone = Fault::error(404, "NoSuchUpload", "The upload does not exist.");
    line.proxy
        .inject(Rule::new(gone).path("partNumber=2").times(1));
    let put = line.put(&source, &ledger).await.unwrap();
    assert!(matches!(put, Put::Stored(_)), "{put:?}");
    assert!(line.bucket.get("mine/a.jpg").await == source.bytes);
}

async fn an_upload_of_other_bytes_is_not_gone_on_with(line: Line) {
    let ledger = interrupted(&line, &Source::of_size(SIZE, 1)).await;
    let left = ledger.left().unwrap();
    let edited = Source::of_size(SIZE, 2);
    let put = line.put(&edited, &ledger).await.unwrap();
    assert!(matches!(put, Put::Stored(_)), "{put:?}");
    assert!(line.bucket.get("mine/a.jpg").await == edited.bytes);
    line.remote.abandon(&key("a.jpg"), &left).await.unwrap();
    assert_eq!(line.unfinished().await, 0);
}

async fn a_reset_part_is_sent_again_and_the_others_are_not(line: Line) {
    let source = Source::of_size(SIZE, 1);
    line.proxy.inject(
        Rule::new(Fault::ResetAfter(1_000_000))
            .path("partNumber=2")
            .times(1),
    );
    line.proxy
        .inject(Rule::new(Fault::slow_down()).path("partNumber=3").times(1));
    assert_stored(&line, &source, &Memory::default()).await;
    let expected = BTreeMap::from([(1, 1), (2, 2), (3, 2), (4, 1)]);
    assert_eq!(line.parts_sent(), expected);
}

async fn an_answer_lost_after_completing_is_adopted(line: Line) {
    let source = Source::of_size(SIZE, 1);
    let ledger = Memory::default();
    line.proxy.inject(
        Rule::new(Fault::LoseAnswer)
            .method("POST")
            .path("uploadId=")
            .times(1),
    );
    let put = line.put(&source, &ledger).await.unwrap();
    assert!(
        matches!(put, Put::Adopted(Proof::PartsSha256 { parts: 4, .. })),
        "{put:?}"
    );
    assert_eq!(ledger.left(), None);
    assert_eq!(line.bucket.list_originals().await.len(), 1);
    assert!(line.bucket.get("mine/a.jpg").await == source.bytes);
}

/// SeaweedFS looks whether the name is free and completes the upload in two steps, so that of several
/// which end at one instant more than one may be told that it was stored.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_machines_one_stores_and_nothing_is_left_minio() {
    let line = Line::to(Minio::shared().await).await;
    let [same, also, other] = [1, 1, 2].map(|seed| Source::of_size(SIZE, seed));
    let ledgers = [Memory::default(), Memory::default(), Memory::default()];
    let (first, second, third) = tokio::join!(
        line.put(&same, &ledgers[0]),
        line.put(&also, &ledgers[1]),
        line.put(&other, &ledgers[2]),
    );
    let puts = [first.unwrap(), second.unwrap(), third.unwrap()];
    let stored = puts.iter().filter(|put| matches!(put, Put::Stored(_)));
    assert_eq!(stored.count(), 1, "{puts:?}");
    let there = line.bucket.get("mine/a.jpg").await;
    for (put, source) in puts.iter().zip([&same, &also, &other]) {
        let ours = *put != Put::KeyTaken;
        assert_eq!(ours, source.bytes == there, "{puts:?}");
    }
    assert!(ledgers.iter().all(|ledger| ledger.left().is_none()));
    assert_eq!(line.unfinished().await, 0);
}

/// The limit is so low that nothing would end within it: what ends it is that it is lifted.
async fn what_goes_up_keeps_to_the_limit(line: Line) {
    let throttle = Throttle::default();
    throttle.limit(Some(10_000));
    let remote = small_parts(
        s3(
            &line.bucket.endpoint,
            &line.proxy.url(),
            &line.bucket.name,
            "mine",
        )
        .await,
    )
    .with_patience(Duration::from_secs(4))
    .with_throttle(throttle.clone());
    remote.claim().await.unwrap();
    let source = Source::of_size(SIZE, 1);
    let most = Mutex::new(0);
    let original = source.original();
    let name = key("a.jpg");
    let progress = |sent| *most.lock().unwrap() = sent;
    let put = remote.put(&name, &original, &progress);
    tokio::pin!(put);
    let early = tokio::time::timeout(Duration::from_secs(6), &mut put).await;
    assert!(early.is_err(), "{early:?}");
    let sent = *most.lock().unwrap();
    assert!(
        (1..1_000_000).contains(&sent),
        "{sent} bytes in six seconds"
    );
    throttle.limit(None);
    let put = put.await.unwrap();
    assert!(matches!(put, Put::Stored(_)), "{put:?}");
    assert!(line.bucket.get("mine/a.jpg").await == source.bytes);
}

/// Above the real threshold, with the real parts, also over TLS.
async fn a_photo_of_more_than_64_mb(server: Server) {
    let bucket = server.bucket().await;
    let config = config(&server.endpoint, &server.endpoint.url, &bucket.name, "");
    let remote = S3::open(config, keys(&server.endpoint), Profile::default())
        .await
        .unwrap();
    remote.claim().await.unwrap();
    let source = Source::of_size(70_000_000, 1);
    let put = remote
        .put(&key("a.jpg"), &source.original(), &quiet)
        .await
        .unwrap();
    assert!(
        matches!(put, Put::Stored(Proof::PartsSha256 { parts: 5, .. })),
        "{put:?}"
    );
    assert!(bucket.get("a.jpg").await == source.bytes);
}

macro_rules! above_the_threshold {
    ($($name:ident, $server:expr;)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                a_photo_of_more_than_64_mb($server.await).await;
            }
        )*
    };
}

above_the_threshold! {
    minio_takes_a_photo_of_more_than_64_mb, Minio::shared();
    minio_tls_takes_a_photo_of_more_than_64_mb, Minio::shared_tls();
    seaweedfs_takes_a_photo_of_more_than_64_mb, SeaweedFs::shared();
    seaweedfs_tls_takes_a_photo_of_more_than_64_mb, SeaweedFs::shared_tls();
}
