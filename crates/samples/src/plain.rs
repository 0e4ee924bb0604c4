//! The least a test needs of a photo: a small JPEG whose bytes no other seed has.

use crate::Exif;
use crate::paint::noise::Rng;
use crate::sample::encode_jpeg;
use image::{Rgb, RgbImage};

/// What the JPEG is to be; change what matters, `..JpegOptions::default()` the rest.
#[derive(Debug, Clone, PartialEq)]
pub struct JpegOptions {
    /// Different seeds give different bytes.
    pub seed: u64,
    /// Pixels as stored, each 1 to 65,535.
    pub width: u32,
    /// Pixels as stored, each 1 to 65,535.
    pub height: u32,
    pub exif: Exif,
}

impl Default for JpegOptions {
    fn default() -> Self {
        Self {
            seed: 0,
            width: 96,
            height: 64,
            exif: Exif::default(),
        }
    }
}

/// A JPEG of which only the seed matters.
pub fn plain(seed: u64) -> Vec<u8> {
    jpeg(&JpegOptions {
        seed,
        ..JpegOptions::default()
    })
}

/// A JPEG of a soft gradient with EXIF; `unique_id` is made from the seed unless it is given.
///
/// # Panics
/// When a side is 0 or more than 65,535.
pub fn jpeg(options: &JpegOptions) -> Vec<u8> {
    let mut rng = Rng::new(options.seed);
    let mut corner = || [rng.unit(), rng.unit(), rng.unit()];
    let (top, bottom) = (corner(), corner());
    let picture = RgbImage::from_fn(options.width, options.height, |x, y| {
        let t = (x + y) as f32 / (options.width + options.height) as f32;
        Rgb([0, 1, 2].map(|i| ((top[i] + (bottom[i] - top[i]) * t) * 255.0) as u8))
    });
    let exif = Exif {
        unique_id: options.exif.unique_id.or(Some(options.seed)),
        ..options.exif.clone()
    };
    encode_jpeg(&picture, &exif)
}
