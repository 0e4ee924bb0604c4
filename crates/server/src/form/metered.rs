//! A body that is read no further than it is allowed to be.

use super::AROUND;
use axum::body::BodyDataStream;
use bytes::Bytes;
use futures_util::Stream;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

/// A body that hands over one chunk each time that it is asked, and no more than is allowed: the
/// form's reader takes all that is there.
pub(super) struct Metered {
    bytes: BodyDataStream,
    allowance: Arc<AtomicU64>,
    gave: bool,
}

#[derive(Debug, thiserror::Error)]
#[error("more than {AROUND} bytes around a file")]
pub(super) struct TooMuchAround;

impl Metered {
    pub(super) fn new(bytes: BodyDataStream, allowance: Arc<AtomicU64>) -> Self {
        Self {
            bytes,
            allowance,
            gave: false,
        }
    }
}

type BoxError = Box<dyn std::error::Error + Send + Sync>;

impl Stream for Metered {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if std::mem::take(&mut self.gave) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let next = match Pin::new(&mut self.bytes).poll_next(cx) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(next) => next,
        };
        let Some(Ok(chunk)) = next else {
            return Poll::Ready(next.map(|result| result.map_err(Into::into)));
        };
        self.gave = true;
        let allowed = self.allowance.load(Ordering::Relaxed);
        let size = chunk.len() as u64;
        // A chunk may hold the end of one part and the beginning of the file: what counts is how
        // many bytes were asked for beyond it.
        self.allowance
            .store(allowed.saturating_sub(size), Ordering::Relaxed);
        if allowed == 0 {
            return Poll::Ready(Some(Err(TooMuchAround.into())));
        }
        Poll::Ready(Some(Ok(chunk)))
    }
}
