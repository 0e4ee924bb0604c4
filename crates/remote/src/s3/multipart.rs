//! Putting originals that go up in parts: begun or taken up again, sent, completed, given up.
//!
//! **Invariant:** whatever of ours lies unfinished at the far side is in the caller's ledger. A part
//! that the ledger has is not sent again unless the far side has lost it.

mod completing;

use super::S3;
use super::cut;
use super::fault::{self, Doing};
use super::part::{self, PartFailed, Sent};
use super::put::{checked, compare, metadata, read_parts};
use crate::body::{Broken, Piece};
use crate::ledger::{Ledger, Unrecorded, Upload};
use crate::meter::tell;
use crate::{Error, Key, Original, Progress, Put};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use futures_util::stream::{FuturesUnordered, StreamExt};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Parts of one original that are under way at once.
const AT_ONCE: usize = 4;
/// Uploads that the far side may lose under one put.
const BEGINNINGS: u32 = 3;

/// As rclone writes it, for `rclone check`: an ETag of parts is no MD5.
const META_MD5: &str = "md5chksum";
/// How it was cut, without which nobody else could make the parts' checksum.
pub(super) const META_PART_SIZE: &str = "part-size";

/// See [`Remote::put_resumable`](crate::Remote::put_resumable).
pub(super) async fn put(
    s3: &S3,
    key: &Key,
    original: &Original<'_>,
    ledger: &dyn Ledger,
    progress: Progress<'_>,
) -> Result<Put, Error> {
    let put = Multipart {
        s3,
        key,
        original,
        ledger,
    };
    // A refusal comes only when all bytes are there: it has to be asked for first.
    if let Some(found) = compare(s3, key, original).await? {
        if let Some(upload) = put.unfinished().await? {
            put.drop_upload(&upload).await?;
        }
        return Ok(found);
    }
    for _ in 0..BEGINNINGS {
        let upload = match put.resume().await? {
            Some(upload) => upload,
            None => put.begin().await?,
        };
        match put.bring(&upload, progress).await {
            Ok(found) => return Ok(found),
            Err(Failed::Gone) => put.noted(ledger.ended().await)?,
            Err(Failed::Useless(error)) => {
                put.drop_upload(&upload).await?;
                return Err(error);
            }
            Err(Failed::Later(error)) => return Err(error),
        }
    }
    Err(Error::Busy {
        endpoint: s3.site.endpoint.clone(),
        message: format!("it lost what it had of {key}"),
        retry_after: None,
    })
}

/// Why an upload was not completed.
enum Failed {
    /// The far side knows nothing of it (any more).
    Gone,
    /// Its parts are of no use for another try.
    Useless(Error),
    /// It can go on.
    Later(Error),
}

/// One original on its way in parts.
struct Multipart<'a> {
    s3: &'a S3,
    key: &'a Key,
    original: &'a Original<'a>,
    ledger: &'a dyn Ledger,
}

