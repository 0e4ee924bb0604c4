//! One photo at one destination: its key and its proof.

mod listed;

pub(crate) use listed::{Listed, forget_unlisted, listed_key, listed_of_size, take_listed};

use super::checks::Lost;
use super::destinations::DestinationId;
use super::photos::{self, PhotoId};
use remote::{Key, Proof, Sha256};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashMap;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Copy {
    pub(crate) destination: DestinationId,
    pub(crate) key: String,
    pub(crate) proof: Option<Proof>,
    /// Milliseconds.
    pub(crate) confirmed_at: Option<i64>,
    /// Milliseconds: when the destination's list last showed it.
    pub(crate) listed_at: Option<i64>,
    /// A check found that it is not there as it was put.
    pub(crate) lost: Option<Lost>,
}

/// The key chosen for a photo, unless something damaged stands under it.
pub(crate) fn key(
    db: &Connection,
    photo: PhotoId,
    destination: DestinationId,
) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(
        "SELECT key FROM copy WHERE photo = ?1 AND destination = ?2 AND NOT EXISTS ( \
             SELECT 1 FROM damaged WHERE damaged.destination = copy.destination AND damaged.key = copy.key)",
    )?
    .query_row(params![photo.0, destination.0], |row| row.get(0))
    .optional()
}

/// Who has this key, or one that only case or composition tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    Nobody,
    /// Another picture, by its bytes; or something damaged.
    Another,
    /// An object that was listed under exactly this key and whose bytes were never seen: it may be
    /// this very picture, which a put finds out.
    Listed(PhotoId),
}

pub(crate) fn owner(
    db: &Connection,
    photo: PhotoId,
    destination: DestinationId,
    key: &Key,
) -> rusqlite::Result<Owner> {
    if db
        .prepare_cached("SELECT 1 FROM damaged WHERE destination = ?1 AND key_folded = ?2")?
        .exists(params![destination.0, key.folded()])?
    {
        return Ok(Owner::Another);
    }
    let others: Vec<(PhotoId, String, bool)> = db
        .prepare_cached(
            "SELECT copy.photo, copy.key, photo.sha256 IS NULL FROM copy JOIN photo ON photo.id = copy.photo \
             WHERE copy.destination = ?1 AND copy.key_folded = ?2 AND copy.photo <> ?3",
        )?
        .query_map(params![destination.0, key.folded(), photo.0], |row| {
            Ok((PhotoId(row.get(0)?), row.get(1)?, row.get(2)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(match others.as_slice() {
        [] => Owner::Nobody,
        [(listed, same, true)] if same == key.as_str() => Owner::Listed(*listed),
        _ => Owner::Another,
    })
}

/// Another photo's claim to exactly this key ends: the destination said whose bytes stand under it.
pub(crate) fn give_up_key(
    db: &Connection,
    photo: PhotoId,
    destination: DestinationId,
    key: &Key,
) -> rusqlite::Result<()> {
    let others: Vec<PhotoId> = db
        .prepare_cached(
            "SELECT photo FROM copy WHERE destination = ?1 AND key = ?2 AND photo <> ?3",
        )?
        .query_map(params![destination.0, key.as_str(), photo.0], |row| {
            row.get(0).map(PhotoId)
        })?
        .collect::<rusqlite::Result<_>>()?;
    for other in others {
        db.prepare_cached("DELETE FROM copy WHERE photo = ?1 AND destination = ?2")?
            .execute(params![other.0, destination.0])?;
        photos::refresh(db, other)?;
    }
    Ok(())
}

/// Keeps the key chosen for a photo, before the first byte is sent under it.
pub(crate) fn choose(
    db: &Connection,
    photo: PhotoId,
    destination: DestinationId,
    key: &Key,
    bytes: u64,
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO copy (photo, destination, key, key_folded, bytes) VALUES (?1, ?2, ?3, ?4, ?5) \
         ON CONFLICT (photo, destination) DO UPDATE SET key = excluded.key, key_folded = excluded.key_folded, \
         proof = NULL, confirmed_at = NULL",
    )?
    .execute(params![photo.0, destination.0, key.as_str(), key.folded(), bytes.cast_signed()])?;
    Ok(())
}

/// Whether an object was there before this library put it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    Put,
    Adopted,
}

/// The object was there before: what lies beside it may be another machine's.
pub(crate) fn mark_adopted(
    db: &Connection,
    photo: PhotoId,
    destination: DestinationId,
) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE copy SET adopted = 1 WHERE photo = ?1 AND destination = ?2")?
        .execute(params![photo.0, destination.0])?;
    Ok(())
}

/// The key of a copy, and where its object comes from.
pub(crate) fn key_and_origin(
    db: &Connection,
    photo: PhotoId,
    destination: DestinationId,
) -> rusqlite::Result<Option<(String, Origin)>> {
    db.prepare_cached("SELECT key, adopted OR confirmed_at IS NULL FROM copy WHERE photo = ?1 AND destination = ?2")?
        .query_row(params![photo.0, destination.0], |row| {
            let origin = if row.get(1)? {
                Origin::Adopted
            } else {
                Origin::Put
            };
            Ok((row.get(0)?, origin))
        })
        .optional()
}

/// Records what the destination confirmed.
pub(crate) fn confirm(
    db: &Connection,
    photo: PhotoId,
    destination: DestinationId,
    proof: &Proof,
    now: i64,
) -> rusqlite::Result<()> {
    let json = serde_json::to_string(proof).expect("a proof has string keys only");
    db.prepare_cached(
        "UPDATE copy SET proof = ?3, confirmed_at = ?4, verified_at = ?4, lost = NULL \
         WHERE photo = ?1 AND destination = ?2",
    )?
    .execute(params![photo.0, destination.0, json, now])?;
    Ok(())
}

/// The destination does not have these bytes (any more): the copy is no longer a backup.
pub(crate) fn doubt(
    db: &Connection,
    photo: PhotoId,
    destination: DestinationId,
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE copy SET proof = NULL, confirmed_at = NULL, listed_at = NULL WHERE photo = ?1 AND destination = ?2",
    )?
    .execute(params![photo.0, destination.0])?;
    Ok(())
}

