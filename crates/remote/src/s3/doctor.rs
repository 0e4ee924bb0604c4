//! Examines a bucket: from the network up to what it does with checksums and conditions.
//!
//! **Invariant:** only keys `.imgn/probe-<uuid>…` are written, and each is removed again, as is every
//! upload in parts that was begun.

use super::S3;
use super::fault::{Doing, code, status};
use super::presigned;
use super::{claim, put, read, tls};
use crate::doctor::{Check, Examination, Findings, Measured, Outcome};
use crate::marker::compare;
use crate::{Error, Marker, Profile, Sha256};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{
    ChecksumAlgorithm, ChecksumMode, ChecksumType, CompletedMultipartUpload, CompletedPart,
};
use sha2::Digest;
use std::time::{Duration, Instant};
use uuid::Uuid;

const ALL: [Check; 23] = [
    Check::Endpoint,
    Check::Tls,
    Check::Clock,
    Check::Key,
    Check::Region,
    Check::Addressing,
    Check::Bucket,
    Check::Marker,
    Check::List,
    Check::Put,
    Check::Head,
    Check::Get,
    Check::Delete,
    Check::ChecksSha256,
    Check::RepeatsSha256,
    Check::ConditionalPut,
    Check::Multipart,
    Check::RepeatsParts,
    Check::ListsParts,
    Check::ConditionalMultipart,
    Check::PresignedGet,
    Check::PresignedPut,
    Check::Cors,
];

/// A certificate that ends sooner than this is worth knowing.
const ENDS_SOON: i64 = 30;
/// A clock further off than this is worth knowing: imgn signs by the store's own time.
const CLOCK_OFF: u64 = 60;
/// For a name to be found and a connection to be made.
const CONNECT: Duration = Duration::from_secs(5);

const BODY: &[u8] = b"imgn was here to see what this store does";

/// See [`Remote::examine`](crate::Remote::examine).
pub(super) async fn examine(s3: &S3, expected: &Marker) -> Examination {
    let mut doctor = Doctor {
        s3,
        findings: Findings::default(),
        profile: s3.profile(),
        probe: format!(".imgn/probe-{}", Uuid::new_v4()),
        written: Vec::new(),
    };
    if doctor.network().await && doctor.bucket(expected).await {
        doctor.objects().await;
        doctor.remove().await;
    }
    Examination {
        findings: doctor.findings.end(&ALL),
        profile: doctor.profile,
    }
}

struct Doctor<'a> {
    s3: &'a S3,
    findings: Findings,
    profile: Profile,
    /// What the names of all probes begin with.
    probe: String,
    /// Keys to be removed.
    written: Vec<String>,
}

