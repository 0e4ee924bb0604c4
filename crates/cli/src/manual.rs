//! What a shell and `man` know of the words, made from the words themselves.

use crate::args::Args;
use crate::exit::Exit;
use crate::output;
use clap::CommandFactory;
use clap_complete::Shell;
use library::Result;
use library::view::{Cause, CommandError};
use std::path::Path;

/// What this shell completes the words from.
pub(crate) fn completions(shell: Shell) -> Result<Exit> {
    let mut command = Args::command();
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, &name, &mut script);
    let script = String::from_utf8(script).map_err(unwritten)?;
    // The bash script knows a program with a hyphen in its name under two labels, and would offer nothing
    // behind the first word: https://github.com/clap-rs/clap/issues/6529
    let (wrong, right) = (name.replace('-', "__subcmd__"), name.replace('-', "__"));
    output::line(script.replace(&wrong, &right).trim_end());
    Ok(Exit::Done)
}

/// The page of the program itself.
pub(crate) fn page() -> Result<Exit> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Args::command())
        .render(&mut page)
        .map_err(unwritten)?;
    let page = String::from_utf8(page).map_err(unwritten)?;
    output::line(page.trim_end());
    Ok(Exit::Done)
}

/// A page for the program and each of its words, into a directory that is made.
pub(crate) fn pages(directory: &Path) -> Result<Exit> {
    std::fs::create_dir_all(directory)
        .and_then(|()| clap_mangen::generate_to(Args::command(), directory))
        .map_err(|error| {
            let detail = format!("cannot write into {}: {error}", directory.display());
            CommandError::new(Cause::BadSettings, detail)
        })?;
    Ok(Exit::Done)
}

fn unwritten(error: impl std::fmt::Display) -> CommandError {
    CommandError::new(Cause::Internal, error)
}
