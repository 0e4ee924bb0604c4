//! The bytes of originals and thumbnails, with headers that keep a browser from running them.
//!
//! **Invariant:** what is no picture by its content is only ever saved, whatever it is called.

use crate::answer::Refusal;
use crate::deployment::{Deployment, Traffic};
use crate::gallery;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::stream;
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    ETAG, IF_NONE_MATCH, LAST_MODIFIED, LOCATION,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use media::Kind;
use remote::{Key, Object, api};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};

/// Enough to tell what a file is.
const HEAD: usize = 64 * 1024;
const CHUNK: usize = 64 * 1024;
/// How long the store may give nothing.
const PATIENCE: Duration = Duration::from_secs(60);
/// Thumbnails are some kilobytes.
const MOST_THUMBNAIL: u64 = 4 << 20;

/// Nothing of it loads, runs or is framed, should a browser take it for a page after all.
const INERT: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// `GET /gallery/<key>`
pub(crate) async fn original(
    State(deployment): State<Arc<Deployment>>,
    Path(key): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let key = Key::parse(&key).map_err(|_| Refusal::NotFound)?;
    if key.as_str().ends_with(Key::SIDECAR) {
        return Err(Refusal::NotFound);
    }
    if deployment.traffic == Traffic::Direct && method == Method::GET {
        return elsewhere(&deployment, &key).await;
    }
    let reading = deployment.store.remote.read(&key).await?;
    let mut reading = reading.ok_or(Refusal::NotFound)?;
    let etag = etag(&reading.object);
    if etag.is_some() && headers.get(IF_NONE_MATCH) == etag.as_ref() {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let head = head(&mut reading.bytes).await.map_err(|error| {
        tracing::error!(%error, %key, "an original cannot be read");
        Refusal::StoreAway
    })?;
    let name = key.name();
    let kind = Kind::of(&head, name.as_ref());
    let mut answer = Response::new(body(head, reading.bytes));
    let to = answer.headers_mut();
    to.insert(CONTENT_TYPE, HeaderValue::from_static(kind.mime()));
    to.insert(CONTENT_LENGTH, HeaderValue::from(reading.object.size));
    to.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(INERT));
    to.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if kind.media_type().is_none() {
        to.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    }
    if let Some(etag) = etag {
        to.insert(ETAG, etag);
    }
    if let Some(changed) = reading.object.mtime.or(reading.object.modified) {
        to.extend(http_date(changed).map(|date| (LAST_MODIFIED, date)));
    }
    // With the bytes it could stand only behind them.
    if method == Method::HEAD
        && wants_digest(&headers)
        && reading.object.size <= deployment.traffic.most_read()
    {
        let sha256 = deployment.store.remote.hash(&key).await?;
        let sha256 = sha256.ok_or(Refusal::NotFound)?;
        let digest = format!("sha-256=:{}:", STANDARD.encode(sha256));
        to.extend(HeaderValue::from_str(&digest).map(|digest| (api::DIGEST, digest)));
    }
    Ok(answer)
}

/// To the bytes themselves, for a client that asks for a picture by its key.
async fn elsewhere(deployment: &Deployment, key: &Key) -> Result<Response, Refusal> {
    let entry = gallery::shown(deployment, key).await?;
    let entry = entry.ok_or(Refusal::NotFound)?;
    let location = HeaderValue::from_str(&entry.src).map_err(|_| Refusal::Internal)?;
    let headers = [
        (LOCATION, location),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((StatusCode::TEMPORARY_REDIRECT, headers).into_response())
}

/// Whether a SHA-256 is asked for (RFC 9530): the only one that is told.
fn wants_digest(headers: &HeaderMap) -> bool {
    let asked = headers.get_all(api::WANT_DIGEST).iter();
    asked.filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').any(|member| {
            let (name, weight) = member.split_once('=').unwrap_or((member, "1"));
            name.trim() == "sha-256" && weight.trim() != "0"
        })
    })
}

fn http_date(at: Timestamp) -> Option<HeaderValue> {
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&at);
    HeaderValue::from_str(&date.ok()?).ok()
}

/// `GET /thumbs/<sha256>.webp`
pub(crate) async fn thumbnail(
    State(deployment): State<Arc<Deployment>>,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    let sha256 = name
        .strip_suffix(".webp")
        .and_then(|hash| hex::decode(hash).ok())
        .and_then(|bytes| remote::Sha256::try_from(bytes).ok())
        .ok_or(Refusal::NotFound)?;
    let key = Key::thumbnail(&sha256);
    let webp = deployment.store.remote.get(&key, MOST_THUMBNAIL).await?;
    let webp = webp.ok_or(Refusal::NotFound)?;
    // Others may write into the store.
    if Kind::of(&webp, "a".as_ref()) != Kind::Photo(media::MediaType::Webp) {
        return Err(Refusal::NotFound);
    }
    let headers = [
        (CONTENT_TYPE, "image/webp"),
        (CONTENT_SECURITY_POLICY, INERT),
        (CACHE_CONTROL, "private, max-age=31536000, immutable"),
    ];
    Ok((headers, webp).into_response())
}

/// Changes when the bytes do.
pub(crate) fn etag(object: &Object) -> Option<HeaderValue> {
    let text = match (&object.etag, object.modified) {
        (Some(etag), _) => etag.clone(),
        (None, Some(modified)) => format!("\"{:x}-{:x}\"", object.size, modified.as_nanosecond()),
        (None, None) => return None,
    };
    HeaderValue::from_str(&text).ok()
}

type Bytewise = Pin<Box<dyn AsyncRead + Send>>;

/// How an object begins.
pub(crate) async fn head(bytes: &mut Bytewise) -> io::Result<Bytes> {
    let mut head = Vec::with_capacity(HEAD);
    let mut begins = bytes.take(HEAD as u64);
    tokio::time::timeout(PATIENCE, begins.read_to_end(&mut head))
        .await
        .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
    Ok(head.into())
}

/// The next bytes of an object; none after the last.
pub(crate) async fn next(bytes: &mut Bytewise) -> io::Result<Option<Bytes>> {
    let mut chunk = vec![0; CHUNK];
    let read = tokio::time::timeout(PATIENCE, bytes.read(&mut chunk))
        .await
        .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
    chunk.truncate(read);
    Ok((read > 0).then(|| chunk.into()))
}

fn body(head: Bytes, bytes: Bytewise) -> Body {
    let rest = stream::unfold((Some(head), bytes), |(head, mut bytes)| async {
        if let Some(head) = head.filter(|head| !head.is_empty()) {
            return Some((Ok(head), (None, bytes)));
        }
        match next(&mut bytes).await {
            Ok(chunk) => chunk.map(|chunk| (Ok(chunk), (None, bytes))),
            Err(error) => {
                tracing::error!(%error, "an original broke off");
                Some((Err(error), (None, Box::pin(tokio::io::empty()))))
            }
        }
    });
    Body::from_stream(rest)
}
