//! Sentences for what an examination found: what it is, and where it is not well, what happened, what it
//! means for the photos, what to do.

use crate::words::{bytes, cause, count, grouped};
use library::view::{Cause, DoctorCheck, DoctorFinding, DoctorMeasure, DoctorOutcome};

pub(crate) fn finding(finding: &DoctorFinding) -> String {
    let title = title(finding.check);
    let measured = finding.measured.as_ref();
    let said = match finding.outcome {
        DoctorOutcome::Skipped => "not asked, or not told".to_owned(),
        DoctorOutcome::Fine => fine(finding.check, measured),
        DoctorOutcome::Note => note(finding.check, measured),
        DoctorOutcome::Problem => problem(finding, measured),
    };
    format!("{title}: {said}")
}

fn title(check: DoctorCheck) -> &'static str {
    match check {
        DoctorCheck::Endpoint => "connection",
        DoctorCheck::Tls => "encryption",
        DoctorCheck::Clock => "clock",
        DoctorCheck::Key => "key",
        DoctorCheck::Region => "region",
        DoctorCheck::Addressing => "address of the bucket",
        DoctorCheck::Bucket => "bucket",
        DoctorCheck::Marker => "library",
        DoctorCheck::List => "right to list",
        DoctorCheck::Put => "right to write",
        DoctorCheck::Head => "right to look at an object",
        DoctorCheck::Get => "right to read",
        DoctorCheck::Delete => "right to delete",
        DoctorCheck::ChecksSha256 => "damaged on the way",
        DoctorCheck::RepeatsSha256 => "proof",
        DoctorCheck::ConditionalPut => "never replacing",
        DoctorCheck::Multipart => "large files",
        DoctorCheck::RepeatsParts => "proof of large files",
        DoctorCheck::ListsParts => "list of parts",
        DoctorCheck::ConditionalMultipart => "never replacing, large files",
        DoctorCheck::PresignedGet => "links to read",
        DoctorCheck::PresignedPut => "links to write",
        DoctorCheck::Cors => "web pages",
        DoctorCheck::Mounted => "folder",
        DoctorCheck::Writable => "writing",
        DoctorCheck::Space => "room",
        DoctorCheck::Exclusive => "never replacing",
        DoctorCheck::Durable => "power cut",
        DoctorCheck::Case => "names",
        DoctorCheck::Times => "file times",
        DoctorCheck::SameDisk => "apart from the photos",
    }
}

fn fine(check: DoctorCheck, measured: Option<&DoctorMeasure>) -> String {
    match (check, measured) {
        (DoctorCheck::Endpoint, Some(DoctorMeasure::Milliseconds(ms))) => {
            format!("there in {} ms", grouped(*ms))
        }
        (DoctorCheck::Tls, Some(DoctorMeasure::Days(days))) => {
            format!("trusted, and good for {}", days_of(*days))
        }
        (DoctorCheck::Clock, Some(DoctorMeasure::Seconds(seconds))) => match seconds {
            0 => "as this computer's".to_owned(),
            seconds => format!("{seconds:+} s against this computer's"),
        },
        (DoctorCheck::Addressing, Some(DoctorMeasure::Text(style))) => match style.as_str() {
            "path" => "in the path".to_owned(),
            _ => "in the host's name".to_owned(),
        },
        (DoctorCheck::Space, Some(DoctorMeasure::Bytes(free))) => {
            format!("{} free", bytes(*free))
        }
        (DoctorCheck::Times, Some(DoctorMeasure::Nanoseconds(step))) => {
            format!("kept to {}", step_of(*step))
        }
        (DoctorCheck::Cors, Some(DoctorMeasure::Count(rules))) => {
            let rules = u32::try_from(*rules).unwrap_or(u32::MAX);
            format!("{} let them in", count(rules, "rule", "rules"))
        }
        (DoctorCheck::Case, Some(DoctorMeasure::Text(case))) => match case.as_str() {
            "sensitive" => "a.jpg and A.jpg are two files".to_owned(),
            _ => "a.jpg and A.jpg are one file, which imgn minds".to_owned(),
        },
        (_, Some(DoctorMeasure::Text(text))) => text.clone(),
        (DoctorCheck::Key, _) => "known, and its secret is right".to_owned(),
        (DoctorCheck::Marker, _) => "this one".to_owned(),
        (DoctorCheck::ChecksSha256, _) => "refused".to_owned(),
        (DoctorCheck::RepeatsSha256 | DoctorCheck::RepeatsParts, _) => {
            "the store repeats the SHA-256".to_owned()
        }
        (DoctorCheck::ListsParts, _) => "repeats each part's SHA-256".to_owned(),
        (DoctorCheck::ConditionalPut | DoctorCheck::ConditionalMultipart, _) => {
            "a second object under a name is refused".to_owned()
        }
        (DoctorCheck::SameDisk, _) => "on a disk of its own".to_owned(),
        (DoctorCheck::Durable, _) => "what is written reaches the disk when asked to".to_owned(),
        _ => "yes".to_owned(),
    }
}

