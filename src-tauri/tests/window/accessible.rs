//! Every view can be used by everyone, as far as axe-core can tell.

use crate::desk::Desk;
use crate::first_run;
use crate::window::Window;
use samples::JpegOptions;
use std::path::Path;

#[tokio::test]
async fn axe_finds_nothing_in_any_view() {
    let desk = Desk::new().await;
    for seed in 0..3 {
        let photo = samples::jpeg(&JpegOptions {
            seed,
            ..JpegOptions::default()
        });
        std::fs::write(desk.pictures().join(format!("{seed}.jpg")), photo).unwrap();
    }
    let window = desk.open().await;
    window.script(&axe(), &[]).await;

    let mut found = Vec::new();
    window.see("[data-testid=first-run]").await;
    found.push(judge(&window, "first run").await);
    first_run::into_folder(&window, &desk).await;
    window.tiles("three photos", |tiles| tiles.len() == 3).await;
    for view in ["photos", "activity", "storage", "settings"] {
        window.click(&format!("[data-testid=nav-{view}]")).await;
        found.push(judge(&window, view).await);
    }
    window.click("[data-testid=nav-photos]").await;
    window.fill("[data-testid=search]", "submarine").await;
    window.see("[data-testid=nothing-found]").await;
    found.push(judge(&window, "nothing found").await);
    window.click("[data-testid=clear-search]").await;
    window.click("[data-testid=filters]").await;
    window.click("[name=not_safe]").await;
    window.see("[data-chip=not_safe]").await;
    found.push(judge(&window, "filters").await);
    window.click("[data-testid=clear-search]").await;
    window.see("[data-testid=tile]").await;
    window
        .script(
            "document.querySelector('[data-testid=month-check]').click()",
            &[],
        )
        .await;
    window.see("[data-testid=actions-bar]").await;
    found.push(judge(&window, "chosen").await);
    window.press(first_run::ESCAPE).await;
    window.see("[data-testid=search]").await;
    window.click("[data-testid=nav-photos]").await;
    window.click("[data-testid=tile]").await;
    window.see("[data-testid=panel]").await;
    found.push(judge(&window, "lightbox").await);
    let found: Vec<_> = found.into_iter().flatten().collect();
    assert!(found.is_empty(), "{found:#?}");
    window.close().await;
}

/// What axe-core finds wrong in the page as it is now.
async fn judge(window: &Window, view: &str) -> Vec<String> {
    const RUN: &str = "
        const done = arguments[arguments.length - 1];
        axe.run().then(
            ({ violations }) => done(violations.flatMap(({ help, nodes }) =>
                nodes.map(({ html }) => `${help}: ${html}`))),
            (error) => done([String(error)]),
        );";
    window.rest().await;
    let found = window.callback(RUN, &[]).await;
    let found = found.as_array().expect("a list of findings");
    found
        .iter()
        .map(|finding| format!("{view}: {finding}"))
        .collect()
}

/// The script that judges, from the front end's own packages.
fn axe() -> String {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/ui/node_modules/axe-core/axe.min.js"
    );
    std::fs::read_to_string(Path::new(file))
        .unwrap_or_else(|error| panic!("{file}: {error}; install the front end's packages"))
}
