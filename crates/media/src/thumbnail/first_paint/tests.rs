use super::*;
use std::io::Cursor;
use turbojpeg::{Compressor, Image, PixelFormat, Subsamp};

const MEMORY: u64 = 900 << 20;

fn paint(data: &[u8]) -> Option<FirstPaint> {
    limited(data, 512, MEMORY)
}

/// As of a file: the head first, then more.
fn limited(data: &[u8], size: u32, memory: u64) -> Option<FirstPaint> {
    let mut file = Cursor::new(data);
    let head = Head::read(&mut file, "photo.jpg".as_ref()).unwrap();
    FirstPaint::of(&head, &mut file, size, memory).unwrap()
}

/// Something of what photos have: slopes, edges, fine lines and noise, in colours.
fn scene(width: usize, height: usize) -> Vec<u8> {
    let mut noise = 1_u32;
    let mut data = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        for x in 0..width {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let grain = (noise >> 28) as i32 - 8;
            let wave = ((x as f32 / 37.0).sin() * (y as f32 / 53.0).cos() * 60.0) as i32;
            let roof = if (x * 3 + y) % 640 < 200 { 40 } else { 0 };
            let sky = (y * 120 / height) as i32;
            let rgb = [90 + wave + roof, 100 + sky - roof, 170 - sky + wave / 2];
            data.extend(rgb.map(|channel| (channel + grain).clamp(0, 255) as u8));
        }
    }
    data
}

#[derive(Clone, Copy)]
enum Scans {
    One,
    Several,
}

fn compressed(
    width: usize,
    height: usize,
    subsamp: Subsamp,
    quality: i32,
    scans: Scans,
) -> Vec<u8> {
    let pixels = scene(width, height);
    let image = Image {
        pixels: pixels.as_slice(),
        width,
        pitch: width * 3,
        height,
        format: PixelFormat::RGB,
    };
    let mut compressor = Compressor::new().unwrap();
    compressor.set_quality(quality).unwrap();
    compressor.set_subsamp(subsamp).unwrap();
    compressor
        .set_progressive(matches!(scans, Scans::Several))
        .unwrap();
    compressor.compress_to_vec(image).unwrap()
}

fn progressive(width: usize, height: usize) -> Vec<u8> {
    compressed(width, height, Subsamp::Sub2x2, 88, Scans::Several)
}

/// Every scan, by the library that everybody uses, at an eighth.
fn in_full(data: &[u8]) -> (Vec<u8>, usize) {
    let mut decompressor = turbojpeg::Decompressor::new().unwrap();
    let factor = turbojpeg::ScalingFactor::new(1, 8);
    decompressor.set_scaling_factor(factor).unwrap();
    let header = decompressor.read_header(data).unwrap().scaled(factor);
    let mut image = Image {
        pixels: vec![0; header.width * header.height * 3],
        width: header.width,
        pitch: header.width * 3,
        height: header.height,
        format: PixelFormat::RGB,
    };
    decompressor.decompress(data, image.as_deref_mut()).unwrap();
    (image.pixels, image.width)
}

fn opened(paint: &FirstPaint) -> image::RgbImage {
    let picture = image::load_from_memory(&paint.jpeg).unwrap().into_rgb8();
    assert_eq!(picture.dimensions(), (paint.width, paint.height));
    picture
}

/// How near two pictures are, in decibels (PSNR).
fn decibels(one: &[u8], other: &[u8]) -> f64 {
    assert_eq!(one.len(), other.len());
    let squares = one.iter().zip(other).map(|(one, other)| {
        let apart = f64::from(*one) - f64::from(*other);
        apart * apart
    });
    10.0 * (255.0 * 255.0 * one.len() as f64 / squares.sum::<f64>()).log10()
}

#[test]
fn the_first_scan_is_near_the_whole_picture() {
    let cases = [
        ("usual", 1600, 1200, Subsamp::Sub2x2, 88),
        ("colours in full", 1600, 1200, Subsamp::None, 95),
        ("half across", 1600, 1200, Subsamp::Sub2x1, 75),
        ("half down", 1600, 1200, Subsamp::Sub1x2, 75),
        ("a quarter across", 1600, 1200, Subsamp::Sub4x1, 88),
        ("grey", 1600, 1200, Subsamp::Gray, 88),
        ("no whole blocks", 1593, 1007, Subsamp::Sub2x2, 88),
        ("one beyond whole blocks", 1601, 1025, Subsamp::Sub2x2, 88),
        ("poor", 1600, 1200, Subsamp::Sub2x2, 30),
    ];
    for (name, width, height, subsamp, quality) in cases {
        let data = compressed(width, height, subsamp, quality, Scans::Several);
        let paint = paint(&data).unwrap_or_else(|| panic!("{name}: none"));
        let (full, full_width) = in_full(&data);
        assert_eq!(paint.width as usize, full_width, "{name}");
        let near = decibels(&opened(&paint), &full);
        assert!(near >= 30.0, "{name}: {near:.1} dB");
    }
}

