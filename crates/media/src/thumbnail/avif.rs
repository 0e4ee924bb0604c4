//! AVIF: AV1 pictures in a HEIF file, read by `avif-parse` and decoded by rav1d; crops, turns and transparency
//! included, grids not.
//!
//! How planes become colours is said by ITU-T H.273, <https://www.itu.int/rec/T-REC-H.273>.

use super::pixels::{Fourth, Pixels};
use super::{Budget, MOST_PIXELS, ThumbnailError, UNUSUAL};
use crate::isobmff::{Change, Display};
use re_rav1d::dav1d::pixel::{MatrixCoefficients, YUVRange};
use re_rav1d::dav1d::{
    Decoder, Error, Picture, PixelLayout, PlanarImageComponent as Component, Plane, Settings,
};

/// What a pixel costs: three planes and one for its transparency of 16 bits, once more while they are decoded, and RGBA.
const BYTES_PER_PIXEL: u64 = 20;

/// At most `size` pixels on the long side, in sRGB, upright.
pub(super) fn decode(data: &[u8], size: u32, budget: Budget) -> Result<Pixels, ThumbnailError> {
    budget.allow(MOST_PIXELS, BYTES_PER_PIXEL)?;
    let file = avif_parse::read_avif(&mut &*data).map_err(|error| match error {
        avif_parse::Error::Unsupported(_) => ThumbnailError::Unsupported(UNUSUAL),
        error => ThumbnailError::Damaged(error.to_string()),
    })?;
    let most = MOST_PIXELS.min(budget.memory / BYTES_PER_PIXEL);
    let colours = Frame::decode(file.primary_item.to_vec(), most)?;
    let alpha = match file.alpha_item {
        Some(item) => Some(Frame::decode(item.to_vec(), most)?),
        None => None,
    };
    let mut picture = colours.rgba()?;
    if let Some(alpha) = alpha {
        alpha.into_alpha_of(&mut picture, file.premultiplied_alpha)?;
    }
    let display = Display::read(data);
    for change in &display.changes {
        if let Change::Crop(crop) = change
            && let Some(origin) = crop.origin((picture.width, picture.height))
        {
            picture = picture.cropped(origin, crop.size);
        }
    }
    let mut picture = picture.shrunk(size, Fourth::Alpha)?;
    for change in &display.changes {
        if let Change::Orient(orientation) = *change {
            picture = picture.upright(orientation);
        }
    }
    Ok(picture.into_srgb(display.icc))
}

fn damaged(problem: impl std::fmt::Display) -> ThumbnailError {
    ThumbnailError::Damaged(problem.to_string())
}

/// One decoded picture, in planes.
struct Frame(Picture);

impl Frame {
    fn decode(item: Vec<u8>, most_pixels: u64) -> Result<Self, ThumbnailError> {
        let mut settings = Settings::default();
        settings.set_n_threads(1);
        settings.set_max_frame_delay(1);
        settings.set_frame_size_limit(u32::try_from(most_pixels).unwrap_or(u32::MAX));
        let mut decoder = Decoder::with_settings(&settings).map_err(damaged)?;
        match decoder.send_data(item, None, None, None) {
            Ok(()) | Err(Error::Again) => {}
            Err(error) => return Err(damaged(error)),
        }
        loop {
            match decoder.get_picture() {
                Ok(picture) => return Ok(Self(picture)),
                Err(Error::Again) => decoder.send_pending_data().map_err(|error| match error {
                    Error::Again => damaged("there is no whole picture in it"),
                    error => damaged(error),
                })?,
                Err(error) => return Err(damaged(error)),
            }
        }
    }

    fn rgba(&self) -> Result<Pixels, ThumbnailError> {
        let (width, height) = (self.0.width(), self.0.height());
        let luma = self.samples(Component::Y)?;
        let bits = luma.bits;
        let colours = Colours::of(self.0.color_range(), self.0.matrix_coefficients(), bits)?;
        let chroma = match self.0.pixel_layout() {
            PixelLayout::I400 => None,
            _ => Some((self.samples(Component::U)?, self.samples(Component::V)?)),
        };
        let (right, down) = match self.0.pixel_layout() {
            PixelLayout::I420 => (1, 1),
            PixelLayout::I422 => (1, 0),
            PixelLayout::I400 | PixelLayout::I444 => (0, 0),
        };
        let mut data = Vec::with_capacity(width as usize * height as usize * 4);
        for y in 0..height as usize {
            for x in 0..width as usize {
                let [red, green, blue] = match &chroma {
                    None => [colours.grey(luma.at(x, y)); 3],
                    Some((u, v)) => {
                        let (x_of, y_of) = (x >> right, y >> down);
                        colours.rgb(luma.at(x, y), u.at(x_of, y_of), v.at(x_of, y_of))
                    }
                };
                data.extend([red, green, blue, 255]);
            }
        }
        Ok(Pixels {
            data,
            width,
            height,
        })
    }

    fn into_alpha_of(
        self,
        picture: &mut Pixels,
        premultiplied: bool,
    ) -> Result<(), ThumbnailError> {
        if (self.0.width(), self.0.height()) != (picture.width, picture.height) {
            return Err(damaged("its transparency is of another size"));
        }
        let samples = self.samples(Component::Y)?;
        let levels = Colours::of(
            self.0.color_range(),
            MatrixCoefficients::Unspecified,
            samples.bits,
        )?;
        let width = picture.width as usize;
        for (index, pixel) in picture.data.chunks_exact_mut(4).enumerate() {
            let alpha = levels.grey(samples.at(index % width, index / width));
            pixel[3] = alpha;
            if premultiplied && alpha > 0 {
                for colour in &mut pixel[..3] {
                    *colour = (u32::from(*colour) * 255 / u32::from(alpha)).min(255) as u8;
                }
            }
        }
        Ok(())
    }

