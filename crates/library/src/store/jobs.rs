//! What is to be done at the destinations.
//!
//! **Invariant:** a running job belongs to this process; after a restart every one is ready again.

use super::copies;
use super::destinations::DestinationId;
use super::photos::{self, PhotoId};
use super::state;
use crate::reason::{code_name, parse_code};
use crate::view::{Cause, Reason};
use remote::Proof;
use rusqlite::types::Type;
use rusqlite::{Connection, Row, params};

/// Dropped by hand: a person looks on.
const PRIORITY_DROPPED: i64 = 5;
pub(crate) const PRIORITY_ORIGINAL: i64 = 10;
pub(crate) const PRIORITY_SIDECAR: i64 = 20;
pub(crate) const PRIORITY_THUMBNAIL: i64 = 30;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct JobId(pub(crate) i64);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JobKind {
    Original,
    Sidecar,
    Thumbnail,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Job {
    pub(crate) id: JobId,
    pub(crate) photo: PhotoId,
    pub(crate) destination: DestinationId,
    pub(crate) kind: JobKind,
    /// How often it was tried before.
    pub(crate) attempts: u32,
}

/// An original's job as the person is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) destination: DestinationId,
    pub(crate) state: state::OfJob,
    pub(crate) cause: Option<Cause>,
    pub(crate) detail: String,
    pub(crate) not_before: i64,
}

impl Standing {
    /// Why it was not done when it was tried last, and when it is tried again.
    pub(crate) fn reason(&self) -> Option<Reason> {
        Some(Reason {
            code: self.cause?,
            detail: self.detail.clone(),
            retry_at: (self.state == state::OfJob::Waiting).then_some(self.not_before),
        })
    }
}

/// Jobs of one destination that stand alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outlook {
    pub(crate) destination: DestinationId,
    pub(crate) state: state::OfJob,
    pub(crate) cause: Option<Cause>,
    pub(crate) least_attempts: u32,
}

/// After a start: what was under way is to be done again.
pub(crate) fn recover(db: &Connection) -> rusqlite::Result<()> {
    db.execute("UPDATE job SET state = 'ready' WHERE state = 'running'", [])?;
    Ok(())
}

/// Takes up to `limit` jobs of a destination, most urgent first.
pub(crate) fn claim(
    db: &Connection,
    destination: DestinationId,
    now: i64,
    limit: u32,
) -> rusqlite::Result<Vec<Job>> {
    wake_due(db, now)?;
    let jobs: Vec<Job> = db
        .prepare_cached(
            "SELECT id, photo, destination, kind, attempts FROM job \
             WHERE destination = ?1 AND state = 'ready' ORDER BY priority, id LIMIT ?2",
        )?
        .query_map(params![destination.0, limit], read)?
        .collect::<rusqlite::Result<_>>()?;
    for job in &jobs {
        db.prepare_cached("UPDATE job SET state = 'running' WHERE id = ?1")?
            .execute([job.id.0])?;
    }
    Ok(jobs)
}

/// A derived object is missing where a copy lies: it is made again, in its turn. Returns whether that is news:
/// one that waits already, or that this photo cannot have, is none.
pub(crate) fn queue_derived(
    db: &Connection,
    photo: PhotoId,
    destination: DestinationId,
    kind: JobKind,
) -> rusqlite::Result<bool> {
    let (name, priority) = match kind {
        JobKind::Original => return Ok(false),
        JobKind::Sidecar => ("sidecar", PRIORITY_SIDECAR),
        JobKind::Thumbnail => ("thumbnail", PRIORITY_THUMBNAIL),
    };
    let queued = db
        .prepare_cached(
            "INSERT OR IGNORE INTO job (photo, destination, kind, priority) \
             SELECT copy.photo, copy.destination, ?3, ?4 FROM copy JOIN photo ON photo.id = copy.photo \
             WHERE copy.photo = ?1 AND copy.destination = ?2 AND copy.confirmed_at IS NOT NULL \
               AND photo.sha256 IS NOT NULL AND photo.thumb <> 'wanted' \
               AND (?3 = 'sidecar' OR photo.thumb = 'made')",
        )?
        .execute(params![photo.0, destination.0, name, priority])?;
    Ok(queued > 0)
}

/// The original is confirmed: the job's end, the copy's proof and the derived jobs in one.
pub(crate) fn confirm(db: &Connection, job: &Job, proof: &Proof, now: i64) -> rusqlite::Result<()> {
    copies::confirm(db, job.photo, job.destination, proof, now)?;
    finish(db, job)?;
    photos::queue_derived(db, job.photo)?;
    photos::refresh(db, job.photo)
}

