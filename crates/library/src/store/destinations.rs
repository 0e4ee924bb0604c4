//! Where photos are kept.

use super::{photos, samples};
use crate::reason::{code_name, parse_code};
use crate::view::{Cause, DestinationConfig, DoctorReport};
use remote::{Marker, Profile};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct DestinationId(pub(crate) i64);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Destination {
    pub(crate) id: DestinationId,
    pub(crate) name: String,
    pub(crate) config: DestinationConfig,
    pub(crate) marker: Marker,
    pub(crate) profile: Profile,
    /// When it last answered; milliseconds.
    pub(crate) checked_at: Option<i64>,
    /// When it was last listed to the end; milliseconds.
    pub(crate) listed_at: Option<i64>,
    pub(crate) keys: KeyOrigin,
    /// When every copy there was last looked at in one go; milliseconds.
    pub(crate) verified_at: Option<i64>,
    /// What an examination last found; none also where a newer imgn wrote it.
    pub(crate) examined: Option<DoctorReport>,
    /// Why what was there is there no more, as it answered itself.
    pub(crate) gone: Option<Cause>,
}

/// Where the keys of a destination come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyOrigin {
    /// A profile, the environment, or the machine itself.
    Around,
    /// A person typed them.
    Typed,
}

/// Keeps a new destination, and queues every photo for it.
pub(crate) fn insert(
    db: &Connection,
    name: &str,
    config: &DestinationConfig,
    marker: &Marker,
    profile: &Profile,
    now: i64,
) -> rusqlite::Result<DestinationId> {
    db.prepare_cached(
        "INSERT INTO destination (name, config, marker, profile, checked_at) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![name, json(config), json(marker), json(profile), now])?;
    let id = DestinationId(db.last_insert_rowid());
    photos::refresh_all(db)?;
    Ok(id)
}

pub(crate) fn all(db: &Connection) -> rusqlite::Result<Vec<Destination>> {
    db.prepare_cached(
        "SELECT id, name, config, marker, profile, checked_at, listed_at, keys, verified_at, examined, gone FROM destination ORDER BY id",
    )?
    .query_map([], read)?
    .collect()
}

pub(crate) fn get(db: &Connection, id: DestinationId) -> rusqlite::Result<Option<Destination>> {
    db.prepare_cached(
        "SELECT id, name, config, marker, profile, checked_at, listed_at, keys, verified_at, examined, gone FROM destination WHERE id = ?1",
    )?
    .query_row([id.0], read)
    .optional()
}

/// A person typed keys for it.
pub(crate) fn set_typed(db: &Connection, id: DestinationId) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE destination SET keys = 'typed' WHERE id = ?1")?
        .execute([id.0])?;
    Ok(())
}

pub(crate) fn set_checked(db: &Connection, id: DestinationId, now: i64) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE destination SET checked_at = ?2 WHERE id = ?1")?
        .execute(params![id.0, now])?;
    Ok(())
}

/// What was there is there no more, or (none) is as it was. Returns whether that is news.
pub(crate) fn set_gone(
    db: &Connection,
    id: DestinationId,
    gone: Option<Cause>,
) -> rusqlite::Result<bool> {
    let changed = db
        .prepare_cached("UPDATE destination SET gone = ?2 WHERE id = ?1 AND gone IS NOT ?2")?
        .execute(params![id.0, gone.map(code_name)])?;
    if changed > 0 {
        photos::refresh_copies(db, id)?;
    }
    Ok(changed > 0)
}

/// Photos of which nothing is known but a copy here, while what was here is gone; with some of their names.
pub(crate) fn only_here(
    db: &Connection,
    id: DestinationId,
    names: u32,
) -> rusqlite::Result<(u32, Vec<String>)> {
    const FROM: &str = "FROM copy JOIN photo ON photo.id = copy.photo \
         WHERE copy.destination = ?1 AND photo.state = 'failed' \
         AND (copy.confirmed_at IS NOT NULL OR copy.listed_at IS NOT NULL)";
    let count = db
        .prepare_cached(&format!("SELECT count(*) {FROM}"))?
        .query_row([id.0], |row| row.get(0))?;
    let names = db
        .prepare_cached(&format!(
            "SELECT photo.name {FROM} ORDER BY photo.id LIMIT ?2"
        ))?
        .query_map(params![id.0, names], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok((count, names))
}

pub(crate) fn set_listed(db: &Connection, id: DestinationId, now: i64) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE destination SET listed_at = ?2 WHERE id = ?1")?
        .execute(params![id.0, now])?;
    Ok(())
}

