//! What is written is read back: by an EXIF reader that is not ours, and by the file system.

use exif::{In, Reader, Tag, Value};
use jiff::civil::date;
use samples::{Exif, JpegOptions, Position, Sample, album, jpeg};
use std::collections::HashSet;
use std::fs;
use std::io::Cursor;

fn read(bytes: &[u8]) -> exif::Exif {
    Reader::new()
        .read_from_container(&mut Cursor::new(bytes))
        .expect("has readable EXIF")
}

fn text(exif: &exif::Exif, tag: Tag) -> Option<String> {
    let field = exif.get_field(tag, In::PRIMARY)?;
    match &field.value {
        Value::Ascii(parts) => Some(String::from_utf8_lossy(&parts[0]).into_owned()),
        other => panic!("{tag} is not text: {other:?}"),
    }
}

fn number(exif: &exif::Exif, tag: Tag) -> f64 {
    match &exif
        .get_field(tag, In::PRIMARY)
        .expect("the field is there")
        .value
    {
        Value::Rational(parts) => parts[0].to_f64(),
        other => f64::from(other.get_uint(0).expect("a number")),
    }
}

fn degrees(exif: &exif::Exif, tag: Tag) -> f64 {
    match &exif
        .get_field(tag, In::PRIMARY)
        .expect("the field is there")
        .value
    {
        Value::Rational(p) => p[0].to_f64() + p[1].to_f64() / 60.0 + p[2].to_f64() / 3600.0,
        other => panic!("{tag} is not degrees: {other:?}"),
    }
}

/// The first samples of an album, small enough to be painted many times.
fn few(count: usize) -> Vec<Sample> {
    album(7)
        .take(count)
        .map(|sample| sample.scaled(160))
        .collect()
}

#[test]
fn every_fact_comes_back() {
    let bytes = jpeg(&JpegOptions {
        exif: Exif {
            taken_at: Some(date(2019, 6, 3).at(14, 5, 9, 0)),
            utc_offset: Some(-210),
            make: Some("Aria".into()),
            model: Some("Aria 35".into()),
            lens: Some("Aria 23mm F2".into()),
            f_number: Some(5.6),
            exposure_time: Some((1, 250)),
            iso: Some(160),
            focal_length: Some(23.0),
            focal_length_35mm: Some(35),
            gps: Some(Position {
                lat: -43.7340,
                lon: 170.0966,
                alt: -12.5,
            }),
            description: Some("A lake, seen from the hut".into()),
            artist: Some("N".into()),
            orientation: Some(6),
            unique_id: None,
        },
        ..JpegOptions::default()
    });
    let exif = read(&bytes);
    let cases = [
        (Tag::DateTimeOriginal, "2019:06:03 14:05:09"),
        (Tag::OffsetTimeOriginal, "-03:30"),
        (Tag::Make, "Aria"),
        (Tag::Model, "Aria 35"),
        (Tag::LensModel, "Aria 23mm F2"),
        (Tag::ImageDescription, "A lake, seen from the hut"),
        (Tag::Artist, "N"),
        (Tag::GPSLatitudeRef, "S"),
        (Tag::GPSLongitudeRef, "E"),
    ];
    for (tag, expected) in cases {
        assert_eq!(text(&exif, tag).as_deref(), Some(expected), "{tag}");
    }
    let numbers = [
        (Tag::FNumber, 5.6),
        (Tag::ExposureTime, 0.004),
        (Tag::PhotographicSensitivity, 160.0),
        (Tag::FocalLength, 23.0),
        (Tag::FocalLengthIn35mmFilm, 35.0),
        (Tag::Orientation, 6.0),
        (Tag::GPSAltitudeRef, 1.0),
        (Tag::GPSAltitude, 12.5),
    ];
    for (tag, expected) in numbers {
        assert!((number(&exif, tag) - expected).abs() < 1e-9, "{tag}");
    }
    assert!((degrees(&exif, Tag::GPSLatitude) - 43.7340).abs() < 1e-6);
    assert!((degrees(&exif, Tag::GPSLongitude) - 170.0966).abs() < 1e-6);
}

#[test]
fn absent_facts_are_absent() {
    let exif = read(&jpeg(&JpegOptions::default()));
    for tag in [
        Tag::DateTimeOriginal,
        Tag::Make,
        Tag::Orientation,
        Tag::GPSLatitude,
    ] {
        assert!(exif.get_field(tag, In::PRIMARY).is_none(), "{tag}");
    }
}

