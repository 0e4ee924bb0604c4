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

mod known;
mod metadata;
mod paints;
mod pixels;

use media::worker::{Inspection, Limits, Pool, WorkerCommand, WorkerError};
use media::{Kind, MediaType, Thumbnail};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::time::Duration;

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

/// Each file by its path.
type Results = BTreeMap<String, (Inspection, Result<Thumbnail, WorkerError>)>;

/// Every file of the corpus, inspected and made small.
async fn everything(photos: &Path) -> Results {
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
    complaints.extend(pixels::complaints(&photos, &results));
    complaints.extend(metadata::complaints(&photos, &results));
    assert!(
        complaints.is_empty(),
        "{} complaints\n{}",
        complaints.len(),
        complaints.join("\n")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn first_paints_are_of_the_pictures_that_thumbnails_show() {
    let Some(photos) = photos() else { return };
    let complaints = paints::complaints(&photos).await;
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

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

fn truth(photos: &Path) -> Vec<Value> {
    serde_json::from_str(&std::fs::read_to_string(photos.join("exiftool.json")).unwrap()).unwrap()
}
