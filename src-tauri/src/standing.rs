//! How the library stands, as the tray shows it: a shape and a sentence.
//!
//! **Invariant:** pure. The same status at the same time gives the same tray, and its sentence says
//! nothing else than the window's status line.

use crate::words::{Place, Text, When};
use jiff::ZonedDateTime;
use library::view::{Cause, DestinationState, DestinationView, Status};

/// What the icon shows; each has its own shape and its own picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Safe,
    Going,
    Waiting,
    NeedsYou,
    Offline,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) shape: Shape,
    pub(crate) sentence: Text,
    /// Then the menu offers to go on.
    pub(crate) paused: bool,
}

impl Standing {
    /// The library could not be opened: its window says why.
    pub(crate) fn broken() -> Self {
        Self {
            shape: Shape::NeedsYou,
            sentence: Text::Broken,
            paused: false,
        }
    }

    pub(crate) fn of(status: &Status, now: &ZonedDateTime) -> Self {
        let (shape, sentence) = seen(status, now);
        Self {
            shape,
            sentence,
            paused: status.pause.is_some(),
        }
    }
}

fn seen(status: &Status, now: &ZonedDateTime) -> (Shape, Text) {
    let left = status.going + status.waiting + status.needs_you;
    if status.first_run {
        return (Shape::Waiting, Text::FirstRun);
    }
    if status.destinations.is_empty() && status.photos > 0 {
        let photos = status.photos;
        return (Shape::NeedsYou, Text::NoDestination { photos });
    }
    if let Some(needed) = without_secret(status) {
        let place = others_need(status).then(|| stuck(status)).flatten();
        let sentence = place.map_or(needed, |place| Text::PlaceNeedsYou { place });
        return (Shape::NeedsYou, sentence);
    }
    if status.offline {
        return (Shape::Offline, Text::Offline { left });
    }
    if let Some(pause) = status.pause {
        let until = pause.until.and_then(|until| local(until, now));
        return (Shape::Waiting, Text::Paused { until });
    }
    if status.needs_you > 0 {
        let needing = status.needs_you;
        return (Shape::NeedsYou, Text::NeedYou { needing });
    }
    if status.going > 0 {
        let photos = status.going;
        return (Shape::Going, Text::ToGo { photos });
    }
    if status.waiting > 0 {
        let photos = status.waiting;
        return (Shape::Waiting, Text::Waiting { photos });
    }
    if let Some(place) = stuck(status) {
        return (Shape::NeedsYou, Text::PlaceNeedsYou { place });
    }
    if !status.scanning.is_empty() {
        return (Shape::Going, Text::Reading);
    }
    match (status.photos, status.online_only) {
        (0, 0) => (Shape::Waiting, Text::NoPhotos),
        (0, photos) => (Shape::Safe, Text::OnlineOnly { photos }),
        _ => (
            Shape::Safe,
            Text::AllSafe {
                photos: status.safe,
            },
        ),
    }
}

fn without_secret(status: &Status) -> Option<Text> {
    let mut without = status.destinations.iter().filter(|place| is_without(place));
    without.find_map(|destination| {
        Some(Text::SecretNeeded {
            place: destination.name.clone(),
            secret: destination.config.secret()?,
        })
    })
}

fn is_without(destination: &DestinationView) -> bool {
    let reason = destination.reason.as_ref();
    reason.is_some_and(|reason| reason.code == Cause::NoCredentials)
}

/// Whether a place needs something else than what it is shown.
fn others_need(status: &Status) -> bool {
    let mut places = status.destinations.iter();
    places.any(|place| place.state == DestinationState::NeedsYou && !is_without(place))
}

/// Nothing waits there, so nothing else would say it.
fn stuck(status: &Status) -> Option<Place> {
    let stuck = status
        .destinations
        .iter()
        .filter(|destination| destination.state == DestinationState::NeedsYou);
    let names: Vec<&str> = stuck.map(|destination| destination.name.as_str()).collect();
    match names[..] {
        [] => None,
        [only] => Some(Place::Named(only.to_owned())),
        [..] => Some(Place::Several(
            u32::try_from(names.len()).unwrap_or(u32::MAX),
        )),
    }
}