/// The job is done, or has nothing to do any more.
pub(crate) fn finish(db: &Connection, job: &Job) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM job WHERE id = ?1")?
        .execute([job.id.0])?;
    Ok(())
}

/// Back into the queue as if untried: the destination went away, not the job wrong.
pub(crate) fn release(db: &Connection, job: &Job) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE job SET state = 'ready' WHERE id = ?1 AND state = 'running'")?
        .execute([job.id.0])?;
    Ok(())
}

/// To be tried again at `not_before` (milliseconds).
pub(crate) fn wait(
    db: &Connection,
    job: &Job,
    cause: Cause,
    detail: &str,
    not_before: i64,
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE job SET state = 'waiting', attempts = attempts + 1, cause = ?2, detail = ?3, not_before = ?4 \
         WHERE id = ?1",
    )?
    .execute(params![job.id.0, code_name(cause), detail, not_before])?;
    photos::refresh(db, job.photo)
}

/// Not to be tried again before a person or the file changed something.
pub(crate) fn fail(db: &Connection, job: &Job, cause: Cause, detail: &str) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE job SET state = 'failed', attempts = attempts + 1, cause = ?2, detail = ?3 WHERE id = ?1",
    )?
    .execute(params![job.id.0, code_name(cause), detail])?;
    photos::refresh(db, job.photo)
}

/// Everything that waits or failed is ready again.
pub(crate) fn retry_all(db: &Connection) -> rusqlite::Result<()> {
    wake(db, "state IN ('waiting', 'failed')", [])
}

/// What waited for this cause is ready again.
pub(crate) fn retry_cause(db: &Connection, cause: Cause) -> rusqlite::Result<()> {
    wake(
        db,
        "state IN ('waiting', 'failed') AND cause = ?1",
        [code_name(cause)],
    )
}

/// A photo's file came back, moved or was read again: what failed for the file's sake is ready.
pub(crate) fn retry_file(db: &Connection, photo: PhotoId) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE job SET state = 'ready', not_before = 0 WHERE photo = ?1 AND state IN ('waiting', 'failed') \
         AND cause IN ('file_unreadable', 'file_changed', 'file_gone', 'folder_offline', 'disk_away', 'still_being_written')",
    )?
    .execute([photo.0])?;
    Ok(())
}

/// A photo that a person asks for goes first. Answers whether its original is still to go anywhere.
pub(crate) fn hurry(db: &Connection, photo: PhotoId) -> rusqlite::Result<bool> {
    let left = db
        .prepare_cached("UPDATE job SET priority = ?2 WHERE photo = ?1 AND kind = 'original'")?
        .execute(params![photo.0, PRIORITY_DROPPED])?;
    Ok(left > 0)
}

/// A person asks for this photo: what waits or failed of it is ready again.
pub(crate) fn retry_photo(db: &Connection, photo: PhotoId) -> rusqlite::Result<()> {
    let woken = db
        .prepare_cached(
            "UPDATE job SET state = 'ready', not_before = 0 WHERE photo = ?1 AND state IN ('waiting', 'failed')",
        )?
        .execute([photo.0])?;
    if woken > 0 {
        photos::refresh(db, photo)?;
    }
    Ok(())
}

/// The sidecar that tells of `rev` is written; a person may have changed something since.
pub(crate) fn finish_sidecar(db: &Connection, job: &Job, rev: u64) -> rusqlite::Result<()> {
    let again = db
        .prepare_cached(
            "UPDATE job SET state = 'ready' WHERE id = ?1 \
             AND EXISTS (SELECT 1 FROM photo WHERE photo.id = job.photo AND photo.rev > ?2)",
        )?
        .execute(params![job.id.0, rev.cast_signed()])?;
    if again == 0 { finish(db, job) } else { Ok(()) }
}

/// When the next waiting job of a destination is due; milliseconds.
pub(crate) fn next_due(
    db: &Connection,
    destination: DestinationId,
) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached(
        "SELECT min(not_before) FROM job WHERE destination = ?1 AND state = 'waiting'",
    )?
    .query_row([destination.0], |row| row.get(0))
}

/// How the jobs of every kind stand.
pub(crate) fn outlook(db: &Connection) -> rusqlite::Result<Vec<Outlook>> {
    db.prepare_cached("SELECT destination, state, cause, min(attempts) FROM job GROUP BY destination, state, cause")?
        .query_map([], |row| {
            Ok(Outlook {
                destination: DestinationId(row.get(0)?),
                state: row.get(1)?,
                cause: row.get::<_, Option<String>>(2)?.as_deref().and_then(parse_code),
                least_attempts: row.get(3)?,
            })
        })?
        .collect()
}

