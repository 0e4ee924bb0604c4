//! What lies beside an original at a destination: its sidecar and its thumbnail. Made again where
//! missing; may be replaced at any time.

use crate::beside::{MOST_SIDECAR, OF_A_LATER_IMGN};
use crate::blocking::blocking;
use crate::clock;
use crate::context::Context;
use crate::registry::Open;
use crate::store::StoreError;
use crate::store::copies::{self, Origin};
use crate::store::jobs::{self, Job};
use crate::store::photos::{self, Photo, Thumb};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use media::{Meta, Sidecar};
use remote::{Derived, Key};

/// Puts the `imgn/1` sidecar beside the original.
pub(crate) async fn sidecar(
    context: &Context,
    open: &Open,
    job: Job,
) -> Result<Result<(), remote::Error>, StoreError> {
    match open.remote.derived() {
        Derived::Ours => {}
        Derived::Size => return size(context, open, job).await,
        // Nothing is sent, and a person's word stays here.
        Derived::Theirs => return leave_sidecar(context, job).await,
    }
    let Some((photo, key, origin)) = copy(context, open, job).await? else {
        return finish(context, job).await;
    };
    let Ok(key) = Key::parse(&key) else {
        return finish(context, job).await;
    };
    let ours = of_photo(&photo);
    // What nobody else wrote and no person changed since need not be looked for.
    let theirs = if origin == Origin::Put && photo.rev <= 1 {
        None
    } else {
        match open.remote.get(&key.sidecar(), MOST_SIDECAR).await {
            Ok(body) => match body.as_deref().map_or(Meta::NotYet, meta) {
                // A person's word stays here until this imgn knows how to write it there.
                Meta::Later { schema } => {
                    tracing::warn!(key = key.as_str(), schema, "{OF_A_LATER_IMGN}");
                    return finish_sidecar(context, job, photo.rev).await;
                }
                Meta::Sidecar(sidecar) => Some(*sidecar).filter(|it| is_of(it, &photo)),
                Meta::Size { .. } | Meta::NotYet => None,
            },
            Err(remote::Error::TooLarge { .. }) => None,
            Err(error) => return Ok(Err(error)),
        }
    };
    let Some(sidecar) = projected(origin, ours, theirs) else {
        return finish_sidecar(context, job, photo.rev).await;
    };
    let body = Bytes::from(sidecar.to_json());
    match open
        .remote
        .put_derived(&key.sidecar(), body, "application/json")
        .await
    {
        Ok(()) => finish_sidecar(context, job, photo.rev).await,
        Err(error) => Ok(Err(error)),
    }
}

/// Puts the size as stored beside the original, for servers of the original imgn. What says it already, in
/// their form or in ours, is left; so is a photo whose size is not known, which theirs may find out.
async fn size(
    context: &Context,
    open: &Open,
    job: Job,
) -> Result<Result<(), remote::Error>, StoreError> {
    let Some((photo, key, _)) = copy(context, open, job).await? else {
        return finish(context, job).await;
    };
    let (Ok(key), Some((width, height))) = (Key::parse(&key), photo.metadata.stored_size()) else {
        return leave_sidecar(context, job).await;
    };
    let said = match open.remote.get(&key.sidecar(), MOST_SIDECAR).await {
        Ok(body) => body.is_some_and(|body| meta(&body) != Meta::NotYet),
        Err(remote::Error::TooLarge { .. }) => true,
        Err(error) => return Ok(Err(error)),
    };
    if !said {
        let text = Bytes::from(format!("{width}x{height}"));
        let beside = key.sidecar();
        let put = open.remote.put_derived(&beside, text, "text/plain");
        if let Err(error) = put.await {
            return Ok(Err(error));
        }
    }
    finish_sidecar(context, job, photo.rev).await
}

