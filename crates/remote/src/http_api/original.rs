//! The original imgn: it answers in sentences, overwrites what has the same name, and says nothing of the bytes
//! that it has. As a monolith or in containers it is sent the file; its functions give out an address for it.
//!
//! **Invariant:** a name has a part of the SHA-256 in it, and nothing is sent under one that stands there
//! already. Only what was read back is confirmed. No body is understood by its label.

mod by_address;
mod put;
mod refusal;

pub(super) use put::put;

use super::address::carries_permission;
use super::answer::Answer;
use super::client::ANSWER;
use super::{HttpApi, gallery, read, signed};
use crate::layout::is_size;
use crate::lock::lock;
use crate::{Error, Key, Look, Object, Page, Proof, Reading, Service, Sha256};
use bytes::Bytes;
use http::{Method, StatusCode};
use percent_encoding::{percent_decode_str, utf8_percent_encode};
use refusal::refused;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use url::Url;

/// What its gallery showed last.
#[derive(Debug, Default)]
pub(super) struct Shown(Mutex<BTreeMap<String, Image>>);

/// `Debug` shows no address.
#[derive(Clone)]
struct Image {
    src: Url,
    /// `WIDTHxHEIGHT`; none: not yet.
    size: Option<String>,
}

impl std::fmt::Debug for Image {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Image")
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

impl Shown {
    fn get(&self, key: &str) -> Option<Image> {
        self.lock().get(key).cloned()
    }

    /// Where an image of this name would be, going by where the others are.
    fn beside(&self, name: &str) -> Option<Url> {
        let encoded = utf8_percent_encode(name, read::IN_PATH).to_string();
        let images = self.lock();
        let (_, other) = images
            .iter()
            .find(|(_, image)| image.src.query().is_none())?;
        other.src.join(&encoded).ok()
    }

