use super::*;
use image::{
    DynamicImage, ExtendedColorType, ImageEncoder, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage,
};
use std::io::Cursor;

const MEMORY: u64 = 900 << 20;

fn thumbnail(media_type: MediaType, data: &[u8], size: u32) -> Result<Thumbnail, ThumbnailError> {
    limited(media_type, data, size, MEMORY)
}

fn limited(
    media_type: MediaType,
    data: &[u8],
    size: u32,
    memory: u64,
) -> Result<Thumbnail, ThumbnailError> {
    let head = Head {
        kind: Kind::Photo(media_type),
        data: data.to_vec(),
    };
    Thumbnail::of(&head, &mut Cursor::new(data), size, memory).map_err(|failure| match failure {
        Failure::Picture(error) => error,
        Failure::Reading(error) => panic!("{error}"),
    })
}

fn encoded(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut data = Cursor::new(Vec::new());
    picture.into().write_to(&mut data, format).unwrap();
    data.into_inner()
}

fn opened(thumbnail: &Thumbnail) -> RgbaImage {
    let picture = image::load_from_memory(&thumbnail.webp)
        .unwrap()
        .into_rgba8();
    assert_eq!(picture.dimensions(), (thumbnail.width, thumbnail.height));
    picture
}

#[track_caller]
fn assert_near(found: Rgba<u8>, expected: [u8; 4]) {
    let apart = found
        .0
        .iter()
        .zip(expected)
        .map(|(found, expected)| found.abs_diff(expected))
        .max();
    assert!(apart <= Some(8), "{found:?}, expected about {expected:?}");
}

/// 80 × 60: the left half red, the right half blue.
fn halves() -> RgbImage {
    RgbImage::from_fn(80, 60, |x, _| {
        if x < 40 {
            Rgb([220, 30, 30])
        } else {
            Rgb([30, 30, 220])
        }
    })
}

#[test]
fn each_decodable_format_keeps_its_picture() {
    for (media_type, format) in [
        (MediaType::Jpeg, ImageFormat::Jpeg),
        (MediaType::Png, ImageFormat::Png),
        (MediaType::Webp, ImageFormat::WebP),
        (MediaType::Tiff, ImageFormat::Tiff),
        (MediaType::Bmp, ImageFormat::Bmp),
        (MediaType::Gif, ImageFormat::Gif),
        (MediaType::Ico, ImageFormat::Ico),
    ] {
        let picture = DynamicImage::from(halves()).into_rgba8();
        let picture = DynamicImage::from(picture);
        let data = match format {
            ImageFormat::Jpeg => encoded(picture.into_rgb8(), format),
            _ => encoded(picture, format),
        };
        let made = thumbnail(media_type, &data, 40)
            .unwrap_or_else(|error| panic!("{media_type:?}: {error}"));
        assert_eq!((made.width, made.height), (40, 30), "{media_type:?}");
        let small = opened(&made);
        assert_near(*small.get_pixel(5, 15), [220, 30, 30, 255]);
        assert_near(*small.get_pixel(35, 15), [30, 30, 220, 255]);
        assert!((5..=25).contains(&made.thumbhash.len()));
    }
}

