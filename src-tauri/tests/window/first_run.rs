//! From nothing to the first photo that is safe.

use crate::bucket::Bucket;
use crate::desk::{Desk, Language};
use crate::window::{Tile, Window};
use samples::{Exif, JpegOptions};
use std::path::Path;
use testbed::eventually;
use testbed::webdriver::{ESCAPE, TAB};

#[tokio::test]
async fn a_chosen_folder_arrives_in_the_bucket_and_is_seen_with_its_metadata() {
    let bucket = Bucket::new().await;
    let desk = Desk::new().await;
    let exif = Exif {
        taken_at: Some("2019-06-15T18:04:05".parse().unwrap()),
        make: Some("FUJIFILM".into()),
        model: Some("X100V".into()),
        ..Exif::default()
    };
    let photo = samples::jpeg(&JpegOptions {
        exif,
        ..JpegOptions::default()
    });
    std::fs::write(desk.pictures().join("Lake.jpg"), &photo).unwrap();

    let window = desk.open().await;
    into_bucket(&window, &bucket).await;
    let lake = Tile {
        name: "Lake.jpg".into(),
        state: "backed_up".into(),
    };
    window
        .tiles("the photo is safe", |tiles| tiles == [lake.clone()])
        .await;
    assert_eq!(bucket.originals().await, ["2019/06/Lake.jpg"]);
    assert_eq!(bucket.read("2019/06/Lake.jpg").await, photo);

    window.read("main", "June 2019").await;
    window.click("[data-testid=tile]").await;
    window.see("[data-testid=lightbox]").await;
    let panel = window.read("[data-testid=panel]", "X100V").await;
    for fact in ["2019", "Lake.jpg", "SHA-256 confirmed by the store"] {
        assert!(panel.contains(fact), "{fact} is missing in: {panel}");
    }
    window.press(ESCAPE).await;
    window.see_no("[data-testid=lightbox]").await;
    window.read("[data-testid=status-line]", "safe in").await;
    window.close().await;
}

#[tokio::test]
async fn a_wrong_key_is_said_in_words_before_anything_starts() {
    let bucket = Bucket::new().await;
    let desk = Desk::new().await;
    let window = desk.open().await;
    describe(&window, &bucket).await;
    window
        .fill("[name=secret_access_key]", "not the secret")
        .await;
    window.click("[data-testid=test-connection]").await;
    window.read(ANSWER, "refuses this key").await;
    window
        .fill(
            "[name=secret_access_key]",
            &bucket.endpoint().secret_access_key,
        )
        .await;
    window.click("[data-testid=test-connection]").await;
    window.read(ANSWER, "everything works").await;
    window.close().await;
}

#[tokio::test]
async fn a_typed_secret_is_written_nowhere() {
    let bucket = Bucket::new().await;
    let desk = Desk::new().await.with("IMGN_LOG", "trace");
    let photo = samples::jpeg(&JpegOptions::default());
    std::fs::write(desk.pictures().join("one.jpg"), photo).unwrap();
    let window = desk.open().await;
    into_bucket(&window, &bucket).await;
    window
        .tiles("the photo is safe", |tiles| {
            tiles.len() == 1 && tiles[0].state == "backed_up"
        })
        .await;
    let arguments = std::fs::read(format!("/proc/{}/cmdline", window.process())).unwrap();
    let seen = window.script(EVERYTHING_IN_THE_PAGE, &[]).await;
    window.close().await;

    let secret = &bucket.endpoint().secret_access_key;
    assert!(!seen.to_string().contains(secret), "in the window");
    let secret = secret.as_bytes();
    assert!(!holds(&arguments, secret), "in the arguments");
    let log = std::fs::read_to_string(desk.path("window.log")).unwrap();
    assert!(log.contains("TRACE"), "the log says all it can:\n{log}");
    let written = desk.files();
    assert!(
        written.contains(&desk.library().join("library.db")),
        "{written:?}"
    );
    for file in written {
        let bytes = std::fs::read(&file).unwrap();
        assert!(!holds(&bytes, secret), "in {}", file.display());
    }
}

/// What the page shows, holds in its fields, and keeps.
const EVERYTHING_IN_THE_PAGE: &str = "return [
    document.documentElement.outerHTML,
    ...[...document.querySelectorAll('input, textarea')].map((field) => field.value),
    JSON.stringify({ ...localStorage, ...sessionStorage }),
    document.cookie,
]";

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[tokio::test]
async fn a_bucket_that_is_not_there_yet_is_made_on_request() {
    let bucket = Bucket::new().await;
    let desk = Desk::new().await;
    let window = desk.open().await;
    into_new_bucket(&window, Language::English, &bucket, "not-there-yet").await;
    window
        .read("[data-testid=status-line]", "No photos yet")
        .await;
    window.close().await;
}

