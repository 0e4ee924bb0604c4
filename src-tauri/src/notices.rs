//! Which notification is due: a large batch is safe, something newly needs the person, or a card or camera
//! with photos was plugged in.
//!
//! **Invariant:** pure; the clock is passed in. What the person has before their eyes is not said, one
//! matter is said at most once an hour, and a card once.

use crate::words::{Place, Text};
use library::view::{Background, Cause, Problem, Status};
use std::collections::{HashMap, HashSet};

/// A batch from this many photos on is worth a word.
const LARGE: u32 = 50;

/// The queue has to stay empty for this long before a batch has ended: between two photos of one it
/// may be empty for a moment. Milliseconds.
const REST: i64 = 5_000;

const HOUR: i64 = 3_600_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) title: Text,
    pub(crate) body: Text,
    pub(crate) kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Done,
    Needed,
    Offered,
}

/// Whether the person looks at the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gaze {
    OnTheWindow,
    Elsewhere,
}

/// What is seen of the library at one moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look<'a> {
    pub(crate) status: &'a Status,
    pub(crate) problems: &'a [Problem],
    pub(crate) wanted: &'a Background,
    pub(crate) gaze: Gaze,
    /// Unix milliseconds.
    pub(crate) now: i64,
}

/// What was seen and said so far in this run.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    /// Photos that were safe when the queue was last empty.
    safe_before: Option<u32>,
    /// Since when the queue is empty.
    empty_since: Option<i64>,
    standing: HashSet<Matter>,
    said: HashMap<Matter, i64>,
    /// The newest card that was seen; ids rise.
    last_card: i64,
}

/// What a problem is about: photos may join it, it stays the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Matter {
    cause: Cause,
    destination: Option<i64>,
}

impl Notices {
    pub(crate) fn look(&mut self, look: Look<'_>) -> Vec<Notice> {
        let done = self.batch(look);
        let needed = self.needed(look);
        let card = self.card(look.status);
        let wanted = look.wanted;
        [
            done.filter(|_| wanted.notify_when_done),
            needed.filter(|_| wanted.notify_when_needed),
            card.filter(|_| wanted.notify_of_cards),
        ]
        .into_iter()
        .flatten()
        .filter(|_| look.gaze == Gaze::Elsewhere)
        .collect()
    }

    /// When to look again though nothing happens: Unix milliseconds.
    pub(crate) fn look_again(&self) -> Option<i64> {
        self.empty_since.map(|since| since + REST)
    }

    fn batch(&mut self, look: Look<'_>) -> Option<Notice> {
        let status = look.status;
        // A destination that was added makes photos unsafe again.
        let before = self.safe_before.unwrap_or(status.safe).min(status.safe);
        self.safe_before = Some(before);
        let busy = status.going > 0 || status.waiting > 0 || !status.scanning.is_empty();
        if busy || status.safe == before {
            self.empty_since = None;
            return None;
        }
        let since = *self.empty_since.get_or_insert(look.now);
        if look.now < since + REST {
            return None;
        }
        self.empty_since = None;
        self.safe_before = Some(status.safe);
        let went = status.safe - before;
        (went >= LARGE && status.needs_you == 0).then(|| Notice {
            title: Text::BatchSafe {
                photos: status.safe,
                place: place(status),
            },
            body: Text::BatchWentUp { photos: went },
            kind: Kind::Done,
        })
    }

    fn needed(&mut self, look: Look<'_>) -> Option<Notice> {
        let needing: Vec<&Problem> = look
            .problems
            .iter()
            .filter(|problem| !problem.mends_itself)
            .collect();
        let standing: HashSet<Matter> = needing.iter().map(|problem| matter(problem)).collect();
        let fresh: Vec<&Problem> = needing
            .into_iter()
            .filter(|problem| {
                let matter = matter(problem);
                let said = self.said.get(&matter);
                !self.standing.contains(&matter) && said.is_none_or(|at| look.now >= at + HOUR)
            })
            .collect();
        self.standing = standing;
        let said = fresh.iter().map(|problem| (matter(problem), look.now));
        self.said.extend(said);
        let waiting = fresh.iter().map(|problem| problem.count).sum();
        let title = match fresh[..] {
            [] => return None,
            [only] => title(only),
            [..] => Text::SeveralNeedYou {
                matters: u32::try_from(fresh.len()).unwrap_or(u32::MAX),
            },
        };
        Some(Notice {
            title,
            body: Text::NothingIsLost { waiting },
            kind: Kind::Needed,
        })
    }