pub(crate) fn set_verified(db: &Connection, id: DestinationId, now: i64) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE destination SET verified_at = ?2 WHERE id = ?1")?
        .execute(params![id.0, now])?;
    Ok(())
}

/// Describes it anew.
pub(crate) fn change(
    db: &Connection,
    id: DestinationId,
    name: &str,
    config: &DestinationConfig,
) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE destination SET name = ?2, config = ?3 WHERE id = ?1")?
        .execute(params![id.0, name, json(config)])?;
    Ok(())
}

/// What it holds is not known any more: it is listed before anything goes up.
pub(crate) fn clear_listed(db: &Connection, id: DestinationId) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE destination SET listed_at = NULL WHERE id = ?1")?
        .execute([id.0])?;
    Ok(())
}

/// Keeps what was seen of it.
pub(crate) fn set_profile(
    db: &Connection,
    id: DestinationId,
    profile: &Profile,
) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE destination SET profile = ?2 WHERE id = ?1")?
        .execute(params![id.0, json(profile)])?;
    Ok(())
}

/// Keeps what an examination found.
pub(crate) fn set_examined(
    db: &Connection,
    id: DestinationId,
    report: &DoctorReport,
) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE destination SET examined = ?2 WHERE id = ?1")?
        .execute(params![id.0, json(report)])?;
    Ok(())
}

/// Forgets a destination and what is known of it.
pub(crate) fn remove(db: &Connection, id: DestinationId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM upload WHERE destination = ?1")?
        .execute([id.0])?;
    samples::clear(db, id)?;
    db.prepare_cached("DELETE FROM job WHERE destination = ?1")?
        .execute([id.0])?;
    db.prepare_cached("DELETE FROM copy WHERE destination = ?1")?
        .execute([id.0])?;
    db.prepare_cached("DELETE FROM damaged WHERE destination = ?1")?
        .execute([id.0])?;
    db.prepare_cached("DELETE FROM copy_tally WHERE destination = ?1")?
        .execute([id.0])?;
    db.prepare_cached("DELETE FROM destination WHERE id = ?1")?
        .execute([id.0])?;
    photos::refresh_all(db)
}

/// Photos and bytes confirmed there.
pub(crate) fn tally(db: &Connection, id: DestinationId) -> rusqlite::Result<(u32, u64)> {
    let tally = db
        .prepare_cached("SELECT count, bytes FROM copy_tally WHERE destination = ?1")?
        .query_row([id.0], |row| {
            Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned()))
        })
        .optional()?;
    Ok(tally.unwrap_or_default())
}

/// Originals that are still to go there.
pub(crate) fn waiting(db: &Connection, id: DestinationId) -> rusqlite::Result<u32> {
    let count = db
        .prepare_cached("SELECT count FROM job_tally WHERE destination = ?1")?
        .query_row([id.0], |row| row.get(0))
        .optional()?;
    Ok(count.unwrap_or(0))
}

fn read(row: &Row<'_>) -> rusqlite::Result<Destination> {
    Ok(Destination {
        id: DestinationId(row.get(0)?),
        name: row.get(1)?,
        config: parse(row, 2)?,
        marker: parse(row, 3)?,
        profile: parse(row, 4)?,
        checked_at: row.get(5)?,
        listed_at: row.get(6)?,
        keys: match row.get::<_, String>(7)?.as_str() {
            "typed" => KeyOrigin::Typed,
            _ => KeyOrigin::Around,
        },
        verified_at: row.get(8)?,
        examined: row
            .get::<_, Option<String>>(9)?
            .and_then(|report| serde_json::from_str(&report).ok()),
        gone: row
            .get::<_, Option<String>>(10)?
            .as_deref()
            .and_then(parse_code),
    })
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("destination rows have string keys only")
}

fn parse<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    serde_json::from_str(&row.get::<_, String>(column)?).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
    })
}
