//! The same page from another address than the API: it lies in a folder with a `config.json`, as in a static bucket.

use crate::client::photo;
use crate::page::{ENTER, ESCAPE, Page};
use crate::program::Program;
use serde_json::json;
use std::path::{Path, PathBuf};

const TOKEN: (&str, &str) = ("IMGN_TOKEN", "a-token");

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[tokio::test]
async fn a_page_from_elsewhere_shows_a_servers_pictures_to_who_has_the_token() {
    let folder = tempfile::tempdir().unwrap();
    let ui = folder.path().join("ui");
    let built: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "..", "ui", "dist"]
        .iter()
        .collect();
    copy(&built, &ui);
    let pages = Program::monolith(&["--ui", ui.to_str().unwrap()]);
    let own = format!("http://{}", pages.address);
    let images = folder.path().join("images");
    let words = ["--folder", images.to_str().unwrap(), "--origin", &own];
    let program = Program::with(&words, &[TOKEN]);
    let config = json!({ "api": program.url("/") });
    std::fs::write(ui.join("config.json"), config.to_string()).unwrap();

    let page = Page::open(&pages.url("/")).await;
    page.fill("[name=token]", TOKEN.1).await;
    page.press(ENTER).await;
    page.see("[data-testid=empty]").await;
    page.drop_files(&[("lake.jpg", &photo(1))]).await;
    page.tiles(1).await;
    page.see_picture("lake.jpg").await;
    page.click("[data-testid=tile]").await;
    page.see("[data-testid=lightbox] img[src^='blob:']").await;
    page.press(ESCAPE).await;
    // What a first empty form is answered with is how a server is told from functions.
    let complaints = page.complaints().await;
    let others: Vec<_> = complaints
        .iter()
        .filter(|it| !it.contains("/upload"))
        .collect();
    assert!(others.is_empty(), "{others:?}");
    assert!(!program.log().contains(TOKEN.1), "the token is in the log");
}
