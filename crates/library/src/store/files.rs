//! Files under the watched folders.

mod left_out;
mod scanned;

pub(crate) use left_out::{Standing, left_out, standing};
pub(crate) use scanned::{apply, known, known_under, modify};

use super::folders::FolderId;
use super::jobs;
use super::photos::{self, PhotoId};
use crate::path_bytes::{from_bytes, to_bytes};
use crate::plan::Seen;
use crate::reason::code_name;
use crate::view::Cause;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::path::{Path, PathBuf};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct FileId(pub(crate) i64);

/// A file that is there, and has to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewFile {
    pub(crate) id: FileId,
    pub(crate) folder: FolderId,
    /// Absolute.
    pub(crate) path: PathBuf,
    /// Below its folder.
    pub(crate) relative: PathBuf,
    pub(crate) seen: Seen,
    /// When it was first seen with this size and time; milliseconds.
    pub(crate) seen_at: i64,
    /// The photo that it was before it changed.
    pub(crate) before: Option<PhotoId>,
}

/// What reading a file said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    Photo(PhotoId),
    Video,
    Other,
    Empty,
    Problem { cause: Cause, detail: String },
}

/// A file that holds a photo's bytes, as far as is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) id: FileId,
    pub(crate) path: PathBuf,
    pub(crate) relative: PathBuf,
    pub(crate) seen: Seen,
    /// Its disk is not there.
    pub(crate) away: bool,
    /// Nor is anything else of its folder.
    pub(crate) folder_offline: bool,
}

/// Files that have to be read, oldest sighting first.
pub(crate) fn new_files(db: &Connection, limit: u32) -> rusqlite::Result<Vec<NewFile>> {
    db.prepare_cached(
        "SELECT file.id, file.folder, folder.path, file.path, file.device, file.inode, file.size, \
                file.mtime_ns, file.ctime_ns, file.seen_at, file.photo \
         FROM file JOIN folder ON folder.id = file.folder JOIN volume ON volume.id = file.volume \
         WHERE file.kind = 'new' AND file.gone_at IS NULL AND volume.here = 1 ORDER BY file.seen_at LIMIT ?1",
    )?
    .query_map([limit], |row| {
        let root: PathBuf = from_bytes(row.get(2)?);
        let relative = from_bytes(row.get(3)?);
        Ok(NewFile {
            id: FileId(row.get(0)?),
            folder: FolderId(row.get(1)?),
            path: root.join(&relative),
            relative,
            seen: read_seen(row, 4)?,
            seen_at: row.get(9)?,
            before: row.get::<_, Option<i64>>(10)?.map(PhotoId),
        })
    })?
    .collect()
}

/// Whether the file still has to be read.
pub(crate) fn is_new(db: &Connection, id: FileId) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM file WHERE id = ?1 AND kind = 'new' AND gone_at IS NULL")?
        .exists([id.0])
}

/// How many files have to be read.
pub(crate) fn count_new(db: &Connection) -> rusqlite::Result<u32> {
    db.prepare_cached(
        "SELECT count(*) FROM file JOIN volume ON volume.id = file.volume \
         WHERE kind = 'new' AND gone_at IS NULL AND volume.here = 1",
    )?
    .query_row([], |row| row.get(0))
}

/// Whether a file of the folder has to be read.
pub(crate) fn any_new(db: &Connection, folder: FolderId) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "SELECT 1 FROM file JOIN volume ON volume.id = file.volume \
         WHERE file.folder = ?1 AND kind = 'new' AND gone_at IS NULL AND volume.here = 1",
    )?
    .exists([folder.0])
}

/// Records what reading said, unless the file changed again meanwhile. Returns whether it did not.
pub(crate) fn settle(db: &Connection, file: &NewFile, verdict: &Verdict) -> rusqlite::Result<bool> {
    let (kind, photo, cause, detail) = match verdict {
        Verdict::Photo(photo) => ("photo", Some(photo.0), None, None),
        Verdict::Video => ("video", None, None, None),
        Verdict::Other => ("other", None, None, None),
        Verdict::Empty => ("empty", None, None, None),
        Verdict::Problem { cause, detail } => (
            "problem",
            file.before.map(|photo| photo.0),
            Some(code_name(*cause)),
            Some(detail.as_str()),
        ),
    };
    let settled =
        db.prepare_cached(
            "UPDATE file SET kind = ?2, photo = ?3, cause = ?4, detail = ?5 \
             WHERE id = ?1 AND kind = 'new' AND size = ?6 AND mtime_ns = ?7 AND inode = ?8 \
             AND ctime_ns = ?9",
        )?
        .execute(params![
            file.id.0,
            kind,
            photo,
            cause,
            detail,
            file.seen.size.cast_signed(),
            file.seen.mtime_ns,
            file.seen.inode.cast_signed(),
            file.seen.ctime_ns
        ])? > 0;
    if settled {
        if let Verdict::Photo(photo) = verdict {
            photos::refresh_thumb(db, *photo)?;
            jobs::retry_file(db, *photo)?;
            photos::refresh(db, *photo)?;
        }
        if let Some(before) = file.before {
            photos::refresh_thumb(db, before)?;
            photos::refresh(db, before)?;
        }
    }
    Ok(settled)
}

