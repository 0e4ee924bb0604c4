//! The one window: made in the system's colours before anything is painted, and locked to the app's
//! own pages.
//!
//! **Invariant:** no page from elsewhere is ever shown, and no further window opened.

use crate::engine::IN_USE_EXIT_CODE;
use std::path::PathBuf;
use tauri::webview::{Color, NewWindowResponse, PageLoadEvent, WebviewWindowBuilder};
use tauri::{App, AppHandle, Theme, Url, WebviewWindow};
use tauri_plugin_dialog::{DialogExt, MessageDialogKind};

/// The paper of the UI's tokens, so that nothing flashes before the first paint.
const LIGHT_PAPER: Color = Color(251, 250, 248, 255);
const DARK_PAPER: Color = Color(16, 15, 13, 255);

/// Opens the window that `tauri.conf.json` describes. The webview keeps its state in `webview`; none:
/// the system's place for this app.
pub(crate) fn open(app: &App, webview: Option<PathBuf>) -> tauri::Result<()> {
    let config = app.config();
    let window = config
        .app
        .windows
        .first()
        .expect("tauri.conf.json describes the main window");
    let dev = if tauri::is_dev() {
        config.build.dev_url.clone()
    } else {
        None
    };
    let mut builder = WebviewWindowBuilder::from_config(app, window)?
        .visible(false)
        .on_navigation(move |url| is_own_page(url, dev.as_ref()))
        .on_page_load(|window, load| {
            if load.event() == PageLoadEvent::Finished {
                appear(&window);
            }
        })
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false);
    if let Some(directory) = webview {
        builder = builder.data_directory(directory);
    }
    let window = builder.build()?;
    let paper = match window.theme()? {
        Theme::Dark => DARK_PAPER,
        _ => LIGHT_PAPER,
    };
    window.set_background_color(Some(paper))
}

/// Says in a message of its own that another window has this library, then ends.
pub(crate) fn say_in_use(app: &AppHandle) {
    let handle = app.clone();
    app.dialog()
        .message("imgn is already open with this library. Its window shows your photos.")
        .title("imgn")
        .kind(MessageDialogKind::Info)
        .show(move |_| handle.exit(IN_USE_EXIT_CODE.into()));
}

/// Whether the toolkit has anything to open a window on; it would end the process without.
pub(crate) fn display_exists() -> bool {
    let named = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || named("DISPLAY") || named("WAYLAND_DISPLAY")
}

/// Only now does the page's own theme, which may differ from what the toolkit knows, fill the window.
fn appear(window: &WebviewWindow) {
    if let Err(error) = window.show() {
        tracing::error!("the window does not appear: {error}");
    }
}

fn is_own_page(url: &Url, dev: Option<&Url>) -> bool {
    let origin = (url.scheme(), url.host_str());
    let embedded = if cfg!(windows) {
        ("http", Some("tauri.localhost"))
    } else {
        ("tauri", Some("localhost"))
    };
    origin == embedded || dev.is_some_and(|dev| dev.origin() == url.origin())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_apps_own_pages_are_shown() {
        let dev = Url::parse("http://localhost:1420").unwrap();
        //  address                            embedded  in development
        let cases = [
            ("tauri://localhost/", !cfg!(windows), !cfg!(windows)),
            (
                "tauri://localhost/index.html#/storage",
                !cfg!(windows),
                !cfg!(windows),
            ),
            ("tauri://localhost.example/", false, false),
            ("http://tauri.localhost/", cfg!(windows), cfg!(windows)),
            ("http://localhost:1420/", false, true),
            ("http://localhost:1421/", false, false),
            ("https://example.com/", false, false),
            ("thumb://localhost/1", false, false),
            ("file:///etc/passwd", false, false),
            ("javascript:alert(1)", false, false),
            ("data:text/html,x", false, false),
            ("about:blank", false, false),
        ];
        for (address, embedded, developing) in cases {
            let url = Url::parse(address).unwrap();
            assert_eq!(is_own_page(&url, None), embedded, "{address}");
            assert_eq!(
                is_own_page(&url, Some(&dev)),
                developing,
                "{address} in development"
            );
        }
    }
}
