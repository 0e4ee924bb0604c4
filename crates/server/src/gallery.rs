//! `GET /gallery`: what is in the store, a page of it in key order.
//!
//! **Invariant:** no text in it means anything in HTML, into which old clients put it: it is escaped in the JSON.

mod entry;

pub(crate) use entry::looks_like_a_photo;

use crate::answer::Refusal;
use crate::deployment::Deployment;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use entry::{Found, addressed, entry, named};
use futures_util::{StreamExt, TryStreamExt, stream};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, LINK};
use media::{Meta, harmless_in_html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use remote::api::{Entry, PAGE};
use remote::{Key, Object, Remote};
use serde::Deserialize;
use std::sync::Arc;

/// Sidecars that are fetched at once for one page.
const AT_ONCE: usize = 16;
/// A sidecar is a few kilobytes.
pub(crate) const MOST_SIDECAR: u64 = 1 << 20;

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    limit: Option<usize>,
    after: Option<String>,
    /// Only this image.
    key: Option<String>,
}

/// `GET /gallery`
pub(crate) async fn list(
    State(deployment): State<Arc<Deployment>>,
    asked: Result<Query<Asked>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Refusal> {
    let Query(asked) = asked.map_err(|_| Refusal::BadRequest)?;
    let limit = asked.limit.unwrap_or(PAGE).clamp(1, PAGE);
    let remote = deployment.store.remote.as_ref();
    // What is asked for by name is there, whatever it is.
    let listed = match asked.key {
        Some(_) => |found: &Found, meta| Some(named(found, meta)),
        None => entry,
    };
    let (found, mut more) = match asked.key {
        Some(key) => (one(remote, &key).await?, None),
        None => page(remote, asked.after.as_deref(), limit).await?,
    };
    let traffic = deployment.traffic;
    let mut entries = stream::iter(found)
        .map(|found| async move {
            let meta = meta(remote, &found.key).await?;
            let entry = match listed(&found, meta) {
                Some(entry) => Some(addressed(remote, traffic, &found.key, entry).await?),
                None => None,
            };
            Ok::<_, remote::Error>((found.key, entry))
        })
        .buffered(AT_ONCE);
    let (mut list, mut last) = (String::new(), None);
    while let Some((key, entry)) = entries.try_next().await? {
        if let Some(entry) = entry {
            let json = serde_json::to_string(&entry).map_err(|_| Refusal::Internal)?;
            let json = harmless_in_html(&json);
            if !list.is_empty() {
                // What goes round a function in one answer is bounded, whatever the sidecars hold.
                if list.len() + json.len() > traffic.longest_list() {
                    more = last;
                    break;
                }
                list.push(',');
            }
            list.push_str(&json);
        }
        last = Some(key.to_string());
    }
    let mut answer = (
        [
            (CONTENT_TYPE, "application/json"),
            (CACHE_CONTROL, "private, no-cache"),
        ],
        format!("[{list}]"),
    )
        .into_response();
    if let Some(last) = more {
        let after = utf8_percent_encode(&last, NON_ALPHANUMERIC);
        // Relative to the address that was asked, whatever prefix or slash it has.
        let next = format!("<?limit={limit}&after={after}>; rel=\"next\"");
        if let Ok(next) = HeaderValue::from_str(&next) {
            answer.headers_mut().insert(LINK, next);
        }
    }
    Ok(answer)
}

/// The entry of one image, with addresses that give its bytes; none: there is none.
pub(crate) async fn shown(
    deployment: &Deployment,
    key: &Key,
) -> Result<Option<Entry>, remote::Error> {
    let remote = deployment.store.remote.as_ref();
    let found = one(remote, key.as_str()).await?;
    let Some(found) = found.into_iter().next() else {
        return Ok(None);
    };
    let entry = named(&found, meta(remote, key).await?);
    let entry = addressed(remote, deployment.traffic, key, entry).await?;
    Ok(Some(entry))
}

/// At most `limit` objects beyond the key `after`, and the last one's key where more follow.
async fn page(
    remote: &dyn Remote,
    after: Option<&str>,
    limit: usize,
) -> Result<(Vec<Found>, Option<String>), remote::Error> {
    let mut found: Vec<Found> = Vec::new();
    let mut page = match after {
        Some(after) => remote.list_beyond(after).await?,
        None => remote.list(None).await?,
    };
    loop {
        for object in page.objects {
            let Some(next) = original(object) else {
                continue;
            };
            if found.len() == limit {
                let last = found.last().map(|last| last.key.to_string());
                return Ok((found, last));
            }
            found.push(next);
        }
        match page.next {
            Some(next) => page = remote.list(Some(&next)).await?,
            None => return Ok((found, None)),
        }
    }
}

/// The object under a key, if there is one and it may be an image.
async fn one(remote: &dyn Remote, key: &str) -> Result<Vec<Found>, remote::Error> {
    let Ok(key) = Key::parse(key) else {
        return Ok(Vec::new());
    };
    let object = remote.head(&key).await?;
    Ok(object.and_then(original).into_iter().collect())
}

fn original(object: Object) -> Option<Found> {
    if object.key.ends_with(Key::SIDECAR) || object.size == 0 {
        return None;
    }
    // What other programs named so that it is no key cannot be asked for either.
    let key = Key::parse(&object.key).ok()?;
    Some(Found {
        key,
        size: object.size,
    })
}

/// What lies beside an original.
pub(crate) async fn meta(remote: &dyn Remote, key: &Key) -> Result<Meta, remote::Error> {
    match remote.get(&key.sidecar(), MOST_SIDECAR).await {
        Ok(Some(body)) => Ok(std::str::from_utf8(&body).map_or(Meta::NotYet, Meta::parse)),
        Ok(None) | Err(remote::Error::TooLarge { .. }) => Ok(Meta::NotYet),
        Err(error) => Err(error),
    }
}
