//! Settings in the window: each holds at once, and says beforehand what it would do.

use crate::background::chosen;
use crate::checks::originals;
use crate::desk::Desk;
use crate::first_run;
use crate::window::{Tile, Window};
use serde_json::json;
use std::path::{Path, PathBuf};
use testbed::eventually;
use testbed::webdriver::{ESCAPE, TAB};

const SETTINGS: &str = "[data-testid=nav-settings]";
const PHOTOS: &str = "[data-testid=nav-photos]";
const PREVIEW: &str = "[data-testid=pattern-preview]";
const EDIT: &str = "[data-testid=edit-form]";

fn photo(folder: PathBuf, name: &str, seed: u64) {
    let jpeg = samples::plain(seed);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name), jpeg).unwrap();
}

async fn safe(window: &Window, names: &[&str]) {
    let expected: Vec<Tile> = names
        .iter()
        .map(|name| Tile {
            name: (*name).to_owned(),
            state: "backed_up".to_owned(),
        })
        .collect();
    window
        .tiles(&format!("{names:?} are safe"), |tiles| tiles == expected)
        .await;
}

/// Chooses in a list, as a person does.
async fn select(window: &Window, css: &str, value: &str) {
    const SELECT: &str = "const list = document.querySelector(arguments[0]);
        list.value = arguments[1];
        list.dispatchEvent(new Event('change', { bubbles: true }));";
    window.see(css).await;
    window.script(SELECT, &[css.into(), value.into()]).await;
}

async fn theme(window: &Window, expected: &str) {
    eventually(&format!("the theme is {expected:?}"), async || {
        let theme = window
            .script("return document.documentElement.dataset.theme ?? ''", &[])
            .await;
        match theme == json!(expected) {
            true => Ok(()),
            false => Err(theme.to_string()),
        }
    })
    .await;
}

#[tokio::test]
async fn a_pattern_says_what_it_would_leave_out_and_then_leaves_it_out() {
    let desk = Desk::new().await;
    photo(desk.pictures(), "lake.jpg", 1);
    photo(desk.pictures().join("Scans"), "scan.jpg", 2);
    let window = desk.open().await;
    first_run::into_folder(&window, &desk).await;
    safe(&window, &["lake.jpg", "scan.jpg"]).await;

    window.click(SETTINGS).await;
    window
        .read(PREVIEW, "Nothing is left out; 2 photos are taken in.")
        .await;
    let exclude = "[data-testid=patterns] [name=exclude]";
    window.fill(exclude, "[z-a]").await;
    window.read(PREVIEW, "makes no sense as a pattern").await;
    window.see("[data-testid=use-patterns]:disabled").await;
    window.fill(exclude, "Scans/").await;
    let said = window
        .read(PREVIEW, "1 photo left out; 1 photo is taken in.")
        .await;
    for part in ["Scans/scan.jpg by Scans/", "lake.jpg"] {
        assert!(said.contains(part), "{part} is missing in: {said}");
    }
    // Trying a pattern is not using it.
    assert!(!settings_file(&desk).exists());
    window.click("[data-testid=use-patterns]:enabled").await;
    chosen(&desk, "exclude = [\"Scans/\"]").await;

    photo(desk.pictures().join("Scans"), "second.jpg", 3);
    photo(desk.pictures(), "sea.jpg", 4);
    window.click(PHOTOS).await;
    window
        .tiles("the other photo is safe", |tiles| {
            tiles
                .iter()
                .any(|tile| tile.name == "sea.jpg" && tile.state == "backed_up")
        })
        .await;
    let kept = originals(&desk.path("Safe"));
    assert!(
        !kept.iter().any(|path| path.ends_with("second.jpg")),
        "{kept:?}"
    );
    assert!(
        kept.iter().any(|path| path.ends_with("scan.jpg")),
        "{kept:?}"
    );

    // Of one folder: what was left out of all is taken back.
    window.click(SETTINGS).await;
    window.click("[data-testid=folder-patterns]").await;
    let own = "li [data-testid=patterns] [name=exclude]";
    window.fill(own, "!Scans/").await;
    window
        .read(
            "li [data-testid=pattern-preview]",
            "Nothing is left out; 4 photos",
        )
        .await;
    window.click("li [data-testid=use-patterns]:enabled").await;
    window.click(PHOTOS).await;
    safe(&window, &["lake.jpg", "scan.jpg", "sea.jpg", "second.jpg"]).await;
    window.close().await;
}