/// What is to be written where `theirs` lies; none: it says all there is to say.
///
/// Another machine's sidecar has what only that one knows: only what a person changed here is
/// changed in it. Its `rev` rises, so that readers know which is the later.
fn projected(origin: Origin, ours: Sidecar, theirs: Option<Sidecar>) -> Option<Sidecar> {
    let Some(theirs) = theirs else {
        return Some(ours);
    };
    let unchanged_here = ours.rev <= 1;
    if unchanged_here || (theirs.favourite == ours.favourite && theirs.rev >= ours.rev) {
        return None;
    }
    let rev = ours.rev.max(theirs.rev + 1);
    let favourite = ours.favourite;
    let base = match origin {
        Origin::Put => ours,
        Origin::Adopted => theirs,
    };
    Some(Sidecar {
        rev,
        favourite,
        ..base
    })
}

/// Puts the thumbnail where machines without the original look for it.
pub(crate) async fn thumbnail(
    context: &Context,
    open: &Open,
    job: Job,
) -> Result<Result<(), remote::Error>, StoreError> {
    if open.remote.derived() != Derived::Ours {
        return finish(context, job).await;
    }
    let photo = context
        .store
        .read(move |db| photos::get(db, job.photo))
        .await?;
    let Some(sha256) = photo.and_then(|photo| photo.sha256) else {
        return finish(context, job).await;
    };
    let cache = context.thumbs.clone();
    let cached = blocking(move || cache.read(&sha256)).await;
    let webp = match cached {
        Ok(Some(webp)) => webp,
        // It was cleared away: made anew, which queues this again.
        Ok(None) => {
            context
                .store
                .write(move |db| photos::set_thumb(db, job.photo, Thumb::Wanted, None, None))
                .await?;
            context.bells.thumbs.notify_one();
            return finish(context, job).await;
        }
        Err(source) => {
            return Ok(Err(remote::Error::Io {
                path: context.thumbs.path(&sha256),
                source,
            }));
        }
    };
    match open
        .remote
        .put_derived(&Key::thumbnail(&sha256), Bytes::from(webp), "image/webp")
        .await
    {
        Ok(()) => finish(context, job).await,
        Err(error) => Ok(Err(error)),
    }
}

fn meta(body: &[u8]) -> Meta {
    std::str::from_utf8(body).map_or(Meta::NotYet, Meta::parse)
}

fn is_of(sidecar: &Sidecar, photo: &Photo) -> bool {
    Some(&sidecar.sha256) == photo.sha256.map(hex::encode).as_ref()
}

/// The sidecar of a photo as the library knows it.
fn of_photo(photo: &Photo) -> Sidecar {
    Sidecar {
        rev: photo.rev,
        sha256: photo.sha256.map(hex::encode).unwrap_or_default(),
        previous: photo.previous.map(hex::encode),
        size: photo.size,
        media_type: photo.media_type.clone(),
        metadata: photo.metadata.clone(),
        favourite: photo.favourite,
        thumbhash: photo.thumbhash.as_ref().map(|hash| STANDARD.encode(hash)),
        original_name: photo.original_name.clone(),
        mtime: photo.mtime.and_then(clock::utc),
        // That there was nobody to read it says nothing of the picture.
        error: photo.unreadable.clone().filter(|_| !photo.metadata_due),
    }
}

/// The photo, under which key it is at this destination, and who put it there. None: it is gone from one or the other.
async fn copy(
    context: &Context,
    open: &Open,
    job: Job,
) -> Result<Option<(Photo, String, Origin)>, StoreError> {
    let destination = open.destination.id;
    let (photo, at) = context
        .store
        .read(move |db| {
            Ok((
                photos::get(db, job.photo)?,
                copies::key_and_origin(db, job.photo, destination)?,
            ))
        })
        .await?;
    Ok(photo
        .zip(at)
        .map(|(photo, (key, origin))| (photo, key, origin)))
}

