use super::*;
use ::exif::experimental::Writer;
use ::exif::{Field, In, Rational, SRational, Tag, Value};
use jiff::civil::datetime;

/// A JPEG of 40 × 30 with these EXIF fields.
fn jpeg(fields: &[(Tag, Value)]) -> Vec<u8> {
    let fields: Vec<Field> = fields
        .iter()
        .map(|(tag, value)| Field {
            tag: *tag,
            ifd_num: In::PRIMARY,
            value: value.clone(),
        })
        .collect();
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut block = std::io::Cursor::new(Vec::new());
    writer.write(&mut block, false).unwrap();
    jpeg_with(block.get_ref())
}

fn jpeg_with(block: &[u8]) -> Vec<u8> {
    let length = (block.len() as u16 + 8).to_be_bytes();
    let frame = b"\xff\xc0\0\x0b\x08\0\x1e\0\x28\x01\x01\x11\0";
    [b"\xff\xd8\xff\xe1", &length[..], b"Exif\0\0", block, frame].concat()
}

fn text(text: &str) -> Value {
    Value::Ascii(vec![text.into()])
}

fn ratio(num: u32, denom: u32) -> Rational {
    Rational { num, denom }
}

fn place(latitude: &str, degrees: u32, longitude: &str) -> Vec<(Tag, Value)> {
    vec![
        (Tag::GPSLatitudeRef, text(latitude)),
        (
            Tag::GPSLatitude,
            Value::Rational(vec![ratio(degrees, 1), ratio(30, 1), ratio(0, 1)]),
        ),
        (Tag::GPSLongitudeRef, text(longitude)),
        (
            Tag::GPSLongitude,
            Value::Rational(vec![ratio(151, 1), ratio(15, 1), ratio(0, 1)]),
        ),
    ]
}

#[track_caller]
fn check(name: &str, fields: &[(Tag, Value)], change: impl FnOnce(&mut Metadata)) {
    let mut expected = Metadata {
        width: Some(40),
        height: Some(30),
        ..Metadata::default()
    };
    change(&mut expected);
    assert_eq!(
        Metadata::read(MediaType::Jpeg, &jpeg(fields)),
        (expected, None),
        "{name}"
    );
}

#[test]
fn a_camera_tells_how_the_picture_was_taken() {
    let fields = [
        (Tag::Make, text("Acme ")),
        (Tag::Model, text("One\0")),
        (Tag::LensModel, text("50mm")),
        (Tag::FNumber, Value::Rational(vec![ratio(28, 10)])),
        (Tag::ExposureTime, Value::Rational(vec![ratio(1, 250)])),
        (Tag::PhotographicSensitivity, Value::Short(vec![400])),
        (Tag::FocalLength, Value::Rational(vec![ratio(50, 1)])),
        (Tag::FocalLengthIn35mmFilm, Value::Short(vec![75])),
        (Tag::Flash, Value::Short(vec![0x19])),
    ];
    check("all", &fields, |expected| {
        expected.camera = Camera {
            make: Some("Acme".into()),
            model: Some("One".into()),
            lens: Some("50mm".into()),
        };
        expected.exposure = Exposure {
            f_number: Some(2.8),
            time: Some(0.004),
            iso: Some(400),
            focal_length: Some(50.0),
            focal_length_35mm: Some(75.0),
            flash: Some(true),
        };
    });
}

#[test]
fn nonsense_is_unknown() {
    for (name, field) in [
        (
            "aperture 0/0",
            (Tag::FNumber, Value::Rational(vec![ratio(0, 0)])),
        ),
        (
            "aperture 1/0",
            (Tag::FNumber, Value::Rational(vec![ratio(1, 0)])),
        ),
        (
            "aperture 0",
            (Tag::FNumber, Value::Rational(vec![ratio(0, 1)])),
        ),
        ("no aperture", (Tag::FNumber, Value::Rational(vec![]))),
        (
            "ISO that didn't fit",
            (Tag::PhotographicSensitivity, Value::Short(vec![65_535])),
        ),
        ("orientation 9", (Tag::Orientation, Value::Short(vec![9]))),
        ("orientation 0", (Tag::Orientation, Value::Short(vec![0]))),
        ("blank words", (Tag::ImageDescription, text("      "))),
        (
            "unset clock",
            (Tag::DateTimeOriginal, text("0000:00:00 00:00:00")),
        ),
        (
            "size of before an edit",
            (Tag::PixelXDimension, Value::Long(vec![4000])),
        ),
        ("number for a name", (Tag::Make, Value::Short(vec![7]))),
    ] {
        check(name, &[field], |_| {});
    }
}

