//! Requests to an API, and to the addresses that it gives out.
//!
//! **Invariant:** the token goes to the API's own origin only, and never beside a permission that an address
//! carries itself. Redirects are not followed. No query, which may be such a permission, is in a message.

use super::address::{base, carries_permission, is_followed};
use super::answer::Answer;
use super::{HttpConfig, Token};
use crate::lock::lock;
use crate::transport::transport;
use crate::{Error, tls};
use bytes::Bytes;
use http::header::{AUTHORIZATION, HeaderName, USER_AGENT};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::io;
use std::sync::Mutex;
use std::time::Duration;
use tokio::time::timeout;
use url::Url;
use uuid::Uuid;

/// Three seconds, and a little more than the pause after which a lost SYN is sent again.
const CONNECT: Duration = Duration::from_millis(3100);
/// Until an answer begins that need not be waited for.
pub(super) const ANSWER: Duration = Duration::from_secs(30);
/// Servers close what is idle; they mostly wait longer.
const IDLE: Duration = Duration::from_secs(20);

pub(super) type Body = UnsyncBoxBody<Bytes, io::Error>;

/// Speaks to one API.
#[derive(Debug)]
pub(super) struct Client {
    http: legacy::Client<HttpsConnector<HttpConnector>, Body>,
    /// Ends in a slash.
    base: Url,
    /// `https://photos.example.org/Prod`, for messages.
    pub(super) endpoint: String,
    token: Option<Token>,
    /// The library that the server must be.
    library: Mutex<Option<Uuid>>,
    /// Nothing may stand still for longer.
    pub(super) patience: Duration,
}

impl Client {
    pub(super) fn open(
        config: &HttpConfig,
        token: Option<Token>,
        patience: Duration,
    ) -> Result<Self, Error> {
        let base = base(&config.url)?;
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_connect_timeout(Some(CONNECT));
        connector.set_nodelay(true);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls::client_config(config.ca_file.as_deref())?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        let http = legacy::Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .build(connector);
        Ok(Self {
            http,
            endpoint: base.as_str().trim_end_matches('/').to_owned(),
            base,
            token,
            library: Mutex::default(),
            patience,
        })
    }

    /// A route of the API, which needs no encoding any more.
    pub(super) fn at(&self, route: &str) -> Result<Url, Error> {
        self.base
            .join(route)
            .map_err(|error| self.unexpected(0, format!("{route} is no address: {error}")))
    }

    pub(super) fn has_token(&self) -> bool {
        self.token.is_some()
    }

    /// Whether what is sent can be read on the way.
    pub(super) fn is_plain(&self) -> bool {
        self.base.scheme() == "http"
    }

    pub(super) fn host(&self) -> (String, u16) {
        let host = self.base.host_str().unwrap_or_default();
        let port = self.base.port_or_known_default().unwrap_or(80);
        (host.trim_matches(['[', ']']).to_owned(), port)
    }

    /// From now on every request says that it means this library.
    pub(super) fn mean(&self, library: Option<Uuid>) {
        *lock(&self.library) = library;
    }

    pub(super) fn is_own(&self, url: &Url) -> bool {
        url.origin() == self.base.origin()
    }

    /// A request, with what only the API itself is told.
    pub(super) fn request(
        &self,
        method: Method,
        url: &Url,
        headers: &[(HeaderName, HeaderValue)],
        body: Body,
    ) -> Result<Request<Body>, Error> {
        let mut request = Request::builder()
            .method(method)
            .uri(url.as_str())
            .header(USER_AGENT, concat!("imgn/", env!("CARGO_PKG_VERSION")));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        if self.is_own(url) && !carries_permission(url) {
            if let Some(token) = &self.token {
                request = request.header(AUTHORIZATION, token.header()?);
            }
            let library = *lock(&self.library);
            if let Some(library) = library {
                request = request.header(crate::api::LIBRARY, library.to_string());
            }
        }
        request
            .body(body)
            .map_err(|_| self.unexpected(0, "it gave an address that is none".to_owned()))
    }