async fn leave_sidecar(
    context: &Context,
    job: Job,
) -> Result<Result<(), remote::Error>, StoreError> {
    let photo = context
        .store
        .read(move |db| photos::get(db, job.photo))
        .await?;
    match photo {
        Some(photo) => finish_sidecar(context, job, photo.rev).await,
        None => finish(context, job).await,
    }
}

async fn finish_sidecar(
    context: &Context,
    job: Job,
    rev: u64,
) -> Result<Result<(), remote::Error>, StoreError> {
    context
        .store
        // Lost, it is put once more.
        .write_reproducible(move |db| jobs::finish_sidecar(db, &job, rev))
        .await?;
    Ok(Ok(()))
}

async fn finish(context: &Context, job: Job) -> Result<Result<(), remote::Error>, StoreError> {
    context
        .store
        .write_reproducible(move |db| jobs::finish(db, &job))
        .await?;
    Ok(Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::photos::PhotoId;
    use crate::store::state::OfPhoto;

    #[test]
    fn a_persons_word_goes_into_the_sidecar_that_is_there_and_its_rev_rises() {
        let sidecar = |rev, favourite, name: &str| {
            Sidecar {
            rev,
            favourite,
            original_name: name.as_bytes().to_vec(),
            ..Sidecar::parse(
                r#"{"schema":"imgn/1","rev":0,"sha256":"00","size":1,"type":"image/png","original_name":"a"}"#,
            )
            .unwrap()
        }
        };
        let (put, adopted) = (Origin::Put, Origin::Adopted);
        //  name, whose object, ours, what lies there, what is written
        let cases = [
            (
                "first of all",
                put,
                (1, false),
                None,
                Some((1, false, "ours")),
            ),
            (
                "adopted, none there",
                adopted,
                (1, false),
                None,
                Some((1, false, "ours")),
            ),
            (
                "adopted, first wins",
                adopted,
                (1, false),
                Some((1, true)),
                None,
            ),
            (
                "a favourite of ours",
                put,
                (2, true),
                Some((1, false)),
                Some((2, true, "ours")),
            ),
            (
                "a favourite of theirs",
                adopted,
                (2, true),
                Some((1, false)),
                Some((2, true, "theirs")),
            ),
            (
                "theirs rose meanwhile",
                adopted,
                (2, true),
                Some((7, false)),
                Some((8, true, "theirs")),
            ),
            ("said already", adopted, (2, true), Some((2, true)), None),
            (
                "taken back",
                put,
                (3, false),
                Some((2, true)),
                Some((3, false, "ours")),
            ),
        ];
        for (name, origin, (rev, favourite), theirs, expected) in cases {
            let theirs = theirs.map(|(rev, favourite)| sidecar(rev, favourite, "theirs"));
            let written = projected(origin, sidecar(rev, favourite, "ours"), theirs);
            let written = written
                .as_ref()
                .map(|it| (it.rev, it.favourite, it.original_name.as_slice()));
            let expected =
                expected.map(|(rev, favourite, whose)| (rev, favourite, whose.as_bytes()));
            assert_eq!(written, expected, "{name}");
        }
    }

    #[test]
    fn a_sidecar_does_not_blame_a_picture_that_nobody_could_read_yet() {
        let photo = |metadata_due| Photo {
            id: PhotoId(1),
            sha256: Some([7; 32]),
            previous: None,
            name: "a.jpg".into(),
            original_name: b"a.jpg".into(),
            size: 7,
            media_type: "image/jpeg".into(),
            extension: "jpg".into(),
            mtime: None,
            metadata: media::Metadata::default(),
            metadata_due,
            unreadable: Some("a reason".into()),
            thumb: Thumb::Remote,
            thumbhash: None,
            state: OfPhoto::BackedUp,
            favourite: false,
            rev: 1,
        };
        //  metadata is due, error
        for (due, error) in [(true, None), (false, Some("a reason"))] {
            assert_eq!(of_photo(&photo(due)).error.as_deref(), error, "{due}");
        }
    }
}
