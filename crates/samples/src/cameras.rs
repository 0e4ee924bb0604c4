//! Invented cameras: what each writes about itself, and how it names its files.

use crate::Exif;
use crate::paint::noise::Rng;
use crate::paint::sky::Hour;
use jiff::civil::DateTime;

pub(crate) struct Camera {
    make: &'static str,
    model: &'static str,
    lens: Option<&'static str>,
    /// Years in which it is used.
    years: (i16, i16),
    /// Focal length in millimetres, and how much longer it is as a 35 mm equivalent.
    focal: (f64, f64),
    crop: f64,
    /// The widest aperture.
    aperture: f64,
    naming: Naming,
    /// Whether it knows its place and its offset from UTC.
    connected: Connected,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Connected {
    Yes,
    No,
}

#[derive(Debug, Clone, Copy)]
enum Naming {
    Img,
    Dsc,
    Aria,
    Phone,
}

const CAMERAS: &[Camera] = &[
    Camera {
        make: "Okular",
        model: "Okular D4",
        lens: None,
        years: (2004, 2010),
        focal: (7.1, 24.0),
        crop: 4.9,
        aperture: 2.8,
        naming: Naming::Dsc,
        connected: Connected::No,
    },
    Camera {
        make: "Aria",
        model: "Aria 35",
        lens: Some("Aria 23mm F2"),
        years: (2012, 2026),
        focal: (23.0, 23.0),
        crop: 1.5,
        aperture: 2.0,
        naming: Naming::Aria,
        connected: Connected::No,
    },
    Camera {
        make: "Halden",
        model: "Halden M2",
        lens: Some("Halden 24-70mm F2.8"),
        years: (2009, 2019),
        focal: (24.0, 70.0),
        crop: 1.0,
        aperture: 2.8,
        naming: Naming::Img,
        connected: Connected::No,
    },
    Camera {
        make: "Halden",
        model: "Halden M5",
        lens: Some("Halden 16-35mm F4"),
        years: (2018, 2026),
        focal: (16.0, 35.0),
        crop: 1.0,
        aperture: 4.0,
        naming: Naming::Img,
        connected: Connected::Yes,
    },
    Camera {
        make: "Tern",
        model: "Tern Phone 3",
        lens: Some("Tern Phone 3 back camera 4.4mm f/1.8"),
        years: (2013, 2020),
        focal: (4.4, 4.4),
        crop: 6.2,
        aperture: 1.8,
        naming: Naming::Phone,
        connected: Connected::Yes,
    },
    Camera {
        make: "Tern",
        model: "Tern Phone 8",
        lens: Some("Tern Phone 8 back camera 6.9mm f/1.7"),
        years: (2020, 2026),
        focal: (6.9, 6.9),
        crop: 3.5,
        aperture: 1.7,
        naming: Naming::Phone,
        connected: Connected::Yes,
    },
];

impl Camera {
    /// A camera that was there in that year.
    pub(crate) fn of_year(year: i16, rng: &mut Rng) -> &'static Self {
        let there: Vec<_> = CAMERAS
            .iter()
            .filter(|c| (c.years.0..=c.years.1).contains(&year))
            .collect();
        there[rng.below(there.len())]
    }

    pub(crate) fn knows_place(&self) -> bool {
        self.connected == Connected::Yes
    }

    /// The file name without extension; `number` is unlike that of any other photo of the album.
    pub(crate) fn stem(&self, number: usize, taken_at: DateTime) -> String {
        match self.naming {
            Naming::Img => format!("IMG_{:04}", 2041 + number),
            Naming::Dsc => format!("DSC_{:04}", 312 + number),
            Naming::Aria => format!("ARIA{:04}", 1107 + number),
            Naming::Phone => format!("PXL_{}{:03}", taken_at.strftime("%Y%m%d_%H%M%S"), number),
        }
    }

    /// The extension of its JPEG files.
    pub(crate) fn extension(&self) -> &'static str {
        match self.naming {
            Naming::Dsc | Naming::Aria => "JPG",
            Naming::Img | Naming::Phone => "jpg",
        }
    }

    /// What it would have set in that light.
    pub(crate) fn expose(&self, hour: Hour, rng: &mut Rng) -> Exif {
        let (times, isos): (&[(u32, u32)], &[u16]) = match hour {
            Hour::Noon => (
                &[(1, 500), (1, 800), (1, 1000), (1, 1250)],
                &[100, 160, 200],
            ),
            Hour::Morning | Hour::Golden => {
                (&[(1, 160), (1, 250), (1, 320), (1, 500)], &[100, 160, 200])
            }
            Hour::Dawn => (&[(1, 60), (1, 100), (1, 125)], &[200, 320, 400]),
            Hour::Dusk => (&[(1, 15), (1, 30), (1, 60)], &[400, 640, 800]),
            Hour::Night => (&[(8, 1), (13, 1), (20, 1)], &[1600, 3200, 6400]),
        };
        let stops = match hour {
            Hour::Night => 1.0,
            _ => *rng.pick(&[1.0, 1.4, 2.0, 2.8]),
        };
        let focal = (rng.within(self.focal.0 as f32..self.focal.1 as f32 + 0.01) as f64 * 10.0)
            .round()
            / 10.0;
        Exif {
            make: Some(self.make.into()),
            model: Some(self.model.into()),
            lens: self.lens.map(Into::into),
            f_number: Some((self.aperture * stops * 10.0).round() / 10.0),
            exposure_time: Some(*rng.pick(times)),
            iso: Some(*rng.pick(isos)),
            focal_length: Some(focal),
            focal_length_35mm: Some((focal * self.crop).round() as u16),
            ..Exif::default()
        }
    }
}
