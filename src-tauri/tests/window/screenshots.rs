//! Pictures of every view, for people to look at, for the README and the guide.
//!
//! Not a test of anything: `scripts/screenshots` runs it, and puts the pictures where it is told to.

use crate::bucket::Bucket;
use crate::checks;
use crate::compare;
use crate::desk::{Desk, Language, Theme, files_below};
use crate::drag::Drag;
use crate::first_run;
use crate::reader;
use crate::trial;
use crate::views::{FIRST_RUN, VIEWS};
use crate::window::Window;
use std::path::{Path, PathBuf};
use testbed::webdriver::ESCAPE;

const SIZES: [(u32, u32); 2] = [(900, 600), (1600, 1000)];
/// The album of the demo, so that every run shows the same photos.
const SEED: u64 = 1;
const PHOTOS: usize = 60;
const LATE: usize = 8;
const PERSON: &str = "ann";
/// The parts of the page of settings, by the ends of their headings' ids.
const SETTINGS: [&str; 7] = [
    "destinations",
    "cards",
    "limits",
    "look",
    "background",
    "kept",
    "file",
];

#[tokio::test]
#[ignore = "makes pictures; run by scripts/screenshots"]
async fn every_view_light_and_dark_small_and_large() {
    let folder = std::env::var_os("IMGN_SCREENSHOTS").expect("scripts/screenshots names a folder");
    for theme in [Theme::Light, Theme::Dark] {
        let album = Album {
            folder: PathBuf::from(&folder),
            theme,
        };
        album.take_all().await;
        album.take_trial().await;
        album.take_german().await;
        album.take_card().await;
        album.take_compared().await;
    }
}

struct Album {
    folder: PathBuf,
    theme: Theme,
}

impl Album {
    async fn take_all(&self) {
        let mut bucket = Bucket::new().await;
        let desk = Desk::of(PERSON)
            .await
            .with_theme(self.theme)
            .with_keys(&bucket);
        samples::write(&desk.pictures(), PHOTOS, SEED).unwrap();
        let window = desk.open().await;
        window.see("[data-testid=first-run]").await;
        self.take(&window, "first-run").await;

        first_run::into_new_bucket(&window, Language::English, &bucket, "photos").await;
        window
            .tiles("all that is seen is safe", |tiles| {
                !tiles.is_empty() && tiles.iter().all(|tile| tile.state == "backed_up")
            })
            .await;
        window
            .read("[data-testid=status-line]", "are safe in")
            .await;
        window.see_pictures().await;
        self.take(&window, "photos").await;
        self.take_found(&window).await;
        for view in ["activity", "storage"] {
            window.click(&format!("[data-testid=nav-{view}]")).await;
            self.take(&window, view).await;
        }
        self.take_settings(&window).await;
        self.take_checks(&window).await;
        window.click("[data-testid=nav-photos]").await;
        window.click("[data-testid=tile]").await;
        window.see("[data-testid=panel]").await;
        self.take(&window, "lightbox").await;
        window.press(ESCAPE).await;
        window.see_no("[data-testid=lightbox]").await;

        self.take_drop(&desk, &window).await;
        self.take_returning(&bucket).await;
        bucket.stop();
        samples::write_part(&desk.pictures(), PHOTOS..PHOTOS + LATE, SEED).unwrap();
        window
            .read("[data-testid=status-line]", &format!("{LATE} photos wait"))
            .await;
        window.see_pictures().await;
        self.take(&window, "offline").await;
        window.close().await;
    }

    /// The page, which is longer than the window, part after part.
    async fn take_settings(&self, window: &Window) {
        window.click("[data-testid=nav-settings]").await;
        self.take(window, "settings").await;
        for part in SETTINGS {
            for size in SIZES {
                window.resize(size.0, size.1).await;
                show_settings(window, part).await;
                self.take_as(window, &format!("settings-{part}"), size)
                    .await;
            }
        }
    }

    async fn take_trial(&self) {
        let desk = Desk::of(PERSON).await.with_theme(self.theme);
        let window = desk.open().await;
        trial::begin(&window).await;
        trial::is_drawn(&desk).await;
        window.see_pictures().await;
        self.take(&window, "trial").await;
        window.close().await;
    }

