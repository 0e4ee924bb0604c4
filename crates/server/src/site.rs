//! What a request calls this server, and the page that sends it.
//!
//! A page of another site can make a browser send requests here, and can have its own name lead here
//! (DNS rebinding); both show in `Origin` and `Host`.
//!
//! **Invariant:** what names this server otherwise, or comes from a page that was not named, is answered by nobody.

use crate::answer::Refusal;
use axum::extract::Request;
use http::header::{HOST, ORIGIN};
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, Uri};
use std::net::IpAddr;

/// Who may be named.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    names: Names,
    /// Pages that may ask, besides its own; as browsers write them.
    origins: Vec<String>,
}

/// What the server may be called.
#[derive(Debug, Clone)]
enum Names {
    /// These, besides the names of this machine; lower case, without port.
    Known(Vec<String>),
    /// Whatever leads here: a gateway stands before it, to which no name but its own leads.
    Any,
}

/// The page that asks.
pub(crate) enum Page {
    /// No browser, or a page of this server that only reads.
    None,
    Own,
    Named(HeaderValue),
}

impl Site {
    pub(crate) fn behind_gateway(origins: Vec<String>) -> Result<Self, String> {
        let site = Self::new(Vec::new(), origins)?;
        Ok(Self {
            names: Names::Any,
            ..site
        })
    }

    pub(crate) fn new(hosts: Vec<String>, origins: Vec<String>) -> Result<Self, String> {
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
            names: Names::Known(hosts),
            origins,
        })
    }

    /// Whether pages elsewhere may ask, too.
    pub(crate) fn is_shared(&self) -> bool {
        !self.origins.is_empty()
    }

    /// The page that asks, when it may, and calls this server by a name that it has.
    pub(crate) fn asks(&self, request: &Request) -> Result<Page, Refusal> {
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
pub(crate) mod tests {
    use super::*;
    use axum::body::Body;

    fn site() -> Site {
        Site::new(
            vec!["Photos.example.org".into(), "192.168.1.5".into()],
            vec!["https://ui.example.org".into()],
        )
        .unwrap()
    }

    /// A look at the gallery with these headers.
    pub(crate) fn request(headers: &[(&str, &str)]) -> Request {
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
            let found = site().called(&request(&[("host", host)]));
            assert_eq!(found.err(), expected, "{host}");
        }
        let none = site().called(&request(&[]));
        assert_eq!(none.err(), Some(BadRequest));
        let two = site().called(&request(&[("host", "localhost"), ("host", "evil.org")]));
        assert_eq!(two.err(), Some(BadRequest));
        let proxied = http::Request::builder()
            .uri("http://evil.example.org/gallery")
            .header("host", "localhost")
            .body(Body::empty())
            .unwrap();
        assert_eq!(site().called(&proxied).err(), Some(WrongHost));
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
            let page = site().page(&headers, &host.parse().unwrap());
            assert_eq!(page.is_ok(), expected, "{origin:?} at {host}");
        }
    }

    #[test]
    fn names_that_make_no_sense_are_said() {
        for host in ["a:80", "http://a", "", "a/b"] {
            assert!(Site::new(vec![host.into()], vec![]).is_err(), "{host:?}");
        }
        for origin in ["a.org", "https://a.org/", "ftp://a.org", "*"] {
            assert!(
                Site::new(vec![], vec![origin.into()]).is_err(),
                "{origin:?}"
            );
        }
    }

    #[test]
    fn behind_a_gateway_every_name_is_its_own_and_pages_are_told_apart() {
        let origins = vec!["https://ui.example.org".into()];
        let site = Site::behind_gateway(origins).unwrap();
        let asks = |origin: &'static str| {
            let host = ("host", "abc.execute-api.eu-central-1.amazonaws.com");
            site.asks(&request(&[host, ("origin", origin)])).map(drop)
        };
        assert_eq!(asks("https://ui.example.org"), Ok(()));
        assert_eq!(asks("https://evil.example.org"), Err(Refusal::WrongOrigin));
    }
}
