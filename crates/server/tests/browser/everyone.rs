//! Everyone can use the gallery in a browser: axe-core finds nothing, the keyboard reaches everything and shows
//! where it is, text fits; in both languages, light and dark, small and large.

use crate::chromium::Language;
use crate::client::photo;
use crate::page::{ESCAPE, LARGE, Page, SMALL, TAB, Theme, texts};
use crate::program::Program;

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
    page.script(&axe(), &[]).await;
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
    const RUN: &str = "
        const done = arguments[arguments.length - 1];
        axe.run().then(
            ({ violations }) => done(violations.flatMap(({ help, nodes }) =>
                nodes.map(({ html }) => `${help}: ${html}`))),
            (error) => done([String(error)]),
        );";
    const FITS: &str = include_str!("../../../../src-tauri/tests/window/fits.js");
    for (size, how) in [(LARGE, "large"), (SMALL, "small")] {
        page.resize(size).await;
        for theme in [Theme::Dark, Theme::Light] {
            page.prefer(theme).await;
            page.rest().await;
            let wrong = texts(&page.callback(RUN, &[]).await);
            found.extend(
                wrong
                    .iter()
                    .map(|wrong| format!("{view}, {how}, {theme:?}: {wrong}")),
            );
        }
        let misfits = texts(&page.script(FITS, &[]).await);
        found.extend(
            misfits
                .iter()
                .map(|wrong| format!("{view}, {how}, does not fit: {wrong}")),
        );
    }
    let wrong = walk(page).await;
    found.extend(wrong.iter().map(|wrong| format!("{view}: {wrong}")));
}

/// Goes round by Tab until everything that can be used was met, each with a focus that is seen.
async fn walk(page: &Page) -> Vec<String> {
    const FOCUS: &str = include_str!("../../../../src-tauri/tests/window/focus.js");
    let stops = texts(&page.script(FOCUS, &[]).await);
    let (mut wrong, mut met) = (Vec::new(), Vec::new());
    for _ in 0..2 * stops.len() + 4 {
        page.press(TAB).await;
        page.rest().await;
        let focus = page.script(FOCUS, &["now".into()]).await;
        wrong.extend(focus["wrong"].as_str().map(str::to_owned));
        met.extend(focus["at"].as_str().map(str::to_owned));
    }
    wrong.sort();
    wrong.dedup();
    let missed = stops.iter().filter(|stop| !met.contains(stop));
    wrong.extend(missed.map(|stop| format!("Tab never reaches {stop}")));
    wrong
}

/// The script that judges, from the front end's own packages.
fn axe() -> String {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../ui/node_modules/axe-core/axe.min.js"
    );
    std::fs::read_to_string(file)
        .unwrap_or_else(|error| panic!("{file}: {error}; install the front end's packages"))
}
