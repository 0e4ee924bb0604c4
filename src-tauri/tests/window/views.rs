//! Every view and state of the window, and how a person gets there.
//!
//! A view that is new gets a line here, and so is tried for everyone by `accessible`: by axe-core,
//! by keyboard, in both languages, light and dark, with small and large text.

use crate::window::Window;
use testbed::webdriver::ESCAPE;

pub(crate) struct View {
    pub(crate) name: &'static str,
    /// What is clicked one after the other, from anywhere.
    pub(crate) clicks: &'static [&'static str],
}

const fn view(name: &'static str, clicks: &'static [&'static str]) -> View {
    View { name, clicks }
}

/// Before there is a library.
pub(crate) const FIRST_RUN: &[View] = &[
    view("first run", &[]),
    view("first run, everything about a bucket", &["form summary"]),
    view(
        "first run, a folder",
        &["label:has([name=kind][value=folder])"],
    ),
    view(
        "first run, an imgn server",
        &["label:has([name=kind][value=http])", "form summary"],
    ),
];

/// While sample photos are tried out.
pub(crate) const TRIAL: &[View] = &[
    view("photos that are tried out", &[PHOTOS]),
    view("settings of a trial", &[SETTINGS]),
];

/// With photos, of which one waits for the destination that is away.
pub(crate) const VIEWS: &[View] = &[
    view("photos", &[PHOTOS]),
    view("what to add", &[PHOTOS, "header [aria-haspopup]"]),
    view("filters", &[PHOTOS, "[data-testid=filters]"]),
    view("photos that are chosen", &[PHOTOS, MONTH]),
    view(
        "photos that are chosen, what to do with them",
        &[PHOTOS, MONTH, "[data-testid=actions-bar] [aria-haspopup]"],
    ),
    view("one photo", &[PHOTOS, "[data-testid=tile]"]),
    view("activity", &[ACTIVITY]),
    view(
        "activity, how long to pause",
        &[ACTIVITY, "main [aria-haspopup]"],
    ),
    view(
        "activity, the details of a problem",
        &[ACTIVITY, "[data-testid=waits] summary"],
    ),
    view("storage", &[STORAGE]),
    view(
        "storage, a new place",
        &[STORAGE, "[data-testid=new-destination]"],
    ),
    view(
        "storage, all about a new place",
        &[STORAGE, "[data-testid=new-destination]", "form summary"],
    ),
    view("places compared", &[STORAGE, "[data-testid=compare]"]),
    view("settings", &[SETTINGS]),
    view("settings, what a photo is", &[SETTINGS, "main summary"]),
    view(
        "settings, the patterns of a folder",
        &[SETTINGS, "[data-testid=folder-patterns]"],
    ),
    view(
        "settings, a place described anew",
        &[
            SETTINGS,
            "[data-testid=edit]",
            "[data-testid=edit-form] form summary",
        ],
    ),
];

/// While a card is plugged in, and when it was copied.
pub(crate) const CARD: &[View] = &[
    view("a card that is offered", &[PHOTOS]),
    view(
        "a card that is offered beside a form",
        &[STORAGE, "[data-testid=new-destination]"],
    ),
];
pub(crate) const COPIED_CARD: &[View] = &[view("a card that was copied", &[PHOTOS])];

const MONTH: &str = "[data-testid=month-check]";
const TILE: &str = "[data-testid=tile]";
const PHOTOS: &str = "[data-testid=nav-photos]";
const ACTIVITY: &str = "[data-testid=nav-activity]";
const STORAGE: &str = "[data-testid=nav-storage]";
const SETTINGS: &str = "[data-testid=nav-settings]";

impl View {
    /// Whether it is there only while something waits.
    pub(crate) fn needs_a_problem(&self) -> bool {
        self.clicks
            .iter()
            .any(|css| css.contains("[data-testid=waits]"))
    }

    pub(crate) async fn open(&self, window: &Window) {
        // What lies over the view before is closed, and what was chosen let go; a view that was left is made anew.
        for _ in 0..2 {
            window.press(ESCAPE).await;
        }
        if let [to, ..] = self.clicks
            && to.starts_with("[data-testid=nav-")
        {
            let other = if *to == SETTINGS { STORAGE } else { SETTINGS };
            go(window, other).await;
        }
        for css in self.clicks {
            go(window, css).await;
        }
        window.rest().await;
    }
}

/// Not with the mouse, which large text and bars that stand still leave little room for: `accessible`
/// is about what is there once one has arrived.
async fn go(window: &Window, css: &str) {
    // The box of a month is seen only while it is pointed at.
    window.see(if css == MONTH { TILE } else { css }).await;
    const CLICK: &str = "document.querySelector(arguments[0]).click()";
    window.script(CLICK, &[css.into()]).await;
}