    /// Before a folder and a destination are chosen, the window offers none.
    fn card(&mut self, status: &Status) -> Option<Notice> {
        let newest = status.cards.iter().max_by_key(|card| card.id)?;
        if newest.id <= self.last_card || status.first_run {
            return None;
        }
        self.last_card = newest.id;
        Some(Notice {
            title: Text::CardIsHere {
                name: newest.name.clone(),
                photos: newest.photos,
            },
            body: Text::NothingIsCopiedUnasked,
            kind: Kind::Offered,
        })
    }
}

fn matter(problem: &Problem) -> Matter {
    Matter {
        cause: problem.reason.code,
        destination: problem.destination,
    }
}

fn place(status: &Status) -> Place {
    match &status.destinations[..] {
        [only] => Place::Named(only.name.clone()),
        several => Place::Several(u32::try_from(several.len()).unwrap_or(u32::MAX)),
    }
}

/// The matter in a few words; the window has the whole sentence.
fn title(problem: &Problem) -> Text {
    let place = problem
        .destination_name
        .clone()
        .or_else(|| problem.folder.clone());
    match (kind_of(problem.reason.code), place) {
        (About::Key, Some(place)) => Text::NeedsKey { place },
        (About::Room, Some(place)) => Text::PlaceFull { place },
        (About::Place, Some(place)) => Text::PlaceUnusable { place },
        (About::Disk, _) | (About::Room, None) => Text::DiskFull,
        (About::FailingDisk, _) => Text::DiskFails,
        (About::Files, _) => Text::FilesLeftOut {
            files: problem.count,
        },
        (About::Library, _) | (About::Key | About::Place, None) => Text::LibraryNeedsYou,
    }
}

enum About {
    Key,
    Room,
    Place,
    Files,
    Disk,
    FailingDisk,
    Library,
}