#[test]
fn pictures_of_newer_formats_keep_their_colours() {
    let cases: [(MediaType, &[u8]); 7] = [
        (MediaType::Heic, include_bytes!("fixtures/quarters.heic")),
        (MediaType::JpegXl, include_bytes!("fixtures/quarters.jxl")),
        (MediaType::Jpeg2000, include_bytes!("fixtures/quarters.jp2")),
        (MediaType::Avif, include_bytes!("fixtures/quarters.avif")),
        (MediaType::Avif, include_bytes!("fixtures/turned.avif")),
        (MediaType::Avif, include_bytes!("fixtures/mirrored.avif")),
        (
            MediaType::Avif,
            include_bytes!("fixtures/turned_and_mirrored.avif"),
        ),
    ];
    for (media_type, data) in cases {
        let made = thumbnail(media_type, data, 32).unwrap();
        assert_eq!((made.width, made.height), (32, 24), "{media_type:?}");
        let small = opened(&made);
        assert_near(*small.get_pixel(4, 4), [200, 50, 50, 255]);
        assert_near(*small.get_pixel(28, 4), [50, 200, 50, 255]);
        assert_near(*small.get_pixel(4, 20), [50, 50, 200, 255]);
        assert_near(*small.get_pixel(28, 20), [240, 240, 240, 255]);
        let cut = thumbnail(media_type, &data[..data.len() / 2], 32);
        match media_type {
            // Its waves come from coarse to fine: half a file is a whole picture that is not sharp.
            MediaType::Jpeg2000 => assert!(cut.is_ok(), "{cut:?}"),
            _ => assert!(matches!(cut, Err(ThumbnailError::Damaged(_))), "{cut:?}"),
        }
        let poor = limited(media_type, data, 32, 1000);
        assert!(
            matches!(poor, Err(ThumbnailError::TooLarge { .. })),
            "{poor:?}"
        );
    }
}

#[test]
fn colours_of_a_jpeg_xl_that_are_stored_by_a_profile_are_converted_by_it() {
    let data = include_bytes!("fixtures/grey_profile.jxl");
    let small = opened(&thumbnail(MediaType::JpegXl, data, 32).unwrap());
    for ((x, y), level) in [((4, 4), 0), ((28, 4), 60), ((4, 20), 150), ((28, 20), 255)] {
        assert_near(*small.get_pixel(x, y), [level, level, level, 255]);
    }
}

#[test]
fn what_is_transparent_in_an_avif_stays_so() {
    let data = include_bytes!("fixtures/transparent.avif");
    let small = opened(&thumbnail(MediaType::Avif, data, 32).unwrap());
    assert_near(*small.get_pixel(4, 4), [200, 50, 50, 255]);
    assert_eq!(small.get_pixel(28, 20).0[3], 0);
}

#[test]
fn sizes_keep_proportions_and_never_grow() {
    //  stored        asked  expected
    let cases = [
        ((30, 20), 512, (30, 20)),
        ((1, 1), 512, (1, 1)),
        ((5000, 8), 512, (512, 1)),
        ((9, 3000), 100, (1, 100)),
    ];
    for ((width, height), size, expected) in cases {
        for (media_type, format) in [
            (MediaType::Jpeg, ImageFormat::Jpeg),
            (MediaType::Png, ImageFormat::Png),
        ] {
            let made = thumbnail(
                media_type,
                &encoded(RgbImage::new(width, height), format),
                size,
            )
            .unwrap();
            assert_eq!(
                (made.width, made.height),
                expected,
                "{media_type:?} of {width} × {height}"
            );
        }
    }
}

#[test]
fn transparency_is_kept() {
    let picture = RgbaImage::from_fn(64, 64, |x, _| {
        Rgba([200, 100, 50, if x < 32 { 255 } else { 0 }])
    });
    let small =
        opened(&thumbnail(MediaType::Png, &encoded(picture, ImageFormat::Png), 32).unwrap());
    assert_near(*small.get_pixel(4, 16), [200, 100, 50, 255]);
    assert_eq!(small.get_pixel(28, 16)[3], 0);
}

#[test]
fn sixteen_bits_and_grey_become_eight_bit_colour() {
    let deep = image::ImageBuffer::<image::Luma<u16>, _>::from_pixel(20, 10, image::Luma([0x8080]));
    let small = opened(&thumbnail(MediaType::Png, &encoded(deep, ImageFormat::Png), 20).unwrap());
    assert_near(*small.get_pixel(5, 5), [128, 128, 128, 255]);
}

#[test]
fn a_picture_stored_on_its_side_is_turned_upright() {
    let mut data = Vec::new();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new(&mut data);
    encoder.set_exif_metadata(exif_with_orientation(6)).unwrap();
    encoder
        .write_image(&halves(), 80, 60, ExtendedColorType::Rgb8)
        .unwrap();
    let made = thumbnail(MediaType::Jpeg, &data, 80).unwrap();
    assert_eq!((made.width, made.height), (60, 80));
    let small = opened(&made);
    // What was left is up.
    assert_near(*small.get_pixel(30, 10), [220, 30, 30, 255]);
    assert_near(*small.get_pixel(30, 70), [30, 30, 220, 255]);
}