#[tokio::test]
async fn a_library_that_is_somewhere_already_is_known_again_and_browsed_offline() {
    let mut bucket = Bucket::new().await;
    let old = Desk::new().await;
    for (number, name) in ["Lake.jpg", "Hill.jpg"].into_iter().enumerate() {
        let photo = samples::jpeg(&JpegOptions {
            seed: number as u64,
            exif: Exif {
                taken_at: Some("2019-06-15T18:04:05".parse().unwrap()),
                model: Some("X100V".into()),
                ..Exif::default()
            },
            ..JpegOptions::default()
        });
        std::fs::write(old.pictures().join(name), photo).unwrap();
    }
    let window = old.open().await;
    into_bucket(&window, &bucket).await;
    let safe =
        |tiles: &[Tile]| tiles.len() == 2 && tiles.iter().all(|tile| tile.state == "backed_up");
    window.tiles("the photos are safe", safe).await;
    window.read("[data-testid=status-line]", "safe in").await;
    bucket.is_complete(2).await;
    window.close().await;

    let new = Desk::new().await;
    let window = new.open().await;
    window.click("[data-testid=have-library]").await;
    describe(&window, &bucket).await;
    window.click("[data-testid=test-connection]").await;
    window
        .read("[data-testid=survey]", "Found a library: 2 photos")
        .await;
    window.click("[data-testid=rebuild]:enabled").await;
    window.see_no("[data-testid=first-run]").await;
    let online = ["Hill.jpg", "Lake.jpg"].map(|name| Tile {
        name: name.into(),
        state: "online_only".into(),
    });
    window
        .tiles("the photos are known", |tiles| tiles == online)
        .await;
    window
        .read("[data-testid=status-line]", "2 photos, online only")
        .await;
    window.see_pictures().await;
    bucket.stop();
    window.close().await;

    let window = new.open().await;
    window
        .tiles("they are there without a network", |tiles| tiles == online)
        .await;
    window.see_pictures().await;
    window.click("[data-testid=tile]").await;
    window.read("[data-testid=panel]", "X100V").await;
    window.close().await;
}

#[tokio::test]
async fn the_bar_that_starts_never_lies_over_what_is_focused() {
    const FOCUSED: &str = "
        const bar = document.querySelector('[data-testid=start]').parentElement;
        const [at, edge] = [document.activeElement, bar.getBoundingClientRect().top];
        const below = !bar.contains(at) && at.closest('[data-testid=first-run]') !== null
            && at.getBoundingClientRect().bottom > edge;
        return { name: at.name || at.innerText, below };";
    let desk = Desk::new().await;
    let window = desk.open().await;
    window.see("[data-testid=first-run]").await;
    window.resize(SMALL.0, SMALL.1).await;
    let mut met = Vec::new();
    for _ in 0..TABS {
        window.press(TAB).await;
        let focused = window.script(FOCUSED, &[]).await;
        assert_eq!(focused["below"], false, "{focused}");
        met.push(focused["name"].as_str().unwrap_or_default().to_owned());
    }
    assert!(met.contains(&"secret_access_key".to_owned()), "{met:?}");
    assert!(met.contains(&"More".to_owned()), "{met:?}");
    window.close().await;
}

/// What *Test connection* answers.
const ANSWER: &str = "[data-testid=test-answer]";

/// Enough to go through the whole page.
const TABS: usize = 20;
/// The page at this size is taller than the window.
const SMALL: (u32, u32) = (900, 600);

/// Takes the offered folder and this bucket.
pub(crate) async fn into_bucket(window: &Window, bucket: &Bucket) {
    describe(window, bucket).await;
    start(window).await;
}

/// Takes the offered folder, and makes a bucket beside this one.
pub(crate) async fn into_new_bucket(
    window: &Window,
    language: Language,
    beside: &Bucket,
    name: &str,
) {
    let (missing, works) = match language {
        Language::English => ("there is no bucket", "everything works"),
        Language::German => ("gibt es noch nicht", "alles funktioniert"),
    };
    describe(window, beside).await;
    window.fill("[name=bucket]", name).await;
    window.click("[data-testid=test-connection]").await;
    window.read(ANSWER, missing).await;
    window.click("[data-testid=create-bucket]").await;
    window.read(ANSWER, works).await;
    window.click("[data-testid=start]:enabled").await;
    window.see_no("[data-testid=first-run]").await;
}

/// Takes the offered folder, and keeps photos safe in a folder.
pub(crate) async fn into_folder(window: &Window, desk: &Desk) {
    let safe = desk.path("Safe");
    std::fs::create_dir(&safe).unwrap();
    window.click("label:has([name=kind][value=folder])").await;
    window.fill("[name=path]", safe.to_str().unwrap()).await;
    start(window).await;
}

/// In any language: what can be started was tested and works.
async fn start(window: &Window) {
    window.click("[data-testid=test-connection]").await;
    window.click("[data-testid=start]:enabled").await;
    window.see_no("[data-testid=first-run]").await;
}

pub(crate) async fn describe(window: &Window, bucket: &Bucket) {
    window.fill("[name=endpoint]", &bucket.endpoint().url).await;
    window.fill("[name=bucket]", bucket.name()).await;
    window
        .fill("[name=access_key_id]", &bucket.endpoint().access_key_id)
        .await;
    window
        .fill(
            "[name=secret_access_key]",
            &bucket.endpoint().secret_access_key,
        )
        .await;
}

/// Gives the system's own dialog, which stands by now or soon, this folder.
pub(crate) async fn choose_folder(desk: &Desk, window: &Window, chosen: &Path) {
    let app = window.process().to_string();
    let dialog = eventually("the dialog stands", async || {
        let seen = desk
            .xdotool(&["search", "--onlyvisible", "--pid", &app])
            .await?;
        let windows: Vec<_> = seen.lines().collect();
        match windows[..] {
            [_, .., last] => Ok(last.to_owned()),
            _ => Err(format!("only {windows:?}")),
        }
    })
    .await;
    // A slash opens the field for a path, which swallows keys until it stands.
    let rest = chosen.to_str().unwrap().trim_start_matches('/');
    desk.xdotool(&["windowfocus", "--sync", &dialog, "type", "/"])
        .await
        .unwrap();
    desk.xdotool(&["sleep", "1", "type", "--delay", "30", rest])
        .await
        .unwrap();
    desk.xdotool(&["key", "Return"]).await.unwrap();
}
