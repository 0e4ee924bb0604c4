//! `POST /events`: a bucket tells what was put into it, as S3 and MinIO word it.
//!
//! **Invariant:** an event only says where to look: what is there is read from the store, so one that
//! comes twice, late, or from a liar does no harm.

use crate::answer::Refusal;
use crate::deployment::Deployment;
use crate::urlencoded::decoded;
use axum::body::Bytes;
use axum::extract::State;
use http::StatusCode;
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

/// The same as EventBridge words it.
#[derive(Debug, Deserialize)]
struct Bridged {
    #[serde(rename = "detail-type")]
    kind: String,
    detail: Where,
}

/// An object that an event names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Put {
    pub(crate) bucket: String,
    /// In the bucket, as it is.
    pub(crate) key: String,
}

/// What a function is started with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// These were put.
    Puts(Vec<Put>),
    /// A clock: the whole store is to be looked over.
    LookOver,
}

impl Call {
    /// S3's own notification, the same by EventBridge, or whatever a schedule sends.
    pub(crate) fn of(event: &serde_json::Value) -> Self {
        if event.get("Records").is_some() {
            let notification = Notification::deserialize(event);
            return Self::Puts(notification.map_or_else(|_| Vec::new(), |it| puts(&it)));
        }
        // What S3 sends once, when it is told whom to tell.
        if event.get("Event").is_some_and(|it| it == "s3:TestEvent") {
            return Self::Puts(Vec::new());
        }
        match Bridged::deserialize(event) {
            Ok(Bridged { kind, detail }) if kind == "Object Created" => Self::Puts(vec![Put {
                bucket: detail.bucket.name,
                key: detail.object.key,
            }]),
            _ => Self::LookOver,
        }
    }
}

fn puts(notification: &Notification) -> Vec<Put> {
    let created = notification
        .records
        .iter()
        .filter(|record| record.event_name.contains("ObjectCreated"));
    created
        .filter_map(|record| {
            Some(Put {
                bucket: record.s3.bucket.name.clone(),
                key: decoded(record.s3.object.key.as_bytes())?,
            })
        })
        .collect()
}

impl Put {
    /// The original that it is below `prefix`; none: it is none, or lies elsewhere.
    pub(crate) fn original(&self, prefix: &str) -> Option<Key> {
        let key = Key::parse(self.key.strip_prefix(prefix)?).ok()?;
        (!key.as_str().ends_with(Key::SIDECAR)).then_some(key)
    }
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
    puts(notification)
        .iter()
        .filter_map(|put| match wanted {
            None => put.original(""),
            Some((bucket, prefix)) if put.bucket == bucket => put.original(prefix),
            Some(_) => None,
        })
        .collect()
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
    fn a_function_is_told_of_objects_or_of_the_time() {
        use serde_json::json;
        let put = |key: &str| {
            let (bucket, key) = ("photos".to_owned(), key.to_owned());
            Call::Puts(vec![Put { bucket, key }])
        };
        //  name, event, call
        let cases = [
            (
                "S3's own",
                json!({"Records": [{"eventName": "ObjectCreated:Put", "s3": {
                    "bucket": {"name": "photos"}, "object": {"key": "a+b%2B.jpg"}}}]}),
                put("a b+.jpg"),
            ),
            (
                "by EventBridge, whose keys are not encoded",
                json!({"source": "aws.s3", "detail-type": "Object Created", "detail": {
                    "bucket": {"name": "photos"}, "object": {"key": "a+b%2B.jpg", "size": 1}}}),
                put("a+b%2B.jpg"),
            ),
            (
                "a removal",
                json!({"Records": [{"eventName": "ObjectRemoved:Delete", "s3": {
                    "bucket": {"name": "photos"}, "object": {"key": "a.jpg"}}}]}),
                Call::Puts(Vec::new()),
            ),
            (
                "S3's try",
                json!({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "photos"}),
                Call::Puts(Vec::new()),
            ),
            (
                "a schedule",
                json!({"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}),
                Call::LookOver,
            ),
            ("by hand", json!({}), Call::LookOver),
            ("nothing", serde_json::Value::Null, Call::LookOver),
        ];
        for (name, event, call) in cases {
            assert_eq!(Call::of(&event), call, "{name}");
        }
    }
}
