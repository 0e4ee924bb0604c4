//! macOS and Windows: a launch agent, or a value of the registry.

use super::Command;
use auto_launch::{AutoLaunch, AutoLaunchBuilder};
use std::io;
use std::path::{Path, PathBuf};

#[derive(Debug, Clone)]
pub(crate) struct Login {
    named: Option<PathBuf>,
}

impl Login {
    pub(crate) fn of(named: Option<&Path>) -> Self {
        Self {
            named: named.map(Path::to_owned),
        }
    }

    pub(crate) fn starts(&self) -> io::Result<bool> {
        self.entry()?.is_enabled().map_err(io::Error::other)
    }

    pub(crate) fn set(&self, wanted: bool) -> io::Result<()> {
        match wanted {
            true => self.start(),
            false => self.do_not_start(),
        }
    }

    fn start(&self) -> io::Result<()> {
        self.entry()?.enable().map_err(io::Error::other)
    }

    fn do_not_start(&self) -> io::Result<()> {
        self.entry()?.disable().map_err(io::Error::other)
    }

    fn entry(&self) -> io::Result<AutoLaunch> {
        let Command { program, arguments } = Command::of_this_run(self.named.as_deref())?;
        let text = |argument: std::ffi::OsString| {
            argument
                .into_string()
                .map_err(|argument| io::Error::other(format!("{argument:?} is no text")))
        };
        let arguments: Vec<String> = arguments.into_iter().map(text).collect::<io::Result<_>>()?;
        AutoLaunchBuilder::new()
            .set_app_name("imgn")
            .set_app_path(&text(program.into_os_string())?)
            .set_args(&arguments)
            .build()
            .map_err(io::Error::other)
    }
}
