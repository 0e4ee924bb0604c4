//! Stands in for API Gateway: requests become events of its HTTP APIs, answers of functions become answers.
//!
//! Written from its documentation: names of headers come in lower case, bodies in Base64, at most 10 MB of them; what a
//! function fails at is 500; `/upload` is one function's, and everything else the other's.

use crate::functions::{Identity, call};
use crate::serving::{Serving, lock};
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};
use std::sync::{Arc, Mutex};

const MOST_BODY: usize = 10 << 20;

/// One that answers on a free port.
#[derive(Debug)]
pub(crate) struct Gateway {
    pub(crate) url: String,
    state: Arc<Kept>,
    _serving: Serving,
}

#[derive(Debug)]
struct Kept {
    runtime: String,
    client: reqwest::Client,
    identity: Mutex<Option<Identity>>,
}

impl Gateway {
    pub(crate) async fn start(runtime: String, client: reqwest::Client) -> Self {
        let state = Arc::new(Kept {
            runtime,
            client,
            identity: Mutex::default(),
        });
        let router = Router::new()
            .fallback(pass_on)
            .with_state(Arc::clone(&state));
        let serving = Serving::start(router).await;
        Self {
            url: serving.url.clone(),
            state,
            _serving: serving,
        }
    }

    pub(crate) fn sign(&self, identity: Option<Identity>) {
        *lock(&self.state.identity) = identity;
    }
}

async fn pass_on(State(kept): State<Arc<Kept>>, request: Request) -> Response {
    let name = match request.uri().path() {
        "/upload" => "imgn-upload",
        _ => "imgn-gallery",
    };
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MOST_BODY).await else {
        return plain(413, "{\"message\":\"Request Entity Too Large\"}");
    };
    let event = event(&kept, &parts, &body);
    match call(&kept.client, &kept.runtime, name, &event).await {
        Ok(said) => answer(&said),
        Err(_) => plain(500, "{\"message\":\"Internal Server Error\"}"),
    }
}

/// Format 2.0 of what a Lambda integration gets.
fn event(kept: &Kept, parts: &axum::http::request::Parts, body: &Bytes) -> Value {
    let mut headers = Map::new();
    for name in parts.headers.keys() {
        let values = parts.headers.get_all(name).iter();
        let values: Vec<_> = values
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect();
        headers.insert(name.as_str().to_owned(), values.join(",").into());
    }
    let path = parts.uri.path();
    let mut context = json!({
        "accountId": "123456789012",
        "apiId": "gateway",
        "domainName": parts.headers.get("host").and_then(|host| host.to_str().ok()),
        "domainPrefix": "gateway",
        "http": {"method": parts.method.as_str(), "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "test"},
        "requestId": uuid::Uuid::new_v4().to_string(),
        "routeKey": "$default",
        "stage": "$default",
        "time": "01/Jan/2026:00:00:00 +0000",
        "timeEpoch": 1_767_225_600_000_u64,
    });
    let identity = lock(&kept.identity).clone();
    if let Some(Identity { pool, id }) = identity {
        context["authorizer"] = json!({"iam": {
            "accessKey": "ASIA", "accountId": "123456789012", "callerId": "A:CognitoIdentityCredentials",
            "cognitoIdentity": {"amr": ["authenticated"], "identityId": id, "identityPoolId": pool},
            "principalOrgId": null, "userArn": "arn", "userId": "A:CognitoIdentityCredentials"}});
    }
    let mut event = json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": parts.uri.query().unwrap_or_default(),
        "headers": headers,
        "requestContext": context,
        "isBase64Encoded": !body.is_empty(),
    });
    if !body.is_empty() {
        event["body"] = BASE64_STANDARD.encode(body).into();
    }
    event
}

fn answer(said: &Value) -> Response {
    let body = said["body"].as_str().unwrap_or_default();
    let body = if said["isBase64Encoded"] == true {
        BASE64_STANDARD
            .decode(body)
            .expect("it says that it is Base64")
    } else {
        body.as_bytes().to_vec()
    };
    let status = said["statusCode"]
        .as_u64()
        .and_then(|it| it.try_into().ok());
    let mut answer = Response::builder().status(status.unwrap_or(500_u16));
    for (name, value) in said["headers"].as_object().into_iter().flatten() {
        // The gateway counts itself.
        if name != "content-length" {
            answer = answer.header(name, value.as_str().unwrap_or_default());
        }
    }
    for cookie in said["cookies"].as_array().into_iter().flatten() {
        answer = answer.header("set-cookie", cookie.as_str().unwrap_or_default());
    }
    answer
        .body(Body::from(body))
        .expect("headers of an answer can be answered with")
}

fn plain(status: u16, json: &'static str) -> Response {
    Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .body(Body::from(json))
        .expect("it is a small answer")
}
