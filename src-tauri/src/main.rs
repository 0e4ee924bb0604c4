//! The desktop app: one window over one library.
//!
//! The shell holds no logic. It opens the library, hands each call of the window to it in one line
//! ([`commands`]), hands its events back, and serves pictures ([`pictures`]).

#![forbid(unsafe_code)]
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod commands;
mod engine;
mod logging;
mod pictures;
mod profile;
mod window;

use clap::Parser;
use engine::{Engine, IN_USE_EXIT_CODE};
use profile::Profile;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use tauri::RunEvent;

/// Watches folders, uploads every new photo to storage that you own, and shows them all.
#[derive(Parser)]
#[command(name = "imgn", version)]
struct Arguments {
    /// Keep this library, the photos dropped into it and the window's own state in DIR.
    #[arg(long, value_name = "DIR")]
    library: Option<PathBuf>,
}

fn main() -> ExitCode {
    media::worker::serve_if_asked();
    let arguments = Arguments::parse();
    logging::start();

    let Profile { library, webview } = match Profile::choose(arguments.library) {
        Ok(profile) => profile,
        Err(problem) => return refuse(&problem.to_string(), ExitCode::FAILURE),
    };
    if !window::display_exists() {
        let problem = "there is no display to open a window on; imgn-cli works without one";
        return refuse(problem, ExitCode::FAILURE);
    }
    let engine = tauri::async_runtime::block_on(Engine::open(library));
    if let Some(problem) = engine.problem() {
        say(&problem.to_string());
        if engine.is_in_use() && std::io::stderr().is_terminal() {
            return ExitCode::from(IN_USE_EXIT_CODE);
        }
    }
    match run(engine, webview) {
        Ok(code) => code,
        Err(error) => refuse(
            &format!("cannot open the window: {error}"),
            ExitCode::FAILURE,
        ),
    }
}

fn run(engine: Engine, webview: Option<PathBuf>) -> tauri::Result<ExitCode> {
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(commands::all())
        .register_asynchronous_uri_scheme_protocol(pictures::SCHEME, pictures::serve)
        .manage(engine.clone())
        .setup(move |app| {
            if engine.is_in_use() {
                window::say_in_use(app.handle());
            } else {
                window::open(app, webview.clone())?;
                engine.start(app.handle());
            }
            Ok(())
        })
        .build(tauri::generate_context!())?;
    let code = app.run_return(|app, event| {
        // Closing the window asks to exit without a code; a code means that the engine has ended.
        if let RunEvent::ExitRequested {
            code: None, api, ..
        } = event
        {
            api.prevent_exit();
            engine::end(app);
        }
    });
    Ok(u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from))
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