#[tokio::test]
async fn a_second_place_is_added_and_described_anew_and_each_photo_says_where_it_is() {
    let desk = Desk::new().await;
    photo(desk.pictures(), "lake.jpg", 1);
    let window = desk.open().await;
    first_run::into_folder(&window, &desk).await;
    safe(&window, &["lake.jpg"]).await;

    window.click(SETTINGS).await;
    let second = desk.path("Second");
    std::fs::create_dir(&second).unwrap();
    window.click("[data-testid=new-destination]").await;
    window.click("label:has([name=kind][value=folder])").await;
    window.fill("[name=path]", second.to_str().unwrap()).await;
    window.click("[data-testid=test-connection]").await;
    window.click("[data-testid=add-destination]:enabled").await;
    window.see_no("[data-testid=destination-form]").await;
    panel_shows(&window, &["Safe", "Second"]).await;
    assert_eq!(originals(&second).len(), 1);

    // Another name, and other names for photos there.
    window.click(SETTINGS).await;
    window.click("li:nth-child(2) [data-testid=edit]").await;
    window.fill(&format!("{EDIT} [name=name]"), "Attic").await;
    window.click(&format!("{EDIT} form summary")).await;
    let template = format!("{EDIT} [name=key_template]");
    window.fill(&template, "{year}").await;
    window
        .read("[data-testid=key-preview]", "makes no name")
        .await;
    window.fill(&template, "all/{stem}.{ext}").await;
    window
        .read("[data-testid=key-preview]", "lake.jpg → all/lake.jpg")
        .await;
    window.click("[data-testid=save-destination]:enabled").await;
    window.see_no(EDIT).await;
    window
        .read("li:nth-child(2) [data-testid=place-settings]", "Attic")
        .await;

    // A place that is no imgn library, or another one, is refused with the reason.
    window.click("li:nth-child(2) [data-testid=edit]").await;
    window
        .fill(
            &format!("{EDIT} [name=path]"),
            desk.path("Safe").to_str().unwrap(),
        )
        .await;
    window.see("[data-testid=save-destination]:disabled").await;
    window
        .click(&format!("{EDIT} [data-testid=test-connection]"))
        .await;
    window
        .read("[data-testid=test-answer]", "Another library lies in")
        .await;
    window.see("[data-testid=save-destination]:disabled").await;

    photo(desk.pictures(), "sea.jpg", 2);
    window.click(PHOTOS).await;
    safe(&window, &["lake.jpg", "sea.jpg"]).await;
    panel_shows(&window, &["Safe", "Attic"]).await;
    assert!(second.join("all/sea.jpg").exists());
    window.close().await;
}

#[tokio::test]
async fn a_folder_is_shared_with_an_original_imgn_and_what_it_cannot_do_is_said() {
    let desk = Desk::new().await;
    photo(desk.pictures(), "Lake 1.JPG", 1);
    let window = desk.open().await;
    first_run::into_folder(&window, &desk).await;
    safe(&window, &["Lake 1.JPG"]).await;
    let gallery = desk.path("gallery");
    std::fs::create_dir(&gallery).unwrap();
    window.click(SETTINGS).await;
    window.click("[data-testid=new-destination]").await;
    window.click("label:has([name=kind][value=folder])").await;
    window.fill("[name=path]", gallery.to_str().unwrap()).await;
    window.click("form summary").await;
    window.see("[name=key_template]").await;
    select(&window, "[name=layout]", "original").await;
    window.see_no("[name=key_template]").await;
    let form = "[data-testid=destination-form]";
    window
        .read(form, "A library cannot be rebuilt from it")
        .await;
    window.click("[data-testid=test-connection]").await;
    window
        .read("[data-testid=test-answer]", "It takes JPEG and PNG only")
        .await;
    window.click("[data-testid=add-destination]:enabled").await;
    window.see_no(form).await;
    panel_shows(&window, &["Safe", "gallery"]).await;
    let mut names: Vec<String> = std::fs::read_dir(&gallery)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.ends_with(".meta"))
        .collect();
    assert_eq!(names.len(), 1, "{names:?}");
    let name = names.remove(0);
    assert!(
        name.starts_with("lake1-") && name.ends_with(".jpg"),
        "{name}"
    );
    window.click("[data-testid=nav-storage]").await;
    window
        .read("main", "An original imgn shares this place")
        .await;
    window.close().await;
}

