//! The disks that were seen in a watched folder.
//!
//! **Invariant:** of the volumes known at one place of a folder, at most one is here.

use super::folders::FolderId;
use crate::disk::Disk;
use crate::path_bytes::{from_bytes, to_bytes};
use rusqlite::{Connection, Row, params};
use std::path::{Path, PathBuf};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct VolumeId(pub(crate) i64);

/// One disk at one place in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Volume {
    pub(crate) id: VolumeId,
    /// Below the folder's root; empty: the root itself.
    pub(crate) mount: PathBuf,
    /// A [`Disk`]'s name; none: it was not looked at yet.
    pub(crate) disk: Option<String>,
    pub(crate) device: Option<u64>,
    pub(crate) here: bool,
}

/// The files, a sample of which is looked for to recognise a disk.
const SAMPLE: i64 = 200;

pub(crate) fn of_folder(db: &Connection, folder: FolderId) -> rusqlite::Result<Vec<Volume>> {
    db.prepare_cached(
        "SELECT id, mount, disk, device, here FROM volume WHERE folder = ?1 ORDER BY id",
    )?
    .query_map([folder.0], read)?
    .collect()
}

/// A disk that was not seen at this place before; it is here.
pub(crate) fn insert(
    db: &Connection,
    folder: FolderId,
    mount: &Path,
    disk: Option<&Disk>,
) -> rusqlite::Result<VolumeId> {
    db.prepare_cached("INSERT INTO volume (folder, mount, disk, device) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![
            folder.0,
            to_bytes(mount),
            disk.map(|disk| &disk.name),
            disk.map(|disk| disk.device.cast_signed())
        ])?;
    Ok(VolumeId(db.last_insert_rowid()))
}

/// It is at its place now, and is this disk.
pub(crate) fn set_here(db: &Connection, id: VolumeId, disk: &Disk) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE volume SET here = 1, disk = ?2, device = ?3 WHERE id = ?1")?
        .execute(params![id.0, disk.name, disk.device.cast_signed()])?;
    Ok(())
}

pub(crate) fn set_away(db: &Connection, id: VolumeId) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE volume SET here = 0 WHERE id = ?1")?
        .execute([id.0])?;
    Ok(())
}

/// What a disk mounted at `mount` held while it was taken for a part of the one around it.
pub(crate) fn adopt(
    db: &Connection,
    id: VolumeId,
    around: VolumeId,
    mount: &Path,
    device: u64,
) -> rusqlite::Result<()> {
    let (below, beyond) = bounds(mount);
    db.prepare_cached(
        "UPDATE OR IGNORE file SET volume = ?1 \
         WHERE volume = ?2 AND device = ?3 AND path >= ?4 AND path < ?5",
    )?
    .execute(params![id.0, around.0, device.cast_signed(), below, beyond])?;
    Ok(())
}

/// How many files it is known to hold, and some of them: path below the folder, and size.
pub(crate) fn sample(
    db: &Connection,
    id: VolumeId,
) -> rusqlite::Result<(usize, Vec<(PathBuf, u64)>)> {
    let known: i64 = db
        .prepare_cached("SELECT count(*) FROM file WHERE volume = ?1 AND gone_at IS NULL")?
        .query_row([id.0], |row| row.get(0))?;
    let every = known / SAMPLE + 1;
    let files = db
        .prepare_cached(
            "SELECT path, size FROM file WHERE volume = ?1 AND gone_at IS NULL AND id % ?2 = 0",
        )?
        .query_map([id.0, every], |row| {
            Ok((
                from_bytes(row.get(0)?),
                row.get::<_, i64>(1)?.cast_unsigned(),
            ))
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    // None of the few may have such an id.
    let files = if files.is_empty() && known > 0 {
        first_files(db, id)?
    } else {
        files
    };
    Ok((usize::try_from(known).unwrap_or(usize::MAX), files))
}

/// Every path below `path` sorts from the first to before the second: `0` comes after `/`.
pub(super) fn bounds(path: &Path) -> (Vec<u8>, Vec<u8>) {
    (
        [to_bytes(path), b"/"].concat(),
        [to_bytes(path), b"0"].concat(),
    )
}

fn first_files(db: &Connection, id: VolumeId) -> rusqlite::Result<Vec<(PathBuf, u64)>> {
    db.prepare_cached(
        "SELECT path, size FROM file WHERE volume = ?1 AND gone_at IS NULL ORDER BY id LIMIT ?2",
    )?
    .query_map([id.0, SAMPLE], |row| {
        Ok((
            from_bytes(row.get(0)?),
            row.get::<_, i64>(1)?.cast_unsigned(),
        ))
    })?
    .collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Volume> {
    Ok(Volume {
        id: VolumeId(row.get(0)?),
        mount: from_bytes(row.get(1)?),
        disk: row.get(2)?,
        device: row.get::<_, Option<i64>>(3)?.map(i64::cast_unsigned),
        here: row.get(4)?,
    })
}
