//! What is known of the copies by checking them where they lie: looked at, read back, lost.
//!
//! **Invariant:** a verdict is recorded only for the key it was reached under; what was put again
//! meanwhile is left alone.

use super::copies::parse_proof;
use super::destinations::DestinationId;
use super::files;
use super::photos::{self, PhotoId};
use remote::{Key, Proof, Sha256};
use rusqlite::{Connection, OptionalExtension, params};

/// A copy that is said to be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) photo: PhotoId,
    pub(crate) name: String,
    pub(crate) key: String,
    pub(crate) bytes: u64,
    pub(crate) sha256: Sha256,
    /// None: it was found missing or damaged before.
    pub(crate) proof: Option<Proof>,
    pub(crate) lost: Option<Lost>,
}

/// How a copy was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lost {
    Missing,
    Damaged,
}

/// Whether a check read the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    Looked,
    Read,
}

/// What became of a copy whose proof was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Withdrawn {
    /// A file here has the bytes: it goes up again.
    Queued,
    /// No file here has them.
    Gone,
    /// It was put again meanwhile.
    Stale,
}

impl Lost {
    fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Damaged => "damaged",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        match text {
            "missing" => Some(Self::Missing),
            "damaged" => Some(Self::Damaged),
            _ => None,
        }
    }
}

/// Copies to look at, those first that were not for longest.
pub(crate) fn to_look(
    db: &Connection,
    destination: DestinationId,
) -> rusqlite::Result<Vec<PhotoId>> {
    db.prepare_cached(
        "SELECT photo FROM copy WHERE destination = ?1 AND (confirmed_at IS NOT NULL OR lost = 'missing') \
         ORDER BY coalesce(verified_at, 0), photo",
    )?
    .query_map([destination.0], |row| row.get(0).map(PhotoId))?
    .collect()
}

/// The share (0 to 100) of the copies that is to be read back: those first that never were, then those
/// that were not for longest; damaged ones before all, for they may have been mended.
pub(crate) fn to_read(
    db: &Connection,
    destination: DestinationId,
    percent: f64,
) -> rusqlite::Result<Vec<PhotoId>> {
    if percent <= 0.0 {
        return Ok(Vec::new());
    }
    let of = "FROM copy WHERE destination = ?1 AND (confirmed_at IS NOT NULL OR lost IS NOT NULL)";
    let count: u32 = db
        .prepare_cached(&format!("SELECT count(*) {of}"))?
        .query_row([destination.0], |row| row.get(0))?;
    let share = (f64::from(count) * percent / 100.0).ceil();
    db.prepare_cached(&format!(
        "SELECT photo {of} ORDER BY lost IS NOT 'damaged', read_at, photo LIMIT ?2"
    ))?
    .query_map(params![destination.0, share as i64], |row| {
        row.get(0).map(PhotoId)
    })?
    .collect()
}

/// The copy as it stands now; none: nothing is said to be there any more.
pub(crate) fn held(
    db: &Connection,
    photo: PhotoId,
    destination: DestinationId,
) -> rusqlite::Result<Option<Held>> {
    db.prepare_cached(
        "SELECT copy.key, copy.bytes, photo.sha256, copy.proof, copy.lost, photo.name \
         FROM copy JOIN photo ON photo.id = copy.photo \
         WHERE copy.photo = ?1 AND copy.destination = ?2 AND photo.sha256 IS NOT NULL \
         AND (copy.confirmed_at IS NOT NULL OR copy.lost IS NOT NULL)",
    )?
    .query_row(params![photo.0, destination.0], |row| {
        Ok(Held {
            photo,
            key: row.get(0)?,
            bytes: row.get::<_, i64>(1)?.cast_unsigned(),
            sha256: row.get(2)?,
            proof: row
                .get::<_, Option<String>>(3)?
                .map(|json| parse_proof(&json))
                .transpose()?,
            lost: row
                .get::<_, Option<String>>(4)?
                .as_deref()
                .and_then(Lost::parse),
            name: row.get(5)?,
        })
    })
    .optional()
}

/// The copy is there and right. Since when it is safe does not change by it, unless it was lost.
pub(crate) fn right(
    db: &Connection,
    held: &Held,
    destination: DestinationId,
    proof: &Proof,
    depth: Depth,
    now: i64,
) -> rusqlite::Result<()> {
    let json = serde_json::to_string(proof).expect("a proof has string keys only");
    let read_at = (depth == Depth::Read).then_some(now);
    let changed = db
        .prepare_cached(
            "UPDATE copy SET proof = ?4, verified_at = ?5, read_at = coalesce(?6, read_at), \
             confirmed_at = coalesce(confirmed_at, ?5), lost = NULL \
             WHERE photo = ?1 AND destination = ?2 AND key = ?3 \
             AND (confirmed_at IS NOT NULL OR lost IS NOT NULL)",
        )?
        .execute(params![
            held.photo.0,
            destination.0,
            held.key,
            json,
            now,
            read_at
        ])?;
    if changed > 0 && held.lost.is_some() {
        db.prepare_cached("DELETE FROM damaged WHERE destination = ?1 AND key = ?2")?
            .execute(params![destination.0, held.key])?;
        // It need not go up again.
        db.prepare_cached(
            "DELETE FROM job WHERE photo = ?1 AND destination = ?2 AND kind = 'original' AND state <> 'running'",
        )?
        .execute(params![held.photo.0, destination.0])?;
        photos::refresh(db, held.photo)?;
    }
    Ok(())
}

/// The copy is not there, or is damaged: it is no backup any more, and goes up again from a file here.
pub(crate) fn withdraw(
    db: &Connection,
    held: &Held,
    destination: DestinationId,
    lost: Lost,
    now: i64,
) -> rusqlite::Result<Withdrawn> {
    let changed = db
        .prepare_cached(
            "UPDATE copy SET proof = NULL, confirmed_at = NULL, listed_at = NULL, lost = ?4, verified_at = ?5 \
             WHERE photo = ?1 AND destination = ?2 AND key = ?3 \
             AND (confirmed_at IS NOT NULL OR lost IS NOT NULL)",
        )?
        .execute(params![held.photo.0, destination.0, held.key, lost.as_str(), now])?;
    if changed == 0 {
        return Ok(Withdrawn::Stale);
    }
    match lost {
        Lost::Damaged => {
            let folded =
                Key::parse(&held.key).map_or_else(|_| held.key.clone(), |key| key.folded());
            db.prepare_cached("INSERT OR REPLACE INTO damaged VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![destination.0, held.key, folded, now])?
        }
        // What was damaged there is gone: the name is free again.
        Lost::Missing => db
            .prepare_cached("DELETE FROM damaged WHERE destination = ?1 AND key = ?2")?
            .execute(params![destination.0, held.key])?,
    };
    photos::refresh(db, held.photo)?;
    Ok(if files::sources(db, held.photo)?.is_empty() {
        Withdrawn::Gone
    } else {
        Withdrawn::Queued
    })
}

/// Copies that stay lost because no file here has their bytes.
pub(crate) fn still_lost(
    db: &Connection,
    destination: DestinationId,
) -> rusqlite::Result<Vec<PhotoId>> {
    db.prepare_cached(
        "SELECT photo FROM copy WHERE destination = ?1 AND lost IS NOT NULL AND NOT EXISTS ( \
             SELECT 1 FROM file WHERE file.photo = copy.photo AND gone_at IS NULL AND kind IN ('photo', 'new')) \
         ORDER BY photo",
    )?
    .query_map([destination.0], |row| row.get(0).map(PhotoId))?
    .collect()
}
