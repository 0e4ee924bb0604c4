//! A browser's session: a cookie that stands for the token, so that pictures can be shown.
//!
//! Its value is the time until which it is good, and an HMAC of that under the token: every replica
//! knows it, none has to remember it, and another token ends them all.

use crate::answer::Refusal;
use crate::guard::{Guard, bearer};
use crate::urlencoded;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use hmac::{Hmac, KeyInit, Mac};
use http::header::{AUTHORIZATION, CONTENT_TYPE, ORIGIN, SET_COOKIE};
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use std::sync::Arc;

pub(crate) const COOKIE: &str = "imgn_session";
/// Seconds.
const GOOD_FOR: i64 = 30 * 24 * 60 * 60;
/// Scripts never see it, and pages elsewhere cannot have it sent.
const KEPT: &str = "; Path=/; HttpOnly; SameSite=Strict";
/// A token is a line.
const MOST_BODY: usize = 8 * 1024;

/// Seconds since 1970.
pub(crate) fn now() -> i64 {
    Timestamp::now().as_second()
}

/// A cookie's value, good from `now` on.
pub(crate) fn value(token: &str, now: i64) -> String {
    let until = now + GOOD_FOR;
    format!(
        "{until}.{}",
        hex::encode(mac(token, until).finalize().into_bytes())
    )
}

/// Whether one of these `Cookie`s stands for the token.
pub(crate) fn is_good(cookies: &str, token: &str, now: i64) -> bool {
    cookies.split(';').any(|cookie| {
        let Some((name, value)) = cookie.trim().split_once('=') else {
            return false;
        };
        let parsed = value
            .split_once('.')
            .and_then(|(until, mac)| Some((until.parse::<i64>().ok()?, hex::decode(mac).ok()?)));
        name == COOKIE
            && parsed.is_some_and(|(until, said)| {
                now < until && mac(token, until).verify_slice(&said).is_ok()
            })
    })
}

fn mac(token: &str, until: i64) -> Hmac<sha2::Sha256> {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(token.as_bytes())
        .expect("an HMAC takes keys of any length");
    mac.update(format!("imgn-session/1 {until}").as_bytes());
    mac
}

#[derive(Deserialize)]
struct Said {
    token: String,
}

/// `POST /session`: the token as bearer, or in a form or JSON; a cookie for it.
pub(crate) async fn begin(State(guard): State<Arc<Guard>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let token = match said(&parts.headers, body).await {
        Ok(token) => token,
        Err(refusal) => return refusal.json(),
    };
    if let Err(refusal) = guard.knows(&token, parts.extensions.get().copied()) {
        return refusal.json();
    }
    let Some(value) = guard.session(now()) else {
        return StatusCode::NO_CONTENT.into_response();
    };
    // Behind a proxy only the browser knows how the page came to it.
    let https = parts
        .headers
        .get(ORIGIN)
        .is_some_and(|origin| origin.as_bytes().starts_with(b"https:"));
    let secure = if https { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={value}; Max-Age={GOOD_FOR}{KEPT}{secure}");
    (StatusCode::NO_CONTENT, [(SET_COOKIE, cookie)]).into_response()
}

/// `DELETE /session`: this browser forgets its cookie. The cookie itself is good until its time, or another token, comes.
pub(crate) async fn end() -> Response {
    let cookie = format!("{COOKIE}=; Max-Age=0{KEPT}");
    (StatusCode::NO_CONTENT, [(SET_COOKIE, cookie)]).into_response()
}

async fn said(headers: &HeaderMap, body: Body) -> Result<String, Refusal> {
    if let Some(token) = headers.get(AUTHORIZATION).and_then(bearer) {
        return Ok(token.to_owned());
    }
    let body = to_bytes(body, MOST_BODY)
        .await
        .map_err(|_| Refusal::BadRequest)?;
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let token = if kind.starts_with("application/json") {
        serde_json::from_slice::<Said>(&body)
            .ok()
            .map(|said| said.token)
    } else {
        urlencoded::field(&body, "token")
    };
    token
        .filter(|token| !token.is_empty())
        .ok_or(Refusal::Unauthorized)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_good_for_its_token_and_its_time() {
        let cookie = format!("a=b; {COOKIE}={}", value("token", 1000));
        let later = COOKIE.len() + "a=b; ".len() + 1;
        let forged = format!("{}9{}", &cookie[..later], &cookie[later..]);
        //  name, cookies, token, now, good
        let cases = [
            ("at once", cookie.as_str(), "token", 1001, true),
            (
                "on its last day",
                &cookie,
                "token",
                1000 + GOOD_FOR - 1,
                true,
            ),
            ("after it", &cookie, "token", 1000 + GOOD_FOR, false),
            ("another token", &cookie, "other", 1001, false),
            ("a longer time", &forged, "token", 1001, false),
            ("none", "a=b", "token", 1001, false),
            ("nonsense", "imgn_session=x.y", "token", 1001, false),
        ];
        for (name, cookies, token, now, good) in cases {
            assert_eq!(is_good(cookies, token, now), good, "{name}");
        }
    }
}
