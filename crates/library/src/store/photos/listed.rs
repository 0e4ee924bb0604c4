//! Photos that were only listed by a destination, and what is learnt of them bit by bit.

use super::{PhotoId, When, get, metadata_json, refresh};
use media::Metadata;
use remote::Sha256;
use rusqlite::{Connection, params};

/// A picture that stands in a bucket and whose bytes were never seen.
pub(crate) fn insert_listed(
    db: &Connection,
    name: &str,
    size: u64,
    media_type: &str,
    extension: &str,
    when: &When,
) -> rusqlite::Result<PhotoId> {
    db.prepare_cached(
        "INSERT INTO photo (name, original_name, size, media_type, extension, month, sort_at, thumb) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'remote')",
    )?
    .execute(params![
        name,
        name.as_bytes(),
        size.cast_signed(),
        media_type,
        extension,
        when.month,
        when.sort_at
    ])?;
    Ok(PhotoId(db.last_insert_rowid()))
}

/// What a sidecar in the bucket told of a listed picture. Its month stays as listed: the grid does
/// not move under a person's eyes.
pub(crate) fn learn(
    db: &Connection,
    id: PhotoId,
    sha256: Option<&Sha256>,
    metadata: &Metadata,
    thumbhash: Option<&[u8]>,
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE photo SET sha256 = coalesce(sha256, ?2), metadata = ?3, thumbhash = coalesce(?4, thumbhash) \
         WHERE id = ?1",
    )?
    .execute(params![id.0, sha256.map(Sha256::as_slice), metadata_json(metadata), thumbhash])?;
    Ok(())
}

/// The bytes of a picture were seen that was listed without a size.
pub(crate) fn learn_size(db: &Connection, id: PhotoId, size: u64) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE photo SET size = ?2 WHERE id = ?1 AND size = 0")?
        .execute(params![id.0, size.cast_signed()])?;
    db.prepare_cached("UPDATE copy SET bytes = ?2 WHERE photo = ?1 AND bytes = 0")?
        .execute(params![id.0, size.cast_signed()])?;
    Ok(())
}

/// What a sidecar tells of a person's word; a later one that was given here stands.
pub(crate) fn learn_favourite(
    db: &Connection,
    id: PhotoId,
    favourite: bool,
    rev: u64,
) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE photo SET favourite = ?2, rev = ?3 WHERE id = ?1 AND rev <= ?3")?
        .execute(params![id.0, favourite, rev.cast_signed()])?;
    Ok(())
}

/// Two rows turned out to be one picture: `from` (listed only) goes up in `into`. One that is gone by now, or
/// is the other one itself, is left.
pub(crate) fn merge(db: &Connection, from: PhotoId, into: PhotoId) -> rusqlite::Result<()> {
    if from == into || get(db, from)?.is_none() {
        return Ok(());
    }
    db.prepare_cached("UPDATE OR IGNORE copy SET photo = ?2 WHERE photo = ?1")?
        .execute([from.0, into.0])?;
    db.prepare_cached("DELETE FROM copy WHERE photo = ?1")?
        .execute([from.0])?;
    db.prepare_cached("DELETE FROM job WHERE photo = ?1")?
        .execute([from.0])?;
    db.prepare_cached("UPDATE file SET photo = ?2 WHERE photo = ?1")?
        .execute([from.0, into.0])?;
    db.prepare_cached(
        "UPDATE photo SET favourite = max(favourite, (SELECT favourite FROM photo WHERE id = ?1)), \
         rev = max(rev, (SELECT rev FROM photo WHERE id = ?1)) WHERE id = ?2",
    )?
    .execute([from.0, into.0])?;
    db.prepare_cached("DELETE FROM photo WHERE id = ?1")?
        .execute([from.0])?;
    refresh(db, into)
}
