//! What a person leaves out by patterns in the settings, and takes in again.

use crate::home::{Home, eventually, jpeg};
use std::fs;

#[tokio::test]
async fn what_a_pattern_leaves_out_stays_here_and_what_is_safe_stays_there() {
    let home = Home::new();
    home.watch_pictures();
    let nas = home.add_folder_destination("nas");
    let settings = home.path("library/settings.toml");
    let (safe, scan) = (
        home.put("safe.jpg", &jpeg(1)),
        home.put("Scans/a.jpg", &jpeg(2)),
    );
    fs::write(&settings, "[photos]\nexclude = [\"Scans/\"]\n").unwrap();
    let report = home.json(&["sync", "--once"]);
    assert_eq!(report["photos"], 1, "{report}");
    assert!(!nas.join("2019/06/a.jpg").exists());

    // Everything left out is no empty disk, and what is safe is not deleted.
    fs::write(&settings, "[photos]\nexclude = [\"*\"]\n").unwrap();
    home.ok(&["sync", "--once"]);
    assert_eq!(home.json(&["folder", "list"])[0]["state"], "watching");
    assert_eq!(fs::read(nas.join("2019/06/safe.jpg")).unwrap(), jpeg(1));
    assert!(safe.exists() && scan.exists());

    let own = format!(
        "[photos]\nexclude = [\"*.jpg\"]\n[[folder]]\npath = {:?}\nexclude = [\"!a.jpg\"]\n",
        home.pictures("").canonicalize().unwrap()
    );
    fs::write(&settings, own).unwrap();
    home.ok(&["sync", "--once"]);
    assert_eq!(fs::read(nas.join("2019/06/a.jpg")).unwrap(), jpeg(2));
}

#[tokio::test]
async fn patterns_hold_as_soon_as_they_are_written() {
    let home = Home::new();
    home.watch_pictures();
    let nas = home.add_folder_destination("nas");
    let settings = home.path("library/settings.toml");
    fs::write(&settings, "[photos]\nexclude = [\"Scans/\"]\n").unwrap();
    home.put("Scans/a.jpg", &jpeg(1));
    let library = home.library().await;
    library.sync_once().await.unwrap();
    assert!(!nas.join("2019/06/a.jpg").exists());
    fs::write(&settings, "").unwrap();
    eventually("the photo is taken in", async || {
        nas.join("2019/06/a.jpg").exists()
    })
    .await;
    library.shutdown().await;
}

#[test]
fn what_is_not_included_and_what_is_excluded_says_so() {
    let home = Home::new();
    home.watch_pictures();
    let nas = home.add_folder_destination("nas");
    home.ok(&["settings", "set", "photos.include", "Best/"]);
    home.ok(&["settings", "set", "photos.exclude", "*.raw.jpg"]);
    let taken = home.put("Best/a.jpg", &jpeg(1));
    let (beside, raw) = (
        home.put("b.jpg", &jpeg(2)),
        home.put("Best/c.raw.jpg", &jpeg(3)),
    );
    let report = home.json(&["sync", "--once"]);
    assert_eq!(report["photos"], 1, "{report}");
    assert!(nas.join("2019/06/a.jpg").exists());
    let why = |path: &std::path::Path| home.json(&["show", path.to_str().unwrap()])[0].clone();
    assert_eq!(why(&taken)["state"], "backed_up");
    assert_eq!(why(&beside)["reason"]["code"], "excluded");
    let answer = why(&raw);
    assert_eq!(answer["reason"]["code"], "excluded");
    assert!(
        answer["reason"]["detail"]
            .as_str()
            .unwrap()
            .ends_with("*.raw.jpg"),
        "{answer}"
    );
    // One that became excluded after it was safe.
    home.ok(&["settings", "set", "photos.exclude", "Best/"]);
    home.ok(&["sync", "--once"]);
    assert_eq!(why(&home.pictures("Best"))["reason"]["code"], "excluded");
}

#[test]
fn a_photo_that_is_named_itself_is_taken_in_whatever_patterns_say() {
    let home = Home::new();
    home.watch_pictures();
    let nas = home.add_folder_destination("nas");
    home.ok(&["settings", "set", "photos.exclude", "Scans/"]);
    let scan = home.put("Scans/a.jpg", &jpeg(1));
    home.put("Scans/b.jpg", &jpeg(2));
    let folder = home.pictures("Scans");
    let report = home.json(&["upload", folder.to_str().unwrap()]);
    assert_eq!(report["dropped"]["excluded"], 2, "{report}");
    assert_eq!(report["dropped"]["copied"], 0, "{report}");
    let report = home.json(&["upload", scan.to_str().unwrap()]);
    assert_eq!(report["dropped"]["copied"], 1, "{report}");
    assert_eq!(report["dropped"]["already_here"], 0, "{report}");
    assert_eq!(fs::read(nas.join("2019/06/a.jpg")).unwrap(), jpeg(1));
    assert!(scan.exists() && !nas.join("2019/06/b.jpg").exists());
}
