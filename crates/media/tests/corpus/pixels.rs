//! Pillow judges sizes and colours.

use crate::{Results, known, table, truth};
use media::worker::WorkerError;
use media::{Kind, Thumbnail, ThumbnailError};
use serde_json::Value;
use std::collections::HashSet;
use std::path::Path;

pub(crate) fn complaints(photos: &Path, results: &Results) -> Vec<String> {
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
