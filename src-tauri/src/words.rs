//! What the tray and the notifications say, in each language.
//!
//! **Invariant:** every text exists in every language: each catalogue answers every [`Text`], so one
//! that is missing does not compile.

mod english;
mod german;

use jiff::civil::DateTime;
use library::view::{self, Secret};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    German,
}

/// Everything that is said outside the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Text {
    // how the library stands
    Broken,
    FirstRun,
    NoPhotos,
    NoDestination { photos: u32 },
    SecretNeeded { place: String, secret: Secret },
    PlaceNeedsYou { place: Place },
    Offline { left: u32 },
    Paused { until: Option<When> },
    NeedYou { needing: u32 },
    ToGo { photos: u32 },
    Waiting { photos: u32 },
    Reading,
    OnlineOnly { photos: u32 },
    AllSafe { photos: u32 },
    // the menu
    Open,
    PauseAnHour,
    PauseUntilTomorrow,
    Resume,
    Quit,
    // notifications
    BatchSafe { photos: u32, place: Place },
    BatchWentUp { photos: u32 },
    NotLetIn { place: String },
    PlaceFull { place: String },
    PlaceUnusable { place: String },
    FilesLeftOut { files: u32 },
    DiskFull,
    DiskFails,
    LibraryNeedsYou,
    SeveralNeedYou { matters: u32 },
    NothingIsLost { waiting: u32 },
    CardIsHere { name: String, photos: u32 },
    NothingIsCopiedUnasked,
    StillAtWork,
    HowToComeBack,
    // a message of its own
    OpenElsewhere,
}

/// Where photos are safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    Named(String),
    Several(u32),
}

/// A local time, seen from today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    Today(DateTime),
    Tomorrow(DateTime),
    Later(DateTime),
}

impl When {
    pub(crate) fn seen(at: DateTime, now: DateTime) -> Self {
        let days = (at.date() - now.date()).get_days();
        match days {
            0 => Self::Today(at),
            1 => Self::Tomorrow(at),
            _ => Self::Later(at),
        }
    }
}

impl Language {
    /// The one that was chosen, else that of the system's messages.
    pub(crate) fn of(chosen: Option<view::Language>) -> Self {
        Self::choose(chosen, |name| std::env::var(name).ok())
    }

    fn choose(chosen: Option<view::Language>, variable: impl Fn(&str) -> Option<String>) -> Self {
        match chosen {
            Some(view::Language::De) => return Self::German,
            Some(view::Language::En) => return Self::English,
            None => {}
        }
        // The order of gettext: the first that is set decides.
        let system = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .filter_map(variable)
            .find(|value| !value.is_empty());
        match system {
            Some(value) if value.to_ascii_lowercase().starts_with("de") => Self::German,
            _ => Self::English,
        }
    }

    pub(crate) fn say(self, text: &Text) -> String {
        match self {
            Self::English => english::say(text),
            Self::German => german::say(text),
        }
    }
}

/// Digits in groups of three: `12,345`.
fn grouped(number: u32, separator: char) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(separator);
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_language_is_the_chosen_one_else_that_of_the_systems_messages() {
        use view::Language::{De, En};
        //  chosen, LC_ALL, LC_MESSAGES, LANG, expected
        let cases = [
            (Some(De), "", "", "en_GB.UTF-8", Language::German),
            (Some(En), "de_DE.UTF-8", "", "", Language::English),
            (None, "", "", "de_AT.UTF-8", Language::German),
            (None, "", "de_DE.UTF-8", "en_US.UTF-8", Language::German),
            (
                None,
                "en_US.UTF-8",
                "de_DE.UTF-8",
                "de_DE.UTF-8",
                Language::English,
            ),
            (None, "C", "", "de_DE.UTF-8", Language::English),
            (None, "", "", "", Language::English),
        ];
        for (chosen, all, messages, lang, expected) in cases {
            let variable = |name: &str| {
                let value = match name {
                    "LC_ALL" => all,
                    "LC_MESSAGES" => messages,
                    _ => lang,
                };
                Some(value.to_owned())
            };
            let case = (chosen, all, messages, lang);
            assert_eq!(Language::choose(chosen, variable), expected, "{case:?}");
        }
    }

    #[test]
    fn numbers_are_grouped_as_the_language_does() {
        let all = |photos| Text::AllSafe { photos };
        //  photos, English, German
        let cases = [
            (1, "Your photo is safe", "Dein Foto ist sicher"),
            (999, "All 999 photos are safe", "Alle 999 Fotos sind sicher"),
            (
                12_345,
                "All 12,345 photos are safe",
                "Alle 12.345 Fotos sind sicher",
            ),
            (
                1_000_000,
                "All 1,000,000 photos are safe",
                "Alle 1.000.000 Fotos sind sicher",
            ),
        ];
        for (photos, english, german) in cases {
            assert_eq!(Language::English.say(&all(photos)), english);
            assert_eq!(Language::German.say(&all(photos)), german);
        }
    }

    #[test]
    fn a_time_is_as_precise_as_it_has_to_be() {
        let now = date(2026, 11, 25).at(14, 4, 0, 0);
        //  until, English, German
        let cases = [
            (
                now.date().at(15, 4, 0, 0),
                "Paused until 15:04",
                "Angehalten bis 15:04",
            ),
            (
                date(2026, 11, 26).at(6, 0, 0, 0),
                "Paused until 06:00 tomorrow",
                "Angehalten bis morgen, 06:00",
            ),
            (
                date(2026, 12, 24).at(6, 0, 0, 0),
                "Paused until 24 Dec 2026, 06:00",
                "Angehalten bis 24.12.2026, 06:00",
            ),
        ];
        for (until, english, german) in cases {
            let text = Text::Paused {
                until: Some(When::seen(until, now)),
            };
            assert_eq!(Language::English.say(&text), english);
            assert_eq!(Language::German.say(&text), german);
        }
    }
}