pub(crate) fn of_photo(db: &Connection, photo: PhotoId) -> rusqlite::Result<Vec<Copy>> {
    db.prepare_cached(
        "SELECT destination, key, proof, confirmed_at, lost, listed_at FROM copy WHERE photo = ?1 ORDER BY destination",
    )?
    .query_map([photo.0], |row| {
        Ok(Copy {
            destination: DestinationId(row.get(0)?),
            key: row.get(1)?,
            proof: row.get::<_, Option<String>>(2)?.map(|json| parse_proof(&json)).transpose()?,
            confirmed_at: row.get(3)?,
            lost: row.get::<_, Option<String>>(4)?.as_deref().and_then(Lost::parse),
            listed_at: row.get(5)?,
        })
    })?
    .collect()
}

/// A copy that stands as a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Confirmed {
    pub(crate) photo: PhotoId,
    pub(crate) key: String,
    pub(crate) bytes: u64,
}

/// What a list that began at `before` has to show.
pub(crate) fn confirmed_before(
    db: &Connection,
    destination: DestinationId,
    before: i64,
) -> rusqlite::Result<Vec<Confirmed>> {
    db.prepare_cached(
        "SELECT photo, key, bytes FROM copy WHERE destination = ?1 AND confirmed_at < ?2",
    )?
    .query_map(params![destination.0, before], |row| {
        Ok(Confirmed {
            photo: PhotoId(row.get(0)?),
            key: row.get(1)?,
            bytes: row.get::<_, i64>(2)?.cast_unsigned(),
        })
    })?
    .collect()
}

/// Photos that are there, or are listed there.
pub(crate) fn count(db: &Connection, destination: DestinationId) -> rusqlite::Result<u32> {
    db.prepare_cached(
        "SELECT count(*) FROM copy WHERE destination = ?1 AND (confirmed_at IS NOT NULL OR listed_at IS NOT NULL)",
    )?
    .query_row([destination.0], |row| row.get(0))
}

/// The SHA-256 of what stands under each confirmed key.
pub(crate) fn hashes(
    db: &Connection,
    destination: DestinationId,
) -> rusqlite::Result<HashMap<String, Sha256>> {
    db.prepare_cached(
        "SELECT copy.key, photo.sha256 FROM copy JOIN photo ON photo.id = copy.photo \
         WHERE copy.destination = ?1 AND copy.confirmed_at IS NOT NULL AND photo.sha256 IS NOT NULL",
    )?
    .query_map([destination.0], |row| Ok((row.get(0)?, row.get(1)?)))?
    .collect()
}

/// When any destination last confirmed anything.
pub(crate) fn last_confirmed(db: &Connection) -> rusqlite::Result<Option<i64>> {
    db.query_row(
        "SELECT max(confirmed_at) FROM copy WHERE confirmed_at IS NOT NULL",
        [],
        |row| row.get(0),
    )
}

pub(super) fn parse_proof(json: &str) -> rusqlite::Result<Proof> {
    serde_json::from_str(json)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(2, Type::Text, Box::new(error)))
}
