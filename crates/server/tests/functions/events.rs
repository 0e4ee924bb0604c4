//! The extraction function: started by what was put, or by a clock.

use crate::bed::{Bed, photo};
use media::Sidecar;
use serde_json::{Value, json};
use testbed::{Functions, Minio};

const NAME: &str = "imgn-extract";

fn done(extracted: u64, broken: u64) -> Value {
    json!({"extracted": extracted, "broken": broken, "failed": 0})
}

async fn extracts(bed: Bed) {
    bed.bucket.put("2024/a b+.jpg", photo(1)).await;
    bed.bucket.put("2024/b.jpg", photo(2)).await;
    let s3 = |bucket: &str, key: &str| {
        json!({"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
            "s3": {"bucket": {"name": bucket}, "object": {"key": key, "size": 1}}}]})
    };
    let bridged = |key: &str| {
        json!({"version": "0", "source": "aws.s3", "detail-type": "Object Created", "detail": {
            "bucket": {"name": bed.bucket.name}, "object": {"key": key}, "reason": "PutObject"}})
    };
    let own = &bed.bucket.name;
    //  name, event, what is done
    let cases = [
        ("S3's own event", s3(own, "2024/a+b%2B.jpg"), done(1, 0)),
        ("the same again", s3(own, "2024/a+b%2B.jpg"), done(0, 0)),
        ("by EventBridge", bridged("2024/b.jpg"), done(1, 0)),
        ("its own sidecar", bridged("2024/b.jpg.meta"), done(0, 0)),
        (
            "its own thumbnail",
            bridged(".imgn/thumbs/aa/b.webp"),
            done(0, 0),
        ),
        ("what is gone again", s3(own, "2024/gone.jpg"), done(0, 0)),
        ("another bucket", s3("others", "2024/b.jpg"), done(0, 0)),
        (
            "a try",
            json!({"Event": "s3:TestEvent", "Bucket": own}),
            done(0, 0),
        ),
    ];
    for (name, event, expected) in cases {
        let said = bed.functions.call(NAME, &event).await;
        assert_eq!(said, Ok(expected), "{name}");
    }
    for key in ["2024/a b+.jpg.meta", "2024/b.jpg.meta"] {
        let sidecar = bed.bucket.get(key).await;
        let sidecar = Sidecar::parse(std::str::from_utf8(&sidecar).unwrap()).unwrap();
        assert_eq!(sidecar.metadata.width, Some(96), "{key}");
        let thumb = format!(
            ".imgn/thumbs/{}/{}.webp",
            &sidecar.sha256[..2],
            sidecar.sha256
        );
        assert!(bed.bucket.try_get(&thumb).await.is_some(), "{key}");
    }

    bed.bucket.put("broken.jpg", b"no picture".to_vec()).await;
    bed.bucket.put("text.jpg", photo(3)).await;
    bed.bucket.put("text.jpg.meta", b"640x480".to_vec()).await;
    bed.bucket.put("notes.txt", b"no photo".to_vec()).await;
    let clock = json!({"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}});
    assert_eq!(bed.functions.call(NAME, &clock).await, Ok(done(1, 1)));
    assert_eq!(bed.functions.call(NAME, &clock).await, Ok(done(0, 0)));
    bed.bucket.destroy().await;
}

#[tokio::test]
async fn events_and_a_clock_drive_extraction_in_minio() {
    extracts(Bed::minio().await).await;
}

#[tokio::test]
async fn events_and_a_clock_drive_extraction_in_seaweedfs() {
    extracts(Bed::seaweedfs().await).await;
}

#[tokio::test]
async fn a_call_that_could_not_be_carried_out_fails_so_that_it_is_made_again() {
    let wrong = [
        ("IMGN_ANONYMOUS", "true"),
        ("AWS_SECRET_ACCESS_KEY", "not the one"),
    ];
    let bed = Bed::on(Minio::shared().await, &wrong).await;
    let said = bed.functions.call(NAME, &json!({})).await;
    assert!(said.is_err(), "{said:?}");
    bed.bucket.destroy().await;
}

/// A function is often started for a single look, and would read every sidecar in each of them.
#[tokio::test]
async fn a_look_of_a_function_that_just_began_reads_what_lacks_a_sidecar_and_few_others() {
    let bed = Bed::on(Minio::shared().await, &[("IMGN_ANONYMOUS", "true")]).await;
    let count = 40;
    for seed in 0..count {
        bed.bucket.put(&format!("{seed}.jpg"), photo(seed)).await;
    }
    let clock = json!({});
    assert_eq!(bed.functions.call(NAME, &clock).await, Ok(done(count, 0)));
    bed.bucket.put("3.jpg.meta", b"640x480".to_vec()).await;
    bed.bucket.put("5.jpg.meta", Vec::new()).await;
    bed.bucket.delete("7.jpg.meta").await;
    bed.bucket.put("new.jpg", photo(count)).await;

    let variables = [("IMGN_ANONYMOUS", "true"), ("IMGN_LOG", "debug")];
    let fresh = Functions::start(&bed.bucket, &variables).await;
    assert_eq!(fresh.call(NAME, &clock).await, Ok(done(4, 0)));
    let read = fresh.log(NAME).matches("nothing to extract").count();
    assert!(read < 20, "{read} were read for nothing");
    bed.bucket.destroy().await;
}
