//! The app's window as a person meets it: what is seen, clicked, typed and read.

use crate::webdriver::Session;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use testbed::webdriver::{Element, Failure, Result};
use testbed::{WebDriver, eventually};
use tokio::time::sleep;

pub(crate) struct Window {
    session: Session,
    display: String,
    log: PathBuf,
}

/// One tile of the grid.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Tile {
    pub(crate) name: String,
    pub(crate) state: String,
}

const INTO_SIGHT: &str =
    "document.querySelector(arguments[0])?.scrollIntoView({ block: 'center' });";

impl Window {
    pub(crate) fn new(session: Session, display: String, log: PathBuf) -> Self {
        Self {
            session,
            display,
            log,
        }
    }

    /// The app's own process.
    pub(crate) fn process(&self) -> u32 {
        self.session.app()
    }

    pub(crate) fn page(&self) -> &WebDriver {
        &self.session
    }

    /// Closes the window and waits until the app has ended.
    pub(crate) async fn close(self) {
        self.session.end().await;
        let log = std::fs::read_to_string(&self.log).unwrap();
        for sign in ["panicked at", "did not stop in time"] {
            assert!(!log.contains(sign), "{sign}:\n{log}");
        }
    }

    /// The element that `css` selects, once it is shown.
    pub(crate) async fn see(&self, css: &str) -> Element {
        eventually(&format!("{css} is shown"), async || {
            self.session.shown(css).await
        })
        .await
    }

    /// Waits until nothing that `css` selects is shown.
    pub(crate) async fn see_no(&self, css: &str) {
        eventually(&format!("{css} is not shown"), async || {
            match self.session.shown(css).await {
                Ok(_) => Err("still shown"),
                Err(_) => Ok(()),
            }
        })
        .await;
    }

    pub(crate) async fn click(&self, css: &str) {
        eventually(&format!("{css} can be clicked"), async || {
            let element = self.session.shown(css).await?;
            let clicked = self.session.click(&element).await;
            self.bring_into_sight_unless_reached(css, clicked).await
        })
        .await;
    }

    pub(crate) async fn fill(&self, css: &str, text: &str) {
        eventually(&format!("{css} can be filled"), async || {
            let element = self.session.shown(css).await?;
            let filled = self.session.fill(&element, text).await;
            self.bring_into_sight_unless_reached(css, filled).await
        })
        .await;
    }

    /// The driver takes for seen what lies inside the window, below the edge of a box that scrolls: what it
    /// could not reach is brought into sight for the next try.
    async fn bring_into_sight_unless_reached(&self, css: &str, reached: Result<()>) -> Result<()> {
        if reached.is_err() {
            self.script(INTO_SIGHT, &[css.into()]).await;
        }
        reached
    }

    pub(crate) async fn press(&self, key: &str) {
        self.session.press(key).await.unwrap();
    }

    /// Presses a key while another is held.
    pub(crate) async fn press_with(&self, held: &str, key: &str) {
        self.session.press_with(held, key).await.unwrap();
    }

    /// What `css` says, once it holds `part`.
    pub(crate) async fn read(&self, css: &str, part: &str) -> String {
        eventually(&format!("{css} says {part:?}"), async || {
            let element = self.session.shown(css).await?;
            let text = self.session.text(&element).await?;
            if text.contains(part) {
                Ok(text)
            } else {
                Err(Failure(text))
            }
        })
        .await
    }

    /// The tiles of the grid, sorted by name, once `expected` holds for them.
    pub(crate) async fn tiles(&self, what: &str, expected: impl Fn(&[Tile]) -> bool) -> Vec<Tile> {
        eventually(what, async || {
            let tiles = self.tiles_now().await?;
            if expected(&tiles) {
                Ok(tiles)
            } else {
                Err(Failure(format!("{tiles:?}")))
            }
        })
        .await
    }

    pub(crate) async fn script(&self, body: &str, arguments: &[Value]) -> Value {
        self.session.script(body, arguments).await.unwrap()
    }

    pub(crate) async fn callback(&self, body: &str, arguments: &[Value]) -> Value {
        self.session.callback(body, arguments).await.unwrap()
    }

    /// Gives the window this size, and waits until its page has it.
    pub(crate) async fn resize(&self, width: u32, height: u32) {
        self.session.resize(width, height).await.unwrap();
        eventually("the page has the window's size", async || {
            let size = self
                .session
                .script("return [innerWidth, innerHeight]", &[])
                .await?;
            if size == json!([width, height]) {
                Ok(())
            } else {
                Err(Failure(size.to_string()))
            }
        })
        .await;
    }

    /// Waits until every tile of the grid has its picture.
    pub(crate) async fn see_pictures(&self) {
        const MISSING: &str = "return [...document.querySelectorAll('[data-testid=tile]')]
            .filter((tile) => !tile.querySelector('img:not(.first)')?.complete)
            .map((tile) => tile.dataset.name)";
        eventually("every tile has its picture", async || {
            let missing = self.session.script(MISSING, &[]).await?;
            if missing == json!([]) {
                Ok(())
            } else {
                Err(Failure(missing.to_string()))
            }
        })
        .await;
    }

    /// Waits until nothing loads or moves any more, and that is what is painted.
    pub(crate) async fn rest(&self) {
        self.session.rest().await;
    }

    /// The page as PNG, once it stays as it is: after a change of size the compositor is behind.
    pub(crate) async fn screenshot(&self) -> Vec<u8> {
        const STILL: Duration = Duration::from_millis(250);
        eventually("the page stands still", async || {
            self.rest().await;
            let before = self.session.screenshot().await?;
            sleep(STILL).await;
            let after = self.session.screenshot().await?;
            if before == after {
                Ok(after)
            } else {
                Err(Failure("it moves".into()))
            }
        })
        .await
    }

    async fn tiles_now(&self) -> Result<Vec<Tile>> {
        const READ: &str = "return [...document.querySelectorAll('[data-testid=tile]')]
            .map((tile) => [tile.dataset.name, tile.dataset.state])";
        let rows = self.session.script(READ, &[]).await?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let rows = rows.as_array().cloned().unwrap_or_default();
        let mut tiles: Vec<_> = rows
            .iter()
            .map(|row| Tile {
                name: text(&row[0]),
                state: text(&row[1]),
            })
            .collect();
        tiles.sort();
        Ok(tiles)
    }
}

/// A failed test leaves its log in the output and its last picture beside the build.
impl Drop for Window {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        let test = std::thread::current()
            .name()
            .unwrap_or("test")
            .replace("::", "-");
        let picture = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}.png"));
        let taken = Command::new("import")
            .args(["-display", &self.display, "-window", "root"])
            .arg(&picture)
            .status();
        println!("picture: {} ({taken:?})", picture.display());
        println!(
            "log:\n{}",
            std::fs::read_to_string(&self.log).unwrap_or_default()
        );
    }
}
