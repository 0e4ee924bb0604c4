//! Reads what is typed into the search field: days in English and German words, and what is left.
//!
//! Seasons are the northern hemisphere's, by whole months. What stands in quotes is never a date.
//!
//! **Invariant:** pure; today is passed in.

mod pieces;
mod vocabulary;

use crate::store::search::Word;
use crate::view::{Days, Meaning};
use jiff::civil::{Date, date};
use jiff::{Span, ToSpan};
use pieces::pieces;
use vocabulary::{Stretch, is_last, is_this, is_whole_month, month, number, stretch, year};

/// Stand before a date and add nothing to it.
const FILLERS: &[&str] = &[
    "in", "im", "from", "of", "on", "am", "vom", "von", "aus", "the",
];

/// What a text means on this day.
pub(crate) fn meaning(text: &str, today: Date) -> Meaning {
    let pieces = pieces(text);
    let plain: Vec<String> = pieces.iter().map(|piece| piece.plain()).collect();
    let mut days = Vec::new();
    let mut words: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        let rest: Vec<&str> = plain[at..].iter().map(String::as_str).collect();
        match dated(&rest, today) {
            Some((taken, found)) => {
                days.push(found);
                at += taken;
            }
            None => {
                words.push(piece.text);
                at += 1;
            }
        }
    }
    Meaning {
        days,
        words: words.join(" "),
    }
}

/// The words of what [`meaning`] left; one without any letter or digit finds nothing by itself and
/// is left out.
pub(crate) fn words(text: &str) -> Vec<Word> {
    pieces(text)
        .into_iter()
        .filter(|piece| piece.text.chars().any(char::is_alphanumeric))
        .map(|piece| match piece.quoted() {
            Some(phrase) => Word::Exactly(phrase.to_owned()),
            None => Word::Begins(piece.text.trim_matches('"').to_owned()),
        })
        .collect()
}

/// Reads the date that words begin with: how many of them it takes, and what it means.
type Reading = fn(&[&str], Date) -> Option<(usize, Days)>;

/// The date that these words begin with, and how many of them it takes: the longest reading.
fn dated(words: &[&str], today: Date) -> Option<(usize, Days)> {
    let fillers = words
        .iter()
        .take_while(|word| FILLERS.contains(word))
        .count();
    let words = &words[fillers..];
    let readings: [Reading; 8] = [
        years,
        relative_count,
        relative,
        written,
        spelled,
        named,
        today_or_so,
        alone,
    ];
    let (taken, days) = readings.iter().find_map(|read| read(words, today))?;
    Some((fillers + taken, days))
}

/// `2017-2019`, `2017 to 2019`, `2017 bis 2019`.
fn years(words: &[&str], today: Date) -> Option<(usize, Days)> {
    let (taken, from, to) = match words {
        [from, "to" | "bis" | "-" | "–", to, ..] => (3, *from, *to),
        [both, ..] => {
            let (from, to) = both.split_once(['-', '–'])?;
            (1, from, to)
        }
        [] => return None,
    };
    let (from, to) = (year(from, today)?, year(to, today)?);
    (from < to).then(|| (taken, between(date(from, 1, 1), date(to, 12, 31))))
}

/// `last 7 days`, `letzte 2 wochen`.
fn relative_count(words: &[&str], today: Date) -> Option<(usize, Days)> {
    let [which, number, unit, ..] = words else {
        return None;
    };
    if !is_last(which) {
        return None;
    }
    let number: i32 = number
        .parse()
        .ok()
        .filter(|number| (1..=999).contains(number))?;
    let back: Span = match *unit {
        "day" | "days" | "tag" | "tage" | "tagen" => number.days(),
        "week" | "weeks" | "woche" | "wochen" => number.weeks(),
        "month" | "months" | "monat" | "monate" | "monaten" => number.months(),
        "year" | "years" | "jahr" | "jahre" | "jahren" => number.years(),
        _ => return None,
    };
    Some((3, between(today.checked_sub(back).ok()?, today)))
}

