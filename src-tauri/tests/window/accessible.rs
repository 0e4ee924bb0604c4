//! Everyone can use every view: axe-core finds nothing, the keyboard reaches everything and shows
//! where it is, and text fits, small and large, in both languages.

use crate::desk::{APP, Desk, Language};
use crate::drag::Drag;
use crate::first_run;
use crate::reader;
use crate::trial;
use crate::views::{CARD, COPIED_CARD, FIRST_RUN, TRIAL, VIEWS, View};
use crate::window::Window;
use samples::JpegOptions;
use std::path::Path;
use testbed::everyone;
use testbed::webdriver::CONTROL;

/// The window at its smallest that is promised.
const SMALL: (u32, u32) = (900, 600);
/// From the usual size to twice that.
const LARGER: usize = 5;

/// Each tour has a window of its own: one that is long holds up no other.
macro_rules! in_both_languages {
    ($($tour:ident)+) => {$(
        mod $tour {
            use crate::desk::Language;

            #[tokio::test]
            async fn in_english() {
                super::$tour(Language::English).await;
            }

            #[tokio::test]
            async fn in_german() {
                super::$tour(Language::German).await;
            }
        }
    )+};
}

in_both_languages! {
    the_first_run_is_for_everyone
    sample_photos_are_for_everyone
    every_view_is_for_everyone
    a_card_is_for_everyone
    a_drop_is_for_everyone
}

#[tokio::test]
async fn a_language_that_is_chosen_is_spoken_without_a_restart() {
    let desk = Desk::new().await;
    let window = desk.open().await;
    window.read("main", "Which folders?").await;
    window.fill("[name=bucket]", "typed before").await;
    std::fs::write(desk.library().join("settings.toml"), "language = \"de\"\n").unwrap();
    window.read("main", "Welche Ordner?").await;
    assert_eq!(language(&window).await, "de-DE");
    const TYPED: &str = "return document.querySelector('[name=bucket]').value";
    assert_eq!(window.script(TYPED, &[]).await, "typed before");
    std::fs::write(desk.library().join("settings.toml"), "").unwrap();
    window.read("main", "Which folders?").await;
    window.close().await;
}

#[tokio::test]
async fn who_wants_no_motion_has_none() {
    let desk = Desk::new().await;
    std::fs::create_dir_all(desk.path(".config/gtk-3.0")).unwrap();
    let still = "[Settings]\ngtk-enable-animations=false\n";
    std::fs::write(desk.path(".config/gtk-3.0/settings.ini"), still).unwrap();
    let window = desk.open().await;
    window.see("[data-testid=first-run]").await;
    const MOVING: &str = "
        const durations = (style) => `${style.transitionDuration}, ${style.animationDuration}`;
        return [...document.querySelectorAll('*')].filter((element) =>
            durations(getComputedStyle(element)).split(', ').some((time) => parseFloat(time) > 0.08),
        ).length;";
    const ASKED: &str = "return matchMedia('(prefers-reduced-motion: reduce)').matches";
    assert_eq!(window.script(ASKED, &[]).await, true);
    assert_eq!(window.script(MOVING, &[]).await, 0);
    window.close().await;
}

async fn the_first_run_is_for_everyone(spoken: Language) {
    let desk = Desk::new().await.with_language(spoken).await;
    let window = first_run_on(&desk, spoken, Path::new(APP)).await;
    visit(&window, FIRST_RUN).await;
    window.close().await;
}

async fn sample_photos_are_for_everyone(spoken: Language) {
    let desk = Desk::new().await.with_language(spoken).await;
    let window = first_run_on(&desk, spoken, Path::new(APP)).await;
    trial::begin(&window).await;
    trial::is_drawn(&desk).await;
    visit(&window, TRIAL).await;
    window.close().await;
}

async fn every_view_is_for_everyone(spoken: Language) {
    let desk = Desk::new().await.with_language(spoken).await;
    let window = photos_on(&desk, spoken, Path::new(APP)).await;
    std::fs::rename(desk.path("Safe"), desk.path("Elsewhere")).unwrap();
    write_photo(&desk, 3);
    window.click("[data-testid=nav-activity]").await;
    window.see("[data-testid=waits]").await;
    visit(&window, VIEWS).await;
    window.close().await;
}

