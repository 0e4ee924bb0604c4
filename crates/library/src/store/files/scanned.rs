//! Files as a scan compares them: what the library knows of a disk, and what a look at it changed.

use super::{FileId, photo_by_identity, read_seen};
use crate::path_bytes::{borrowed, to_bytes};
use crate::plan::{Change, Known, Seen};
use crate::store::folders::FolderId;
use crate::store::jobs;
use crate::store::photos::{self, PhotoId};
use crate::store::volumes::{self, VolumeId};
use rusqlite::{Connection, Rows, params};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// Tells what the library knows of a disk, file by file, to be compared with it.
pub(crate) fn known(
    db: &Connection,
    volume: VolumeId,
    mut each: impl FnMut(&Path, Known),
) -> rusqlite::Result<()> {
    // Rows lie in the order in which they came: for much of the table that is quicker than by path.
    let (of_volume, most): (i64, i64) = db
        .prepare_cached(
            "SELECT (SELECT count(*) FROM file WHERE volume = ?1), coalesce((SELECT max(id) FROM file), 0)",
        )?
        .query_row([volume.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut statement = if of_volume > most / 4 {
        db.prepare_cached(
            "SELECT path, id, device, inode, size, mtime_ns, ctime_ns, gone_at IS NOT NULL FROM file WHERE +volume = ?1",
        )?
    } else {
        db.prepare_cached(
            "SELECT path, id, device, inode, size, mtime_ns, ctime_ns, gone_at IS NOT NULL FROM file WHERE volume = ?1",
        )?
    };
    tell(statement.query([volume.0])?, &mut each)
}

/// [`known`], of what lies at or under these relative paths.
pub(crate) fn known_under(
    db: &Connection,
    volume: VolumeId,
    paths: &[PathBuf],
    mut each: impl FnMut(&Path, Known),
) -> rusqlite::Result<()> {
    // Some of the paths may lie under others.
    let mut told = HashSet::new();
    let mut each = |path: &Path, known: Known| {
        if told.insert(known.id) {
            each(path, known);
        }
    };
    for path in paths {
        let (below, beyond) = volumes::bounds(path);
        let mut statement = db.prepare_cached(
            "SELECT path, id, device, inode, size, mtime_ns, ctime_ns, gone_at IS NOT NULL FROM file \
             WHERE volume = ?1 AND (path = ?2 OR (path >= ?3 AND path < ?4))",
        )?;
        let rows = statement.query(params![volume.0, to_bytes(path), below, beyond])?;
        tell(rows, &mut each)?;
    }
    Ok(())
}

fn tell(mut rows: Rows<'_>, each: &mut impl FnMut(&Path, Known)) -> rusqlite::Result<()> {
    while let Some(row) = rows.next()? {
        let path = borrowed(row.get_ref(0)?.as_blob()?);
        let known = Known {
            id: FileId(row.get(1)?),
            seen: read_seen(row, 2)?,
            gone: row.get(7)?,
        };
        each(path, known);
    }
    Ok(())
}

/// Writes what a scan of a disk found. Returns the photos that lost or got back a file.
pub(crate) fn apply(
    db: &Connection,
    folder: FolderId,
    volume: VolumeId,
    changes: &[Change],
    now: i64,
) -> rusqlite::Result<Vec<PhotoId>> {
    let mut touched = Vec::new();
    for change in changes {
        match change {
            Change::Added { path, seen } => {
                add(db, (folder, volume), path, *seen, now, &mut touched)?
            }
            Change::Modified { id, seen } => modify(db, *id, *seen, now)?,
            Change::Returned { id } => {
                set_gone(db, *id, None)?;
                touched.extend(photo_of(db, *id)?);
            }
            Change::Vanished { id } => {
                set_gone(db, *id, Some(now))?;
                touched.extend(photo_of(db, *id)?);
            }
        }
    }
    touched.sort_unstable();
    touched.dedup();
    for photo in &touched {
        photos::refresh_thumb(db, *photo)?;
        jobs::retry_file(db, *photo)?;
        photos::refresh(db, *photo)?;
    }
    Ok(touched)
}

fn add(
    db: &Connection,
    (folder, volume): (FolderId, VolumeId),
    path: &Path,
    seen: Seen,
    now: i64,
    touched: &mut Vec<PhotoId>,
) -> rusqlite::Result<()> {
    let moved = photo_by_identity(db, seen)?;
    db.prepare_cached(
        "INSERT INTO file (folder, volume, path, device, inode, size, mtime_ns, ctime_ns, seen_at, kind, photo) \
         VALUES (?1, ?11, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) \
         ON CONFLICT (volume, path) DO UPDATE SET device = excluded.device, inode = excluded.inode, \
         size = excluded.size, mtime_ns = excluded.mtime_ns, ctime_ns = excluded.ctime_ns, seen_at = excluded.seen_at, \
         kind = excluded.kind, photo = coalesce(excluded.photo, photo), gone_at = NULL",
    )?
    .execute(params![
        folder.0,
        to_bytes(path),
        seen.device.cast_signed(),
        seen.inode.cast_signed(),
        seen.size.cast_signed(),
        seen.mtime_ns,
        seen.ctime_ns,
        now,
        if moved.is_some() { "photo" } else { "new" },
        moved.map(|photo| photo.0),
        volume.0
    ])?;
    touched.extend(moved);
    Ok(())
}

/// The file has other bytes than its row says: it is to be read (again) when it rests.
pub(crate) fn modify(db: &Connection, id: FileId, seen: Seen, now: i64) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE file SET device = ?2, inode = ?3, size = ?4, mtime_ns = ?5, ctime_ns = ?7, seen_at = ?6, kind = 'new', \
         gone_at = NULL, cause = NULL, detail = NULL WHERE id = ?1",
    )?
    .execute(params![
        id.0,
        seen.device.cast_signed(),
        seen.inode.cast_signed(),
        seen.size.cast_signed(),
        seen.mtime_ns,
        now, seen.ctime_ns
    ])?;
    Ok(())
}

fn set_gone(db: &Connection, id: FileId, gone_at: Option<i64>) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE file SET gone_at = ?2 WHERE id = ?1")?
        .execute(params![id.0, gone_at])?;
    Ok(())
}

fn photo_of(db: &Connection, id: FileId) -> rusqlite::Result<Option<PhotoId>> {
    db.prepare_cached("SELECT photo FROM file WHERE id = ?1")?
        .query_row([id.0], |row| Ok(row.get::<_, Option<i64>>(0)?.map(PhotoId)))
}
