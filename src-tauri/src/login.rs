//! Starting imgn, without its window, when the person logs in.
//!
//! The system's own entry is the only record of it, so that what the desktop's settings change holds
//! here too.

#[cfg(target_os = "linux")]
mod autostart;
#[cfg(target_os = "linux")]
pub(crate) use autostart::Login;

#[cfg(not(target_os = "linux"))]
mod native;
#[cfg(not(target_os = "linux"))]
pub(crate) use native::Login;

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// What is started: this program, on the library of this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Command {
    program: PathBuf,
    arguments: Vec<OsString>,
}

impl Command {
    /// `named`: the library's directory, where that is not the account's own.
    fn of_this_run(named: Option<&Path>) -> io::Result<Self> {
        let mut arguments = Vec::new();
        if let Some(directory) = named {
            arguments.extend(["--library".into(), directory.into()]);
        }
        arguments.push("--hidden".into());
        Ok(Self {
            program: program()?,
            arguments,
        })
    }
}

/// An AppImage runs from a place that is gone when it ends; it names the file that stays.
fn program() -> io::Result<PathBuf> {
    match std::env::var_os("APPIMAGE") {
        Some(image) if !image.is_empty() => Ok(image.into()),
        _ => std::env::current_exe(),
    }
}