/// A photo whose file has this very identity: the same file under another name need not be read.
///
/// Whole-second times are too coarse to tell files apart on their own (FAT, archives), so those are
/// read again.
pub(crate) fn photo_by_identity(db: &Connection, seen: Seen) -> rusqlite::Result<Option<PhotoId>> {
    if seen.mtime_ns % 1_000_000_000 == 0 {
        return Ok(None);
    }
    db.prepare_cached(
        "SELECT photo FROM file WHERE device = ?1 AND inode = ?2 AND size = ?3 AND mtime_ns = ?4 \
         AND kind = 'photo' AND photo IS NOT NULL LIMIT 1",
    )?
    .query_row(
        params![
            seen.device.cast_signed(),
            seen.inode.cast_signed(),
            seen.size.cast_signed(),
            seen.mtime_ns
        ],
        |row| row.get(0).map(PhotoId),
    )
    .optional()
}

/// Where a photo's bytes are on this machine; files on disks that are there first.
pub(crate) fn sources(db: &Connection, photo: PhotoId) -> rusqlite::Result<Vec<Source>> {
    db.prepare_cached(
        "SELECT file.id, folder.path, file.path, file.device, file.inode, file.size, file.mtime_ns, file.ctime_ns, 1 - volume.here AS away, folder.offline \
         FROM file JOIN folder ON folder.id = file.folder JOIN volume ON volume.id = file.volume \
         WHERE file.photo = ?1 AND file.gone_at IS NULL AND file.kind = 'photo' ORDER BY away, file.id",
    )?
    .query_map([photo.0], |row| {
        let root: PathBuf = from_bytes(row.get(1)?);
        let relative = from_bytes(row.get(2)?);
        Ok(Source {
            id: FileId(row.get(0)?),
            path: root.join(&relative),
            relative,
            seen: read_seen(row, 3)?,
            away: row.get(8)?,
            folder_offline: row.get(9)?,
        })
    })?
    .collect()
}

/// Whether a photo's bytes are on a disk that is not there now.
pub(crate) fn waits_for_disk(db: &Connection, photo: PhotoId) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "SELECT 1 FROM file JOIN volume ON volume.id = file.volume \
         WHERE file.photo = ?1 AND file.gone_at IS NULL AND volume.here = 0",
    )?
    .exists([photo.0])
}

/// The row of the file at `relative` under `folder`, if it is known.
pub(crate) fn find(
    db: &Connection,
    folder: FolderId,
    relative: &Path,
) -> rusqlite::Result<Option<(FileId, Option<PhotoId>)>> {
    db.prepare_cached(
        "SELECT file.id, photo FROM file JOIN volume ON volume.id = file.volume \
         WHERE file.folder = ?1 AND path = ?2 AND gone_at IS NULL ORDER BY volume.here DESC LIMIT 1",
    )?
    .query_row(params![folder.0, to_bytes(relative)], |row| {
        Ok((
            FileId(row.get(0)?),
            row.get::<_, Option<i64>>(1)?.map(PhotoId),
        ))
    })
    .optional()
}

/// Where the photos of a folder are, or were when its disk was there; relative.
pub(crate) fn photo_paths(db: &Connection, folder: FolderId) -> rusqlite::Result<Vec<PathBuf>> {
    db.prepare_cached(
        "SELECT path FROM file WHERE folder = ?1 AND kind = 'photo' AND gone_at IS NULL",
    )?
    .query_map([folder.0], |row| row.get(0).map(from_bytes))?
    .collect()
}

/// Files that could not be read are to be read again.
pub(crate) fn retry_problems(db: &Connection, now: i64) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE file SET kind = 'new', cause = NULL, detail = NULL, seen_at = ?1 \
         WHERE kind = 'problem' AND gone_at IS NULL",
    )?
    .execute([now])?;
    Ok(())
}

pub(crate) fn folder_of(db: &Connection, id: FileId) -> rusqlite::Result<Option<FolderId>> {
    db.prepare_cached("SELECT folder FROM file WHERE id = ?1")?
        .query_row([id.0], |row| row.get(0).map(FolderId))
        .optional()
}

fn read_seen(row: &Row<'_>, first: usize) -> rusqlite::Result<Seen> {
    Ok(Seen {
        device: row.get::<_, i64>(first)?.cast_unsigned(),
        inode: row.get::<_, i64>(first + 1)?.cast_unsigned(),
        size: row.get::<_, i64>(first + 2)?.cast_unsigned(),
        mtime_ns: row.get(first + 3)?,
        ctime_ns: row.get(first + 4)?,
    })
}
