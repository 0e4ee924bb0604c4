//! Putting originals to an `imgn-server`, which chooses the key and says the SHA-256 of what it has.

use super::HttpApi;
use super::answer::Answer;
use super::client::ANSWER;
use super::fault;
use super::form::Form;
use super::offer;
use super::read;
use super::transfer::transfer;
use crate::api::{Accepted, Offer, UPLOAD_MEDIA_TYPE};
use crate::{Error, Key, Original, Progress, Proof, Put, Service, mtime};
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Method, StatusCode};
use tokio::time::timeout;
use url::Url;

/// From this size on asking first costs less than bytes sent in vain.
const ASK_FIRST: u64 = 8 * 1024 * 1024;
/// An answer to an upload is a few hundred bytes.
pub(super) const MOST_ANSWER: u64 = 64 << 10;

/// See [`Remote::put`](crate::Remote::put).
pub(super) async fn put(
    api: &HttpApi,
    key: &Key,
    original: &Original<'_>,
    progress: Progress<'_>,
) -> Result<Put, Error> {
    if original.size >= ASK_FIRST
        && let Some(proof) = read::verify(api, key, original.size, &original.sha256).await?
    {
        return Ok(Put::Adopted(proof));
    }
    let url = api.client.at("upload")?;
    let (form, name) = (described(original), Named::of(key, original));
    let mut answer = send(api, &url, form, name, &[ours()], original, progress).await?;
    if !matches!(answer.status, StatusCode::CREATED | StatusCode::OK) {
        return Err(fault::refusal(&api.client, answer, key.as_str()).await);
    }
    let status = answer.status;
    let body = answer.whole(MOST_ANSWER).await?.unwrap_or_default();
    // What functions say of a duplicate has the words of what a server stored, and is less.
    if status == StatusCode::OK
        && let Ok(offer) = serde_json::from_slice::<Offer>(&body)
    {
        api.turned_out(Service::Functions);
        return offer::take_up(api, key, original, offer, progress).await;
    }
    let accepted: Accepted = serde_json::from_slice(&body).map_err(|_| {
        api.client
            .unexpected(status.as_u16(), "it does not say what it stored".to_owned())
    })?;
    accepted_as(api, original, accepted)
}

/// What is said of the file before it comes.
pub(super) fn described(original: &Original<'_>) -> Form {
    let form = Form::new()
        .field("sha256", &hex::encode(original.sha256))
        .field("size", &original.size.to_string())
        .field("type", original.content_type);
    let form = match original.taken_at {
        Some(at) => form.field("taken_at", &at.strftime("%Y-%m-%dT%H:%M:%S").to_string()),
        None => form,
    };
    form.field("mtime", &mtime::seconds(original.mtime))
}

/// The wish for answers in JSON.
pub(super) fn ours() -> (HeaderName, HeaderValue) {
    (ACCEPT, HeaderValue::from_static(UPLOAD_MEDIA_TYPE))
}

fn accepted_as(api: &HttpApi, original: &Original<'_>, said: Accepted) -> Result<Put, Error> {
    if said.sha256 != hex::encode(original.sha256) {
        return Err(api
            .client
            .unexpected(201, "it says that it stored other bytes".to_owned()));
    }
    let key = Key::parse(&said.key).map_err(|error| {
        api.client
            .unexpected(201, format!("it stored it as {error}"))
    })?;
    Ok(Put::Elsewhere {
        key,
        proof: Proof::FullSha256 {
            etag: said.etag,
            version: None,
        },
        adopted: said.duplicate,
    })
}

/// What the file's part of a form is called.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<'a> {
    pub(super) name: &'a str,
    pub(super) content_type: &'a str,
}

impl<'a> Named<'a> {
    /// As in the key, which holds nothing that means anything in a form.
    pub(super) fn of(key: &'a Key, original: &Original<'a>) -> Self {
        Self {
            name: key.name(),
            content_type: original.content_type,
        }
    }
}

/// Sends a form with the original in it. A redirect is an answer.
pub(super) async fn send(
    api: &HttpApi,
    url: &Url,
    form: Form,
    named: Named<'_>,
    headers: &[(HeaderName, HeaderValue)],
    original: &Original<'_>,
    progress: Progress<'_>,
) -> Result<Answer, Error> {
    let mut all = headers.to_vec();
    all.push((CONTENT_TYPE, form.content_type()));
    let request = |file| {
        let body = form.with_file(named.name, named.content_type, Some(file));
        api.client.request(Method::POST, url, &all, body)
    };
    transfer(api, url, original, progress, request).await
}

/// Sends a form whose file has a name and no bytes. A redirect is an answer.
pub(super) async fn send_empty(
    api: &HttpApi,
    url: &Url,
    form: Form,
    named: Named<'_>,
    headers: &[(HeaderName, HeaderValue)],
) -> Result<Answer, Error> {
    let mut all = headers.to_vec();
    all.push((CONTENT_TYPE, form.content_type()));
    let body = form.with_file(named.name, named.content_type, None);
    let request = api.client.request(Method::POST, url, &all, body)?;
    match timeout(ANSWER, api.client.send(request)).await {
        Ok(answer) => answer,
        Err(_) => Err(api.client.silent(url, ANSWER)),
    }
}
