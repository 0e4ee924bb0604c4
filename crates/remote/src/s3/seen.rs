//! What the headers of every answer tell about the far side.

use crate::lock::lock;
use aws_sdk_s3::config::interceptors::BeforeDeserializationInterceptorContextRef;
use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents, http::HttpResponse};
use aws_sdk_s3::error::BoxError;
use aws_sdk_s3::primitives::{DateTime, DateTimeFormat};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

/// The last answer's `Server` header and clock.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen(Arc<Mutex<Headers>>);

#[derive(Debug, Clone, Default)]
struct Headers {
    server: Option<String>,
    skew: i64,
}

impl Seen {
    pub(super) fn server(&self) -> Option<String> {
        self.headers().server.clone()
    }

    /// Seconds by which the far side is ahead of us.
    pub(super) fn skew(&self) -> i64 {
        self.headers().skew
    }

    fn headers(&self) -> std::sync::MutexGuard<'_, Headers> {
        lock(&self.0)
    }
}

impl Intercept for Seen {
    fn name(&self) -> &'static str {
        "Seen"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let now = components
            .time_source()
            .map_or_else(SystemTime::now, |clock| clock.now());
        let response = context.response();
        let mut headers = self.headers();
        if let Some(server) = response.headers().get("server") {
            headers.server = Some(server.to_owned());
        }
        if let Some(skew) = skew(response, now) {
            headers.skew = skew;
        }
        Ok(())
    }
}

fn skew(response: &HttpResponse, now: SystemTime) -> Option<i64> {
    let date =
        DateTime::from_str(response.headers().get("date")?, DateTimeFormat::HttpDate).ok()?;
    Some(date.secs() - DateTime::from(now).secs())
}
