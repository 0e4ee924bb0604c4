//! The routes, and what every request passes on its way to them.
//!
//! From the outside in: the address is put in its plain form (a stage's prefix and a trailing slash
//! go), the request gets an id and is logged and counted, a panic becomes an answer, what is left of
//! a refused body is let run out, the guard decides.

use crate::answer::Refusal;
use crate::deployment::{Deployment, Traffic};
use crate::guard::{self, Guard};
use crate::linger::linger;
use crate::metrics::{self, Metrics};
use crate::route::{Route, plain_address};
use crate::{events, gallery, library, offer, page, picture, session, upload};
use axum::Json;
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use http::header::{HeaderName, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderValue};
use remote::api::Health;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;
use tower::util::MapRequestLayer;
use tower::{Layer, ServiceExt};
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument;
use uuid::Uuid;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
pub(crate) const RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");

/// Everything that this deployment answers.
pub fn router(deployment: Deployment, guard: Guard, ui: Option<PathBuf>) -> Router {
    let guard = Arc::new(guard);
    let (metrics, marker) = (deployment.metrics.clone(), deployment.store.marker.clone());
    let traffic = deployment.traffic;
    let deployment = Arc::new(deployment);
    let upload = get(upload::see_page);
    let upload = match traffic {
        Traffic::Through => upload.post(upload::take),
        Traffic::Direct => upload.post(offer::make),
    };
    let images = Router::new()
        .route("/upload", upload.layer(DefaultBodyLimit::disable()))
        .route("/gallery", get(gallery::list))
        .route("/gallery/{*key}", get(picture::original))
        .route("/thumbs/{name}", get(picture::thumbnail))
        .route("/library", get(library::show));
    let api = match traffic {
        Traffic::Through => images
            .route("/events", post(events::take))
            .with_state(deployment)
            .route("/session", post(session::begin).delete(session::end))
            .with_state(Arc::clone(&guard))
            .route("/metrics", get(metrics::show))
            .with_state(metrics.clone()),
        // No process lives long enough to be asked what it counted, or needs a cookie for its pictures.
        Traffic::Direct => images.with_state(deployment),
    };
    let api = api
        .route("/healthz", get(health))
        .method_not_allowed_fallback(|| async { http::StatusCode::METHOD_NOT_ALLOWED })
        .merge(page::routes(ui.as_deref()))
        .layer(from_fn_with_state(marker, library::watch))
        .layer(from_fn_with_state(guard, guard::watch))
        .layer(from_fn(linger))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(metrics, observe));
    // Before the routes are looked at.
    let plain = MapRequestLayer::new(plain_address).layer(api.into_service::<Body>());
    Router::new().fallback_service(plain.map_err(|never| match never {}))
}

pub(crate) async fn health() -> Json<Health> {
    Json(Health::now())
}

fn panicked(_panic: Box<dyn std::any::Any + Send>) -> Response {
    Refusal::Internal.json()
}

/// Gives the request an id, logs and counts it.
async fn observe(State(metrics): State<Metrics>, mut request: Request, next: Next) -> Response {
    let id = request_id(request.headers());
    request.headers_mut().insert(REQUEST_ID, id.clone());
    let (method, route) = (request.method().clone(), Route::of(request.uri().path()));
    let span = tracing::info_span!(
        "request",
        id = id.to_str().unwrap_or_default(),
        %method,
        route = route.name()
    );
    async move {
        let (begun, _in_flight) = (Instant::now(), metrics.began());
        let mut answer = next.run(request).await;
        let took = begun.elapsed();
        metrics.answered(&method, route.name(), answer.status(), took);
        let status = answer.status().as_u16();
        let refused = answer.extensions().get::<Refusal>().map(|it| it.code());
        let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        if answer.status().is_server_error() {
            tracing::error!(status, refused, milliseconds, "answered");
        } else {
            tracing::info!(status, refused, milliseconds, "answered");
        }
        let headers = answer.headers_mut();
        headers.insert(REQUEST_ID, id);
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        // A page elsewhere that shows one of these pictures sends no `Origin`.
        headers
            .entry(RESOURCE_POLICY)
            .or_insert(HeaderValue::from_static("same-origin"));
        answer
    }
    .instrument(span)
    .await
}

/// The one that a proxy gave it, if it is one that a log can hold.
fn request_id(headers: &HeaderMap) -> HeaderValue {
    let given = headers.get(REQUEST_ID).filter(|value| {
        let bytes = value.as_bytes();
        (1..=128).contains(&bytes.len())
            && bytes
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
    });
    given.cloned().unwrap_or_else(|| {
        HeaderValue::from_str(&Uuid::new_v4().to_string()).expect("an UUID is ASCII")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_keeps_an_id_that_a_log_can_hold() {
        //  id, kept
        let long = "a".repeat(129);
        let cases = [
            ("abc-1", true),
            ("", false),
            ("a b", false),
            ("\"<x>", false),
            (&long, false),
        ];
        for (id, kept) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(REQUEST_ID, HeaderValue::from_str(id).unwrap());
            assert_eq!(request_id(&headers) == id, kept, "{id}");
        }
    }
}
