//! The parts of an upload at the far side: sent, asked about, thrown away.
//!
//! **Invariant:** only uploads that are ours are thrown away: those that have the id that we were
//! told, and those that were begun under the very key, and in the very minute, in which we asked.

use super::S3;
use super::cut;
use super::fault::{self, Doing};
use super::put::{body, checksum, unhurried, watched};
use crate::body::{Broken, Checked, Piece};
use crate::ledger::Upload;
use crate::lock::lock;
use crate::meter::Meter;
use crate::{Error, Key};
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::create_multipart_upload::builders::CreateMultipartUploadFluentBuilder;
use aws_sdk_s3::operation::upload_part::{UploadPartError, UploadPartOutput};
use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumType};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::time::Instant;

/// What befalls one part is no reason to let go of the others.
const TRIES: u32 = 3;
const FIRST_PAUSE: u64 = 200;
/// A store takes down when an upload was begun by its own clock, in whole seconds, and a request
/// may have been under way for as long as it is waited for.
const BEFORE: i64 = 5;
const AFTER: i64 = 60;

/// Why a part is not there.
pub(super) enum PartFailed {
    /// The far side does not know the upload.
    Gone,
    Failed(Error),
}

/// How much of an original is there or on its way.
#[derive(Debug, Default)]
pub(super) struct Sent {
    /// Bytes of parts that are there.
    done: AtomicU64,
    under_way: Mutex<BTreeMap<u32, Meter>>,
}

impl Sent {
    pub(super) fn of(upload: &Upload) -> Self {
        let bytes = upload
            .etags
            .keys()
            .map(|number| cut::range(*number, upload.part_size, upload.size).1);
        Self {
            done: AtomicU64::new(bytes.sum()),
            under_way: Mutex::default(),
        }
    }

    pub(super) fn count(&self) -> u64 {
        let under_way = self.under_way();
        let sum: u64 = under_way.values().map(Meter::count).sum();
        self.done.load(Ordering::Relaxed) + sum
    }

    /// A new attempt at a part, which counts from nothing.
    fn begin(&self, number: u32) -> Meter {
        let meter = Meter::default();
        self.under_way().insert(number, meter.clone());
        meter
    }

    fn arrived(&self, number: u32, size: u64) {
        let mut under_way = self.under_way();
        under_way.remove(&number);
        self.done.fetch_add(size, Ordering::Relaxed);
    }

    fn under_way(&self) -> std::sync::MutexGuard<'_, BTreeMap<u32, Meter>> {
        lock(&self.under_way)
    }
}

/// Begins an upload in parts that have their SHA-256; returns the name that the far side gave it.
pub(super) async fn begin(
    s3: &S3,
    key: &str,
    with: impl Fn(CreateMultipartUploadFluentBuilder) -> CreateMultipartUploadFluentBuilder,
) -> Result<String, Error> {
    let full = s3.full(key);
    let begun = s3
        .attempt(|| {
            let create = s3
                .client
                .create_multipart_upload()
                .bucket(&s3.site.bucket)
                .key(&full)
                .checksum_algorithm(ChecksumAlgorithm::Sha256)
                .checksum_type(ChecksumType::Composite);
            with(create).send()
        })
        .await;
    match begun {
        Ok(begun) => begun.upload_id().map(str::to_owned).ok_or_else(|| {
            let message = format!("it began an upload of {key} without a name");
            s3.site.unexpected(200, message)
        }),
        Err(error) if fault::status(&error) == Some(200) => {
            fault::said(&error, "UploadId").ok_or_else(|| s3.fault(Doing::write(key), &error))
        }
        Err(error) => Err(s3.fault(Doing::write(key), &error)),
    }
}

/// Sends a part, again where the line broke; returns its ETag.
pub(super) async fn send(
    s3: &S3,
    key: &Key,
    id: &str,
    number: u32,
    piece: &Piece,
    sent: &Sent,
    broken: &Broken,
) -> Result<String, PartFailed> {
    let _place = s3.parts.acquire().await.expect("it is never closed");
    let begun = Instant::now();
    let mut tries = 1;
    let mut piece = piece.clone();
    loop {
        let meter = sent.begin(number);
        let error = match send_once(s3, key, id, number, &piece, &meter, broken).await {
            Ok(etag) => {
                sent.arrived(number, piece.size);
                return Ok(etag);
            }
            Err(PartFailed::Failed(error)) => error,
            Err(gone) => return Err(gone),
        };
        let passes = matches!(
            error,
            Error::Unreachable { .. }
                | Error::Busy {
                    retry_after: None,
                    ..
                }
        );
        if !passes || tries == TRIES || begun.elapsed() >= s3.patience {
            return Err(PartFailed::Failed(error));
        }
        tracing::debug!(%error, %key, number, "a part is sent again");
        // If it was refused because the file changed, that is seen now.
        piece.checked = Checked::Here;
        tokio::time::sleep(pause(tries)).await;
        tries += 1;
    }
}

/// Doubled each time, and spread so that parts do not come back together.
fn pause(tries: u32) -> Duration {
    let full = FIRST_PAUSE << tries;
    let spread = uuid::Uuid::new_v4().as_u64_pair().0 % full;
    Duration::from_millis(full / 2 + spread / 2)
}