    /// Where the system lets a user mount one.
    async fn take_card(&self) {
        for (language, name) in [
            (Language::English, "card"),
            (Language::German, "german-card"),
        ] {
            let desk = Desk::of(PERSON).await.with_theme(self.theme);
            let desk = desk.with_language(language).await;
            let Some(program) = reader::program(&desk) else {
                return;
            };
            samples::write(&desk.pictures(), PHOTOS, SEED).unwrap();
            let window = desk.open_as(&program).await;
            first_run::into_folder(&window, &desk).await;
            window
                .tiles("all that is seen is safe", |tiles| {
                    !tiles.is_empty() && tiles.iter().all(|tile| tile.state == "backed_up")
                })
                .await;
            let card = desk.path("on the card");
            samples::write_part(&card, PHOTOS - LATE..PHOTOS + LATE, SEED).unwrap();
            let files: Vec<(String, Vec<u8>)> = files_below(&card)
                .into_iter()
                .map(|path| {
                    let name = path.file_name().unwrap().to_string_lossy().into_owned();
                    (format!("DCIM/{name}"), std::fs::read(path).unwrap())
                })
                .collect();
            let files: Vec<(&str, Vec<u8>)> = files
                .iter()
                .map(|(path, bytes)| (path.as_str(), bytes.clone()))
                .collect();
            reader::plug(&desk, window.process(), "EOS_DIGITAL", &files);
            window.see("[data-testid=card]").await;
            window.see_pictures().await;
            self.take(&window, name).await;
            window.click("[data-testid=copy-card]").await;
            window.see("[data-testid=card-copy][data-stage=done]").await;
            window.see_pictures().await;
            self.take(&window, &format!("{name}-copied")).await;
            window.close().await;
        }
    }

    /// One place beside the kinds that are not there, and three that were measured.
    async fn take_compared(&self) {
        for (language, name) in [
            (Language::English, "compare"),
            (Language::German, "german-compare"),
        ] {
            let bucket = Bucket::new().await;
            let desk = Desk::of(PERSON)
                .await
                .with_theme(self.theme)
                .with_keys(&bucket)
                .with_language(language)
                .await;
            samples::write(&desk.pictures(), PHOTOS, SEED).unwrap();
            let window = desk.open().await;
            first_run::into_new_bucket(&window, language, &bucket, "photos").await;
            all_safe(&window).await;
            compare::open(&window).await;
            self.take(&window, &format!("{name}-one")).await;
            compare::add_folder(&window, &desk.path("Disk")).await;
            compare::add_folder(&window, &desk.path("Second disk")).await;
            all_safe(&window).await;
            compare::open(&window).await;
            compare::measure(&window, language).await;
            self.take(&window, name).await;
            for part in ["judged", "prices"] {
                const SHOW: &str = "document.getElementById(arguments[0]).scrollIntoView()";
                let heading = format!("compare-{part}");
                window.script(SHOW, &[heading.into()]).await;
                window.rest().await;
                self.take_as(&window, &format!("{name}-{part}"), SIZES[1])
                    .await;
            }
            window.close().await;
        }
    }

    /// Longer words, in the smaller window.
    async fn take_german(&self) {
        let desk = Desk::of(PERSON).await.with_theme(self.theme);
        let desk = desk.with_language(Language::German).await;
        samples::write(&desk.pictures(), PHOTOS, SEED).unwrap();
        let window = desk.open().await;
        window.resize(SIZES[0].0, SIZES[0].1).await;
        for view in FIRST_RUN {
            view.open(&window).await;
            self.take_in_german(&window, view.name).await;
        }
        first_run::into_folder(&window, &desk).await;
        window
            .tiles("all that is seen is safe", |tiles| {
                !tiles.is_empty() && tiles.iter().all(|tile| tile.state == "backed_up")
            })
            .await;
        for view in VIEWS {
            if view.needs_a_problem() {
                continue;
            }
            view.open(&window).await;
            self.take_in_german(&window, view.name).await;
        }
        window.press(ESCAPE).await;
        window.click("[data-testid=nav-settings]").await;
        for part in SETTINGS {
            show_settings(&window, part).await;
            self.take_in_german(&window, &format!("settings {part}"))
                .await;
        }
        window.close().await;
    }

