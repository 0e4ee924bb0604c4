//! What the photographs show: one file a family of scenes.
//!
//! A scene paints onto a canvas of any shape from a generator of its own, and says how the picture
//! is to be exposed.

mod desert;
mod hills;
mod peaks;

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
    }
}
