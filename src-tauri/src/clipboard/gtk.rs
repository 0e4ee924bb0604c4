//! Linux: the toolkit's clipboard, on X11 and Wayland alike, by the names that programs give what they offer.

use super::{Held, failed, files};
use gtk::gdk::{Atom, SELECTION_CLIPBOARD};
use library::Result;
use media::MediaType;
use tauri::AppHandle;
use tokio::sync::oneshot;

/// Files: the standard's name, and what file managers used before they had it.
const FILES: [&str; 2] = ["text/uri-list", "x-special/gnome-copied-files"];

/// Pictures that come as they are, the one that loses least first. A browser offers what it has in several.
const PICTURES: [MediaType; 10] = [
    MediaType::Png,
    MediaType::Tiff,
    MediaType::Webp,
    MediaType::JpegXl,
    MediaType::Avif,
    MediaType::Heic,
    MediaType::Jpeg2000,
    MediaType::Gif,
    MediaType::Jpeg,
    MediaType::Bmp,
];

pub(super) async fn read(app: &AppHandle) -> Result<Held> {
    let offered = offered(app).await?;
    let offers = |name: &str| offered.iter().any(|offer| offer == name);
    for name in FILES.into_iter().filter(|name| offers(name)) {
        let paths = files(&String::from_utf8_lossy(&bytes(app, name).await?));
        if !paths.is_empty() {
            return Ok(Held::Files(paths));
        }
    }
    for name in PICTURES
        .map(MediaType::mime)
        .into_iter()
        .filter(|name| offers(name))
    {
        let bytes = bytes(app, name).await?;
        if !bytes.is_empty() {
            return Ok(Held::Picture(bytes));
        }
    }
    let pixels = offered.iter().any(|offer| offer.starts_with("image/"));
    match pixels {
        true => Ok(drawn(app).await?.map_or(Held::Nothing, Held::Picture)),
        false => Ok(Held::Nothing),
    }
}

/// Asks the clipboard on the main thread, and waits elsewhere.
async fn ask<T: Send + 'static>(
    app: &AppHandle,
    question: impl FnOnce(gtk::Clipboard, oneshot::Sender<T>) + Send + 'static,
) -> Result<T> {
    let (answer, answered) = oneshot::channel();
    app.run_on_main_thread(move || question(gtk::Clipboard::get(&SELECTION_CLIPBOARD), answer))
        .map_err(failed)?;
    answered.await.map_err(failed)
}

/// The names of all that is offered; empty: nothing is.
async fn offered(app: &AppHandle) -> Result<Vec<String>> {
    ask(app, |clipboard, answer| {
        clipboard.request_contents(&Atom::intern("TARGETS"), |_, held| {
            let targets = held.targets().unwrap_or_default();
            let names = targets.iter().map(|target| target.name().to_string());
            // Who asked may have lost patience.
            answer.send(names.collect()).ok();
        });
    })
    .await
}

async fn bytes(app: &AppHandle, name: &'static str) -> Result<Vec<u8>> {
    ask(app, move |clipboard, answer| {
        clipboard.request_contents(&Atom::intern(name), |_, held| {
            // Less than nothing: it is not offered any more.
            let bytes = match held.length() {
                ..=0 => Vec::new(),
                _ => held.data(),
            };
            answer.send(bytes).ok();
        });
    })
    .await
}

/// A picture in a format that only the toolkit reads, as PNG.
async fn drawn(app: &AppHandle) -> Result<Option<Vec<u8>>> {
    let picture = ask(app, |clipboard, answer| {
        clipboard.request_image(|_, pixels| {
            let encoded = pixels.map(|pixels| {
                let encoded = pixels.save_to_bufferv("png", &[]);
                encoded.map_err(|error| error.to_string())
            });
            answer.send(encoded.transpose()).ok();
        });
    });
    picture.await?.map_err(failed)
}
