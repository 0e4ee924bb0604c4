//! macOS and Windows: files by their paths, pictures by their pixels, which become PNG.

use super::{Held, failed};
use image::{ImageFormat, RgbaImage};
use library::Result;
use std::io::Cursor;
use tauri::AppHandle;

pub(super) async fn read(_app: &AppHandle) -> Result<Held> {
    match tauri::async_runtime::spawn_blocking(look).await {
        Ok(held) => held,
        Err(error) => Err(failed(error)),
    }
}

fn look() -> Result<Held> {
    let mut clipboard = arboard::Clipboard::new().map_err(failed)?;
    match clipboard.get().file_list() {
        Ok(paths) if !paths.is_empty() => return Ok(Held::Files(paths)),
        Ok(_) | Err(arboard::Error::ContentNotAvailable) => {}
        Err(error) => return Err(failed(error)),
    }
    let pixels = match clipboard.get().image() {
        Ok(pixels) => pixels,
        Err(arboard::Error::ContentNotAvailable) => return Ok(Held::Nothing),
        Err(error) => return Err(failed(error)),
    };
    let side = |side: usize| u32::try_from(side).map_err(failed);
    let (width, height) = (side(pixels.width)?, side(pixels.height)?);
    let picture = RgbaImage::from_raw(width, height, pixels.bytes.into_owned())
        .ok_or_else(|| failed("a picture has fewer pixels than it says"))?;
    let mut png = Cursor::new(Vec::new());
    picture
        .write_to(&mut png, ImageFormat::Png)
        .map_err(failed)?;
    Ok(Held::Picture(png.into_inner()))
}
