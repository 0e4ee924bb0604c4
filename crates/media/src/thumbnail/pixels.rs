//! A picture of a few pixels: shrunk, coloured, turned, hashed, encoded.

use super::{Thumbnail, ThumbnailError};
use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{PixelType, ResizeOptions, Resizer};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

/// RGBA (or, before [`Pixels::from_cmyk`], four inks), eight bits each, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pixels {
    pub(super) data: Vec<u8>,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// What the fourth byte of a pixel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fourth {
    /// Transparency, which weighs the colours.
    Alpha,
    /// A channel like the others.
    Plain,
}

impl Pixels {
    /// No longer than `size` on its long side; as it is when it is that already.
    pub(super) fn shrunk(self, size: u32, fourth: Fourth) -> Result<Self, ThumbnailError> {
        let (width, height) = fitting(self.width, self.height, size);
        if (width, height) == (self.width, self.height) {
            return Ok(self);
        }
        let damaged = |error: &dyn std::fmt::Display| ThumbnailError::Damaged(error.to_string());
        let source = ImageRef::new(self.width, self.height, &self.data, PixelType::U8x4)
            .map_err(|error| damaged(&error))?;
        let mut target = Image::new(width, height, PixelType::U8x4);
        let options = ResizeOptions::new().use_alpha(fourth == Fourth::Alpha);
        Resizer::new()
            .resize(&source, &mut target, &options)
            .map_err(|error| damaged(&error))?;
        Ok(Self {
            data: target.into_vec(),
            width,
            height,
        })
    }

    /// The part that begins at `(x, y)`, which lies within the picture.
    pub(super) fn cropped(self, (x, y): (u32, u32), (width, height): (u32, u32)) -> Self {
        let row = self.width as usize * 4;
        let rows = self
            .data
            .chunks_exact(row)
            .skip(y as usize)
            .take(height as usize);
        let (start, end) = (x as usize * 4, (x + width) as usize * 4);
        Self {
            data: rows.flat_map(|row| &row[start..end]).copied().collect(),
            width,
            height,
        }
    }

    /// From the colours of an ICC profile to sRGB. A profile that is damaged, or of another colour
    /// model, leaves the picture as it is: most pictures are sRGB.
    pub(super) fn into_srgb(mut self, icc: Option<&[u8]>) -> Self {
        let transformed = icc.and_then(|icc| {
            let profile = ColorProfile::new_from_slice(icc).ok()?;
            let srgb = ColorProfile::new_srgb();
            let mut target = vec![0; self.data.len()];
            match profile.color_space {
                DataColorSpace::Rgb => profile
                    .create_transform_8bit(
                        Layout::Rgba,
                        &srgb,
                        Layout::Rgba,
                        TransformOptions::default(),
                    )
                    .ok()?
                    .transform(&self.data, &mut target)
                    .ok()?,
                DataColorSpace::Gray => {
                    let grey: Vec<u8> = self
                        .data
                        .chunks_exact(4)
                        .flat_map(|pixel| [pixel[0], pixel[3]])
                        .collect();
                    profile
                        .create_transform_8bit(
                            Layout::GrayAlpha,
                            &srgb,
                            Layout::Rgba,
                            TransformOptions::default(),
                        )
                        .ok()?
                        .transform(&grey, &mut target)
                        .ok()?;
                }
                _ => return None,
            }
            Some(target)
        });
        if let Some(data) = transformed {
            self.data = data;
        }
        self
    }

    /// From four inks, 255 being full, to sRGB: by the profile, or else by the plain product.
    pub(super) fn from_cmyk(inks: Self, icc: Option<&[u8]>) -> Self {
        let by_profile = icc.and_then(|icc| {
            let profile = ColorProfile::new_from_slice(icc).ok()?;
            let mut rgb = vec![0; inks.data.len() / 4 * 3];
            profile
                .create_transform_8bit(
                    Layout::Rgba,
                    &ColorProfile::new_srgb(),
                    Layout::Rgb,
                    TransformOptions::default(),
                )
                .ok()
                .filter(|_| profile.color_space == DataColorSpace::Cmyk)?
                .transform(&inks.data, &mut rgb)
                .ok()?;
            Some(
                rgb.chunks_exact(3)
                    .flat_map(|rgb| [rgb[0], rgb[1], rgb[2], 255])
                    .collect(),
            )
        });
        let by_product = || {
            let light =
                |ink: u8, black: u8| (u32::from(255 - ink) * u32::from(255 - black) / 255) as u8;
            let pixel = |inks: &[u8]| {
                [
                    light(inks[0], inks[3]),
                    light(inks[1], inks[3]),
                    light(inks[2], inks[3]),
                    255,
                ]
            };
            inks.data.chunks_exact(4).flat_map(pixel).collect()
        };
        Self {
            data: by_profile.unwrap_or_else(by_product),
            width: inks.width,
            height: inks.height,
        }
    }

