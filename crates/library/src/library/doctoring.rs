//! Examining a destination.

use super::{Library, Result};
use crate::blocking::blocking;
use crate::clock;
use crate::opening;
use crate::path_bytes::shown;
use crate::reason::of_remote;
use crate::store::destinations::{self, Destination};
use crate::store::folders;
use crate::view::*;
use remote::{Check, Examination, Finding, Measured, Outcome};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

impl Library {
    /// Asks one by one what a destination does, and keeps what was seen. Writes nothing there but
    /// probes of its own, which it removes.
    pub async fn doctor(&self, destination: i64) -> Result<DoctorReport> {
        let row = self.row(destination).await?;
        let keys = self.keys_of(&row).await;
        let opened = opening::open_remote(&row.config, keys, row.profile.clone()).await;
        let mut report = DoctorReport {
            at: clock::now(),
            findings: Vec::new(),
        };
        let mut profile = None;
        match opened {
            Ok(remote) => {
                let examination = remote.examine(&row.marker).await;
                profile = Some(examination.profile.clone());
                report.findings = findings(examination);
            }
            // Keys or settings that cannot even be tried.
            Err(error) => report.findings.push(DoctorFinding {
                check: DoctorCheck::Key,
                outcome: DoctorOutcome::Problem,
                measured: None,
                reason: Some(Reason::new(of_remote(&error), error)),
            }),
        }
        report.findings.extend(self.same_disk(&row).await?);
        let (id, kept) = (row.id, report.clone());
        let seen = profile.clone();
        self.context
            .store
            .write(move |db| {
                if let Some(profile) = &seen {
                    destinations::set_profile(db, id, profile)?;
                }
                destinations::set_examined(db, id, &kept)
            })
            .await?;
        if let Some(profile) = profile {
            self.context.registry.set_profile(id, &profile);
            self.context.bells.destinations.notify_one();
        }
        self.context.news.status();
        Ok(report)
    }

    /// A backup beside the photos is lost with them.
    async fn same_disk(&self, row: &Destination) -> Result<Option<DoctorFinding>> {
        let DestinationConfig::Folder { path, .. } = &row.config else {
            return Ok(None);
        };
        let watched = self.context.store.read(folders::all).await?;
        let there = PathBuf::from(path);
        let looked = blocking(move || {
            let there = fs::metadata(there).ok()?;
            let mut watched = watched.into_iter().map(|folder| folder.path);
            Some(watched.find(|folder| is_on(folder, there.dev())))
        });
        let Some(beside) = looked.await else {
            return Ok(None);
        };
        Ok(Some(DoctorFinding {
            check: DoctorCheck::SameDisk,
            outcome: if beside.is_some() {
                DoctorOutcome::Note
            } else {
                DoctorOutcome::Fine
            },
            measured: beside.map(|folder| DoctorMeasure::Text(shown(&folder))),
            reason: None,
        }))
    }
}

fn is_on(folder: &Path, device: u64) -> bool {
    fs::metadata(folder).is_ok_and(|folder| folder.dev() == device)
}

fn findings(examination: Examination) -> Vec<DoctorFinding> {
    examination.findings.into_iter().map(finding).collect()
}

fn finding(found: Finding) -> DoctorFinding {
    DoctorFinding {
        check: check(found.check),
        outcome: match found.outcome {
            Outcome::Fine => DoctorOutcome::Fine,
            Outcome::Note => DoctorOutcome::Note,
            Outcome::Problem => DoctorOutcome::Problem,
            Outcome::Skipped => DoctorOutcome::Skipped,
        },
        measured: found.measured.map(|measured| match measured {
            Measured::Milliseconds(value) => DoctorMeasure::Milliseconds(value),
            Measured::Seconds(value) => DoctorMeasure::Seconds(value),
            Measured::Days(value) => DoctorMeasure::Days(value),
            Measured::Bytes(value) => DoctorMeasure::Bytes(value),
            Measured::Nanoseconds(value) => DoctorMeasure::Nanoseconds(value),
            Measured::Count(value) => DoctorMeasure::Count(value),
            Measured::Text(value) => DoctorMeasure::Text(value),
        }),
        reason: found
            .error
            .map(|error| Reason::new(of_remote(&error), error)),
    }
}

fn check(check: Check) -> DoctorCheck {
    match check {
        Check::Endpoint => DoctorCheck::Endpoint,
        Check::Tls => DoctorCheck::Tls,
        Check::Clock => DoctorCheck::Clock,
        Check::Key => DoctorCheck::Key,
        Check::Region => DoctorCheck::Region,
        Check::Addressing => DoctorCheck::Addressing,
        Check::Bucket => DoctorCheck::Bucket,
        Check::Marker => DoctorCheck::Marker,
        Check::List => DoctorCheck::List,
        Check::Put => DoctorCheck::Put,
        Check::Head => DoctorCheck::Head,
        Check::Get => DoctorCheck::Get,
        Check::Delete => DoctorCheck::Delete,
        Check::ChecksSha256 => DoctorCheck::ChecksSha256,
        Check::RepeatsSha256 => DoctorCheck::RepeatsSha256,
        Check::ConditionalPut => DoctorCheck::ConditionalPut,
        Check::Multipart => DoctorCheck::Multipart,
        Check::RepeatsParts => DoctorCheck::RepeatsParts,
        Check::ListsParts => DoctorCheck::ListsParts,
        Check::ConditionalMultipart => DoctorCheck::ConditionalMultipart,
        Check::PresignedGet => DoctorCheck::PresignedGet,
        Check::PresignedPut => DoctorCheck::PresignedPut,
        Check::Cors => DoctorCheck::Cors,
        Check::Mounted => DoctorCheck::Mounted,
        Check::Writable => DoctorCheck::Writable,
        Check::Space => DoctorCheck::Space,
        Check::Exclusive => DoctorCheck::Exclusive,
        Check::Durable => DoctorCheck::Durable,
        Check::Case => DoctorCheck::Case,
        Check::Times => DoctorCheck::Times,
    }
}
