//! An answer of an API, or of whoever is at an address that it gave out.

use crate::Error;
use crate::transport::deepest;
use bytes::{Bytes, BytesMut};
use http::header::{DATE, HeaderName, LOCATION, RETRY_AFTER};
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use std::time::Duration;
use tokio::time::timeout;
use url::Url;

/// What was answered; its body comes as it is asked for.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Incoming,
    /// Who answered, for messages.
    pub(super) endpoint: String,
    /// Nothing may stand still for longer.
    pub(super) patience: Duration,
}

impl Answer {
    /// The next bytes; none after the last.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        let broke_off = |message: String| Error::Unreachable {
            endpoint: self.endpoint.clone(),
            message,
        };
        loop {
            let frame = timeout(self.patience, self.body.frame()).await;
            match frame {
                Ok(None) => return Ok(None),
                Ok(Some(Ok(frame))) => {
                    if let Ok(data) = frame.into_data() {
                        return Ok(Some(data));
                    }
                }
                Ok(Some(Err(error))) => {
                    let reason = deepest(&error);
                    return Err(broke_off(format!("its answer broke off: {reason}")));
                }
                Err(_) => {
                    let seconds = self.patience.as_secs_f32();
                    return Err(broke_off(format!("nothing moved for {seconds} s")));
                }
            }
        }
    }

    /// The whole body; none: it has more than `limit` bytes.
    pub(super) async fn whole(&mut self, limit: u64) -> Result<Option<Bytes>, Error> {
        if self.size().is_some_and(|size| size > limit) {
            return Ok(None);
        }
        let mut whole = BytesMut::new();
        while let Some(chunk) = self.next().await? {
            if (whole.len() + chunk.len()) as u64 > limit {
                return Ok(None);
            }
            whole.extend_from_slice(&chunk);
        }
        Ok(Some(whole.freeze()))
    }

    /// As `Content-Length` says.
    pub(super) fn size(&self) -> Option<u64> {
        self.header(http::header::CONTENT_LENGTH)?.parse().ok()
    }

    pub(super) fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// How long it is to be waited, where a number of seconds says so.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        let seconds = self.header(RETRY_AFTER)?.parse().ok()?;
        Some(Duration::from_secs(seconds))
    }

    /// Where it redirects to, when that is `asked` with a slash at its end.
    pub(super) fn only_adds_slash(&self, asked: &Url) -> Option<Url> {
        let to = asked.join(self.header(LOCATION)?).ok()?;
        let mut expected = asked.clone();
        expected.set_path(&format!("{}/", asked.path()));
        (self.status.is_redirection() && to == expected).then_some(to)
    }

    /// Seconds by which the far side's clock is ahead.
    pub(super) fn clock(&self, now: jiff::Timestamp) -> Option<i64> {
        let there = jiff::fmt::rfc2822::parse(self.header(DATE)?).ok()?;
        Some(there.timestamp().as_second() - now.as_second())
    }

    pub(super) fn into_body(self) -> Incoming {
        self.body
    }
}
