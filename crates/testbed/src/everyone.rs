//! What a page is for everyone: axe-core finds nothing wrong with it, the keyboard reaches all that can be used and
//! shows where it is, text fits.
//!
//! Each look at a page tells what is wrong with it as it is now, a sentence a fault.

use crate::wait::eventually;
use crate::webdriver::{DOWN, ESCAPE, Failure, Result, TAB, WebDriver, texts};
use serde_json::Value;

const FITS: &str = include_str!("everyone/fits.js");
const FOCUS: &str = include_str!("everyone/focus.js");

/// The script that judges, from the front end's own packages. A page has to run it before [`faults`].
pub fn axe() -> String {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../ui/node_modules/axe-core/axe.min.js"
    );
    std::fs::read_to_string(file)
        .unwrap_or_else(|error| panic!("{file}: {error}; install the front end's packages"))
}

/// What axe-core finds.
pub async fn faults(page: &WebDriver) -> Result<Vec<String>> {
    const RUN: &str = "
        const done = arguments[arguments.length - 1];
        axe.run().then(
            ({ violations }) => done(violations.flatMap(({ help, nodes }) =>
                nodes.map(({ html }) => `${help}: ${html}`))),
            (error) => done([String(error)]),
        );";
    page.rest().await;
    Ok(texts(&page.callback(RUN, &[]).await?))
}

/// Text that is cut off, out of the window, or below something else.
pub async fn misfits(page: &WebDriver) -> Result<Vec<String>> {
    page.rest().await;
    Ok(texts(&page.script(FITS, &[]).await?))
}

/// Goes round by Tab until everything that can be used was met, each with a focus that is seen; in a menu by the
/// arrows.
pub async fn walk(page: &WebDriver) -> Result<Vec<String>> {
    const IN_MENU: &str = "return document.querySelector('[role=menu]') !== null";
    if page.script(IN_MENU, &[]).await? == true {
        return walk_menu(page).await;
    }
    let stops = texts(&page.script(FOCUS, &[]).await?);
    let (mut wrong, mut met) = (Vec::new(), Vec::new());
    let mut left = stops.clone();
    for _ in 0..2 * stops.len() + 4 {
        page.press(TAB).await?;
        // What is focused is scrolled into sight by the next frame.
        page.rest().await;
        let focus = focus(page).await?;
        wrong.extend(focus["wrong"].as_str().map(str::to_owned));
        met.extend(focus["at"].as_str().map(str::to_owned));
        // Of several that are called the same each has its turn.
        if let Some(at) = left.iter().position(|stop| focus["at"] == stop.as_str()) {
            left.remove(at);
        }
        if left.is_empty() {
            break;
        }
    }
    wrong.sort();
    wrong.dedup();
    // What changed its words meanwhile was met by others.
    let still = texts(&page.script(FOCUS, &[]).await?);
    let missed = stops
        .iter()
        .filter(|stop| !met.contains(stop) && still.contains(stop));
    wrong.extend(missed.map(|stop| format!("Tab never reaches {stop}")));
    Ok(wrong)
}

/// The arrows go round in a menu, and Escape gives the focus back to what opened it.
async fn walk_menu(page: &WebDriver) -> Result<Vec<String>> {
    const AT: &str = "return document.activeElement.getAttribute('role')";
    const ENTRIES: &str = "return document.querySelectorAll('[role=menuitem]').length";
    const BACK: &str = "return document.activeElement.getAttribute('aria-haspopup')";
    let entries = page.script(ENTRIES, &[]).await?.as_u64().unwrap_or(0);
    let mut wrong = Vec::new();
    for _ in 0..=entries {
        page.press(DOWN).await?;
        if page.script(AT, &[]).await? != "menuitem" {
            wrong.push("an arrow leaves the menu".to_owned());
        }
        let focus = focus(page).await?;
        wrong.extend(focus["wrong"].as_str().map(str::to_owned));
    }
    page.press(ESCAPE).await?;
    eventually("Escape closes the menu", async || {
        match page.script(BACK, &[]).await? {
            at if at == "menu" => Ok(()),
            at => Err(Failure(at.to_string())),
        }
    })
    .await;
    Ok(wrong)
}

/// Where it is, and what is wrong with that.
async fn focus(page: &WebDriver) -> Result<Value> {
    page.script(FOCUS, &["now".into()]).await
}
