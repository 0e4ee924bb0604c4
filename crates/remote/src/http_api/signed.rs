//! Reading what functions of ours hold: by the addresses that their gallery signs, each good for some minutes.
//!
//! **Invariant:** no address is kept longer than its answer but those of thumbnails, and these are asked for again.

use super::address::carries_permission;
use super::answer::Answer;
use super::client::{ANSWER, empty};
use super::{HttpApi, gallery};
use crate::api::Entry;
use crate::lock::lock;
use crate::{Error, Object};
use http::header::{CONTENT_RANGE, RANGE};
use http::{HeaderName, HeaderValue, Method, StatusCode};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};
use tokio::time::timeout;
use url::Url;

/// A page or two of thumbnails: what somebody looks at.
const MOST_THUMBS: usize = 1_000;

/// Where thumbnails are, as the gallery said of late, by the SHA-256 of their originals.
#[derive(Debug, Default)]
pub(super) struct Thumbs(Mutex<HashMap<String, Thumb>>);

/// `Debug` shows no address.
#[derive(Clone)]
struct Thumb {
    key: String,
    src: String,
}

impl std::fmt::Debug for Thumb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Thumb")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

impl Thumbs {
    pub(super) fn note(&self, entry: &Entry) {
        let (Some(key), Some(sha256), Some(src)) = (&entry.key, &entry.sha256, &entry.thumb) else {
            return;
        };
        let thumb = Thumb {
            key: key.clone(),
            src: src.clone(),
        };
        let mut thumbs = self.lock();
        if thumbs.len() >= MOST_THUMBS {
            thumbs.clear();
        }
        thumbs.insert(sha256.clone(), thumb);
    }

    fn of(&self, sha256: &str) -> Option<Thumb> {
        self.lock().get(sha256).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Thumb>> {
        lock(&self.0)
    }
}

/// An answer that has the bytes under a key; none: there are none.
pub(super) async fn open(api: &HttpApi, key: &str) -> Result<Option<Answer>, Error> {
    if let Some(name) = key.strip_prefix(".imgn/thumbs/") {
        let name = name.rsplit('/').next().unwrap_or_default();
        return thumb(api, name.trim_end_matches(".webp")).await;
    }
    original(api, key, &[]).await
}

/// What is to be seen of an original without reading it: its first byte is asked for, as an address may be
/// signed for GET alone.
pub(super) async fn head(api: &HttpApi, key: &str) -> Result<Option<Object>, Error> {
    let first = [(RANGE, HeaderValue::from_static("bytes=0-0"))];
    let Some(answer) = original(api, key, &first).await? else {
        return Ok(None);
    };
    let whole = answer.header(CONTENT_RANGE).and_then(whole_size);
    let object = super::read::object(key, &answer);
    Ok(Some(Object {
        size: whole.unwrap_or(object.size),
        ..object
    }))
}

/// `bytes 0-0/1234`
fn whole_size(range: &str) -> Option<u64> {
    range.rsplit_once('/')?.1.parse().ok()
}

async fn original(
    api: &HttpApi,
    key: &str,
    headers: &[(HeaderName, HeaderValue)],
) -> Result<Option<Answer>, Error> {
    if crate::key::is_private(key) {
        return Ok(None);
    }
    // Twice: what was listed may go away, or expire, before it is asked for.
    let mut refused = None;
    for _ in 0..2 {
        let Some(entry) = gallery::entry(api, key).await? else {
            return Ok(None);
        };
        match followed(api, &entry.src, headers).await? {
            Followed::There(answer) => return Ok(Some(answer)),
            Followed::Gone => return Ok(None),
            Followed::Refused(error) => refused = Some(error),
        }
    }
    refused.map_or(Ok(None), Err)
}

async fn thumb(api: &HttpApi, sha256: &str) -> Result<Option<Answer>, Error> {
    let Some(known) = api.thumbs.of(sha256) else {
        return Ok(None);
    };
    if let Followed::There(answer) = followed(api, &known.src, &[]).await? {
        return Ok(Some(answer));
    }
    let entry = gallery::entry(api, &known.key).await?;
    let Some(src) = entry.and_then(|entry| entry.thumb) else {
        return Ok(None);
    };
    match followed(api, &src, &[]).await? {
        Followed::There(answer) => Ok(Some(answer)),
        Followed::Gone => Ok(None),
        Followed::Refused(error) => Err(error),
    }
}

/// What an address that was given out led to.
enum Followed {
    There(Answer),
    Gone,
    /// It has expired, or nobody may read there.
    Refused(Error),
}

async fn followed(
    api: &HttpApi,
    src: &str,
    headers: &[(HeaderName, HeaderValue)],
) -> Result<Followed, Error> {
    let url = api.client.given(src)?;
    let answer = get(api, &url, headers).await?;
    match answer.status {
        StatusCode::OK | StatusCode::PARTIAL_CONTENT => Ok(Followed::There(answer)),
        StatusCode::NOT_FOUND | StatusCode::GONE => Ok(Followed::Gone),
        StatusCode::FORBIDDEN | StatusCode::BAD_REQUEST => {
            Ok(Followed::Refused(Error::Forbidden {
                place: answer.endpoint,
                action: "read".to_owned(),
            }))
        }
        status if status.is_redirection() => Err(Error::Redirected {
            endpoint: answer.endpoint,
        }),
        status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
            Err(Error::Busy {
                endpoint: answer.endpoint,
                message: format!("status {}", status.as_u16()),
                retry_after: None,
            })
        }
        status => Err(Error::Unexpected {
            endpoint: answer.endpoint,
            status: status.as_u16(),
            message: "it does not give what its gallery shows".to_owned(),
        }),
    }
}

/// What an address that was given out answers: with nothing of ours where it is its own permission. A redirect
/// is an answer.
pub(super) async fn get(
    api: &HttpApi,
    url: &Url,
    headers: &[(HeaderName, HeaderValue)],
) -> Result<Answer, Error> {
    let request = if carries_permission(url) {
        api.client.signed(Method::GET, url, headers, empty())?
    } else {
        api.client.request(Method::GET, url, headers, empty())?
    };
    match timeout(ANSWER, api.client.send(request)).await {
        Ok(answer) => answer,
        Err(_) => Err(api.client.silent(url, ANSWER)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_the_whole_stands_behind_the_slash() {
        //  header, size
        let cases = [
            ("bytes 0-0/1234", Some(1234)),
            ("bytes 0-0/*", None),
            ("bytes", None),
        ];
        for (header, size) in cases {
            assert_eq!(whole_size(header), size, "{header}");
        }
    }

    #[test]
    fn an_address_is_not_shown() {
        let thumbs = Thumbs::default();
        let entry: Entry = serde_json::from_str(
            r#"{"src":"x","meta":"1x1","key":"a.jpg","sha256":"ab","thumb":"https://s3/canary"}"#,
        )
        .unwrap();
        thumbs.note(&entry);
        assert!(thumbs.of("ab").is_some());
        assert!(!format!("{thumbs:?}").contains("canary"));
    }
}
