//! What a request that is not carried out is answered with.
//!
//! A *refusal* has a code of a fixed list. Clients that know our media type get it as JSON; others,
//! which put what they get into HTML, get a fixed sentence.
//!
//! **Invariant:** nothing of the request, and nothing of an error's text, is in an answer.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use remote::api::{Refused, UPLOAD_MEDIA_TYPE};

/// Why a request is not carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The body is no form, or not one of ours.
    BadForm,
    /// The body ended before the form did.
    Truncated,
    /// There is no part with a file.
    NoFile,
    NoFilename,
    /// A name that leads elsewhere.
    BadFilename,
    /// A field whose value makes no sense.
    BadField,
    /// What has to be known of a file before it may go up was not said.
    Unannounced,
    Empty,
    TooLarge,
    NotAPhoto,
    /// So many pixels in so few bytes that it can only be meant to harm.
    TooManyPixels,
    /// The bytes do not have the SHA-256 or the size that was said.
    OtherBytes,
    /// All names that the image may have are taken by others.
    NameTaken,
    /// The sender sent nothing for too long.
    TooSlow,
    BadRequest,
    NotFound,
    Unauthorized,
    /// So many wrong tokens came from there that no other is looked at for a while.
    TooManyGuesses,
    WrongHost,
    WrongOrigin,
    /// The request means another library than is kept here.
    OtherLibrary,
    /// The store cannot be reached, or is not the one that it was.
    StoreAway,
    Full,
    /// The images can be read, and nothing can be written.
    ReadOnly,
    /// Whoever set this service up did not give it the rights that it needs.
    Misconfigured,
    Internal,
}

impl Refusal {
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::BadForm
            | Self::Truncated
            | Self::NoFile
            | Self::NoFilename
            | Self::BadFilename
            | Self::BadField
            | Self::Unannounced
            | Self::Empty
            | Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotAPhoto => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooManyPixels | Self::OtherBytes => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NameTaken => StatusCode::CONFLICT,
            Self::OtherLibrary => StatusCode::PRECONDITION_FAILED,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::TooManyGuesses => StatusCode::TOO_MANY_REQUESTS,
            Self::WrongHost | Self::WrongOrigin => StatusCode::FORBIDDEN,
            Self::StoreAway | Self::ReadOnly => StatusCode::SERVICE_UNAVAILABLE,
            Self::Full => StatusCode::INSUFFICIENT_STORAGE,
            Self::Misconfigured | Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::BadForm => "bad_form",
            Self::Truncated => "truncated",
            Self::NoFile => "no_file",
            Self::NoFilename => "no_filename",
            Self::BadFilename => "bad_filename",
            Self::BadField => "bad_field",
            Self::Unannounced => "unannounced",
            Self::Empty => "empty",
            Self::TooLarge => "too_large",
            Self::NotAPhoto => "not_a_photo",
            Self::TooManyPixels => "too_many_pixels",
            Self::OtherBytes => "other_bytes",
            Self::NameTaken => "name_taken",
            Self::TooSlow => "too_slow",
            Self::BadRequest => "bad_request",
            Self::NotFound => "not_found",
            Self::Unauthorized => "unauthorized",
            Self::TooManyGuesses => "too_many_guesses",
            Self::WrongHost => "wrong_host",
            Self::WrongOrigin => "wrong_origin",
            Self::OtherLibrary => "other_library",
            Self::StoreAway => "store_away",
            Self::Full => "full",
            Self::ReadOnly => "read_only",
            Self::Misconfigured => "misconfigured",
            Self::Internal => "internal",
        }
    }

    fn message(self) -> &'static str {
        match self {
            Self::BadForm => {
                "an upload is a form of the type multipart/form-data with a file in it"
            }
            Self::Truncated => "the upload ended before it was whole",
            Self::NoFile => "the form holds no file",
            Self::NoFilename => "the file has no name",
            Self::BadFilename => "the file's name leads to another folder",
            Self::BadField => "a field of the form has a value that makes no sense",
            Self::Unannounced => "the form does not say the size and the SHA-256 of the file",
            Self::Empty => "the file is empty",
            Self::TooLarge => "the file is larger than this server takes",
            Self::NotAPhoto => "the file is not a photo",
            Self::TooManyPixels => "the file says that it has more pixels than it can have",
            Self::OtherBytes => "other bytes arrived than were said",
            Self::NameTaken => "every name for this file is taken by another picture",
            Self::TooSlow => "nothing arrived for too long",
            Self::BadRequest => "the request makes no sense",
            Self::NotFound => "there is nothing here",
            Self::Unauthorized => "this server wants a token",
            Self::TooManyGuesses => {
                "too many wrong tokens came from there; wait before the next one"
            }
            Self::WrongHost => "this server is not called that; name it with --host",
            Self::WrongOrigin => "pages of this origin may not ask here; name it with --origin",
            Self::OtherLibrary => "another library is kept here",
            Self::StoreAway => "the images cannot be reached just now",
            Self::Full => "there is no room for more images",
            Self::ReadOnly => "this server may not write where its images are; its log says why",
            Self::Misconfigured => {
                "this service lacks rights in its own bucket; its log says which"
            }
            Self::Internal => "something went wrong in this server; its log says what",
        }
    }

    /// The answer in JSON.
    pub(crate) fn json(self) -> Response {
        let body = Refused {
            code: self.code().to_owned(),
            message: self.message().to_owned(),
        };
        self.marked((self.status(), Json(body)).into_response())
    }

    /// The answer to an upload.
    pub(crate) fn of_upload(self, tongue: Tongue) -> Response {
        let status = self.status();
        match tongue {
            Tongue::Ours => {
                let mut answer = self.json();
                answer.headers_mut().insert(CONTENT_TYPE, ours());
                answer
            }
            // Old clients know 400 as the one failure.
            Tongue::Plain => {
                let status = match status {
                    StatusCode::UNAUTHORIZED
                    | StatusCode::FORBIDDEN
                    | StatusCode::TOO_MANY_REQUESTS => status,
                    status if status.is_client_error() => StatusCode::BAD_REQUEST,
                    status => status,
                };
                let said = match self {
                    Self::Unauthorized => "This gallery wants a token.\n",
                    Self::TooManyGuesses => "This gallery was shown too many wrong tokens.\n",
                    Self::WrongHost | Self::WrongOrigin => {
                        "This gallery may not be asked by that name, or by that page.\n"
                    }
                    _ if status.is_server_error() => "The image could not be stored.\n",
                    _ => "This cannot be stored here as an image.\n",
                };
                self.marked((status, said).into_response())
            }
        }
    }

    fn marked(self, mut answer: Response) -> Response {
        if self == Self::Unauthorized {
            answer
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        let wait = match self {
            Self::StoreAway => Some("10"),
            Self::TooManyGuesses => Some("3"),
            _ => None,
        };
        if let Some(seconds) = wait {
            answer
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from_static(seconds));
        }
        answer.extensions_mut().insert(self);
        answer
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.json()
    }
}

