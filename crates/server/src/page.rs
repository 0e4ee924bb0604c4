//! What a browser is shown: a UI from a folder, or a plain page that says what answers here.

use axum::Router;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use http::header::CONTENT_SECURITY_POLICY;
use http::{HeaderValue, StatusCode};
use std::path::Path;
use tower_http::services::ServeDir;

const PAGE: &str = "<!doctype html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width\">
<title>imgn</title>
</head>
<body>
<h1>imgn</h1>
<p>This is imgn-server. It keeps photos that are uploaded to <code>upload</code>, lists them at
<code>gallery</code>, and reads their metadata. Start it with <code>--ui</code> and a folder to show a
gallery here.</p>
</body>
</html>
";

/// The page has nothing that loads or runs anything.
const STRICT: &str =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Serves a UI of one's own as it is, or else the plain page.
pub(crate) fn routes(ui: Option<&Path>) -> Router {
    match ui {
        Some(folder) => Router::new().fallback_service(ServeDir::new(folder)),
        None => Router::new().route("/", get(plain)).fallback(nothing),
    }
}

async fn plain() -> Response {
    let csp = HeaderValue::from_static(STRICT);
    ([(CONTENT_SECURITY_POLICY, csp)], Html(PAGE)).into_response()
}

async fn nothing() -> Response {
    (StatusCode::NOT_FOUND, crate::answer::Refusal::NotFound).into_response()
}
