//! What an answer means that is no success. Its sentence is quoted, and means nothing.

use crate::Error;
use crate::http_api::HttpApi;
use crate::http_api::answer::Answer;
use crate::http_api::upload::MOST_ANSWER;
use http::StatusCode;

/// What is quoted of a sentence.
const LONGEST_QUOTE: usize = 120;
pub(super) async fn refused(api: &HttpApi, mut answer: Answer, key: &str) -> Error {
    let body = answer.whole(MOST_ANSWER).await.ok().flatten();
    meaning(api, answer.status, &body.unwrap_or_default(), key)
}

pub(super) fn meaning(api: &HttpApi, status: StatusCode, body: &[u8], key: &str) -> Error {
    let endpoint = api.client.endpoint.clone();
    let message = match quote(body) {
        Some(quote) => format!("it says, with status {}: {quote}", status.as_u16()),
        None => format!("it answers with status {}", status.as_u16()),
    };
    match status {
        StatusCode::UNAUTHORIZED => Error::Unauthorized { endpoint, message },
        StatusCode::FORBIDDEN => Error::Forbidden {
            place: endpoint,
            action: "ask".to_owned(),
        },
        StatusCode::BAD_REQUEST
        | StatusCode::UNSUPPORTED_MEDIA_TYPE
        | StatusCode::PAYLOAD_TOO_LARGE
            if !key.is_empty() =>
        {
            Error::NotAccepted {
                place: endpoint,
                key: key.to_owned(),
                message,
            }
        }
        // A failure that is called success.
        status if status == StatusCode::OK || status.is_server_error() => Error::Busy {
            endpoint,
            message,
            retry_after: None,
        },
        status if status.is_redirection() => Error::Redirected { endpoint },
        status => api.client.unexpected(status.as_u16(), message),
    }
}

/// The beginning of a sentence; none of what may have a permission in it.
fn quote(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    if text.trim().is_empty() || text.contains("://") {
        return None;
    }
    let plain = text.chars().filter(|c| !c.is_control());
    Some(plain.take(LONGEST_QUOTE).collect())
}
