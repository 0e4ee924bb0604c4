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
        _ => std::env::current_exe().map(as_installed),
    }
}

/// An update puts another file into the place of the one that runs, which Linux then shows like this.
fn as_installed(running: PathBuf) -> PathBuf {
    let replaced = running
        .to_str()
        .and_then(|path| path.strip_suffix(" (deleted)"))
        .filter(|_| !running.exists());
    replaced.map(PathBuf::from).unwrap_or(running)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_starts_at_login_is_the_file_that_an_update_left() {
        let folder = tempfile::tempdir().unwrap();
        let odd = folder.path().join("imgn (deleted)");
        std::fs::write(&odd, "").unwrap();
        //  name, what runs, what is started at login
        let cases = [
            (
                "as installed",
                "/usr/bin/imgn".into(),
                "/usr/bin/imgn".into(),
            ),
            (
                "updated",
                "/nowhere/imgn (deleted)".into(),
                "/nowhere/imgn".into(),
            ),
            ("called so", odd.clone(), odd),
        ];
        for (name, running, expected) in cases {
            assert_eq!(as_installed(running), expected, "{name}");
        }
    }
}
