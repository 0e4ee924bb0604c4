//! `POST /upload` where originals go straight to the store: a form becomes an address to put the file at.
//!
//! What our client says of the file is signed with the address, so the store takes these bytes and no others, and
//! only where nothing stands. An old client says nothing but a name, and gets the address alone.
//!
//! **Invariant:** an address is good for [`GOOD_FOR`], is for one key that nothing stood under, and is in no log.

use crate::answer::{Refusal, Tongue, ours};
use crate::deployment::Deployment;
use crate::form::{self, Announcement};
use crate::gallery::looks_like_a_photo;
use crate::upload::TWINS;
use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use jiff::Timestamp;
use media::MediaType;
use remote::api::Offer;
use remote::{Announced, KeyParts, KeyTemplate, Sha256, Slot};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

const GOOD_FOR: Duration = Duration::from_secs(5 * 60);
/// What a photo is that nothing here can read.
const UNREADABLE: &str = "application/octet-stream";

/// `POST /upload`
pub(crate) async fn make(State(deployment): State<Arc<Deployment>>, request: Request) -> Response {
    let tongue = Tongue::of(request.headers());
    let (parts, body) = request.into_parts();
    let made = match form::announcement(&parts.headers, body, deployment.limits).await {
        Ok(form) => offer(&deployment, &form, tongue).await,
        Err(refusal) => Err(refusal),
    };
    match made {
        Ok(offer) => {
            let (key, outcome) = match &offer {
                Offer::Put { key, .. } => (key, "offered"),
                Offer::Duplicate { key, .. } => (key, "duplicate"),
            };
            deployment.metrics.uploaded(outcome, 0);
            tracing::info!(key, outcome, "upload");
            answer(offer, tongue)
        }
        Err(refusal) => {
            deployment.metrics.uploaded(refusal.code(), 0);
            tracing::info!(outcome = refusal.code(), "upload refused");
            refusal.of_upload(tongue)
        }
    }
}

fn answer(offer: Offer, tongue: Tongue) -> Response {
    let never = (CACHE_CONTROL, "no-store");
    match (tongue, offer) {
        (Tongue::Ours, offer) => ([(CONTENT_TYPE, ours())], [never], Json(offer)).into_response(),
        (Tongue::Plain, Offer::Put { url, .. }) => (StatusCode::OK, [never], url).into_response(),
        (Tongue::Plain, Offer::Duplicate { .. }) => Refusal::NameTaken.of_upload(Tongue::Plain),
    }
}

async fn offer(
    deployment: &Deployment,
    form: &Announcement,
    tongue: Tongue,
) -> Result<Offer, Refusal> {
    let content_type = content_type(form, tongue)?;
    match tongue {
        Tongue::Ours => {
            let (sha256, size) = form
                .fields
                .sha256
                .zip(form.fields.size)
                .ok_or(Refusal::Unannounced)?;
            match size {
                0 => return Err(Refusal::Empty),
                size if size > deployment.limits.size => return Err(Refusal::TooLarge),
                _ => {}
            }
            let announced = Announced {
                size,
                sha256,
                mtime: form.fields.mtime,
                content_type,
            };
            slot(deployment, form, sha256, Some(&announced)).await
        }
        // Its bytes are not known, so what tells it from another of its name is chance.
        Tongue::Plain => slot(deployment, form, chance(), None).await,
    }
}

/// The first of the names that the file may have under which nothing stands, or under which it is already.
async fn slot(
    deployment: &Deployment,
    form: &Announcement,
    sha256: Sha256,
    announced: Option<&Announced<'_>>,
) -> Result<Offer, Refusal> {
    let media_type = announced.and_then(|it| MediaType::of_mime(it.content_type));
    let parts = KeyParts {
        filename: form.filename.as_bytes(),
        path: b"",
        taken_at: form.fields.taken_at,
        mtime: form.fields.mtime,
        now: Timestamp::now(),
        sha256,
        extension: media_type.map_or("bin", MediaType::extension),
        camera: None,
    };
    let template = KeyTemplate::default();
    // An address that signs no bytes replaces what stands there: it is for a name that nobody else is given.
    let first = if announced.is_some() { 0 } else { 1 };
    for twin in first..TWINS {
        let key = template.render(&parts, twin);
        let remote = &deployment.store.remote;
        let slot = remote.offer(&key, announced, GOOD_FOR).await;
        match slot.map_err(refused)? {
            Some(Slot::Free { url, headers }) => {
                let key = key.into();
                return Ok(Offer::Put { key, url, headers });
            }
            Some(Slot::Taken(object)) => {
                let same = announced.is_some_and(|announced| {
                    object.size == announced.size && object.sha256 == Some(announced.sha256)
                });
                if same {
                    return Ok(Offer::Duplicate {
                        key: key.into(),
                        duplicate: true,
                        sha256: hex::encode(sha256),
                        etag: object.etag,
                    });
                }
            }
            None => {
                tracing::error!("this store has no addresses to offer");
                return Err(Refusal::Internal);
            }
        }
    }
    Err(Refusal::NameTaken)
}

