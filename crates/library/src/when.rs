//! Where a photo stands on the timeline.

use crate::clock;
use crate::store::photos::When;
use jiff::civil;
use media::Metadata;

/// Photography's first surviving picture is of 1826; nothing is older.
pub(crate) const FIRST_YEAR: i16 = 1826;
/// Milliseconds.
const A_DAY: i64 = 86_400_000;

/// The place on the timeline: as taken, else the file's time in UTC; impossible years are undated.
pub(crate) fn when(metadata: &Metadata, mtime: i64, now: i64) -> When {
    // Wall time is up to 14 hours ahead of UTC; keys are made by the same rule.
    let last_year = clock::utc(now + A_DAY).map_or(i16::MAX, civil::DateTime::year);
    let plausible = |at: &civil::DateTime| (FIRST_YEAR..=last_year).contains(&at.year());
    let at = match metadata.taken_at {
        Some(taken_at) => Some(taken_at).filter(plausible),
        None => clock::utc(mtime).filter(plausible),
    };
    match at {
        Some(at) => When {
            month: format!("{:04}-{:02}", at.year(), at.month()),
            sort_at: at.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        },
        None => When {
            month: String::new(),
            sort_at: String::new(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_stands_where_it_was_taken_else_where_its_file_is_dated() {
        let at = |text: &str| Some(text.parse::<civil::DateTime>().unwrap());
        // 2020-05-04T03:02:01Z and 2026-01-01T00:00:00Z.
        let (mtime, now) = (1_588_561_321_000, 1_767_225_600_000);
        let cases = [
            (
                "taken",
                at("2019-06-01T12:30:00"),
                mtime,
                "2019-06",
                "2019-06-01T12:30:00",
            ),
            ("file's time", None, mtime, "2020-05", "2020-05-04T03:02:01"),
            (
                "camera without a date",
                at("1800-01-01T00:00:00"),
                mtime,
                "",
                "",
            ),
            ("from the future", at("2031-01-01T00:00:00"), mtime, "", ""),
            ("file from the future", None, 4_102_444_800_000, "", ""),
        ];
        for (name, taken_at, mtime, month, sort_at) in cases {
            let metadata = Metadata {
                taken_at,
                ..Metadata::default()
            };
            let expected = When {
                month: month.into(),
                sort_at: sort_at.into(),
            };
            assert_eq!(when(&metadata, mtime, now), expected, "{name}");
        }
    }
}
