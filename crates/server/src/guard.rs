//! Who may ask: by the name that the server is called, the page that asks, and the token.
//!
//! A page of another site can make a browser send requests here, and can have its own name lead here
//! (DNS rebinding); both show in `Origin` and `Host`. Who has no token is told so, except where the
//! server listens on this machine alone.
//!
//! **Invariant:** a token is compared in constant time, and is in no message, log or address.

use crate::answer::{Refusal, Tongue};
use crate::guesses::{Guesses, Peer};
use crate::router::{RESOURCE_POLICY, Route};
use crate::session;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ALLOW, AUTHORIZATION, COOKIE, HOST,
    ORIGIN, VARY,
};
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;
use subtle::ConstantTimeEq;

const METHODS: &str = "GET, HEAD, POST, DELETE, OPTIONS";

/// Whether a token is wanted.
#[derive(Clone, PartialEq, Eq)]
pub enum Access {
    /// From everybody, for all but `/healthz` and the page.
    Token(String),
    /// From nobody: the server listens on this machine alone, or was told so.
    Open,
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Token(_) => "Token",
            Self::Open => "Open",
        })
    }
}

/// The rules of one deployment.
#[derive(Debug, Clone)]
pub struct Guard {
    access: Access,
    names: Names,
    /// Pages that may ask, besides its own; as browsers write them.
    origins: Vec<String>,
    guesses: Arc<Guesses>,
}

/// What the server may be called.
#[derive(Debug, Clone)]
enum Names {
    /// These, besides the names of this machine; lower case, without port.
    Known(Vec<String>),
    /// Whatever leads here: a gateway stands before it, to which no name but its own leads.
    Any,
}

impl Guard {
    /// Behind a gateway that passes on only what asks for it by its own name.
    pub fn behind_gateway(access: Access, origins: Vec<String>) -> Result<Self, String> {
        let guard = Self::new(access, Vec::new(), origins)?;
        Ok(Self {
            names: Names::Any,
            ..guard
        })
    }

    /// `hosts` are names or addresses without a port, `origins` such as `https://photos.example.org`.
    pub fn new(access: Access, hosts: Vec<String>, origins: Vec<String>) -> Result<Self, String> {
        let hosts = hosts
            .into_iter()
            .map(|host| {
                let authority = host.parse::<Authority>().ok();
                match authority {
                    Some(authority) if authority.host() == host => Ok(bare(&host)),
                    _ => Err(format!("{host:?} is no name of a host without a port")),
                }
            })
            .collect::<Result<_, _>>()?;
        for origin in &origins {
            if origin_authority(origin).is_none() {
                return Err(format!(
                    "{origin:?} is no origin such as https://photos.example.org"
                ));
            }
        }
        let origins = origins
            .into_iter()
            .map(|origin| origin.to_ascii_lowercase())
            .collect();
        Ok(Self {
            access,
            names: Names::Known(hosts),
            origins,
            guesses: Arc::default(),
        })
    }

    /// Whether this is the token, when its sender may still try one. Without one, any is.
    pub(crate) fn knows(&self, token: &str, sender: Option<Peer>) -> Result<(), Refusal> {
        match &self.access {
            Access::Open => Ok(()),
            Access::Token(expected) => self.guesses.judge(sender, Instant::now(), || {
                expected.as_bytes().ct_eq(token.as_bytes()).unwrap_u8() == 1
            }),
        }
    }

    /// A cookie's value that stands for the token; none: no token is wanted.
    pub(crate) fn session(&self, now: i64) -> Option<String> {
        match &self.access {
            Access::Open => None,
            Access::Token(token) => Some(session::value(token, now)),
        }
    }

    /// The page that asks, when it may, and calls this server by a name that it has.
    fn asks(&self, request: &Request) -> Result<Page, Refusal> {
        let called = self.called(request)?;
        self.page(request.headers(), &called)
    }

