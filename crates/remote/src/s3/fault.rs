//! From what the SDK says to what a person can do about it.

use super::S3;
use super::keys;
use crate::Error;
use crate::transport::{deepest, transport};
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use std::error::Error as StdError;
use std::time::Duration;

/// From here on clocks are held to differ, and a refusal to be due to that.
const SKEWED: u64 = 4 * 60;

/// The largest object of S3, for a store that refuses one and does not say its own limit.
const LARGEST: u64 = 5 * 1024 * 1024 * 1024 * 1024;

/// How stores say that bytes do not have the checksum that was said.
const DAMAGED: [&str; 3] = [
    "BadDigest",
    "XAmzContentChecksumMismatch",
    "XAmzContentSHA256Mismatch",
];

/// A message longer than this is cut.
const LONGEST_MESSAGE: usize = 300;

/// Where the bucket is, for messages.
#[derive(Debug, Clone)]
pub(super) struct Site {
    pub(super) endpoint: String,
    pub(super) bucket: String,
    pub(super) prefix: String,
}

/// What was being done.
#[derive(Debug, Clone, Copy)]
pub(super) struct Doing<'a> {
    /// Completes "gives no right to …".
    pub(super) action: &'static str,
    pub(super) key: &'a str,
}

impl<'a> Doing<'a> {
    pub(super) fn write(key: &'a str) -> Self {
        let action = "write";
        Self { action, key }
    }

    pub(super) fn read(key: &'a str) -> Self {
        let action = "read";
        Self { action, key }
    }

    pub(super) fn delete(key: &'a str) -> Self {
        let action = "delete";
        Self { action, key }
    }
}

impl Doing<'static> {
    pub(super) const LIST: Self = Self::to("list");
    pub(super) const LIST_UPLOADS: Self = Self::to("list unfinished uploads");

    /// Something about the bucket as a whole.
    pub(super) const fn to(action: &'static str) -> Self {
        Self { action, key: "" }
    }
}

impl Site {
    /// The name of this destination in messages.
    pub(super) fn place(&self) -> String {
        let place = format!("{}/{}/{}", self.endpoint, self.bucket, self.prefix);
        place.trim_end_matches('/').to_owned()
    }

    pub(super) fn unreachable(&self, message: impl Into<String>) -> Error {
        Error::Unreachable {
            endpoint: self.endpoint.clone(),
            message: message.into(),
        }
    }

    pub(super) fn unexpected(&self, status: u16, message: impl Into<String>) -> Error {
        Error::Unexpected {
            endpoint: self.endpoint.clone(),
            status,
            message: message.into(),
        }
    }
}