impl Multipart<'_> {
    /// What the ledger has of these very bytes.
    async fn unfinished(&self) -> Result<Option<Upload>, Error> {
        let upload = self.noted(self.ledger.unfinished().await)?;
        Ok(upload.filter(|upload| {
            upload.sha256 == self.original.sha256 && upload.size == self.original.size
        }))
    }

    /// The upload to go on with, holding only parts that the far side still has.
    async fn resume(&self) -> Result<Option<Upload>, Error> {
        let Some(mut upload) = self.unfinished().await? else {
            return Ok(None);
        };
        let id = upload.id.clone().unwrap_or_default();
        let held = match part::held(self.s3, self.key, &id).await {
            Ok(held) => held,
            Err(PartFailed::Gone) => {
                self.noted(self.ledger.ended().await)?;
                return Ok(None);
            }
            // A key that may not ask, or a store that has no such list: completing will tell.
            Err(PartFailed::Failed(Error::Forbidden { .. } | Error::Unexpected { .. })) => {
                return Ok(Some(upload));
            }
            Err(PartFailed::Failed(error)) => return Err(error),
        };
        let noted = std::mem::take(&mut upload.etags);
        for (number, etag) in noted {
            if held.get(&number).is_some_and(|held| *held == etag) {
                upload.etags.insert(number, etag);
            } else {
                self.noted(self.ledger.lost(number).await)?;
            }
        }
        Ok(Some(upload))
    }

    async fn begin(&self) -> Result<Upload, Error> {
        let (s3, original) = (self.s3, self.original);
        let part_size = s3.cut.part_size(original.size);
        let parts = match self.ledger.parts(part_size) {
            Some(parts) => parts,
            None => read_parts(s3, original, part_size).await?,
        };
        let mut upload = Upload {
            id: None,
            asked_at: Timestamp::now(),
            sha256: original.sha256,
            size: original.size,
            md5: parts.md5,
            part_size,
            parts: parts.hashes,
            etags: BTreeMap::new(),
        };
        self.noted(self.ledger.begin(&upload).await)?;
        let mut beside = metadata(original);
        beside.insert(META_MD5.to_owned(), BASE64_STANDARD.encode(upload.md5));
        beside.insert(META_PART_SIZE.to_owned(), part_size.to_string());
        let begun = part::begin(s3, self.key.as_str(), |create| {
            create
                .content_type(original.content_type)
                .set_metadata(Some(beside.clone()))
        });
        match begun.await {
            Ok(id) => {
                self.noted(self.ledger.begun(&id).await)?;
                upload.id = Some(id);
                Ok(upload)
            }
            Err(error) => {
                // An upload whose name was lost on the way, or not understood, is looked for later.
                let is_begun = matches!(error, Error::Unexpected { status: 200, .. });
                let left = if is_begun || fault::is_lost(&error) {
                    self.ledger.given_up().await
                } else {
                    self.ledger.ended().await
                };
                self.noted(left)?;
                Err(error)
            }
        }
    }

    /// Sends what is missing, and has it put together.
    async fn bring(&self, upload: &Upload, progress: Progress<'_>) -> Result<Put, Failed> {
        let sent = Sent::of(upload);
        let sending = self.send_missing(upload, &sent);
        let etags = tell(progress, || sent.count(), sending).await?;
        match self.complete(upload, &etags).await {
            Ok(output) => {
                self.noted(self.ledger.ended().await)
                    .map_err(Failed::Later)?;
                let proof = self.proof(upload, &output).await.map_err(Failed::Later)?;
                Ok(Put::Stored(proof))
            }
            Err(error) => self.not_completed(upload, &error).await,
        }
    }

    /// Every part's ETag. After a failure no part is begun, and those under way are let end.
    async fn send_missing(
        &self,
        upload: &Upload,
        sent: &Sent,
    ) -> Result<BTreeMap<u32, String>, Failed> {
        let mut etags = upload.etags.clone();
        let last = u32::try_from(upload.parts.len()).expect("parts are few");
        let mut missing = (1..=last).filter(|number| !upload.etags.contains_key(number));
        let mut under_way = FuturesUnordered::new();
        let mut failed = None;
        loop {
            while failed.is_none() && under_way.len() < AT_ONCE {
                let Some(number) = missing.next() else { break };
                under_way.push(self.send_part(upload, number, sent));
            }
            match under_way.next().await {
                Some(Ok((number, etag))) => {
                    if let Err(error) = self.noted(self.ledger.sent(number, &etag).await) {
                        failed.get_or_insert(Failed::Later(error));
                    }
                    etags.insert(number, etag);
                }
                Some(Err(error)) => {
                    failed.get_or_insert(error);
                }
                None => break,
            }
        }
        match failed {
            None => Ok(etags),
            Some(failed) => Err(failed),
        }
    }

    async fn send_part(
        &self,
        upload: &Upload,
        number: u32,
        sent: &Sent,
    ) -> Result<(u32, String), Failed> {
        let (offset, size) = cut::range(number, upload.part_size, upload.size);
        let index = usize::try_from(number - 1).expect("parts are few");
        let piece = Piece {
            path: self.original.path.to_owned(),
            file_size: upload.size,
            offset,
            size,
            sha256: upload.parts[index],
            checked: checked(self.s3),
        };
        let id = upload.id.as_deref().unwrap_or_default();
        let broken = Broken::default();
        match part::send(self.s3, self.key, id, number, &piece, sent, &broken).await {
            Ok(etag) => Ok((number, etag)),
            Err(PartFailed::Gone) => Err(Failed::Gone),
            Err(PartFailed::Failed(error)) => Err(judged(error)),
        }
    }

    /// Has the far side forget an upload; where that fails, it is for later.
    async fn drop_upload(&self, upload: &Upload) -> Result<(), Error> {
        match part::abandon(self.s3, self.key, upload).await {
            Ok(()) => self.noted(self.ledger.ended().await),
            Err(error) => {
                tracing::debug!(%error, key = %self.key, "an upload that is of no use stays for now");
                self.noted(self.ledger.given_up().await)
            }
        }
    }

    fn noted<T>(&self, noted: Result<T, Unrecorded>) -> Result<T, Error> {
        noted.map_err(|Unrecorded| Error::Unrecorded {
            key: self.key.to_string(),
        })
    }

    fn writing(&self) -> Doing<'_> {
        Doing::write(self.key.as_str())
    }
}

/// Whether a later try can go on with the parts that are there.
fn judged(error: Error) -> Failed {
    match error {
        Error::SourceChanged { .. } | Error::TooLarge { .. } | Error::BadKey { .. } => {
            Failed::Useless(error)
        }
        error => Failed::Later(error),
    }
}
