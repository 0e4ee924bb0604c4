//! ExifTool judges metadata.

use crate::{Results, known, truth};
use media::{Kind, Metadata};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

pub(crate) fn complaints(photos: &Path, results: &Results) -> Vec<String> {
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
