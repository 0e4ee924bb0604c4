//! Words rows as what the gallery and the command line are shown.

mod activity;
mod detail;
mod status;

pub(crate) use activity::{activity, transfers};
pub(crate) use detail::details;
pub(crate) use status::{destination_view, folder_view, service, status};

use crate::context::Context;
use crate::lock::lock;
use crate::store::destinations::{self, DestinationId};
use crate::store::photos::{PhotoId, Thumb};
use crate::store::state::OfPhoto;
use crate::store::timeline::{Cursor, TileRow};
use crate::transfers::Phase;
use crate::view::*;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rusqlite::Connection;
use std::collections::HashMap;

pub(crate) fn tile(context: &Context, row: TileRow) -> Tile {
    let state = overlay(context, row.id, row.state);
    Tile {
        id: row.id.0,
        name: row.name,
        width: row.metadata.width.unwrap_or(0),
        height: row.metadata.height.unwrap_or(0),
        thumbhash: row.thumbhash.map(|hash| STANDARD.encode(hash)),
        thumb: thumb_version(row.thumb, row.sha256.as_ref()),
        thumb_state: thumb_state(context, row.id, row.thumb),
        state,
        favourite: row.favourite,
        taken_at: Some(row.sort_at.clone()).filter(|at| !at.is_empty()),
        cursor: format!("{}|{}", row.sort_at, row.id.0),
    }
}

/// The cursor that [`tile`] wrote; none: it is not one of ours.
pub(crate) fn parse_cursor(cursor: &str) -> Option<Cursor> {
    let (sort_at, id) = cursor.rsplit_once('|')?;
    Some(Cursor {
        sort_at: sort_at.to_owned(),
        id: id.parse().ok()?,
    })
}

/// The row's state, but for what is under way at this moment.
fn overlay(context: &Context, photo: PhotoId, row: OfPhoto) -> PhotoState {
    match row {
        OfPhoto::Queued => match context.transfers.phase_of(photo) {
            Some(Phase::Uploading) => PhotoState::Uploading,
            Some(Phase::Verifying) => PhotoState::Verifying,
            None => PhotoState::Queued,
        },
        OfPhoto::Indexed => PhotoState::Indexed,
        OfPhoto::Waiting => PhotoState::Waiting,
        OfPhoto::Failed => PhotoState::Failed,
        OfPhoto::BackedUp => PhotoState::BackedUp,
        // Of what is nowhere any more, nothing is shown that could say so.
        OfPhoto::OnlineOnly | OfPhoto::Hidden => PhotoState::OnlineOnly,
    }
}

fn thumb_version(thumb: Thumb, sha256: Option<&remote::Sha256>) -> Option<String> {
    match (thumb, sha256) {
        (Thumb::Made, Some(sha256)) => Some(hex::encode(&sha256[..8])),
        _ => None,
    }
}

fn thumb_state(context: &Context, photo: PhotoId, thumb: Thumb) -> ThumbState {
    match thumb {
        Thumb::Made => ThumbState::Made,
        Thumb::Remote if lock(&context.nothing_there).contains(&photo) => ThumbState::None,
        Thumb::Wanted | Thumb::Remote => ThumbState::Coming,
        Thumb::None => ThumbState::None,
    }
}

fn destination_names(db: &Connection) -> rusqlite::Result<HashMap<DestinationId, String>> {
    Ok(destinations::all(db)?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect())
}