#[test]
fn the_size_is_the_displayed_one() {
    check(
        "upright",
        &[(Tag::Orientation, Value::Short(vec![3]))],
        |expected| expected.orientation = Some(3),
    );
    check(
        "on its side",
        &[(Tag::Orientation, Value::Short(vec![6]))],
        |expected| {
            (expected.width, expected.height, expected.orientation) = (Some(30), Some(40), Some(6));
        },
    );
}

#[test]
fn time_is_wall_time_and_its_offset_is_only_what_the_file_says() {
    let original = (Tag::DateTimeOriginal, text("2019:06:01 12:30:05"));
    let noon = Some(datetime(2019, 6, 1, 12, 30, 5, 0));
    let offset_of_change = (Tag::OffsetTime, text("+02:00"));
    let utc = |hour: u32| {
        [
            (Tag::GPSDateStamp, text("2019:06:01")),
            (
                Tag::GPSTimeStamp,
                Value::Rational(vec![ratio(hour, 1), ratio(30, 1), ratio(0, 1)]),
            ),
        ]
    };
    check("no offset", std::slice::from_ref(&original), |expected| {
        expected.taken_at = noon
    });
    check(
        "the offset of the last change",
        &[original.clone(), offset_of_change],
        |expected| expected.taken_at = noon,
    );
    check(
        "its own offset",
        &[original.clone(), (Tag::OffsetTimeOriginal, text("-03:30"))],
        |expected| {
            (expected.taken_at, expected.utc_offset) = (noon, Some(-12_600));
        },
    );
    check(
        "the satellites' time",
        &[&[original.clone()][..], &utc(10)].concat(),
        |expected| {
            (expected.taken_at, expected.utc_offset) = (noon, Some(7200));
        },
    );
    check(
        "a satellites' hour that isn't one",
        &[&[original][..], &utc(25)].concat(),
        |expected| expected.taken_at = noon,
    );
    check(
        "digitized only",
        &[(Tag::DateTimeDigitized, text("2019:06:01 12:30:05"))],
        |expected| {
            expected.taken_at = noon;
        },
    );
    check(
        "changed only",
        &[(Tag::DateTime, text("2019:06:01 12:30:05"))],
        |_| {},
    );
}

#[test]
fn a_place_is_within_the_world_and_signed() {
    let sydney = Gps {
        lat: -33.5,
        lon: 151.25,
        alt: None,
    };
    let altitude = |reference: u8| {
        [
            (Tag::GPSAltitudeRef, Value::Byte(vec![reference])),
            (Tag::GPSAltitude, Value::Rational(vec![ratio(25, 2)])),
        ]
    };
    check("south and east", &place("S", 33, "E"), |expected| {
        expected.gps = Some(sydney)
    });
    check("north and west", &place("N", 33, "W"), |expected| {
        expected.gps = Some(Gps {
            lat: 33.5,
            lon: -151.25,
            alt: None,
        });
    });
    check(
        "above the sea",
        &[&place("S", 33, "E")[..], &altitude(0)].concat(),
        |expected| {
            expected.gps = Some(Gps {
                alt: Some(12.5),
                ..sydney
            });
        },
    );
    check(
        "below it",
        &[&place("S", 33, "E")[..], &altitude(1)].concat(),
        |expected| {
            expected.gps = Some(Gps {
                alt: Some(-12.5),
                ..sydney
            });
        },
    );
    check("beyond the pole", &place("N", 90, "E"), |_| {});
    check("no hemisphere", &place("N", 33, "E")[1..], |_| {});
    check("an unknown hemisphere", &place("X", 33, "E"), |_| {});
    let mut signed = place("S", 33, "E");
    let parts = [(33, 1), (30, 1), (0, 1)].map(|(num, denom)| SRational { num, denom });
    signed[1].1 = Value::SRational(parts.to_vec());
    check("as some phones write it", &signed, |expected| {
        expected.gps = Some(sydney)
    });
    let zero = Value::Rational(vec![ratio(0, 1); 3]);
    let mut nowhere = place("N", 0, "E");
    (nowhere[1].1, nowhere[3].1) = (zero.clone(), zero);
    check("no fix", &nowhere, |_| {});
}

