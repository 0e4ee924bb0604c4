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

fn look(notices: &mut Notices, second: i64, status: &Status, problems: &[Problem]) -> Vec<Notice> {
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
    let refused = |at: i64| Text::NotLetIn {
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
        videos: 12,
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
