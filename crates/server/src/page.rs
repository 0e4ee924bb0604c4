//! What a browser is shown: the gallery that is built into this program, or a UI from a folder.
//!
//! **Invariant:** the gallery's page runs and loads nothing but its own files and the pictures of this
//! server; what is in a picture's metadata could not run even if it were taken for markup.

use axum::Router;
use axum::extract::Request;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, REFERRER_POLICY,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use tower_http::services::ServeDir;

/// Names, as in an address, and bytes.
const BUILT_IN: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/ui.rs"));

const INDEX: &str = "index.html";
/// Says where the API is; here it is beside the page.
const CONFIG: &str = "config.json";
/// Below it a file's name has a hash of what it holds.
const HASHED: &str = "assets/";

const GALLERY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
                       font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; \
                       form-action 'none'";

/// For a program that was built without the gallery.
const PLAIN: &str = "<!doctype html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width\">
<title>imgn</title>
</head>
<body>
<h1>imgn</h1>
<p>This is imgn-server. It keeps photos that are uploaded to <code>upload</code>, lists them at
<code>gallery</code>, and reads their metadata. It was built without the gallery's page. Start it with
<code>--ui</code> and a folder to show one here.</p>
</body>
</html>
";

/// The page has nothing that loads or runs anything.
const STRICT: &str =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Serves a UI of one's own as it is, or else the one that is built in.
pub(crate) fn routes(ui: Option<&Path>) -> Router {
    if let Some(folder) = ui {
        return Router::new().fallback_service(ServeDir::new(folder));
    }
    if BUILT_IN.is_empty() {
        return Router::new().route("/", get(plain)).fallback(nothing);
    }
    let pages = Arc::new(Pages::of(BUILT_IN));
    Router::new().fallback(move |request: Request| async move { pages.answer(&request) })
}

/// Files by their names in an address.
struct Pages(BTreeMap<&'static str, Page>);

struct Page {
    bytes: &'static [u8],
    kind: &'static str,
    etag: HeaderValue,
    keep: &'static str,
}

impl Pages {
    fn of(files: &[(&'static str, &'static [u8])]) -> Self {
        let config: (&'static str, &'static [u8]) = (CONFIG, b"{}\n");
        let all = files.iter().copied().chain([config]);
        Self(
            all.map(|(name, bytes)| (name, Page::of(name, bytes)))
                .collect(),
        )
    }

    fn answer(&self, request: &Request) -> Response {
        let name = match request.uri().path().trim_start_matches('/') {
            "" => INDEX,
            name => name,
        };
        match self.0.get(name) {
            None => (StatusCode::NOT_FOUND, crate::answer::Refusal::NotFound).into_response(),
            Some(page) if matches!(*request.method(), Method::GET | Method::HEAD) => {
                page.answer(request.headers())
            }
            Some(_) => StatusCode::METHOD_NOT_ALLOWED.into_response(),
        }
    }
}

impl Page {
    fn of(name: &str, bytes: &'static [u8]) -> Self {
        let hash = hex::encode(&Sha256::digest(bytes)[..16]);
        Self {
            bytes,
            kind: kind_of(name),
            etag: HeaderValue::from_str(&format!("\"{hash}\"")).expect("hex is ASCII"),
            keep: if name.starts_with(HASHED) {
                "public, max-age=31536000, immutable"
            } else {
                "no-cache"
            },
        }
    }

    fn answer(&self, asked: &HeaderMap) -> Response {
        let mut answer = if asked.get(IF_NONE_MATCH) == Some(&self.etag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            self.bytes.into_response()
        };
        let headers = answer.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.kind));
        headers.insert(ETAG, self.etag.clone());
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(self.keep));
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(GALLERY));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        answer
    }
}

/// What Vite writes, and nothing else.
fn kind_of(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

async fn plain() -> Response {
    let csp = HeaderValue::from_static(STRICT);
    ([(CONTENT_SECURITY_POLICY, csp)], Html(PLAIN)).into_response()
}

async fn nothing() -> Response {
    (StatusCode::NOT_FOUND, crate::answer::Refusal::NotFound).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn pages() -> Pages {
        Pages::of(&[
            (INDEX, b"<!doctype html>"),
            ("assets/app-1a2b.js", b"run()"),
        ])
    }

    fn ask(method: Method, path: &str, etag: Option<&HeaderValue>) -> Response {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(etag) = etag {
            request = request.header(IF_NONE_MATCH, etag);
        }
        pages().answer(&request.body(Body::empty()).unwrap())
    }

    #[test]
    fn a_page_is_asked_for_again_and_what_has_a_hash_in_its_name_never() {
        //  path, status, kind, kept
        let immutable = "public, max-age=31536000, immutable";
        let cases = [
            ("/", 200, "text/html; charset=utf-8", "no-cache"),
            ("/index.html", 200, "text/html; charset=utf-8", "no-cache"),
            ("/config.json", 200, "application/json", "no-cache"),
            (
                "/assets/app-1a2b.js",
                200,
                "text/javascript; charset=utf-8",
                immutable,
            ),
        ];
        for (path, status, kind, kept) in cases {
            let answer = ask(Method::GET, path, None);
            assert_eq!(answer.status(), status, "{path}");
            assert_eq!(answer.headers()[CONTENT_TYPE], kind, "{path}");
            assert_eq!(answer.headers()[CACHE_CONTROL], kept, "{path}");
            assert_eq!(answer.headers()[CONTENT_SECURITY_POLICY], GALLERY, "{path}");
            let again = ask(Method::GET, path, Some(&answer.headers()[ETAG]));
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{path}");
        }
        for path in [
            "/assets/",
            "/assets/other.js",
            "/../Cargo.toml",
            "/favicon.ico",
        ] {
            assert_eq!(ask(Method::GET, path, None).status(), 404, "{path}");
        }
        assert_eq!(ask(Method::POST, "/", None).status(), 405);
    }

    #[test]
    fn nothing_but_the_own_files_runs_in_the_page() {
        for word in ["unsafe-inline", "unsafe-eval", "*", "http:", "https:"] {
            assert!(!GALLERY.contains(word), "{word}");
        }
        assert!(GALLERY.starts_with("default-src 'none'"));
    }

    #[test]
    fn the_page_that_is_built_in_is_whole() {
        let Some((_, index)) = BUILT_IN.iter().find(|(name, _)| *name == INDEX) else {
            panic!("the page is not built: run `npm run build` in ui/ first");
        };
        let index = std::str::from_utf8(index).unwrap();
        let named = index
            .split(['"', '\''])
            .filter_map(|part| part.strip_prefix("./"));
        let mut files = 0;
        for file in named {
            assert!(BUILT_IN.iter().any(|(name, _)| *name == file), "{file}");
            files += 1;
        }
        assert!(files >= 2, "{index}");
        assert!(!index.contains("<style"), "{index}");
    }
}