    /// Turned and mirrored by an EXIF orientation of 1 to 8.
    pub(super) fn upright(self, orientation: u8) -> Self {
        let (width, height) = (self.width as usize, self.height as usize);
        let swapped = (5..=8).contains(&orientation);
        let (new_width, new_height) = if swapped {
            (height, width)
        } else {
            (width, height)
        };
        // Where a pixel of the upright picture comes from.
        let source = |x: usize, y: usize| match orientation {
            2 => (width - 1 - x, y),
            3 => (width - 1 - x, height - 1 - y),
            4 => (x, height - 1 - y),
            5 => (y, x),
            6 => (y, height - 1 - x),
            7 => (width - 1 - y, height - 1 - x),
            8 => (width - 1 - y, x),
            _ => (x, y),
        };
        if !(2..=8).contains(&orientation) {
            return self;
        }
        let mut data = Vec::with_capacity(self.data.len());
        for y in 0..new_height {
            for x in 0..new_width {
                let (from_x, from_y) = source(x, y);
                let at = (from_y * width + from_x) * 4;
                data.extend_from_slice(&self.data[at..at + 4]);
            }
        }
        Self {
            data,
            width: new_width as u32,
            height: new_height as u32,
        }
    }

    /// Encoded, with its thumbhash.
    pub(super) fn encode(self) -> Result<Thumbnail, ThumbnailError> {
        /// The point past which people see no difference at this size.
        const QUALITY: f32 = 80.0;
        /// Of 0 to 6: half the time of the usual 4 for some bytes more.
        const EFFORT: i32 = 2;
        /// What the thumbhash algorithm takes.
        const HASHED: u32 = 100;
        let (width, height) = (self.width, self.height);
        let unexpected =
            |()| ThumbnailError::Damaged("WebP: another version of its library".into());
        let config = webp::WebPConfig {
            quality: QUALITY,
            method: EFFORT,
            ..webp::WebPConfig::new().map_err(unexpected)?
        };
        let webp = webp::Encoder::from_rgba(&self.data, width, height)
            .encode_advanced(&config)
            .map_err(|error| ThumbnailError::Damaged(format!("WebP: {error:?}")))?
            .to_vec();
        let small = self.shrunk(HASHED, Fourth::Alpha)?;
        let thumbhash =
            thumbhash::rgba_to_thumb_hash(small.width as usize, small.height as usize, &small.data);
        Ok(Thumbnail {
            webp,
            width,
            height,
            thumbhash,
        })
    }
}

/// The size with these proportions whose long side is at most `size`; no side is ever 0.
fn fitting(width: u32, height: u32, size: u32) -> (u32, u32) {
    let long = width.max(height);
    if long <= size {
        return (width, height);
    }
    let scaled = |side: u32| {
        let rounded = (u64::from(side) * u64::from(size) + u64::from(long) / 2) / u64::from(long);
        u32::try_from(rounded).unwrap_or(size).max(1)
    };
    (scaled(width), scaled(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fitting_keeps_proportions_and_never_enlarges() {
        let cases = [
            ((4000, 3000), (512, 384)),
            ((3000, 4000), (384, 512)),
            ((512, 1), (512, 1)),
            ((100_000, 10), (512, 1)),
            ((100, 50), (100, 50)),
            ((1, 1), (1, 1)),
            ((1023, 1000), (512, 500)),
        ];
        for ((width, height), expected) in cases {
            assert_eq!(fitting(width, height, 512), expected, "{width} × {height}");
        }
    }

    #[test]
    fn every_orientation_ends_upright() {
        // a b c
        // d e f
        let picture = |rows: &[&str]| Pixels {
            data: rows
                .concat()
                .bytes()
                .flat_map(|letter| [letter, 0, 0, 255])
                .collect(),
            width: rows[0].len() as u32,
            height: rows.len() as u32,
        };
        let upright = picture(&["abc", "def"]);
        let stored: &[(u8, &[&str])] = &[
            (1, &["abc", "def"]),
            (2, &["cba", "fed"]),
            (3, &["fed", "cba"]),
            (4, &["def", "abc"]),
            (5, &["ad", "be", "cf"]),
            (6, &["cf", "be", "ad"]),
            (7, &["fc", "eb", "da"]),
            (8, &["da", "eb", "fc"]),
            (0, &["abc", "def"]),
            (9, &["abc", "def"]),
        ];
        for (orientation, rows) in stored {
            assert_eq!(
                picture(rows).upright(*orientation),
                upright,
                "orientation {orientation}"
            );
        }
    }

    #[test]
    fn transparent_pixels_do_not_colour_their_neighbours() {
        let data = [[255, 0, 0, 255], [0, 255, 0, 0]].concat().repeat(2);
        let shrunk = Pixels {
            data,
            width: 2,
            height: 2,
        }
        .shrunk(1, Fourth::Alpha)
        .unwrap();
        assert_eq!(shrunk.data[..3], [255, 0, 0]);
        assert!((120..=136).contains(&shrunk.data[3]), "{:?}", shrunk.data);
    }

    #[test]
    fn inks_without_a_profile_multiply() {
        let inks = Pixels {
            data: vec![0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 255],
            width: 3,
            height: 1,
        };
        assert_eq!(
            Pixels::from_cmyk(inks, None).data,
            [255, 255, 255, 255, 0, 255, 255, 255, 0, 0, 0, 255]
        );
    }

    #[test]
    fn a_damaged_profile_leaves_the_colours() {
        let picture = Pixels {
            data: vec![10, 20, 30, 255],
            width: 1,
            height: 1,
        };
        assert_eq!(picture.clone().into_srgb(Some(b"not a profile")), picture);
    }
}
