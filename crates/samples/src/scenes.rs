//! What the photographs show: one file a family of scenes.
//!
//! A scene paints onto a canvas of any shape from a generator of its own, and says how the picture
//! is to be exposed.

mod balloons;
mod city;
mod desert;
mod flowers;
mod forest;
mod hills;
mod night;
mod peaks;
mod rows;
mod sea;

use crate::paint::canvas::{Canvas, Finish};
use crate::paint::noise::Rng;
use crate::paint::sky::Hour;

/// What is seen, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct View {
    pub(crate) subject: Subject,
    pub(crate) hour: Hour,
}

impl View {
    /// What a person would write under it.
    pub(crate) fn title(self) -> String {
        let what = match self.subject {
            Subject::Peaks => "The high valley",
            Subject::Lake => "The lake",
            Subject::Pastures => "Fields",
            Subject::Autumn => "Woods in autumn",
            Subject::Winter => "Snow",
            Subject::Dunes => "Dunes",
            Subject::Mesas => "Red rocks",
            Subject::Sea => "The sea",
            Subject::Shore => "The beach from above",
            Subject::Fog => "Fog in the woods",
            Subject::MilkyWay => "The Milky Way",
            Subject::Aurora => "Northern lights",
            Subject::Moon => "The moon",
            Subject::City => "The waterfront",
            Subject::Blossom => "A flower",
            Subject::Lavender => "Lavender",
            Subject::Tulips => "Tulips",
            Subject::Balloons => "Balloons",
        };
        let when = match self.hour {
            Hour::Dawn => "at dawn",
            Hour::Morning => "in the morning",
            Hour::Noon => "at noon",
            Hour::Golden => "in the last light",
            Hour::Dusk => "at dusk",
            Hour::Night => "at night",
        };
        format!("{what} {when}")
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    Peaks,
    Lake,
    Pastures,
    Autumn,
    Winter,
    Dunes,
    Mesas,
    Sea,
    Shore,
    Fog,
    MilkyWay,
    Aurora,
    Moon,
    City,
    Blossom,
    Lavender,
    Tulips,
    Balloons,
}

pub(crate) fn paint(view: View, canvas: &mut Canvas, rng: &mut Rng) -> Finish {
    match view.subject {
        Subject::Peaks => peaks::valley(canvas, view.hour, rng),
        Subject::Lake => peaks::lake(canvas, view.hour, rng),
        Subject::Pastures => hills::pastures(canvas, view.hour, rng),
        Subject::Autumn => hills::autumn(canvas, view.hour, rng),
        Subject::Winter => hills::winter(canvas, view.hour, rng),
        Subject::Dunes => desert::dunes(canvas, view.hour, rng),
        Subject::Mesas => desert::mesas(canvas, view.hour, rng),
        Subject::Sea => sea::open(canvas, view.hour, rng),
        Subject::Shore => sea::from_above(canvas, rng),
        Subject::Fog => forest::fog(canvas, view.hour, rng),
        Subject::MilkyWay => night::milky_way(canvas, rng),
        Subject::Aurora => night::aurora(canvas, rng),
        Subject::Moon => night::moonrise(canvas, view.hour, rng),
        Subject::City => city::waterfront(canvas, view.hour, rng),
        Subject::Blossom => flowers::close_up(canvas, rng),
        Subject::Lavender => rows::lavender(canvas, view.hour, rng),
        Subject::Tulips => rows::tulips(canvas, view.hour, rng),
        Subject::Balloons => balloons::aloft(canvas, view.hour, rng),
    }
}