    async fn take_in_german(&self, window: &Window, view: &str) {
        let view = view.replace(", ", "-").replace(' ', "-");
        self.take_as(window, &format!("german-{view}"), SIZES[0])
            .await;
    }

    /// A place whose photos were gone over, and that was examined.
    async fn take_checks(&self, window: &Window) {
        window.click("[data-testid=nav-storage]").await;
        checks::check(window, "ten").await;
        window.see("[data-testid=check-result]").await;
        window.click("[data-testid=doctor]").await;
        window.see("[data-testid=examined]").await;
        self.take(window, "storage-checked").await;
    }

    async fn take_found(&self, window: &Window) {
        window.fill("[data-testid=search]", "2024").await;
        window.see("[data-chip=days]").await;
        window.see_pictures().await;
        self.take(window, "search").await;
        window.click("[data-testid=filters]").await;
        window.see("[name=favourite]").await;
        self.take(window, "filters").await;
        window.fill("[data-testid=search]", "submarine").await;
        window.see("[data-testid=nothing-found]").await;
        self.take(window, "nothing-found").await;
        window.click("[data-testid=clear-search]").await;
        window.see("[data-testid=tile]").await;
        window
            .script(
                "document.querySelector('[data-testid=month-check]').click()",
                &[],
            )
            .await;
        window.see("[data-testid=actions-bar]").await;
        window.see_pictures().await;
        self.take(window, "chosen").await;
        window.press(ESCAPE).await;
        window.see("[data-testid=search]").await;
    }

    /// A new computer that is told where the library is.
    async fn take_returning(&self, bucket: &Bucket) {
        let new = Desk::new().await.with_theme(self.theme);
        let window = new.open().await;
        window.click("[data-testid=have-library]").await;
        first_run::describe(&window, bucket).await;
        window.fill("[name=bucket]", "photos").await;
        window.click("[data-testid=test-connection]").await;
        window.read("[data-testid=survey]", "Found a library").await;
        self.take(&window, "returning").await;
        window.close().await;
    }

    async fn take_drop(&self, desk: &Desk, window: &Window) {
        let holiday = desk.path("Holiday 2024");
        samples::write_part(&holiday, PHOTOS..PHOTOS + LATE, SEED).unwrap();
        let (width, height) = SIZES[0];
        window.resize(width, height).await;
        let drag = Drag::over_window(desk, &[&holiday]).await;
        window.read("[data-testid=drop-overlay]", "Watch").await;
        self.take_as(window, "drop", SIZES[0]).await;
        drag.put_back().await;
        window.see_no("[data-testid=drop-overlay]").await;
    }

    async fn take(&self, window: &Window, view: &str) {
        for size in SIZES {
            window.resize(size.0, size.1).await;
            self.take_as(window, view, size).await;
        }
    }

    async fn take_as(&self, window: &Window, view: &str, (width, height): (u32, u32)) {
        let theme = self.theme.name();
        let file = self
            .folder
            .join(format!("{view}-{width}x{height}-{theme}.png"));
        write(&file, &window.screenshot().await);
    }
}

async fn all_safe(window: &Window) {
    window.click("[data-testid=nav-photos]").await;
    window
        .tiles("all that is seen is safe", |tiles| {
            !tiles.is_empty() && tiles.iter().all(|tile| tile.state == "backed_up")
        })
        .await;
}

async fn show_settings(window: &Window, part: &str) {
    const SHOW: &str = "document.getElementById(arguments[0]).scrollIntoView()";
    let heading = format!("settings-{part}");
    window.see(&format!("#{heading}")).await;
    window.script(SHOW, &[heading.into()]).await;
    window.rest().await;
}

fn write(file: &Path, picture: &[u8]) {
    std::fs::write(file, picture).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
}
