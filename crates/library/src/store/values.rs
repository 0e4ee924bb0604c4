//! Single values of the library, by name.

use rusqlite::{Connection, OptionalExtension, params};

/// The settings that held last, in JSON.
pub(crate) const HELD: &str = "settings";
/// What stood in the way when imgn last ran, in JSON.
pub(crate) const LAST_RUN: &str = "last_run";
/// When uploads go on: milliseconds, or `until-resumed`.
pub(crate) const PAUSED: &str = "paused";

pub(crate) fn get(db: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    db.prepare_cached("SELECT value FROM setting WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()
}

pub(crate) fn set(db: &Connection, name: &str, value: &str) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO setting VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value",
    )?
    .execute(params![name, value])?;
    Ok(())
}

pub(crate) fn clear(db: &Connection, name: &str) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM setting WHERE name = ?1")?
        .execute([name])?;
    Ok(())
}
