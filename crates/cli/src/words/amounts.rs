//! Numbers, bytes and times as a person reads them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// `14:02`, or `2026-11-25 14:02` of another day.
pub(crate) fn moment(at: i64) -> String {
    match local(at) {
        Some(at) if at.date() == TimeZone::system().to_datetime(Timestamp::now()).date() => {
            at.strftime("%H:%M").to_string()
        }
        _ => date_and_time(at),
    }
}

/// `2026-11-26 14:02`, in this machine's zone.
pub(crate) fn date_and_time(at: i64) -> String {
    local(at).map_or_else(
        || "an unknown time".to_owned(),
        |at| at.strftime("%Y-%m-%d %H:%M").to_string(),
    )
}

/// None: outside the calendar.
fn local(milliseconds: i64) -> Option<DateTime> {
    let at = Timestamp::from_millisecond(milliseconds).ok()?;
    Some(TimeZone::system().to_datetime(at))
}

/// `1 photo`, `12,345 photos`.
pub(crate) fn count(number: u32, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        grouped(u64::from(number)),
        if number == 1 { one } else { many }
    )
}

pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Bytes as a person reads them, in powers of 1,000.
pub(crate) fn bytes(bytes: u64) -> String {
    let units = [("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)];
    let value = bytes as f64;
    match units.into_iter().find(|(_, size)| value >= *size) {
        Some((unit, size)) => format!("{:.1} {unit}", value / size),
        None => format!("{bytes} B"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_bytes_are_read_easily() {
        assert_eq!(
            [0, 7, 999, 1_000, 12_345, 1_000_000].map(grouped),
            ["0", "7", "999", "1,000", "12,345", "1,000,000"]
        );
        assert_eq!(
            [0, 999, 1_500, 48_000_000_000].map(bytes),
            ["0 B", "999 B", "1.5 kB", "48.0 GB"]
        );
        assert_eq!(count(1, "photo", "photos"), "1 photo");
    }

    #[test]
    fn what_is_no_time_is_not_said_to_be_one() {
        assert_eq!(moment(i64::MAX), "an unknown time");
    }
}
