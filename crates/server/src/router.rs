//! The routes, and what every request passes on its way to them.
//!
//! From the outside in: the address is put in its plain form (a stage's prefix and a trailing slash
//! go), the request gets an id and is logged and counted, a panic becomes an answer, what is left of
//! a refused body is let run out, the guard decides.

use crate::answer::Refusal;
use crate::form::Limits;
use crate::guard::{self, Guard};
use crate::metrics::{self, Metrics};
use crate::store::Store;
use crate::{events, gallery, library, offer, page, picture, session, upload};
use axum::Json;
use axum::Router;
use axum::body::{Body, BodyDataStream};
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use http::header::{EXPECT, HeaderName, X_CONTENT_TYPE_OPTIONS};
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue, Method, Uri};
use media::worker::Pool;
use remote::Key;
use remote::api::Health;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, mpsc};
use tower::util::MapRequestLayer;
use tower::{Layer, ServiceExt};
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument;
use uuid::Uuid;

/// Images that are brought into the store at once; more wait, and are not in memory.
const STORING: usize = 16;
/// How much of a refused body is let run out, and for how long, so that its sender hears why.
const LINGER: u64 = 64 << 20;
const LINGER_FOR: Duration = Duration::from_secs(10);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
pub(crate) const RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");

/// Which way the bytes of originals go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Traffic {
    /// Through this process, in both directions.
    Through,
    /// Straight between clients and the store, by addresses that are made here: a function is paid by the time
    /// that it takes, and holds only so much.
    Direct,
}

impl Traffic {
    /// Bytes of a list in one answer; Lambda takes 6 MB.
    pub(crate) fn longest_list(self) -> usize {
        match self {
            Self::Through => usize::MAX,
            Self::Direct => 4 << 20,
        }
    }

    /// Bytes of an original that are read to say its SHA-256: what comes too late is not said at all.
    pub(crate) fn most_read(self) -> u64 {
        match self {
            Self::Through => u64::MAX,
            Self::Direct => 256 << 20,
        }
    }
}

/// What the handlers work with.
#[derive(Debug)]
pub struct Deployment {
    pub(crate) store: Store,
    pub(crate) workers: Arc<Pool>,
    pub(crate) metrics: Metrics,
    /// To the extractor: what buckets tell of.
    pub(crate) told: mpsc::Sender<Key>,
    /// To the extractor: what was just stored; none: others extract.
    pub(crate) stored: Option<mpsc::Sender<Key>>,
    pub(crate) limits: Limits,
    pub(crate) storing: Semaphore,
    pub(crate) traffic: Traffic,
}

impl Deployment {
    /// Takes uploads of up to `size` bytes, from senders that are silent for `patience` at the most.
    /// What buckets tell of goes through `told` to an extractor.
    pub fn new(
        store: Store,
        workers: Arc<Pool>,
        metrics: Metrics,
        told: mpsc::Sender<Key>,
        size: u64,
        patience: Duration,
    ) -> Self {
        Self {
            store,
            workers,
            metrics,
            told,
            stored: None,
            limits: Limits { size, patience },
            storing: Semaphore::new(STORING),
            traffic: Traffic::Through,
        }
    }

    /// Originals go straight to the store, and come straight from it.
    #[must_use]
    pub fn direct(self) -> Self {
        Self {
            traffic: Traffic::Direct,
            ..self
        }
    }

    /// What is uploaded here goes to the same extractor, too.
    #[must_use]
    pub fn extracting_uploads(self) -> Self {
        let stored = Some(self.told.clone());
        Self { stored, ..self }
    }
}

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

    fn name(self) -> &'static str {
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

/// Without a trailing slash, and without the name of a stage before a route of ours.
fn plain_address(mut request: Request) -> Request {
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

/// A connection that is closed while its sender still sends tells the sender nothing of the answer: so
/// what is left of a refused body is read, to some extent, and thrown away.
async fn linger(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let waits = parts.headers.contains_key(EXPECT);
    let rest = Rest::of(body);
    let body = Body::from_stream(rest.clone());
    let answer = next.run(Request::from_parts(parts, body)).await;
    // Who waits for a word before the body was not given it, and sends nothing.
    let sends = !waits || rest.was_asked_for();
    if sends && (answer.status().is_client_error() || answer.status().is_server_error()) {
        let mut left = LINGER;
        let run_out = rest.take_while(|chunk| {
            let size = chunk.as_ref().map_or(u64::MAX, |chunk| chunk.len() as u64);
            left = left.saturating_sub(size);
            std::future::ready(left > 0)
        });
        let run_out = run_out.for_each(|_| std::future::ready(()));
        if tokio::time::timeout(LINGER_FOR, run_out).await.is_err() {
            tracing::debug!("a refused body does not end");
        }
    }
    answer
}

/// A body that two may read, one after the other.
#[derive(Clone)]
struct Rest {
    stream: Arc<Mutex<BodyDataStream>>,
    asked_for: Arc<AtomicBool>,
}

impl Rest {
    fn of(body: Body) -> Self {
        Self {
            stream: Arc::new(Mutex::new(body.into_data_stream())),
            asked_for: Arc::default(),
        }
    }

    fn was_asked_for(&self) -> bool {
        self.asked_for.load(Ordering::Relaxed)
    }
}

impl Stream for Rest {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.asked_for.store(true, Ordering::Relaxed);
        let mut stream = self.stream.lock().unwrap_or_else(PoisonError::into_inner);
        stream.poll_next_unpin(cx)
    }
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
