//! `POST /events`: a bucket tells what was put into it, as S3 and MinIO word it.
//!
//! **Invariant:** an event only says where to look: what is there is read from the store, so one that
//! comes twice, late, or from a liar does no harm.

use crate::answer::Refusal;
use crate::router::Deployment;
use axum::body::Bytes;
use axum::extract::State;
use http::StatusCode;
use percent_encoding::percent_decode;
use remote::Key;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Debug, Deserialize)]
struct Notification {
    #[serde(rename = "Records", default)]
    records: Vec<Record>,
}

#[derive(Debug, Deserialize)]
struct Record {
    #[serde(rename = "eventName", default)]
    event_name: String,
    s3: Where,
}

#[derive(Debug, Deserialize)]
struct Where {
    bucket: Bucket,
    object: Object,
}

#[derive(Debug, Deserialize)]
struct Bucket {
    name: String,
}

#[derive(Debug, Deserialize)]
struct Object {
    /// Encoded as in a form.
    key: String,
}

/// Takes what was put into the queue of the extractor. A full queue is the bucket's to wait for.
pub(crate) async fn take(
    State(deployment): State<Arc<Deployment>>,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let notification: Notification =
        serde_json::from_slice(&body).map_err(|_| Refusal::BadRequest)?;
    let bucket = deployment.store.bucket.as_ref();
    let wanted = bucket.map(|bucket| (bucket.name.as_str(), bucket.prefix.as_str()));
    for key in created(&notification, wanted) {
        deployment
            .told
            .try_send(key)
            .map_err(|_| Refusal::StoreAway)?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// The originals that a notification says were put; `wanted` are bucket and prefix.
fn created(notification: &Notification, wanted: Option<(&str, &str)>) -> Vec<Key> {
    let created = notification
        .records
        .iter()
        .filter(|record| record.event_name.contains("ObjectCreated"));
    created
        .filter_map(|record| {
            let key = form_decoded(record.s3.object.key.as_bytes())?;
            let key = match wanted {
                None => key.as_str(),
                Some((bucket, prefix)) if record.s3.bucket.name == bucket => {
                    key.strip_prefix(prefix)?
                }
                Some(_) => return None,
            };
            Key::parse(key).ok().filter(|key| !is_sidecar(key.as_str()))
        })
        .collect()
}

/// Whether a key is that of a sidecar rather than of an original.
pub(crate) fn is_sidecar(key: &str) -> bool {
    key.ends_with(".meta")
}

/// One field of a form without files.
pub(crate) fn form_field(body: &[u8], name: &str) -> Option<String> {
    body.split(|byte| *byte == b'&').find_map(|pair| {
        let at = pair.iter().position(|byte| *byte == b'=')?;
        let (key, value) = (&pair[..at], &pair[at + 1..]);
        (form_decoded(key)? == name).then(|| form_decoded(value))?
    })
}

fn form_decoded(text: &[u8]) -> Option<String> {
    let spaced: Vec<u8> = text
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    let decoded = percent_decode(&spaced).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_into_our_part_of_our_bucket_is_looked_at() {
        let notification = |event: &str, bucket: &str, key: &str| -> Notification {
            serde_json::from_value(serde_json::json!({
                "EventName": event, "Key": "x/y",
                "Records": [{"eventName": event, "s3": {
                    "bucket": {"name": bucket}, "object": {"key": key, "size": 1}}}]
            }))
            .unwrap()
        };
        let put = "s3:ObjectCreated:Put";
        //  name, event, bucket, key, expected
        let cases = [
            (
                "a photo",
                put,
                "photos",
                "p/2024/a+b%2B.jpg",
                Some("2024/a b+.jpg"),
            ),
            (
                "by AWS",
                "ObjectCreated:Copy",
                "photos",
                "p/a.jpg",
                Some("a.jpg"),
            ),
            (
                "a removal",
                "s3:ObjectRemoved:Delete",
                "photos",
                "p/a.jpg",
                None,
            ),
            ("a sidecar", put, "photos", "p/a.jpg.meta", None),
            (
                "a thumbnail",
                put,
                "photos",
                "p/.imgn/thumbs/aa/b.webp",
                None,
            ),
            ("another bucket", put, "others", "p/a.jpg", None),
            ("another prefix", put, "photos", "q/a.jpg", None),
            ("a way out", put, "photos", "p/../a.jpg", None),
        ];
        for (name, event, bucket, key, expected) in cases {
            let keys = created(&notification(event, bucket, key), Some(("photos", "p/")));
            let keys: Vec<_> = keys.iter().map(Key::as_str).collect();
            assert_eq!(keys, Vec::from_iter(expected), "{name}");
        }
    }

    #[test]
    fn a_field_of_a_form_is_found() {
        let body = b"a=1&token=se%2Bc+ret&b";
        assert_eq!(form_field(body, "token").as_deref(), Some("se+c ret"));
        assert_eq!(form_field(body, "b"), None);
    }
}
