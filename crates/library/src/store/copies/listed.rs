//! What a destination's own list showed, of which nothing is confirmed.

use crate::store::destinations::DestinationId;
use crate::store::photos::{self, PhotoId};
use remote::Key;
use rusqlite::{Connection, OptionalExtension, params};

/// An object that a destination's list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) key: String,
    pub(crate) size: u64,
    pub(crate) name: String,
    pub(crate) media_type: String,
    pub(crate) extension: String,
    pub(crate) when: photos::When,
}

/// Takes in one page of a destination's list; returns the months in which photos came up.
pub(crate) fn take_listed(
    db: &Connection,
    destination: DestinationId,
    page: &[Listed],
    now: i64,
) -> rusqlite::Result<Vec<String>> {
    let mut months = Vec::new();
    for object in page {
        // That it is there is no news, and no comfort.
        let damaged = db
            .prepare_cached("SELECT 1 FROM damaged WHERE destination = ?1 AND key = ?2")?
            .exists(params![destination.0, object.key])?;
        if damaged {
            continue;
        }
        match photos::by_key(db, destination, &object.key)? {
            Some(photo) => {
                if note_listed(db, photo, destination, now)? {
                    months.push(object.when.month.clone());
                }
            }
            None => {
                months.push(object.when.month.clone());
                insert_listed(db, destination, object, now)?;
            }
        }
    }
    months.sort();
    months.dedup();
    Ok(months)
}

/// Returns whether the photo came (back) into sight by it. A confirmed copy is known better than by
/// any list.
fn note_listed(
    db: &Connection,
    photo: PhotoId,
    destination: DestinationId,
    now: i64,
) -> rusqlite::Result<bool> {
    let unseen = db
        .prepare_cached(
            "SELECT 1 FROM copy WHERE photo = ?1 AND destination = ?2 \
             AND confirmed_at IS NULL AND listed_at IS NULL",
        )?
        .exists(params![photo.0, destination.0])?;
    // Of two lists that run at once, the one that was begun first may end last.
    db.prepare_cached(
        "UPDATE copy SET listed_at = max(coalesce(listed_at, 0), ?3), lost = NULL \
         WHERE photo = ?1 AND destination = ?2 AND confirmed_at IS NULL",
    )?
    .execute(params![photo.0, destination.0, now])?;
    if unseen {
        photos::refresh(db, photo)?;
    }
    Ok(unseen)
}

fn insert_listed(
    db: &Connection,
    destination: DestinationId,
    object: &Listed,
    now: i64,
) -> rusqlite::Result<()> {
    let photo = photos::insert_listed(
        db,
        &object.name,
        object.size,
        &object.media_type,
        &object.extension,
        &object.when,
    )?;
    // A name that no key of ours could have is compared as it is.
    let folded = Key::parse(&object.key).map_or_else(|_| object.key.clone(), |key| key.folded());
    db.prepare_cached(
        "INSERT INTO copy (photo, destination, key, key_folded, bytes, listed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![photo.0, destination.0, object.key, folded, object.size.cast_signed(), now])?;
    photos::refresh(db, photo)
}

/// Forgets listed-only photos that a complete list, begun at `since`, no longer showed.
pub(crate) fn forget_unlisted(
    db: &Connection,
    destination: DestinationId,
    since: i64,
) -> rusqlite::Result<()> {
    let stale: Vec<i64> = db
        .prepare_cached(
            "SELECT copy.photo FROM copy JOIN photo ON photo.id = copy.photo \
             WHERE copy.destination = ?1 AND copy.listed_at < ?2 AND copy.confirmed_at IS NULL",
        )?
        .query_map(params![destination.0, since], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for photo in &stale {
        db.prepare_cached(
            "UPDATE copy SET listed_at = NULL WHERE photo = ?1 AND destination = ?2",
        )?
        .execute(params![photo, destination.0])?;
        photos::refresh(db, PhotoId(*photo))?;
    }
    Ok(())
}

/// The key under which the destination's own list showed this photo, while nothing is confirmed of it.
pub(crate) fn listed_key(
    db: &Connection,
    photo: PhotoId,
    destination: DestinationId,
) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(
        "SELECT key FROM copy WHERE photo = ?1 AND destination = ?2 \
         AND listed_at IS NOT NULL AND confirmed_at IS NULL AND NOT EXISTS ( \
             SELECT 1 FROM damaged WHERE damaged.destination = copy.destination AND damaged.key = copy.key)",
    )?
    .query_row(params![photo.0, destination.0], |row| row.get(0))
    .optional()
}

/// Keys of objects that were listed with this size and whose bytes were never seen: one of them may
/// be a picture that is about to go up under another name. Those of the same name first.
pub(crate) fn listed_of_size(
    db: &Connection,
    destination: DestinationId,
    bytes: u64,
    name: &str,
    limit: u32,
) -> rusqlite::Result<Vec<(PhotoId, String)>> {
    db.prepare_cached(
        "SELECT copy.photo, copy.key FROM copy JOIN photo ON photo.id = copy.photo \
         WHERE copy.destination = ?1 AND copy.bytes = ?2 AND copy.confirmed_at IS NULL \
         AND copy.listed_at IS NOT NULL AND photo.sha256 IS NULL ORDER BY photo.name <> ?3 LIMIT ?4",
    )?
    .query_map(params![destination.0, bytes.cast_signed(), name, limit], |row| {
        Ok((PhotoId(row.get(0)?), row.get(1)?))
    })?
    .collect()
}
