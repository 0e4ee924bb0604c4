//! What a path is of, and the plain form of an address: without a stage's name and a trailing slash.

use axum::extract::Request;
use http::uri::PathAndQuery;
use http::{Method, Uri};

/// What a path is of, without its prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    Upload,
    Gallery,
    Original,
    Thumbnail,
    Health,
    Library,
    Metrics,
    Events,
    Session,
    Page,
}

impl Route {
    pub(crate) fn of(path: &str) -> Self {
        let path = path.strip_prefix('/').unwrap_or(path);
        let (first, rest) = path.split_once('/').unwrap_or((path, ""));
        match (first, rest) {
            ("upload", "") => Self::Upload,
            ("gallery", "") => Self::Gallery,
            ("gallery", _) => Self::Original,
            ("thumbs", _) => Self::Thumbnail,
            ("healthz", "") => Self::Health,
            ("library", "") => Self::Library,
            ("metrics", "") => Self::Metrics,
            ("events", "") => Self::Events,
            ("session", "") => Self::Session,
            _ => Self::Page,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::Gallery => "gallery",
            Self::Original => "original",
            Self::Thumbnail => "thumbnail",
            Self::Health => "healthz",
            Self::Library => "library",
            Self::Metrics => "metrics",
            Self::Events => "events",
            Self::Session => "session",
            Self::Page => "page",
        }
    }

    /// Whether no token is needed. (A session is begun with one in the body.)
    pub(crate) fn is_open(self, method: &Method) -> bool {
        match self {
            Self::Health | Self::Session | Self::Page => true,
            Self::Upload => matches!(*method, Method::GET | Method::HEAD),
            _ => false,
        }
    }

    /// Whether an `<img>` shows it.
    pub(crate) fn is_picture(self) -> bool {
        matches!(self, Self::Original | Self::Thumbnail)
    }

    /// Whether a browser's session will do.
    pub(crate) fn takes_session(self) -> bool {
        !matches!(self, Self::Metrics | Self::Events)
    }
}

/// What a path is of, with or without a stage and a trailing slash.
pub(crate) fn route_of(path: &str) -> Route {
    Route::of(plain_path(path).unwrap_or(path))
}

/// Without a trailing slash, and without the name of a stage before a route of ours.
pub(crate) fn plain_address(mut request: Request) -> Request {
    if let Some(path) = plain_path(request.uri().path()) {
        let query = request.uri().query().map(|query| format!("?{query}"));
        let whole = format!("{path}{}", query.unwrap_or_default());
        if let Ok(whole) = whole.parse::<PathAndQuery>() {
            let mut parts = request.uri().clone().into_parts();
            parts.path_and_query = Some(whole);
            if let Ok(uri) = Uri::from_parts(parts) {
                *request.uri_mut() = uri;
            }
        }
    }
    request
}

/// None: it is plain already.
fn plain_path(path: &str) -> Option<&str> {
    let mut plain = path;
    if Route::of(trimmed(plain)) == Route::Page
        && let Some((_, rest)) = plain.get(1..).and_then(|path| path.split_once('/'))
        && Route::of(trimmed(rest)) != Route::Page
    {
        plain = &plain[plain.len() - rest.len() - 1..];
    }
    // A folder of a UI is told from a file by its slash.
    if Route::of(trimmed(plain)) != Route::Page {
        plain = trimmed(plain);
    }
    (plain != path).then_some(plain)
}

fn trimmed(path: &str) -> &str {
    path.strip_suffix('/').unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_and_a_trailing_slash_are_taken_off() {
        //  path, plain
        let cases = [
            ("/upload", "/upload"),
            ("/upload/", "/upload"),
            ("/Prod/upload/", "/upload"),
            ("/Prod/upload", "/upload"),
            ("/Prod/gallery/2024/a.jpg", "/gallery/2024/a.jpg"),
            ("/gallery/gallery/a.jpg", "/gallery/gallery/a.jpg"),
            ("/gallery/upload", "/gallery/upload"),
            ("/gallery/", "/gallery"),
            ("/Prod/healthz", "/healthz"),
            ("/", "/"),
            ("/Prod/", "/Prod/"),
            ("/assets/app.js", "/assets/app.js"),
            ("/help/", "/help/"),
            ("//upload", "/upload"),
            ("*", "*"),
        ];
        for (path, plain) in cases {
            assert_eq!(plain_path(path).unwrap_or(path), plain, "{path}");
        }
    }
}