async fn send_once(
    s3: &S3,
    key: &Key,
    id: &str,
    number: u32,
    piece: &Piece,
    meter: &Meter,
    broken: &Broken,
) -> Result<String, PartFailed> {
    let call = s3.attempt(|| upload_part(s3, key, id, number, piece, meter, broken.clone()));
    let answer = watched(s3, &piece.path, piece.size, meter, broken, call)
        .await
        .map_err(PartFailed::Failed)?;
    match answer {
        Ok(answer) => answer.e_tag().map(str::to_owned).ok_or_else(|| {
            let message = format!("it took a part of {key} and gave no ETag");
            PartFailed::Failed(s3.site.unexpected(200, message))
        }),
        Err(error) => Err(match broken.error(piece.path.clone()) {
            Some(error) => PartFailed::Failed(error),
            None => failed(s3, "write", key, &error),
        }),
    }
}

async fn upload_part(
    s3: &S3,
    key: &Key,
    id: &str,
    number: u32,
    piece: &Piece,
    meter: &Meter,
    broken: Broken,
) -> Result<UploadPartOutput, SdkError<UploadPartError, HttpResponse>> {
    let body = body(s3, piece.clone(), meter.feed(), broken)
        .await
        .map_err(SdkError::construction_failure)?;
    let size = i64::try_from(piece.size).map_err(SdkError::construction_failure)?;
    s3.client
        .upload_part()
        .bucket(&s3.site.bucket)
        .key(s3.full(key.as_str()))
        .upload_id(id)
        .part_number(number.cast_signed())
        .content_length(size)
        .checksum_sha256(checksum(&piece.sha256))
        .body(body)
        .customize()
        .config_override(unhurried())
        .send()
        .await
}

/// The ETags of the parts that the far side has.
pub(super) async fn held(
    s3: &S3,
    key: &Key,
    id: &str,
) -> Result<BTreeMap<u32, String>, PartFailed> {
    let mut held = BTreeMap::new();
    let mut after: Option<String> = None;
    loop {
        let page = s3
            .attempt(|| {
                s3.client
                    .list_parts()
                    .bucket(&s3.site.bucket)
                    .key(s3.full(key.as_str()))
                    .upload_id(id)
                    .set_part_number_marker(after.clone())
                    .send()
            })
            .await
            .map_err(|error| failed(s3, "list the parts of an upload", key, &error))?;
        for part in page.parts() {
            let number = part.part_number().map(i32::cast_unsigned);
            if let (Some(number), Some(etag)) = (number, part.e_tag()) {
                held.insert(number, etag.to_owned());
            }
        }
        match page.next_part_number_marker() {
            Some(next) if page.is_truncated() == Some(true) && after.as_deref() != Some(next) => {
                after = Some(next.to_owned());
            }
            _ => return Ok(held),
        }
    }
}

/// See [`Remote::abandon`](crate::Remote::abandon).
pub(super) async fn abandon(s3: &S3, key: &Key, upload: &Upload) -> Result<(), Error> {
    match &upload.id {
        Some(id) => abort(s3, key, id).await,
        None => {
            for id in begun_about(s3, key, upload.asked_at).await? {
                tracing::info!(%key, "an upload whose beginning was never answered is thrown away");
                abort(s3, key, &id).await?;
            }
            Ok(())
        }
    }
}

async fn abort(s3: &S3, key: &Key, id: &str) -> Result<(), Error> {
    let aborted = s3
        .attempt(|| {
            s3.client
                .abort_multipart_upload()
                .bucket(&s3.site.bucket)
                .key(s3.full(key.as_str()))
                .upload_id(id)
                .send()
        })
        .await;
    match aborted {
        Ok(_) => Ok(()),
        Err(error) => match failed(s3, "give an upload up", key, &error) {
            PartFailed::Gone => Ok(()),
            PartFailed::Failed(error) => Err(error),
        },
    }
}

/// Unfinished uploads under exactly this key that were begun when we asked for one.
async fn begun_about(s3: &S3, key: &Key, asked_at: Timestamp) -> Result<Vec<String>, Error> {
    let full = s3.full(key.as_str());
    // By the far side's clock.
    let asked_at = asked_at.as_second() + s3.seen.skew();
    let ours = (asked_at - BEFORE)..=(asked_at + AFTER);
    let mut found = Vec::new();
    let (mut key_marker, mut id_marker) = (None, None);
    loop {
        let page = s3
            .attempt(|| {
                s3.client
                    .list_multipart_uploads()
                    .bucket(&s3.site.bucket)
                    // Some list nothing but the uploads of the very key that is asked for.
                    .prefix(&full)
                    .set_key_marker(key_marker.clone())
                    .set_upload_id_marker(id_marker.clone())
                    .send()
            })
            .await
            .map_err(|error| s3.fault(Doing::LIST_UPLOADS, &error))?;
        let begun = page
            .uploads()
            .iter()
            .filter(|upload| upload.key() == Some(full.as_str()))
            .filter(|upload| {
                upload
                    .initiated()
                    .is_some_and(|at| ours.contains(&at.secs()))
            });
        found.extend(begun.filter_map(|upload| upload.upload_id().map(str::to_owned)));
        let next = (page.next_key_marker(), page.next_upload_id_marker());
        if page.is_truncated() != Some(true)
            || next.0.is_none()
            || next == (key_marker.as_deref(), id_marker.as_deref())
        {
            return Ok(found);
        }
        (key_marker, id_marker) = (next.0.map(str::to_owned), next.1.map(str::to_owned));
    }
}

fn failed<E>(
    s3: &S3,
    action: &'static str,
    key: &Key,
    error: &SdkError<E, HttpResponse>,
) -> PartFailed
where
    E: aws_sdk_s3::error::ProvideErrorMetadata + std::error::Error + 'static,
{
    if fault::code(error) == Some("NoSuchUpload") {
        return PartFailed::Gone;
    }
    let doing = Doing {
        action,
        key: key.as_str(),
    };
    PartFailed::Failed(s3.fault(doing, error))
}