    /// What the request calls this server, when it may.
    fn called(&self, request: &Request) -> Result<Authority, Refusal> {
        let mut said = request.headers().get_all(HOST).iter();
        let host = match (said.next(), said.next()) {
            (Some(host), None) => host.to_str().ok().and_then(|text| text.parse().ok()),
            _ => None,
        };
        let host: Authority = host.ok_or(Refusal::BadRequest)?;
        let Names::Known(hosts) = &self.names else {
            return Ok(host);
        };
        // One that asks as if of a proxy names the host twice.
        for name in std::iter::once(&host).chain(request.uri().authority()) {
            let bare = bare(name.host());
            if name.as_str().contains('@') || !(is_loopback(&bare) || hosts.contains(&bare)) {
                return Err(Refusal::WrongHost);
            }
        }
        Ok(host)
    }

    fn page(&self, headers: &HeaderMap, called: &Authority) -> Result<Page, Refusal> {
        let mut said = headers.get_all(ORIGIN).iter();
        let origin = match (said.next(), said.next()) {
            (None, _) => return Ok(Page::None),
            (Some(origin), None) => origin,
            (Some(_), Some(_)) => return Err(Refusal::WrongOrigin),
        };
        let text = origin
            .to_str()
            .map_err(|_| Refusal::WrongOrigin)?
            .to_ascii_lowercase();
        if self.origins.contains(&text) {
            return Ok(Page::Named(origin.clone()));
        }
        match origin_authority(&text) {
            Some((authority, usual)) if same(&authority, usual, called) => Ok(Page::Own),
            _ => Err(Refusal::WrongOrigin),
        }
    }

    fn may(&self, request: &Request, route: Route) -> Result<(), Refusal> {
        let Access::Token(token) = &self.access else {
            return Ok(());
        };
        if route.is_open(request.method()) {
            return Ok(());
        }
        let headers = request.headers();
        if let Some(said) = headers.get(AUTHORIZATION) {
            let said = bearer(said).ok_or(Refusal::Unauthorized)?;
            return self.knows(said, request.extensions().get().copied());
        }
        // Nobody guesses what a cookie stands for.
        let is_good = route.takes_session()
            && headers
                .get_all(COOKIE)
                .iter()
                .filter_map(|cookies| cookies.to_str().ok())
                .any(|cookies| session::is_good(cookies, token, session::now()));
        is_good.then_some(()).ok_or(Refusal::Unauthorized)
    }
}

/// The page that asks.
enum Page {
    /// No browser, or a page of this server that only reads.
    None,
    Own,
    Named(HeaderValue),
}

/// Lets pass who may; answers preflights.
pub(crate) async fn watch(
    State(guard): State<Arc<Guard>>,
    request: Request,
    next: Next,
) -> Response {
    let route = Route::of(request.uri().path());
    let tongue = Tongue::of(request.headers());
    let refused = |refusal: Refusal| match route {
        Route::Upload => refusal.of_upload(tongue),
        _ => refusal.json(),
    };
    let page = match guard.asks(&request) {
        Ok(page) => page,
        Err(refusal) => return refused(refusal),
    };
    // A named page also has to read that a token is wanted.
    let mut answer = if request.method() == Method::OPTIONS {
        (StatusCode::NO_CONTENT, [(ALLOW, METHODS)]).into_response()
    } else {
        match guard.may(&request, route) {
            Ok(()) => next.run(request).await,
            Err(refusal) => refused(refusal),
        }
    };
    if !guard.origins.is_empty() {
        answer
            .headers_mut()
            .append(VARY, HeaderValue::from_static("Origin"));
        // A browser does not say which page shows a picture: where pages elsewhere may, the token alone decides.
        if route.is_picture() {
            let anywhere = HeaderValue::from_static("cross-origin");
            answer.headers_mut().insert(RESOURCE_POLICY, anywhere);
        }
    }
    if let Page::Named(origin) = page {
        share(answer.headers_mut(), origin);
    }
    answer
}

