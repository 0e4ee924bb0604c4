//! The time, asked for at the edges and passed in everywhere else.

use jiff::{Timestamp, civil, tz::TimeZone};

/// Unix milliseconds.
pub(crate) fn now() -> i64 {
    Timestamp::now().as_millisecond()
}

/// Midnight of today, local time, in Unix milliseconds.
pub(crate) fn start_of_today() -> i64 {
    let today = jiff::ZonedDateTime::now().start_of_day();
    today.map_or_else(
        |_| now() - 86_400_000,
        |midnight| midnight.timestamp().as_millisecond(),
    )
}

/// Unix milliseconds of a UTC wall time.
pub(crate) fn from_utc(at: civil::DateTime) -> Option<i64> {
    let timestamp = TimeZone::UTC.to_timestamp(at).ok()?;
    Some(timestamp.as_millisecond())
}

/// The day here.
pub(crate) fn today() -> civil::Date {
    jiff::ZonedDateTime::now().date()
}

/// UTC wall time of Unix milliseconds; none outside the calendar.
pub(crate) fn utc(milliseconds: i64) -> Option<civil::DateTime> {
    let timestamp = Timestamp::from_millisecond(milliseconds).ok()?;
    Some(TimeZone::UTC.to_datetime(timestamp))
}
