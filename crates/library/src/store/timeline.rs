//! The gallery's reads: months, tiles, counts. Never an OFFSET: pages go on from a key.

use super::photos::{PhotoId, Thumb, parse_metadata};
use super::state;
use crate::path_bytes::to_bytes;
use media::Metadata;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::HashMap;
use std::path::Path;

/// One photo in the grid, before it is worded.
#[derive(Debug, Clone)]
pub(crate) struct TileRow {
    pub(crate) id: PhotoId,
    pub(crate) name: String,
    pub(crate) metadata: Metadata,
    pub(crate) thumbhash: Option<Vec<u8>>,
    pub(crate) sha256: Option<remote::Sha256>,
    pub(crate) thumb: Thumb,
    pub(crate) state: state::OfPhoto,
    pub(crate) sort_at: String,
    pub(crate) favourite: bool,
}

/// Where a page of a month goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(crate) sort_at: String,
    pub(crate) id: i64,
}

/// Months with photos, newest first; the undated (empty) last.
pub(crate) fn months(db: &Connection) -> rusqlite::Result<Vec<(String, u32)>> {
    db.prepare_cached(
        "SELECT month, sum(count) FROM photo_tally WHERE state <> 'hidden' \
         GROUP BY month HAVING sum(count) > 0 ORDER BY month DESC",
    )?
    .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
    .collect()
}

/// The newest photo of a month whose bytes are known.
pub(crate) fn newest(db: &Connection, month: &str) -> rusqlite::Result<Option<PhotoId>> {
    db.prepare_cached(
        "SELECT id FROM photo WHERE month = ?1 AND state <> 'hidden' AND sha256 IS NOT NULL \
         ORDER BY sort_at DESC, id DESC LIMIT 1",
    )?
    .query_row([month], |row| row.get(0).map(PhotoId))
    .optional()
}

/// Photos by state.
pub(crate) fn counts(db: &Connection) -> rusqlite::Result<HashMap<state::OfPhoto, u32>> {
    db.prepare_cached("SELECT state, sum(count) FROM photo_tally GROUP BY state")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// A shown photo's month (empty: undated), and how many of it are newer.
pub(crate) fn place(db: &Connection, photo: PhotoId) -> rusqlite::Result<Option<(String, u32)>> {
    db.prepare_cached(
        "SELECT month, (SELECT count(*) FROM photo AS newer WHERE newer.month = photo.month \
         AND newer.state <> 'hidden' AND (newer.sort_at, newer.id) > (photo.sort_at, photo.id)) \
         FROM photo WHERE id = ?1 AND state <> 'hidden'",
    )?
    .query_row([photo.0], |row| Ok((row.get(0)?, row.get(1)?)))
    .optional()
}

/// The latest confirmations since `since`, newest first: photo, destination's name, when.
pub(crate) fn confirmed_since(
    db: &Connection,
    since: i64,
    limit: u32,
) -> rusqlite::Result<Vec<(PhotoId, String, i64)>> {
    db.prepare_cached(
        "SELECT copy.photo, destination.name, copy.confirmed_at FROM copy \
         JOIN destination ON destination.id = copy.destination \
         WHERE copy.confirmed_at >= ?1 ORDER BY copy.confirmed_at DESC LIMIT ?2",
    )?
    .query_map(params![since, limit], |row| {
        Ok((PhotoId(row.get(0)?), row.get(1)?, row.get(2)?))
    })?
    .collect()
}

pub(crate) fn count_confirmed_since(db: &Connection, since: i64) -> rusqlite::Result<u32> {
    db.prepare_cached("SELECT count(*) FROM copy WHERE confirmed_at >= ?1")?
        .query_row([since], |row| row.get(0))
}

/// Of how many photos those are: one that several places confirmed counts once.
pub(crate) fn photos_confirmed_since(db: &Connection, since: i64) -> rusqlite::Result<u32> {
    db.prepare_cached("SELECT count(DISTINCT photo) FROM copy WHERE confirmed_at >= ?1")?
        .query_row([since], |row| row.get(0))
}

/// Every photo that is shown, in timeline order: for `list`.
pub(crate) fn all(db: &Connection) -> rusqlite::Result<Vec<PhotoId>> {
    db.prepare_cached("SELECT id FROM photo WHERE state <> 'hidden' ORDER BY month, sort_at, id")?
        .query_map([], |row| row.get(0).map(PhotoId))?
        .collect()
}

/// Photos that a file's path, a key or the beginning of a SHA-256 in hex names.
pub(crate) fn find(db: &Connection, query: &str, path: &Path) -> rusqlite::Result<Vec<PhotoId>> {
    let hex = query.len() >= 8 && query.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mut found: Vec<PhotoId> = db
        .prepare_cached(
            "SELECT photo FROM copy WHERE key = ?1 UNION SELECT id FROM photo \
             WHERE ?2 AND lower(hex(sha256)) LIKE lower(?1) || '%' UNION SELECT file.photo FROM file \
             JOIN folder ON folder.id = file.folder WHERE file.photo IS NOT NULL AND file.gone_at IS NULL \
             AND CAST(folder.path || x'2f' || file.path AS BLOB) = ?3",
        )?
        .query_map(params![query, hex, to_bytes(path)], |row| row.get(0).map(PhotoId))?
        .collect::<rusqlite::Result<_>>()?;
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// Photos with this name, wherever they lie.
pub(crate) fn named(db: &Connection, name: &str) -> rusqlite::Result<Vec<PhotoId>> {
    db.prepare_cached("SELECT id FROM photo WHERE name = ?1 AND state <> 'hidden' ORDER BY id")?
        .query_map([name], |row| row.get(0).map(PhotoId))?
        .collect()
}

/// The columns of [`read`].
pub(super) const COLUMNS: &str =
    "id, name, metadata, thumbhash, sha256, thumb, state, sort_at, favourite";

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<TileRow> {
    Ok(TileRow {
        id: PhotoId(row.get(0)?),
        name: row.get(1)?,
        metadata: parse_metadata(2, &row.get::<_, String>(2)?)?,
        thumbhash: row.get(3)?,
        sha256: row.get(4)?,
        thumb: Thumb::parse(5, &row.get::<_, String>(5)?)?,
        state: row.get(6)?,
        sort_at: row.get(7)?,
        favourite: row.get(8)?,
    })
}
