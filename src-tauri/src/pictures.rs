//! `thumb://localhost/<id>`, and the same with `/first` or `/original` behind it: pictures for the window.
//!
//! **Invariant:** an address holds an opaque number and never a path, so a page can ask only for
//! what the library knows. Nothing here runs on the main thread.

use crate::engine::Engine;
use library::Picture;
use tauri::http::{Method, Request, Response, StatusCode, Uri, header};
use tauri::{Manager, UriSchemeContext, UriSchemeResponder, Wry};

pub(crate) const SCHEME: &str = "thumb";

/// A versioned address names the same bytes for ever: a changed thumbnail has a new one.
const FOR_EVER: &str = "private, max-age=31536000, immutable";
const NEVER: &str = "no-store";

pub(crate) fn serve(
    context: UriSchemeContext<'_, Wry>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let engine = context.app_handle().state::<Engine>().inner().clone();
    tauri::async_runtime::spawn(async move { responder.respond(answer(&engine, &request).await) });
}

/// What an address asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Thumbnail(i64),
    /// What stands for the thumbnail until it is made.
    FirstPaint(i64),
    Original(i64),
}

impl Wanted {
    fn parse(path: &str) -> Option<Self> {
        let path = path.strip_prefix('/')?;
        match path.split_once('/') {
            None => Some(Self::Thumbnail(id(path)?)),
            Some((number, "first")) => Some(Self::FirstPaint(id(number)?)),
            Some((number, "original")) => Some(Self::Original(id(number)?)),
            Some(_) => None,
        }
    }
}

/// Digits only: `+1` and the like are other spellings of the same id, and no one writes them.
fn id(text: &str) -> Option<i64> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}

async fn answer(engine: &Engine, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    if request.method() != Method::GET {
        return refusal(StatusCode::METHOD_NOT_ALLOWED);
    }
    let Some(wanted) = Wanted::parse(request.uri().path()) else {
        return refusal(StatusCode::BAD_REQUEST);
    };
    match picture(engine, wanted).await {
        Ok(Some(picture)) => shown(picture, caching(wanted, request.uri())),
        Ok(None) => refusal(StatusCode::NOT_FOUND),
        Err(error) => {
            tracing::warn!(?wanted, "no picture: {error}");
            refusal(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

async fn picture(engine: &Engine, wanted: Wanted) -> library::Result<Option<Picture>> {
    match wanted {
        Wanted::Thumbnail(id) => engine.library()?.thumbnail(id).await,
        Wanted::FirstPaint(id) => engine.library()?.first_paint(id).await,
        Wanted::Original(id) => engine.library()?.original(id).await,
    }
}

fn caching(wanted: Wanted, address: &Uri) -> &'static str {
    let versioned = address.query().is_some_and(|query| query.starts_with("v="));
    match wanted {
        Wanted::Thumbnail(_) if versioned => FOR_EVER,
        Wanted::Thumbnail(_) | Wanted::FirstPaint(_) | Wanted::Original(_) => NEVER,
    }
}

fn shown(picture: Picture, caching: &str) -> Response<Vec<u8>> {
    Response::builder()
        .header(header::CONTENT_TYPE, picture.content_type)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox",
        )
        .header(header::CACHE_CONTROL, caching)
        .body(picture.bytes)
        .expect("the headers of a picture are valid")
}

fn refusal(status: StatusCode) -> Response<Vec<u8>> {
    Response::builder()
        .status(status)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::CACHE_CONTROL, NEVER)
        .body(Vec::new())
        .expect("a status alone is a valid answer")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_number_and_nothing_else() {
        let cases = [
            ("/7", Some(Wanted::Thumbnail(7))),
            ("/7/first", Some(Wanted::FirstPaint(7))),
            ("/7/original", Some(Wanted::Original(7))),
            ("/9223372036854775807", Some(Wanted::Thumbnail(i64::MAX))),
            ("/9223372036854775808", None),
            ("/", None),
            ("7", None),
            ("/-7", None),
            ("/+7", None),
            ("/7/", None),
            ("/7/first/", None),
            ("/7/original/", None),
            ("/7/../8", None),
            ("/%37", None),
            ("/etc/passwd", None),
            ("//etc/passwd", None),
        ];
        for (path, expected) in cases {
            assert_eq!(Wanted::parse(path), expected, "{path}");
        }
    }

    #[test]
    fn only_a_versioned_thumbnail_is_kept() {
        let cases = [
            ("thumb://localhost/7?v=abc", Wanted::Thumbnail(7), FOR_EVER),
            ("thumb://localhost/7", Wanted::Thumbnail(7), NEVER),
            (
                "thumb://localhost/7/first?v=abc",
                Wanted::FirstPaint(7),
                NEVER,
            ),
            (
                "thumb://localhost/7/original?v=abc",
                Wanted::Original(7),
                NEVER,
            ),
        ];
        for (address, wanted, expected) in cases {
            assert_eq!(
                caching(wanted, &address.parse().unwrap()),
                expected,
                "{address}"
            );
        }
    }
}