async fn panel_shows(window: &Window, places: &[&str]) {
    window.click(PHOTOS).await;
    window.click("[data-testid=tile]").await;
    for place in places {
        window
            .read("[data-testid=panel]", &format!("Safe in {place} since"))
            .await;
    }
    window.press(ESCAPE).await;
    window.see_no("[data-testid=lightbox]").await;
}

#[tokio::test]
async fn a_setting_is_found_by_its_words_and_holds_at_once() {
    let desk = Desk::new().await;
    let window = desk.open().await;
    first_run::into_folder(&window, &desk).await;
    window.click(SETTINGS).await;
    let find = "[name=find-setting]";
    window.fill(find, "bandwidth").await;
    window.see("[name=upload]").await;
    window.see_no("[name=thumbnails]").await;
    window.see_no("[name=appearance]").await;
    window.fill("[name=upload]", "fast").await;
    window.press(TAB).await;
    window.read("main", "This is no amount").await;
    window.fill("[name=upload]", "1.5").await;
    window.press(TAB).await;
    chosen(&desk, "upload = 1500000").await;
    window.fill(find, "dark").await;
    select(&window, "[name=appearance]", "dark").await;
    theme(&window, "dark").await;
    chosen(&desk, "appearance = \"dark\"").await;
    window.fill(find, "sprache").await;
    window
        .read("main", "No setting has to do with sprache")
        .await;
    window.fill(find, "language").await;
    select(&window, "[name=language]", "de").await;
    window.fill(find, "sprache").await;
    window.see("[name=language]").await;
    window.close().await;
}

#[tokio::test]
async fn what_the_settings_file_says_of_the_appearance_is_seen_at_once() {
    let desk = Desk::new().await;
    let window = desk.open().await;
    first_run::into_folder(&window, &desk).await;
    theme(&window, "").await;
    for appearance in ["dark", "light"] {
        let text = format!("appearance = \"{appearance}\"\n");
        std::fs::write(settings_file(&desk), text).unwrap();
        theme(&window, appearance).await;
    }
    std::fs::write(settings_file(&desk), "").unwrap();
    theme(&window, "").await;
    window.close().await;
}

fn settings_file(desk: &Desk) -> PathBuf {
    desk.library().join("settings.toml")
}

#[tokio::test]
async fn settings_are_taken_along_and_taken_in() {
    let desk = Desk::new().await;
    let window = desk.open().await;
    first_run::into_folder(&window, &desk).await;
    window.click(SETTINGS).await;
    let file = desk.path("along.toml");
    window.click("[data-testid=export]").await;
    // The extension stands there already, behind what is chosen and typed over.
    first_run::choose_folder(&desk, &window, &desk.path("along")).await;
    let outcome = "[data-testid=exchange-outcome]";
    window.read(outcome, "Written to").await;
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains(desk.path("Safe").to_str().unwrap()), "{text}");

    let disk = desk.path("Disk");
    let more = format!("{text}\n[[folder]]\npath = {disk:?}\n");
    std::fs::write(&file, more).unwrap();
    window.click("[data-testid=import]").await;
    first_run::choose_folder(&desk, &window, Path::new(&file)).await;
    window.read(outcome, "New: 1 folder and 0 places.").await;
    window.read(outcome, "1 folder is not there yet").await;
    window.close().await;
}
