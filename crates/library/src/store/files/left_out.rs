//! Files that are not backed up, and what their rows say of that.

use super::FileId;
use crate::path_bytes::{from_bytes, shown, to_bytes};
use crate::reason::parse_code;
use crate::store::folders::FolderId;
use crate::store::photos::PhotoId;
use crate::view::{Cause, LeftOut, LeftOutFile};
use rusqlite::{Connection, OptionalExtension, params};
use std::path::Path;

/// What is known of a file under a watched folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    Photo(PhotoId),
    /// To be read (again).
    New,
    /// Not backed up, for what it is.
    LeftOut(Cause),
    Problem(Cause, String),
    /// Its disk is not there.
    Away,
    Gone,
}

/// What the row of the file at `relative` says; none: it was never seen.
pub(crate) fn standing(
    db: &Connection,
    folder: FolderId,
    relative: &Path,
) -> rusqlite::Result<Option<Standing>> {
    db.prepare_cached(
        "SELECT kind, photo, cause, coalesce(detail, ''), gone_at IS NOT NULL, volume.here \
         FROM file JOIN volume ON volume.id = file.volume WHERE file.folder = ?1 AND path = ?2 \
         ORDER BY gone_at IS NOT NULL, volume.here DESC LIMIT 1",
    )?
    .query_row(params![folder.0, to_bytes(relative)], |row| {
        let kind: String = row.get(0)?;
        let photo: Option<PhotoId> = row.get::<_, Option<i64>>(1)?.map(PhotoId);
        let cause: Option<String> = row.get(2)?;
        let (gone, here): (bool, bool) = (row.get(4)?, row.get(5)?);
        Ok(match (kind.as_str(), photo) {
            _ if gone => Standing::Gone,
            ("photo", Some(photo)) => Standing::Photo(photo),
            _ if !here => Standing::Away,
            ("video", _) => Standing::LeftOut(Cause::Video),
            ("empty", _) => Standing::LeftOut(Cause::Empty),
            ("problem", _) => Standing::Problem(
                cause
                    .as_deref()
                    .and_then(parse_code)
                    .unwrap_or(Cause::FileUnreadable),
                row.get(3)?,
            ),
            ("other", _) => Standing::LeftOut(Cause::NotAPhoto),
            _ => Standing::New,
        })
    })
    .optional()
}

/// Files that are not backed up for what they are, by kind: the next page after `after`.
pub(crate) fn left_out(
    db: &Connection,
    kind: LeftOut,
    after: FileId,
    limit: u32,
) -> rusqlite::Result<Vec<LeftOutFile>> {
    let kinds: &[&str] = match kind {
        LeftOut::Videos => &["video"],
        LeftOut::Others => &["other", "empty"],
    };
    let mut found = Vec::new();
    for kind in kinds {
        let mut statement = db.prepare_cached(
            "SELECT file.id, folder.path, file.path, file.size FROM file JOIN folder ON folder.id = file.folder \
             WHERE file.kind = ?1 AND file.gone_at IS NULL AND file.id > ?2 ORDER BY file.id LIMIT ?3",
        )?;
        let mut rows = statement.query(params![kind, after.0, limit])?;
        while let Some(row) = rows.next()? {
            let path = from_bytes(row.get(1)?).join(from_bytes(row.get(2)?));
            found.push(LeftOutFile {
                cursor: row.get(0)?,
                path: shown(&path),
                size: row.get::<_, i64>(3)?.cast_unsigned(),
                code: match *kind {
                    "video" => Cause::Video,
                    "empty" => Cause::Empty,
                    _ => Cause::NotAPhoto,
                },
            });
        }
    }
    found.sort_by_key(|file| file.cursor);
    found.truncate(limit as usize);
    Ok(found)
}
