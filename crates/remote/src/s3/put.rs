//! Putting originals that go up in one piece, and proving that they are there.

use super::S3;
use super::cut;
use super::fault::{self, Doing};
use super::read::{self, Held};
use crate::body::{Broken, Checked, FileBody, Piece, stalled};
use crate::meter::{Feed, Meter};
use crate::mtime;
use crate::{Error, Key, Original, Parts, Progress, Proof, Put, Sha256};
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::put_object::{PutObjectError, PutObjectOutput};
use aws_sdk_s3::primitives::{ByteStream, SdkBody};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use sha2::Digest;
use std::collections::HashMap;
use std::io;
use std::path::Path;

/// From this size on asking first costs less than bytes sent in vain.
const ASK_FIRST: u64 = 8 * 1024 * 1024;

/// Where an original's SHA-256 and modification time are kept beside it.
pub(super) const META_SHA256: &str = "sha256";
pub(super) const META_MTIME: &str = "mtime";

/// See [`Remote::put`](crate::Remote::put).
pub(super) async fn put(
    s3: &S3,
    key: &Key,
    original: &Original<'_>,
    progress: Progress<'_>,
) -> Result<Put, Error> {
    if (!s3.profile().conditional_put || original.size >= ASK_FIRST)
        && let Some(found) = compare(s3, key, original).await?
    {
        return Ok(found);
    }

    let meter = Meter::default();
    match meter.tell(progress, send(s3, key, original, &meter)).await {
        Ok(output) => Ok(Put::Stored(proof(s3, key, original, &output).await?)),
        Err(Sending::Taken) => taken(s3, key, original).await,
        Err(Sending::Damaged(error) | Sending::Failed(error)) => {
            found_after(s3, key, original, error).await
        }
    }
}

/// Something stood under the key when it was to be written.
pub(super) async fn taken(s3: &S3, key: &Key, original: &Original<'_>) -> Result<Put, Error> {
    compare(s3, key, original).await?.ok_or_else(|| {
        // What stood there a moment ago is gone, or not finished.
        Error::Busy {
            endpoint: s3.site.endpoint.clone(),
            message: format!("{key} is being written by somebody else"),
            retry_after: None,
        }
    })
}

