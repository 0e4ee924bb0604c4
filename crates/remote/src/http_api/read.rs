//! Reading what an `imgn-server`, or functions of ours, hold.

use super::answer::Answer;
use super::client::ANSWER;
use super::{HttpApi, fault, gallery, signed};
use crate::api::{DIGEST, WANT_DIGEST};
use crate::landing::Landing;
use crate::{Error, Key, Look, Object, Proof, Reading, Service, Sha256};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use futures_util::TryStreamExt;
use http::header::{ETAG, LAST_MODIFIED};
use http::{HeaderValue, Method, StatusCode};
use http_body_util::BodyDataStream;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::Digest;
use std::io;
use std::path::Path;
use std::time::Duration;
use tokio_util::io::StreamReader;
use url::Url;

/// For a server to read the whole of an original.
const LONG: Duration = Duration::from_secs(5 * 60);

/// What stands for itself in a path.
pub(super) const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Where the bytes under a key are. None: there cannot be any.
fn address(api: &HttpApi, key: &str) -> Result<Option<Url>, Error> {
    if let Some(thumbnail) = key.strip_prefix(".imgn/thumbs/") {
        let name = thumbnail.rsplit('/').next().unwrap_or_default();
        return api.client.at(&format!("thumbs/{name}")).map(Some);
    }
    if crate::key::is_private(key) {
        return Ok(None);
    }
    let path = utf8_percent_encode(key, IN_PATH);
    api.client.at(&format!("gallery/{path}")).map(Some)
}

/// What an original's headers say.
pub(super) struct Held {
    pub(super) object: Object,
    /// The server read the bytes for it.
    digest: Option<Sha256>,
}

impl Held {
    pub(super) fn has_digest(&self) -> bool {
        self.digest.is_some()
    }
}

/// Whether the server is to read the bytes, and say their SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    Read,
    Looked,
}

pub(super) async fn head(api: &HttpApi, key: &str, depth: Depth) -> Result<Option<Held>, Error> {
    if api.service() == Service::Functions {
        let object = signed::head(api, key).await?;
        return Ok(object.map(|object| Held {
            object,
            digest: None,
        }));
    }
    let Some(url) = address(api, key)? else {
        return Ok(None);
    };
    let wanted = [(WANT_DIGEST, HeaderValue::from_static("sha-256=10"))];
    let (headers, within) = match depth {
        Depth::Read => (&wanted[..], LONG),
        Depth::Looked => (&[][..], ANSWER),
    };
    let answer = api.client.ask(Method::HEAD, &url, headers, within).await?;
    match answer.status {
        StatusCode::OK => Ok(Some(held(key, &answer))),
        StatusCode::NOT_FOUND => Ok(None),
        // A HEAD gives no reason; the same question with an answer does.
        _ => {
            let answer = api.client.get(&url).await?;
            match answer.status {
                StatusCode::OK => Ok(Some(held(key, &answer))),
                StatusCode::NOT_FOUND => Ok(None),
                _ => Err(fault::refusal(&api.client, answer, key).await),
            }
        }
    }
}

fn held(key: &str, answer: &Answer) -> Held {
    Held {
        object: object(key, answer),
        digest: answer.header(DIGEST).and_then(sha256),
    }
}

pub(super) fn object(key: &str, answer: &Answer) -> Object {
    let changed = answer
        .header(LAST_MODIFIED)
        .and_then(|text| jiff::fmt::rfc2822::parse(text).ok())
        .map(|at| at.timestamp());
    Object {
        key: key.to_owned(),
        size: answer.size().unwrap_or(0),
        etag: answer.header(ETAG).map(str::to_owned),
        modified: None,
        sha256: None,
        mtime: changed,
    }
}

/// `sha-256=:…:`, among others (RFC 9530).
fn sha256(text: &str) -> Option<Sha256> {
    let value = text.split(',').find_map(|member| {
        let (name, value) = member.split_once('=')?;
        (name.trim() == "sha-256").then_some(value.trim())
    })?;
    let base64 = value.strip_prefix(':')?.strip_suffix(':')?;
    BASE64_STANDARD.decode(base64).ok()?.try_into().ok()
}

/// See [`Remote::verify`](crate::Remote::verify). A server that does not say the SHA-256 is read.
pub(super) async fn verify(
    api: &HttpApi,
    key: &Key,
    size: u64,
    expected: &Sha256,
) -> Result<Option<Proof>, Error> {
    let Some(held) = head(api, key.as_str(), Depth::Read).await? else {
        return Ok(None);
    };
    if held.object.size != size {
        return Ok(None);
    }
    let found = match held.digest {
        Some(digest) => Some(digest),
        None => hash(api, key).await?,
    };
    Ok((found == Some(*expected)).then_some(Proof::FullSha256 {
        etag: held.object.etag,
        version: None,
    }))
}