/// What the file is to be kept as; refuses what is no photo as far as its sender says.
fn content_type(form: &Announcement, tongue: Tongue) -> Result<&'static str, Refusal> {
    let said = form.fields.media_type.as_deref();
    let by_name = || {
        let (_, extension) = form.filename.rsplit_once('.')?;
        MediaType::of_extension(&extension.to_ascii_lowercase())
    };
    let known = match said {
        // Browsers have names of their own for many of them.
        Some(said) if said.starts_with("image/") => MediaType::of_mime(said).or_else(by_name),
        Some(said) => MediaType::of_mime(said),
        None => by_name(),
    };
    match (known, said, tongue) {
        (Some(known), _, _) => Ok(known.mime()),
        (None, None | Some(UNREADABLE), Tongue::Ours) if looks_like_a_photo(&form.filename) => {
            Ok(UNREADABLE)
        }
        _ => Err(Refusal::NotAPhoto),
    }
}

fn chance() -> Sha256 {
    let (one, other) = (Uuid::new_v4().into_bytes(), Uuid::new_v4().into_bytes());
    let mut bytes = [0; 32];
    bytes[..16].copy_from_slice(&one);
    bytes[16..].copy_from_slice(&other);
    bytes
}

/// Who may not list a bucket is told "forbidden" of what is not there: then no free name can be found.
fn refused(error: remote::Error) -> Refusal {
    match error {
        remote::Error::Forbidden { .. } => {
            tracing::error!(%error, "this service may not look into its own bucket; it needs s3:ListBucket");
            Refusal::Misconfigured
        }
        error => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Fields;

    #[test]
    fn what_is_said_to_be_no_photo_is_refused() {
        use Tongue::{Ours, Plain};
        //  name, filename, type, tongue, kept as
        let cases = [
            (
                "a photo",
                "a.jpg",
                Some("image/jpeg"),
                Ours,
                Some("image/jpeg"),
            ),
            ("by its name", "A.JPG", None, Plain, Some("image/jpeg")),
            (
                "as a browser calls it",
                "a.cr2",
                Some("image/x-canon-cr2"),
                Ours,
                Some(MediaType::Raw.mime()),
            ),
            ("a drawing", "a.svg", Some("image/svg+xml"), Ours, None),
            (
                "by its type",
                "a",
                Some("image/png"),
                Ours,
                Some("image/png"),
            ),
            (
                "unreadable",
                "a.jpg",
                Some(UNREADABLE),
                Ours,
                Some(UNREADABLE),
            ),
            (
                "unreadable, for an old client",
                "a.jpg",
                Some(UNREADABLE),
                Plain,
                None,
            ),
            ("a page", "a.jpg", Some("text/html"), Ours, None),
            ("a page's name", "a.html", None, Plain, None),
            ("a film", "a.mov", Some("video/quicktime"), Ours, None),
            (
                "unreadable and no photo's name",
                "a.txt",
                Some(UNREADABLE),
                Ours,
                None,
            ),
            ("nothing said", "a", None, Ours, None),
        ];
        for (name, filename, media_type, tongue, expected) in cases {
            let form = Announcement {
                fields: Fields {
                    media_type: media_type.map(str::to_owned),
                    ..Fields::default()
                },
                filename: filename.to_owned(),
            };
            assert_eq!(content_type(&form, tongue).ok(), expected, "{name}");
        }
    }
}
