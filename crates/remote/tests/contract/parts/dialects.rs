//! Stores that answer in a way of their own: each case is what a server that people have does, in front of MinIO.

use super::composite;
use super::interrupted;
use super::line::{Line, PART, SIZE, parts_sent};
use crate::source::{Source, key};
use remote::{Memory, Proof, Put, Remote};
use std::collections::BTreeMap;
use testbed::{Fault, Minio, Rule};

/// Answers have the second text where MinIO has the first.
fn instead(text: &str, other: &str) -> Fault {
    Fault::Texts(vec![(text.to_owned(), other.to_owned())])
}

/// `rclone serve s3` calls the answer `InitiateMultipartUpload`.
#[tokio::test]
async fn an_upload_that_is_begun_by_an_answer_of_another_name_goes_up_and_leaves_nothing() {
    let line = Line::to(Minio::shared().await).await;
    let source = Source::of_size(SIZE, 1);
    let called = instead("InitiateMultipartUploadResult", "InitiateMultipartUpload");
    line.proxy.inject(Rule::new(called).path("?uploads"));
    let ledger = Memory::default();
    let put = line.put(&source, &ledger).await.unwrap();
    assert!(
        matches!(put, Put::Stored(Proof::PartsSha256 { .. })),
        "{put:?}"
    );
    assert!(line.bucket.get("mine/a.jpg").await == source.bytes);
    assert_eq!(line.unfinished().await, 0);
}

/// One whose name cannot be made out was begun all the same, and is not forgotten.
#[tokio::test]
async fn an_upload_that_is_begun_by_an_answer_without_a_name_is_looked_for_later() {
    let line = Line::to(Minio::shared().await).await;
    let nameless = instead("UploadId>", "Name>");
    line.proxy.inject(Rule::new(nameless).path("?uploads"));
    let ledger = Memory::default();
    let error = line.put(&Source::of_size(SIZE, 1), &ledger).await;
    assert!(error.is_err(), "{error:?}");
    line.proxy.heal();
    assert_eq!(line.unfinished().await, 1);
    let left = ledger.left().unwrap();
    line.remote.abandon(&key("a.jpg"), &left).await.unwrap();
    assert_eq!(line.unfinished().await, 0);
}

/// moto says of what kind the checksum is, and not of how many parts.
#[tokio::test]
async fn a_checksum_of_parts_without_their_number_is_no_checksum_of_the_bytes() {
    let line = Line::to(Minio::shared().await).await;
    let source = Source::of_size(SIZE, 1);
    let expected = composite(&source.bytes, PART);
    let without = expected.strip_suffix("-4").unwrap();
    line.proxy.inject(Rule::new(instead(&expected, without)));
    let ledger = Memory::default();
    let put = line.put(&source, &ledger).await.unwrap();
    assert!(
        matches!(&put, Put::Stored(Proof::PartsSha256 { parts: 4, composite, .. }) if *composite == expected),
        "{put:?}"
    );
    let again = line.put(&source, &ledger).await.unwrap();
    assert!(matches!(again, Put::Adopted(_)), "{again:?}");
    let names = line.bucket.list_originals().await;
    assert_eq!(names.len(), 1, "one photo, one object: {names:?}");
}

/// s3rver has no list of parts, moto's has another name.
#[tokio::test]
async fn an_interrupted_upload_goes_on_where_the_parts_cannot_be_listed() {
    let line = Line::to(Minio::shared().await).await;
    for fault in [
        Fault::error(405, "MethodNotAllowed", "Not against this resource."),
        instead("ListPartsResult", "ListPartsResponse"),
    ] {
        let source = Source::of_size(SIZE, 1);
        let ledger = interrupted(&line, &source).await;
        line.proxy
            .inject(Rule::new(fault).method("GET").path("uploadId="));
        let before = line.proxy.requests().len();
        let put = line.put(&source, &ledger).await.unwrap();
        assert!(matches!(put, Put::Stored(_)), "{put:?}");
        let sent = parts_sent(&line.proxy.requests()[before..]);
        assert_eq!(sent, BTreeMap::from([(3, 1), (4, 1)]));
        line.proxy.heal();
        line.bucket.delete("mine/a.jpg").await;
    }
}