impl From<remote::Error> for Refusal {
    /// The store failed: whoever asked learns no more than whether asking again makes sense.
    fn from(error: remote::Error) -> Self {
        tracing::error!(%error, "the store failed");
        match error {
            remote::Error::Missing { .. } => Self::NotFound,
            remote::Error::Full { .. } => Self::Full,
            remote::Error::NoAccess { .. } => Self::ReadOnly,
            remote::Error::Io { .. }
            | remote::Error::Unexpected { .. }
            | remote::Error::BadKey { .. }
            | remote::Error::Settings(_)
            | remote::Error::SourceChanged { .. }
            | remote::Error::SourceUnreadable { .. }
            | remote::Error::SourceFault { .. }
            // Only far sides that choose, and ledgers, which a store of ours has not.
            | remote::Error::NotAccepted { .. }
            | remote::Error::Unconfirmed { .. }
            | remote::Error::Unrecorded { .. } => Self::Internal,
            remote::Error::TooLarge { .. } => Self::TooLarge,
            remote::Error::Unreachable { .. }
            | remote::Error::Busy { .. }
            | remote::Error::Unreadable { .. }
            | remote::Error::NotMounted { .. }
            | remote::Error::NoLibrary { .. }
            | remote::Error::WrongLibrary { .. }
            // Whoever runs this service has to mend it, and may have when it is asked again.
            | remote::Error::Certificate { .. }
            | remote::Error::Unauthorized { .. }
            | remote::Error::NoCredentials { .. }
            | remote::Error::Forbidden { .. }
            | remote::Error::NoBucket { .. }
            | remote::Error::WrongRegion { .. }
            | remote::Error::ClockSkew { .. }
            | remote::Error::Redirected { .. } => Self::StoreAway,
        }
    }
}

/// How an upload is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tongue {
    /// JSON, with telling statuses.
    Ours,
    /// One plain sentence.
    Plain,
}

impl Tongue {
    /// What the request's `Accept` asks for.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let asked = headers.get_all(header::ACCEPT).iter().any(|value| {
            value.to_str().is_ok_and(|text| {
                text.split(',').any(|range| {
                    let name = range.split(';').next().unwrap_or_default();
                    name.trim().eq_ignore_ascii_case(UPLOAD_MEDIA_TYPE)
                })
            })
        });
        if asked { Self::Ours } else { Self::Plain }
    }
}

/// Our media type.
pub(crate) fn ours() -> HeaderValue {
    HeaderValue::from_static(UPLOAD_MEDIA_TYPE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_media_type_is_found_among_others() {
        //  name, Accept, expected
        let cases = [
            ("none", None, Tongue::Plain),
            ("curl", Some("*/*"), Tongue::Plain),
            ("a browser", Some("text/html, */*;q=0.8"), Tongue::Plain),
            (
                "ours",
                Some("application/vnd.imgn.upload+json"),
                Tongue::Ours,
            ),
            (
                "among others",
                Some("text/plain, Application/vnd.imgn.upload+JSON;q=1"),
                Tongue::Ours,
            ),
            ("a relative", Some("application/json"), Tongue::Plain),
        ];
        for (name, accept, expected) in cases {
            let mut headers = HeaderMap::new();
            if let Some(accept) = accept {
                headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
            }
            assert_eq!(Tongue::of(&headers), expected, "{name}");
        }
    }
}