#[test]
fn colours_of_a_wide_profile_are_brought_to_srgb() {
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let picture = RgbImage::from_pixel(64, 64, Rgb([200, 100, 50]));
    let mut jpeg = Vec::new();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 100);
    encoder.set_icc_profile(profile.clone()).unwrap();
    encoder
        .write_image(&picture, 64, 64, ExtendedColorType::Rgb8)
        .unwrap();
    let mut png = Vec::new();
    let mut encoder = image::codecs::png::PngEncoder::new(&mut png);
    encoder.set_icc_profile(profile).unwrap();
    encoder
        .write_image(&picture, 64, 64, ExtendedColorType::Rgb8)
        .unwrap();
    for (media_type, data) in [(MediaType::Jpeg, jpeg), (MediaType::Png, png)] {
        let small = opened(&thumbnail(media_type, &data, 64).unwrap());
        // The same colour, by the matrices of CSS Color 4.
        assert_near(*small.get_pixel(32, 32), [213, 95, 34, 255]);
    }
}

#[test]
fn inks_become_colours() {
    // Stored inverted, as Adobe's segment says: 0 is full ink.
    let cyan = [0, 255, 255, 255].repeat(64 * 64);
    let image = turbojpeg::Image {
        pixels: cyan.as_slice(),
        width: 64,
        pitch: 64 * 4,
        height: 64,
        format: turbojpeg::PixelFormat::CMYK,
    };
    let data = turbojpeg::compress(image, 95, turbojpeg::Subsamp::None).unwrap();
    let small = opened(&thumbnail(MediaType::Jpeg, &data, 64).unwrap());
    assert_near(*small.get_pixel(32, 32), [0, 255, 255, 255]);
}

#[test]
fn a_jpeg_that_ends_too_soon_is_still_a_picture() {
    let data = encoded(halves(), ImageFormat::Jpeg);
    assert!(thumbnail(MediaType::Jpeg, &data[..data.len() - 40], 40).is_ok());
    let header_only = thumbnail(MediaType::Jpeg, &data[..30], 40);
    assert!(
        matches!(header_only, Err(ThumbnailError::Damaged(_))),
        "{header_only:?}"
    );
}

#[test]
fn stray_bytes_between_segments_do_no_harm() {
    let whole = encoded(halves(), ImageFormat::Jpeg);
    let strayed = [&whole[..2], b"stray", &whole[2..]].concat();
    let small = opened(&thumbnail(MediaType::Jpeg, &strayed, 40).unwrap());
    assert_near(*small.get_pixel(5, 15), [220, 30, 30, 255]);
}

#[test]
fn what_would_cost_too_much_is_refused_from_the_header() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\x01\x86\xa0\0\x01\x86\xa0\x08\x06\0\0\0".to_vec();
    let bmp =
        b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\xa0\x86\x01\0\xa0\x86\x01\0\x01\0\x18\0".to_vec();
    let webp = b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xfe\xff\xff\xfe\xff\xff".to_vec();
    for (media_type, data) in [
        (MediaType::Png, png),
        (MediaType::Bmp, bmp),
        (MediaType::Webp, webp),
    ] {
        let refused = thumbnail(media_type, &data, 512);
        assert!(
            matches!(refused, Err(ThumbnailError::TooLarge { .. })),
            "{media_type:?}: {refused:?}"
        );
    }
    // Less memory than the file takes.
    let data = encoded(halves(), ImageFormat::Jpeg);
    let refused = limited(MediaType::Jpeg, &data, 512, data.len() as u64 + 200);
    assert_eq!(refused, Err(ThumbnailError::TooLong { most: 100 }));
    // Few pixels, less memory.
    let data = encoded(RgbaImage::new(1000, 1000), ImageFormat::Png);
    let refused = limited(MediaType::Png, &data, 512, 3_000_000);
    assert_eq!(
        refused,
        Err(ThumbnailError::TooLarge {
            width: 1000,
            height: 1000
        })
    );
}