    fn samples(&self, component: Component) -> Result<Samples, ThumbnailError> {
        let bits = self
            .0
            .bits_per_component()
            .ok_or_else(|| damaged("samples of an unknown size"))?;
        Ok(Samples {
            plane: self.0.plane(component),
            stride: self.0.stride(component) as usize,
            bits: bits.0 as u32,
        })
    }
}

/// A plane: rows of samples, of two bytes each where they have more than 8 bits.
struct Samples {
    plane: Plane,
    /// Bytes from one row to the next.
    stride: usize,
    bits: u32,
}

impl Samples {
    fn at(&self, x: usize, y: usize) -> f32 {
        let row = y * self.stride;
        match self.bits {
            8 => f32::from(self.plane[row + x]),
            _ => f32::from(u16::from_ne_bytes([
                self.plane[row + 2 * x],
                self.plane[row + 2 * x + 1],
            ])),
        }
    }
}

/// From luma and two differences of colour to red, green and blue.
enum Colours {
    /// The planes are green, blue and red.
    Identity(Levels),
    /// The weights of red and blue in luma.
    Weighted { red: f32, blue: f32, levels: Levels },
}

/// Which sample is none and which all.
#[derive(Clone, Copy)]
struct Levels {
    black: f32,
    luma: f32,
    middle: f32,
    chroma: f32,
}

impl Colours {
    fn of(range: YUVRange, matrix: MatrixCoefficients, bits: u32) -> Result<Self, ThumbnailError> {
        let unit = (1_u32 << (bits - 8)) as f32;
        let all = ((1_u32 << bits) - 1) as f32;
        let middle = 128.0 * unit;
        let levels = match range {
            YUVRange::Full => Levels {
                black: 0.0,
                luma: all,
                middle,
                chroma: all,
            },
            _ => Levels {
                black: 16.0 * unit,
                luma: 219.0 * unit,
                middle,
                chroma: 224.0 * unit,
            },
        };
        let (red, blue) = match matrix {
            MatrixCoefficients::Identity => return Ok(Self::Identity(levels)),
            MatrixCoefficients::BT709 => (0.2126, 0.0722),
            MatrixCoefficients::BT470M => (0.3, 0.11),
            MatrixCoefficients::ST240M => (0.212, 0.087),
            MatrixCoefficients::BT2020NonConstantLuminance => (0.2627, 0.0593),
            // Also where nothing is said, as in JPEG.
            MatrixCoefficients::BT470BG
            | MatrixCoefficients::ST170M
            | MatrixCoefficients::Unspecified => (0.299, 0.114),
            _ => return Err(ThumbnailError::Unsupported(UNUSUAL)),
        };
        Ok(Self::Weighted { red, blue, levels })
    }

    fn grey(&self, sample: f32) -> u8 {
        let (Self::Identity(levels) | Self::Weighted { levels, .. }) = self;
        byte((sample - levels.black) / levels.luma)
    }

    fn rgb(&self, y: f32, u: f32, v: f32) -> [u8; 3] {
        match *self {
            Self::Identity(_) => [self.grey(v), self.grey(y), self.grey(u)],
            Self::Weighted { red, blue, levels } => {
                let luma = (y - levels.black) / levels.luma;
                let of_blue = 2.0 * (1.0 - blue) * (u - levels.middle) / levels.chroma;
                let of_red = 2.0 * (1.0 - red) * (v - levels.middle) / levels.chroma;
                let (r, b) = (luma + of_red, luma + of_blue);
                let g = (luma - red * r - blue * b) / (1.0 - red - blue);
                [byte(r), byte(g), byte(b)]
            }
        }
    }
}

/// 0 to 1 as 0 to 255.
fn byte(part: f32) -> u8 {
    (part.clamp(0.0, 1.0) * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_become_the_colours_that_h_273_says() {
        use MatrixCoefficients::{BT470BG, BT709, Identity};
        use YUVRange::{Full, Limited};
        //  range    matrix    bits  y, u, v            red, green, blue
        let cases = [
            (Limited, BT709, 8, [16.0, 128.0, 128.0], [0, 0, 0]),
            (Limited, BT709, 8, [235.0, 128.0, 128.0], [255, 255, 255]),
            (Limited, BT709, 8, [63.0, 102.0, 240.0], [255, 1, 0]),
            (Full, BT470BG, 8, [76.0, 85.0, 255.0], [254, 0, 0]),
            (Full, BT470BG, 10, [1023.0, 512.0, 512.0], [255, 255, 255]),
            (Full, Identity, 8, [1.0, 2.0, 3.0], [3, 1, 2]),
        ];
        for (range, matrix, bits, [y, u, v], expected) in cases {
            let colours = Colours::of(range, matrix, bits).unwrap();
            assert_eq!(
                colours.rgb(y, u, v),
                expected,
                "{range:?} {matrix:?} {y} {u} {v}"
            );
        }
    }

    #[test]
    fn a_matrix_that_is_not_linear_is_said_to_be_unusual() {
        let colours = Colours::of(YUVRange::Full, MatrixCoefficients::ICtCp, 10);
        assert_eq!(colours.err(), Some(ThumbnailError::Unsupported(UNUSUAL)));
    }
}
