//! A terminal of the test's own, by `script`, whose screen can be read while the program runs.

use crate::home::eventually;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

pub(crate) struct Terminal {
    program: Child,
    screen: PathBuf,
}

impl Terminal {
    /// Runs `command` there, with its environment and `more`; what it shows is kept in `screen`.
    pub(crate) fn run(command: &Command, more: &[(&str, &str)], screen: &Path) -> Self {
        let quoted = |word: &std::ffi::OsStr| format!("'{}'", word.to_str().unwrap());
        let words: Vec<String> = [command.get_program()]
            .into_iter()
            .chain(command.get_args())
            .map(quoted)
            .collect();
        let mut script = Command::new("script");
        script
            .args(["--quiet", "--return", "--flush", "--command"])
            .arg(format!("stty cols 100 rows 30; exec {}", words.join(" ")))
            .arg(screen);
        script.env_clear().env("TERM", "xterm-256color");
        let own = command
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?)));
        script.envs(own).envs(more.iter().copied());
        let program = script
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Self {
            program,
            screen: screen.to_owned(),
        }
    }

    /// Everything that was sent to the screen.
    pub(crate) fn screen(&self) -> String {
        let bytes = fs::read(&self.screen).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Waits until the screen showed `part`.
    pub(crate) async fn shows(&self, part: &str) {
        eventually(&format!("{part:?} on the screen"), async || {
            self.screen().contains(part)
        })
        .await;
    }

    /// Waits for the program's end; its exit code, and all that was shown.
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        let code = self.program.wait().unwrap().code();
        (code, self.screen())
    }
}
