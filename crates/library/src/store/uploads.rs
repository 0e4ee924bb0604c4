//! Uploads in parts that were begun and not completed.
//!
//! **Invariant:** a row stands from before the destination is asked until nothing of the upload is
//! left there.

use super::destinations::DestinationId;
use super::photos::PhotoId;
use jiff::Timestamp;
use remote::{Sha256, Upload};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UploadId(pub(crate) i64);

/// One that is to be thrown away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leftover {
    pub(crate) id: UploadId,
    pub(crate) key: String,
    pub(crate) upload: Upload,
}

const COLUMNS: &str = "upload.id, upload.key, upload.upload_id, upload.asked_at, upload.sha256, \
                       upload.size, upload.md5, upload.part_size, upload.hashes";

/// The one that can go on.
pub(crate) fn unfinished(
    db: &Connection,
    photo: PhotoId,
    destination: DestinationId,
    key: &str,
) -> rusqlite::Result<Option<(UploadId, Upload)>> {
    let found = db
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM upload WHERE photo = ?1 AND destination = ?2 AND key = ?3 \
             AND upload_id IS NOT NULL AND NOT given_up ORDER BY id DESC LIMIT 1"
        ))?
        .query_row(params![photo.0, destination.0, key], read)
        .optional()?;
    let Some(found) = found else { return Ok(None) };
    let found = with_parts(db, found)?;
    Ok(Some((found.id, found.upload)))
}

/// Notes a new one; earlier ones of the photo there are of no use any more.
pub(crate) fn begin(
    db: &Connection,
    photo: PhotoId,
    destination: DestinationId,
    key: &str,
    upload: &Upload,
) -> rusqlite::Result<UploadId> {
    db.prepare_cached("UPDATE upload SET given_up = 1 WHERE photo = ?1 AND destination = ?2")?
        .execute(params![photo.0, destination.0])?;
    db.prepare_cached(
        "INSERT INTO upload (photo, destination, key, upload_id, asked_at, sha256, size, md5, part_size, hashes) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        photo.0,
        destination.0,
        key,
        upload.id,
        upload.asked_at.as_millisecond(),
        upload.sha256,
        upload.size.cast_signed(),
        upload.md5,
        upload.part_size.cast_signed(),
        upload.parts.concat(),
    ])?;
    Ok(UploadId(db.last_insert_rowid()))
}

/// The destination calls it so.
pub(crate) fn begun(db: &Connection, id: UploadId, name: &str) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE upload SET upload_id = ?2 WHERE id = ?1")?
        .execute(params![id.0, name])?;
    Ok(())
}

/// The destination has this part. (A row that went with its destination takes none any more.)
pub(crate) fn sent(db: &Connection, id: UploadId, part: u32, etag: &str) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT OR REPLACE INTO upload_part (upload, number, etag) SELECT id, ?2, ?3 FROM upload WHERE id = ?1",
    )?
    .execute(params![id.0, part, etag])?;
    Ok(())
}

pub(crate) fn lost(db: &Connection, id: UploadId, part: u32) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM upload_part WHERE upload = ?1 AND number = ?2")?
        .execute(params![id.0, part])?;
    Ok(())
}

pub(crate) fn give_up(db: &Connection, id: UploadId) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE upload SET given_up = 1 WHERE id = ?1")?
        .execute([id.0])?;
    Ok(())
}

/// Nothing of it is left.
pub(crate) fn forget(db: &Connection, id: UploadId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM upload WHERE id = ?1")?
        .execute([id.0])?;
    Ok(())
}

/// Those that nothing will go on with: given up, or of a photo that is not to go there any more, or
/// that has other bytes now. One whose beginning was never answered counts only when it was asked
/// for before `asked_before` (milliseconds): the answer may be on its way.
pub(crate) fn useless(
    db: &Connection,
    destination: DestinationId,
    asked_before: i64,
) -> rusqlite::Result<Vec<Leftover>> {
    db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM upload \
         LEFT JOIN job ON job.photo = upload.photo AND job.destination = upload.destination AND job.kind = 'original' \
         LEFT JOIN photo ON photo.id = upload.photo \
         WHERE upload.destination = ?1 AND iif(upload.upload_id IS NULL, upload.asked_at < ?2, \
             upload.given_up OR job.id IS NULL OR photo.sha256 IS NOT upload.sha256)"
    ))?
    .query_map(params![destination.0, asked_before], read)?
    .collect()
}

/// All of a destination.
pub(crate) fn of_destination(
    db: &Connection,
    destination: DestinationId,
) -> rusqlite::Result<Vec<Leftover>> {
    db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM upload WHERE destination = ?1"
    ))?
    .query_map([destination.0], read)?
    .collect()
}

fn with_parts(db: &Connection, mut row: Leftover) -> rusqlite::Result<Leftover> {
    row.upload.etags = db
        .prepare_cached("SELECT number, etag FROM upload_part WHERE upload = ?1")?
        .query_map([row.id.0], |part| Ok((part.get(0)?, part.get(1)?)))?
        .collect::<rusqlite::Result<BTreeMap<u32, String>>>()?;
    Ok(row)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Leftover> {
    let bad = |column, what: String| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Blob, what.into())
    };
    let hashes: Vec<u8> = row.get(8)?;
    let (parts, rest) = hashes.as_chunks::<32>();
    if !rest.is_empty() {
        return Err(bad(8, format!("{} bytes are no hashes", hashes.len())));
    }
    let asked_at = Timestamp::from_millisecond(row.get(3)?);
    Ok(Leftover {
        id: UploadId(row.get(0)?),
        key: row.get(1)?,
        upload: Upload {
            id: row.get(2)?,
            asked_at: asked_at.map_err(|error| bad(3, error.to_string()))?,
            sha256: row.get::<_, Sha256>(4)?,
            size: row.get::<_, i64>(5)?.cast_unsigned(),
            md5: row.get(6)?,
            part_size: row.get::<_, i64>(7)?.cast_unsigned(),
            parts: parts.to_vec(),
            etags: BTreeMap::new(),
        },
    })
}
