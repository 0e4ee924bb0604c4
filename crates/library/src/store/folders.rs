//! Watched folders.

use super::photos::PhotoId;
use super::volumes;
use crate::path_bytes::{from_bytes, to_bytes};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::path::{Path, PathBuf};

/// A watched folder's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct FolderId(pub(crate) i64);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Folder {
    pub(crate) id: FolderId,
    pub(crate) path: PathBuf,
    pub(crate) managed: bool,
    pub(crate) offline: bool,
    /// Device and inode of the root when it was last seen with its files.
    pub(crate) root: Option<(u64, u64)>,
}

/// What lies in a folder, by kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct FolderTally {
    pub(crate) photos: u32,
    pub(crate) bytes: u64,
    pub(crate) videos: u32,
    pub(crate) other: u32,
    /// Files that were seen and not read yet, those of disks that are away among them.
    pub(crate) unread: u32,
}

/// Whether a folder is a person's own or the one that drops are copied into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FolderRole {
    Watched,
    Managed,
}

pub(crate) fn insert(db: &Connection, path: &Path, role: FolderRole) -> rusqlite::Result<FolderId> {
    db.prepare_cached("INSERT INTO folder (path, managed) VALUES (?1, ?2)")?
        .execute(params![to_bytes(path), role == FolderRole::Managed])?;
    let id = FolderId(db.last_insert_rowid());
    volumes::insert(db, id, Path::new(""), None)?;
    Ok(id)
}

pub(crate) fn all(db: &Connection) -> rusqlite::Result<Vec<Folder>> {
    db.prepare_cached(
        "SELECT id, path, managed, offline, device, inode FROM folder ORDER BY managed, id",
    )?
    .query_map([], read)?
    .collect()
}

pub(crate) fn get(db: &Connection, id: FolderId) -> rusqlite::Result<Option<Folder>> {
    db.prepare_cached("SELECT id, path, managed, offline, device, inode FROM folder WHERE id = ?1")?
        .query_row([id.0], read)
        .optional()
}

/// It is there: this is its root.
pub(crate) fn set_online(db: &Connection, id: FolderId, root: (u64, u64)) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE folder SET offline = 0, device = ?2, inode = ?3 WHERE id = ?1")?
        .execute(params![id.0, root.0.cast_signed(), root.1.cast_signed()])?;
    Ok(())
}

/// It is not there, and no disk in it is.
pub(crate) fn set_offline(db: &Connection, id: FolderId) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE volume SET here = 0 WHERE folder = ?1")?
        .execute([id.0])?;
    db.prepare_cached("UPDATE folder SET offline = 1 WHERE id = ?1")?
        .execute([id.0])?;
    Ok(())
}

/// Forgets the folder and its files' rows; returns the photos that had files there.
pub(crate) fn remove(db: &Connection, id: FolderId) -> rusqlite::Result<Vec<PhotoId>> {
    let photos = db
        .prepare_cached("SELECT DISTINCT photo FROM file WHERE folder = ?1 AND photo IS NOT NULL")?
        .query_map([id.0], |row| row.get(0).map(PhotoId))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    db.prepare_cached("DELETE FROM file WHERE folder = ?1")?
        .execute([id.0])?;
    db.prepare_cached("DELETE FROM file_tally WHERE folder = ?1")?
        .execute([id.0])?;
    db.prepare_cached("DELETE FROM folder WHERE id = ?1")?
        .execute([id.0])?;
    Ok(photos)
}

/// A folder's files become those of the folder around it; nothing is read again.
pub(crate) fn hand_over(
    db: &Connection,
    inner: &Folder,
    outer: FolderId,
    root: &Path,
) -> rusqlite::Result<()> {
    let below = inner.path.strip_prefix(root).unwrap_or(Path::new(""));
    let prefix = [to_bytes(below), b"/"].concat();
    db.prepare_cached(
        "UPDATE file SET path = CAST(?3 || path AS BLOB), folder = ?2 WHERE folder = ?1",
    )?
    .execute(params![inner.id.0, outer.0, prefix])?;
    db.prepare_cached("UPDATE volume SET folder = ?2, mount = CAST(?3 || mount AS BLOB) WHERE folder = ?1 AND mount <> x''")?
        .execute(params![inner.id.0, outer.0, prefix])?;
    // The inner root is a part of the outer one; on a disk of its own, the next look tells it apart.
    let around = root_volume(db, outer)?;
    db.prepare_cached("UPDATE file SET volume = ?2 WHERE volume IN (SELECT id FROM volume WHERE folder = ?1 AND here = 1)")?
        .execute(params![inner.id.0, around])?;
    db.prepare_cached("DELETE FROM volume WHERE folder = ?1 AND here = 1")?
        .execute([inner.id.0])?;
    db.prepare_cached("UPDATE volume SET folder = ?2, mount = ?3 WHERE folder = ?1")?
        .execute(params![inner.id.0, outer.0, to_bytes(below)])?;
    retally(db, outer)?;
    remove(db, inner.id).map(|_| ())
}

/// The folder is elsewhere now; its files are looked for there.
pub(crate) fn move_to(db: &Connection, id: FolderId, path: &Path) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE folder SET path = ?2, offline = 0, device = NULL, inode = NULL WHERE id = ?1",
    )?
    .execute(params![id.0, to_bytes(path)])?;
    Ok(())
}

/// Counts a folder's files anew.
fn retally(db: &Connection, id: FolderId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM file_tally WHERE folder = ?1")?
        .execute([id.0])?;
    db.prepare_cached(
        "INSERT INTO file_tally SELECT folder, kind, count(*), sum(size) FROM file \
         WHERE folder = ?1 AND gone_at IS NULL GROUP BY folder, kind",
    )?
    .execute([id.0])?;
    Ok(())
}

pub(crate) fn tally(db: &Connection, id: FolderId) -> rusqlite::Result<FolderTally> {
    let mut tally = FolderTally::default();
    let mut statement =
        db.prepare_cached("SELECT kind, count, bytes FROM file_tally WHERE folder = ?1")?;
    let mut rows = statement.query([id.0])?;
    while let Some(row) = rows.next()? {
        let (kind, count, bytes): (String, u32, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        match kind.as_str() {
            "photo" => {
                tally.photos = count;
                tally.bytes = bytes.cast_unsigned();
            }
            "video" => tally.videos = count,
            "other" | "empty" => tally.other += count,
            "new" => tally.unread = count,
            _ => {}
        }
    }
    Ok(tally)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Folder> {
    let device: Option<i64> = row.get(4)?;
    let inode: Option<i64> = row.get(5)?;
    Ok(Folder {
        id: FolderId(row.get(0)?),
        path: from_bytes(row.get(1)?),
        managed: row.get(2)?,
        offline: row.get(3)?,
        root: device
            .zip(inode)
            .map(|(device, inode)| (device.cast_unsigned(), inode.cast_unsigned())),
    })
}

/// The row of the disk that its root lies on, or lay on last.
fn root_volume(db: &Connection, id: FolderId) -> rusqlite::Result<i64> {
    db.prepare_cached("SELECT id FROM volume WHERE folder = ?1 AND mount = x'' ORDER BY here DESC, id DESC LIMIT 1")?
        .query_row([id.0], |row| row.get(0))
}
