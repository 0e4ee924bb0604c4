//! The desktop app: one window over one library.
//!
//! The shell holds no logic. It opens the library, hands each call of the window to it in one line
//! ([`commands`]), hands its events back, and serves pictures ([`pictures`]).

#![forbid(unsafe_code)]
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod background;
mod clipboard;
mod closing;
mod commands;
mod desktop;
mod engine;
mod handing;
mod joining;
mod logging;
mod login;
mod notices;
mod opened;
mod pausing;
mod pictures;
mod placement;
mod profile;
mod standing;
mod tray;
mod trial;
mod window;
mod words;

use background::Background;
use clap::Parser;
use desktop::Desktop;
use engine::{Engine, IN_USE_EXIT_CODE};
use joining::{Place, Wanted};
use login::Login;
use opened::Opened;
use profile::{Places, Profile};
use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use tauri::{AppHandle, Manager, RunEvent, WindowEvent};
use window::Opening;

/// Watches folders, uploads every new photo to storage that you own, and shows them all.
#[derive(Parser)]
#[command(name = "imgn", version)]
struct Arguments {
    /// Keep this library, the photos dropped into it and the window's own state in DIR.
    #[arg(long, value_name = "DIR")]
    library: Option<PathBuf>,

    /// Begin without a window, in the tray.
    #[arg(long)]
    hidden: bool,

    /// Photos to take into the library and show: paths, or file: addresses.
    #[arg(value_name = "PHOTO")]
    photos: Vec<OsString>,
}

/// How it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beginning {
    WithWindow,
    Hidden,
}

fn main() -> ExitCode {
    media::worker::serve_if_asked();
    let arguments = Arguments::parse();
    logging::start();

    let photos: Vec<PathBuf> = match arguments
        .photos
        .iter()
        .map(|word| opened::path(word))
        .collect()
    {
        Ok(photos) => photos,
        Err(problem) => return refuse(&problem, ExitCode::FAILURE),
    };
    let Profile { library, places } = match Profile::choose(arguments.library) {
        Ok(profile) => profile,
        Err(problem) => return refuse(&problem.to_string(), ExitCode::FAILURE),
    };
    if !window::display_exists() {
        let problem = "there is no display to open a window on; imgn-cli works without one";
        return refuse(problem, ExitCode::FAILURE);
    }
    // A hidden start without photos has nothing to show.
    let wanted = match arguments.hidden && photos.is_empty() {
        true => Wanted::Nothing,
        false => Wanted::Window(&photos),
    };
    let engine = match tauri::async_runtime::block_on(joining::join(library, wanted)) {
        Place::Here(engine) => engine,
        Place::Elsewhere => return ExitCode::SUCCESS,
    };
    if let Some(problem) = engine.problem() {
        say(&problem.to_string());
        if engine.is_in_use() && std::io::stderr().is_terminal() {
            return ExitCode::from(IN_USE_EXIT_CODE);
        }
    }
    let beginning = match wanted {
        Wanted::Nothing if engine.problem().is_none() => Beginning::Hidden,
        _ => Beginning::WithWindow,
    };
    match run(engine, places, photos, beginning) {
        Ok(code) => code,
        Err(error) => refuse(
            &format!("cannot open the window: {error}"),
            ExitCode::FAILURE,
        ),
    }
}

fn run(
    engine: Engine,
    places: Places,
    photos: Vec<PathBuf>,
    beginning: Beginning,
) -> tauri::Result<ExitCode> {
    let desktop = tauri::async_runtime::block_on(Desktop::connect());
    let opened = Opened::default();
    opened.add(photos);
    let builder = tauri::Builder::default().plugin(tauri_plugin_dialog::init());
    #[cfg(not(target_os = "linux"))]
    let builder = builder.plugin(tauri_plugin_notification::init());
    let app = builder
        .invoke_handler(commands::all())
        .register_asynchronous_uri_scheme_protocol(pictures::SCHEME, pictures::serve)
        .manage(engine.clone())
        .manage(Login::of(places.named.as_deref()))
        .manage(places)
        .manage(opened)
        .manage(Opening::default())
        .manage(handing::Clipboard::default())
        .setup(move |app| {
            if engine.is_in_use() {
                window::say_in_use(app.handle());
                return Ok(());
            }
            Background::begin(app.handle(), desktop);
            if beginning == Beginning::WithWindow {
                window::make(app.handle())?;
            }
            Background::follow(app.handle(), &engine);
            engine.start(app.handle());
            Ok(())
        })
        .build(tauri::generate_context!())?;
    let code = app.run_return(on_event);
    Ok(u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from))
}

fn on_event(app: &AppHandle, event: RunEvent) {
    match event {
        RunEvent::WindowEvent {
            event: WindowEvent::CloseRequested { .. },
            ..
        } => window::keep_placement(app),
        // No code: the last window was closed, or the system asks. A code: the engine has ended.
        RunEvent::ExitRequested {
            code: None, api, ..
        } => {
            api.prevent_exit();
            if app.webview_windows().is_empty() {
                background::window_closed(app);
            } else {
                engine::end(app);
            }
        }
        _ => {}
    }
}

fn refuse(problem: &str, code: ExitCode) -> ExitCode {
    say(problem);
    code
}

#[expect(
    clippy::print_stderr,
    reason = "before there is a window, this is where one looks"
)]
fn say(problem: &str) {
    eprintln!("imgn: {problem}");
}
