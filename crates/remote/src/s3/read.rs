//! Looking at what is in the bucket.

use super::S3;
use super::cut;
use super::fault::{Doing, code, message, status};
use super::list;
use super::multipart::META_PART_SIZE;
use super::put::{META_MTIME, META_SHA256};
use super::whole::{Whole, is_unreadable};
use crate::landing::Landing;
use crate::transport::deepest;
use crate::{Error, Key, Object, Reading, Sha256, mtime};
use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use aws_sdk_s3::primitives::{ByteStream, DateTime};
use aws_sdk_s3::types::{ChecksumMode, ChecksumType};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::{Bytes, BytesMut};
use jiff::Timestamp;
use sha2::Digest;
use std::path::Path;

/// An object, and what the store itself says of its bytes.
pub(super) struct Held {
    pub(super) object: Object,
    /// The store's own checksum of the whole object.
    pub(super) checksum: Option<Sha256>,
    /// The store's own checksum of the parts' checksums.
    pub(super) composite: Option<String>,
    /// How it was cut, as was written beside it.
    pub(super) part_size: Option<u64>,
    /// The SHA-256 that was written beside it, by whomever.
    pub(super) written: Option<Sha256>,
    pub(super) version: Option<String>,
}

/// What stands under a key; where nothing does, makes sure that the bucket is there.
pub(super) async fn head(s3: &S3, key: &str) -> Result<Option<Held>, Error> {
    let held = head_quick(s3, key).await?;
    if held.is_none() {
        let asked = s3
            .attempt(|| s3.client.head_bucket().bucket(&s3.site.bucket).send())
            .await;
        match asked {
            Ok(_) => {}
            Err(error) if status(&error) == Some(404) => {
                return Err(Error::NoBucket {
                    endpoint: s3.site.endpoint.clone(),
                    bucket: s3.site.bucket.clone(),
                });
            }
            // Whose keys open one folder of it may not ask for the whole.
            Err(error) if status(&error) == Some(403) => {
                list::is_listed(s3, key).await?;
            }
            Err(error) => {
                let action = "look";
                let doing = Doing { action, key };
                return Err(s3.fault(doing, &error));
            }
        }
    }
    Ok(held)
}

/// What stands under a key; a bucket that isn't there looks like an empty one. Of a store that repeats whatever it was
/// told, no checksum is believed.
pub(super) async fn head_quick(s3: &S3, key: &str) -> Result<Option<Held>, Error> {
    let told = head_as_told(s3, key).await?;
    Ok(match told {
        Some(held) if s3.profile().echoes_sha256 => Some(held.without_checksums()),
        told => told,
    })
}

/// The same, with all that the store says, whether it is to be believed or not.
pub(super) async fn head_as_told(s3: &S3, key: &str) -> Result<Option<Held>, Error> {
    let full = s3.full(key);
    let answer = s3
        .attempt(|| {
            s3.client
                .head_object()
                .bucket(&s3.site.bucket)
                .key(&full)
                .checksum_mode(ChecksumMode::Enabled)
                .send()
        })
        .await;
    match answer {
        Ok(answer) => Ok(Some(held(key, &answer))),
        Err(error) if status(&error) == Some(404) => Ok(None),
        Err(error) => {
            let doing = Doing::read(key);
            // A HEAD gives no reason; a list does, unless it is allowed. Whose keys may list one folder only is told
            // "forbidden" of what is not there, even in that folder.
            if matches!(status(&error), Some(301 | 400 | 403))
                && !list::is_listed(s3, key).await?
                && status(&error) == Some(403)
            {
                return Ok(None);
            }
            Err(s3.fault(doing, &error))
        }
    }
}

/// The bytes under a key, at most `limit` of them.
pub(super) async fn get(s3: &S3, key: &str, limit: u64) -> Result<Option<Bytes>, Error> {
    let Some(answer) = get_object(s3, key).await? else {
        return Ok(None);
    };
    let too_large = || Error::TooLarge {
        key: key.to_owned(),
        limit,
    };
    if answer
        .content_length()
        .is_some_and(|size| u64::try_from(size).is_ok_and(|size| size > limit))
    {
        return Err(too_large());
    }
    let mut body = answer.body;
    let mut bytes = BytesMut::new();
    while let Some(chunk) = next(s3, &mut body).await? {
        if (bytes.len() + chunk.len()) as u64 > limit {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Some(bytes.freeze()))
}

/// The SHA-256 of the bytes under a key, read now.
pub(super) async fn hash(s3: &S3, key: &Key) -> Result<Option<Sha256>, Error> {
    let Some(mut whole) = Whole::open(s3, key.as_str()).await? else {
        return Ok(None);
    };
    let mut hasher = sha2::Sha256::new();
    while let Some(chunk) = whole.next().await? {
        hasher.update(&chunk);
    }
    Ok(Some(hasher.finalize().into()))
}

/// See [`Remote::read`](crate::Remote::read).
pub(super) async fn reading(s3: &S3, key: &str) -> Result<Option<Reading>, Error> {
    let Some(answer) = get_object(s3, key).await? else {
        return Ok(None);
    };
    let beside = |name: &str| answer.metadata().and_then(|meta| meta.get(name));
    let object = Object {
        key: key.to_owned(),
        size: answer
            .content_length()
            .and_then(|size| u64::try_from(size).ok())
            .unwrap_or(0),
        etag: answer.e_tag().map(str::to_owned),
        modified: answer.last_modified().and_then(timestamp),
        sha256: beside(META_SHA256).and_then(|text| sha256(text)),
        mtime: beside(META_MTIME).and_then(|text| mtime::parse(text.trim())),
    };
    Ok(Some(Reading {
        object,
        bytes: Box::pin(answer.body.into_async_read()),
    }))
}

/// See [`Remote::download`](crate::Remote::download).
pub(super) async fn download(s3: &S3, key: &str, to: &Path) -> Result<Sha256, Error> {
    let missing = || Error::Missing {
        place: s3.site.place(),
        key: key.to_owned(),
    };
    let mut whole = Whole::open(s3, key).await?.ok_or_else(missing)?;
    let mut landing = Landing::begin(to).await?;
    while let Some(chunk) = whole.next().await? {
        landing.take(&chunk).await?;
    }
    landing.end().await
}

async fn get_object(s3: &S3, key: &str) -> Result<Option<GetObjectOutput>, Error> {
    get_part(s3, key, None).await
}

/// Some bytes of one object, as it is known by its ETag.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) from: u64,
    /// The last one; none: the object's.
    pub(super) to: Option<u64>,
    pub(super) etag: &'a str,
}

