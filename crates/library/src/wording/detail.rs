//! Everything about one photo.

use super::status::gone_reason;
use super::{overlay, thumb_version};
use crate::context::Context;
use crate::path_bytes::shown;
use crate::picture;
use crate::store::destinations::{self, Destination};
use crate::store::jobs::{self, Standing};
use crate::store::photos::{self, Photo, PhotoId};
use crate::store::state::{OfJob, OfPhoto};
use crate::store::{StoreError, copies, files};
use crate::view::*;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use remote::Proof;
use rusqlite::Connection;
use std::sync::Arc;

/// Everything about some photos, in their order; one that is gone is left out.
pub(crate) async fn details(
    context: &Arc<Context>,
    ids: Vec<PhotoId>,
) -> Result<Vec<PhotoDetail>, StoreError> {
    let context = Arc::clone(context);
    let store = context.store.clone();
    store
        .read(move |db| {
            let destinations = destinations::all(db)?;
            let mut details = Vec::with_capacity(ids.len());
            for id in ids {
                if let Some(photo) = photos::get(db, id)? {
                    details.push(detail_now(&context, db, &destinations, photo)?);
                }
            }
            Ok(details)
        })
        .await
}

fn detail_now(
    context: &Context,
    db: &Connection,
    destinations: &[Destination],
    photo: Photo,
) -> rusqlite::Result<PhotoDetail> {
    let sources = files::sources(db, photo.id)?;
    let known = copies::of_photo(db, photo.id)?;
    let standings = jobs::standings(db, photo.id)?;
    let copies = destinations
        .iter()
        .map(|destination| {
            let copy = known.iter().find(|copy| copy.destination == destination.id);
            let standing = standings
                .iter()
                .find(|standing| standing.destination == destination.id);
            copy_view(context, photo.id, destination, copy, standing)
        })
        .collect();
    let shown_here = picture::shown_type(&photo.media_type).is_some();
    let metadata = photo.metadata;
    Ok(PhotoDetail {
        id: photo.id.0,
        name: photo.name,
        sha256: photo.sha256.map(hex::encode),
        size: (photo.size > 0).then_some(photo.size),
        width: metadata.width.unwrap_or(0),
        height: metadata.height.unwrap_or(0),
        thumb: thumb_version(photo.thumb, photo.sha256.as_ref()),
        thumbhash: photo.thumbhash.map(|hash| STANDARD.encode(hash)),
        original_shown: shown_here && sources.iter().any(|source| !source.away),
        media_type: photo.media_type,
        taken_at: metadata
            .taken_at
            .map(|at| at.strftime("%Y-%m-%dT%H:%M:%S").to_string()),
        utc_offset: metadata.utc_offset,
        camera_make: metadata.camera.make,
        camera_model: metadata.camera.model,
        lens: metadata.camera.lens,
        f_number: metadata.exposure.f_number,
        exposure_time: metadata.exposure.time,
        iso: metadata.exposure.iso,
        focal_length: metadata.exposure.focal_length,
        focal_length_35mm: metadata.exposure.focal_length_35mm,
        latitude: metadata.gps.map(|gps| gps.lat),
        longitude: metadata.gps.map(|gps| gps.lon),
        altitude: metadata.gps.and_then(|gps| gps.alt),
        title: metadata.title,
        description: metadata.description,
        artist: metadata.artist,
        copyright: metadata.copyright,
        rating: metadata.rating,
        favourite: photo.favourite,
        keywords: metadata.keywords,
        files: sources.iter().map(|source| shown(&source.path)).collect(),
        state: overlay(context, photo.id, photo.state),
        unreadable: photo.unreadable,
        copies,
    })
}

fn copy_view(
    context: &Context,
    photo: PhotoId,
    destination: &Destination,
    copy: Option<&copies::Copy>,
    standing: Option<&Standing>,
) -> CopyView {
    let confirmed = copy.and_then(|copy| copy.proof.as_ref().zip(copy.confirmed_at));
    let health = context.registry.health(destination.id);
    let lost = copy.and_then(|copy| Some(Reason::new(copy.lost?.into(), &copy.key)));
    let gone = copy
        .filter(|copy| copy.confirmed_at.is_some() || copy.listed_at.is_some())
        .and_then(|_| gone_reason(destination));
    let (state, reason) = match (confirmed, standing) {
        (_, None) if gone.is_some() => (PhotoState::Failed, gone.clone()),
        (Some(_), _) => (PhotoState::BackedUp, None),
        (None, Some(standing)) => match standing.state {
            OfJob::Failed => (PhotoState::Failed, standing.reason()),
            OfJob::Waiting => (PhotoState::Waiting, standing.reason()),
            OfJob::Ready | OfJob::Running => (
                overlay(context, photo, OfPhoto::Queued),
                health.reason.or(lost),
            ),
        },
        (None, None) if lost.is_some() => (PhotoState::Failed, lost),
        (None, None) => (PhotoState::OnlineOnly, None),
    };
    CopyView {
        destination: destination.id.0,
        destination_name: destination.name.clone(),
        key: copy.map(|copy| copy.key.clone()),
        state,
        reason,
        proof: confirmed
            .filter(|_| gone.is_none())
            .map(|(proof, at)| proof_view(proof, at)),
    }
}

fn proof_view(proof: &Proof, confirmed_at: i64) -> ProofView {
    let (kind, parts, etag, version) = match proof {
        Proof::FullSha256 { etag, version } => (ProofKind::FullSha256, None, etag, version),
        Proof::PartsSha256 {
            parts,
            etag,
            version,
            ..
        } => (ProofKind::PartsSha256, Some(*parts), etag, version),
        Proof::SizeOnly { etag, version } => (ProofKind::SizeOnly, None, etag, version),
    };
    ProofView {
        kind,
        parts,
        etag: etag.clone(),
        version: version.clone(),
        confirmed_at,
    }
}
