//! The thumbnail judges the first paint: both are of one picture.

use crate::{known, pool, table};
use image::RgbImage;
use image::imageops::{FilterType, resize};
use media::worker::WorkerError;
use std::path::Path;

/// Both are looked at so small that neither noise nor sharpness counts.
const SIDE: u32 = 24;

pub(crate) async fn complaints(photos: &Path) -> Vec<String> {
    /// Levels, in the mean over all pixels.
    const TOLERANCE: f64 = 10.0;
    let pool = pool();
    let mut complaints = Vec::new();
    let (mut painted, mut others) = (0, 0);
    for row in table(&photos.join("MANIFEST.tsv")) {
        let path = photos.join(&row["path"]);
        let paint = match pool.first_paint(&path, 512).await {
            Ok(Some(paint)) => paint,
            Ok(None) | Err(WorkerError::Unreadable { .. }) => {
                others += 1;
                continue;
            }
            Err(error) => {
                complaints.push(format!("{}: {error}", row["path"]));
                continue;
            }
        };
        painted += 1;
        let judged = match pool.thumbnail(&path, 512).await {
            Ok(thumbnail) => apart(&opened(&paint.jpeg), &opened(&thumbnail.webp)),
            Err(error) => Err(error.to_string()),
        };
        let complaint = match judged {
            Ok(apart) if apart <= TOLERANCE => continue,
            Ok(apart) => format!("{apart:.1} levels from its thumbnail"),
            Err(error) => error,
        };
        if !known::has(known::PAINTS, &row["path"]) {
            complaints.push(format!("{}: painted first, but {complaint}", row["path"]));
        }
    }
    println!("{painted} first paints; {others} photos have none");
    complaints
}

fn opened(bytes: &[u8]) -> RgbImage {
    image::load_from_memory(bytes).unwrap().into_rgb8()
}

/// Levels between the two in the mean; an error where they have not the same shape.
fn apart(one: &RgbImage, other: &RgbImage) -> Result<f64, String> {
    let shape = |picture: &RgbImage| f64::from(picture.width()) / f64::from(picture.height());
    let shapes = (shape(one), shape(other));
    // Small sides are rounded.
    if (shapes.0 / shapes.1 - 1.0).abs() > 0.04 {
        return Err(format!(
            "of another shape: {:?}, {:?}",
            one.dimensions(),
            other.dimensions()
        ));
    }
    let small = |picture: &RgbImage| resize(picture, SIDE, SIDE, FilterType::Triangle).into_raw();
    let (one, other) = (small(one), small(other));
    let levels = one.iter().zip(&other);
    let sum: u64 = levels
        .map(|(one, other)| u64::from(one.abs_diff(*other)))
        .sum();
    Ok(sum as f64 / one.len() as f64)
}
