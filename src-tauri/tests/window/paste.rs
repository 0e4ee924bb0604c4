//! Files and pictures that another program put on the clipboard, pasted.

use crate::desk::{Desk, files_below};
use crate::first_run;
use crate::process::Group;
use crate::window::{Tile, Window};
use std::path::PathBuf;
use testbed::eventually;
use testbed::webdriver::CONTROL;
use tokio::process::Command;

const REPORT: &str = "[data-testid=drop-report]";

#[tokio::test]
async fn files_are_pasted_as_they_would_be_dropped() {
    let desk = Desk::new().await;
    let window = desk.open().await;
    first_run::into_folder(&window, &desk).await;
    let outside = desk.path("Camera");
    std::fs::create_dir(&outside).unwrap();
    for (seed, name) in [(1, "plain.jpg"), (2, "Größe & #1.jpg")] {
        std::fs::write(outside.join(name), samples::plain(seed)).unwrap();
    }
    std::fs::write(outside.join("notes.txt"), "not a photo").unwrap();
    let address = |name: &str| format!("file://{}/{name}", outside.display());

    let lines = [
        address("plain.jpg"),
        address("Gr%C3%B6%C3%9Fe%20&%20%231.jpg"),
        address("notes.txt"),
    ];
    let _held = hold(&desk, "text/uri-list", lines.join("\r\n").as_bytes()).await;
    window.press_with(CONTROL, "v").await;
    let said = window.read(REPORT, "2 photos copied").await;
    assert!(said.contains("1 file left out"), "{said}");
    safe(&window, 2).await;
    let copies = copies(&desk);
    for (seed, name) in [(1, "plain.jpg"), (2, "Größe & #1.jpg")] {
        let copy = copies.iter().find(|copy| copy.ends_with(name));
        let copy = copy.unwrap_or_else(|| panic!("{name} is not in {copies:?}"));
        assert_eq!(std::fs::read(copy).unwrap(), samples::plain(seed));
        assert!(outside.join(name).exists(), "{name} stays where it was");
    }

    // As an older file manager has it, and from the menu.
    let text = format!("copy\n{}", address("plain.jpg"));
    let _held = hold(&desk, "x-special/gnome-copied-files", text.as_bytes()).await;
    window.click("header [aria-haspopup]").await;
    window.click("[role=menuitem]:last-child").await;
    window
        .read(REPORT, "1 photo was in your library already")
        .await;
    window.close().await;
}

#[tokio::test]
async fn a_picture_keeps_its_bytes_and_is_not_doubled() {
    let desk = Desk::new().await;
    let window = desk.open().await;
    first_run::into_folder(&window, &desk).await;
    let picture = samples::plain(3);
    let _held = hold(&desk, "image/jpeg", &picture).await;
    window.press_with(CONTROL, "v").await;
    window.read(REPORT, "1 photo copied").await;
    let tiles = safe(&window, 1).await;
    assert!(
        tiles[0].name.starts_with("Pasted 20") && tiles[0].name.ends_with(".jpg"),
        "{tiles:?}"
    );
    let kept = copies(&desk);
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!(std::fs::read(&kept[0]).unwrap(), picture);

    window.press_with(CONTROL, "v").await;
    window
        .read(REPORT, "1 photo was in your library already")
        .await;
    assert_eq!(copies(&desk), kept);
    let left = files_below(&desk.library().join("tmp"));
    assert_eq!(left, [] as [PathBuf; 0], "nothing of ours is left over");
    window.close().await;
}

#[tokio::test]
async fn pixels_become_a_picture() {
    let desk = Desk::new().await;
    let window = desk.open().await;
    first_run::into_folder(&window, &desk).await;
    let _held = hold(
        &desk,
        "image/x-portable-pixmap",
        b"P6 2 1 255 \xff\0\0\0\0\xff",
    )
    .await;
    window.press_with(CONTROL, "v").await;
    window.read(REPORT, "1 photo copied").await;
    safe(&window, 1).await;
    let kept = copies(&desk);
    assert!(std::fs::read(&kept[0]).unwrap().starts_with(b"\x89PNG"));
    window.click("[data-testid=tile]").await;
    window.read("[data-testid=panel]", "2 × 1").await;
    window.close().await;
}

#[tokio::test]
async fn text_goes_into_the_field_and_is_no_photo() {
    let desk = Desk::new().await;
    let window = desk.open().await;
    first_run::into_folder(&window, &desk).await;
    let _held = hold(&desk, "UTF8_STRING", b"lake").await;
    window.press_with(CONTROL, "v").await;
    window
        .read(REPORT, "There is no photo on the clipboard")
        .await;
    window.click(&format!("{REPORT} button")).await;
    window.see_no(REPORT).await;

    window.click("[data-testid=search]").await;
    window.press_with(CONTROL, "v").await;
    eventually("the text is in the field", async || {
        const TYPED: &str = "return document.querySelector('[data-testid=search]').value";
        match window.script(TYPED, &[]).await {
            typed if typed == "lake" => Ok(()),
            typed => Err(typed.to_string()),
        }
    })
    .await;
    window.see_no(REPORT).await;
    window.close().await;
}

/// Another program that has this on the clipboard, under this name, as long as it lives.
async fn hold(desk: &Desk, name: &str, bytes: &[u8]) -> Group {
    let held = desk.path("clipboard");
    std::fs::write(&held, bytes).unwrap();
    let clipboard = |arguments: &[&str]| {
        let mut command = Command::new("xclip");
        command
            .args(["-selection", "clipboard"])
            .args(arguments)
            .envs(desk.environment());
        command
    };
    let holds = held.to_str().unwrap();
    let holder = Group::start(
        &mut clipboard(&["-quiet", "-in", "-t", name, holds]),
        &desk.path("clipboard.log"),
    );
    eventually("the clipboard holds it", async || {
        let output = clipboard(&["-out", "-t", name]).output().await.unwrap();
        match output.stdout == bytes {
            true => Ok(()),
            false => Err(format!("{output:?}")),
        }
    })
    .await;
    holder
}

async fn safe(window: &Window, count: usize) -> Vec<Tile> {
    window
        .tiles("they are safe", |tiles| {
            tiles.len() == count && tiles.iter().all(|tile| tile.state == "backed_up")
        })
        .await
}

fn copies(desk: &Desk) -> Vec<PathBuf> {
    let mut files = files_below(&desk.managed_folder());
    files.retain(|file| !file.components().any(|part| part.as_os_str() == ".imgn"));
    files
}
