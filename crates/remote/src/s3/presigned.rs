//! Links that carry their own permission: made for others, and tried as whoever was given one would,
//! without any key.

use super::fault::Doing;
use super::{S3, open};
use crate::transport::deepest;
use crate::{Error, Key, Link, Shown};
use aws_sdk_s3::config::http::{HttpRequest, HttpResponse};
use aws_sdk_s3::presigning::{PresignedRequest, PresigningConfig};
use aws_sdk_s3::primitives::SdkBody;
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::HttpConnector;
use bytes::Bytes;
use jiff::Timestamp;
use std::time::{Duration, SystemTime};

/// How long the links that are tried here are good for.
const GOOD_FOR: Duration = Duration::from_secs(60);
/// For one answer.
const ANSWER: Duration = Duration::from_secs(30);
/// The most that an answer may hold.
const LARGEST: usize = 64 * 1024;

/// A link to an original, for whoever is given it.
pub(super) async fn link(
    s3: &S3,
    key: &Key,
    shown: Shown<'_>,
    good_for: Duration,
) -> Result<Link, Error> {
    // Signatures know whole seconds only.
    let begun = whole_seconds(SystemTime::now())?;
    let signed = s3
        .client
        .get_object()
        .bucket(&s3.site.bucket)
        .key(s3.full(key.as_str()))
        .response_content_type(shown.content_type)
        .response_content_disposition(shown.disposition())
        .presigned(config(s3, good_for)?)
        .await
        .map_err(|error| s3.fault(Doing::read(key.as_str()), &error))?;
    let mut until = begun
        .checked_add(good_for)
        .map_err(|error| Error::Settings(error.to_string()))?;
    // What keys of a session signed ends with the session.
    if let Some(end) = s3.keys.end().await {
        until = until.min(whole_seconds(end)?);
    }
    let url = signed.uri().to_owned();
    Ok(Link { url, until })
}

fn whole_seconds(time: SystemTime) -> Result<Timestamp, Error> {
    Timestamp::try_from(time)
        .and_then(|time| Timestamp::from_second(time.as_second()))
        .map_err(|error| Error::Settings(error.to_string()))
}

/// What a link to an object gives.
pub(super) async fn get(s3: &S3, key: &str) -> Result<Bytes, Error> {
    let link = s3
        .client
        .get_object()
        .bucket(&s3.site.bucket)
        .key(s3.full(key))
        .presigned(config(s3, GOOD_FOR)?)
        .await
        .map_err(|error| s3.fault(Doing::read(key), &error))?;
    send(s3, &link, SdkBody::empty()).await
}

/// Puts an object by a link that was made for these very bytes.
pub(super) async fn put(s3: &S3, key: &str, body: &'static [u8]) -> Result<(), Error> {
    let link = super::own_object::plain_put(s3, key, body)
        .presigned(config(s3, GOOD_FOR)?)
        .await
        .map_err(|error| s3.fault(Doing::write(key), &error))?;
    send(s3, &link, SdkBody::from(body)).await.map(drop)
}

/// A link that begins by the far side's clock.
pub(super) fn config(s3: &S3, good_for: Duration) -> Result<PresigningConfig, Error> {
    let skew = s3.seen.skew();
    let off = Duration::from_secs(skew.unsigned_abs());
    let now = SystemTime::now();
    PresigningConfig::builder()
        .start_time(if skew < 0 { now - off } else { now + off })
        .expires_in(good_for)
        .build()
        .map_err(|error| Error::Settings(error.to_string()))
}

async fn send(s3: &S3, link: &PresignedRequest, body: SdkBody) -> Result<Bytes, Error> {
    let request = HttpRequest::try_from(link.make_http_1x_request(body))
        .map_err(|error| Error::Settings(format!("no request: {}", deepest(&error))))?;
    let connector = Connector::builder()
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .tls_context(open::tls_context(s3.ca_file.as_deref())?)
        .build();
    let answer = tokio::time::timeout(ANSWER, read(&connector, request)).await;
    let (status, bytes) = answer
        .unwrap_or_else(|_| Err("it does not answer".to_owned()))
        .map_err(|message| s3.site.unreachable(message))?;
    if (200..300).contains(&status) {
        return Ok(bytes);
    }
    Err(s3
        .site
        .unexpected(status, "a link that is signed for it is refused"))
}

async fn read(connector: &Connector, request: HttpRequest) -> Result<(u16, Bytes), String> {
    let answer: HttpResponse = connector
        .call(request)
        .await
        .map_err(|error| deepest(&error))?;
    let status = answer.status().as_u16();
    let mut body = aws_sdk_s3::primitives::ByteStream::new(answer.into_body());
    let mut bytes = Vec::new();
    while let Some(chunk) = body.next().await {
        bytes.extend_from_slice(&chunk.map_err(|error| deepest(&error))?);
        if bytes.len() > LARGEST {
            return Err("its answer does not end".to_owned());
        }
    }
    Ok((status, bytes.into()))
}