fn kind_of(cause: Cause) -> About {
    match cause {
        Cause::Unauthorized | Cause::NoCredentials | Cause::Forbidden => About::Key,
        Cause::DestinationFull => About::Room,
        Cause::Unreachable
        | Cause::Busy
        | Cause::Certificate
        | Cause::NoBucket
        | Cause::WrongRegion
        | Cause::ClockSkew
        | Cause::Redirected
        | Cause::NotMounted
        | Cause::WrongLibrary
        | Cause::BadSettings
        | Cause::UnexpectedAnswer
        | Cause::FolderOffline
        | Cause::DiskAway
        | Cause::FolderInsideDestination
        | Cause::FolderInsideLibrary
        | Cause::FolderNotFound
        | Cause::FolderAlreadyWatched
        | Cause::FolderUnwritable
        | Cause::NoAccess
        | Cause::DestinationFault
        | Cause::NoLinks => About::Place,
        Cause::BadKey
        | Cause::CopyMissing
        | Cause::CopyDamaged
        | Cause::FileChanged
        | Cause::FileUnreadable
        | Cause::FolderUnreadable
        | Cause::FileGone
        | Cause::StillBeingWritten
        | Cause::NotAPhoto
        | Cause::Video
        | Cause::Empty
        | Cause::SpecialFile
        | Cause::TooLarge
        | Cause::NotAccepted
        | Cause::Unconfirmed
        | Cause::NotBackedUp
        | Cause::NotInLibrary
        | Cause::NotWatched
        | Cause::Excluded
        | Cause::Link
        | Cause::Duplicate
        | Cause::NotReadYet
        | Cause::OtherBytes => About::Files,
        Cause::DiskFull => About::Disk,
        Cause::DiskFault => About::FailingDisk,
        Cause::SettingsFile
        | Cause::LibraryInUse
        | Cause::LibraryDamaged
        | Cause::LibraryUnusable
        | Cause::NoLibrary
        | Cause::Paused
        | Cause::AlreadyRunning
        | Cause::Stopped
        | Cause::NoDestination
        | Cause::Internal => About::Library,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standing::tests::quiet;
    use library::view::{CardView, Reason};

    const SECOND: i64 = 1_000;

    /// A library seen at `second`, with so many photos safe and on their way.
    fn at(notices: &mut Notices, second: i64, safe: u32, going: u32) -> Vec<Notice> {
        let status = Status {
            photos: safe + going,
            safe,
            going,
            ..quiet()
        };
        look(notices, second, &status, &[])
    }

    fn look(
        notices: &mut Notices,
        second: i64,
        status: &Status,
        problems: &[Problem],
    ) -> Vec<Notice> {
        notices.look(Look {
            status,
            problems,
            wanted: &Background::default(),
            gaze: Gaze::Elsewhere,
            now: second * SECOND,
        })
    }

    fn problem(code: Cause, destination: i64, count: u32) -> Problem {
        Problem {
            reason: Reason {
                code,
                detail: String::new(),
                retry_at: None,
            },
            mends_itself: false,
            destination: Some(destination),
            destination_name: Some(format!("nas {destination}")),
            folder: None,
            count,
            examples: Vec::new(),
        }
    }

    fn titles(notices: Vec<Notice>) -> Vec<Text> {
        notices.into_iter().map(|notice| notice.title).collect()
    }

    #[test]
    fn a_batch_is_said_when_the_queue_has_stayed_empty() {
        //  name, (second, safe, going) one after the other, the second of the notice and its batch
        type Seen = (i64, u32, u32);
        type Case = (&'static str, &'static [Seen], &'static [(i64, u32)]);
        let cases: [Case; 8] = [
            ("large", &[(0, 3, 60), (9, 63, 0), (14, 63, 0)], &[(14, 60)]),
            (
                "just large enough",
                &[(0, 3, 50), (9, 53, 0), (14, 53, 0)],
                &[(14, 50)],
            ),
            (
                "too small",
                &[(0, 3, 49), (9, 52, 0), (14, 52, 0), (99, 52, 0)],
                &[],
            ),
            (
                "empty for a moment only",
                &[
                    (0, 0, 60),
                    (9, 40, 0),
                    (11, 40, 20),
                    (15, 60, 0),
                    (20, 60, 0),
                ],
                &[(20, 60)],
            ),
            (
                "two small ones are none",
                &[
                    (0, 0, 30),
                    (5, 30, 0),
                    (10, 30, 0),
                    (20, 30, 30),
                    (25, 60, 0),
                    (30, 60, 0),
                ],
                &[],
            ),
            ("nothing went up", &[(0, 99, 0), (9, 99, 0)], &[]),
            (
                "said once",
                &[(0, 0, 60), (9, 60, 0), (14, 60, 0), (60, 60, 0)],
                &[(14, 60)],
            ),
            (
                "a second destination",
                &[(0, 60, 0), (1, 0, 60), (9, 60, 0), (14, 60, 0)],
                &[(14, 60)],
            ),
        ];
        for (name, seen, expected) in cases {
            let mut notices = Notices::default();
            let mut said = Vec::new();
            for &(second, safe, going) in seen {
                for notice in at(&mut notices, second, safe, going) {
                    let Text::BatchWentUp { photos } = notice.body else {
                        panic!("{name}: {notice:?}");
                    };
                    said.push((second, photos));
                }
            }
            assert_eq!(said, expected, "{name}");
        }
    }

    #[test]
    fn the_end_of_a_batch_is_looked_for_though_nothing_happens() {
        let mut notices = Notices::default();
        at(&mut notices, 0, 0, 60);
        assert_eq!(notices.look_again(), None);
        at(&mut notices, 9, 60, 0);
        assert_eq!(notices.look_again(), Some(14 * SECOND));
        at(&mut notices, 14, 60, 0);
        assert_eq!(notices.look_again(), None);
    }

    #[test]
    fn all_is_said_only_where_all_are_safe() {
        let mut notices = Notices::default();
        at(&mut notices, 0, 0, 60);
        let status = Status {
            photos: 61,
            safe: 60,
            needs_you: 1,
            ..quiet()
        };
        look(&mut notices, 9, &status, &[]);
        assert!(look(&mut notices, 14, &status, &[]).is_empty());
    }

    #[test]
    fn a_matter_is_said_once_and_again_after_an_hour_at_the_earliest() {
        let key = problem(Cause::Unauthorized, 1, 3);
        let more = problem(Cause::Unauthorized, 1, 300);
        let elsewhere = problem(Cause::Unauthorized, 2, 1);
        let waits = Problem {
            mends_itself: true,
            ..problem(Cause::Unreachable, 1, 3)
        };
        let refused = |at: i64| Text::NeedsKey {
            place: format!("nas {at}"),
        };
        //  name, (second, problems, what is said) one after the other
        type Seen<'a> = (i64, &'a [&'a Problem], &'a [Text]);
        let cases: [(&str, &[Seen<'_>]); 6] = [
            ("new", &[(0, &[], &[]), (1, &[&key], &[refused(1)])]),
            (
                "the same",
                &[
                    (0, &[&key], &[refused(1)]),
                    (9, &[&more], &[]),
                    (9_999, &[&more], &[]),
                ],
            ),
            (
                "gone and back at once",
                &[
                    (0, &[&key], &[refused(1)]),
                    (9, &[], &[]),
                    (99, &[&key], &[]),
                ],
            ),
            (
                "gone and back later",
                &[
                    (0, &[&key], &[refused(1)]),
                    (9, &[], &[]),
                    (3_600, &[&key], &[refused(1)]),
                ],
            ),
            (
                "the same elsewhere",
                &[
                    (0, &[&key], &[refused(1)]),
                    (9, &[&key, &elsewhere], &[refused(2)]),
                ],
            ),
            ("mends itself", &[(0, &[&waits], &[])]),
        ];
        for (name, seen) in cases {
            let mut notices = Notices::default();
            for (second, problems, expected) in seen {
                let problems: Vec<Problem> = problems.iter().copied().cloned().collect();
                let said = titles(look(&mut notices, *second, &quiet(), &problems));
                assert_eq!(said, *expected, "{name}, second {second}");
            }
        }
    }

    #[test]
    fn several_new_matters_are_one_notification() {
        let problems = [
            problem(Cause::Unauthorized, 1, 3),
            problem(Cause::FileUnreadable, 1, 2),
        ];
        let said = look(&mut Notices::default(), 0, &quiet(), &problems);
        let expected = Notice {
            title: Text::SeveralNeedYou { matters: 2 },
            body: Text::NothingIsLost { waiting: 5 },
            kind: Kind::Needed,
        };
        assert_eq!(said, [expected]);
    }

    fn with_cards(ids: &[i64]) -> Status {
        let card = |id: &i64| CardView {
            id: *id,
            name: format!("card {id}"),
            photos: 312,
            bytes: 1,
            new_at_least: 298,
        };
        Status {
            cards: ids.iter().map(card).collect(),
            ..quiet()
        }
    }

    #[test]
    fn a_card_is_said_once_and_not_before_there_is_a_library() {
        let mut notices = Notices::default();
        let early = Status {
            first_run: true,
            ..with_cards(&[1])
        };
        let said = |id: i64| {
            vec![Text::CardIsHere {
                name: format!("card {id}"),
                photos: 312,
            }]
        };
        //  name, status, what is said
        let cases = [
            ("first run", early, Vec::new()),
            ("plugged in", with_cards(&[1]), said(1)),
            ("still there", with_cards(&[1]), Vec::new()),
            ("a second one", with_cards(&[1, 2]), said(2)),
            ("pulled out", with_cards(&[2]), Vec::new()),
            ("plugged in again", with_cards(&[2, 3]), said(3)),
        ];
        for (second, (name, status, expected)) in (0..).zip(cases) {
            let said = titles(look(&mut notices, second, &status, &[]));
            assert_eq!(said, expected, "{name}");
        }
    }

    #[test]
    fn what_is_seen_or_not_wanted_is_not_said_and_not_made_up_for() {
        let all = Background::default();
        let none = Background {
            notify_when_done: false,
            notify_when_needed: false,
            notify_of_cards: false,
            ..Background::default()
        };
        let problems = [problem(Cause::Unauthorized, 1, 3)];
        for (name, wanted, gaze) in [
            ("seen", &all, Gaze::OnTheWindow),
            ("not wanted", &none, Gaze::Elsewhere),
        ] {
            let mut notices = Notices::default();
            at(&mut notices, 0, 0, 60);
            let status = Status {
                photos: 60,
                safe: 60,
                ..with_cards(&[1])
            };
            for second in [9, 14] {
                let said = notices.look(Look {
                    status: &status,
                    problems: &problems,
                    wanted,
                    gaze,
                    now: second * SECOND,
                });
                assert!(said.is_empty(), "{name}: {said:?}");
            }
            let later = look(&mut notices, 60, &status, &problems);
            assert!(later.is_empty(), "{name}: {later:?}");
        }
    }
}