    /// A request to an address that carries its own permission: these headers, and nothing of ours.
    pub(super) fn signed(
        &self,
        method: Method,
        url: &Url,
        headers: &[(HeaderName, HeaderValue)],
        body: Body,
    ) -> Result<Request<Body>, Error> {
        let mut request = Request::builder().method(method).uri(url.as_str());
        for (name, value) in headers {
            request = request.header(name, value);
        }
        request
            .body(body)
            .map_err(|_| self.unexpected(0, "it gave an address that is none".to_owned()))
    }

    /// Sends it; whoever calls limits the time.
    pub(super) async fn send(&self, request: Request<Body>) -> Result<Answer, Error> {
        let endpoint = match request.uri().to_string().parse() {
            Ok(url) => self.named(&url),
            Err(_) => self.endpoint.clone(),
        };
        let answer = self.http.request(request).await;
        let answer = answer.map_err(|error| transport(&endpoint, &error))?;
        let (parts, body) = Response::into_parts(answer);
        Ok(Answer {
            status: parts.status,
            headers: parts.headers,
            body,
            endpoint,
            patience: self.patience,
        })
    }

    /// What messages call whoever is asked: the API, or the host to which it led, without path and query.
    fn named(&self, url: &Url) -> String {
        if self.is_own(url) {
            self.endpoint.clone()
        } else {
            url.origin().ascii_serialization()
        }
    }

    /// An address that the API gave out, as seen from its page. Only http and https are followed.
    pub(super) fn given(&self, text: &str) -> Result<Url, Error> {
        let url = self.base.join(text).ok();
        url.filter(is_followed).ok_or_else(|| {
            self.unexpected(200, "it gave an address that is not followed".to_owned())
        })
    }

    /// One that stands for itself, with its host.
    pub(super) fn given_whole(&self, text: &str) -> Option<Url> {
        let url: Url = text.parse().ok()?;
        let plain = url.username().is_empty() && url.password().is_none();
        (is_followed(&url) && plain).then_some(url)
    }

    /// Asks without a body. A redirect is an error.
    pub(super) async fn ask(
        &self,
        method: Method,
        url: &Url,
        headers: &[(HeaderName, HeaderValue)],
        within: Duration,
    ) -> Result<Answer, Error> {
        let answer = self.ask_anyhow(method, url, headers, within).await?;
        if answer.status.is_redirection() && answer.status != StatusCode::NOT_MODIFIED {
            return Err(Error::Redirected {
                endpoint: answer.endpoint,
            });
        }
        Ok(answer)
    }

    /// The same; a redirect is an answer.
    pub(super) async fn ask_anyhow(
        &self,
        method: Method,
        url: &Url,
        headers: &[(HeaderName, HeaderValue)],
        within: Duration,
    ) -> Result<Answer, Error> {
        let request = self.request(method, url, headers, empty())?;
        match timeout(within, self.send(request)).await {
            Ok(answer) => answer,
            Err(_) => Err(self.silent(url, within)),
        }
    }

    pub(super) async fn get(&self, url: &Url) -> Result<Answer, Error> {
        self.ask(Method::GET, url, &[], ANSWER).await
    }

    pub(super) fn unreachable(&self, message: String) -> Error {
        Error::Unreachable {
            endpoint: self.endpoint.clone(),
            message,
        }
    }

    /// The same of whoever is at an address.
    pub(super) fn unreachable_at(&self, url: &Url, message: String) -> Error {
        Error::Unreachable {
            endpoint: self.named(url),
            message,
        }
    }

    /// It did not answer in time.
    pub(super) fn silent(&self, url: &Url, within: Duration) -> Error {
        self.unreachable_at(url, format!("no answer within {} s", within.as_secs_f32()))
    }

    pub(super) fn unexpected(&self, status: u16, message: String) -> Error {
        Error::Unexpected {
            endpoint: self.endpoint.clone(),
            status,
            message,
        }
    }
}

pub(super) fn empty() -> Body {
    Empty::new().map_err(|never| match never {}).boxed_unsync()
}
