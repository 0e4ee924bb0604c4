//! What a single word says of time, in English and German: a year, a month, a season, a feast.

use crate::view::Days;
use crate::when::FIRST_YEAR;
use jiff::civil::{Date, date};

pub(super) fn is_last(word: &str) -> bool {
    matches!(
        word,
        "last"
            | "past"
            | "letzte"
            | "letzten"
            | "letzter"
            | "letztes"
            | "letztem"
            | "vergangene"
            | "vergangenen"
            | "vergangenes"
    )
}

pub(super) fn is_this(word: &str) -> bool {
    matches!(
        word,
        "this" | "diese" | "diesen" | "dieser" | "dieses" | "diesem"
    )
}

/// Four digits of a year that photos can be of.
pub(super) fn year(word: &str, today: Date) -> Option<i16> {
    let year: i16 = (word.len() == 4).then(|| number_of(word))??;
    (FIRST_YEAR..=today.year()).contains(&year).then_some(year)
}

pub(super) fn number(word: &str) -> Option<i8> {
    (word.len() <= 2).then(|| number_of(word))?
}

/// Digits only: no sign.
fn number_of<T: std::str::FromStr>(word: &str) -> Option<T> {
    word.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| word.parse().ok())?
}

pub(super) fn month(word: &str) -> Option<i8> {
    Some(match word {
        "january" | "januar" | "janner" | "jan" | "jan." => 1,
        "february" | "februar" | "feber" | "feb" | "feb." => 2,
        "march" | "marz" | "maerz" | "mar" | "mar." => 3,
        "april" | "apr" | "apr." => 4,
        "may" | "mai" => 5,
        "june" | "juni" | "jun" | "jun." => 6,
        "july" | "juli" | "jul" | "jul." => 7,
        "august" | "aug" | "aug." => 8,
        "september" | "sep" | "sep." | "sept" | "sept." => 9,
        "october" | "oktober" | "oct" | "oct." | "okt" | "okt." => 10,
        "november" | "nov" | "nov." => 11,
        "december" | "dezember" | "dec" | "dec." | "dez" | "dez." => 12,
        _ => return None,
    })
}

pub(super) fn is_whole_month(word: &str) -> bool {
    word.len() > 4
        || matches!(
            word,
            "may" | "mai" | "june" | "juni" | "july" | "juli" | "marz"
        )
}

/// A part of the year that has a name; it may run into the next one.
#[derive(Clone, Copy)]
pub(super) struct Stretch {
    /// Month and day.
    from: (i8, i8),
    /// Month and day; none: the month's last.
    to: (i8, Option<i8>),
}

impl Stretch {
    pub(super) fn month(month: i8) -> Self {
        Self {
            from: (month, 1),
            to: (month, None),
        }
    }

    pub(super) fn of_year(self, year: i16) -> (Date, Date) {
        let next = year + i16::from(self.to.0 < self.from.0);
        (date(year, self.from.0, self.from.1), self.end(next))
    }

    pub(super) fn of_every_year(self) -> Days {
        // In a leap year, so that February is whole.
        let end = self.end(2024);
        Days::EveryYear {
            from: format!("{:02}-{:02}", self.from.0, self.from.1),
            to: end.strftime("%m-%d").to_string(),
        }
    }

    fn end(self, year: i16) -> Date {
        match self.to {
            (month, Some(day)) => date(year, month, day),
            (month, None) => date(year, month, 1).last_of_month(),
        }
    }
}

pub(super) fn stretch(word: &str) -> Option<Stretch> {
    let (from, to) = match word {
        "spring" | "fruhling" | "fruehling" | "fruhjahr" | "fruehjahr" => ((3, 1), (5, None)),
        "summer" | "sommer" => ((6, 1), (8, None)),
        "autumn" | "fall" | "herbst" => ((9, 1), (11, None)),
        "winter" => ((12, 1), (2, None)),
        "christmas" | "xmas" | "weihnachten" => ((12, 24), (12, Some(26))),
        "silvester" => ((12, 31), (1, Some(1))),
        _ => return None,
    };
    Some(Stretch { from, to })
}