/// A progressive picture is kept whole while it is decoded, however small the result.
#[test]
fn a_progressive_jpeg_is_charged_for_its_coefficients() {
    let picture = RgbImage::new(1600, 1600);
    let image = turbojpeg::Image {
        pixels: picture.as_raw().as_slice(),
        width: 1600,
        pitch: 1600 * 3,
        height: 1600,
        format: turbojpeg::PixelFormat::RGB,
    };
    let mut compressor = turbojpeg::Compressor::new().unwrap();
    let mut made = |progressive: bool| {
        compressor.set_progressive(progressive).unwrap();
        let data = compressor.compress_to_vec(image).unwrap();
        limited(MediaType::Jpeg, &data, 64, 4 << 20)
    };
    assert!(made(false).is_ok());
    assert_eq!(
        made(true),
        Err(ThumbnailError::TooLarge {
            width: 1600,
            height: 1600
        })
    );
}

#[test]
fn a_raw_shows_the_preview_that_its_camera_put_in() {
    let jpeg = encoded(halves(), ImageFormat::Jpeg);
    let offset = 8 + 2 + 3 * 12 + 4_u32;
    let entry = |tag: u16, kind: u16, value: u32| {
        [
            &tag.to_le_bytes()[..],
            &kind.to_le_bytes(),
            &1_u32.to_le_bytes(),
            &value.to_le_bytes(),
        ]
        .concat()
    };
    let entries = [
        entry(0x0112, 3, 6),
        entry(0x0201, 4, offset),
        entry(0x0202, 4, jpeg.len() as u32),
    ]
    .concat();
    let data = [
        b"II\x2a\0\x08\0\0\0\x03\0".to_vec(),
        entries,
        vec![0; 4],
        jpeg,
    ]
    .concat();
    let made = thumbnail(MediaType::Raw, &data, 40).unwrap();
    assert_eq!((made.width, made.height), (30, 40));
    let without = thumbnail(MediaType::Raw, &data[..8], 40);
    assert_eq!(without, Err(ThumbnailError::Unsupported("camera RAW")));
}

#[test]
fn a_cr3_shows_the_preview_in_its_box_turned_as_its_camera_was() {
    let boxed = |name: &[u8; 4], parts: &[&[u8]]| {
        let body = parts.concat();
        let length = (8 + body.len() as u32).to_be_bytes();
        [&length[..], name, &body].concat()
    };
    let jpeg = encoded(halves(), ImageFormat::Jpeg);
    let exif = boxed(b"CMT1", &[&exif_with_orientation(6)]);
    let of_canon = b"\x85\xc0\xb6\x87\x82\x0f\x11\xe0\x81\x11\xf4\xce\x46\x2b\x6a\x48";
    let of_preview = b"\xea\xf4\x2b\x5e\x1c\x98\x4b\x88\xb9\xfb\xb7\xdc\x40\x6e\x4d\x16";
    let file = |length: u32| {
        let said = [
            &[0; 4][..],
            b"\0\x01\x06\x54\x04\x38\0\x01",
            &length.to_be_bytes(),
        ]
        .concat();
        let preview = boxed(b"PRVW", &[&said, &jpeg]);
        [
            boxed(b"ftyp", &[b"crx \0\0\0\x01crx isom"]),
            boxed(b"moov", &[&boxed(b"uuid", &[of_canon, &exif])]),
            boxed(b"uuid", &[of_preview, b"\0\0\0\0\0\0\0\x01", &preview]),
            boxed(b"mdat", &[b"the sensor's"]),
        ]
        .concat()
    };
    let made = thumbnail(MediaType::Raw, &file(jpeg.len() as u32), 40).unwrap();
    assert_eq!((made.width, made.height), (30, 40));
    let cut_off = thumbnail(MediaType::Raw, &file(u32::MAX), 40);
    assert_eq!(cut_off, Err(ThumbnailError::Unsupported("camera RAW")));
}

fn exif_with_orientation(orientation: u8) -> Vec<u8> {
    let mut exif = b"II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    exif
}
