//! Finding out what a bucket is, and whose.

use super::S3;
use super::fault::{Doing, code};
use super::own_object::{OtherBytes, remove, replaces_nothing, send_other_bytes, write_once};
use super::{list, read};
use crate::marker::{Without, compare};
use crate::{Error, Layout, Marker, Probe, Profile, Sha256};
use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration};
use bytes::Bytes;
use sha2::Digest;
use uuid::Uuid;

/// The region whose buckets are created without naming it.
const FIRST_REGION: &str = "us-east-1";

/// See [`Remote::probe`](crate::Remote::probe).
pub(super) async fn probe(s3: &S3) -> Result<Probe, Error> {
    list::can_list(s3).await?;
    let marker = marker(s3).await?.map(|(marker, _)| marker);
    if s3.layout == Layout::Original && marker.is_some() {
        return Err(s3.layout.is_another(&s3.site.place()));
    }
    Ok(Probe {
        profile: try_out(s3).await?,
        marker,
    })
}

/// Writes one object of our own, twice, and removes it.
async fn try_out(s3: &S3) -> Result<Profile, Error> {
    let key = s3.layout.probe(Uuid::new_v4(), "");
    let body = b"imgn was here to see whether it may write";
    write_once(s3, &key, body).await?;
    let seen = observe(s3, &key, body).await;
    remove_probe(s3, &key).await;
    seen
}

/// See [`Remote::claim`](crate::Remote::claim).
pub(super) async fn claim(s3: &S3) -> Result<(Marker, Profile), Error> {
    if s3.layout == Layout::Original {
        let profile = probe(s3).await?.profile;
        return Ok((Marker::of_address(&s3.site.place()), profile));
    }
    let (marker, json) = match marker(s3).await? {
        Some(found) => found,
        None => {
            let begun = Marker::begin();
            write_once(s3, Marker::KEY, &begun.to_json()).await?;
            // Another machine may have been quicker.
            self::marker(s3).await?.ok_or_else(|| {
                s3.site
                    .unexpected(200, format!("{} was taken, and is not there", Marker::KEY))
            })?
        }
    };
    // The same bytes once more: harmless where the condition is not heeded.
    let profile = observe(s3, Marker::KEY, &json).await?;
    Ok((marker, profile))
}

/// See [`Remote::check`](crate::Remote::check).
pub(super) async fn check(s3: &S3, expected: &Marker) -> Result<(), Error> {
    let place = s3.site.place();
    let found = match s3.layout {
        Layout::Library => marker(s3).await?.map(|(marker, _)| marker),
        Layout::Original => {
            list::can_list(s3).await?;
            Some(Marker::of_address(&place))
        }
    };
    compare(Without::Library, &place, found.as_ref(), expected)
}

/// See [`S3::create_bucket`].
pub(super) async fn create_bucket(s3: &S3) -> Result<(), Error> {
    let location = (s3.region != FIRST_REGION).then(|| {
        CreateBucketConfiguration::builder()
            .location_constraint(BucketLocationConstraint::from(s3.region.as_str()))
            .build()
    });
    let created = s3
        .attempt(|| {
            s3.client
                .create_bucket()
                .bucket(&s3.site.bucket)
                .set_create_bucket_configuration(location.clone())
                .send()
        })
        .await;
    match created {
        Ok(_) => Ok(()),
        Err(error) => match code(&error) {
            Some("BucketAlreadyOwnedByYou") => Ok(()),
            // Some say this of a bucket of one's own, too.
            Some("BucketAlreadyExists") => list::can_list(s3).await.map_err(|error| match error {
                Error::Forbidden { .. } => Error::Settings(format!(
                    "the bucket {} belongs to somebody else; choose another name",
                    s3.site.bucket
                )),
                other => other,
            }),
            _ => Err(s3.fault(Doing::to("create a bucket"), &error)),
        },
    }
}

/// The marker that is there, and its very bytes.
pub(super) async fn marker(s3: &S3) -> Result<Option<(Marker, Bytes)>, Error> {
    match read::get(s3, Marker::KEY, Marker::LARGEST).await? {
        Some(json) => Ok(Some((Marker::from_json(&s3.site.place(), &json)?, json))),
        None => Ok(None),
    }
}

/// What is seen of the far side by an object that is there, when it is put again.
async fn observe(s3: &S3, key: &str, body: &[u8]) -> Result<Profile, Error> {
    let refused = replaces_nothing(s3, key, body).await?;
    let sha256: Sha256 = sha2::Sha256::digest(body).into();
    let told = read::head_as_told(s3, key).await?;
    let other_bytes = other_bytes(s3, body).await;
    let echoes_sha256 = other_bytes == Some(OtherBytes::Echoed);
    Ok(Profile {
        conditional_put: refused,
        repeats_sha256: !echoes_sha256 && told.is_some_and(|held| held.checksum == Some(sha256)),
        echoes_sha256,
        checks_sha256: other_bytes.map(|seen| seen == OtherBytes::Refused),
        clock_skew: s3.seen.skew(),
        server: s3.seen.server(),
        ..Profile::default()
    })
}

/// None: it did not say. That is no reason to do without it: then the bytes are checked here.
async fn other_bytes(s3: &S3, body: &[u8]) -> Option<OtherBytes> {
    let key = s3.layout.probe(Uuid::new_v4(), "-wrong");
    let seen = send_other_bytes(s3, &key, body).await;
    match &seen {
        Ok(OtherBytes::Refused) => {}
        Ok(OtherBytes::Taken | OtherBytes::Echoed) => remove_probe(s3, &key).await,
        Err(error) => {
            tracing::info!(%error, "whether it checks what arrives is not known");
            remove_probe(s3, &key).await;
        }
    }
    seen.ok()
}

/// A key that may write but not remove is good enough for backups; the probe then stays.
async fn remove_probe(s3: &S3, key: &str) {
    if let Err(error) = remove(s3, key).await {
        tracing::warn!(%error, key, "the probe stays");
    }
}