#[test]
fn plain_photos_of_a_thousand_seeds_differ_and_repeat() {
    let of = |seed| {
        jpeg(&JpegOptions {
            seed,
            ..JpegOptions::default()
        })
    };
    let different: HashSet<_> = (0..1000).map(of).collect();
    assert_eq!(different.len(), 1000);
    assert!(different.contains(&of(500)));
}

#[test]
fn an_album_repeats_itself_byte_for_byte_and_no_photo_twice() {
    let (first, second) = (few(24), few(24));
    assert_eq!(first, second);
    let bytes: Vec<_> = first.iter().map(Sample::encode).collect();
    assert_eq!(bytes, second.iter().map(Sample::encode).collect::<Vec<_>>());
    assert_eq!(bytes.iter().collect::<HashSet<_>>().len(), bytes.len());
}

#[test]
fn another_seed_is_another_album() {
    let paths = |seed| {
        album(seed)
            .take(20)
            .map(|s| s.path().to_owned())
            .collect::<Vec<_>>()
    };
    assert_ne!(paths(1), paths(2));
}

#[test]
fn names_are_unique_even_without_regard_to_case() {
    let names: HashSet<_> = album(1)
        .take(20_000)
        .map(|s| s.path().to_string_lossy().to_lowercase())
        .collect();
    assert_eq!(names.len(), 20_000);
}

#[test]
fn years_are_spread_and_none_lies_ahead() {
    let years: HashSet<_> = album(1)
        .take(200)
        .map(|s| s.exif().taken_at.expect("dated").year())
        .collect();
    assert!(years.len() >= 15, "{years:?}");
    assert!(
        years.iter().all(|year| (2004..=2025).contains(year)),
        "{years:?}"
    );
}

#[test]
fn every_scene_is_painted_in_every_shape() {
    for sample in album(3).take(160).map(|sample| sample.scaled(96)) {
        let picture = image::load_from_memory(&sample.encode()).expect("decodes");
        let sideways = matches!(sample.exif().orientation, Some(6 | 8));
        let upright = if sideways {
            picture.rotate90()
        } else {
            picture
        };
        assert_eq!(
            (upright.width(), upright.height()),
            sample.size(),
            "{:?}",
            sample.path()
        );
        let colours: HashSet<_> = upright.to_rgb8().pixels().map(|p| p.0).collect();
        assert!(colours.len() > 200, "{:?} is almost blank", sample.path());
    }
}

#[test]
fn png_and_webp_hold_exif_too() {
    let mut seen = HashSet::new();
    for sample in album(1).take(120).map(|sample| sample.scaled(64)) {
        let exif = read(&sample.encode());
        let taken = sample
            .exif()
            .taken_at
            .expect("dated")
            .strftime("%Y:%m:%d %H:%M:%S")
            .to_string();
        assert_eq!(
            text(&exif, Tag::DateTimeOriginal),
            Some(taken),
            "{:?}",
            sample.path()
        );
        let kind = sample
            .path()
            .extension()
            .expect("has one")
            .to_ascii_lowercase();
        seen.insert(kind.into_string().expect("ASCII"));
    }
    assert_eq!(seen, ["jpg", "png", "webp"].map(String::from).into());
}

#[test]
fn files_carry_the_time_at_which_they_were_taken() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for sample in few(6) {
        sample.write(dir.path()).expect("writes");
        let file = fs::metadata(dir.path().join(sample.path())).expect("is there");
        assert_eq!(file.modified().expect("has a time"), sample.taken_at());
    }
}

#[test]
fn two_parts_make_the_same_album_as_one_run() {
    let (whole, parts) = (
        tempfile::tempdir().expect("one"),
        tempfile::tempdir().expect("two"),
    );
    let below = |dir: &tempfile::TempDir, paths: Vec<std::path::PathBuf>| -> Vec<_> {
        let read = |path: std::path::PathBuf| {
            let bytes = fs::read(&path).expect("was written");
            (
                path.strip_prefix(dir.path())
                    .expect("lies below")
                    .to_owned(),
                bytes,
            )
        };
        paths.into_iter().map(read).collect()
    };
    let one = below(&whole, samples::write(whole.path(), 4, 5).expect("writes"));
    let mut two = below(
        &parts,
        samples::write_part(parts.path(), 0..2, 5).expect("writes"),
    );
    two.extend(below(
        &parts,
        samples::write_part(parts.path(), 2..4, 5).expect("writes"),
    ));
    assert!(one == two, "the parts differ from the whole");
}

#[test]
fn an_unwritable_folder_is_named_in_the_error() {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    let error = samples::write(file.path(), 1, 1).expect_err("a file is no folder");
    assert!(
        error.to_string().contains(&*file.path().to_string_lossy()),
        "{error}"
    );
}
