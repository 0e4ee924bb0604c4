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
mod words;
mod words_doctor;

use args::Args;
use clap::Parser;
use exit::Exit;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    media::worker::serve_if_asked();
    let args = Args::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_env("IMGN_LOG").unwrap_or_else(|_| EnvFilter::new("error")),
        )
        .with_writer(std::io::stderr)
        .init();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            output::error_line(&format!("imgn-cli cannot start: {error}"));
            return Exit::Internal.into();
        }
    };
    let json = args.json;
    match runtime.block_on(commands::run(args)) {
        Ok(exit) => exit.into(),
        Err(error) => {
            output::failed(&error, json);
            Exit::of(error.code).into()
        }
    }
}
