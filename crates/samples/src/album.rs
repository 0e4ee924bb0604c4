//! The album: an endless sequence of trips, each a few days of photographs in one folder.
//!
//! **Invariant:** the photograph at one place of the sequence depends on the seed and that place
//! alone, so that a first part and a later rest make the same album as one run.

use crate::Exif;
use crate::cameras::Camera;
use crate::exif::Position;
use crate::paint::noise::Rng;
use crate::paint::sky::Hour;
use crate::places::{PLACES, Place};
use crate::sample::{Format, Sample};
use crate::scenes::View;
use jiff::ToSpan;
use jiff::civil::{DateTime, date};
use std::path::PathBuf;

const YEARS: std::ops::RangeInclusive<i16> = 2004..=2025;

/// The album of one seed, from its first photograph on; it does not end.
pub fn album(seed: u64) -> Album {
    let mut album = Album {
        seed,
        trip: 0,
        number: 0,
        rest: Vec::new(),
    };
    album.rest = album.next_trip();
    album
}

/// See [`album`].
#[derive(Debug, Clone)]
pub struct Album {
    seed: u64,
    trip: u64,
    number: usize,
    /// What is left of the present trip, the next photograph last.
    rest: Vec<Sample>,
}

impl Iterator for Album {
    type Item = Sample;

    fn next(&mut self) -> Option<Sample> {
        while self.rest.is_empty() {
            self.rest = self.next_trip();
        }
        self.rest.pop()
    }
}

impl Album {
    fn next_trip(&mut self) -> Vec<Sample> {
        let mut rng = Rng::part(self.seed, self.trip);
        let place = dealt(PLACES, self.seed, self.trip);
        let years: Vec<i16> = YEARS.collect();
        let year = *dealt(&years, self.seed ^ 0x5eed, self.trip);
        self.trip += 1;

        let month =
            place.months.0 + rng.below((place.months.1 - place.months.0 + 1) as usize) as i8;
        let mut day = date(year, month, 1 + rng.below(20) as i8);
        let cameras = [
            Camera::of_year(year, &mut rng),
            Camera::of_year(year, &mut rng),
        ];
        let mut moments = Vec::new();
        for turn in 0..3 + rng.below(4) {
            let &(subject, hour) = dealt(place.scenes, self.seed ^ self.trip, turn as u64);
            moments.push((moment(day, hour, &mut rng), View { subject, hour }));
            if rng.chance(0.45) {
                day = day.saturating_add(1.days());
            }
        }
        moments.sort_by_key(|&(at, _)| at);
        let shots = moments.into_iter().map(|(at, view)| {
            let shot = shot(
                self.seed,
                self.number,
                place,
                cameras[rng.below(cameras.len())],
                view,
                at,
            );
            self.number += 1;
            shot
        });
        let mut shots: Vec<Sample> = shots.collect();
        shots.reverse();
        shots
    }
}

fn shot(
    seed: u64,
    number: usize,
    place: &Place,
    camera: &Camera,
    view: View,
    at: DateTime,
) -> Sample {
    let mut rng = Rng::part(seed ^ 0x0051_1077, number as u64);
    let size = *rng.pick(&[
        (1800, 1200),
        (1800, 1200),
        (1800, 1200),
        (1680, 1260),
        (1680, 1260),
        (1920, 1080),
        (1200, 1800),
        (1120, 1680),
        (1200, 1600),
        (1440, 1440),
        (2400, 1000),
    ]);
    let format = match rng.below(20) {
        0 => Format::Png,
        1 => Format::Webp,
        _ => Format::Jpeg,
    };
    let orientation = match (format, size.1 > size.0) {
        (Format::Jpeg, true) => *rng.pick(&[1, 6, 6, 8]),
        (Format::Jpeg, false) if rng.chance(0.06) => 3,
        _ => 1,
    };
    let near = |degrees: f64, rng: &mut Rng| degrees + f64::from(rng.within(-0.04..0.04));
    let gps = (camera.knows_place() || rng.chance(0.35)).then(|| Position {
        lat: near(place.lat, &mut rng),
        lon: near(place.lon, &mut rng),
        alt: (place.alt * f64::from(rng.within(0.9..1.1))).round(),
    });
    let exif = Exif {
        taken_at: Some(at),
        utc_offset: camera.knows_place().then_some(place.utc_offset),
        gps,
        description: rng
            .chance(0.3)
            .then(|| format!("{}, {}", view.title(), place.name)),
        artist: rng.chance(0.5).then(|| "Sample Photographer".into()),
        orientation: Some(orientation),
        unique_id: Some(rng.next()),
        ..camera.expose(view.hour, &mut rng)
    };
    let extension = match format {
        Format::Jpeg => camera.extension(),
        Format::Png => "png",
        Format::Webp => "webp",
    };
    let file = format!("{}.{extension}", camera.stem(number, at));
    Sample {
        path: PathBuf::from(format!("{} {}", at.year(), place.name)).join(file),
        format,
        size,
        view,
        seed: rng.next(),
        exif,
        utc_offset: place.utc_offset,
    }
}

fn moment(day: jiff::civil::Date, hour: Hour, rng: &mut Rng) -> DateTime {
    let (first, hours) = match hour {
        Hour::Dawn => (5, 1),
        Hour::Morning => (8, 3),
        Hour::Noon => (11, 5),
        Hour::Golden => (18, 1),
        Hour::Dusk => (19, 2),
        Hour::Night => (22, 2),
    };
    let (minute, second) = (rng.below(60) as i8, rng.below(60) as i8);
    day.at(first + rng.below(hours) as i8, minute, second, 0)
}

/// The card at one place of an endless deal: each round gives every card once, in another order.
fn dealt<T>(cards: &[T], seed: u64, place: u64) -> &T {
    let (round, turn) = (
        place / cards.len() as u64,
        (place % cards.len() as u64) as usize,
    );
    let mut order: Vec<usize> = (0..cards.len()).collect();
    let mut rng = Rng::part(seed, round.wrapping_add(0xdea1));
    for i in (1..order.len()).rev() {
        order.swap(i, rng.below(i + 1));
    }
    &cards[order[turn]]
}
