//! The one window: made in the system's colours before anything is painted, and locked to the app's
//! own pages. Closing it frees what it holds; it is made anew when it is wanted again.
//!
//! **Invariant:** no page from elsewhere is ever shown, and no further window opened.

use crate::engine::IN_USE_EXIT_CODE;
use crate::placement::{Placement, Screen};
use crate::profile::Places;
use crate::words::{Language, Text};
use std::sync::{Mutex, PoisonError};
use tauri::webview::{Color, NewWindowResponse, PageLoadEvent, WebviewWindowBuilder};
use tauri::{AppHandle, Manager, Monitor, Theme, Url, WebviewWindow};
use tauri_plugin_dialog::{DialogExt, MessageDialogKind};

/// The paper of the UI's tokens, so that nothing flashes before the first paint.
const LIGHT_PAPER: Color = Color(251, 250, 248, 255);
const DARK_PAPER: Color = Color(16, 15, 13, 255);

const LABEL: &str = "main";

/// Held while the window is made, so that it is made once.
#[derive(Debug, Default)]
pub(crate) struct Opening(Mutex<()>);

/// Brings the window to the front, and makes it where there is none.
pub(crate) fn show(app: &AppHandle) {
    let app = app.clone();
    // Not on the main thread, which answers what the making of a window asks.
    tauri::async_runtime::spawn_blocking(move || {
        let opening = app.state::<Opening>();
        let _held = opening.0.lock().unwrap_or_else(PoisonError::into_inner);
        let shown = match app.get_webview_window(LABEL) {
            Some(window) => raise(&window),
            None => make(&app),
        };
        if let Err(error) = shown {
            tracing::error!("the window cannot be shown: {error}");
        }
    });
}

/// Whether the person looks at it.
pub(crate) fn is_looked_at(app: &AppHandle) -> bool {
    let window = app.get_webview_window(LABEL);
    window.is_some_and(|window| window.is_focused().unwrap_or(false))
}

fn raise(window: &WebviewWindow) -> tauri::Result<()> {
    window.unminimize()?;
    window.show()?;
    window.set_focus()
}

/// Makes the window that `tauri.conf.json` describes, where it was last.
pub(crate) fn make(app: &AppHandle) -> tauri::Result<()> {
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
    let places = app.state::<Places>();
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
    if let Some(directory) = &places.webview {
        builder = builder.data_directory(directory.clone());
    }
    if let Some(placement) = Placement::read(&places.placement) {
        let screens: Vec<Screen> = app.available_monitors()?.iter().map(screen).collect();
        let fitted = placement.fit(&screens);
        builder = builder
            .inner_size(fitted.width, fitted.height)
            .maximized(fitted.maximized);
        if let Some((x, y)) = fitted.position {
            builder = builder.position(x, y);
        }
    }
    let window = builder.build()?;
    let paper = match window.theme()? {
        Theme::Dark => DARK_PAPER,
        _ => LIGHT_PAPER,
    };
    window.set_background_color(Some(paper))
}

/// Keeps where the window is, for the next time that it is made.
pub(crate) fn keep_placement(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else {
        return;
    };
    let path = &app.state::<Places>().placement;
    let kept = placement(&window, Placement::read(path))
        .map_err(std::io::Error::other)
        .and_then(|placement| placement.write(path));
    if let Err(error) = kept {
        tracing::warn!("where the window is is not kept: {error}");
    }
}

fn placement(window: &WebviewWindow, before: Option<Placement>) -> tauri::Result<Placement> {
    let maximized = window.is_maximized()?;
    if let (true, Some(before)) = (maximized, before) {
        return Ok(Placement {
            maximized,
            ..before
        });
    }
    let scale = window.scale_factor()?;
    let size = window.inner_size()?.to_logical::<f64>(scale);
    let position = window.outer_position()?.to_logical::<f64>(scale);
    Ok(Placement {
        x: position.x,
        y: position.y,
        width: size.width,
        height: size.height,
        maximized,
    })
}

fn screen(monitor: &Monitor) -> Screen {
    let area = monitor.work_area();
    let position = area.position.to_logical::<f64>(monitor.scale_factor());
    let size = area.size.to_logical::<f64>(monitor.scale_factor());
    Screen {
        x: position.x,
        y: position.y,
        width: size.width,
        height: size.height,
    }
}

/// Says in a message of its own that another program has this library, then ends.
pub(crate) fn say_in_use(app: &AppHandle) {
    let handle = app.clone();
    // Which language was chosen, only the library knows.
    let message = Language::of(None).say(&Text::OpenElsewhere);
    app.dialog()
        .message(message)
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
