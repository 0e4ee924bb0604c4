//! The end of an upload in parts: put together, and proven to be there.

use super::{Failed, Multipart, judged};
use crate::ledger::Upload;
use crate::s3::cut;
use crate::s3::fault;
use crate::s3::put::{checksum, compare, found_after, is_taken, taken};
use crate::s3::read;
use crate::{Error, Proof, Put};
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::complete_multipart_upload::{
    CompleteMultipartUploadError, CompleteMultipartUploadOutput,
};
use aws_sdk_s3::types::{ChecksumType, CompletedMultipartUpload, CompletedPart};
use std::collections::BTreeMap;
use std::time::Duration;

/// Some stores put the parts together before they answer.
const COMPLETING: Duration = Duration::from_secs(5 * 60);

impl Multipart<'_> {
    /// Has the parts put together, where nothing stands under the key.
    pub(super) async fn complete(
        &self,
        upload: &Upload,
        etags: &BTreeMap<u32, String>,
    ) -> Result<CompleteMultipartUploadOutput, SdkError<CompleteMultipartUploadError, HttpResponse>>
    {
        let s3 = self.s3;
        let parts = etags
            .iter()
            .zip(&upload.parts)
            .map(|((number, etag), sha256)| {
                CompletedPart::builder()
                    .part_number(number.cast_signed())
                    .e_tag(etag)
                    .checksum_sha256(checksum(sha256))
                    .build()
            });
        let parts = CompletedMultipartUpload::builder()
            .set_parts(Some(parts.collect()))
            .build();
        let patient = TimeoutConfig::builder()
            .operation_attempt_timeout(COMPLETING)
            .build();
        s3.attempt(|| {
            let mut complete = s3
                .client
                .complete_multipart_upload()
                .bucket(&s3.site.bucket)
                .key(s3.full(self.key.as_str()))
                .set_upload_id(upload.id.clone())
                .checksum_type(ChecksumType::Composite)
                .multipart_upload(parts.clone());
            if s3.profile().conditional_put {
                complete = complete.if_none_match("*");
            }
            let config = aws_sdk_s3::Config::builder().timeout_config(patient.clone());
            complete.customize().config_override(config).send()
        })
        .await
    }

    /// What became of the upload when the far side refused, or its answer was lost.
    pub(super) async fn not_completed(
        &self,
        upload: &Upload,
        error: &SdkError<CompleteMultipartUploadError, HttpResponse>,
    ) -> Result<Put, Failed> {
        let (s3, key, original) = (self.s3, self.key, self.original);
        if is_taken(error) {
            self.drop_upload(upload).await.map_err(Failed::Later)?;
            return taken(s3, key, original).await.map_err(Failed::Later);
        }
        match fault::code(error) {
            // It may be gone because it was completed, and the answer lost.
            Some("NoSuchUpload") => match compare(s3, key, original).await {
                Ok(Some(found)) => {
                    self.noted(self.ledger.ended().await)
                        .map_err(Failed::Later)?;
                    Ok(found)
                }
                Ok(None) => Err(Failed::Gone),
                Err(error) => Err(Failed::Later(error)),
            },
            Some("InvalidPart" | "InvalidPartOrder" | "EntityTooSmall") => {
                tracing::warn!(%key, "the far side refuses parts that it had acknowledged");
                self.drop_upload(upload).await.map_err(Failed::Later)?;
                Err(Failed::Gone)
            }
            _ => {
                let error = s3.fault(self.writing(), error);
                let found = found_after(s3, key, original, error)
                    .await
                    .map_err(judged)?;
                self.noted(self.ledger.ended().await)
                    .map_err(Failed::Later)?;
                Ok(found)
            }
        }
    }

    /// What the answer proves, or else a look at the object.
    pub(super) async fn proof(
        &self,
        upload: &Upload,
        output: &CompleteMultipartUploadOutput,
    ) -> Result<Proof, Error> {
        let (s3, key) = (self.s3, self.key);
        let expected = cut::composite(&upload.parts);
        let (etag, version) = (
            output.e_tag().map(str::to_owned),
            output.version_id().map(str::to_owned),
        );
        let told = output.checksum_sha256();
        if told == Some(expected.as_str()) && !s3.profile().echoes_sha256 {
            let parts = cut::count(&expected).unwrap_or(0);
            return Ok(Proof::PartsSha256 {
                parts,
                composite: expected,
                etag,
                version,
            });
        }
        let held = match read::head_quick(s3, key.as_str()).await {
            Ok(Some(held)) => held,
            Ok(None) => {
                let message = format!("{key} was taken, and is not there");
                return Err(s3.site.unexpected(200, message));
            }
            // It said that it has them; more is not known until it is asked again.
            Err(error) => {
                tracing::debug!(%error, %key, "stored, but not looked at");
                return Ok(Proof::SizeOnly { etag, version });
            }
        };
        let proof = match &held.composite {
            Some(found) => held.confirms_parts(upload.size, &expected, found),
            None => held.confirms(upload.size, &upload.sha256),
        };
        proof.ok_or_else(|| {
            let message = format!("{key} now holds other bytes than were sent");
            s3.site.unexpected(200, message)
        })
    }
}
