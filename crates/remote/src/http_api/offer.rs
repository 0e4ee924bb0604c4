//! Putting originals to functions of ours: they give out an address that is signed for these very bytes, and the
//! file goes straight to the store.
//!
//! **Invariant:** an address is asked for when the file is about to go, and used once. Only what the store
//! repeated, or what was read back, is confirmed.

use super::form::Form;
use super::store::{self, Sent};
use super::upload::{self, MOST_ANSWER, Named};
use super::{HttpApi, fault, read};
use crate::api::{Offer, Refused};
use crate::{Error, Key, Original, Progress, Put, Service};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::header::{CONTENT_LENGTH, HOST};
use http::{HeaderName, HeaderValue, StatusCode};
use std::collections::BTreeMap;
use url::Url;

/// What a store takes in one piece: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html>.
const LARGEST: u64 = 5 << 30;
/// How often an address that is of no use is followed by another.
const AGAIN: u32 = 2;
const CHECKSUM: HeaderName = HeaderName::from_static("x-amz-checksum-sha256");

/// What an upload without bytes is answered with.
enum Asked {
    Offer(Offer),
    /// It wants the bytes: it is a server.
    Bytes,
}

/// See [`Remote::put`](crate::Remote::put).
pub(super) async fn put(
    api: &HttpApi,
    key: &Key,
    original: &Original<'_>,
    progress: Progress<'_>,
) -> Result<Put, Error> {
    match ask(api, key, original).await? {
        Asked::Offer(offer) => take_up(api, key, original, offer, progress).await,
        Asked::Bytes => {
            api.turned_out(Service::Imgn);
            upload::put(api, key, original, progress).await
        }
    }
}

/// Which of ours it is. What is said is of no file: an offer for it is never taken up.
pub(super) async fn who(api: &HttpApi) -> Result<Service, Error> {
    let form = Form::new()
        .field("sha256", &hex::encode([0; 32]))
        .field("size", "1")
        .field("type", "image/jpeg");
    let named = Named {
        name: "imgn.jpg",
        content_type: "image/jpeg",
    };
    Ok(match asked(api, form, named, "").await? {
        Asked::Offer(_) => Service::Functions,
        Asked::Bytes => Service::Imgn,
    })
}

async fn ask(api: &HttpApi, key: &Key, original: &Original<'_>) -> Result<Asked, Error> {
    let named = Named::of(key, original);
    asked(api, upload::described(original), named, key.as_str()).await
}

async fn asked(api: &HttpApi, form: Form, named: Named<'_>, key: &str) -> Result<Asked, Error> {
    let url = api.client.at("upload")?;
    let mut answer = upload::send_empty(api, &url, form, named, &[upload::ours()]).await?;
    let status = answer.status;
    if !matches!(status, StatusCode::OK | StatusCode::CREATED) {
        let said = fault::Said::of(&mut answer).await;
        let wants_bytes = |refused: &Refused| {
            matches!(refused.code.as_str(), "empty" | "no_file" | "other_bytes")
        };
        if said.refused.as_ref().is_some_and(wants_bytes) {
            return Ok(Asked::Bytes);
        }
        return Err(fault::meaning(&api.client, said, key));
    }
    let body = answer.whole(MOST_ANSWER).await?.unwrap_or_default();
    let offer = serde_json::from_slice(&body).map_err(|_| {
        api.client.unexpected(
            status.as_u16(),
            "it does not say where the file goes".to_owned(),
        )
    })?;
    Ok(Asked::Offer(offer))
}

/// Does as was offered; where the offer is of no use any more, asks for another.
pub(super) async fn take_up(
    api: &HttpApi,
    key: &Key,
    original: &Original<'_>,
    mut offer: Offer,
    progress: Progress<'_>,
) -> Result<Put, Error> {
    if original.size > LARGEST {
        return Err(Error::NotAccepted {
            place: api.client.endpoint.clone(),
            key: key.to_string(),
            message: "it is larger than 5 GiB, the most that a store takes in one piece".to_owned(),
        });
    }
    let mut again = AGAIN;
    loop {
        let (theirs, url, headers) = match offer {
            Offer::Duplicate { key, .. } => return duplicate(api, &key, original).await,
            Offer::Put { key, url, headers } => (named(api, &key)?, url, headers),
        };
        let to = address(api, &url)?;
        let headers = checked(api, headers, original)?;
        let why = match store::put(api, &to, &headers, original, progress).await? {
            Sent::Stored(proof) => {
                return Ok(Put::Elsewhere {
                    key: theirs,
                    proof,
                    adopted: false,
                });
            }
            Sent::AskAgain(why) => why,
        };
        if again == 0 {
            return Err(why);
        }
        again -= 1;
        tracing::debug!(error = %why, "asking for another address");
        offer = match ask(api, key, original).await? {
            Asked::Offer(offer) => offer,
            Asked::Bytes => {
                api.turned_out(Service::Imgn);
                return Err(why);
            }
        };
    }
}

/// Functions go by what stands beside an object, which anybody may have written: it is read.
async fn duplicate(api: &HttpApi, key: &str, original: &Original<'_>) -> Result<Put, Error> {
    let key = named(api, key)?;
    match read::verify(api, &key, original.size, &original.sha256).await? {
        Some(proof) => Ok(Put::Elsewhere {
            key,
            proof,
            adopted: true,
        }),
        None => Err(api.client.unexpected(
            200,
            format!("it says that it has these bytes as {key}, which holds others"),
        )),
    }
}

fn named(api: &HttpApi, key: &str) -> Result<Key, Error> {
    Key::parse(key).map_err(|error| {
        api.client
            .unexpected(200, format!("it would store it as {error}"))
    })
}

fn address(api: &HttpApi, text: &str) -> Result<Url, Error> {
    api.client.given_whole(text).ok_or_else(|| {
        api.client
            .unexpected(200, "the address that it gave is not followed".to_owned())
    })
}

/// The headers as they were signed. The length is that of the file, or nothing is sent; the host is the address's.
fn checked(
    api: &HttpApi,
    headers: BTreeMap<String, String>,
    original: &Original<'_>,
) -> Result<Vec<(HeaderName, HeaderValue)>, Error> {
    let other = |what: &str| api.client.unexpected(200, format!("it signed for {what}"));
    let mut all = Vec::new();
    for (name, value) in headers {
        let name: HeaderName = name
            .parse()
            .map_err(|_| other("a header that there cannot be"))?;
        if name == CONTENT_LENGTH && value != original.size.to_string() {
            return Err(other("another length"));
        }
        if name == CHECKSUM && value != BASE64_STANDARD.encode(original.sha256) {
            return Err(other("other bytes"));
        }
        if name == HOST || name == CONTENT_LENGTH {
            continue;
        }
        let value =
            HeaderValue::from_str(&value).map_err(|_| other("a header that there cannot be"))?;
        all.push((name, value));
    }
    Ok(all)
}