#[test]
fn hostile_exif_ends_and_the_size_is_still_known() {
    // A directory whose next is itself; one whose EXIF directory is itself.
    let looping = b"MM\0\x2a\0\0\0\x08\0\0\0\0\0\x08".to_vec();
    let nested = b"MM\0\x2a\0\0\0\x08\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x08\0\0\0\x08".to_vec();
    let endless = [&b"MM\0\x2a\0\0\0\x08\xff\xff"[..], &[0xff; 400]].concat();
    for block in [
        looping,
        nested,
        endless,
        b"MM".to_vec(),
        b"not TIFF".to_vec(),
        vec![0; 60_000],
    ] {
        let (metadata, _) = Metadata::read(MediaType::Jpeg, &jpeg_with(&block));
        assert_eq!(
            metadata.width,
            Some(40),
            "{:?}",
            &block[..block.len().min(20)]
        );
    }
    let (_, error) = Metadata::read(MediaType::Jpeg, &jpeg_with(b"not TIFF"));
    assert!(error.is_some_and(|error| error.starts_with("EXIF: ")));
}

#[test]
fn a_header_without_a_size_is_an_error() {
    for media_type in MediaType::ALL {
        let (metadata, error) = Metadata::read(media_type, b"\xff\xd8\xff");
        assert_eq!(
            (metadata.width, metadata.height),
            (None, None),
            "{media_type:?}"
        );
        assert!(error.is_some(), "{media_type:?}");
    }
}

#[test]
fn a_persons_words_win_over_the_cameras() {
    let exif = jpeg(&[(Tag::ImageDescription, text("OLYMPUS DIGITAL CAMERA"))]);
    let packet =
        b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description \
        xmlns:dc='http://purl.org/dc/elements/1.1/' dc:description='A cat'/></rdf:RDF>";
    let name = b"http://ns.adobe.com/xap/1.0/\0";
    let length = ((packet.len() + name.len() + 2) as u16).to_be_bytes();
    let data = [&exif[..2], b"\xff\xe1", &length, name, packet, &exif[2..]].concat();
    let (metadata, error) = Metadata::read(MediaType::Jpeg, &data);
    assert_eq!(
        (metadata.description.as_deref(), error),
        (Some("A cat"), None)
    );
}

#[test]
fn png_words_and_exif_are_read() {
    let chunk = |name: &[u8], body: &[u8]| {
        [&(body.len() as u32).to_be_bytes()[..], name, body, &[0; 4]].concat()
    };
    let data = [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", b"\0\0\0\x03\0\0\0\x02\x08\x02\0\0\0"),
        chunk(b"tEXt", b"Title\0A c\xe2t"),
        chunk(
            b"eXIf",
            b"II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x08\0\0\0\0\0\0\0",
        ),
    ]
    .concat();
    let (metadata, error) = Metadata::read(MediaType::Png, &data);
    let expected = Metadata {
        width: Some(2),
        height: Some(3),
        orientation: Some(8),
        title: Some("A cât".into()),
        ..Metadata::default()
    };
    assert_eq!((metadata, error), (expected, None));
}

#[test]
fn what_a_damaged_packet_said_before_its_damage_counts() {
    let packet =
        b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description \
        xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:Rating='4'></broken>";
    let chunk = |name: &[u8], body: &[u8]| {
        let padding: &[u8] = if body.len() % 2 == 1 { b"\0" } else { b"" };
        [name, &(body.len() as u32).to_le_bytes(), body, padding].concat()
    };
    let size = chunk(b"VP8X", b"\0\0\0\0\x02\0\0\x01\0\0");
    let data = [b"RIFF\0\0\0\0WEBP".to_vec(), size, chunk(b"XMP ", packet)].concat();
    let (metadata, error) = Metadata::read(MediaType::Webp, &data);
    assert_eq!((metadata.rating, metadata.width), (Some(4), Some(3)));
    assert!(error.is_some_and(|error| error.starts_with("XMP: ")));
}
