//! From what an `imgn-server` answers to what a person can do about it.

use super::answer::Answer;
use super::client::Client;
use crate::Error;
use crate::api::Refused;
use http::StatusCode;
use std::time::Duration;

/// Refusals are a few hundred bytes.
const MOST: u64 = 16 << 10;
/// A message longer than this is cut.
const LONGEST: usize = 300;

/// A refusal, read.
pub(super) struct Said {
    status: StatusCode,
    retry_after: Option<Duration>,
    /// None: it is not in our words, as what stands before functions answers.
    pub(super) refused: Option<Refused>,
}

impl Said {
    pub(super) async fn of(answer: &mut Answer) -> Self {
        let retry_after = answer.retry_after();
        let body = answer.whole(MOST).await.ok().flatten().unwrap_or_default();
        Self {
            status: answer.status,
            retry_after,
            refused: serde_json::from_slice(&body).ok(),
        }
    }
}

/// What a refusal means; `key` is what was asked for, if anything was.
pub(super) async fn refusal(client: &Client, mut answer: Answer, key: &str) -> Error {
    let said = Said::of(&mut answer).await;
    meaning(client, said, key)
}

pub(super) fn meaning(client: &Client, said: Said, key: &str) -> Error {
    let Said {
        status,
        retry_after,
        refused,
    } = said;
    let (code, message) = match &refused {
        Some(refused) => (refused.code.as_str(), plain(&refused.message)),
        None => ("", format!("status {}", status.as_u16())),
    };
    let endpoint = client.endpoint.clone();
    let place = endpoint.clone();
    let key = key.to_owned();
    match code {
        "wrong_host" => return wrong_host(client),
        "other_library" => {
            return Error::WrongLibrary {
                place,
                found: "another one".to_owned(),
                expected: "the one that was added".to_owned(),
            };
        }
        "not_a_photo" | "too_many_pixels" | "too_large" | "bad_filename" | "empty" => {
            return Error::NotAccepted {
                place,
                key,
                message,
            };
        }
        "name_taken" => return Error::BadKey { place, key },
        "other_bytes" => {
            return Error::Busy {
                endpoint,
                message: "the bytes arrived damaged".to_owned(),
                retry_after,
            };
        }
        "truncated" | "too_slow" => return client.unreachable(message),
        // Nothing that passes by itself: whoever set it up has to see to it.
        "read_only" | "misconfigured" => {
            return Error::Forbidden {
                place,
                action: format!("do this: {message}"),
            };
        }
        _ => {}
    }
    match status {
        StatusCode::UNAUTHORIZED if client.has_token() => Error::Unauthorized {
            endpoint,
            message: "the token is another one".to_owned(),
        },
        StatusCode::UNAUTHORIZED => Error::NoCredentials { endpoint },
        // An authorizer before functions says no more than that.
        StatusCode::FORBIDDEN if refused.is_none() && client.has_token() => Error::Unauthorized {
            endpoint,
            message: "the token is another one, or may not do this".to_owned(),
        },
        StatusCode::FORBIDDEN if refused.is_none() => Error::NoCredentials { endpoint },
        StatusCode::FORBIDDEN => Error::Forbidden {
            place: endpoint,
            action: "ask".to_owned(),
        },
        StatusCode::PAYLOAD_TOO_LARGE => Error::NotAccepted {
            place,
            key,
            message: "it is larger than is taken there".to_owned(),
        },
        StatusCode::INSUFFICIENT_STORAGE => Error::Full { place },
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => Error::Busy {
            endpoint,
            message,
            retry_after,
        },
        status if status.is_server_error() => Error::Busy {
            endpoint,
            message,
            retry_after,
        },
        status => client.unexpected(status.as_u16(), message),
    }
}

pub(super) fn wrong_host(client: &Client) -> Error {
    let (host, _) = client.host();
    Error::Settings(format!(
        "the server there does not go by the name {host}; start it with --host {host}"
    ))
}

fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .take(LONGEST)
        .collect()
}
