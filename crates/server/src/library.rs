//! `GET /library`: which library the store is; and that a request which means another one is refused.
//!
//! **Invariant:** nothing is read from or written to the store for a client that means another library.

use crate::answer::{Refusal, Tongue};
use crate::deployment::Deployment;
use crate::route::Route;
use axum::Json;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use remote::{Marker, api};
use std::sync::Arc;

/// `GET /library`
pub(crate) async fn show(State(deployment): State<Arc<Deployment>>) -> Json<Marker> {
    Json(deployment.store.marker.clone())
}

/// Lets pass who means this library, or says nothing of it.
pub(crate) async fn watch(State(ours): State<Marker>, request: Request, next: Next) -> Response {
    let route = Route::of(request.uri().path());
    let asks_which = matches!(route, Route::Library | Route::Health);
    if asks_which || means(request.headers(), &ours) {
        return next.run(request).await;
    }
    match route {
        Route::Upload => Refusal::OtherLibrary.of_upload(Tongue::of(request.headers())),
        _ => Refusal::OtherLibrary.into_response(),
    }
}

fn means(headers: &HeaderMap, ours: &Marker) -> bool {
    headers.get_all(api::LIBRARY).iter().all(|said| {
        said.to_str()
            .is_ok_and(|said| said.trim() == ours.uuid.to_string())
    })
}
