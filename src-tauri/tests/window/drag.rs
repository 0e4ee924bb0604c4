//! Files dragged with the mouse out of another program's window and dropped on the app's.
//!
//! The display server carries it as it would from a file manager: nothing in the app is called.

use crate::desk::Desk;
use crate::process::Group;
use std::path::{Path, PathBuf};
use std::time::Duration;
use testbed::eventually;
use tokio::process::Command;
use tokio::time::sleep;

/// Where the drag source stands: right of the app's window, which has the left of the display.
const SOURCE: (i32, i32) = (1380, 60);
/// Over the middle of the app's window, where the wider of two targets is.
const MIDDLE: (i32, i32) = (640, 430);
/// Over its right side, where the other one is.
const RIGHT: (i32, i32) = (1120, 430);
/// Between two movements of the hand; toolkits ignore faster ones.
const HAND: Duration = Duration::from_millis(30);

/// Held files, over the app's window.
pub(crate) struct Drag<'desk> {
    desk: &'desk Desk,
    said: PathBuf,
    at: (i32, i32),
    _source: Group,
}

impl<'desk> Drag<'desk> {
    /// Takes `files` and holds them over the app's window.
    pub(crate) async fn over_window(desk: &'desk Desk, files: &[&Path]) -> Self {
        let said = desk.path("drag-source.log");
        // What an earlier drag said is not what this one says.
        std::fs::write(&said, "").unwrap();
        let script = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src-tauri/tests/window/drag_source.py"
        );
        let mut command = Command::new("/usr/bin/python3");
        command
            .arg(script)
            .args([SOURCE.0.to_string(), SOURCE.1.to_string()])
            .args(files)
            .envs(desk.environment());
        let source = Group::start(&mut command, &said);
        let drag = Self {
            desk,
            said,
            at: MIDDLE,
            _source: source,
        };
        drag.hears("READY").await;
        let (x, y) = (SOURCE.0 + 100, SOURCE.1 + 100);
        drag.hand(&["mousemove", &x.to_string(), &y.to_string()])
            .await;
        drag.hand(&["mousedown", "1"]).await;
        drag.travel((x, y), MIDDLE).await;
        drag.hears("BEGIN").await;
        drag
    }

    /// Moves on to the right side of the window.
    pub(crate) async fn right(mut self) -> Self {
        self.travel(self.at, RIGHT).await;
        self.at = RIGHT;
        self
    }

    /// Lets the files go.
    pub(crate) async fn drop(self) {
        let near = (self.at.0 + 2, self.at.1 + 2);
        self.travel(near, self.at).await;
        self.hand(&["mouseup", "1"]).await;
        self.hears("END").await;
        let said = std::fs::read_to_string(&self.said).unwrap();
        assert!(!said.contains("REFUSED"), "the window took nothing: {said}");
    }

    /// Carries the files back out of the window.
    pub(crate) async fn put_back(self) {
        self.travel(self.at, (SOURCE.0 + 100, SOURCE.1 + 400)).await;
        self.hand(&["mouseup", "1"]).await;
        self.hears("END").await;
    }

    async fn travel(&self, from: (i32, i32), to: (i32, i32)) {
        const STEPS: i32 = 12;
        for step in 1..=STEPS {
            let x = from.0 + (to.0 - from.0) * step / STEPS;
            let y = from.1 + (to.1 - from.1) * step / STEPS;
            self.hand(&["mousemove", &x.to_string(), &y.to_string()])
                .await;
            sleep(HAND).await;
        }
    }

    async fn hand(&self, arguments: &[&str]) {
        self.desk.xdotool(arguments).await.unwrap();
    }

    async fn hears(&self, word: &str) {
        eventually(&format!("the drag source says {word}"), async || {
            let said = std::fs::read_to_string(&self.said).unwrap();
            if said.contains(word) {
                Ok(())
            } else {
                Err(said)
            }
        })
        .await;
    }
}