/// Tells a browser that this page may read the answer.
fn share(headers: &mut HeaderMap, origin: HeaderValue) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    for (name, value) in [
        (ACCESS_CONTROL_ALLOW_METHODS, METHODS),
        (
            ACCESS_CONTROL_ALLOW_HEADERS,
            "accept, authorization, content-type, x-request-id",
        ),
        (
            ACCESS_CONTROL_EXPOSE_HEADERS,
            "link, retry-after, x-request-id",
        ),
        (ACCESS_CONTROL_MAX_AGE, "600"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// The token of `Authorization: Bearer …`.
pub(crate) fn bearer(value: &HeaderValue) -> Option<&str> {
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// An origin's host and port, and the port that its scheme leaves out.
fn origin_authority(origin: &str) -> Option<(Authority, u16)> {
    let uri: Uri = origin.parse().ok()?;
    let usual = match uri.scheme_str()? {
        "http" => 80,
        "https" => 443,
        _ => return None,
    };
    // An origin ends with its port: `https://a/` is a page's address.
    let authority = uri.authority()?.clone();
    let whole = format!("{}://{authority}", uri.scheme_str()?);
    (whole.eq_ignore_ascii_case(origin) && !authority.as_str().contains('@'))
        .then_some((authority, usual))
}

fn same(origin: &Authority, usual: u16, called: &Authority) -> bool {
    origin.host().eq_ignore_ascii_case(called.host())
        && origin.port_u16().unwrap_or(usual) == called.port_u16().unwrap_or(usual)
}

/// Lower case, without the brackets of an IPv6 address and the last dot of a full name.
fn bare(host: &str) -> String {
    host.trim_matches(['[', ']'])
        .trim_end_matches('.')
        .to_ascii_lowercase()
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn guard() -> Guard {
        Guard::new(
            Access::Token("right".into()),
            vec!["Photos.example.org".into(), "192.168.1.5".into()],
            vec!["https://ui.example.org".into()],
        )
        .unwrap()
    }

    fn request(headers: &[(&str, &str)]) -> Request {
        let mut request = http::Request::builder().uri("/gallery");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Body::empty()).unwrap()
    }

    #[test]
    fn a_host_is_this_machine_or_named() {
        use Refusal::{BadRequest, WrongHost};
        //  Host, refusal
        let cases = [
            ("localhost:8080", None),
            ("LOCALHOST", None),
            ("127.0.0.1:8080", None),
            ("127.9.9.9", None),
            ("[::1]:8080", None),
            ("photos.example.org", None),
            ("photos.example.org.:8080", None),
            ("192.168.1.5:8080", None),
            ("evil.example.org", Some(WrongHost)),
            ("localhost.evil.example.org", Some(WrongHost)),
            ("127.0.0.1.evil.example.org", Some(WrongHost)),
            ("192.168.1.6", Some(WrongHost)),
            ("localhost@evil.example.org", Some(WrongHost)),
            ("", Some(BadRequest)),
            ("a b", Some(BadRequest)),
        ];
        for (host, expected) in cases {
            let found = guard().called(&request(&[("host", host)]));
            assert_eq!(found.err(), expected, "{host}");
        }
        let none = guard().called(&request(&[]));
        assert_eq!(none.err(), Some(BadRequest));
        let two = guard().called(&request(&[("host", "localhost"), ("host", "evil.org")]));
        assert_eq!(two.err(), Some(BadRequest));
        let proxied = http::Request::builder()
            .uri("http://evil.example.org/gallery")
            .header("host", "localhost")
            .body(Body::empty())
            .unwrap();
        assert_eq!(guard().called(&proxied).err(), Some(WrongHost));
    }

    #[test]
    fn an_origin_is_the_servers_own_or_named() {
        //  Origin, Host, may ask
        let cases = [
            (None, "localhost:8080", true),
            (Some("http://localhost:8080"), "localhost:8080", true),
            (
                Some("https://photos.example.org"),
                "photos.example.org",
                true,
            ),
            (
                Some("https://photos.example.org"),
                "photos.example.org:443",
                true,
            ),
            (Some("https://ui.example.org"), "photos.example.org", true),
            (Some("http://ui.example.org"), "photos.example.org", false),
            (Some("http://localhost:3000"), "localhost:8080", false),
            (Some("http://127.0.0.1:8080"), "localhost:8080", false),
            (Some("null"), "localhost:8080", false),
            (Some("http://localhost:8080/"), "localhost:8080", false),
            (Some("http://a@localhost:8080"), "localhost:8080", false),
            (Some("file://localhost:8080"), "localhost:8080", false),
            (Some("https://evil.example.org"), "localhost:8080", false),
        ];
        for (origin, host, expected) in cases {
            let mut headers = HeaderMap::new();
            if let Some(origin) = origin {
                headers.insert(ORIGIN, HeaderValue::from_static(origin));
            }
            let page = guard().page(&headers, &host.parse().unwrap());
            assert_eq!(page.is_ok(), expected, "{origin:?} at {host}");
        }
    }

    #[test]
    fn a_token_is_wanted_for_all_but_the_page_and_the_health() {
        let good = session::value("right", session::now());
        let cookie = format!("{}={good}", session::COOKIE);
        let old = session::value("right", session::now() - 100 * 24 * 3600);
        let old = format!("{}={old}", session::COOKIE);
        //  name, headers, may see the gallery, may see the metrics
        let cases = [
            ("nothing", vec![], false, false),
            (
                "the token",
                vec![("authorization", "Bearer right")],
                true,
                true,
            ),
            (
                "in lower case",
                vec![("authorization", "bearer right")],
                true,
                true,
            ),
            (
                "a wrong one",
                vec![("authorization", "Bearer wrong")],
                false,
                false,
            ),
            (
                "another scheme",
                vec![("authorization", "Basic right")],
                false,
                false,
            ),
            ("a session", vec![("cookie", &cookie)], true, false),
            ("an old session", vec![("cookie", &old)], false, false),
            (
                "a wrong token beside a session",
                vec![("cookie", &cookie), ("authorization", "Bearer wrong")],
                false,
                false,
            ),
        ];
        for (name, headers, gallery, metrics) in cases {
            let request = request(&headers);
            let may = |route| guard().may(&request, route).is_ok();
            assert_eq!(may(Route::Gallery), gallery, "{name}");
            assert_eq!(may(Route::Metrics), metrics, "{name}");
            assert!(may(Route::Health), "{name}");
            assert!(may(Route::Page), "{name}");
        }
    }

    #[test]
    fn behind_a_gateway_every_name_is_its_own_and_pages_are_told_apart() {
        let origins = vec!["https://ui.example.org".into()];
        let guard = Guard::behind_gateway(Access::Open, origins).unwrap();
        let asks = |origin: &'static str| {
            let host = ("host", "abc.execute-api.eu-central-1.amazonaws.com");
            guard.asks(&request(&[host, ("origin", origin)])).map(drop)
        };
        assert_eq!(asks("https://ui.example.org"), Ok(()));
        assert_eq!(asks("https://evil.example.org"), Err(Refusal::WrongOrigin));
    }

    #[test]
    fn settings_that_make_no_sense_are_said() {
        for host in ["a:80", "http://a", "", "a/b"] {
            assert!(
                Guard::new(Access::Open, vec![host.into()], vec![]).is_err(),
                "{host:?}"
            );
        }
        for origin in ["a.org", "https://a.org/", "ftp://a.org", "*"] {
            assert!(
                Guard::new(Access::Open, vec![], vec![origin.into()]).is_err(),
                "{origin:?}"
            );
        }
        assert!(!format!("{:?}", guard()).contains("right"));
    }
}
