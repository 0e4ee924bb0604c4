//! `POST /upload`: a form becomes an original in the store.
//!
//! Order: into the spool, what it is, its key, the store. The metadata that the key needs is read by
//! a worker; a picture that hurts a decoder gets its key by its time instead.
//!
//! **Invariant:** success is said only after the store has the bytes, durably; nothing is replaced.

use crate::answer::{Refusal, Tongue, ours};
use crate::deployment::Deployment;
use crate::form::{self, Form};
use crate::picture;
use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use jiff::Timestamp;
use media::worker::WorkerError;
use media::{Kind, Metadata};
use remote::api::Accepted;
use remote::{Key, KeyParts, KeyTemplate, Original, Put};
use std::path::Path;
use std::sync::Arc;

/// More pixels than any camera makes are believed only in a file that could hold them.
const BELIEVABLE_PIXELS: u64 = 1 << 28;
/// Compressed as well as a plain surface is by PNG.
const MOST_PIXELS_A_BYTE: u64 = 1 << 10;

/// The plain name, and the two forms with a part of the hash.
pub(crate) const TWINS: u8 = 3;

/// `GET /upload`: whoever opens it in a browser wants the page.
pub(crate) async fn see_page() -> Redirect {
    Redirect::to("/")
}

/// `POST /upload`
pub(crate) async fn take(State(deployment): State<Arc<Deployment>>, request: Request) -> Response {
    let tongue = Tongue::of(request.headers());
    match receive(&deployment, request, tongue).await {
        Ok((accepted, size)) => {
            let outcome = if accepted.duplicate {
                "duplicate"
            } else {
                "stored"
            };
            let bytes = if accepted.duplicate { 0 } else { size };
            deployment.metrics.uploaded(outcome, bytes);
            tracing::info!(key = accepted.key, size, outcome, "uploaded");
            match tongue {
                Tongue::Ours => (
                    StatusCode::CREATED,
                    [(CONTENT_TYPE, ours())],
                    Json(accepted),
                )
                    .into_response(),
                Tongue::Plain => (StatusCode::CREATED, "The image was stored.\n").into_response(),
            }
        }
        Err(refusal) => {
            deployment.metrics.uploaded(refusal.code(), 0);
            tracing::info!(outcome = refusal.code(), "upload refused");
            refusal.of_upload(tongue)
        }
    }
}

async fn receive(
    deployment: &Deployment,
    request: Request,
    tongue: Tongue,
) -> Result<(Accepted, u64), Refusal> {
    let (parts, body) = request.into_parts();
    let spool = &deployment.store.spool;
    let form = form::read(&parts.headers, body, spool, deployment.limits).await?;
    if form
        .fields
        .sha256
        .is_some_and(|said| said != form.file.sha256)
        || form.fields.size.is_some_and(|said| said != form.file.size)
    {
        return Err(Refusal::OtherBytes);
    }
    let kind = kind_of(form.file.path()).await?;
    match (kind, tongue) {
        (Kind::Photo(_), _) | (Kind::Unreadable, Tongue::Ours) => {}
        (Kind::Empty, _) => return Err(Refusal::Empty),
        (Kind::Unreadable | Kind::Video | Kind::Other, _) => return Err(Refusal::NotAPhoto),
    }
    let metadata = inspect(deployment, &form).await;
    if is_bomb(&metadata, form.file.size) {
        return Err(Refusal::TooManyPixels);
    }
    let (key, duplicate) = store(deployment, &form, kind, &metadata).await?;
    let etag = etag(deployment, &key).await;
    if !duplicate
        && let Some(stored) = &deployment.stored
        && let Err(error) = stored.try_send(key.clone())
    {
        tracing::debug!(%error, "left to the next batch");
    }
    let accepted = Accepted {
        key: key.into(),
        sha256: hex::encode(form.file.sha256),
        duplicate,
        etag,
    };
    Ok((accepted, form.file.size))
}

/// What the picture's own answer will have; it is stored whether or not that can be had.
async fn etag(deployment: &Deployment, key: &Key) -> Option<String> {
    let object = deployment.store.remote.head(key).await.ok()??;
    let etag = picture::etag(&object)?;
    etag.to_str().ok().map(str::to_owned)
}

async fn kind_of(path: &Path) -> Result<Kind, Refusal> {
    let path = path.to_owned();
    let looked = tokio::task::spawn_blocking(move || Kind::of_file(&path)).await;
    looked
        .map_err(std::io::Error::other)
        .flatten()
        .map_err(|error| {
            tracing::error!(%error, "what arrived cannot be read");
            Refusal::Internal
        })
}

/// What the picture says about itself, if it can be had.
async fn inspect(deployment: &Deployment, form: &Form) -> Metadata {
    match deployment.workers.inspect(form.file.path()).await {
        Ok(inspection) => inspection.metadata,
        Err(error @ WorkerError::Start(_)) => {
            tracing::error!(%error, "an image is stored by its time");
            Metadata::default()
        }
        Err(error) => {
            tracing::warn!(%error, "an image is stored by its time");
            Metadata::default()
        }
    }
}

fn is_bomb(metadata: &Metadata, size: u64) -> bool {
    let side = |side: Option<u32>| u64::from(side.unwrap_or(0));
    let pixels = side(metadata.width) * side(metadata.height);
    pixels > BELIEVABLE_PIXELS && pixels > size.saturating_mul(MOST_PIXELS_A_BYTE)
}

/// The key under which these bytes are now, and whether they were there before.
async fn store(
    deployment: &Deployment,
    form: &Form,
    kind: Kind,
    metadata: &Metadata,
) -> Result<(Key, bool), Refusal> {
    let _turn = deployment
        .storing
        .acquire()
        .await
        .map_err(|_| Refusal::Internal)?;
    let now = Timestamp::now();
    let parts = KeyParts {
        filename: form.filename.as_bytes(),
        path: b"",
        taken_at: form.fields.taken_at.or(metadata.taken_at),
        mtime: form.fields.mtime,
        now,
        sha256: form.file.sha256,
        extension: kind.media_type().map_or("bin", media::MediaType::extension),
        camera: metadata.camera.model.as_deref(),
    };
    let original = Original {
        path: form.file.path(),
        size: form.file.size,
        sha256: form.file.sha256,
        mtime: form.fields.mtime.unwrap_or(now),
        content_type: kind.mime(),
        taken_at: form.fields.taken_at.or(metadata.taken_at),
    };
    let template = KeyTemplate::default();
    for twin in 0..TWINS {
        let key = template.render(&parts, twin);
        let put = deployment.store.remote.put(&key, &original, &|_| {});
        match put.await? {
            Put::Stored(_) => return Ok((key, false)),
            Put::Adopted(_) => return Ok((key, true)),
            // No store of ours chooses by itself.
            Put::Elsewhere { key, adopted, .. } => return Ok((key, adopted)),
            Put::KeyTaken => {}
        }
    }
    Err(Refusal::NameTaken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bomb_is_told_from_a_large_picture() {
        //  name, width, height, bytes, bomb
        let cases = [
            ("a phone's", Some(4000), Some(3000), 3_000_000, false),
            ("a panorama", Some(60_000), Some(8_000), 120_000_000, false),
            ("a plain scan", Some(20_000), Some(20_000), 1_000_000, false),
            ("a bomb", Some(100_000), Some(100_000), 40_000, true),
            ("nothing known", None, None, 1, false),
        ];
        for (name, width, height, size, bomb) in cases {
            let metadata = Metadata {
                width,
                height,
                ..Metadata::default()
            };
            assert_eq!(is_bomb(&metadata, size), bomb, "{name}");
        }
    }
}
