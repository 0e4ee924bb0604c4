//! `imgn-cli`: the engine on the command line.
//!
//! `main` is a map of the program: become a worker if this process was started as one, read the
//! words, do what they say, end with the exit code that scripts rely on.
#![forbid(unsafe_code)]

mod args;
mod commands;
mod exit;
#[cfg(test)]
mod guide;
mod keys;
mod manual;
mod output;
mod progress;
mod side_by_side;
mod words;

use args::Args;
use clap::Parser;
use exit::Exit;
use library::view::{Cause, CommandError};
use std::io::IsTerminal;
use std::process::ExitCode;
use std::time::Duration;
use tracing_subscriber::EnvFilter;

/// What still runs in the background when the words are done may take this long.
const LAST_WORK: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    media::worker::serve_if_asked();
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return misspoken(&error),
    };
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_env("IMGN_LOG").unwrap_or_else(|_| EnvFilter::new("error")),
        )
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            output::error_line(&format!("imgn-cli cannot start: {error}"));
            return Exit::Internal.into();
        }
    };
    let out = args.output();
    let done = runtime.block_on(commands::run(args));
    // A thread that asks a disk which does not answer is not waited for.
    runtime.shutdown_timeout(LAST_WORK);
    match done {
        Ok(exit) => exit.into(),
        Err(error) => {
            output::failed(&error, out);
            Exit::of(error.code).into()
        }
    }
}

/// The words make no sense, or ask for help. What is wrong is a document, too, for who asked for one.
fn misspoken(error: &clap::Error) -> ExitCode {
    let asked_for_json = std::env::args_os().any(|word| word == "--json");
    if error.use_stderr() && asked_for_json {
        let detail = error.to_string();
        output::refused(&CommandError::new(Cause::BadSettings, detail.trim()));
    }
    // A closed pipe has heard enough.
    error.print().ok();
    if error.use_stderr() {
        Exit::Usage.into()
    } else {
        Exit::Done.into()
    }
}
