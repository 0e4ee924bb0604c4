//! How long a pause lasts that the tray offers. Pure; the window's own is `ui/src/activity/pause.ts`.

use jiff::ZonedDateTime;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PauseFor {
    AnHour,
    UntilTomorrow,
}

const MORNING: i8 = 6;
/// Who says "tomorrow" at one in the night means the morning that comes.
const NIGHT_ENDS: i8 = 4;

impl PauseFor {
    /// When it ends, in Unix milliseconds; none: outside the calendar.
    pub(crate) fn end(self, now: &ZonedDateTime) -> Option<i64> {
        let end = match self {
            Self::AnHour => now.checked_add(jiff::Span::new().hours(1)),
            Self::UntilTomorrow => next_day(now).and_then(|day| {
                day.date()
                    .at(MORNING, 0, 0, 0)
                    .to_zoned_datetime(day.time_zone().clone())
            }),
        };
        end.ok().map(|end| end.timestamp().as_millisecond())
    }
}

fn next_day(now: &ZonedDateTime) -> Result<ZonedDateTime, jiff::Error> {
    if now.hour() < NIGHT_ENDS {
        Ok(now.clone())
    } else {
        now.tomorrow()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tomorrow_is_the_morning_that_comes() {
        use PauseFor::{AnHour, UntilTomorrow};
        //  pause, now, end
        let cases = [
            (AnHour, "2026-11-24T23:30", "2026-11-25T00:30"),
            (UntilTomorrow, "2026-11-24T01:00", "2026-11-24T06:00"),
            (UntilTomorrow, "2026-11-24T05:30", "2026-11-25T06:00"),
            (UntilTomorrow, "2026-11-24T23:30", "2026-11-25T06:00"),
            (UntilTomorrow, "2026-12-31T12:00", "2027-01-01T06:00"),
            // The clocks go forward in that night.
            (UntilTomorrow, "2026-03-28T12:00", "2026-03-29T06:00"),
            (UntilTomorrow, "2026-03-29T01:00", "2026-03-29T06:00"),
        ];
        let berlin =
            |text: &str| -> ZonedDateTime { format!("{text}[Europe/Berlin]").parse().unwrap() };
        for (pause, now, end) in cases {
            let expected = berlin(end).timestamp().as_millisecond();
            let found = pause.end(&berlin(now));
            assert_eq!(found, Some(expected), "{pause:?} at {now}");
        }
    }
}
