//! Photos to measure on; the same arguments make the same ones.

use jiff::civil::date;
use samples::{Exif, JpegOptions};
use std::fs;
use std::io;
use std::path::Path;

/// Months over which small photos are taken, and folders into which they are put.
const MONTHS: usize = 120;
const CAMERAS: [(&str, &str); 4] = [
    ("FUJIFILM", "X100V"),
    ("Canon", "EOS 450D"),
    ("NIKON CORPORATION", "NIKON D90"),
    ("Apple", "iPhone 6"),
];

/// Small photos, at most a thousand in a folder.
pub(crate) fn small(folder: &Path, count: usize, size: usize) -> io::Result<()> {
    let pictures: Vec<Vec<u8>> = (0..MONTHS).map(picture).collect();
    for number in 0..count {
        let month = number % MONTHS;
        let (year, part) = (2010 + month / 12, number / (MONTHS * 1_000));
        let below = folder.join(format!("{year}/{:02} {}", month % 12 + 1, place(month)));
        let below = if part == 0 {
            below
        } else {
            below.join(part.to_string())
        };
        if number % (MONTHS * 1_000) < MONTHS {
            fs::create_dir_all(&below)?;
        }
        // What follows a picture's end belongs to the file.
        let mut bytes = pictures[month].clone();
        bytes.extend((number as u64).to_be_bytes());
        bytes.resize(size.max(bytes.len()), number.to_le_bytes()[0]);
        fs::write(below.join(format!("IMG_{number:06}.jpg")), bytes)?;
    }
    Ok(())
}

pub(crate) fn drawn(folder: &Path, count: usize, long_side: u32) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let is_jpeg = |sample: &samples::Sample| {
        let extension = sample.path().extension();
        extension.is_some_and(|extension| extension.eq_ignore_ascii_case("jpg"))
    };
    let jpegs = samples::album(1).filter(is_jpeg);
    for (number, sample) in jpegs.take(count).enumerate() {
        let bytes = sample.scaled(long_side).encode();
        fs::write(folder.join(format!("{number:04}.jpg")), bytes)?;
    }
    Ok(())
}

fn picture(month: usize) -> Vec<u8> {
    let (make, model) = CAMERAS[month % CAMERAS.len()];
    let year = i16::try_from(2010 + month / 12).expect("a year of this century");
    let of_year = i8::try_from(month % 12 + 1).expect("a month of a year");
    let exif = Exif {
        taken_at: Some(date(year, of_year, 15).at(12, 30, 0, 0)),
        make: Some(make.into()),
        model: Some(model.into()),
        ..Exif::default()
    };
    samples::jpeg(&JpegOptions {
        seed: month as u64,
        exif,
        ..JpegOptions::default()
    })
}

fn place(month: usize) -> &'static str {
    const PLACES: [&str; 5] = ["Lake Garda", "At home", "Oslo", "Grandmother", "Alps"];
    PLACES[month % PLACES.len()]
}
