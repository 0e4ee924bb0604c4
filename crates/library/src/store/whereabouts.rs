//! A photo, and where its bytes may be had: from files here, and from destinations.

use super::copies::{self, Copy};
use super::files::{self, Source};
use super::photos::{self, Photo, PhotoId};
use rusqlite::Connection;

#[derive(Debug)]
pub(crate) struct Whereabouts {
    pub(crate) photo: Photo,
    /// Files on disks that are there first.
    pub(crate) sources: Vec<Source>,
    pub(crate) copies: Vec<Copy>,
}

/// None: there is no such photo.
pub(crate) fn of(db: &Connection, id: PhotoId) -> rusqlite::Result<Option<Whereabouts>> {
    let Some(photo) = photos::get(db, id)? else {
        return Ok(None);
    };
    Ok(Some(Whereabouts {
        photo,
        sources: files::sources(db, id)?,
        copies: copies::of_photo(db, id)?,
    }))
}
