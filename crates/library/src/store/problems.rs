//! What needs the person or waits, grouped by cause.

use super::checks::Lost;
use super::destinations::DestinationId;
use super::state;
use crate::path_bytes::{from_bytes, shown};
use crate::reason::parse_code;
use crate::view::Cause;
use rusqlite::{Connection, params};

/// How many names stand for a group.
pub(crate) const EXAMPLES: u32 = 5;

/// Photos or files that share a cause at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) cause: Cause,
    pub(crate) detail: String,
    pub(crate) retry_at: Option<i64>,
    pub(crate) destination: Option<DestinationId>,
    pub(crate) folder: Option<String>,
    pub(crate) count: u32,
    pub(crate) examples: Vec<String>,
}

/// Originals that failed or wait, by destination and cause.
pub(crate) fn of_jobs(db: &Connection) -> rusqlite::Result<Vec<Group>> {
    let rows: Vec<(i64, state::OfJob, String, String, i64, u32)> = db
        .prepare_cached(
            "SELECT destination, state, cause, min(coalesce(detail, '')), min(not_before), count(*) FROM job \
             WHERE kind = 'original' AND state IN ('waiting', 'failed') AND cause IS NOT NULL \
             GROUP BY destination, state, cause ORDER BY state, count(*) DESC",
        )?
        .query_map([], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    rows.into_iter()
        .filter_map(|row| parse_code(&row.2).map(|cause| (cause, row)))
        .map(|(cause, (destination, state, code, detail, not_before, count))| {
            let examples = db
                .prepare_cached(
                    "SELECT photo.name FROM job JOIN photo ON photo.id = job.photo WHERE job.destination = ?1 \
                     AND job.kind = 'original' AND job.state = ?2 AND job.cause = ?3 ORDER BY job.id LIMIT ?4",
                )?
                .query_map(params![destination, state, code, EXAMPLES], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            Ok(Group {
                cause,
                detail,
                retry_at: (state == state::OfJob::Waiting).then_some(not_before),
                destination: Some(DestinationId(destination)),
                folder: None,
                count,
                examples,
            })
        })
        .collect()
}

/// Photos that a destination had and no longer has as they were, and of which no file is here.
pub(crate) fn of_lost(db: &Connection) -> rusqlite::Result<Vec<Group>> {
    const LOST: &str = "FROM copy JOIN photo ON photo.id = copy.photo WHERE copy.lost IS NOT NULL AND NOT EXISTS ( \
        SELECT 1 FROM file WHERE file.photo = copy.photo AND gone_at IS NULL AND kind IN ('photo', 'new'))";
    let rows: Vec<(i64, String, String, u32)> = db
        .prepare_cached(&format!(
            "SELECT copy.destination, copy.lost, min(copy.key), count(*) {LOST} GROUP BY copy.destination, copy.lost"
        ))?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
        .collect::<rusqlite::Result<_>>()?;
    rows.into_iter()
        .filter_map(|row| Lost::parse(&row.1).map(|lost| (lost, row)))
        .map(|(lost, (destination, code, key, count))| {
            let examples = db
                .prepare_cached(&format!(
                    "SELECT photo.name {LOST} AND copy.destination = ?1 AND copy.lost = ?2 ORDER BY photo.id LIMIT ?3"
                ))?
                .query_map(params![destination, code, EXAMPLES], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            Ok(Group {
                cause: lost.into(),
                detail: key,
                retry_at: None,
                destination: Some(DestinationId(destination)),
                folder: None,
                count,
                examples,
            })
        })
        .collect()
}

/// Files that could not be read, by folder and cause.
pub(crate) fn of_files(db: &Connection) -> rusqlite::Result<Vec<Group>> {
    let rows: Vec<(i64, Vec<u8>, String, String, u32)> = db
        .prepare_cached(
            "SELECT file.folder, folder.path, file.cause, min(coalesce(file.detail, '')), count(*) \
             FROM file JOIN folder ON folder.id = file.folder \
             WHERE file.kind = 'problem' AND file.gone_at IS NULL AND file.cause IS NOT NULL \
             GROUP BY file.folder, file.cause",
        )?
        .query_map([], |row| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
            ))
        })?
        .collect::<rusqlite::Result<_>>()?;
    rows.into_iter()
        .filter_map(|row| parse_code(&row.2).map(|cause| (cause, row)))
        .map(|(cause, (folder, root, code, detail, count))| {
            let examples = db
                .prepare_cached(
                    "SELECT path FROM file WHERE folder = ?1 AND kind = 'problem' AND gone_at IS NULL \
                     AND cause = ?2 ORDER BY id LIMIT ?3",
                )?
                .query_map(params![folder, code, EXAMPLES], |row| Ok(shown(&from_bytes(row.get(0)?))))?
                .collect::<rusqlite::Result<_>>()?;
            Ok(Group {
                cause,
                detail,
                retry_at: None,
                destination: None,
                folder: Some(shown(&from_bytes(root))),
                count,
                examples,
            })
        })
        .collect()
}

/// Every file with a problem: path, cause, detail.
pub(crate) fn files(db: &Connection) -> rusqlite::Result<Vec<(String, Cause, String)>> {
    let rows: Vec<(Vec<u8>, Vec<u8>, String, String)> = db
        .prepare_cached(
            "SELECT folder.path, file.path, file.cause, coalesce(file.detail, '') FROM file \
             JOIN folder ON folder.id = file.folder \
             WHERE file.kind = 'problem' AND file.gone_at IS NULL AND file.cause IS NOT NULL ORDER BY file.id",
        )?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows
        .into_iter()
        .filter_map(|(root, path, code, detail)| {
            let path = from_bytes(root).join(from_bytes(path));
            parse_code(&code).map(|cause| (shown(&path), cause, detail))
        })
        .collect())
}
