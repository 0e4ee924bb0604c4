//! Lets what is left of a refused body run out: a connection that is closed while its sender still sends tells
//! the sender nothing of the answer.
//!
//! **Invariant:** what runs out is thrown away, and ends by size and by time.

use axum::body::{Body, BodyDataStream};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use http::header::EXPECT;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

/// How much of a refused body is let run out, and for how long, so that its sender hears why.
const LINGER: u64 = 64 << 20;
const LINGER_FOR: Duration = Duration::from_secs(10);

/// A layer around the routes.
pub(crate) async fn linger(request: Request, next: Next) -> Response {
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
