//! What is counted, for Prometheus.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use std::sync::Arc;
use std::time::Duration;

#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Request {
    method: &'static str,
    route: &'static str,
    status: u16,
}

#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Route {
    route: &'static str,
}

#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

/// Counters of one process. Clones share them.
#[derive(Debug, Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    requests: Family<Request, Counter>,
    seconds: Family<Route, Histogram>,
    in_flight: Gauge,
    uploads: Family<Outcome, Counter>,
    upload_bytes: Counter,
    extractions: Family<Outcome, Counter>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("imgn");
        let requests = Family::default();
        let seconds = Family::<Route, Histogram>::new_with_constructor(|| {
            Histogram::new(exponential_buckets(0.002, 2.0, 16))
        });
        let (in_flight, upload_bytes) = (Gauge::default(), Counter::default());
        let (uploads, extractions) = (Family::default(), Family::default());
        registry.register(
            "http_requests",
            "Requests that were answered",
            requests.clone(),
        );
        registry.register(
            "http_request_seconds",
            "Time until an answer began",
            seconds.clone(),
        );
        registry.register(
            "http_requests_in_flight",
            "Requests that are being answered",
            in_flight.clone(),
        );
        registry.register("uploads", "Uploads by how they ended", uploads.clone());
        registry.register(
            "upload_bytes",
            "Bytes of images that were stored",
            upload_bytes.clone(),
        );
        registry.register(
            "extractions",
            "Images whose metadata was looked for, by how that ended",
            extractions.clone(),
        );
        Self {
            registry: Arc::new(registry),
            requests,
            seconds,
            in_flight,
            uploads,
            upload_bytes,
            extractions,
        }
    }
}

impl Metrics {
    pub(crate) fn began(&self) -> InFlight {
        self.in_flight.inc();
        InFlight(self.in_flight.clone())
    }

    pub(crate) fn answered(
        &self,
        method: &http::Method,
        route: &'static str,
        status: http::StatusCode,
        took: Duration,
    ) {
        // What a client makes up is one method to us.
        let method = match method.as_str() {
            "GET" => "GET",
            "HEAD" => "HEAD",
            "POST" => "POST",
            "OPTIONS" => "OPTIONS",
            _ => "other",
        };
        let request = Request {
            method,
            route,
            status: status.as_u16(),
        };
        self.requests.get_or_create(&request).inc();
        self.seconds
            .get_or_create(&Route { route })
            .observe(took.as_secs_f64());
    }

    /// `outcome` is of a fixed list.
    pub(crate) fn uploaded(&self, outcome: &'static str, bytes: u64) {
        self.uploads.get_or_create(&Outcome { outcome }).inc();
        self.upload_bytes.inc_by(bytes);
    }

    /// `outcome` is of a fixed list.
    pub(crate) fn extracted(&self, outcome: &'static str) {
        self.extractions.get_or_create(&Outcome { outcome }).inc();
    }
}

/// A request that is being answered, until it is dropped.
pub(crate) struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// `GET /metrics`
pub(crate) async fn show(State(metrics): State<Metrics>) -> Response {
    let mut text = String::new();
    encode(&mut text, &metrics.registry).expect("writing to a String does not fail");
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(CONTENT_TYPE, kind)], text).into_response()
}