/// `last week`, `diesen Monat`, `last summer`, `letztes Weihnachten`.
fn relative(words: &[&str], today: Date) -> Option<(usize, Days)> {
    let [which, what, ..] = words else {
        return None;
    };
    let last = is_last(which);
    if !last && !is_this(which) {
        return None;
    }
    let monday = today
        .checked_sub(i32::from(today.weekday().to_monday_zero_offset()).days())
        .ok()?;
    let back = |from: Date, span: Span| from.checked_sub(span).ok();
    let days = match *what {
        "week" | "woche" => {
            let from = if last {
                back(monday, 1.week())?
            } else {
                monday
            };
            between(from, from.checked_add(6.days()).ok()?)
        }
        "weekend" | "wochenende" => {
            let saturday = monday.checked_add(5.days()).ok()?;
            let from = if last {
                back(saturday, 1.week())?
            } else {
                saturday
            };
            between(from, from.checked_add(1.day()).ok()?)
        }
        "month" | "monat" => {
            let first = today.first_of_month();
            let from = if last { back(first, 1.month())? } else { first };
            between(from, from.last_of_month())
        }
        "year" | "jahr" => {
            let year = if last { today.year() - 1 } else { today.year() };
            between(date(year, 1, 1), date(year, 12, 31))
        }
        what => {
            let stretch = month(what).map(Stretch::month).or_else(|| stretch(what))?;
            let mut year = today.year();
            // The last that is over; one may run into the year after it.
            while last && stretch.of_year(year).1 >= today {
                year -= 1;
            }
            let (from, to) = stretch.of_year(year);
            between(from, to)
        }
    };
    Some((2, days))
}

/// `2019-06-01`, `2019-06`, `2019/06`, `1.6.2019`, `06.2019`, `06/2019`.
fn written(words: &[&str], today: Date) -> Option<(usize, Days)> {
    let word = words.first()?;
    let mark = ['-', '/', '.']
        .into_iter()
        .find(|mark| word.contains(*mark))?;
    let parts: Vec<&str> = word.split(mark).collect();
    let days = match (mark, parts.as_slice()) {
        ('-' | '/', [y, m, d]) if year(y, today).is_some() => {
            day(year(y, today)?, number(m)?, number(d)?)?
        }
        ('.', [d, m, y]) => day(year(y, today)?, number(m)?, number(d)?)?,
        ('-' | '/', [y, m]) if year(y, today).is_some() => {
            whole_month(year(y, today)?, number(m)?)?
        }
        ('.' | '/', [m, y]) => whole_month(year(y, today)?, number(m)?)?,
        _ => return None,
    };
    Some((1, days))
}

/// `3 June 2019`, `3. Juni 2019`, `June 3 2019`, `June 2019`, `2019 June`.
fn spelled(words: &[&str], today: Date) -> Option<(usize, Days)> {
    if let [a, b, c, ..] = words
        && let Some(y) = year(c, today)
    {
        let whole = match (month(a), month(b)) {
            (Some(m), None) => number(b).and_then(|d| day(y, m, d)),
            (None, Some(m)) => number(a.trim_end_matches('.')).and_then(|d| day(y, m, d)),
            _ => None,
        };
        if let Some(days) = whole {
            return Some((3, days));
        }
    }
    let [a, b, ..] = words else { return None };
    let (m, y) = match (month(a), month(b)) {
        (Some(m), _) => (m, year(b, today)?),
        (None, Some(m)) => (m, year(a, today)?),
        (None, None) => return None,
    };
    Some((2, whole_month(y, m)?))
}

/// `summer 2019`, `Weihnachten 2019`, `2019 winter`.
fn named(words: &[&str], today: Date) -> Option<(usize, Days)> {
    let [a, b, ..] = words else { return None };
    let (stretch, year) = match stretch(a) {
        Some(stretch) => (stretch, year(b, today)?),
        None => (stretch(b)?, year(a, today)?),
    };
    let (from, to) = stretch.of_year(year);
    Some((2, between(from, to)))
}