/// See [`Remote::look`](crate::Remote::look).
pub(super) async fn look(api: &HttpApi, key: &Key, size: u64) -> Result<Look, Error> {
    let held = head(api, key.as_str(), Depth::Looked).await?;
    Ok(Look::by_size(held.map(|held| held.object), size))
}

/// The bytes under a key, at most `limit` of them.
pub(super) async fn get(api: &HttpApi, key: &Key, limit: u64) -> Result<Option<Bytes>, Error> {
    let too_large = || Error::TooLarge {
        key: key.to_string(),
        limit,
    };
    if let Some(original) = key.as_str().strip_suffix(Key::SIDECAR) {
        let sidecar = gallery::sidecar(api, original).await?;
        return match sidecar {
            Some(sidecar) if sidecar.len() as u64 > limit => Err(too_large()),
            sidecar => Ok(sidecar),
        };
    }
    let Some(mut answer) = open(api, key.as_str()).await? else {
        return Ok(None);
    };
    answer.whole(limit).await?.map(Some).ok_or_else(too_large)
}

/// An answer that has the bytes.
async fn open(api: &HttpApi, key: &str) -> Result<Option<Answer>, Error> {
    if api.service() == Service::Functions {
        return signed::open(api, key).await;
    }
    let Some(url) = address(api, key)? else {
        return Ok(None);
    };
    let answer = api.client.get(&url).await?;
    match answer.status {
        StatusCode::OK => Ok(Some(answer)),
        StatusCode::NOT_FOUND => Ok(None),
        _ => Err(fault::refusal(&api.client, answer, key).await),
    }
}

pub(super) async fn hash(api: &HttpApi, key: &Key) -> Result<Option<Sha256>, Error> {
    match open(api, key.as_str()).await? {
        Some(answer) => hash_of(answer).await.map(Some),
        None => Ok(None),
    }
}

/// Of all bytes of an answer, read now.
pub(super) async fn hash_of(mut answer: Answer) -> Result<Sha256, Error> {
    let mut hasher = sha2::Sha256::new();
    while let Some(chunk) = answer.next().await? {
        hasher.update(&chunk);
    }
    Ok(hasher.finalize().into())
}

/// See [`Remote::read`](crate::Remote::read).
pub(super) async fn reading(api: &HttpApi, key: &Key) -> Result<Option<Reading>, Error> {
    Ok(open(api, key.as_str())
        .await?
        .map(|answer| stream(key.as_str(), answer)))
}

pub(super) fn stream(key: &str, answer: Answer) -> Reading {
    let object = object(key, &answer);
    let chunks = BodyDataStream::new(answer.into_body()).map_err(io::Error::other);
    Reading {
        object,
        bytes: Box::pin(StreamReader::new(chunks)),
    }
}

/// See [`Remote::download`](crate::Remote::download).
pub(super) async fn download(api: &HttpApi, name: &str, to: &Path) -> Result<Sha256, Error> {
    match open(api, name).await? {
        Some(answer) => save(answer, to).await,
        None => Err(missing(api, name)),
    }
}

pub(super) fn missing(api: &HttpApi, name: &str) -> Error {
    Error::Missing {
        place: api.client.endpoint.clone(),
        key: name.to_owned(),
    }
}

/// Into a new file, which is there only whole.
pub(super) async fn save(mut answer: Answer, to: &Path) -> Result<Sha256, Error> {
    let mut landing = Landing::begin(to).await?;
    while let Some(chunk) = answer.next().await? {
        landing.take(&chunk).await?;
    }
    landing.end().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_found_among_others() {
        let ours = format!("sha-256=:{}:", BASE64_STANDARD.encode([7; 32]));
        //  header, found
        let cases = [
            (ours.clone(), true),
            (format!("md5=:AA==:, {ours}"), true),
            ("sha-256=AA==".to_owned(), false),
            ("sha-256=:AA==:".to_owned(), false),
            ("sha-512=:AA==:".to_owned(), false),
            (String::new(), false),
        ];
        for (header, found) in cases {
            let expected = found.then_some([7; 32]);
            assert_eq!(sha256(&header), expected, "{header:?}");
        }
    }
}
