//! Putting an original under a name that nothing stands under, and reading it back.

use super::refusal::meaning;
use super::{by_address, fetch, listed};
use crate::http_api::answer::Answer;
use crate::http_api::client::ANSWER;
use crate::http_api::form::Form;
use crate::http_api::upload::{MOST_ANSWER, Named, send};
use crate::http_api::{HttpApi, read, store};
use crate::layout;
use crate::{Error, Key, Original, Progress, Proof, Put, Service};
use http::{Method, StatusCode};
use url::Url;

/// See [`Remote::put`](crate::Remote::put).
pub(in crate::http_api) async fn put(
    api: &HttpApi,
    key: &Key,
    original: &Original<'_>,
    progress: Progress<'_>,
) -> Result<Put, Error> {
    let name = name(api, key, original)?;
    if let Some(there) = before(api, name.as_str()).await? {
        return match confirmed(there, original).await? {
            Some(proof) => Ok(Put::Elsewhere {
                key: name,
                proof,
                adopted: true,
            }),
            // Nothing that is there is replaced, and there is no other name for these bytes.
            None => Err(Error::NotAccepted {
                place: api.client.endpoint.clone(),
                key: name.to_string(),
                message: "other bytes stand there under its name; remove them there first"
                    .to_owned(),
            }),
        };
    }
    if api.service() == Service::OriginalFunctions {
        by_address::put(api, &name, original, progress, None).await?;
    } else {
        post(api, &name, original, progress).await?;
    }
    let Some(there) = stored(api, name.as_str()).await? else {
        return Err(Error::Unconfirmed {
            place: api.client.endpoint.clone(),
            key: name.to_string(),
        });
    };
    match confirmed(there, original).await? {
        Some(proof) => Ok(Put::Elsewhere {
            key: name,
            proof,
            adopted: false,
        }),
        None => Err(api
            .client
            .unexpected(201, format!("{name} holds other bytes than were sent"))),
    }
}

/// As quick as it can be: where the others are, else as it is listed.
async fn stored(api: &HttpApi, name: &str) -> Result<Option<Answer>, Error> {
    if let Some(beside) = api.shown.beside(name) {
        match fetch(api, &beside).await {
            Ok(Some(answer)) => return Ok(Some(answer)),
            Ok(None) => {}
            Err(error) => return Err(error),
        }
    }
    listed(api, name).await
}

/// Whether nothing stands under a name that is about to be used.
async fn before(api: &HttpApi, name: &str) -> Result<Option<Answer>, Error> {
    match api.shown.beside(name) {
        Some(beside) => fetch(api, &beside).await,
        None => listed(api, name).await,
    }
}

/// Sends it; only 201 says that it was stored. Functions, which ignore the file, give an address.
async fn post(
    api: &HttpApi,
    name: &Key,
    original: &Original<'_>,
    progress: Progress<'_>,
) -> Result<(), Error> {
    let named = Named {
        name: name.as_str(),
        content_type: original.content_type,
    };
    let url = takes_files_at(api).await?;
    let mut answer = send(api, &url, Form::new(), named, &[], original, progress).await?;
    let status = answer.status;
    if status == StatusCode::CREATED {
        return Ok(());
    }
    let body = answer.whole(MOST_ANSWER).await?.unwrap_or_default();
    match store::address(api, &body).filter(|_| status == StatusCode::OK) {
        Some(to) => {
            api.turned_out(Service::OriginalFunctions);
            by_address::put(api, name, original, progress, Some(to)).await
        }
        None => Err(meaning(api, status, &body, name.as_str())),
    }
}

/// Whether its route has a slash at its end is asked for without a file: a server that redirects before it has read one
/// may break off, and its answer is lost.
async fn takes_files_at(api: &HttpApi) -> Result<Url, Error> {
    let url = api.client.at("upload")?;
    let answer = api.client.ask_anyhow(Method::GET, &url, &[], ANSWER);
    Ok(answer.await?.only_adds_slash(&url).unwrap_or(url))
}

/// The proof, when these are the very bytes.
async fn confirmed(there: Answer, original: &Original<'_>) -> Result<Option<Proof>, Error> {
    if there.size().is_some_and(|size| size != original.size) {
        return Ok(None);
    }
    let etag = there.header(http::header::ETAG).map(str::to_owned);
    let found = read::hash_of(there).await?;
    Ok((found == original.sha256).then_some(Proof::FullSha256 {
        etag,
        version: None,
    }))
}

/// The name that is sent.
fn name(api: &HttpApi, key: &Key, original: &Original<'_>) -> Result<Key, Error> {
    let place = &api.client.endpoint;
    let Some(extension) = layout::extension(original.content_type) else {
        return Err(layout::not_accepted(place, key.as_str()));
    };
    let text = layout::plain_name(key.as_str(), &original.sha256, extension, 0);
    Key::parse(&text).map_err(|_| Error::BadKey {
        place: place.clone(),
        key: text.clone(),
    })
}
