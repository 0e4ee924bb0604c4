//! Forms that open where their button was, by keyboard alone: it goes on in them, and comes back to the button.

use crate::desk::Desk;
use crate::first_run;
use crate::window::Window;
use testbed::eventually;
use testbed::webdriver::{ENTER, Failure, TAB};

/// What the focus is on: a field's name, or else what a button opens or says.
const FOCUSED: &str = "
    const at = document.activeElement;
    return at.name || at.dataset.opens || at.innerText;";
/// More than any form has.
const TABS: usize = 40;

#[tokio::test]
async fn the_keyboard_goes_on_in_a_form_that_opens_and_comes_back_to_its_button() {
    let desk = Desk::new().await;
    let window = desk.open().await;
    first_run::into_folder(&window, &desk).await;
    //  view, what opens the form, its first field, what closes it
    let cases = [
        ("storage", "place", "kind", "Cancel"),
        ("storage", "edit", "name", "Cancel"),
        ("settings", "edit", "name", "Cancel"),
        ("settings", "patterns", "exclude", "Close"),
    ];
    for (view, opens, first, closes) in cases {
        window.click(&format!("[data-testid=nav-{view}]")).await;
        let opener = format!("[data-opens={opens}]");
        window.see(&opener).await;
        const FOCUS: &str = "document.querySelector(arguments[0]).focus()";
        window.script(FOCUS, &[opener.as_str().into()]).await;
        window.press(ENTER).await;
        is_on(&window, first).await;
        for _ in 0..TABS {
            if focused(&window).await == closes {
                break;
            }
            window.press(TAB).await;
        }
        is_on(&window, closes).await;
        window.press(ENTER).await;
        is_on(&window, opens).await;
    }
    window.close().await;
}

async fn is_on(window: &Window, expected: &str) {
    eventually(
        &format!("the focus is on {expected}"),
        async || match focused(window).await {
            on if on == expected => Ok(()),
            other => Err(Failure(other)),
        },
    )
    .await;
}

async fn focused(window: &Window) -> String {
    let focused = window.script(FOCUSED, &[]).await;
    focused.as_str().unwrap_or_default().to_owned()
}
