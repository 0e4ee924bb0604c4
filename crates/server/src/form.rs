//! An upload's form, read as it arrives: a few short fields, and one file into the spool.
//!
//! **Invariant:** what is in memory is bounded: of the file a chunk, of everything else [`AROUND`]
//! bytes. A sender that falls silent is given up.

mod metered;

use crate::answer::Refusal;
use crate::spool::{Spool, Spooled, Writing};
use axum::body::Body;
use http::{HeaderMap, header};
use jiff::{Timestamp, civil};
use metered::{Metered, TooMuchAround};
use multer::{Constraints, Field, Multipart, SizeLimit};
use remote::{Sha256, mtime};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Bytes that headers of parts and fields may have between two chunks of a file.
const AROUND: u64 = 64 * 1024;
/// Longest value of a field that is not the file.
const LONGEST_FIELD: usize = 1024;
/// Parts of one form.
const MOST_PARTS: usize = 32;
/// Longest name of a file; file systems have 255 bytes.
const LONGEST_NAME: usize = 1024;

/// What a form said of a file that goes another way: its body was let pass by.
#[derive(Debug)]
pub(crate) struct Announcement {
    pub(crate) fields: Fields,
    /// As the sender calls it: not empty, without folders.
    pub(crate) filename: String,
}

/// What a form said, and the file that it brought.
#[derive(Debug)]
pub(crate) struct Form {
    pub(crate) fields: Fields,
    /// As the sender calls it: not empty, without folders.
    pub(crate) filename: String,
    pub(crate) file: Spooled,
}

/// What a sender says of the file; all of it may be absent.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Fields {
    pub(crate) sha256: Option<Sha256>,
    pub(crate) size: Option<u64>,
    /// MIME type, as the sender calls it.
    pub(crate) media_type: Option<String>,
    pub(crate) taken_at: Option<civil::DateTime>,
    pub(crate) mtime: Option<Timestamp>,
}

/// What one upload may cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Bytes of the file.
    pub(crate) size: u64,
    /// How long a sender may send nothing.
    pub(crate) patience: Duration,
}

/// Reads the whole form. A file that was read is gone again when anything is wrong.
pub(crate) async fn read(
    headers: &HeaderMap,
    body: Body,
    spool: &Spool,
    limits: Limits,
) -> Result<Form, Refusal> {
    let parts = parts(headers, body, Files::To(spool), limits).await?;
    Ok(Form {
        fields: parts.fields,
        filename: parts.filename,
        file: parts.file.ok_or(Refusal::NoFile)?,
    })
}

/// Reads what a form says; a file that it brings, which may be empty, is not kept.
pub(crate) async fn announcement(
    headers: &HeaderMap,
    body: Body,
    limits: Limits,
) -> Result<Announcement, Refusal> {
    let parts = parts(headers, body, Files::PassBy, limits).await?;
    Ok(Announcement {
        fields: parts.fields,
        filename: parts.filename,
    })
}

/// Where files go.
#[derive(Clone, Copy)]
enum Files<'a> {
    To(&'a Spool),
    PassBy,
}

struct Parts {
    fields: Fields,
    filename: String,
    file: Option<Spooled>,
}

async fn parts(
    headers: &HeaderMap,
    body: Body,
    files: Files<'_>,
    limits: Limits,
) -> Result<Parts, Refusal> {
    let boundary = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| multer::parse_boundary(value).ok())
        .ok_or(Refusal::BadForm)?;
    // Refused before a byte of it is read: whoever waits for a word to go on need send nothing.
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|size| size > limits.size.saturating_add(AROUND)) {
        return Err(Refusal::TooLarge);
    }
    let allowance = Arc::new(AtomicU64::new(AROUND));
    let bytes = Metered::new(body.into_data_stream(), Arc::clone(&allowance));
    let whole = SizeLimit::new().whole_stream(limits.size.saturating_add(2 * AROUND));
    let constraints = Constraints::new().size_limit(whole);
    let mut parts = Multipart::with_constraints(bytes, boundary, constraints);

    let (mut fields, mut file) = (Fields::default(), None);
    for _ in 0..MOST_PARTS {
        allowance.store(AROUND, Ordering::Relaxed);
        let Some(mut part) = patiently(limits, parts.next_field()).await? else {
            let (filename, file) = file.ok_or(Refusal::NoFile)?;
            return Ok(Parts {
                fields,
                filename,
                file,
            });
        };
        if part.name() == Some("file") || part.file_name().is_some() {
            // The original keeps the last one; here nobody's file is lost without a word.
            if file.is_some() {
                return Err(Refusal::BadForm);
            }
            let name = filename(&part)?;
            allowance.store(u64::MAX, Ordering::Relaxed);
            let spooled = match files {
                Files::To(spool) => {
                    let writing = spool.begin(&name).await.map_err(spool_failed)?;
                    Some(receive(&mut part, writing, limits).await?)
                }
                Files::PassBy => {
                    while patiently(limits, part.chunk()).await?.is_some() {}
                    None
                }
            };
            file = Some((name, spooled));
        } else {
            let value = short(&mut part, limits).await?;
            fields.take(part.name().unwrap_or_default(), &value)?;
        }
    }
    Err(Refusal::BadForm)
}

