//! The pause that a person asked for, kept across restarts.

use crate::store::values;
use crate::view::Pause;
use rusqlite::Connection;
use std::time::Duration;

const UNTIL_RESUMED: &str = "until-resumed";

/// The pause that is in force at `now`.
pub(crate) fn current(db: &Connection, now: i64) -> rusqlite::Result<Option<Pause>> {
    Ok(
        values::get(db, values::PAUSED)?.and_then(|value| match value.parse::<i64>() {
            Ok(until) if until <= now => None,
            Ok(until) => Some(Pause { until: Some(until) }),
            Err(_) => Some(Pause { until: None }),
        }),
    )
}

/// How long nothing is to be sent; none: go on.
pub(crate) fn until(db: &Connection, now: i64) -> rusqlite::Result<Option<Duration>> {
    Ok(current(db, now)?.map(|pause| {
        let left = pause
            .until
            .map_or(60_000, |until| (until - now).clamp(10, 60_000));
        Duration::from_millis(left.cast_unsigned())
    }))
}

pub(crate) fn set(db: &Connection, pause: Pause) -> rusqlite::Result<()> {
    let value = pause
        .until
        .map_or_else(|| UNTIL_RESUMED.to_owned(), |until| until.to_string());
    values::set(db, values::PAUSED, &value)
}

pub(crate) fn clear(db: &Connection) -> rusqlite::Result<()> {
    values::clear(db, values::PAUSED)
}