/// The answer may have been lost after the far side had carried it out.
pub(super) async fn found_after(
    s3: &S3,
    key: &Key,
    original: &Original<'_>,
    error: Error,
) -> Result<Put, Error> {
    if !fault::is_lost(&error) {
        return Err(error);
    }
    match compare(s3, key, original).await {
        Ok(Some(found)) => Ok(found),
        Ok(None) => Err(error),
        Err(again) => {
            tracing::debug!(%again, "nor can it be asked what became of it");
            Err(error)
        }
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

/// See [`Remote::verify_again`](crate::Remote::verify_again).
pub(super) async fn verify_again(
    s3: &S3,
    key: &Key,
    size: u64,
    sha256: &Sha256,
    earlier: &Proof,
) -> Result<Option<Proof>, Error> {
    let Some(held) = read::head(s3, key.as_str()).await? else {
        return Ok(None);
    };
    Ok(match (earlier, &held.composite) {
        (Proof::PartsSha256 { composite, .. }, Some(now)) if !composite.is_empty() => {
            held.confirms_parts(size, composite, now)
        }
        _ => held.confirms(size, sha256),
    })
}

/// See [`Remote::put_derived`](crate::Remote::put_derived).
pub(super) async fn put_derived(
    s3: &S3,
    key: &Key,
    body: Bytes,
    content_type: &str,
) -> Result<(), Error> {
    let checksum = checksum(&sha2::Sha256::digest(&body).into());
    let full = s3.full(key.as_str());
    s3.throttle.clone().pass(body.len()).await;
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
    .map_err(|error| s3.fault(Doing::write(key.as_str()), &error))
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

    /// Whether it has the size, and beside it the SHA-256, of this original.
    fn is_said_to_be(&self, original: &Original<'_>) -> bool {
        self.object.size == original.size && self.written == Some(original.sha256)
    }

    /// What it proves about an original whose parts make the checksum `expected`.
    pub(super) fn confirms_parts(&self, size: u64, expected: &str, found: &str) -> Option<Proof> {
        (self.object.size == size && expected == found).then(|| Proof::PartsSha256 {
            parts: cut::count(expected).unwrap_or(0),
            composite: expected.to_owned(),
            etag: self.object.etag.clone(),
            version: self.version.clone(),
        })
    }
}

/// How a sending that stored nothing ended.
enum Sending {
    /// Something stands under the key.
    Taken,
    /// The far side got other bytes than it was told.
    Damaged(Error),
    Failed(Error),
}

async fn send(
    s3: &S3,
    key: &Key,
    original: &Original<'_>,
    meter: &Meter,
) -> Result<PutObjectOutput, Sending> {
    match send_checked(s3, key, original, meter, checked(s3)).await {
        // By the file itself, which is then seen here, or on the way.
        Err(Sending::Damaged(_)) => send_checked(s3, key, original, meter, Checked::Here).await,
        sent => sent,
    }
}

async fn send_checked(
    s3: &S3,
    key: &Key,
    original: &Original<'_>,
    meter: &Meter,
    checked: Checked,
) -> Result<PutObjectOutput, Sending> {
    let broken = Broken::default();
    let piece = Piece::whole(original, checked);
    let call = s3.attempt(|| put_object(s3, key, original, &piece, meter, broken.clone()));
    let sent = watched(s3, original.path, original.size, meter, &broken, call)
        .await
        .map_err(Sending::Failed)?;
    sent.map_err(|error| {
        if let Some(error) = broken.error(original.path.to_owned()) {
            return Sending::Failed(error);
        }
        if is_taken(&error) {
            return Sending::Taken;
        }
        let damaged = fault::arrived_damaged(&error);
        let error = s3.fault(Doing::write(key.as_str()), &error);
        if damaged {
            Sending::Damaged(error)
        } else {
            Sending::Failed(error)
        }
    })
}

/// Who checks the bytes of an original on their way up.
pub(super) fn checked(s3: &S3) -> Checked {
    match s3.profile().checks_sha256 {
        Some(true) => Checked::There,
        Some(false) | None => Checked::Here,
    }
}

/// Whether a conditional write was refused because something stands under the key.
pub(super) fn is_taken<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> bool {
    matches!(
        (fault::status(error), fault::code(error)),
        // 304 is for those who ask for an object; some answer so to those who put one.
        (Some(304 | 412), _) | (_, Some("PreconditionFailed" | "ConditionalRequestConflict"))
    )
}

/// Carries out a call that sends `size` bytes of a file, and gives it up when nothing moves.
pub(super) async fn watched<T>(
    s3: &S3,
    path: &Path,
    size: u64,
    meter: &Meter,
    broken: &Broken,
    call: impl Future<Output = T>,
) -> Result<T, Error> {
    tokio::select! {
        done = call => Ok(done),
        () = stalled(meter, size, s3.patience, broken) => {
            let message = format!("nothing moved for {} s", s3.patience.as_secs_f32());
            Err(if broken.waits_for_file() {
                Error::SourceUnreadable { path: path.to_owned(), message }
            } else {
                s3.site.unreachable(message)
            })
        }
    }
}

/// A piece of a file as the body of one attempt.
pub(super) async fn body(
    s3: &S3,
    piece: Piece,
    feed: Feed,
    broken: Broken,
) -> io::Result<ByteStream> {
    let body = FileBody::open(piece, feed, broken, s3.throttle.clone()).await?;
    Ok(ByteStream::new(SdkBody::from_body_1_x(body)))
}

/// For calls that carry a photo: how long they take depends on its size; `watched` ends them.
pub(super) fn unhurried() -> aws_sdk_s3::config::Builder {
    let timeouts = TimeoutConfig::builder()
        .disable_operation_attempt_timeout()
        .build();
    aws_sdk_s3::Config::builder().timeout_config(timeouts)
}

/// What is kept beside every original, so that rclone knows it.
pub(super) fn metadata(original: &Original<'_>) -> HashMap<String, String> {
    HashMap::from([
        (META_SHA256.to_owned(), hex::encode(original.sha256)),
        (META_MTIME.to_owned(), mtime::seconds(original.mtime)),
    ])
}

async fn put_object(
    s3: &S3,
    key: &Key,
    original: &Original<'_>,
    piece: &Piece,
    meter: &Meter,
    broken: Broken,
) -> Result<PutObjectOutput, SdkError<PutObjectError, HttpResponse>> {
    let body = body(s3, piece.clone(), meter.feed(), broken)
        .await
        .map_err(SdkError::construction_failure)?;
    let size = i64::try_from(original.size).map_err(SdkError::construction_failure)?;
    let mut put = s3
        .client
        .put_object()
        .bucket(&s3.site.bucket)
        .key(s3.full(key.as_str()))
        .content_type(original.content_type)
        .content_length(size)
        .checksum_sha256(checksum(&original.sha256))
        .set_metadata(Some(metadata(original)))
        .body(body);
    if s3.profile().conditional_put {
        put = put.if_none_match("*");
    }
    put.customize().config_override(unhurried()).send().await
}

/// What to say about a key under which something stands already.
pub(super) async fn compare(
    s3: &S3,
    key: &Key,
    original: &Original<'_>,
) -> Result<Option<Put>, Error> {
    let Some(held) = read::head_quick(s3, key.as_str()).await? else {
        return Ok(None);
    };
    match held.confirms(original.size, &original.sha256) {
        // Its checksum may be of something else than the bytes: what says that it is ours is looked at.
        None if held.is_said_to_be(original) => {}
        None => return Ok(Some(Put::KeyTaken)),
        Some(Proof::SizeOnly { .. }) => {
            if let Some(proof) = same_parts(s3, &held, original).await? {
                return Ok(Some(Put::Adopted(proof)));
            }
        }
        Some(proof) => return Ok(Some(Put::Adopted(proof))),
    }
    // The store does not vouch for the bytes, and what is written beside them anybody may have written: they have to
    // be read.
    let (etag, version) = (held.object.etag, held.version);
    Ok(Some(match read::hash(s3, key).await? {
        Some(found) if found == original.sha256 => {
            Put::Adopted(Proof::FullSha256 { etag, version })
        }
        _ => Put::KeyTaken,
    }))
}

/// Whether the store's checksum is that of our file, cut as the object says that it was. (Where
/// that is not true, the checksums differ, and nothing is known.)
async fn same_parts(s3: &S3, held: &Held, original: &Original<'_>) -> Result<Option<Proof>, Error> {
    let (Some(found), Some(part_size)) = (&held.composite, held.part_size) else {
        return Ok(None);
    };
    let expected = original.size.div_ceil(part_size);
    if expected > cut::MOST || cut::count(found).map(u64::from) != Some(expected) {
        return Ok(None);
    }
    let parts = read_parts(s3, original, part_size).await?;
    let composite = cut::composite(&parts.hashes);
    Ok(held.confirms_parts(original.size, &composite, found))
}

/// Reads the original, and gives up when its disk does not answer.
pub(super) async fn read_parts(
    s3: &S3,
    original: &Original<'_>,
    part_size: u64,
) -> Result<Parts, Error> {
    let (meter, broken) = (Meter::default(), Broken::default());
    broken.set_reading(true);
    let reading = cut::read(original, part_size, &meter);
    watched(s3, original.path, original.size, &meter, &broken, reading).await?
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
    let told = output.checksum_sha256();
    if told == Some(checksum(&original.sha256).as_str()) && !s3.profile().echoes_sha256 {
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
