//! Putting originals, and proving that they are there.

use super::S3;
use super::body::{Broken, FileBody};
use super::fault::{self, Doing, LARGEST_PUT};
use super::read::{self, Held};
use crate::meter::Meter;
use crate::{Error, Key, Original, Progress, Proof, Put, Sha256};
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::put_object::{PutObjectError, PutObjectOutput};
use aws_sdk_s3::primitives::{ByteStream, SdkBody};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use jiff::Timestamp;
use sha2::Digest;
use std::time::Duration;
use tokio::time::Instant;

/// From this size on asking first costs less than bytes sent in vain.
const ASK_FIRST: u64 = 8 * 1024 * 1024;

/// Where an original's SHA-256 and modification time are kept beside it.
pub(super) const META_SHA256: &str = "sha256";
const META_MTIME: &str = "mtime";

/// See [`Remote::put`](crate::Remote::put).
pub(super) async fn put(
    s3: &S3,
    key: &Key,
    original: &Original<'_>,
    progress: Progress<'_>,
) -> Result<Put, Error> {
    if original.size > LARGEST_PUT {
        return Err(Error::TooLarge {
            key: key.to_string(),
            limit: LARGEST_PUT,
        });
    }
    if (!s3.profile().conditional_put || original.size >= ASK_FIRST)
        && let Some(found) = compare(s3, key, original.size, &original.sha256).await?
    {
        return Ok(found);
    }

    let meter = Meter::default();
    match meter.tell(progress, send(s3, key, original, &meter)).await {
        Ok(output) => Ok(Put::Stored(proof(s3, key, original, &output).await?)),
        Err(Sending::Taken) => compare(s3, key, original.size, &original.sha256)
            .await?
            .ok_or_else(|| {
                // What stood there a moment ago is gone, or not finished.
                Error::Busy {
                    endpoint: s3.site.endpoint.clone(),
                    message: format!("{key} is being written by somebody else"),
                    retry_after: None,
                }
            }),
        // The answer may have been lost after the far side had carried it out.
        Err(Sending::Failed(error)) if fault::is_lost(&error) => {
            match compare(s3, key, original.size, &original.sha256).await {
                Ok(Some(found)) => Ok(found),
                Ok(None) => Err(error),
                Err(again) => {
                    tracing::debug!(%again, "nor can it be asked what became of it");
                    Err(error)
                }
            }
        }
        Err(Sending::Failed(error)) => Err(error),
    }
}

/// See [`Remote::verify`](crate::Remote::verify).
pub(super) async fn verify(
    s3: &S3,
    key: &Key,
    size: u64,
    sha256: &Sha256,
) -> Result<Option<Proof>, Error> {
    Ok(read::head(s3, key.as_str())
        .await?
        .and_then(|held| held.confirms(size, sha256)))
}

/// See [`Remote::put_derived`](crate::Remote::put_derived).
pub(super) async fn put_derived(
    s3: &S3,
    key: &Key,
    body: Bytes,
    content_type: &str,
) -> Result<(), Error> {
    if !key.is_derived() {
        return Err(Error::BadKey {
            place: s3.site.place(),
            key: key.to_string(),
        });
    }
    let checksum = checksum(&sha2::Sha256::digest(&body).into());
    let full = s3.full(key.as_str());
    s3.attempt(|| {
        s3.client
            .put_object()
            .bucket(&s3.site.bucket)
            .key(&full)
            .content_type(content_type)
            .checksum_sha256(&checksum)
            .body(ByteStream::from(body.clone()))
            .send()
    })
    .await
    .map(drop)
    .map_err(|error| {
        s3.fault(
            Doing {
                action: "write",
                key: key.as_str(),
            },
            &error,
        )
    })
}

pub(super) fn checksum(sha256: &Sha256) -> String {
    BASE64_STANDARD.encode(sha256)
}

impl Held {
    /// What this object proves about an original; `None`: it is another one.
    pub(super) fn confirms(&self, size: u64, sha256: &Sha256) -> Option<Proof> {
        let (etag, version) = (self.object.etag.clone(), self.version.clone());
        if self.object.size != size {
            return None;
        }
        match (self.checksum, self.object.sha256) {
            (Some(checksum), _) => {
                (checksum == *sha256).then_some(Proof::FullSha256 { etag, version })
            }
            (None, Some(said)) if said != *sha256 => None,
            (None, _) => Some(Proof::SizeOnly { etag, version }),
        }
    }
}

/// How a sending that stored nothing ended.
enum Sending {
    /// Something stands under the key.
    Taken,
    Failed(Error),
}

