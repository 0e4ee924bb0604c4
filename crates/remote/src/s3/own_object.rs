//! Small objects of imgn's own in a bucket: the marker, and probes that are removed again.
//!
//! **Invariant:** what is written here is never a photo, and only probes are replaced or removed.

use super::S3;
use super::fault::{Doing, code, status};
use super::{put, read};
use crate::{Error, Sha256, Timed};
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use aws_sdk_s3::operation::put_object::{PutObjectError, PutObjectOutput};
use aws_sdk_s3::primitives::ByteStream;
use sha2::Digest;
use std::time::Instant;
use uuid::Uuid;

/// Writes an object where none is; one that stands there is left.
pub(super) async fn write_once(s3: &S3, key: &str, body: &[u8]) -> Result<(), Error> {
    match conditional_put(s3, key, body).await {
        Ok(_) => Ok(()),
        Err(error) if status(&error) == Some(412) => Ok(()),
        // [`replaces_nothing`] finds the same, which the profile keeps.
        Err(error) if knows_no_conditions(&error) => write(s3, key, body).await,
        Err(error) => Err(s3.fault(Doing::write(key), &error)),
    }
}

/// Writes one, whatever stands there.
pub(super) async fn write(s3: &S3, key: &str, body: &[u8]) -> Result<(), Error> {
    s3.attempt(|| plain_put(s3, key, body).send())
        .await
        .map(drop)
        .map_err(|error| s3.fault(Doing::write(key), &error))
}

/// Whether a second PUT that is to replace nothing is refused. What says neither is an error: a network that
/// fails is no store that heeds no conditions.
pub(super) async fn replaces_nothing(s3: &S3, key: &str, body: &[u8]) -> Result<bool, Error> {
    match conditional_put(s3, key, body).await {
        Ok(_) => Ok(false),
        Err(error) if status(&error) == Some(412) => Ok(true),
        Err(error) if knows_no_conditions(&error) => Ok(false),
        Err(error) => Err(s3.fault(Doing::write(key), &error)),
    }
}

/// What a store does with bytes that have another SHA-256 than was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OtherBytes {
    Refused,
    /// They stand under the key.
    Taken,
    /// The same, and it says that they have the SHA-256 that they do not have.
    Echoed,
}

/// Sends bytes with another SHA-256 than theirs. Asked of a store that has just taken some with the right one: what it
/// refuses as a bad request is refused for that.
pub(super) async fn send_other_bytes(s3: &S3, key: &str, body: &[u8]) -> Result<OtherBytes, Error> {
    let wrong: Sha256 = sha2::Sha256::digest([body, b"other"].concat()).into();
    let put = || {
        plain_put(s3, key, body)
            .checksum_sha256(put::checksum(&wrong))
            .send()
    };
    match s3.attempt(put).await {
        Ok(_) => {}
        Err(error) if status(&error) == Some(400) => return Ok(OtherBytes::Refused),
        Err(error) => return Err(s3.fault(Doing::write(key), &error)),
    }
    let told = read::head_as_told(s3, key).await?;
    Ok(match told.and_then(|held| held.checksum) {
        Some(checksum) if checksum == wrong => OtherBytes::Echoed,
        _ => OtherBytes::Taken,
    })
}

fn knows_no_conditions(error: &SdkError<PutObjectError, HttpResponse>) -> bool {
    status(error) == Some(501) || code(error) == Some("NotImplemented")
}

async fn conditional_put(
    s3: &S3,
    key: &str,
    body: &[u8],
) -> Result<PutObjectOutput, SdkError<PutObjectError, HttpResponse>> {
    s3.attempt(|| plain_put(s3, key, body).if_none_match("*").send())
        .await
}

pub(super) fn plain_put(s3: &S3, key: &str, body: &[u8]) -> PutObjectFluentBuilder {
    s3.client
        .put_object()
        .bucket(&s3.site.bucket)
        .key(s3.full(key))
        .content_type("application/json")
        .checksum_sha256(put::checksum(&sha2::Sha256::digest(body).into()))
        .body(ByteStream::from(body.to_vec()))
}

/// Removes one; what is gone already is removed.
pub(super) async fn remove(s3: &S3, key: &str) -> Result<(), Error> {
    let full = s3.full(key);
    let removed = s3
        .attempt(|| {
            s3.client
                .delete_object()
                .bucket(&s3.site.bucket)
                .key(&full)
                .send()
        })
        .await;
    match removed {
        Ok(_) => Ok(()),
        Err(error) if status(&error) == Some(404) && code(&error) != Some("NoSuchBucket") => Ok(()),
        Err(error) => Err(s3.fault(Doing::delete(key), &error)),
    }
}

/// See [`Remote::time_probe`](crate::Remote::time_probe).
pub(super) async fn time_probe(s3: &S3, body: &[u8]) -> Result<Timed, Error> {
    let key = s3.layout.probe(Uuid::new_v4(), "-time");
    let begun = Instant::now();
    let put = write(s3, &key, body).await;
    let took = begun.elapsed();
    // An answer that was lost may have left it there.
    let removed = remove(s3, &key).await;
    put?;
    Ok(match removed {
        Ok(()) => Timed::Removed(took),
        Err(error) => {
            tracing::warn!(%error, key, "the probe stays");
            Timed::Stays(took)
        }
    })
}