fn note(check: DoctorCheck, measured: Option<&DoctorMeasure>) -> String {
    match (check, measured) {
        (DoctorCheck::Tls, Some(DoctorMeasure::Days(days))) => format!(
            "the certificate ends in {}. Then nothing goes up any more. Renew it at the store.",
            days_of(*days)
        ),
        (DoctorCheck::Tls, _) => {
            "none. Whoever is on the way can see the photos. At home that may be fine; else use https://.".to_owned()
        }
        (DoctorCheck::Clock, Some(DoctorMeasure::Seconds(seconds))) => format!(
            "{seconds:+} s against this computer's. imgn signs by the store's time, so photos go up. Set the clock that is wrong."
        ),
        (DoctorCheck::Space, Some(DoctorMeasure::Bytes(free))) => {
            format!("only {} free. When it is full, photos wait. Make room.", bytes(*free))
        }
        (DoctorCheck::Times, Some(DoctorMeasure::Nanoseconds(step))) => format!(
            "kept only to {}. The photos are whole; their sidecars keep the exact time.",
            step_of(*step)
        ),
        (DoctorCheck::SameDisk, Some(DoctorMeasure::Text(folder))) => format!(
            "it is on the same disk as {folder}. When that disk fails, both are gone. Add a destination elsewhere."
        ),
        (DoctorCheck::ChecksSha256, _) => {
            "taken all the same. imgn looks at each object after it went up. Nothing to do.".to_owned()
        }
        (DoctorCheck::RepeatsSha256, Some(DoctorMeasure::Text(_))) => {
            "the store repeats whatever SHA-256 it is told, also of other bytes. A photo counts by its size until it is read back. Run: imgn-cli verify --read-data 100%".to_owned()
        }
        (DoctorCheck::RepeatsSha256, _) => {
            "the store does not repeat the SHA-256. A photo counts by its size until it is read back. Run: imgn-cli verify --read-data 100%".to_owned()
        }
        (DoctorCheck::RepeatsParts, _) => {
            "the store does not repeat the SHA-256 of parts. A large file counts by its size until it is read back.".to_owned()
        }
        (DoctorCheck::ListsParts, _) => {
            "does not repeat the parts' SHA-256. imgn keeps them itself. Nothing to do.".to_owned()
        }
        (DoctorCheck::ConditionalPut | DoctorCheck::ConditionalMultipart, _) => {
            "the store does not refuse. imgn looks first whether a name is free. Let no two machines write there at once.".to_owned()
        }
        (DoctorCheck::Exclusive, _) => {
            "the disk can only reserve names. imgn does so, and replaces nothing. Nothing to do.".to_owned()
        }
        (DoctorCheck::Delete, _) => {
            "no. imgn never deletes a photo there; only its small probes stay. Nothing to do.".to_owned()
        }
        (DoctorCheck::PresignedGet, _) => "they do not work. Photos go up all the same; links to share do not.".to_owned(),
        (DoctorCheck::PresignedPut, _) => "they do not work. Photos go up all the same.".to_owned(),
        _ => "could not be found out. Photos go up all the same.".to_owned(),
    }
}

fn problem(finding: &DoctorFinding, measured: Option<&DoctorMeasure>) -> String {
    match (finding.check, measured) {
        (DoctorCheck::Region, Some(DoctorMeasure::Text(region))) => format!(
            "the bucket is in {region}. Nothing goes up. Remove the destination and add it again with --region {region}."
        ),
        (DoctorCheck::Addressing, Some(DoctorMeasure::Text(style))) => {
            let how = if style == "path" {
                "with --path-style"
            } else {
                "without --path-style"
            };
            format!("the store wants it the other way. Nothing goes up. Remove the destination and add it again {how}.")
        }
        (DoctorCheck::Space, Some(DoctorMeasure::Bytes(free))) => {
            format!("{} free. Photos wait. Make room there.", bytes(*free))
        }
        (DoctorCheck::Clock, Some(DoctorMeasure::Seconds(seconds))) => format!(
            "{seconds:+} s against this computer's. The store refuses everything. Set this computer's clock."
        ),
        (DoctorCheck::List, _) => {
            "no. Photos go up, but what is there already is not recognised. Give the key s3:ListBucket.".to_owned()
        }
        (DoctorCheck::Put, _) => "no. Nothing goes up. Give the key s3:PutObject.".to_owned(),
        (DoctorCheck::Get | DoctorCheck::Head, _) => {
            "no. Photos go up, but cannot be checked or brought back. Give the key s3:GetObject.".to_owned()
        }
        (DoctorCheck::Multipart, _) if forbids(finding) => {
            "they do not go up in parts. Photos of more than 64 MB wait. Give the key s3:PutObject and s3:AbortMultipartUpload.".to_owned()
        }
        (DoctorCheck::Multipart, _) => {
            "they do not go up in parts. Photos of more than 64 MB wait. The store has no uploads in parts that imgn can use; ask who runs it, or use another.".to_owned()
        }
        (DoctorCheck::Exclusive, _) => {
            "a file could not be put without replacing one. Nothing goes up. Use another disk.".to_owned()
        }
        (DoctorCheck::Durable, _) => {
            "what is written may not survive a power cut. Check the disk or the share.".to_owned()
        }
        _ => finding
            .reason
            .as_ref()
            .map_or("it does not work.", |reason| cause(reason.code))
            .to_owned(),
    }
}

/// Whether the far side said that this key may not.
fn forbids(finding: &DoctorFinding) -> bool {
    finding
        .reason
        .as_ref()
        .is_some_and(|reason| reason.code == Cause::Forbidden)
}

fn days_of(days: i64) -> String {
    count(u32::try_from(days).unwrap_or(0), "day", "days")
}

fn step_of(nanoseconds: u64) -> String {
    match nanoseconds {
        0..1_000 => format!("{nanoseconds} ns"),
        1_000..1_000_000 => format!("{} µs", nanoseconds / 1_000),
        1_000_000..1_000_000_000 => format!("{} ms", nanoseconds / 1_000_000),
        _ => format!("{} s", nanoseconds / 1_000_000_000),
    }
}
