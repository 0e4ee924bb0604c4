//! Dates as cameras and tools write them.

use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Unit};

/// A wall time, of EXIF (`2019:06:01 12:30:00`) or XMP (`2019-06-01T12:30:00.5+02:00`), and its
/// offset from UTC in seconds where it has one. The time of day is not optional, its seconds are.
pub(super) fn parse(text: &str) -> Option<(DateTime, Option<i32>)> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    let (date, rest) = (date(text.get(..10)?)?, text.get(11..)?);
    let number = |range: std::ops::Range<usize>| rest.get(range)?.parse::<i8>().ok();
    let (hour, minute) = (number(0..2)?, number(3..5)?);
    let (second, rest) = match rest.as_bytes().get(5) {
        Some(b':' | b'.') => (number(6..8)?, rest.get(8..)?),
        _ => (0, rest.get(5..)?),
    };
    // A leap second, or a camera that rounds up, ends in 60.
    let time =
        Time::new(hour, minute, second.min(59), 0)
            .ok()?
            .on(date.year(), date.month(), date.day());
    let rest = rest.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
    Some((time, offset(rest)))
}

/// `2019:06:01` or `2019-06-01`.
pub(super) fn date(text: &str) -> Option<Date> {
    let [b':' | b'-' | b'/' | b'.', b':' | b'-' | b'/' | b'.'] =
        [*text.as_bytes().get(4)?, *text.as_bytes().get(7)?]
    else {
        return None;
    };
    let date = Date::new(
        text.get(..4)?.parse().ok()?,
        text.get(5..7)?.parse().ok()?,
        text.get(8..10)?.parse().ok()?,
    );
    // Year 0 is how an unset clock is written.
    date.ok().filter(|date| date.year() > 0)
}

/// `+02:00`, `-0330` or `Z`, in seconds.
pub(crate) fn offset(text: &str) -> Option<i32> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    if text == "Z" {
        return Some(0);
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = text[1..].chars().filter(|&c| c != ':').collect();
    if digits.len() != 4 {
        return None;
    }
    let (hours, minutes): (i32, i32) = (
        digits.get(..2)?.parse().ok()?,
        digits.get(2..)?.parse().ok()?,
    );
    in_use(sign * (hours * 3600 + minutes * 60)).filter(|_| minutes < 60)
}

/// The offset that makes a wall time of a UTC time, if the two can belong together: offsets are
/// multiples of a quarter of an hour, and a position is up to a minute older than the picture.
pub(super) fn offset_between(local: DateTime, utc: DateTime) -> Option<i32> {
    const STALE: i64 = 60;
    const QUARTER: i64 = 15 * 60;
    let apart = SignedDuration::try_from(local.since((Unit::Second, utc)).ok()?)
        .ok()?
        .as_secs();
    let quarters = apart.div_euclid(QUARTER);
    let late = apart.rem_euclid(QUARTER);
    (late <= STALE)
        .then(|| i32::try_from(quarters * QUARTER).ok())
        .flatten()
        .and_then(in_use)
}

/// The offsets that places on Earth have.
fn in_use(seconds: i32) -> Option<i32> {
    (-12 * 3600..=14 * 3600)
        .contains(&seconds)
        .then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::datetime;

    #[test]
    fn dates_are_read_in_all_their_spellings() {
        let noon = datetime(2019, 6, 1, 12, 30, 5, 0);
        //  name                  text                            expected
        let cases = &[
            ("EXIF", "2019:06:01 12:30:05", Some((noon, None))),
            ("padded EXIF", "2019:06:01 12:30:05\0 ", Some((noon, None))),
            ("XMP", "2019-06-01T12:30:05", Some((noon, None))),
            (
                "XMP with offset",
                "2019-06-01T12:30:05+02:00",
                Some((noon, Some(7200))),
            ),
            (
                "XMP with fraction, UTC",
                "2019-06-01T12:30:05.250Z",
                Some((noon, Some(0))),
            ),
            (
                "no seconds",
                "2019-06-01T12:30-03:30",
                Some((datetime(2019, 6, 1, 12, 30, 0, 0), Some(-12600))),
            ),
            (
                "leap second",
                "2016:12:31 23:59:60",
                Some((datetime(2016, 12, 31, 23, 59, 59, 0), None)),
            ),
            (
                "before photography",
                "1801:01:01 00:00:00",
                Some((datetime(1801, 1, 1, 0, 0, 0, 0), None)),
            ),
            ("unset", "0000:00:00 00:00:00", None),
            ("blank", "    :  :     :  :  ", None),
            ("date only", "2019:06:01", None),
            ("month 13", "2019:13:01 12:30:05", None),
            ("30 February", "2019:02:30 12:30:05", None),
            ("hour 25", "2019:06:01 25:30:05", None),
            ("words", "yesterday at noon, or", None),
            ("not ASCII", "2019:06:01ä12:30:05", None),
        ];
        for (name, text, expected) in cases {
            assert_eq!(parse(text), *expected, "{name}");
        }
    }

    #[test]
    fn offsets_are_those_that_places_have() {
        let cases = &[
            ("+02:00", Some(7200)),
            ("-03:30", Some(-12600)),
            ("+0545", Some(20700)),
            ("Z", Some(0)),
            ("+14:00", Some(50400)),
            ("+15:00", None),
            ("+01:75", None),
            ("", None),
            ("   :  ", None),
            ("+2", None),
        ];
        for (text, expected) in cases {
            assert_eq!(offset(text), *expected, "{text}");
        }
    }

    #[test]
    fn a_position_tells_the_offset_unless_it_is_stale() {
        let local = datetime(2019, 6, 1, 12, 30, 5, 0);
        let cases = &[
            ("two hours", datetime(2019, 6, 1, 10, 30, 5, 0), Some(7200)),
            (
                "fixed half a minute before",
                datetime(2019, 6, 1, 10, 29, 35, 0),
                Some(7200),
            ),
            ("Nepal", datetime(2019, 6, 1, 6, 45, 5, 0), Some(20700)),
            (
                "west, over midnight",
                datetime(2019, 6, 2, 0, 30, 5, 0),
                Some(-43200),
            ),
            (
                "fixed six minutes before",
                datetime(2019, 6, 1, 10, 24, 5, 0),
                None,
            ),
            ("another day", datetime(2019, 6, 3, 10, 30, 5, 0), None),
        ];
        for (name, utc, expected) in cases {
            assert_eq!(offset_between(local, *utc), *expected, "{name}");
        }
    }
}
