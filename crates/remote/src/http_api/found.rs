//! What answers at an address, and which library it is.
//!
//! A deployment is an *original* only when `/healthz` was answered with 403, 404 or something that is not
//! our JSON; one that does not answer, or has a fault, is neither.

use super::client::{ANSWER, Client};
use super::fault;
use crate::api::{Health, Refused};
use crate::{Error, Marker, Service};
use http::{Method, StatusCode};

/// A health is some dozen bytes; a page may be what is sent instead.
const MOST: u64 = 64 << 10;

/// What was found.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) service: Service,
    /// As its `Server` header says.
    pub(super) server: Option<String>,
    /// Seconds by which its clock is ahead.
    pub(super) clock_skew: i64,
}

pub(super) async fn find(client: &Client) -> Result<Found, Error> {
    let url = client.at("healthz")?;
    let mut answer = client.ask(Method::GET, &url, &[], ANSWER).await?;
    let status = answer.status;
    if status == StatusCode::UNAUTHORIZED {
        return Err(fault::refusal(client, answer, "").await);
    }
    let passing = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS];
    if status.is_server_error() || passing.contains(&status) {
        return Err(client.unreachable(format!("it answers with status {}", status.as_u16())));
    }
    let server = answer.header(http::header::SERVER).map(str::to_owned);
    let clock_skew = answer.clock(jiff::Timestamp::now()).unwrap_or(0);
    let body = answer.whole(MOST).await?.unwrap_or_default();
    let refused: Option<Refused> = serde_json::from_slice(&body).ok();
    if refused.is_some_and(|refused| refused.code == "wrong_host") {
        return Err(fault::wrong_host(client));
    }
    let health: Option<Health> = serde_json::from_slice(&body).ok();
    let is_ours = status.is_success() && health.is_some_and(|health| health.service == "imgn");
    Ok(Found {
        service: if is_ours {
            Service::Imgn
        } else {
            Service::Original
        },
        server,
        clock_skew,
    })
}

/// The marker that the server keeps.
pub(super) async fn marker(client: &Client) -> Result<Marker, Error> {
    let url = client.at("library")?;
    let mut answer = client.get(&url).await?;
    if answer.status == StatusCode::NOT_FOUND {
        return Err(Error::NoLibrary {
            place: client.endpoint.clone(),
        });
    }
    if answer.status != StatusCode::OK {
        return Err(fault::refusal(client, answer, "").await);
    }
    let json = answer.whole(Marker::LARGEST).await?.unwrap_or_default();
    Marker::from_json(&client.endpoint, &json)
}
