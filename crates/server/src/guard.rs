//! Who may ask: by the addresses that a request names, and by the token. Who has none is told so, except where
//! the server listens on this machine alone.
//!
//! **Invariant:** a token is compared in constant time, and is in no message, log or address.

use crate::answer::{Refusal, Tongue};
use crate::guesses::{Guesses, Peer};
use crate::route::Route;
use crate::router::RESOURCE_POLICY;
use crate::session;
use crate::site::{Page, Site};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ALLOW, AUTHORIZATION, COOKIE, VARY,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use std::fmt;
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
    site: Site,
    guesses: Arc<Guesses>,
}

impl Guard {
    /// Behind a gateway that passes on only what asks for it by its own name.
    pub fn behind_gateway(access: Access, origins: Vec<String>) -> Result<Self, String> {
        let site = Site::behind_gateway(origins)?;
        Ok(Self::of(access, site))
    }

    /// `hosts` are names or addresses without a port, `origins` such as `https://photos.example.org`.
    pub fn new(access: Access, hosts: Vec<String>, origins: Vec<String>) -> Result<Self, String> {
        let site = Site::new(hosts, origins)?;
        Ok(Self::of(access, site))
    }

    fn of(access: Access, site: Site) -> Self {
        Self {
            access,
            site,
            guesses: Arc::default(),
        }
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
    let page = match guard.site.asks(&request) {
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
    if guard.site.is_shared() {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::tests::request;

    fn guard() -> Guard {
        Guard::new(
            Access::Token("right".into()),
            vec!["Photos.example.org".into(), "192.168.1.5".into()],
            vec!["https://ui.example.org".into()],
        )
        .unwrap()
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
    fn a_guard_is_shown_without_its_token() {
        assert!(!format!("{:?}", guard()).contains("right"));
    }
}
