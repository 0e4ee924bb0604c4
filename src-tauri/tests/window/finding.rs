//! Photos are found as one types, chosen, and handed on; favourites are kept.

use crate::bucket::Bucket;
use crate::desk::Desk;
use crate::first_run;
use crate::window::{Tile, Window};
use samples::{Exif, JpegOptions};
use serde_json::json;
use std::path::Path;
use testbed::eventually;
use testbed::webdriver::ESCAPE;
use tokio::process::Command;

const SEARCH: &str = "[data-testid=search]";
const SPACE: &str = " ";
const HOME: &str = "\u{E011}";
const END: &str = "\u{E010}";

/// Two summers and a winter, in two folders, of two cameras.
fn fill(pictures: &Path) {
    let photo = |seed, at: &str, name: &str, model: &str| {
        let bytes = samples::jpeg(&JpegOptions {
            seed,
            exif: Exif {
                taken_at: Some(at.parse().unwrap()),
                model: Some(model.into()),
                ..Exif::default()
            },
            ..JpegOptions::default()
        });
        let path = pictures.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    photo(1, "2019-06-01T12:00:00", "Zürichsee/a.jpg", "X100V");
    photo(2, "2019-06-02T12:00:00", "Zürichsee/b.jpg", "X100V");
    photo(3, "2020-01-05T12:00:00", "City/c.jpg", "X100V");
    photo(4, "2021-07-05T12:00:00", "City/d.jpg", "GFX 50R");
}

async fn names(window: &Window, expected: &[&str]) {
    let same = |tiles: &[Tile]| tiles.iter().map(|tile| &tile.name).eq(expected);
    window.tiles(&format!("{expected:?} are shown"), same).await;
}

async fn opened(desk: &Desk) -> Window {
    fill(&desk.pictures());
    let window = desk.open().await;
    window.see("[data-testid=first-run]").await;
    first_run::into_folder(&window, desk).await;
    names(&window, &["a.jpg", "b.jpg", "c.jpg", "d.jpg"]).await;
    window
}

#[tokio::test]
async fn photos_are_found_as_one_types_and_filters_hold_with_the_words() {
    let desk = Desk::new().await;
    let window = opened(&desk).await;
    window.press("/").await;
    for key in "zuri".chars() {
        window.press(&key.to_string()).await;
    }
    names(&window, &["a.jpg", "b.jpg"]).await;
    window.press(ESCAPE).await;
    names(&window, &["a.jpg", "b.jpg", "c.jpg", "d.jpg"]).await;

    window.fill(SEARCH, "x100v January 2020").await;
    names(&window, &["c.jpg"]).await;
    window.read("[data-chip=days]", "January 2020").await;
    window.click("[data-chip=days]").await;
    names(&window, &["a.jpg", "b.jpg", "c.jpg"]).await;

    window.click("[data-testid=filters]").await;
    window.click("[name=folder][value=Pictures]").await;
    window.click("[name=folder][value=City]").await;
    names(&window, &["c.jpg"]).await;
    window.read("[data-chip=folder]", "City").await;
    window.fill(SEARCH, "city").await;
    names(&window, &["c.jpg", "d.jpg"]).await;
    window.click("[data-testid=clear-search]").await;
    names(&window, &["a.jpg", "b.jpg", "c.jpg", "d.jpg"]).await;
    window.close().await;
}

#[tokio::test]
async fn what_finds_nothing_says_why() {
    let desk = Desk::new().await;
    let window = opened(&desk).await;
    window.fill(SEARCH, "2018").await;
    window
        .read("[data-testid=nothing-found]", "In quotes")
        .await;
    window.fill(SEARCH, "submarine").await;
    window
        .read("[data-testid=nothing-found]", "With fewer words")
        .await;
    window.click("[data-testid=nothing-found] button").await;
    names(&window, &["a.jpg", "b.jpg", "c.jpg", "d.jpg"]).await;
    window.close().await;
}

#[tokio::test]
async fn a_month_is_chosen_and_saved_into_a_folder() {
    let desk = Desk::new().await;
    let into = desk.path("Saved");
    std::fs::create_dir(&into).unwrap();
    std::fs::write(into.join("a.jpg"), "another").unwrap();
    let window = opened(&desk).await;
    let heading = "section:has([data-name='a.jpg']) [data-testid=month-check]";
    window
        .script(
            "document.querySelector(arguments[0]).click()",
            &[json!(heading)],
        )
        .await;
    window
        .read("[data-testid=chosen-count]", "2 selected")
        .await;
    window.click("[data-testid=action-save]").await;
    first_run::choose_folder(&desk, &window, &into).await;
    window
        .read("[data-testid=chosen-report]", "2 photos saved in Saved")
        .await;
    let original =
        |name: &str| std::fs::read(desk.pictures().join("Zürichsee").join(name)).unwrap();
    assert_eq!(std::fs::read(into.join("a.jpg")).unwrap(), b"another");
    assert_eq!(
        std::fs::read(into.join("a (2).jpg")).unwrap(),
        original("a.jpg")
    );
    assert_eq!(
        std::fs::read(into.join("b.jpg")).unwrap(),
        original("b.jpg")
    );
    assert_eq!(std::fs::read_dir(&into).unwrap().count(), 3);
    window.press(ESCAPE).await;
    window.see(SEARCH).await;
    window.close().await;
}

#[tokio::test]
async fn chosen_photos_are_on_the_clipboard_as_files() {
    let desk = Desk::new().await;
    let window = opened(&desk).await;
    window
        .script(
            "document.querySelector('[data-name=\"c.jpg\"]').focus()",
            &[],
        )
        .await;
    window.press(SPACE).await;
    window
        .read("[data-testid=chosen-count]", "1 selected")
        .await;
    window.click("[data-testid=action-copy]").await;
    window
        .read("[data-testid=chosen-report]", "1 photo on the clipboard")
        .await;
    let files = clipboard(&desk).await;
    let expected = desk.pictures().join("City/c.jpg");
    assert_eq!(files.trim(), expected.to_str().unwrap());
    window.close().await;
}

#[tokio::test]
async fn escape_leads_back_to_the_photo_one_was_at_and_keys_reach_every_photo() {
    let desk = Desk::new().await;
    let window = opened(&desk).await;
    const FOCUS: &str = "document.querySelector(arguments[0]).focus()";
    window.script(FOCUS, &[json!("[data-name='c.jpg']")]).await;
    // What is chosen is let go from a button of the bar, too.
    window.press(SPACE).await;
    window
        .read("[data-testid=chosen-count]", "1 selected")
        .await;
    window
        .script(FOCUS, &[json!("[data-testid=actions-bar] [aria-haspopup]")])
        .await;
    window.press(ESCAPE).await;
    window.see(SEARCH).await;
    is_at(&window, "c.jpg").await;

    // What was done with them leaves the focus where it was.
    window.press(SPACE).await;
    window
        .script(FOCUS, &[json!("[data-testid=action-copy]")])
        .await;
    window.press(SPACE).await;
    window
        .read("[data-testid=chosen-report]", "1 photo on the clipboard")
        .await;
    let at = window.script(AT, &[]).await;
    assert_eq!(at, "action-copy");
    window.press(ESCAPE).await;
    is_at(&window, "c.jpg").await;

    window.press("/").await;
    window.press(ESCAPE).await;
    is_at(&window, "c.jpg").await;
    for (key, name) in [(END, "a.jpg"), (HOME, "d.jpg")] {
        window.press(key).await;
        is_at(&window, name).await;
    }
    window.close().await;
}

/// What has the focus: the name of its photo, or of itself.
const AT: &str =
    "const { name, testid } = document.activeElement.dataset; return name ?? testid ?? ''";

async fn is_at(window: &Window, name: &str) {
    eventually(&format!("{name} has the focus"), async || {
        match window.script(AT, &[]).await {
            at if at == name => Ok(()),
            at => Err(at.to_string()),
        }
    })
    .await;
}

#[tokio::test]
async fn links_to_chosen_photos_show_them_to_whoever_has_them() {
    let bucket = Bucket::new().await;
    let desk = Desk::new().await;
    fill(&desk.pictures());
    let window = desk.open().await;
    first_run::into_bucket(&window, &bucket).await;
    window
        .read("[data-testid=status-line]", "All 4 photos are safe in")
        .await;
    window.see("[data-name='a.jpg']").await;
    const FOCUS: &str = "document.querySelector(arguments[0]).focus()";
    for name in ["d.jpg", "a.jpg"] {
        let tile = format!("[data-name='{name}']");
        window.script(FOCUS, &[json!(tile)]).await;
        window.press(SPACE).await;
    }
    window
        .read("[data-testid=chosen-count]", "2 selected")
        .await;
    window
        .click("[data-testid=actions-bar] [aria-haspopup]")
        .await;
    window.click("[data-key=link-hour]").await;
    let said = window
        .read(
            "[data-testid=chosen-report]",
            "2 links are on the clipboard",
        )
        .await;
    assert!(said.contains("They cannot be taken back."), "{said}");
    let copied = text_on_clipboard(&desk).await;
    let photos = copied.lines().map(testbed::visit);
    let mut shown = Vec::new();
    for photo in photos {
        let answer = photo.await;
        assert_eq!(answer.status, 200, "{answer:?}");
        shown.push(answer.body);
    }
    let original = |name: &str| std::fs::read(desk.pictures().join(name)).unwrap();
    assert_eq!(shown.len(), 2, "{copied}");
    for name in ["City/d.jpg", "Zürichsee/a.jpg"] {
        assert!(shown.contains(&original(name)), "{name}");
    }
    window.close().await;
}

#[tokio::test]
async fn a_favourite_survives_a_restart_and_stands_in_the_sidecar() {
    let bucket = Bucket::new().await;
    let desk = Desk::new().await.with_keys(&bucket);
    fill(&desk.pictures());
    let window = desk.open().await;
    window.see("[data-testid=first-run]").await;
    first_run::into_bucket(&window, &bucket).await;
    window
        .read("[data-testid=status-line]", "are safe in")
        .await;
    window.see("[data-name='a.jpg']").await;
    window
        .script(
            "document.querySelector('[data-name=\"a.jpg\"]').focus()",
            &[],
        )
        .await;
    window.press("f").await;
    window.see("[data-name='a.jpg'][data-favourite=true]").await;
    let sidecar = eventually("the sidecar tells of the favourite", async || {
        let body = bucket.read("2019/06/a.jpg.meta").await;
        let sidecar: serde_json::Value = serde_json::from_slice(&body).unwrap();
        match sidecar["favourite"] == true {
            true => Ok(sidecar),
            false => Err(sidecar.to_string()),
        }
    })
    .await;
    assert_eq!(sidecar["rev"], 2, "{sidecar}");
    window.close().await;

    let window = desk.open().await;
    window.see("[data-name='a.jpg'][data-favourite=true]").await;
    window.click("[data-testid=filters]").await;
    window.click("[name=favourite]").await;
    names(&window, &["a.jpg"]).await;
    window.close().await;
}

/// The files on the clipboard, one a line, as another program of the desk sees them.
async fn clipboard(desk: &Desk) -> String {
    const READ: &str = "
import gi
gi.require_version('Gtk', '3.0')
gi.require_version('Gdk', '3.0')
from gi.repository import Gdk, Gio, Gtk
uris = Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD).wait_for_uris() or []
print('\\n'.join(Gio.File.new_for_uri(uri).get_path() for uri in uris))";
    let output = Command::new("/usr/bin/python3")
        .args(["-c", READ])
        .envs(desk.environment())
        .output()
        .await
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

async fn text_on_clipboard(desk: &Desk) -> String {
    let output = Command::new("xclip")
        .args(["-selection", "clipboard", "-out"])
        .envs(desk.environment())
        .output()
        .await
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}
