//! How long destinations took, as it was seen.
//!
//! **Invariant:** of each kind a destination has its latest 1,000 at most.

use super::destinations::DestinationId;
use rusqlite::{Connection, OptionalExtension, params};
use std::time::Duration;

/// What is kept of each kind.
const KEPT: u32 = 1_000;

/// What was not asked for so long may sleep; milliseconds. Functions are let go after some minutes, disks of
/// a NAS after ten or twenty.
pub(crate) const RESTED: i64 = 10 * 60_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Timed {
    /// An original of the person's, from its first byte to its proof.
    Upload,
    /// Bytes of ours, put and removed again.
    Probe,
    /// One page of a list.
    List,
    /// The first answer on a new connection.
    First,
    /// The same question again, on a connection that is open.
    Again,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sample {
    pub(crate) timed: Timed,
    /// When it ended; milliseconds.
    pub(crate) at: i64,
    pub(crate) took: Duration,
    pub(crate) bytes: u64,
    /// For how long nobody had asked before; milliseconds.
    pub(crate) rested: Option<i64>,
}

pub(crate) fn add(
    db: &Connection,
    destination: DestinationId,
    sample: &Sample,
) -> rusqlite::Result<()> {
    let kind = name(sample.timed);
    let micros = i64::try_from(sample.took.as_micros()).unwrap_or(i64::MAX);
    db.prepare_cached(
        "INSERT INTO sample (destination, kind, at, micros, bytes, rested) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        destination.0,
        kind,
        sample.at,
        micros,
        sample.bytes.cast_signed(),
        sample.rested
    ])?;
    db.prepare_cached(
        "DELETE FROM sample WHERE destination = ?1 AND kind = ?2 AND id <= \
         (SELECT id FROM sample WHERE destination = ?1 AND kind = ?2 ORDER BY id DESC LIMIT 1 OFFSET ?3)",
    )?
    .execute(params![destination.0, kind, KEPT])?;
    Ok(())
}

/// All that are kept, the oldest first.
pub(crate) fn of(db: &Connection, destination: DestinationId) -> rusqlite::Result<Vec<Sample>> {
    db.prepare_cached(
        "SELECT kind, at, micros, bytes, rested FROM sample WHERE destination = ?1 ORDER BY id",
    )?
    .query_map([destination.0], |row| {
        Ok(Sample {
            timed: parse(&row.get::<_, String>(0)?),
            at: row.get(1)?,
            took: Duration::from_micros(row.get::<_, i64>(2)?.unsigned_abs()),
            bytes: row.get::<_, i64>(3)?.cast_unsigned(),
            rested: row.get(4)?,
        })
    })?
    .collect()
}

/// When it is known to have answered last; milliseconds.
pub(crate) fn last_answer(
    db: &Connection,
    destination: DestinationId,
) -> rusqlite::Result<Option<i64>> {
    let last = db
        .prepare_cached(
            "SELECT max(coalesce(checked_at, 0), coalesce((SELECT max(at) FROM sample WHERE destination = ?1), 0)) \
             FROM destination WHERE id = ?1",
        )?
        .query_row([destination.0], |row| row.get::<_, i64>(0))
        .optional()?;
    Ok(last.filter(|last| *last > 0))
}

/// What was seen tells nothing of it any more.
pub(crate) fn clear(db: &Connection, destination: DestinationId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM sample WHERE destination = ?1")?
        .execute([destination.0])?;
    Ok(())
}

fn name(timed: Timed) -> &'static str {
    match timed {
        Timed::Upload => "upload",
        Timed::Probe => "probe",
        Timed::List => "list",
        Timed::First => "first",
        Timed::Again => "again",
    }
}

fn parse(name: &str) -> Timed {
    match name {
        "upload" => Timed::Upload,
        "probe" => Timed::Probe,
        "list" => Timed::List,
        "first" => Timed::First,
        _ => Timed::Again,
    }
}