/// Bytes of the photos that are still to go up to some destination.
pub(crate) fn bytes_left(db: &Connection) -> rusqlite::Result<u64> {
    bytes_in(db, &["queued", "waiting"])
}

/// Bytes of the photos that are backed up at every destination.
pub(crate) fn bytes_safe(db: &Connection) -> rusqlite::Result<u64> {
    bytes_in(db, &["backed_up"])
}

fn bytes_in(db: &Connection, states: &[&str]) -> rusqlite::Result<u64> {
    let mut tally =
        db.prepare_cached("SELECT coalesce(sum(bytes), 0) FROM photo_tally WHERE state = ?1")?;
    let mut bytes: i64 = 0;
    for state in states {
        bytes += tally.query_row([state], |row| row.get::<_, i64>(0))?;
    }
    Ok(bytes.max(0).cast_unsigned())
}

/// Where the original of a photo stands at each destination that lacks it.
pub(crate) fn standings(db: &Connection, photo: PhotoId) -> rusqlite::Result<Vec<Standing>> {
    db.prepare_cached(
        "SELECT destination, state, cause, detail, not_before FROM job WHERE photo = ?1 AND kind = 'original'",
    )?
    .query_map([photo.0], |row| {
        Ok(Standing {
            destination: DestinationId(row.get(0)?),
            state: row.get(1)?,
            cause: row.get::<_, Option<String>>(2)?.as_deref().and_then(parse_code),
            detail: row.get::<_, Option<String>>(3)?.unwrap_or_default(),
            not_before: row.get(4)?,
        })
    })?
    .collect()
}

/// Originals that were not brought up, with the reason: for `sync --once`.
pub(crate) fn unfinished(db: &Connection) -> rusqlite::Result<Vec<(PhotoId, Standing)>> {
    let photos: Vec<PhotoId> = db
        .prepare_cached("SELECT DISTINCT photo FROM job WHERE kind = 'original' ORDER BY photo")?
        .query_map([], |row| row.get(0).map(PhotoId))?
        .collect::<rusqlite::Result<_>>()?;
    let mut unfinished = Vec::new();
    for photo in photos {
        unfinished.extend(
            standings(db, photo)?
                .into_iter()
                .map(|standing| (photo, standing)),
        );
    }
    Ok(unfinished)
}

/// A time that lies further ahead than any pause is of a clock that was set back since.
const LONGEST_WAIT: i64 = 15 * 60_000;

fn wake_due(db: &Connection, now: i64) -> rusqlite::Result<()> {
    const DUE: &str = "state = 'waiting' AND (not_before <= ?1 OR not_before > ?2)";
    let due = db
        .prepare_cached(&format!("SELECT 1 FROM job WHERE {DUE}"))?
        .exists([now, now + LONGEST_WAIT])?;
    if due {
        wake(db, DUE, [now, now + LONGEST_WAIT])
    } else {
        Ok(())
    }
}

fn wake<P: rusqlite::Params + Clone>(
    db: &Connection,
    which: &str,
    params: P,
) -> rusqlite::Result<()> {
    let photos: Vec<PhotoId> = db
        .prepare_cached(&format!("SELECT DISTINCT photo FROM job WHERE {which}"))?
        .query_map(params.clone(), |row| row.get(0).map(PhotoId))?
        .collect::<rusqlite::Result<_>>()?;
    db.prepare_cached(&format!(
        "UPDATE job SET state = 'ready', not_before = 0 WHERE {which}"
    ))?
    .execute(params)?;
    photos
        .into_iter()
        .try_for_each(|photo| photos::refresh(db, photo))
}

fn read(row: &Row<'_>) -> rusqlite::Result<Job> {
    let kind: String = row.get(3)?;
    Ok(Job {
        id: JobId(row.get(0)?),
        photo: PhotoId(row.get(1)?),
        destination: DestinationId(row.get(2)?),
        kind: match kind.as_str() {
            "original" => JobKind::Original,
            "sidecar" => JobKind::Sidecar,
            "thumbnail" => JobKind::Thumbnail,
            other => {
                let error = format!("no such kind of job: {other}").into();
                return Err(rusqlite::Error::FromSqlConversionFailure(
                    3,
                    Type::Text,
                    error,
                ));
            }
        },
        attempts: row.get(4)?,
    })
}
