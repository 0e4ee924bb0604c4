//! Putting bytes to an address that is signed for them: what a store is told, and what its answer means.
//!
//! **Invariant:** a store is told just what was signed, and nothing of ours. The address is a permission: it is in
//! no message.

use super::HttpApi;
use super::answer::Answer;
use super::transfer::transfer;
use crate::{Error, Original, Progress, Proof};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::header::ETAG;
use http::{HeaderName, HeaderValue, Method, StatusCode};
use http_body_util::BodyExt;
use url::Url;

/// Refusals are a few hundred bytes of XML.
const MOST: u64 = 16 << 10;
/// A store's own word for what is wrong has no more letters.
const LONGEST_CODE: usize = 60;
/// Addresses are signed with some hundreds of letters, or a thousand with a session's token.
const LONGEST_ADDRESS: usize = 8 << 10;

/// How a put ended that was answered.
pub(super) enum Sent {
    /// What the store confirmed.
    Stored(Proof),
    /// This address is of no use any more: it has expired, or something stands there by now.
    AskAgain(Error),
}

/// Sends the original there, with just these headers.
pub(super) async fn put(
    api: &HttpApi,
    to: &Url,
    headers: &[(HeaderName, HeaderValue)],
    original: &Original<'_>,
    progress: Progress<'_>,
) -> Result<Sent, Error> {
    let request = |file| {
        let body = BodyExt::boxed_unsync(file);
        api.client.signed(Method::PUT, to, headers, body)
    };
    let answer = transfer(api, to, original, progress, request).await?;
    match answer.status {
        StatusCode::OK | StatusCode::CREATED | StatusCode::NO_CONTENT => {
            Ok(Sent::Stored(proof(&answer, original)))
        }
        _ => refused(api, answer, original).await,
    }
}

/// A store that repeats the SHA-256 has all bytes; one that does not confirmed their number.
fn proof(answer: &Answer, original: &Original<'_>) -> Proof {
    let text = |name| answer.header(name).map(str::to_owned);
    let etag = text(ETAG);
    let version = text(HeaderName::from_static("x-amz-version-id"));
    let said = answer.header(HeaderName::from_static("x-amz-checksum-sha256"));
    if said == Some(BASE64_STANDARD.encode(original.sha256).as_str()) {
        Proof::FullSha256 { etag, version }
    } else {
        Proof::SizeOnly { etag, version }
    }
}

async fn refused(
    api: &HttpApi,
    mut answer: Answer,
    original: &Original<'_>,
) -> Result<Sent, Error> {
    let (status, endpoint) = (answer.status, answer.endpoint.clone());
    let retry_after = answer.retry_after();
    let body = answer.whole(MOST).await.ok().flatten().unwrap_or_default();
    let code = code(&String::from_utf8_lossy(&body)).unwrap_or_default();
    let busy = |message: &str| Error::Busy {
        endpoint: endpoint.clone(),
        message: message.to_owned(),
        retry_after,
    };
    let too_large = || Error::NotAccepted {
        place: api.client.endpoint.clone(),
        key: original.path.display().to_string(),
        message: "it is larger than its store takes in one piece".to_owned(),
    };
    let error = match code.as_str() {
        "BadDigest" | "InvalidDigest" | "XAmzContentChecksumMismatch" => {
            busy("the bytes arrived damaged")
        }
        "EntityTooLarge" => too_large(),
        "XMinioStorageFull" | "QuotaExceeded" | "InsufficientStorage" => {
            Error::Full { place: endpoint }
        }
        _ if status == StatusCode::PRECONDITION_FAILED || status == StatusCode::CONFLICT => {
            return Ok(Sent::AskAgain(busy(
                "somebody else wrote under the name that was given",
            )));
        }
        _ if status == StatusCode::FORBIDDEN || code.contains("Expired") => {
            return Ok(Sent::AskAgain(Error::Forbidden {
                place: endpoint,
                action: "write".to_owned(),
            }));
        }
        _ if status == StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ if status == StatusCode::INSUFFICIENT_STORAGE => Error::Full { place: endpoint },
        _ if status.is_redirection() => Error::Redirected { endpoint },
        _ if status.is_server_error()
            || status == StatusCode::TOO_MANY_REQUESTS
            || status == StatusCode::REQUEST_TIMEOUT
            || code == "RequestTimeout" =>
        {
            busy(&described(status, &code))
        }
        _ => Error::Unexpected {
            endpoint,
            status: status.as_u16(),
            message: described(status, &code),
        },
    };
    Err(error)
}

fn described(status: StatusCode, code: &str) -> String {
    if code.is_empty() {
        format!("status {}, without a reason", status.as_u16())
    } else {
        code.to_owned()
    }
}

/// `<Code>…</Code>`: one word.
fn code(body: &str) -> Option<String> {
    let (_, rest) = body.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    let is_word = !code.is_empty()
        && code.len() <= LONGEST_CODE
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_word.then(|| code.to_owned())
}

/// The address that is the whole body of an answer; none: it is something else.
pub(super) fn address(api: &HttpApi, body: &[u8]) -> Option<Url> {
    let text = std::str::from_utf8(body).ok()?.trim();
    // What reads addresses leaves out line ends that are in them.
    let is_one_word = text.len() <= LONGEST_ADDRESS && text.bytes().all(|b| b.is_ascii_graphic());
    is_one_word.then(|| api.client.given_whole(text)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stores_own_word_is_one_word() {
        //  body, code
        let cases = [
            (
                "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>x</Message></Error>",
                Some("AccessDenied"),
            ),
            ("<Code></Code>", None),
            ("<Code>X-Amz-Signature=abc</Code>", None),
            ("<Code>Access", None),
            ("<html>", None),
        ];
        for (body, expected) in cases {
            assert_eq!(code(body).as_deref(), expected, "{body}");
        }
    }
}
