//! Everyone can use the gallery in a browser: axe-core finds nothing, the keyboard reaches everything and shows
//! where it is, text fits; in both languages, light and dark, small and large.

use crate::chromium::Language;
use crate::client::photo;
use crate::page::{ESCAPE, LARGE, Page, SMALL, Theme};
use crate::program::Program;
use testbed::everyone;

const TOKEN: (&str, &str) = ("IMGN_TOKEN", "a-token");

#[tokio::test]
async fn every_view_in_a_browser_is_for_everyone_in_english() {
    tour(Language::English).await;
}

#[tokio::test]
async fn every_view_in_a_browser_is_for_everyone_in_german() {
    tour(Language::German).await;
}

async fn tour(language: Language) {
    let folder = tempfile::tempdir().unwrap();
    let images = folder.path().join("images");
    let program = Program::with(&["--folder", images.to_str().unwrap()], &[TOKEN]);
    let page = Page::open_in(&program.url("/"), language).await;
    let mut found = Vec::new();

    page.see("[data-testid=sign-in]").await;
    page.script(&everyone::axe(), &[]).await;
    judge(&page, "sign in", &mut found).await;
    page.fill("[name=token]", "another").await;
    page.click("[data-testid=sign-in] button").await;
    page.see("[data-testid=refused]:not(:empty)").await;
    judge(&page, "another token", &mut found).await;
    page.fill("[name=token]", TOKEN.1).await;
    page.click("[data-testid=sign-in] button").await;
    page.see("[data-testid=empty]").await;
    judge(&page, "empty", &mut found).await;

    page.drop_files(&[
        ("one.jpg", &photo(1)),
        ("two.jpg", &photo(2)),
        (
            "a film with a rather long name, as phones give them.mp4",
            b"x",
        ),
    ])
    .await;
    page.tiles(2).await;
    page.see("[data-testid=upload-report]").await;
    page.see_picture("one.jpg").await;
    judge(&page, "grid", &mut found).await;
    page.script(
        "document.querySelector('[data-testid=month-check]').click()",
        &[],
    )
    .await;
    page.see("[data-testid=actions-bar]").await;
    judge(&page, "chosen", &mut found).await;
    page.script(
        "document.querySelector('[data-testid=month-check]').click()",
        &[],
    )
    .await;
    page.click("[data-testid=tile]").await;
    page.see("[data-testid=panel] dl").await;
    judge(&page, "lightbox", &mut found).await;
    page.press(ESCAPE).await;
    page.see_no("[data-testid=lightbox]").await;
    page.fill("[data-testid=search]", "nothing like this").await;
    page.see("[data-testid=nothing-found]").await;
    judge(&page, "nothing found", &mut found).await;
    assert!(found.is_empty(), "{found:#?}");
}

/// What is wrong with the page as it is now goes into `found`.
async fn judge(page: &Page, view: &str, found: &mut Vec<String>) {
    for (size, how) in [(LARGE, "large"), (SMALL, "small")] {
        page.resize(size).await;
        for theme in [Theme::Dark, Theme::Light] {
            page.prefer(theme).await;
            let wrong = everyone::faults(page.driver()).await.unwrap();
            found.extend(
                wrong
                    .iter()
                    .map(|wrong| format!("{view}, {how}, {theme:?}: {wrong}")),
            );
        }
        let misfits = everyone::misfits(page.driver()).await.unwrap();
        found.extend(
            misfits
                .iter()
                .map(|wrong| format!("{view}, {how}, does not fit: {wrong}")),
        );
    }
    let wrong = everyone::walk(page.driver()).await.unwrap();
    found.extend(wrong.iter().map(|wrong| format!("{view}: {wrong}")));
}
