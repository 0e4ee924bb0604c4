//! `GET /gallery`: what is in the store, a page of it in key order.
//!
//! **Invariant:** `src` and `meta`, which old clients put into HTML as they are, hold nothing that
//! means something there; nor does any other text, as it is escaped in the JSON.

use crate::answer::Refusal;
use crate::deployment::{Deployment, Traffic};
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, TryStreamExt, stream};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, LINK};
use media::{Kind, MediaType, Meta, Sidecar, harmless_in_html};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use remote::api::{Entry, NO_METADATA, PAGE};
use remote::{Key, Object, Remote, Sha256, Shown};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

/// Sidecars that are fetched at once for one page.
const AT_ONCE: usize = 16;
/// A sidecar is a few kilobytes.
pub(crate) const MOST_SIDECAR: u64 = 1 << 20;
/// How long an address is good that gives a picture to whoever has it: a list is fetched anew before that.
const GOOD_FOR: Duration = Duration::from_secs(60 * 60);

/// What stands for itself in a path; `'` does not.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

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

/// Where pictures come straight from the store, each has an address there that carries its own permission.
async fn addressed(
    remote: &dyn Remote,
    traffic: Traffic,
    key: &Key,
    entry: Entry,
) -> Result<Entry, remote::Error> {
    if traffic == Traffic::Through {
        return Ok(entry);
    }
    let name = key.as_str().rsplit('/').next().unwrap_or_default();
    let shown = Shown {
        name,
        // Only what the sidecar says was found out by content.
        content_type: entry
            .media_type
            .as_deref()
            .unwrap_or("application/octet-stream"),
    };
    let src = remote.link(key, shown, GOOD_FOR).await?;
    let thumb = match hash_of(&entry).filter(|_| entry.thumb.is_some()) {
        Some(sha256) => {
            let shown = Shown {
                name: "thumbnail.webp",
                content_type: "image/webp",
            };
            let thumbnail = Key::thumbnail(&sha256);
            remote.link(&thumbnail, shown, GOOD_FOR).await?
        }
        None => None,
    };
    Ok(Entry {
        src: src.map_or(entry.src, |link| link.url),
        thumb: thumb.map(|link| link.url).or(entry.thumb),
        ..entry
    })
}

fn hash_of(entry: &Entry) -> Option<Sha256> {
    let bytes = hex::decode(entry.sha256.as_ref()?).ok()?;
    bytes.try_into().ok()
}