async fn send(
    s3: &S3,
    key: &Key,
    original: &Original<'_>,
    meter: &Meter,
) -> Result<PutObjectOutput, Sending> {
    let broken = Broken::default();
    let doing = Doing {
        action: "write",
        key: key.as_str(),
    };
    let sent = tokio::select! {
        sent = s3.attempt(|| put_object(s3, key, original, meter, broken.clone())) => sent,
        () = stalled(meter, original.size, s3.patience) => {
            let message = format!("nothing moved for {} s", s3.patience.as_secs_f32());
            return Err(Sending::Failed(if broken.waits_for_file() {
                Error::SourceUnreadable { path: original.path.to_owned(), message }
            } else {
                s3.site.unreachable(message)
            }));
        }
    };
    sent.map_err(|error| {
        if let Some(error) = broken.error(original.path.to_owned()) {
            return Sending::Failed(error);
        }
        match (fault::status(&error), fault::code(&error)) {
            (Some(412), _) | (_, Some("PreconditionFailed" | "ConditionalRequestConflict")) => {
                Sending::Taken
            }
            _ => Sending::Failed(s3.fault(doing, &error)),
        }
    })
}

async fn put_object(
    s3: &S3,
    key: &Key,
    original: &Original<'_>,
    meter: &Meter,
    broken: Broken,
) -> Result<PutObjectOutput, SdkError<PutObjectError, HttpResponse>> {
    let body = FileBody::open(original, meter.feed(), broken)
        .await
        .map_err(SdkError::construction_failure)?;
    let mut put = s3
        .client
        .put_object()
        .bucket(&s3.site.bucket)
        .key(s3.full(key.as_str()))
        .content_type(original.content_type)
        .content_length(original.size.try_into().expect("5 GiB fit"))
        .checksum_sha256(checksum(&original.sha256))
        .metadata(META_SHA256, hex::encode(original.sha256))
        .metadata(META_MTIME, seconds(original.mtime))
        .body(ByteStream::new(SdkBody::from_body_1_x(body)));
    if s3.profile().conditional_put {
        put = put.if_none_match("*");
    }
    // How long it takes depends on its size; `stalled` is what ends it.
    let unhurried = TimeoutConfig::builder()
        .disable_operation_attempt_timeout()
        .build();
    put.customize()
        .config_override(aws_sdk_s3::Config::builder().timeout_config(unhurried))
        .send()
        .await
}

/// Ends when nothing has moved for too long.
async fn stalled(meter: &Meter, size: u64, patience: Duration) {
    let mut last = (meter.count(), Instant::now());
    loop {
        tokio::time::sleep((patience / 10).min(Duration::from_secs(1))).await;
        let count = meter.count();
        if count != last.0 {
            last = (count, Instant::now());
        }
        // What was handed over last may still be on its way through a slow line.
        let patience = if count == size {
            patience * 3
        } else {
            patience
        };
        if last.1.elapsed() >= patience {
            return;
        }
    }
}

/// What to say about a key under which something stands already.
async fn compare(s3: &S3, key: &Key, size: u64, sha256: &Sha256) -> Result<Option<Put>, Error> {
    let Some(held) = read::head_quick(s3, key.as_str()).await? else {
        return Ok(None);
    };
    Ok(Some(match held.confirms(size, sha256) {
        None => Put::KeyTaken,
        // The store does not vouch for the bytes, and what is written beside them anybody may have
        // written: they have to be read.
        Some(Proof::SizeOnly { etag, version }) => match read::hash(s3, key).await? {
            Some(found) if found == *sha256 => Put::Adopted(Proof::FullSha256 { etag, version }),
            _ => Put::KeyTaken,
        },
        Some(proof) => Put::Adopted(proof),
    }))
}

/// What the answer to a PUT proves, or else a look at the object.
async fn proof(
    s3: &S3,
    key: &Key,
    original: &Original<'_>,
    output: &PutObjectOutput,
) -> Result<Proof, Error> {
    let etag = output.e_tag().map(str::to_owned);
    let version = output.version_id().map(str::to_owned);
    if output.checksum_sha256() == Some(checksum(&original.sha256).as_str()) {
        return Ok(Proof::FullSha256 { etag, version });
    }
    match read::head_quick(s3, key.as_str()).await {
        Ok(Some(held)) => held
            .confirms(original.size, &original.sha256)
            .ok_or_else(|| {
                s3.site
                    .unexpected(200, format!("{key} now holds other bytes than were sent"))
            }),
        Ok(None) => Err(s3
            .site
            .unexpected(200, format!("{key} was taken, and is not there"))),
        // It said that it has them; more is not known until it is asked again.
        Err(error) => {
            tracing::debug!(%error, %key, "stored, but not looked at");
            Ok(Proof::SizeOnly { etag, version })
        }
    }
}

/// Seconds with as many decimals as are needed, as rclone writes them.
fn seconds(at: Timestamp) -> String {
    let nanoseconds = at.as_nanosecond();
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let digits = format!("{:010}", nanoseconds.unsigned_abs());
    let (whole, decimals) = digits.split_at(digits.len() - 9);
    match decimals.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        decimals => format!("{sign}{whole}.{decimals}"),
    }
}
