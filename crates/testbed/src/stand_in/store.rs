//! The store: it holds requests to what was signed.

use super::{Kept, Slip, StoreRequest, answer};
use crate::serving::lock;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) async fn answered(State(kept): State<Arc<Kept>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let headers = plain(&parts.headers);
    lock(&kept.requests).push(StoreRequest {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        headers: headers.clone(),
    });
    let body = axum::body::to_bytes(body, usize::MAX)
        .await
        .unwrap_or_default();
    let number = parts
        .uri
        .query()
        .and_then(|query| query.split_once("canary"));
    let number: Option<usize> = number.and_then(|(_, number)| number.parse().ok());
    let signed = number.and_then(|number| lock(&kept.signed).get(number).cloned());
    let Some((key, signed)) = signed else {
        return refusal(403, "SignatureDoesNotMatch");
    };
    if headers.contains_key("authorization") {
        return refusal(400, "InvalidArgument");
    }
    if kept.expired(&parts.method) {
        return refusal(403, "AccessDenied");
    }
    let own = |name: &&String| name.starts_with("x-amz-");
    if headers
        .keys()
        .filter(own)
        .any(|name| !signed.contains_key(name))
        || signed
            .iter()
            .any(|(name, value)| headers.get(name) != Some(value))
    {
        return refusal(403, "SignatureDoesNotMatch");
    }
    match parts.method {
        Method::PUT => put(&kept, &key, &signed, &body),
        Method::GET => get(&kept, &key, &headers),
        _ => refusal(403, "SignatureDoesNotMatch"),
    }
}

fn plain(headers: &HeaderMap) -> BTreeMap<String, String> {
    let text = |value: &axum::http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let each = headers.iter();
    each.map(|(name, value)| (name.to_string(), text(value)))
        .collect()
}

fn put(kept: &Kept, key: &str, signed: &BTreeMap<String, String>, body: &Bytes) -> Response {
    if kept.suffers(&Slip::Redirects) {
        let to = Response::builder()
            .status(307)
            .header("location", "http://127.0.0.1:1/");
        return to.body(Body::empty()).expect("a redirect");
    }
    if kept.overtaken() {
        lock(&kept.objects).insert(key.to_owned(), b"somebody else's".to_vec());
    }
    let conditional = signed.contains_key("if-none-match");
    if conditional && lock(&kept.objects).contains_key(key) {
        return refusal(412, "PreconditionFailed");
    }
    let checksum = BASE64_STANDARD.encode(Sha256::digest(body));
    let wanted = signed.get("x-amz-checksum-sha256");
    if wanted.is_some_and(|wanted| *wanted != checksum) {
        return refusal(400, "XAmzContentChecksumMismatch");
    }
    let mut bytes = body.to_vec();
    if kept.suffers(&Slip::Damages) {
        bytes.reverse();
    }
    lock(&kept.objects).insert(key.to_owned(), bytes);
    let mut answer = Response::builder().header("etag", format!("\"{}\"", &checksum[..8]));
    if wanted.is_some() && !kept.suffers(&Slip::Forgets) {
        answer = answer.header("x-amz-checksum-sha256", &checksum);
    }
    answer.body(Body::empty()).expect("an answer")
}

fn get(kept: &Kept, key: &str, headers: &BTreeMap<String, String>) -> Response {
    let Some(bytes) = lock(&kept.objects).get(key).cloned() else {
        return refusal(404, "NoSuchKey");
    };
    let checksum = BASE64_STANDARD.encode(Sha256::digest(&bytes));
    let answer = Response::builder().header("etag", format!("\"{}\"", &checksum[..8]));
    let first = headers.get("range").map(String::as_str) == Some("bytes=0-0");
    let (answer, bytes) = if first && !bytes.is_empty() {
        let range = format!("bytes 0-0/{}", bytes.len());
        let answer = answer.status(206).header("content-range", range);
        (answer, bytes[..1].to_vec())
    } else {
        (answer, bytes)
    };
    answer.body(Body::from(bytes)).expect("an answer")
}

fn refusal(status: u16, code: &str) -> Response {
    let xml = format!("<Error><Code>{code}</Code><Message>no</Message></Error>");
    answer(status, &xml)
}
