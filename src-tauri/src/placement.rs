//! Where the window stood and how large it was, kept over restarts.
//!
//! **Invariant:** a window is never put where it cannot be reached: what no longer fits the screens
//! is made smaller, and what lies beside them is left to the system.

use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;

/// The window when it was last seen; logical pixels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Placement {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// Then the rest is what it has when it is not.
    pub(crate) maximized: bool,
}

/// The part of a screen that windows may fill; logical pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Screen {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// How a window is to be opened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Fitted {
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// None: where the system puts it.
    pub(crate) position: Option<(f64, f64)>,
    pub(crate) maximized: bool,
}

/// So much of the window's top has to be on a screen for it to be seen and moved.
const GRIP: f64 = 100.0;

impl Placement {
    /// None: it was never kept, or what is there is no placement.
    pub(crate) fn read(path: &Path) -> Option<Self> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(error) => {
                tracing::warn!("the window stands as at first: {}: {error}", path.display());
                return None;
            }
        };
        let read: Self = serde_json::from_str(&text)
            .inspect_err(|error| {
                tracing::warn!("the window stands as at first: {}: {error}", path.display());
            })
            .ok()?;
        let size = [read.width, read.height];
        size.iter()
            .all(|side| side.is_finite() && *side >= 1.0)
            .then_some(read)
    }

    pub(crate) fn write(&self, path: &Path) -> io::Result<()> {
        std::fs::write(path, serde_json::to_string(self)?)
    }

    /// As it can be on these screens; none of them known: as it was, wherever the system puts it.
    pub(crate) fn fit(self, screens: &[Screen]) -> Fitted {
        let home = screens
            .iter()
            .copied()
            .find(|screen| self.can_be_reached(screen));
        let room = home.or(screens.first().copied());
        let within = |side: f64, most: Option<f64>| most.map_or(side, |most| side.min(most));
        let width = within(self.width, room.map(|room| room.width));
        let height = within(self.height, room.map(|room| room.height));
        let position = home.map(|home| {
            let inside =
                |at: f64, from: f64, room: f64, side: f64| at.min(from + room - side).max(from);
            (
                inside(self.x, home.x, home.width, width),
                inside(self.y, home.y, home.height, height),
            )
        });
        Fitted {
            width,
            height,
            position,
            maximized: self.maximized,
        }
    }

    fn can_be_reached(&self, screen: &Screen) -> bool {
        let shared = (self.x + self.width).min(screen.x + screen.width) - self.x.max(screen.x);
        let top = self.y >= screen.y - GRIP && self.y <= screen.y + screen.height - GRIP;
        shared >= GRIP && top
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAPTOP: Screen = Screen {
        x: 0.0,
        y: 0.0,
        width: 1366.0,
        height: 728.0,
    };
    const BESIDE: Screen = Screen {
        x: 1366.0,
        y: 0.0,
        width: 2560.0,
        height: 1400.0,
    };

    #[test]
    fn a_window_opens_where_it_can_be_reached() {
        type Rect = (f64, f64, f64, f64);
        type Pair = (f64, f64);
        type Case = (&'static str, Rect, &'static [Screen], Pair, Option<Pair>);
        //  name, the window as it was, screens, size, position
        let cases: [Case; 7] = [
            (
                "as it was",
                (50.0, 40.0, 900.0, 600.0),
                &[LAPTOP],
                (900.0, 600.0),
                Some((50.0, 40.0)),
            ),
            (
                "on the second screen",
                (1500.0, 40.0, 1600.0, 1000.0),
                &[LAPTOP, BESIDE],
                (1600.0, 1000.0),
                Some((1500.0, 40.0)),
            ),
            (
                "the second screen is gone",
                (1500.0, 40.0, 1600.0, 1000.0),
                &[LAPTOP],
                (1366.0, 728.0),
                None,
            ),
            (
                "the screen got smaller",
                (200.0, 300.0, 1300.0, 900.0),
                &[LAPTOP],
                (1300.0, 728.0),
                Some((66.0, 0.0)),
            ),
            (
                "half beside the screen",
                (1200.0, 100.0, 900.0, 600.0),
                &[LAPTOP],
                (900.0, 600.0),
                Some((466.0, 100.0)),
            ),
            (
                "only a corner was left",
                (1360.0, 100.0, 900.0, 600.0),
                &[LAPTOP],
                (900.0, 600.0),
                None,
            ),
            (
                "no screen is known",
                (9.0, 9.0, 900.0, 600.0),
                &[],
                (900.0, 600.0),
                None,
            ),
        ];
        for (name, (x, y, width, height), screens, size, position) in cases {
            let placement = Placement {
                x,
                y,
                width,
                height,
                maximized: false,
            };
            let fitted = placement.fit(screens);
            assert_eq!((fitted.width, fitted.height), size, "{name}");
            assert_eq!(fitted.position, position, "{name}");
        }
    }

    #[test]
    fn what_is_written_is_read_and_rubbish_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("window.json");
        assert_eq!(Placement::read(&path), None, "there is none yet");
        let placement = Placement {
            x: 1.0,
            y: -2.0,
            width: 900.0,
            height: 600.5,
            maximized: true,
        };
        placement.write(&path).unwrap();
        assert_eq!(Placement::read(&path), Some(placement));
        for rubbish in [
            "",
            "{}",
            "null",
            r#"{"x":0,"y":0,"width":0,"height":-5,"maximized":false}"#,
        ] {
            std::fs::write(&path, rubbish).unwrap();
            assert_eq!(Placement::read(&path), None, "{rubbish}");
        }
    }
}
