//! Where and when the sample photographs were "taken": real places, and the scenes that suit them.

use crate::paint::sky::Hour::{self, Dawn, Dusk, Golden, Morning, Night, Noon};
use crate::scenes::Subject::{self, *};

pub(crate) struct Place {
    /// As in the folder's name.
    pub(crate) name: &'static str,
    pub(crate) lat: f64,
    pub(crate) lon: f64,
    /// Metres above the sea.
    pub(crate) alt: f64,
    /// Minutes east of UTC at the time of year at which people go there.
    pub(crate) utc_offset: i16,
    /// The months in which people go there, first and last.
    pub(crate) months: (i8, i8),
    pub(crate) scenes: &'static [(Subject, Hour)],
}

pub(crate) const PLACES: &[Place] = &[
    Place {
        name: "Dolomites",
        lat: 46.5405,
        lon: 12.1357,
        alt: 2105.0,
        utc_offset: 120,
        months: (6, 9),
        scenes: &[
            (Peaks, Morning),
            (Lake, Dawn),
            (Peaks, Golden),
            (Pastures, Noon),
        ],
    },
    Place {
        name: "Sahara",
        lat: 31.0994,
        lon: -4.0127,
        alt: 712.0,
        utc_offset: 60,
        months: (2, 4),
        scenes: &[
            (Dunes, Golden),
            (Dunes, Morning),
            (Dunes, Dusk),
            (Mesas, Noon),
        ],
    },
    Place {
        name: "Hokkaido",
        lat: 43.4653,
        lon: 142.4671,
        alt: 284.0,
        utc_offset: 540,
        months: (1, 3),
        scenes: &[(Winter, Morning), (Winter, Dawn), (Winter, Golden)],
    },
    Place {
        name: "Tuscany",
        lat: 43.0625,
        lon: 11.6230,
        alt: 310.0,
        utc_offset: 120,
        months: (4, 6),
        scenes: &[(Pastures, Dawn), (Pastures, Golden), (Pastures, Morning)],
    },
    Place {
        name: "Vermont",
        lat: 44.4654,
        lon: -72.6874,
        alt: 265.0,
        utc_offset: -240,
        months: (9, 10),
        scenes: &[(Autumn, Morning), (Autumn, Golden), (Lake, Dawn)],
    },
    Place {
        name: "Utah",
        lat: 36.9980,
        lon: -110.0985,
        alt: 1585.0,
        utc_offset: -360,
        months: (4, 10),
        scenes: &[(Mesas, Golden), (Mesas, Noon), (Mesas, Dusk)],
    },
];