/// None: outside the calendar.
fn local(milliseconds: i64, now: &ZonedDateTime) -> Option<When> {
    let at = jiff::Timestamp::from_millisecond(milliseconds).ok()?;
    let at = at.to_zoned_datetime(now.time_zone().clone());
    Some(When::seen(at.datetime(), now.datetime()))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::words;
    use library::view::*;

    /// A library in which nothing is to be done: 3 photos, all safe in *nas*.
    pub(crate) fn quiet() -> Status {
        Status {
            photos: 3,
            safe: 3,
            going: 0,
            waiting: 0,
            needs_you: 0,
            online_only: 0,
            videos: 0,
            other_files: 0,
            offline: false,
            pause: None,
            scanning: Vec::new(),
            bytes_per_second: 0.0,
            bytes_safe: 9,
            bytes_left: 0,
            seconds_left: None,
            last_checked: None,
            folders: Vec::new(),
            destinations: vec![nas(None)],
            rebuild: None,
            restore: None,
            cards: Vec::new(),
            card_copy: None,
            first_run: false,
            last_run: None,
        }
    }

    pub(crate) fn nas(reason: Option<Cause>) -> DestinationView {
        DestinationView {
            id: 1,
            name: "nas".into(),
            config: DestinationConfig::S3 {
                endpoint: Some("http://nas:9000".into()),
                bucket: "photos".into(),
                prefix: String::new(),
                region: None,
                path_style: None,
                ca_file: None,
                profile: None,
                key_template: None,
                layout: DestinationLayout::Library,
                cognito: None,
            },
            place: "photos at nas:9000".into(),
            keys: KeyPlace::Around,
            service: None,
            state: DestinationState::Ready,
            reason: reason.map(|code| Reason {
                code,
                detail: String::new(),
                retry_at: None,
            }),
            photos: 3,
            bytes: 9,
            waiting: 0,
            last_checked: None,
            last_verified: None,
            may_be_incomplete: false,
            gone: false,
            examined: None,
        }
    }

    #[test]
    fn each_status_has_its_shape_and_its_sentence() {
        let now: ZonedDateTime = "2026-11-25T14:04:00[Europe/Berlin]".parse().unwrap();
        let until = now.timestamp().as_millisecond() + 3_600_000;
        let today = When::Today("2026-11-25T15:04:00".parse().unwrap());
        type Change = fn(&mut Status);
        let paused = Status {
            pause: Some(Pause { until: Some(until) }),
            going: 8,
            ..quiet()
        };
        //  name, change of a quiet library, shape, sentence
        let cases: [(&str, Change, Shape, Text); 16] = [
            ("all safe", |_| {}, Shape::Safe, Text::AllSafe { photos: 3 }),
            (
                "going up",
                |status| (status.going, status.waiting) = (8, 2),
                Shape::Going,
                Text::ToGo { photos: 8 },
            ),
            (
                "waiting",
                |status| status.waiting = 2,
                Shape::Waiting,
                Text::Waiting { photos: 2 },
            ),
            (
                "needs you, though others go up",
                |status| (status.going, status.needs_you) = (8, 2),
                Shape::NeedsYou,
                Text::NeedYou { needing: 2 },
            ),
            (
                "offline",
                |status| (status.offline, status.going, status.waiting) = (true, 3, 5),
                Shape::Offline,
                Text::Offline { left: 8 },
            ),
            (
                "paused for good",
                |status| status.pause = Some(Pause { until: None }),
                Shape::Waiting,
                Text::Paused { until: None },
            ),
            (
                "offline counts more than a pause",
                |status| (status.offline, status.pause) = (true, Some(Pause { until: None })),
                Shape::Offline,
                Text::Offline { left: 0 },
            ),
            (
                "no key",
                |status| status.destinations = vec![nas(Some(Cause::NoCredentials))],
                Shape::NeedsYou,
                Text::SecretNeeded {
                    place: "nas".into(),
                    secret: Secret::Key,
                },
            ),
            (
                "no token",
                |status| {
                    status.destinations = vec![DestinationView {
                        config: DestinationConfig::Http {
                            url: "http://nas:8080".into(),
                            token_file: None,
                            ca_file: None,
                        },
                        ..nas(Some(Cause::NoCredentials))
                    }];
                },
                Shape::NeedsYou,
                Text::SecretNeeded {
                    place: "nas".into(),
                    secret: Secret::Token,
                },
            ),
            (
                "no key, and another bucket that is gone",
                |status| {
                    let needs = |reason| DestinationView {
                        state: DestinationState::NeedsYou,
                        ..nas(Some(reason))
                    };
                    status.destinations = vec![needs(Cause::NoCredentials), needs(Cause::NoBucket)];
                },
                Shape::NeedsYou,
                Text::PlaceNeedsYou {
                    place: words::Place::Several(2),
                },
            ),
            (
                "a bucket that is gone, though nothing waits",
                |status| status.destinations[0].state = DestinationState::NeedsYou,
                Shape::NeedsYou,
                Text::PlaceNeedsYou {
                    place: words::Place::Named("nas".into()),
                },
            ),
            (
                "no destination",
                |status| status.destinations.clear(),
                Shape::NeedsYou,
                Text::NoDestination { photos: 3 },
            ),
            (
                "first run",
                |status| status.first_run = true,
                Shape::Waiting,
                Text::FirstRun,
            ),
            (
                "reading a folder",
                |status| status.scanning = vec!["/photos".into()],
                Shape::Going,
                Text::Reading,
            ),
            (
                "nothing here",
                |status| (status.photos, status.safe) = (0, 0),
                Shape::Waiting,
                Text::NoPhotos,
            ),
            (
                "all of it online",
                |status| (status.photos, status.safe, status.online_only) = (0, 0, 9),
                Shape::Safe,
                Text::OnlineOnly { photos: 9 },
            ),
        ];
        for (name, change, shape, sentence) in cases {
            let mut status = quiet();
            change(&mut status);
            let paused = status.pause.is_some();
            let expected = Standing {
                shape,
                sentence,
                paused,
            };
            assert_eq!(Standing::of(&status, &now), expected, "{name}");
        }
        let expected = Standing {
            shape: Shape::Waiting,
            sentence: Text::Paused { until: Some(today) },
            paused: true,
        };
        assert_eq!(Standing::of(&paused, &now), expected, "paused for a while");
    }
}
