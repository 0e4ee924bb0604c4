//! Every view can be used by everyone, as far as axe-core can tell.

use crate::desk::Desk;
use crate::first_run;
use crate::window::Window;
use samples::JpegOptions;
use serde_json::json;
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

    window.see("[data-testid=first-run]").await;
    judge(&window, "first run").await;
    first_run::into_folder(&window, &desk).await;
    window.tiles("three photos", |tiles| tiles.len() == 3).await;
    for view in ["photos", "activity", "storage", "settings"] {
        window.click(&format!("[data-testid=nav-{view}]")).await;
        judge(&window, view).await;
    }
    window.click("[data-testid=nav-photos]").await;
    window.click("[data-testid=tile]").await;
    window.see("[data-testid=panel]").await;
    judge(&window, "lightbox").await;
    window.close().await;
}

async fn judge(window: &Window, view: &str) {
    const RUN: &str = "
        const done = arguments[arguments.length - 1];
        axe.run().then(
            ({ violations }) => done(violations.map(({ id, help, nodes }) =>
                ({ id, help, at: nodes.map(({ html }) => html) }))),
            (error) => done([String(error)]),
        );";
    let found = window.callback(RUN, &[]).await;
    assert_eq!(found, json!([]), "{view}: {found:#}");
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
