//! What a bucket does with an upload in parts.

use super::{BODY, Doctor};
use crate::doctor::{Check, Outcome};
use crate::s3::fault::Doing;
use crate::s3::{part, put, read};
use crate::{Error, Sha256};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumType, CompletedMultipartUpload, CompletedPart};
use sha2::Digest;

impl Doctor<'_> {
    pub(super) async fn multipart(&mut self) {
        let key = self.probe("-parts");
        match self.in_parts(&key, Name::Free).await {
            Ok(InParts::Stored) => self.findings.fine(Check::Multipart),
            Ok(InParts::Refused) => {
                let error = self.s3.site.unexpected(412, "a free name counts as taken");
                self.findings
                    .failed(Check::Multipart, Outcome::Problem, error);
                return;
            }
            Err(error) => {
                self.findings
                    .failed(Check::Multipart, Outcome::Problem, error);
                return;
            }
        }
        let part: Sha256 = sha2::Sha256::digest(BODY).into();
        let composite: Sha256 = sha2::Sha256::digest(part).into();
        let expected = format!("{}-1", put::checksum(&composite));
        match read::head_as_told(self.s3, &key).await {
            Ok(held) => {
                let told = held.and_then(|held| held.composite);
                let repeats = !self.profile.echoes_sha256 && told.as_deref() == Some(&expected);
                self.profile.repeats_parts = Some(self.findings.wish(Check::RepeatsParts, repeats));
            }
            Err(error) => self
                .findings
                .failed(Check::RepeatsParts, Outcome::Note, error),
        }
        match self.in_parts(&key, Name::Taken).await {
            Ok(ended) => {
                let refused = ended == InParts::Refused;
                self.profile.conditional_multipart =
                    Some(self.findings.wish(Check::ConditionalMultipart, refused));
            }
            Err(error) => self
                .findings
                .failed(Check::ConditionalMultipart, Outcome::Note, error),
        }
    }

    /// Puts one part, and completes on the condition that nothing stands there. The first time, it also looks at
    /// the list of parts.
    async fn in_parts(&mut self, key: &str, name: Name) -> Result<InParts, Error> {
        let (s3, full) = (self.s3, self.s3.full(key));
        let bucket = s3.site.bucket.as_str();
        let sha256 = put::checksum(&sha2::Sha256::digest(BODY).into());
        let id = part::begin(s3, key, |create| create).await?;
        self.written.push(key.to_owned());
        let ended = async {
            let part = s3
                .attempt(|| {
                    s3.client
                        .upload_part()
                        .bucket(bucket)
                        .key(&full)
                        .upload_id(&id)
                        .part_number(1)
                        .checksum_sha256(&sha256)
                        .body(ByteStream::from_static(BODY))
                        .send()
                })
                .await
                .map_err(|error| s3.fault(Doing::write(key), &error))?;
            if name == Name::Free {
                let listed = s3
                    .attempt(|| {
                        s3.client
                            .list_parts()
                            .bucket(bucket)
                            .key(&full)
                            .upload_id(&id)
                            .send()
                    })
                    .await;
                let repeats = listed.is_ok_and(|listed| {
                    listed
                        .parts()
                        .iter()
                        .all(|part| part.checksum_sha256() == Some(sha256.as_str()))
                        && !listed.parts().is_empty()
                });
                self.profile.lists_parts = Some(self.findings.wish(Check::ListsParts, repeats));
            }
            let part = CompletedPart::builder()
                .part_number(1)
                .set_e_tag(part.e_tag().map(str::to_owned))
                .checksum_sha256(&sha256)
                .build();
            let parts = CompletedMultipartUpload::builder().parts(part).build();
            let completed = s3
                .attempt(|| {
                    s3.client
                        .complete_multipart_upload()
                        .bucket(bucket)
                        .key(&full)
                        .upload_id(&id)
                        .if_none_match("*")
                        .checksum_type(ChecksumType::Composite)
                        .multipart_upload(parts.clone())
                        .send()
                })
                .await;
            match completed {
                Ok(_) => Ok(InParts::Stored),
                Err(error) if put::is_taken(&error) => Ok(InParts::Refused),
                Err(error) => Err(s3.fault(Doing::write(key), &error)),
            }
        }
        .await;
        if !matches!(ended, Ok(InParts::Stored)) {
            let aborted = s3
                .attempt(|| {
                    s3.client
                        .abort_multipart_upload()
                        .bucket(bucket)
                        .key(&full)
                        .upload_id(&id)
                        .send()
                })
                .await;
            if let Err(error) = aborted {
                let error = s3.fault(Doing::write(key), &error);
                tracing::warn!(%error, key, "an upload in parts stays begun");
            }
        }
        ended
    }
}

/// Whether anything stands under the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    Free,
    Taken,
}

#[derive(Debug, PartialEq, Eq)]
enum InParts {
    Stored,
    Refused,
}