impl Doctor<'_> {
    /// Whether there is anything to talk to.
    async fn network(&mut self) -> bool {
        let (host, port) = self.s3.host();
        let begun = Instant::now();
        let connected = tokio::time::timeout(
            CONNECT,
            tokio::net::TcpStream::connect((host.as_str(), port)),
        )
        .await;
        let unreachable = match connected {
            Ok(Ok(_)) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some(format!("no connection within {} s", CONNECT.as_secs())),
        };
        if let Some(message) = unreachable {
            let error = self.s3.site.unreachable(message);
            self.findings
                .failed(Check::Endpoint, Outcome::Problem, error);
            return false;
        }
        let took = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.findings.add(
            Check::Endpoint,
            Outcome::Fine,
            Some(Measured::Milliseconds(took)),
        );
        if self.s3.is_plain() {
            self.findings.add(Check::Tls, Outcome::Note, None);
            return true;
        }
        match tls::days_left(self.s3, host, port).await {
            Ok(days) => {
                let outcome = if days < ENDS_SOON {
                    Outcome::Note
                } else {
                    Outcome::Fine
                };
                self.findings
                    .add(Check::Tls, outcome, Some(Measured::Days(days)));
                true
            }
            Err(error) => {
                self.findings.failed(Check::Tls, Outcome::Problem, error);
                false
            }
        }
    }

    /// Whether the bucket is there, is this library's, and may be spoken to.
    async fn bucket(&mut self, expected: &Marker) -> bool {
        let style = self.s3.style();
        let listed = read::can_list(self.s3).await;
        self.clock(&listed);
        if let Err(error) = &listed
            && !matches!(error, Error::ClockSkew { .. } | Error::WrongRegion { .. })
            && let Some(other) = self.s3.other_style()
            && read::can_list(&other).await.is_ok()
        {
            self.findings.add(
                Check::Addressing,
                Outcome::Problem,
                Some(Measured::Text(other.style().to_owned())),
            );
            return false;
        }
        let refused = match listed {
            Ok(()) => {
                self.findings.fine(Check::List);
                None
            }
            // Uploads need no list: they go on without.
            Err(error @ Error::Forbidden { .. }) => {
                self.findings.failed(Check::List, Outcome::Problem, error);
                None
            }
            Err(error) => Some(error),
        };
        if let Some(error) = refused {
            self.refused(error);
            return false;
        }
        self.findings.fine(Check::Key);
        let region = Some(Measured::Text(self.s3.region.clone()));
        self.findings.add(Check::Region, Outcome::Fine, region);
        self.findings.add(
            Check::Addressing,
            Outcome::Fine,
            Some(Measured::Text(style.to_owned())),
        );
        self.findings.fine(Check::Bucket);
        self.profile.server = self.s3.seen.server();
        let marker = claim::marker(self.s3).await.and_then(|found| {
            let found = found.map(|(marker, _)| marker);
            compare(&self.s3.site.place(), found.as_ref(), expected)
        });
        match marker {
            Ok(()) => self.findings.fine(Check::Marker),
            Err(error) => {
                self.findings.failed(Check::Marker, Outcome::Problem, error);
                return false;
            }
        }
        true
    }

    fn clock(&mut self, listed: &Result<(), Error>) {
        let skew = self.s3.seen.skew();
        self.profile.clock_skew = skew;
        let outcome = match listed {
            Err(Error::ClockSkew { .. }) => Outcome::Problem,
            _ if skew.unsigned_abs() > CLOCK_OFF => Outcome::Note,
            _ => Outcome::Fine,
        };
        self.findings
            .add(Check::Clock, outcome, Some(Measured::Seconds(skew)));
    }

    /// Puts a refusal of everything beside the question that it answers.
    fn refused(&mut self, error: Error) {
        let (check, measured) = match &error {
            Error::Unauthorized { .. } | Error::NoCredentials { .. } => (Check::Key, None),
            Error::WrongRegion { expected, .. } => {
                (Check::Region, Some(Measured::Text(expected.clone())))
            }
            Error::NoBucket { .. } => (Check::Bucket, None),
            // Said beside the clock already.
            Error::ClockSkew { .. } => return,
            _ => (Check::Bucket, None),
        };
        match measured {
            Some(measured) => self.findings.add(check, Outcome::Problem, Some(measured)),
            None => self.findings.failed(check, Outcome::Problem, error),
        }
    }

    /// What it does with objects.
    async fn objects(&mut self) {
        let s3 = self.s3;
        let probe = self.probe.clone();
        if let Err(error) = self.write(&probe, BODY).await {
            self.findings.failed(Check::Put, Outcome::Problem, error);
            return;
        }
        self.findings.fine(Check::Put);
        let sha256: Sha256 = sha2::Sha256::digest(BODY).into();
        match read::head_quick(s3, &probe).await {
            Ok(Some(held)) => {
                self.findings.fine(Check::Head);
                self.profile.repeats_sha256 = self
                    .findings
                    .wish(Check::RepeatsSha256, held.checksum == Some(sha256));
            }
            Ok(None) => {
                let error = s3.site.unexpected(404, "what was put is not there");
                self.findings.failed(Check::Head, Outcome::Problem, error);
            }
            Err(error) => self.findings.failed(Check::Head, Outcome::Problem, error),
        }
        match read::get(s3, &probe, BODY.len() as u64).await {
            Ok(Some(bytes)) if bytes == BODY => self.findings.fine(Check::Get),
            Ok(_) => {
                let error = s3
                    .site
                    .unexpected(200, "it gave back other bytes than were put");
                self.findings.failed(Check::Get, Outcome::Problem, error);
            }
            Err(error) => self.findings.failed(Check::Get, Outcome::Problem, error),
        }
        self.checks_sha256().await;
        match claim::replaces_nothing(s3, &probe, BODY).await {
            Ok(refused) => {
                self.profile.conditional_put = self.findings.wish(Check::ConditionalPut, refused);
            }
            Err(error) => self
                .findings
                .failed(Check::ConditionalPut, Outcome::Note, error),
        }
        self.multipart().await;
        self.presigned().await;
        self.cors().await;
    }

    /// Sends bytes that are not those that it was told.
    async fn checks_sha256(&mut self) {
        let key = format!("{}-wrong", self.probe);
        self.written.push(key.clone());
        let wrong: Sha256 = sha2::Sha256::digest(b"other bytes").into();
        let sent = self
            .s3
            .attempt(|| {
                claim::plain_put(self.s3, &key, BODY)
                    .checksum_sha256(put::checksum(&wrong))
                    .send()
            })
            .await;
        let refused = match sent {
            Ok(_) => false,
            Err(error) if status(&error) == Some(400) => true,
            Err(error) => {
                let error = self.s3.fault(writing(&key), &error);
                self.findings
                    .failed(Check::ChecksSha256, Outcome::Note, error);
                return;
            }
        };
        self.profile.checks_sha256 = Some(self.findings.wish(Check::ChecksSha256, refused));
    }

    async fn multipart(&mut self) {
        let key = format!("{}-parts", self.probe);
        match self.in_parts(&key, true).await {
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
        let head = self
            .s3
            .attempt(|| {
                self.s3
                    .client
                    .head_object()
                    .bucket(&self.s3.site.bucket)
                    .key(self.s3.full(&key))
                    .checksum_mode(ChecksumMode::Enabled)
                    .send()
            })
            .await;
        match head {
            Ok(head) => {
                let repeats = head.checksum_sha256() == Some(expected.as_str());
                self.profile.repeats_parts = Some(self.findings.wish(Check::RepeatsParts, repeats));
            }
            Err(error) => {
                let error = self.s3.fault(writing(&key), &error);
                self.findings
                    .failed(Check::RepeatsParts, Outcome::Note, error);
            }
        }
        match self.in_parts(&key, false).await {
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

    /// Puts one part, and completes on the condition that nothing stands there. `first` also looks at
    /// the list of parts.
    async fn in_parts(&mut self, key: &str, first: bool) -> Result<InParts, Error> {
        let (s3, full) = (self.s3, self.s3.full(key));
        let bucket = s3.site.bucket.as_str();
        let sha256 = put::checksum(&sha2::Sha256::digest(BODY).into());
        let begun = s3
            .attempt(|| {
                s3.client
                    .create_multipart_upload()
                    .bucket(bucket)
                    .key(&full)
                    .checksum_algorithm(ChecksumAlgorithm::Sha256)
                    .checksum_type(ChecksumType::Composite)
                    .send()
            })
            .await
            .map_err(|error| s3.fault(writing(key), &error))?;
        let id = begun
            .upload_id()
            .ok_or_else(|| s3.site.unexpected(200, "an upload in parts has no name"))?
            .to_owned();
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
                .map_err(|error| s3.fault(writing(key), &error))?;
            if first {
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
                Err(error)
                    if status(&error) == Some(412)
                        || code(&error) == Some("PreconditionFailed") =>
                {
                    Ok(InParts::Refused)
                }
                Err(error) => Err(s3.fault(writing(key), &error)),
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
                let error = s3.fault(writing(key), &error);
                tracing::warn!(%error, key, "an upload in parts stays begun");
            }
        }
        ended
    }

    async fn presigned(&mut self) {
        match presigned::get(self.s3, &self.probe).await {
            Ok(bytes) => {
                self.profile.presigned_get =
                    Some(self.findings.wish(Check::PresignedGet, bytes == BODY));
            }
            Err(error) => self
                .findings
                .failed(Check::PresignedGet, Outcome::Note, error),
        }
        let key = format!("{}-presigned", self.probe);
        self.written.push(key.clone());
        match presigned::put(self.s3, &key, BODY).await {
            Ok(()) => {
                self.findings.fine(Check::PresignedPut);
                self.profile.presigned_put = Some(true);
            }
            Err(error) => {
                self.profile.presigned_put = Some(false);
                self.findings
                    .failed(Check::PresignedPut, Outcome::Note, error);
            }
        }
    }

    async fn cors(&mut self) {
        let asked = self
            .s3
            .attempt(|| {
                self.s3
                    .client
                    .get_bucket_cors()
                    .bucket(&self.s3.site.bucket)
                    .send()
            })
            .await;
        // Few have any, some know of none, and imgn needs none: only what is there is said.
        if let Ok(cors) = asked {
            let rules = Measured::Count(cors.cors_rules().len() as u64);
            self.findings.add(Check::Cors, Outcome::Fine, Some(rules));
        }
    }

    async fn write(&mut self, key: &str, body: &[u8]) -> Result<(), Error> {
        self.written.push(key.to_owned());
        self.s3
            .attempt(|| claim::plain_put(self.s3, key, body).send())
            .await
            .map(drop)
            .map_err(|error| self.s3.fault(writing(key), &error))
    }

    /// Removes what was written; a key without the right to is good enough for backups.
    async fn remove(&mut self) {
        let mut failed = None;
        for key in std::mem::take(&mut self.written) {
            let full = self.s3.full(&key);
            let removed = self
                .s3
                .attempt(|| {
                    self.s3
                        .client
                        .delete_object()
                        .bucket(&self.s3.site.bucket)
                        .key(&full)
                        .send()
                })
                .await;
            if let Err(error) = removed
                && status(&error) != Some(404)
            {
                let doing = Doing {
                    action: "delete",
                    key: &key,
                };
                failed = Some(self.s3.fault(doing, &error));
            }
        }
        match failed {
            None => self.findings.fine(Check::Delete),
            Some(error) => self.findings.failed(Check::Delete, Outcome::Note, error),
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum InParts {
    Stored,
    Refused,
}

fn writing(key: &str) -> Doing<'_> {
    Doing {
        action: "write",
        key,
    }
}