impl S3 {
    /// Calls once, and once more when the first refusal may have passed: the SDK signs with the far
    /// side's time from the first answer on, and keys that ran out may have been followed by others.
    pub(super) async fn attempt<T, E, F>(
        &self,
        call: impl Fn() -> F,
    ) -> Result<T, SdkError<E, HttpResponse>>
    where
        E: ProvideErrorMetadata,
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        let error = match call().await {
            Err(error) if matches!(status(&error), Some(400 | 403)) => error,
            result => return result,
        };
        if self.seen.skew().unsigned_abs() > SKEWED {
            tracing::info!(seconds = self.seen.skew(), "going by the far side's clock");
            return call().await;
        }
        let ran_out = match code(&error) {
            // A HEAD says of no refusal why. Keys that are lent always have others to follow: what runs out there
            // is told by the next question that has an answer.
            None => !self.keys.are_lent(),
            // A key that is not known any more was replaced.
            Some(code) => matches!(
                code,
                "ExpiredToken" | "TokenRefreshRequired" | "InvalidToken" | "InvalidAccessKeyId"
            ),
        };
        if ran_out && self.keys.renew().await {
            tracing::info!("going on with other keys");
            return call().await;
        }
        Err(error)
    }

    /// What an answer that has a body means.
    pub(super) fn fault<E>(&self, doing: Doing<'_>, error: &SdkError<E, HttpResponse>) -> Error
    where
        E: ProvideErrorMetadata + StdError + 'static,
    {
        if let Some(error) = keys::sign_in(error) {
            return error;
        }
        match error {
            SdkError::TimeoutError(_) => self.site.unreachable("it does not answer"),
            SdkError::DispatchFailure(_) => transport(&self.site.endpoint, error),
            SdkError::ResponseError(answer) => self.broken_off(answer.raw(), error),
            SdkError::ConstructionFailure(_) => Error::Settings(format!(
                "no request to {}: {}",
                self.site.endpoint,
                deepest(error)
            )),
            _ => self.refusal(doing, error),
        }
    }

    /// The answer began, and did not come to its end.
    fn broken_off(&self, answer: &HttpResponse, error: &(dyn StdError + 'static)) -> Error {
        // What Go's servers say, without any header, to plain HTTP on a port for TLS.
        let wants_tls = answer.status().as_u16() == 400 && answer.headers().iter().next().is_none();
        if wants_tls && self.site.endpoint.starts_with("http://") {
            return self
                .site
                .unreachable("it hangs up on http://; does it want https://?");
        }
        self.site
            .unreachable(format!("its answer broke off: {}", deepest(error)))
    }

    fn refusal<E>(&self, doing: Doing<'_>, error: &SdkError<E, HttpResponse>) -> Error
    where
        E: ProvideErrorMetadata + StdError + 'static,
    {
        let endpoint = self.site.endpoint.clone();
        let bucket = self.site.bucket.clone();
        let status = status(error).unwrap_or(0);
        let code = code(error).unwrap_or_default();
        let message = message(error);
        let unauthorized = |message: &str| Error::Unauthorized {
            endpoint: self.site.endpoint.clone(),
            message: message.to_owned(),
        };
        match code {
            "NoSuchBucket" => Error::NoBucket { endpoint, bucket },
            "InvalidAccessKeyId" | "InvalidClientTokenId" => {
                unauthorized("the key id is not known there")
            }
            "SignatureDoesNotMatch" => unauthorized("the secret key does not belong to the key id"),
            "ExpiredToken" | "TokenRefreshRequired" => {
                unauthorized("the session token has expired")
            }
            "InvalidToken" => unauthorized("the session token is not valid"),
            "RequestTimeTooSkewed" => Error::ClockSkew {
                endpoint,
                seconds: self.seen.skew(),
            },
            "AuthorizationHeaderMalformed"
            | "IllegalLocationConstraintException"
            | "InvalidRegion" => match region(error) {
                Some(expected) => Error::WrongRegion { bucket, expected },
                None => unauthorized(&message),
            },
            "AccessDenied" | "AllAccessDisabled" | "AccountProblem" => self.forbidden(doing),
            "XMinioStorageFull"
            | "XMinioAdminBucketQuotaExceeded"
            | "QuotaExceeded"
            | "InsufficientStorage" => Error::Full {
                place: self.site.place(),
            },
            "KeyTooLongError"
            | "XMinioInvalidObjectName"
            | "XMinioInvalidResourceName"
            | "XMinioParentIsObject"
            | "XMinioObjectExistsAsDirectory"
            | "InvalidURI"
            | "ExistingObjectIsDirectory"
            | "ExistingObjectIsFile" => Error::BadKey {
                place: self.site.place(),
                key: doing.key.to_owned(),
            },
            "EntityTooLarge" => Error::TooLarge {
                key: doing.key.to_owned(),
                limit: LARGEST,
            },
            "InvalidBucketName" => {
                Error::Settings(format!("{bucket:?} cannot be the name of a bucket"))
            }
            code if DAMAGED.contains(&code) => {
                self.busy(error, "the bytes arrived damaged".to_owned())
            }
            "SlowDown"
            | "RequestTimeout"
            | "InternalError"
            | "ServiceUnavailable"
            | "OperationAborted"
            | "ConditionalRequestConflict"
            | "XMinioServerNotInitialized" => self.busy(error, message),
            _ => match status {
                300..=399 => match region(error) {
                    Some(expected) => Error::WrongRegion { bucket, expected },
                    None => Error::Redirected { endpoint },
                },
                401 => unauthorized(&message),
                403 if self.seen.skew().unsigned_abs() > SKEWED => Error::ClockSkew {
                    endpoint,
                    seconds: self.seen.skew(),
                },
                403 => self.forbidden(doing),
                507 => Error::Full {
                    place: self.site.place(),
                },
                408 | 429 | 500 | 502..=599 => self.busy(error, message),
                // No refusal: an answer that could not be read.
                200..=299 => self.site.unexpected(status, deepest(error)),
                _ => self.site.unexpected(status, message),
            },
        }
    }

    fn forbidden(&self, doing: Doing<'_>) -> Error {
        Error::Forbidden {
            place: self.site.place(),
            action: doing.action.to_owned(),
        }
    }

    fn busy<E: StdError>(&self, error: &SdkError<E, HttpResponse>, message: String) -> Error {
        let retry_after = error
            .raw_response()
            .and_then(|response| response.headers().get("retry-after"))
            .and_then(|seconds| seconds.parse().ok())
            .map(Duration::from_secs);
        Error::Busy {
            endpoint: self.site.endpoint.clone(),
            message,
            retry_after,
        }
    }
}

/// The answer's status; none where there was no answer.
pub(super) fn status<E>(error: &SdkError<E, HttpResponse>) -> Option<u16> {
    error
        .raw_response()
        .map(|response| response.status().as_u16())
}

/// S3's own word for what is wrong; a HEAD has none.
pub(super) fn code<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> Option<&str> {
    error
        .as_service_error()
        .and_then(|error| error.meta().code())
}

/// Whether other bytes arrived than were said.
pub(super) fn arrived_damaged<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> bool {
    code(error).is_some_and(|code| DAMAGED.contains(&code))
}

/// Whether the request may have been carried out although no answer came.
pub(super) fn is_lost(error: &Error) -> bool {
    matches!(error, Error::Unreachable { .. })
}

/// The message of an S3 error, or the beginning of a body that is none.
pub(super) fn message<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> String {
    let said = error
        .as_service_error()
        .and_then(|error| error.meta().message());
    let text = match said {
        Some(said) => said.to_owned(),
        None => match body(error) {
            Some(body) if !body.trim_start().starts_with('<') => body.trim().to_owned(),
            _ => String::new(),
        },
    };
    let text: String = text
        .chars()
        .filter(|c| !c.is_control())
        .take(LONGEST_MESSAGE)
        .collect();
    match (text.is_empty(), code(error)) {
        (false, _) => text,
        (true, Some(code)) => code.to_owned(),
        (true, None) => "without a reason".to_owned(),
    }
}

/// The region that the far side would rather have had.
fn region<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> Option<String> {
    if let Some(region) = error.raw_response()?.headers().get("x-amz-bucket-region") {
        return Some(region.to_owned());
    }
    let body = body(error).unwrap_or_default();
    let said = error
        .as_service_error()
        .and_then(|error| error.meta().message())
        .unwrap_or_default();
    between(body, "<Region>", "</Region>")
        .or_else(|| between(said, "expecting '", "'"))
        .map(str::to_owned)
}

/// What an answer says in this element, where it could not be read as a whole: some stores name the root of an answer
/// in a way of their own.
pub(super) fn said<E>(error: &SdkError<E, HttpResponse>, element: &str) -> Option<String> {
    let (opening, closing) = (format!("<{element}>"), format!("</{element}>"));
    let text = between(body(error)?, &opening, &closing)?;
    (!text.contains(['<', '&'])).then(|| text.to_owned())
}

fn body<E>(error: &SdkError<E, HttpResponse>) -> Option<&str> {
    std::str::from_utf8(error.raw_response()?.body().bytes()?).ok()
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let text = &text[text.find(before)? + before.len()..];
    Some(&text[..text.find(after)?]).filter(|found| !found.is_empty())
}