#[test]
fn restarts_and_scans_of_one_component_are_read() {
    let data = progressive(1600, 1200);
    let whole = paint(&data).unwrap();
    for (name, other) in [
        (
            "restarts",
            include_bytes!("../fixtures/restarts.jpg").as_slice(),
        ),
        ("a scan each", include_bytes!("../fixtures/scan_each.jpg")),
    ] {
        let paint = paint(other).unwrap_or_else(|| panic!("{name}: none"));
        let (full, full_width) = in_full(other);
        assert_eq!(paint.width as usize, full_width, "{name}");
        let near = decibels(&opened(&paint), &full);
        assert!(near >= 30.0, "{name}: {near:.1} dB");
    }
    assert_eq!((whole.width, whole.height), (200, 150));
}

#[test]
fn only_the_beginning_is_read() {
    let data = progressive(3200, 2400);
    let mut file = Counted {
        inner: Cursor::new(data.as_slice()),
        read: 0,
    };
    let head = Head::read(&mut file, "photo.jpg".as_ref()).unwrap();
    let paint = FirstPaint::of(&head, &mut file, 512, MEMORY).unwrap();
    assert!(paint.is_some());
    assert!(
        file.read * 3 < data.len(),
        "{} of {}",
        file.read,
        data.len()
    );
}

struct Counted<'a> {
    inner: Cursor<&'a [u8]>,
    read: usize,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read += read;
        Ok(read)
    }
}

impl Seek for Counted<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

#[test]
fn it_is_no_longer_than_asked_and_lies_as_the_photo_does() {
    let data = progressive(1600, 1200);
    let small = limited(&data, 80, MEMORY).unwrap();
    assert_eq!((small.width, small.height), (80, 60));
    let turned = with_exif(&data, &exif(6, &[]));
    let paint = paint(&turned).unwrap();
    assert_eq!((paint.width, paint.height), (150, 200));
    let upright = opened(&paint);
    let stored = opened(&self::paint(&data).unwrap());
    // What was at the left below is at the left above.
    let (found, expected) = (upright.get_pixel(2, 2), stored.get_pixel(2, 147));
    let apart = found.0.iter().zip(expected.0);
    assert!(
        apart.clone().all(|(one, other)| one.abs_diff(other) < 24),
        "{found:?} {expected:?}"
    );
}

#[test]
fn a_picture_without_scans_shows_what_its_camera_put_in() {
    let data = compressed(1600, 1200, Subsamp::Sub2x2, 88, Scans::One);
    assert_eq!(paint(&data), None, "its thumbnail is quick enough");
    let embedded = compressed(160, 120, Subsamp::Sub2x1, 88, Scans::One);
    let paint_of = |orientation| paint(&with_exif(&data, &exif(orientation, &embedded)));
    let made = paint_of(1).unwrap();
    assert_eq!((made.width, made.height), (160, 120));
    let made = paint_of(8).unwrap();
    assert_eq!((made.width, made.height), (120, 160));
    // That of an older state of the picture, in another shape.
    let other = compressed(160, 90, Subsamp::Sub2x1, 88, Scans::One);
    assert_eq!(paint(&with_exif(&data, &exif(1, &other))), None);
    // Cut off by whoever wrote the block anew.
    let cut = with_exif(&data, &exif(1, &embedded[..40]));
    assert_eq!(paint(&cut), None);
}

#[test]
fn colours_of_a_wide_profile_are_brought_to_srgb() {
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let body = [b"ICC_PROFILE\0\x01\x01".as_slice(), &profile].concat();
    let pixels = [200, 100, 50].repeat(800 * 800);
    let image = Image {
        pixels: pixels.as_slice(),
        width: 800,
        pitch: 2400,
        height: 800,
        format: PixelFormat::RGB,
    };
    let mut compressor = Compressor::new().unwrap();
    compressor.set_quality(98).unwrap();
    compressor.set_progressive(true).unwrap();
    let data = compressor.compress_to_vec(image).unwrap();
    let paint = paint(&with_segment(&data, 0xe2, &body)).unwrap();
    let found = *opened(&paint).get_pixel(50, 50);
    let apart = found.0.iter().zip([213, 95, 34_u8]);
    assert!(
        apart.clone().all(|(one, other)| one.abs_diff(other) <= 8),
        "{found:?}"
    );
}

