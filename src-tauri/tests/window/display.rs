//! A display of one test's own.

use crate::process::Group;
use std::path::Path;
use testbed::eventually;
use tokio::process::Command;

/// As large as the largest window of the tests, with room at the right for a drag source.
pub(crate) const WIDTH: i32 = 1600;
pub(crate) const HEIGHT: i32 = 1000;

pub(crate) struct Display {
    number: u32,
    _server: Group,
}

impl Display {
    /// A server that picks a free number by itself, and no one else can reach over the network.
    pub(crate) async fn start(directory: &Path) -> Self {
        let log = directory.join("display.log");
        let answer = directory.join("display.number");
        let screen = format!("{WIDTH}x{HEIGHT}x24");
        let mut command = Command::new("sh");
        command
            .args([
                "-c",
                r#"exec Xvfb -displayfd 3 -screen 0 "$1" -nolisten tcp 3>"$2""#,
                "sh",
            ])
            .arg(screen)
            .arg(&answer);
        let server = Group::start(&mut command, &log);
        let number = eventually("the display server says its number", async || {
            let text = std::fs::read_to_string(&answer).map_err(|error| error.to_string())?;
            if !text.ends_with('\n') {
                return Err(std::fs::read_to_string(&log).unwrap_or_default());
            }
            text.trim().parse().map_err(|_| text)
        })
        .await;
        Self {
            number,
            _server: server,
        }
    }

    /// What goes into `DISPLAY`.
    pub(crate) fn name(&self) -> String {
        format!(":{}", self.number)
    }
}