async fn receive(
    part: &mut Field<'_>,
    mut writing: Writing,
    limits: Limits,
) -> Result<Spooled, Refusal> {
    while let Some(chunk) = patiently(limits, part.chunk()).await? {
        if writing.size() + chunk.len() as u64 > limits.size {
            return Err(Refusal::TooLarge);
        }
        writing.write(&chunk).await.map_err(spool_failed)?;
    }
    if writing.size() == 0 {
        return Err(Refusal::Empty);
    }
    writing.end().await.map_err(spool_failed)
}

async fn short(part: &mut Field<'_>, limits: Limits) -> Result<String, Refusal> {
    let mut value = Vec::new();
    while let Some(chunk) = patiently(limits, part.chunk()).await? {
        if value.len() + chunk.len() > LONGEST_FIELD {
            return Err(Refusal::BadField);
        }
        value.extend_from_slice(&chunk);
    }
    String::from_utf8(value).map_err(|_| Refusal::BadField)
}

fn filename(part: &Field<'_>) -> Result<String, Refusal> {
    match part.file_name() {
        None | Some("") => Err(Refusal::NoFilename),
        Some(name) if leads_elsewhere(name) => Err(Refusal::BadFilename),
        Some(name) => Ok(name.to_owned()),
    }
}

/// A file's name has no folders. A backslash is a letter where files are not called by paths that
/// have it, and is taken as one unless it is part of a way out.
fn leads_elsewhere(name: &str) -> bool {
    name.len() > LONGEST_NAME
        || name.contains(['/', '\0'])
        || name
            .split('\\')
            .any(|segment| matches!(segment, "." | ".."))
}

impl Fields {
    /// Fields that nobody knows yet are left out.
    fn take(&mut self, name: &str, value: &str) -> Result<(), Refusal> {
        let value = value.trim();
        if value.is_empty() {
            return Ok(());
        }
        let bad = Refusal::BadField;
        match name {
            "sha256" => {
                let bytes = hex::decode(value).map_err(|_| bad)?;
                self.sha256 = Some(bytes.try_into().map_err(|_| bad)?);
            }
            "type" => self.media_type = Some(value.to_ascii_lowercase()),
            "size" => self.size = Some(value.parse().map_err(|_| bad)?),
            "taken_at" => self.taken_at = Some(value.parse().map_err(|_| bad)?),
            "mtime" => self.mtime = Some(moment(value).ok_or(bad)?),
            _ => {}
        }
        Ok(())
    }
}

/// Seconds since 1970 with a fraction, as rclone writes them, or RFC 3339.
fn moment(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| mtime::parse(text))
}

async fn patiently<T>(
    limits: Limits,
    next: impl Future<Output = multer::Result<T>>,
) -> Result<T, Refusal> {
    match tokio::time::timeout(limits.patience, next).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => {
            tracing::debug!(%error, "a form that cannot be read");
            Err(match error {
                multer::Error::IncompleteFieldData { .. }
                | multer::Error::IncompleteStream
                | multer::Error::IncompleteHeaders => Refusal::Truncated,
                multer::Error::StreamSizeExceeded { .. } => Refusal::TooLarge,
                multer::Error::StreamReadFailed(cause)
                    if cause.downcast_ref::<TooMuchAround>().is_none() =>
                {
                    Refusal::Truncated
                }
                _ => Refusal::BadForm,
            })
        }
        Err(_) => Err(Refusal::TooSlow),
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what map_err hands over"
)]
fn spool_failed(error: std::io::Error) -> Refusal {
    tracing::error!(%error, "what arrives cannot be written to the spool");
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Refusal::Full,
        std::io::ErrorKind::ReadOnlyFilesystem | std::io::ErrorKind::PermissionDenied => {
            Refusal::ReadOnly
        }
        _ => Refusal::Internal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_elsewhere_are_told_from_odd_ones() {
        //  name, leads elsewhere
        let cases = [
            ("a.jpg", false),
            ("..jpg", false),
            ("a..b.jpg", false),
            ("back\\slash.jpg", false),
            ("<b>.jpg", false),
            ("../a.jpg", true),
            ("/etc/passwd", true),
            ("..", true),
            (".", true),
            ("..\\..\\a.jpg", true),
            ("a\0.jpg", true),
        ];
        for (name, expected) in cases {
            assert_eq!(leads_elsewhere(name), expected, "{name:?}");
        }
    }

    #[test]
    fn fields_are_read_or_refused() {
        //  name, value, fine
        let cases = [
            ("sha256", "ab", false),
            ("sha256", &"ab".repeat(32), true),
            ("size", "12", true),
            ("size", "-1", false),
            ("taken_at", "2019-06-01T12:30:00", true),
            ("taken_at", "soon", false),
            ("mtime", "1588561321", true),
            ("mtime", "1588561321.25", true),
            ("mtime", "-1.5", true),
            ("mtime", "2020-05-04T03:02:01Z", true),
            ("mtime", "1.-5", false),
            ("mtime", "yesterday", false),
            ("mtime", "", true),
            ("later", "anything", true),
        ];
        for (name, value, fine) in cases {
            let taken = Fields::default().take(name, value);
            assert_eq!(taken.is_ok(), fine, "{name} {value}");
        }
        assert_eq!(
            moment("1588561321.25").unwrap(),
            "2020-05-04T03:02:01.25Z".parse().unwrap()
        );
    }
}
