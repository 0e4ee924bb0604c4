//! Whether an extractor gets on, for whoever would start it again.
//!
//! A store that is away is no reason to start anything again; a batch that hangs is. `/healthz` of an
//! extractor is all that it answers, and needs no token, as everywhere.

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use remote::api::Health;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// No single object takes so long, however large it is and wherever it comes from.
const HANGS: Duration = Duration::from_secs(30 * 60);

/// Beats with every step of a batch, and rests between two.
#[derive(Debug, Clone, Default)]
pub struct Pulse(Arc<Mutex<Option<Instant>>>);

impl Pulse {
    pub(crate) fn beat(&self) {
        self.set(Some(Instant::now()));
    }

    pub(crate) fn rest(&self) {
        self.set(None);
    }

    fn set(&self, last: Option<Instant>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = last;
    }

    fn is_well(&self, now: Instant) -> bool {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_none_or(|last| now.saturating_duration_since(last) < HANGS)
    }

    /// What an extractor answers.
    pub fn router(self) -> Router {
        Router::new()
            .route("/healthz", get(health))
            .with_state(self)
    }
}

async fn health(State(pulse): State<Pulse>) -> Response {
    if pulse.is_well(Instant::now()) {
        Json(Health::now()).into_response()
    } else {
        StatusCode::SERVICE_UNAVAILABLE.into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use tower::ServiceExt;

    #[test]
    fn only_a_batch_can_hang() {
        let (pulse, now) = (Pulse::default(), Instant::now());
        assert!(pulse.is_well(now + 2 * HANGS));
        pulse.beat();
        assert!(pulse.is_well(now + HANGS / 2));
        assert!(!pulse.is_well(now + 2 * HANGS));
        pulse.rest();
        assert!(pulse.is_well(now + 2 * HANGS));
    }

    #[tokio::test]
    async fn it_answers_for_its_health_and_for_nothing_else() {
        let ask = async |path: &str| {
            let request = http::Request::get(path).body(Body::empty()).unwrap();
            let answer = Pulse::default().router().oneshot(request).await.unwrap();
            answer.status().as_u16()
        };
        assert_eq!(ask("/healthz").await, 200);
        assert_eq!(ask("/gallery").await, 404);
    }
}
