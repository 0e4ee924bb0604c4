//! JPEG XL, by the `jxl-oxide` crate; of animations the first frame.

use super::pixels::{Fourth, Pixels};
use super::{Budget, MOST_PIXELS, ThumbnailError, UNUSUAL};
use jxl_oxide::{AllocTracker, EnumColourEncoding, JxlImage, JxlThreadPool, RenderingIntent};

/// What a pixel costs: three or four channels of 32-bit floats, and RGBA.
const BYTES_PER_PIXEL: u64 = 20;

/// At most `size` pixels on the long side, in sRGB, upright.
pub(super) fn decode(data: &[u8], size: u32, budget: Budget) -> Result<Pixels, ThumbnailError> {
    budget.allow(MOST_PIXELS, BYTES_PER_PIXEL)?;
    let damaged = |error: Box<dyn std::error::Error + Send + Sync>| {
        ThumbnailError::Damaged(error.to_string())
    };
    let most = usize::try_from(budget.memory).unwrap_or(usize::MAX);
    let mut image = JxlImage::builder()
        .pool(JxlThreadPool::none())
        .alloc_tracker(AllocTracker::with_limit(most))
        .read(data)
        .map_err(damaged)?;
    // The codestream's own header counts; what was read before may be of another box.
    Budget {
        size: Some((image.width(), image.height())),
        ..budget
    }
    .allow(MOST_PIXELS, BYTES_PER_PIXEL)?;
    if image.pixel_format().has_black() {
        return Err(ThumbnailError::Unsupported(UNUSUAL));
    }
    // The decoder converts no colours that are stored by a profile: they are when the picture is small.
    let stored_as_shown = !image.image_header().metadata.xyb_encoded;
    let icc = image.original_icc().filter(|_| stored_as_shown);
    let icc = icc.map(<[u8]>::to_vec);
    if icc.is_none() {
        image.request_color_encoding(EnumColourEncoding::srgb(RenderingIntent::Relative));
    }
    let frame = image.render_frame(0).map_err(damaged)?;
    let mut stream = frame.stream();
    let (width, height, channels) = (stream.width(), stream.height(), stream.channels());
    let mut samples = vec![0_u8; width as usize * height as usize * channels as usize];
    stream.write_to_buffer(&mut samples);
    let rgba = |sample: &[u8]| match *sample {
        [grey] => [grey, grey, grey, 255],
        [grey, alpha] => [grey, grey, grey, alpha],
        [red, green, blue] => [red, green, blue, 255],
        [red, green, blue, alpha, ..] => [red, green, blue, alpha],
        [] => [0, 0, 0, 0],
    };
    let data = samples
        .chunks_exact(channels.max(1) as usize)
        .flat_map(rgba)
        .collect();
    let picture = Pixels {
        data,
        width,
        height,
    };
    Ok(picture
        .shrunk(size, Fourth::Alpha)?
        .into_srgb(icc.as_deref()))
}