    /// Whether images are had by signed addresses, as functions give them out.
    pub(super) fn is_signed(&self) -> bool {
        let images = self.lock();
        images.values().any(|image| carries_permission(&image.src))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Image>> {
        lock(&self.0)
    }
}

/// The whole list, in key order.
async fn look_again(api: &HttpApi) -> Result<(), Error> {
    let mut url = api.client.at("gallery")?;
    let mut answer = api
        .client
        .ask_anyhow(Method::GET, &url, &[], ANSWER)
        .await?;
    if let Some(slashed) = answer.only_adds_slash(&url) {
        url = slashed;
        answer = api.client.ask(Method::GET, &url, &[], ANSWER).await?;
    }
    if answer.status != StatusCode::OK {
        return Err(refused(api, answer, "").await);
    }
    let entries = gallery::entries(api, &mut answer).await?;
    let page = api.client.at("")?;
    let images = entries.into_iter().filter_map(|entry| {
        let src = page.join(&entry.src).ok()?;
        let key = key_of(&src).filter(|_| matches!(src.scheme(), "http" | "https"))?;
        let size = Some(entry.meta).filter(|meta| is_size(meta));
        Some((key, Image { src, size }))
    });
    let images = images.collect();
    *api.shown.lock() = images;
    if api.service() == Service::Original && api.shown.is_signed() {
        api.turned_out(Service::OriginalFunctions);
    }
    Ok(())
}

/// Whether it may have more than it lists.
fn is_partial(api: &HttpApi) -> bool {
    let most = api.service().lacks_some_from();
    most.is_some_and(|most| api.shown.lock().len() >= most as usize)
}

/// The name of the file at an address.
fn key_of(src: &Url) -> Option<String> {
    let last = src.path_segments()?.next_back()?;
    let name = percent_decode_str(last).decode_utf8().ok()?;
    let key = Key::parse(&name).ok()?;
    (!key.as_str().contains('/')).then(|| key.into())
}

/// See [`Remote::list`](crate::Remote::list): one page, however long it is.
pub(super) async fn list(api: &HttpApi, after: Option<&str>) -> Result<Page, Error> {
    look_again(api).await?;
    let objects = api
        .shown
        .lock()
        .keys()
        .filter(|key| after.is_none_or(|after| key.as_str() > after))
        .map(|key| Object {
            key: key.clone(),
            // It does not say.
            size: 0,
            etag: None,
            modified: None,
            sha256: None,
            mtime: None,
        })
        .collect();
    Ok(Page {
        objects,
        next: None,
        partial: is_partial(api),
    })
}

/// An answer that has the bytes; none: there are none under this name. Where the list may lack it, that cannot
/// be said.
pub(super) async fn open(api: &HttpApi, key: &str) -> Result<Option<Answer>, Error> {
    match listed(api, key).await? {
        None if is_partial(api) => Err(Error::Unconfirmed {
            place: api.client.endpoint.clone(),
            key: key.to_owned(),
        }),
        found => Ok(found),
    }
}

/// The same; none: there are none, or they are not listed.
async fn listed(api: &HttpApi, key: &str) -> Result<Option<Answer>, Error> {
    if let Some(image) = api.shown.get(key)
        && let Some(answer) = fetch(api, &image.src).await?
    {
        return Ok(Some(answer));
    }
    // What is shown now, and where: an address may have been good for a while only.
    look_again(api).await?;
    match api.shown.get(key) {
        // An address that was given out just now: who refuses it hides what is there.
        Some(image) => {
            let answer = signed::get(api, &image.src, &[]).await?;
            match answer.status {
                StatusCode::OK => Ok(Some(answer)),
                StatusCode::NOT_FOUND | StatusCode::GONE => Ok(None),
                _ => Err(refused(api, answer, "").await),
            }
        }
        None => Ok(None),
    }
}

/// None: there is nothing, or this address is of no use any more.
async fn fetch(api: &HttpApi, src: &Url) -> Result<Option<Answer>, Error> {
    let answer = signed::get(api, src, &[]).await?;
    match answer.status {
        StatusCode::OK => Ok(Some(answer)),
        StatusCode::FORBIDDEN | StatusCode::NOT_FOUND | StatusCode::GONE => Ok(None),
        _ => Err(refused(api, answer, "").await),
    }
}

/// See [`Remote::verify`](crate::Remote::verify): read back.
pub(super) async fn verify(
    api: &HttpApi,
    key: &Key,
    size: u64,
    sha256: &Sha256,
) -> Result<Option<Proof>, Error> {
    let Some(there) = open(api, key.as_str()).await? else {
        return Ok(None);
    };
    if there.size().is_some_and(|found| found != size) {
        return Ok(None);
    }
    let etag = there.header(http::header::ETAG).map(str::to_owned);
    let found = read::hash_of(there).await?;
    Ok((found == *sha256).then_some(Proof::FullSha256 {
        etag,
        version: None,
    }))
}

/// See [`Remote::look`](crate::Remote::look).
pub(super) async fn look(api: &HttpApi, key: &Key, size: u64) -> Result<Look, Error> {
    Ok(Look::by_size(head(api, key).await?, size))
}

/// A signed address may be good for GET only.
pub(super) async fn head(api: &HttpApi, key: &Key) -> Result<Option<Object>, Error> {
    let there = open(api, key.as_str()).await?;
    Ok(there.map(|answer| read::object(key.as_str(), &answer)))
}

pub(super) async fn get(api: &HttpApi, key: &Key, limit: u64) -> Result<Option<Bytes>, Error> {
    if crate::key::is_private(key.as_str()) {
        return Ok(None);
    }
    if let Some(original) = key.as_str().strip_suffix(Key::SIDECAR) {
        if api.shown.get(original).is_none_or(|it| it.size.is_none()) {
            look_again(api).await?;
        }
        let size = api.shown.get(original).and_then(|image| image.size);
        return Ok(size.map(Bytes::from));
    }
    let Some(mut answer) = open(api, key.as_str()).await? else {
        return Ok(None);
    };
    let too_large = || Error::TooLarge {
        key: key.to_string(),
        limit,
    };
    answer.whole(limit).await?.map(Some).ok_or_else(too_large)
}

pub(super) async fn hash(api: &HttpApi, key: &Key) -> Result<Option<Sha256>, Error> {
    match open(api, key.as_str()).await? {
        Some(answer) => read::hash_of(answer).await.map(Some),
        None => Ok(None),
    }
}

pub(super) async fn reading(api: &HttpApi, key: &Key) -> Result<Option<Reading>, Error> {
    let answer = open(api, key.as_str()).await?;
    Ok(answer.map(|answer| read::stream(key.as_str(), answer)))
}

pub(super) async fn download(api: &HttpApi, name: &str, to: &Path) -> Result<Sha256, Error> {
    match open(api, name).await? {
        Some(answer) => read::save(answer, to).await,
        None => Err(read::missing(api, name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_called_by_the_end_of_its_address() {
        //  src, key
        let cases = [
            ("gallery/a%20b.jpg", Some("a b.jpg")),
            ("/images/a.jpg?X-Amz-Signature=1", Some("a.jpg")),
            ("http://elsewhere/x/a.jpg", Some("a.jpg")),
            ("gallery/..%2F..%2Fetc", None),
            ("gallery/%00.jpg", None),
            ("gallery/%ff.jpg", None),
            ("gallery/", None),
        ];
        let page: Url = "http://nas/".parse().unwrap();
        for (src, expected) in cases {
            let found = key_of(&page.join(src).unwrap());
            assert_eq!(found.as_deref(), expected, "{src}");
        }
    }

    #[test]
    fn only_a_size_is_metadata() {
        let cases = [
            ("640x480", true),
            ("x", false),
            ("640x", false),
            ("640x480 ", false),
            ("no metadata available yet", false),
            ("<b>1x1</b>", false),
        ];
        for (meta, expected) in cases {
            assert_eq!(is_size(meta), expected, "{meta:?}");
        }
    }
}