fn today_or_so(words: &[&str], today: Date) -> Option<(usize, Days)> {
    let back = match *words.first()? {
        "today" | "heute" => 0,
        "yesterday" | "gestern" => 1,
        "vorgestern" => 2,
        _ => return None,
    };
    let day = today.checked_sub(back.days()).ok()?;
    Some((1, between(day, day)))
}

/// `2019`; of every year: `June`, `summer`, `Christmas`. A month's short form alone is a word: it
/// begins too many others.
fn alone(words: &[&str], today: Date) -> Option<(usize, Days)> {
    let word = *words.first()?;
    if let Some(year) = year(word, today) {
        return Some((1, between(date(year, 1, 1), date(year, 12, 31))));
    }
    let whole = || {
        month(word)
            .filter(|_| is_whole_month(word))
            .map(Stretch::month)
    };
    let stretch = whole().or_else(|| stretch(word))?;
    Some((1, stretch.of_every_year()))
}

fn day(year: i16, month: i8, day: i8) -> Option<Days> {
    let day = Date::new(year, month, day).ok()?;
    Some(between(day, day))
}

fn whole_month(year: i16, month: i8) -> Option<Days> {
    let first = Date::new(year, month, 1).ok()?;
    Some(between(first, first.last_of_month()))
}

fn between(from: Date, to: Date) -> Days {
    Days::Between {
        from: from.to_string(),
        to: to.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Wednesday.
    const TODAY: Date = date(2026, 11, 25);

    fn shown(days: &Days) -> String {
        match days {
            Days::Between { from, to } if from == to => from.clone(),
            Days::Between { from, to } => format!("{from}..{to}"),
            Days::EveryYear { from, to } => format!("*{from}..{to}"),
        }
    }

    #[test]
    fn days_are_read_in_two_languages_and_the_rest_stays_words() {
        //  typed, days, words left
        let cases: &[(&str, &str, &str)] = &[
            ("", "", ""),
            ("lake", "", "lake"),
            ("2019", "2019-01-01..2019-12-31", ""),
            ("lake 2019", "2019-01-01..2019-12-31", "lake"),
            ("in 2019", "2019-01-01..2019-12-31", ""),
            ("1825", "", "1825"),
            ("2027", "", "2027"),
            ("IMG_2019", "", "IMG_2019"),
            ("20190601", "", "20190601"),
            ("+201", "", "+201"),
            ("\"2019\"", "", "\"2019\""),
            ("June 2019", "2019-06-01..2019-06-30", ""),
            ("Juni 2019", "2019-06-01..2019-06-30", ""),
            ("2019 june", "2019-06-01..2019-06-30", ""),
            ("im Juni 2019 See", "2019-06-01..2019-06-30", "See"),
            ("MÄRZ 2020", "2020-03-01..2020-03-31", ""),
            ("ma\u{308}rz 2020", "2020-03-01..2020-03-31", ""),
            ("maerz 2020", "2020-03-01..2020-03-31", ""),
            ("feb 2024", "2024-02-01..2024-02-29", ""),
            ("mar", "", "mar"),
            ("dec", "", "dec"),
            ("june", "*06-01..06-30", ""),
            ("mai", "*05-01..05-31", ""),
            ("februar", "*02-01..02-29", ""),
            ("3 June 2019", "2019-06-03", ""),
            ("3. Juni 2019", "2019-06-03", ""),
            ("June 3, 2019", "2019-06-03", ""),
            ("31 June 2019", "2019-06-01..2019-06-30", "31"),
            ("2019-06-03", "2019-06-03", ""),
            ("2019-06", "2019-06-01..2019-06-30", ""),
            ("2019/06", "2019-06-01..2019-06-30", ""),
            ("3.6.2019", "2019-06-03", ""),
            ("03.06.2019", "2019-06-03", ""),
            ("06.2019", "2019-06-01..2019-06-30", ""),
            ("06/2019", "2019-06-01..2019-06-30", ""),
            ("2019-13", "", "2019-13"),
            ("2019-02-30", "", "2019-02-30"),
            ("photo.jpg", "", "photo.jpg"),
            ("2017-2019", "2017-01-01..2019-12-31", ""),
            ("2017 bis 2019", "2017-01-01..2019-12-31", ""),
            ("2019-2017", "", "2019-2017"),
            ("today", "2026-11-25", ""),
            ("heute", "2026-11-25", ""),
            ("yesterday", "2026-11-24", ""),
            ("gestern", "2026-11-24", ""),
            ("vorgestern", "2026-11-23", ""),
            ("this week", "2026-11-23..2026-11-29", ""),
            ("letzte Woche", "2026-11-16..2026-11-22", ""),
            ("last weekend", "2026-11-21..2026-11-22", ""),
            ("dieses Wochenende", "2026-11-28..2026-11-29", ""),
            ("last month", "2026-10-01..2026-10-31", ""),
            ("diesen Monat", "2026-11-01..2026-11-30", ""),
            ("last year", "2025-01-01..2025-12-31", ""),
            ("letztes Jahr", "2025-01-01..2025-12-31", ""),
            ("last 7 days", "2026-11-18..2026-11-25", ""),
            ("letzte 2 Wochen", "2026-11-11..2026-11-25", ""),
            ("last summer", "2026-06-01..2026-08-31", ""),
            ("letzten Sommer", "2026-06-01..2026-08-31", ""),
            ("letzten Herbst", "2025-09-01..2025-11-30", ""),
            ("this autumn", "2026-09-01..2026-11-30", ""),
            ("last winter", "2025-12-01..2026-02-28", ""),
            ("last June", "2026-06-01..2026-06-30", ""),
            ("last December", "2025-12-01..2025-12-31", ""),
            ("summer 2019", "2019-06-01..2019-08-31", ""),
            ("Winter 2019", "2019-12-01..2020-02-29", ""),
            ("winter", "*12-01..02-29", ""),
            ("Frühling", "*03-01..05-31", ""),
            ("christmas", "*12-24..12-26", ""),
            ("Weihnachten 2019", "2019-12-24..2019-12-26", ""),
            ("Silvester 2019", "2019-12-31..2020-01-01", ""),
            ("last", "", "last"),
            ("last lake", "", "last lake"),
            ("last 0 days", "", "last 0 days"),
            ("in the", "", "in the"),
            (
                "x100v june 2019 lake",
                "2019-06-01..2019-06-30",
                "x100v lake",
            ),
            (
                "2019 summer 2018",
                "2019-06-01..2019-08-31 2018-01-01..2018-12-31",
                "",
            ),
        ];
        for (typed, days, words) in cases {
            let meaning = meaning(typed, TODAY);
            let read: Vec<String> = meaning.days.iter().map(shown).collect();
            assert_eq!(
                (read.join(" ").as_str(), meaning.words.as_str()),
                (*days, *words),
                "{typed:?}"
            );
        }
    }

    #[test]
    fn words_begin_what_they_find_and_phrases_are_it() {
        let begins = |text: &str| Word::Begins(text.to_owned());
        let exactly = |text: &str| Word::Exactly(text.to_owned());
        let cases: &[(&str, &[Word])] = &[
            ("", &[]),
            ("lake IMG_20", &[begins("lake"), begins("IMG_20")]),
            ("\"June 2019\" x", &[exactly("June 2019"), begins("x")]),
            ("\"unclosed quote", &[begins("unclosed"), begins("quote")]),
            ("- ! \"\" …", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(words(text), *expected, "{text:?}");
        }
    }
}
