//! Examines a bucket: from the network up to what it does with checksums and conditions.
//!
//! **Invariant:** only probes are written ([`Layout::probe`](crate::Layout)), and each is removed again, as is every
//! upload in parts that was begun.

mod parts;
mod reach;

use super::S3;
use super::own_object::OtherBytes;
use super::presigned;
use super::{own_object, read};
use crate::doctor::{Check, Examination, Findings, Measured, Outcome};
use crate::{Error, Marker, Profile, Sha256};
use sha2::Digest;
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

const BODY: &[u8] = b"imgn was here to see what this store does";

/// See [`Remote::examine`](crate::Remote::examine).
pub(super) async fn examine(s3: &S3, expected: &Marker) -> Examination {
    let mut doctor = Doctor {
        s3,
        findings: Findings::default(),
        profile: s3.profile(),
        id: Uuid::new_v4(),
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
    /// What the names of all probes have in them.
    id: Uuid,
    /// Keys to be removed.
    written: Vec<String>,
}

impl Doctor<'_> {
    /// What it does with objects.
    async fn objects(&mut self) {
        let s3 = self.s3;
        let probe = self.probe("");
        if let Err(error) = self.write(&probe, BODY).await {
            self.findings.failed(Check::Put, Outcome::Problem, error);
            return;
        }
        self.findings.fine(Check::Put);
        self.checks_sha256().await;
        match read::head_as_told(s3, &probe).await {
            Ok(Some(held)) => {
                self.findings.fine(Check::Head);
                self.repeats_sha256(held.checksum);
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
        match own_object::replaces_nothing(s3, &probe, BODY).await {
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

    fn probe(&self, what: &str) -> String {
        self.s3.layout.probe(self.id, what)
    }

    /// Sends bytes that are not those that it was told.
    async fn checks_sha256(&mut self) {
        let key = self.probe("-wrong");
        self.written.push(key.clone());
        match own_object::send_other_bytes(self.s3, &key, BODY).await {
            Ok(seen) => {
                let refused = seen == OtherBytes::Refused;
                self.profile.checks_sha256 = Some(self.findings.wish(Check::ChecksSha256, refused));
                self.profile.echoes_sha256 = seen == OtherBytes::Echoed;
            }
            Err(error) => self
                .findings
                .failed(Check::ChecksSha256, Outcome::Note, error),
        }
    }

    /// What it said of the probe's SHA-256. What it says of any bytes is worth nothing.
    fn repeats_sha256(&mut self, told: Option<Sha256>) {
        if self.profile.echoes_sha256 {
            let echo = Some(Measured::Text("echo".to_owned()));
            self.findings.add(Check::RepeatsSha256, Outcome::Note, echo);
            self.profile.repeats_sha256 = false;
            return;
        }
        let sha256: Sha256 = sha2::Sha256::digest(BODY).into();
        self.profile.repeats_sha256 = self
            .findings
            .wish(Check::RepeatsSha256, told == Some(sha256));
    }

    async fn presigned(&mut self) {
        match presigned::get(self.s3, &self.probe("")).await {
            Ok(bytes) => {
                self.profile.presigned_get =
                    Some(self.findings.wish(Check::PresignedGet, bytes == BODY));
            }
            Err(error) => self
                .findings
                .failed(Check::PresignedGet, Outcome::Note, error),
        }
        let key = self.probe("-presigned");
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
        own_object::write(self.s3, key, body).await
    }

    /// Removes what was written; a key without the right to is good enough for backups.
    async fn remove(&mut self) {
        let mut failed = None;
        for key in std::mem::take(&mut self.written) {
            if let Err(error) = own_object::remove(self.s3, &key).await {
                failed = Some(error);
            }
        }
        match failed {
            None => self.findings.fine(Check::Delete),
            Some(error) => self.findings.failed(Check::Delete, Outcome::Note, error),
        }
    }
}
