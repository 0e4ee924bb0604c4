//! The places are put side by side, measured, and priced by a table that the person edits.

use crate::desk::{Desk, Language};
use crate::first_run;
use crate::window::Window;
use std::path::Path;

#[tokio::test]
async fn places_are_measured_and_priced_beside_what_the_person_does_not_have() {
    let desk = Desk::new().await;
    for seed in 0..3 {
        let photo = samples::plain(seed);
        std::fs::write(desk.pictures().join(format!("{seed}.jpg")), photo).unwrap();
    }
    let window = desk.open().await;
    first_run::into_folder(&window, &desk).await;
    window
        .tiles("all are safe", |tiles| {
            tiles.len() == 3 && tiles.iter().all(|tile| tile.state == "backed_up")
        })
        .await;
    open(&window).await;
    window.read("[data-row=state]", "3 photos").await;
    window.read("[data-row=latency]", "Throughput").await;
    window
        .read("[data-row=unit]", "A function for each job")
        .await;
    window.read("[data-sort=functions]", "A cold start").await;

    measure(&window, Language::English).await;
    for figure in ["uploads", "probes", "lists", "fresh", "again"] {
        window
            .see(&format!("[data-row=latency] [data-figure={figure}]"))
            .await;
    }
    let left = std::fs::read_dir(desk.path("Safe/.imgn/tmp")).map_or(0, Iterator::count);
    assert_eq!(left, 0, "the probes are removed");

    window.read("[data-row=billing]", "US$").await;
    let noted = "currency = \"EUR\"\n[disk]\nnoted = \"2026-02-03\"\nsource = \"my own bill\"\nwatts = 0\nkwh = 0\ndisk_tb = 0\ndisk_years = 1\n";
    std::fs::write(desk.library().join("prices.toml"), noted).unwrap();
    window.click("[data-testid=nav-photos]").await;
    open(&window).await;
    window.read("[data-row=billing]", "€0.00").await;
    window.read("[data-testid=prices]", "my own bill").await;
    window.click("[data-testid=back]").await;
    window.see("[data-testid=destination]").await;
    window.close().await;
}

/// From anywhere.
pub(crate) async fn open(window: &Window) {
    window.click("[data-testid=nav-storage]").await;
    window.click("[data-testid=compare]").await;
    window.see("[data-testid=compare-page] [data-row]").await;
}

/// One more place, which is made.
pub(crate) async fn add_folder(window: &Window, folder: &Path) {
    std::fs::create_dir(folder).unwrap();
    window.click("[data-testid=nav-storage]").await;
    window.click("[data-testid=new-destination]").await;
    window.click("label:has([name=kind][value=folder])").await;
    window.fill("[name=path]", folder.to_str().unwrap()).await;
    window.click("[data-testid=test-connection]").await;
    window.click("[data-testid=add-destination]:enabled").await;
    window.see_no("[data-testid=add-destination]").await;
}

pub(crate) async fn measure(window: &Window, language: Language) {
    let done = match language {
        Language::English => "Measured",
        Language::German => "Gemessen",
    };
    window.click("[data-testid=measure]").await;
    window.read("[data-testid=measured]", done).await;
}
