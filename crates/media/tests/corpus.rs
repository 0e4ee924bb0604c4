//! The shared corpus of real and hostile photos through a real pool, with other tools as judges:
//! ExifTool for metadata, Pillow for pixels.
//!
//! The corpus is not part of the repository: `IMGN_CORPORA`, else `shared/corpora` beside the
//! checkout. Where there is none, these tests say so and check nothing.

#![allow(
    clippy::unwrap_used,
    reason = "a failed expectation of a test is a panic"
)]
#![allow(
    clippy::print_stdout,
    reason = "coverage, and what did not run, is for people"
)]

use media::worker::{Inspection, Limits, Pool, WorkerCommand, WorkerError};
use media::{Kind, MediaType, Metadata, Thumbnail, ThumbnailError};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where the judges differ for a reason; everything else has to agree.
mod known {
    /// Path, reason.
    pub(crate) type Known = [(&'static str, &'static str)];

    pub(crate) const KINDS: &Known = &[
        (
            "libheif/tests/data/lightning_mini.heif",
            "a HEIF newer than this ExifTool",
        ),
        (
            "libheif/tests/data/simple_osm_tile_alpha.avif",
            "a HEIF newer than this ExifTool",
        ),
        (
            "libheif/tests/data/simple_osm_tile_meta.avif",
            "a HEIF newer than this ExifTool",
        ),
        ("image-rs/qoi/basic-test.qoi", "not a format of ours"),
        (
            "nom-exif/compatible-brands-fail.heic",
            "a photo's name and a brand that nobody knows: damage, not a film",
        ),
        (
            "nom-exif/compatible-brands.heic",
            "a photo's name and a brand that nobody knows: damage, not a film",
        ),
        (
            "libheif/fuzzing/data/corpus/crash-20ca2625096a205937b809a7841e7f019f0b2dc6.heic",
            "a photo's name and a brand that nobody knows: damage, not a film",
        ),
    ];
    pub(crate) const SIZES: &Known = &[
        (
            "image-rs/gif/anim/oob.gif",
            "Pillow grows the screen to the frame",
        ),
        (
            "image-rs/gif/simple/issue_1455_oversized.gif",
            "Pillow grows the screen to the frame",
        ),
        (
            "wuffs/artificial-gif/frame-out-of-bounds.gif",
            "Pillow grows the screen to the frame",
        ),
        ("imagemeta/sample.dng", "Pillow measures the preview"),
        ("imagemeta/sample.nef", "Pillow measures the preview"),
        (
            "avif-sample-images/kimono.crop.avif",
            "Pillow leaves the crop out",
        ),
    ];
    pub(crate) const COLOURS: &Known = &[];
    pub(crate) const UNDECODED: &Known = &[
        (
            "image-rs/bmp/images/lenient/badrle.bmp",
            "run lengths that lead out of the picture",
        ),
        (
            "exif-samples/heic/mobile/HMD_Nokia_8.3_5G_hdr.heif",
            "the decoder takes a property that is none for damage",
        ),
    ];
    /// Of these, ExifTool's list leaves the tag out.
    pub(crate) const UNLISTED: &Known = &[
        ("exif-samples/jpg/Nikon_D70.jpg", "lens"),
        ("imagemeta/metadata_demo_iim_and_xmp_only.jpg", "lens"),
        ("sharp/Landscape_9.jpg", "lens"),
        ("nom-exif/text-only.png", "artist"),
    ];

    pub(crate) fn has(list: &Known, path: &str) -> bool {
        list.iter().any(|(known, _)| *known == path)
    }
}

fn photos() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    let corpora = std::env::var_os("IMGN_CORPORA").map_or_else(beside, PathBuf::from);
    let photos = corpora.join("photos");
    if photos.join("MANIFEST.tsv").is_file() {
        return Some(photos);
    }
    println!("not run: no corpus at {}", photos.display());
    None
}

/// The rows of a table with a header line, each by column name.
fn table(path: &Path) -> Vec<HashMap<String, String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text
        .lines()
        .map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>());
    let names = lines.next().unwrap();
    lines
        .map(|cells| names.iter().cloned().zip(cells).collect())
        .collect()
}

fn pool() -> Pool {
    let program = env!("CARGO_BIN_EXE_imgn-media-worker").into();
    Pool::new(
        WorkerCommand {
            program,
            args: Vec::new(),
        },
        2,
        Limits {
            time: Duration::from_secs(60),
            ..Limits::default()
        },
    )
}

