//! Putting originals to an `imgn-server`, which chooses the key and says the SHA-256 of what it has.

use super::HttpApi;
use super::client::Answer;
use super::fault;
use super::form::Form;
use super::read;
use crate::api::{Accepted, UPLOAD_MEDIA_TYPE};
use crate::body::{Broken, FileBody, Piece, stalled};
use crate::meter::Meter;
use crate::{Error, Key, Original, Progress, Proof, Put, mtime};
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Method, StatusCode};
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
    let form = Form::new()
        .field("sha256", &hex::encode(original.sha256))
        .field("size", &original.size.to_string())
        .field("type", original.content_type)
        .field("mtime", &mtime::seconds(original.mtime));
    let accept = (ACCEPT, HeaderValue::from_static(UPLOAD_MEDIA_TYPE));
    let url = api.client.at("upload")?;
    let name = Named {
        name: name(key),
        content_type: original.content_type,
    };
    let mut answer = send(api, &url, form, name, &[accept], original, progress).await?;
    if !matches!(answer.status, StatusCode::CREATED | StatusCode::OK) {
        return Err(fault::refusal(&api.client, answer, key.as_str()).await);
    }
    let status = answer.status.as_u16();
    let body = answer.whole(MOST_ANSWER).await?.unwrap_or_default();
    let accepted: Accepted = serde_json::from_slice(&body).map_err(|_| {
        api.client
            .unexpected(status, "it does not say what it stored".to_owned())
    })?;
    accepted_as(api, original, accepted)
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

/// What the file is called: as in the key, which holds nothing that means anything in a form.
pub(super) fn name(key: &Key) -> &str {
    key.as_str().rsplit('/').next().unwrap_or_default()
}

/// What the file's part of a form is called.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<'a> {
    pub(super) name: &'a str,
    pub(super) content_type: &'a str,
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
    let (meter, broken) = (Meter::default(), Broken::default());
    let unsent = |broken: &Broken, message: String| {
        broken
            .error(original.path.to_owned())
            .unwrap_or_else(|| Error::SourceUnreadable {
                path: original.path.to_owned(),
                message,
            })
    };
    let call = async {
        let piece = Piece::whole(original);
        let file = FileBody::open(piece, meter.feed(), broken.clone(), api.throttle.clone());
        let file = file
            .await
            .map_err(|error| unsent(&broken, error.to_string()))?;
        let body = form.with_file(named.name, named.content_type, Some(file));
        let request = api.client.request(Method::POST, url, &all, body)?;
        api.client.send(request).await
    };
    let watched = async {
        let patience = api.client.patience;
        tokio::select! {
            answer = call => answer,
            () = stalled(&meter, original.size, patience, &broken) => {
                let message = format!("nothing moved for {} s", patience.as_secs_f32());
                Err(if broken.waits_for_file() {
                    unsent(&broken, message)
                } else {
                    api.client.unreachable(message)
                })
            }
        }
    };
    // Why a body broke off is known better here than by the connection.
    meter
        .tell(progress, watched)
        .await
        .map_err(|error| broken.error(original.path.to_owned()).unwrap_or(error))
}