async fn a_card_is_for_everyone(spoken: Language) {
    let desk = Desk::new().await.with_language(spoken).await;
    let Some(with_reader) = reader::program(&desk) else {
        return;
    };
    let window = photos_on(&desk, spoken, &with_reader).await;
    let files = [("DCIM/lake.jpg", photo(20)), ("DCIM/film.mp4", Vec::new())];
    reader::plug(&desk, window.process(), "EOS_DIGITAL", &files);
    window.see("[data-testid=card]").await;
    visit(&window, CARD).await;
    // Not with the mouse, which a form may leave no room for.
    window
        .script(CLICK, &["[data-testid=copy-card]".into()])
        .await;
    window.see("[data-testid=card-copy][data-stage=done]").await;
    visit(&window, COPIED_CARD).await;
    window.close().await;
}

/// The overlay while files are held over the window.
async fn a_drop_is_for_everyone(spoken: Language) {
    let desk = Desk::new().await.with_language(spoken).await;
    let window = photos_on(&desk, spoken, Path::new(APP)).await;
    let held = desk.path("Holiday 2024");
    std::fs::create_dir(&held).unwrap();
    std::fs::write(held.join("lake.jpg"), photo(9)).unwrap();
    let drag = Drag::over_window(&desk, &[&held]).await;
    window.see("[data-testid=drop-overlay] .note").await;
    let mut wrong = judge(&window).await;
    wrong.extend(misfits(&window, "").await);
    drag.put_back().await;
    window.see_no("[data-testid=drop-overlay]").await;
    assert!(wrong.is_empty(), "{wrong:#?}");
    window.close().await;
}

/// A small window before there is a library, whose page knows how to judge itself.
async fn first_run_on(desk: &Desk, spoken: Language, program: &Path) -> Window {
    for seed in 0..3 {
        write_photo(desk, seed);
    }
    let window = desk.open_as(program).await;
    window.script(&everyone::axe(), &[]).await;
    window.resize(SMALL.0, SMALL.1).await;
    window.see("[data-testid=first-run]").await;
    assert_eq!(language(&window).await, spoken.tag());
    window
}

/// The same with three photos that are safe.
async fn photos_on(desk: &Desk, spoken: Language, program: &Path) -> Window {
    let window = first_run_on(desk, spoken, program).await;
    first_run::into_folder(&window, desk).await;
    window
        .tiles("three photos are safe", |tiles| {
            tiles.len() == 3 && tiles.iter().all(|tile| tile.state == "backed_up")
        })
        .await;
    window
}

/// Tries each of these views.
async fn visit(window: &Window, views: &[View]) {
    let mut found = Vec::new();
    for view in views {
        view.open(window).await;
        let mut wrong = judge(window).await;
        wrong.extend(misfits(window, "").await);
        wrong.extend(everyone::walk(window.page()).await.unwrap());
        found.extend(wrong.iter().map(|wrong| format!("{}: {wrong}", view.name)));
    }
    for _ in 0..LARGER {
        window.press_with(CONTROL, "+").await;
    }
    const ROOT: &str = "return getComputedStyle(document.documentElement).fontSize";
    assert_eq!(window.script(ROOT, &[]).await, "32px");
    for view in views {
        view.open(window).await;
        let wrong = misfits(window, "large text, ").await;
        found.extend(wrong.iter().map(|wrong| format!("{}: {wrong}", view.name)));
    }
    window.press_with(CONTROL, "0").await;
    assert!(found.is_empty(), "{found:#?}");
}

const CLICK: &str = "document.querySelector(arguments[0]).click()";

/// What axe-core finds wrong in the page as it is now, light and dark.
async fn judge(window: &Window) -> Vec<String> {
    const THEME: &str = "document.documentElement.dataset.theme = arguments[0]";
    let mut wrong = Vec::new();
    for theme in ["dark", "light"] {
        window.script(THEME, &[theme.into()]).await;
        let faults = everyone::faults(window.page()).await.unwrap();
        wrong.extend(faults.iter().map(|fault| format!("{theme}: {fault}")));
    }
    wrong
}

/// Text that is cut off, out of the window, or below something else.
async fn misfits(window: &Window, how: &str) -> Vec<String> {
    let found = everyone::misfits(window.page()).await.unwrap();
    let said = found.iter();
    said.map(|misfit| format!("{how}does not fit: {misfit}"))
        .collect()
}

async fn language(window: &Window) -> String {
    let said = window
        .script("return document.documentElement.lang", &[])
        .await;
    said.as_str().unwrap_or_default().to_owned()
}

fn photo(seed: u64) -> Vec<u8> {
    samples::jpeg(&JpegOptions {
        seed,
        ..JpegOptions::default()
    })
}

fn write_photo(desk: &Desk, seed: u64) {
    std::fs::write(desk.pictures().join(format!("{seed}.jpg")), photo(seed)).unwrap();
}