/// Every file of the corpus, inspected and made small.
async fn everything(
    photos: &Path,
) -> BTreeMap<String, (Inspection, Result<Thumbnail, WorkerError>)> {
    let pool = pool();
    let mut results = BTreeMap::new();
    for row in table(&photos.join("MANIFEST.tsv")) {
        let path = photos.join(&row["path"]);
        let (inspection, thumbnail) = tokio::join!(pool.inspect(&path), pool.thumbnail(&path, 512));
        let inspection = inspection.unwrap_or_else(|error| panic!("{}: {error}", row["path"]));
        results.insert(row["path"].clone(), (inspection, thumbnail));
    }
    results
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_corpus_agrees_with_other_tools() {
    let Some(photos) = photos() else { return };
    let results = everything(&photos).await;
    let mut complaints = survival(&results);
    complaints.extend(kinds(&photos, &results));
    complaints.extend(pixels(&photos, &results));
    complaints.extend(metadata(&photos, &results));
    assert!(
        complaints.is_empty(),
        "{} complaints\n{}",
        complaints.len(),
        complaints.join("\n")
    );
}

type Results = BTreeMap<String, (Inspection, Result<Thumbnail, WorkerError>)>;

/// Nothing in the corpus is bad enough to end a worker: all of it is refused in time, or read.
fn survival(results: &Results) -> Vec<String> {
    let failed = |result: &Result<Thumbnail, WorkerError>| {
        !matches!(result, Ok(_) | Err(WorkerError::Thumbnail(_)))
    };
    let failures = results
        .iter()
        .filter(|(_, (_, thumbnail))| failed(thumbnail));
    failures
        .map(|(path, (_, thumbnail))| format!("{path}: {thumbnail:?}"))
        .collect()
}

fn kinds(photos: &Path, results: &Results) -> Vec<String> {
    let mut complaints = Vec::new();
    for row in table(&photos.join("MANIFEST.tsv")) {
        use Kind::{Other, Photo, Unreadable, Video};
        let path = &row["path"];
        let kind = results[path].0.kind;
        let expected = match row["format"].as_str() {
            "JPEG" => Photo(MediaType::Jpeg),
            "PNG" | "APNG" => Photo(MediaType::Png),
            "GIF" => Photo(MediaType::Gif),
            "WEBP" | "Extended WEBP" => Photo(MediaType::Webp),
            "TIFF" => Photo(MediaType::Tiff),
            "BMP" => Photo(MediaType::Bmp),
            "ICO" => Photo(MediaType::Ico),
            "HEIC" | "HEIF" => Photo(MediaType::Heic),
            "AVIF" => Photo(MediaType::Avif),
            "J2C" | "JP2" => Photo(MediaType::Jpeg2000),
            "CR2" | "CR3" | "PEF" | "ARW" | "DNG" | "NEF" => Photo(MediaType::Raw),
            "MP4" | "MOV" => Video,
            "XMP" => Other,
            _ => Unreadable,
        };
        if kind != expected && !known::has(known::KINDS, path) {
            complaints.push(format!(
                "{path}: {kind:?}, and {} to ExifTool",
                row["format"]
            ));
        }
        assert_eq!(
            Kind::of_file(&photos.join(path)).unwrap(),
            kind,
            "{path}: in the worker and outside"
        );
    }
    complaints
}

fn pixels(photos: &Path, results: &Results) -> Vec<String> {
    const TOLERANCE: i32 = 12;
    let mut complaints = Vec::new();
    let (mut decoded, mut unsupported, mut compared) = (0, 0, 0);
    let managed = with_own_colours(photos);
    for row in table(&photos.join("decode.tsv")) {
        let path = &row["path"];
        let (inspection, thumbnail) = &results[path];
        if row["pillow_result"] != "ok" {
            continue;
        }
        let expected = (
            row["upright_width"].parse().unwrap(),
            row["upright_height"].parse().unwrap(),
        );
        let found = (inspection.metadata.width, inspection.metadata.height);
        if !matches!(inspection.kind, Kind::Photo(_)) {
            continue;
        }
        if found != (Some(expected.0), Some(expected.1)) && !known::has(known::SIZES, path) {
            complaints.push(format!("{path}: size {found:?}, to Pillow {expected:?}"));
        }
        match thumbnail {
            Ok(thumbnail) => {
                decoded += 1;
                let Some(found) = mean(thumbnail) else {
                    continue;
                };
                if row["mean_rgb_upright"].is_empty() || managed.contains(path) {
                    continue;
                }
                compared += 1;
                let expected: [i32; 3] = [0, 2, 4].map(|at| {
                    i32::from_str_radix(&row["mean_rgb_upright"][at..at + 2], 16).unwrap()
                });
                let apart = (0..3)
                    .map(|channel| (found[channel] - expected[channel]).abs())
                    .max()
                    .unwrap();
                if apart > TOLERANCE && !known::has(known::COLOURS, path) {
                    complaints.push(format!(
                        "{path}: mean colour {found:?}, to Pillow {expected:?}"
                    ));
                }
            }
            Err(WorkerError::Thumbnail(ThumbnailError::Unsupported(_))) => unsupported += 1,
            Err(error) if !known::has(known::UNDECODED, path) => {
                complaints.push(format!("{path}: {error}"))
            }
            Err(_) => {}
        }
    }
    println!(
        "{decoded} thumbnails, {compared} colours compared, {unsupported} of formats that are not made yet"
    );
    complaints
}

/// The mean colour. What Pillow sees under transparent pixels is of no interest.
fn mean(thumbnail: &Thumbnail) -> Option<[i32; 3]> {
    let picture = image::load_from_memory(&thumbnail.webp).unwrap().to_rgba8();
    assert_eq!(picture.dimensions(), (thumbnail.width, thumbnail.height));
    let count = u64::from(thumbnail.width) * u64::from(thumbnail.height);
    let opaque = picture.pixels().all(|pixel| pixel[3] == 255);
    let sum = |channel: usize| {
        picture
            .pixels()
            .map(|pixel| u64::from(pixel[channel]))
            .sum::<u64>()
    };
    opaque.then(|| [0, 1, 2].map(|channel| (sum(channel) / count) as i32))
}

/// Files with a profile that Pillow didn't apply and imgn does.
fn with_own_colours(photos: &Path) -> HashSet<String> {
    let has_profile = |file: &&Value| {
        let name = file["ICC_Profile:ProfileDescription"].as_str();
        name.is_some_and(|name| !name.starts_with("sRGB"))
    };
    truth(photos)
        .iter()
        .filter(has_profile)
        .map(|file| file["SourceFile"].as_str().unwrap().to_owned())
        .collect()
}

fn truth(photos: &Path) -> Vec<Value> {
    serde_json::from_str(&std::fs::read_to_string(photos.join("exiftool.json")).unwrap()).unwrap()
}

fn metadata(photos: &Path, results: &Results) -> Vec<String> {
    let truth = truth(photos);
    let mut complaints = Vec::new();
    let mut fields: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for expected in &truth {
        let path = expected["SourceFile"].as_str().unwrap();
        let inspection = &results[path].0;
        let truth_is_whole = expected
            .get("ExifTool:Error")
            .or(expected.get("ExifTool:Warning"))
            .is_none();
        if !matches!(inspection.kind, Kind::Photo(_)) {
            continue;
        }
        for (field, found, expected) in compared(&inspection.metadata, expected) {
            let (had, all) = fields.entry(field).or_default();
            *all += u32::from(!expected.is_empty());
            // Where ExifTool gave up, it is no judge.
            let judged = !expected.is_empty() || truth_is_whole;
            let excused = !judged || known::UNLISTED.contains(&(path, field));
            match found {
                Some(found) if expected.iter().any(|expected| same(&found, expected)) => *had += 1,
                Some(found) if !excused => {
                    complaints.push(format!("{path}: {field} {found}, to ExifTool {expected:?}"))
                }
                None if !expected.is_empty() => {
                    println!("{path}: no {field}, to ExifTool {expected:?}")
                }
                _ => {}
            }
        }
    }
    for (field, (had, all)) in fields {
        println!("{field:18} {had:4} of {all:4}");
    }
    complaints
}

/// Each field as we have it, and the values that ExifTool has for it.
fn compared(metadata: &Metadata, truth: &Value) -> Vec<(&'static str, Option<Value>, Vec<Value>)> {
    let of = |names: &[&str]| -> Vec<Value> {
        names
            .iter()
            .filter_map(|name| truth.get(*name).cloned())
            .filter(|value| !is_blank(value))
            .collect()
    };
    let text = |text: &Option<String>| text.clone().map(Value::from);
    let number = |number: Option<f64>| number.map(Value::from);
    let taken_at = metadata
        .taken_at
        .map(|time| Value::from(time.strftime("%Y:%m:%d %H:%M:%S").to_string()));
    let offset_said = of(&["ExifIFD:OffsetTimeOriginal"]);
    let offset = metadata.utc_offset.map(|seconds| {
        let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.abs() / 60);
        Value::from(format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60))
    });
    let exposure = &metadata.exposure;
    let keywords = (!metadata.keywords.is_empty()).then(|| Value::from(metadata.keywords.clone()));
    vec![
        ("make", text(&metadata.camera.make), of(&["IFD0:Make"])),
        ("model", text(&metadata.camera.model), of(&["IFD0:Model"])),
        (
            "lens",
            text(&metadata.camera.lens),
            of(&["ExifIFD:LensModel", "XMP-exifEX:LensModel", "XMP-aux:Lens"]),
        ),
        (
            "orientation",
            metadata.orientation.map(Value::from),
            of(&["IFD0:Orientation"]),
        ),
        (
            "taken_at",
            taken_at,
            of(&[
                "ExifIFD:DateTimeOriginal",
                "ExifIFD:CreateDate",
                "XMP-exif:DateTimeOriginal",
                "XMP-photoshop:DateCreated",
                "XMP-xmp:CreateDate",
            ]),
        ),
        // Where only the satellites' time tells it, ExifTool has no opinion.
        (
            "utc_offset",
            offset.filter(|_| !offset_said.is_empty()),
            offset_said,
        ),
        (
            "f_number",
            number(exposure.f_number),
            of(&["ExifIFD:FNumber"]),
        ),
        ("time", number(exposure.time), of(&["ExifIFD:ExposureTime"])),
        ("iso", exposure.iso.map(Value::from), of(&["ExifIFD:ISO"])),
        (
            "focal_length",
            number(exposure.focal_length),
            of(&["ExifIFD:FocalLength"]),
        ),
        (
            "focal_length_35mm",
            number(exposure.focal_length_35mm),
            of(&["ExifIFD:FocalLengthIn35mmFormat"]),
        ),
        (
            "flash",
            exposure.flash.map(|fired| Value::from(u8::from(fired))),
            of(&["ExifIFD:Flash"])
                .iter()
                .filter_map(|flash| Some(Value::from(flash.as_u64()? & 1)))
                .collect(),
        ),
        (
            "lat",
            number(metadata.gps.map(|gps| gps.lat)),
            of(&["Composite:GPSLatitude"]),
        ),
        (
            "lon",
            number(metadata.gps.map(|gps| gps.lon)),
            of(&["Composite:GPSLongitude"]),
        ),
        (
            "alt",
            number(metadata.gps.and_then(|gps| gps.alt)),
            of(&["Composite:GPSAltitude", "GPS:GPSAltitude"]),
        ),
        (
            "title",
            text(&metadata.title),
            of(&["XMP-dc:Title", "IPTC:ObjectName", "PNG:Title"]),
        ),
        (
            "description",
            text(&metadata.description),
            of(&[
                "XMP-dc:Description",
                "IPTC:Caption-Abstract",
                "IFD0:ImageDescription",
                "PNG:Description",
            ]),
        ),
        (
            "artist",
            text(&metadata.artist),
            of(&[
                "XMP-dc:Creator",
                "IPTC:By-line",
                "IFD0:Artist",
                "PNG:Author",
            ]),
        ),
        (
            "copyright",
            text(&metadata.copyright),
            of(&[
                "XMP-dc:Rights",
                "IPTC:CopyrightNotice",
                "IFD0:Copyright",
                "PNG:Copyright",
            ]),
        ),
        (
            "rating",
            metadata.rating.map(Value::from),
            of(&["XMP-xmp:Rating", "IFD0:Rating"]),
        ),
        (
            "keywords",
            keywords,
            of(&["XMP-dc:Subject", "IPTC:Keywords"]),
        ),
    ]
}

fn is_blank(value: &Value) -> bool {
    value.as_str().is_some_and(|text| {
        text.trim_matches(|c: char| c.is_whitespace() || c == '\0')
            .is_empty()
    })
}

fn same(found: &Value, expected: &Value) -> bool {
    let plain = |value: &Value| match value {
        Value::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        // One language alternative, or one list item, is as good as the text.
        Value::Object(languages) => languages
            .get("x-default")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        Value::Array(items) => {
            let items: Vec<String> = items
                .iter()
                .map(|item| item.as_str().map_or(item.to_string(), str::to_owned))
                .collect();
            items.join(", ")
        }
        other => other.to_string(),
    };
    let (found_text, expected_text) = (plain(found), plain(expected));
    let close = |a: f64, b: f64| (a - b).abs() <= 1e-6 * a.abs().max(b.abs()).max(1.0);
    // Seconds, and everything after them, are compared as far as both have them.
    let is_prefix = found_text.len() >= 19 && expected_text.starts_with(&found_text);
    found_text == expected_text
        || is_prefix
        || found_text
            .parse()
            .ok()
            .zip(expected_text.parse().ok())
            .is_some_and(|(a, b)| close(a, b))
}