#[test]
fn what_is_unusual_or_damaged_has_none() {
    let data = progressive(1600, 1200);
    let scan = data
        .windows(2)
        .position(|pair| pair == [0xff, 0xda])
        .unwrap();
    let second = 1
        + scan
        + data[scan + 1..]
            .windows(2)
            .position(|pair| pair == [0xff, 0xda])
            .unwrap();
    let with = |at: usize, bytes: &[u8]| {
        let mut data = data.clone();
        data[at..at + bytes.len()].copy_from_slice(bytes);
        data
    };
    let changed = |at: usize, byte: u8| with(at, &[byte]);
    let frame = data
        .windows(2)
        .position(|pair| pair == [0xff, 0xc2])
        .unwrap();
    let cases = [
        ("nothing after the header", data[..scan].to_vec()),
        (
            "an end without a scan",
            [&data[..scan], b"\xff\xd9"].concat(),
        ),
        (
            "half of the first scan",
            data[..scan + (second - scan) / 2].to_vec(),
        ),
        (
            "a first scan that ends too soon",
            [&data[..scan + (second - scan) / 2], b"\xff\xd9"].concat(),
        ),
        ("no pixels", with(frame + 5, &[0, 0])),
        ("no width", with(frame + 7, &[0, 0])),
        ("twelve bits", changed(frame + 4, 12)),
        ("blocks of none", changed(frame + 11, 0)),
        ("a table that is none", changed(frame + 12, 9)),
        ("a scan of what is no component", changed(scan + 5, 77)),
        ("another scan first", changed(scan + 11, 1)),
        ("another refinement first", changed(scan + 13, 0x10)),
        ("too small to look at", progressive(400, 300)),
    ];
    for (name, data) in cases {
        assert_eq!(paint(&data), None, "{name}");
    }
    assert!(paint(&data[..second + 2]).is_some(), "more is not needed");
    assert_eq!(limited(&data, 512, 100_000), None, "too little memory");
}

#[test]
fn the_largest_sizes_cost_nothing() {
    let mut data = progressive(1600, 1200);
    let frame = data
        .windows(2)
        .position(|pair| pair == [0xff, 0xc2])
        .unwrap();
    for (height, width) in [(65_500, 65_500), (30_000, 30_000), (1, 65_500), (65_500, 1)] {
        data[frame + 5..frame + 7].copy_from_slice(&u16::to_be_bytes(height));
        data[frame + 7..frame + 9].copy_from_slice(&u16::to_be_bytes(width));
        let made = paint(&data);
        // A line has fewer blocks than the scan.
        assert_eq!(
            made.is_some(),
            height == 1 || width == 1,
            "{width} × {height}"
        );
    }
}

/// Any fixed sequence does; this one is Knuth's.
#[test]
fn damage_anywhere_ends_in_a_picture_or_none() {
    let whole = progressive(900, 700);
    let exif = exif(1, &compressed(160, 120, Subsamp::Sub2x1, 80, Scans::One));
    let whole = with_exif(&whole, &exif);
    let mut state = 7_u64;
    for _ in 0..400 {
        let mut damaged = whole.clone();
        for within in [exif.len() + 700, 700, damaged.len()] {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            damaged[(state >> 33) as usize % within] = (state >> 24) as u8;
        }
        let made = limited(&damaged, 512, 64 << 20);
        assert!(made.is_none_or(|made| made.width.max(made.height) <= 512));
    }
}

fn with_exif(data: &[u8], exif: &[u8]) -> Vec<u8> {
    with_segment(data, 0xe1, &[b"Exif\0\0", exif].concat())
}

fn with_segment(data: &[u8], marker: u8, body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u16 + 2).to_be_bytes();
    [&data[..2], &[0xff, marker], &length, body, &data[2..]].concat()
}

/// An orientation, and a small picture where `embedded` has one.
fn exif(orientation: u8, embedded: &[u8]) -> Vec<u8> {
    const FIRST: u32 = 8;
    const SECOND: u32 = FIRST + 2 + 12 + 4;
    const PICTURE: u32 = SECOND + 2 + 2 * 12 + 4;
    let entry = |tag: u16, kind: u16, value: u32| {
        [
            &tag.to_le_bytes()[..],
            &kind.to_le_bytes(),
            &1_u32.to_le_bytes(),
            &value.to_le_bytes(),
        ]
        .concat()
    };
    [
        &b"II\x2a\0"[..],
        &FIRST.to_le_bytes(),
        &1_u16.to_le_bytes(),
        &entry(0x0112, 3, orientation.into()),
        &SECOND.to_le_bytes(),
        &2_u16.to_le_bytes(),
        &entry(0x0201, 4, PICTURE),
        &entry(0x0202, 4, embedded.len() as u32),
        &[0; 4],
        embedded,
    ]
    .concat()
}