/// The object, or a part of it. None: nothing stands under the key.
pub(super) async fn get_part(
    s3: &S3,
    key: &str,
    part: Option<Part<'_>>,
) -> Result<Option<GetObjectOutput>, Error> {
    let full = s3.full(key);
    let range = part.map(|part| {
        let to = part.to.map_or_else(String::new, |to| to.to_string());
        format!("bytes={}-{to}", part.from)
    });
    match s3
        .attempt(|| {
            s3.client
                .get_object()
                .bucket(&s3.site.bucket)
                .key(&full)
                .set_range(range.clone())
                .set_if_match(part.map(|part| part.etag.to_owned()))
                .send()
        })
        .await
    {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if is_unreadable(code(&error), key) => Err(Error::Unreadable {
            place: s3.site.place(),
            key: key.to_owned(),
            message: message(&error),
        }),
        Err(error) if status(&error) == Some(404) && code(&error) != Some("NoSuchBucket") => {
            Ok(None)
        }
        // So it is told of what is missing where only some names may be listed.
        Err(error) if status(&error) == Some(403) && !list::is_listed(s3, key).await? => Ok(None),
        Err(error) => Err(s3.fault(Doing::read(key), &error)),
    }
}

/// The next bytes of a body; none: those were all.
pub(super) async fn next(s3: &S3, body: &mut ByteStream) -> Result<Option<Bytes>, Error> {
    match tokio::time::timeout(s3.patience, body.next()).await {
        Ok(Some(Ok(chunk))) => Ok(Some(chunk)),
        Ok(Some(Err(error))) => Err(s3
            .site
            .unreachable(format!("its answer broke off: {}", deepest(&error)))),
        Ok(None) => Ok(None),
        Err(_) => Err(s3
            .site
            .unreachable(format!("nothing moved for {} s", s3.patience.as_secs_f32()))),
    }
}

impl Held {
    fn without_checksums(self) -> Self {
        let mut object = self.object;
        object.sha256 = self.written;
        Self {
            object,
            checksum: None,
            composite: None,
            ..self
        }
    }
}

fn held(key: &str, answer: &HeadObjectOutput) -> Held {
    let beside = |name: &str| answer.metadata().and_then(|meta| meta.get(name));
    let written = beside(META_SHA256).and_then(|text| sha256(text));
    let part_size = beside(META_PART_SIZE)
        .and_then(|text| text.parse().ok())
        .filter(|size| *size > 0);
    let size = answer
        .content_length()
        .and_then(|size| u64::try_from(size).ok())
        .unwrap_or(0);
    let told = answer.checksum_sha256();
    // A checksum of parts is no hash of the bytes. It ends in `-<number>`; some leave that out, and say its type.
    let of_parts = answer.checksum_type() == Some(&ChecksumType::Composite);
    let composite = told.and_then(|told| match (cut::count(told), part_size) {
        (Some(_), _) => Some(told.to_owned()),
        (None, Some(part)) if of_parts => Some(format!("{told}-{}", size.div_ceil(part))),
        (None, _) => None,
    });
    let checksum = told
        .filter(|_| !of_parts)
        .and_then(|told| BASE64_STANDARD.decode(told).ok())
        .and_then(|bytes| Sha256::try_from(bytes).ok());
    Held {
        object: Object {
            key: key.to_owned(),
            size,
            etag: answer.e_tag().map(str::to_owned),
            modified: answer.last_modified().and_then(timestamp),
            sha256: checksum.or(written),
            mtime: beside(META_MTIME).and_then(|text| mtime::parse(text.trim())),
        },
        checksum,
        composite,
        part_size,
        written,
        version: answer.version_id().map(str::to_owned),
    }
}

/// As hex.
fn sha256(text: &str) -> Option<Sha256> {
    Sha256::try_from(hex::decode(text).ok()?).ok()
}

pub(super) fn timestamp(at: &DateTime) -> Option<Timestamp> {
    Timestamp::new(at.secs(), i32::try_from(at.subsec_nanos()).ok()?).ok()
}