/// An object that may be an image.
struct Found {
    key: Key,
    size: u64,
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

/// None: it is no image, as far as its name and its sidecar tell.
fn entry(found: &Found, meta: Meta) -> Option<Entry> {
    let shown = !matches!(meta, Meta::NotYet) || looks_like_a_photo(found.key.as_str());
    shown.then(|| named(found, meta))
}

fn named(found: &Found, meta: Meta) -> Entry {
    let src = format!(
        "gallery/{}",
        utf8_percent_encode(found.key.as_str(), IN_PATH)
    );
    let plain = Entry {
        src,
        meta: NO_METADATA.to_owned(),
        key: Some(found.key.to_string()),
        sha256: None,
        size: Some(found.size),
        media_type: None,
        taken_at: None,
        metadata: None,
        thumb: None,
    };
    match meta {
        Meta::Sidecar(sidecar) => described(plain, &sidecar),
        Meta::Size { width, height } => Entry {
            meta: format!("{width}x{height}"),
            ..plain
        },
        Meta::Later { .. } | Meta::NotYet => plain,
    }
}

fn described(plain: Entry, sidecar: &Sidecar) -> Entry {
    let metadata = &sidecar.metadata;
    let is_hash = sidecar.sha256.len() == 64
        && sidecar
            .sha256
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let sha256 = is_hash.then(|| sidecar.sha256.clone());
    let thumb = sidecar.thumbhash.as_ref().and(sha256.as_ref());
    Entry {
        meta: metadata.stored_size().map_or_else(
            || NO_METADATA.to_owned(),
            |(width, height)| format!("{width}x{height}"),
        ),
        thumb: thumb.map(|sha256| format!("thumbs/{sha256}.webp")),
        sha256,
        media_type: MediaType::of_mime(&sidecar.media_type).map(|known| known.mime().to_owned()),
        taken_at: metadata
            .taken_at
            .map(|at| at.strftime("%Y-%m-%dT%H:%M:%S").to_string()),
        metadata: serde_json::from_str(&sidecar.to_json()).ok(),
        ..plain
    }
}

/// Whether a name has an extension that photos have, or none that says what it is.
pub(crate) fn looks_like_a_photo(key: &str) -> bool {
    let name = key.rsplit('/').next().unwrap_or_default();
    Kind::of(b"?", name.as_ref()) == Kind::Unreadable
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(key: &str) -> Found {
        Found {
            key: Key::parse(key).unwrap(),
            size: 7,
        }
    }

    #[test]
    fn src_is_encoded_so_that_it_ends_no_attribute() {
        //  key, src
        let cases = [
            ("2024/05/a.jpg", "gallery/2024/05/a.jpg"),
            ("it's \"a\".jpg", "gallery/it%27s%20%22a%22.jpg"),
            ("a?b#c%.jpg", "gallery/a%3Fb%23c%25.jpg"),
            ("<é>.jpg", "gallery/%3C%C3%A9%3E.jpg"),
        ];
        for (key, src) in cases {
            let entry = entry(&found(key), Meta::NotYet).unwrap();
            assert_eq!(entry.src, src, "{key}");
            assert_eq!(entry.meta, NO_METADATA);
        }
    }

    #[test]
    fn meta_is_the_size_as_stored_and_nothing_else() {
        let sidecar = |json: &str| Meta::Sidecar(Box::new(Sidecar::parse(json).unwrap()));
        let sha256 = "ab".repeat(32);
        //  name, meta, expected
        let cases = [
            ("not yet", Meta::NotYet, NO_METADATA),
            (
                "of a later imgn",
                Meta::Later {
                    schema: "imgn/2".to_owned(),
                },
                NO_METADATA,
            ),
            (
                "the original's",
                Meta::Size {
                    width: 4,
                    height: 3,
                },
                "4x3",
            ),
            (
                "upright",
                sidecar(r#"{"schema":"imgn/1","width":4,"height":3,"orientation":1}"#),
                "4x3",
            ),
            (
                "turned",
                sidecar(r#"{"schema":"imgn/1","width":3,"height":4,"orientation":6}"#),
                "4x3",
            ),
            (
                "no size",
                sidecar(r#"{"schema":"imgn/1","error":"<b>"}"#),
                NO_METADATA,
            ),
        ];
        for (name, meta, expected) in cases {
            assert_eq!(
                entry(&found("a.jpg"), meta).unwrap().meta,
                expected,
                "{name}"
            );
        }
        let json = format!(
            r#"{{"schema":"imgn/1","sha256":"{sha256}","type":"image/jpeg","thumbhash":"aa","taken_at":"2019-06-01T12:30:00"}}"#
        );
        let full = entry(&found("a"), sidecar(&json)).unwrap();
        assert_eq!(full.thumb.unwrap(), format!("thumbs/{sha256}.webp"));
        assert_eq!(full.taken_at.unwrap(), "2019-06-01T12:30:00");
        assert_eq!(full.media_type.unwrap(), "image/jpeg");
        let odd = r#"{"schema":"imgn/1","sha256":"../x","type":"text/html","thumbhash":"aa"}"#;
        let odd = entry(&found("a"), sidecar(odd)).unwrap();
        assert_eq!((odd.sha256, odd.thumb, odd.media_type), (None, None, None));
    }

    #[test]
    fn what_is_no_photo_is_left_out() {
        for (key, shown) in [
            ("a.jpg", true),
            ("a.CR3", true),
            ("a.txt", false),
            ("a", false),
        ] {
            assert_eq!(entry(&found(key), Meta::NotYet).is_some(), shown, "{key}");
        }
    }
}
