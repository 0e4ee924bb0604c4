//! The words for settings: shown, changed, taken to another computer.

use crate::home::{Home, eventually, jpeg, write_at_rest};
use std::fs;

#[test]
fn a_setting_is_shown_changed_and_taken_back() {
    let home = Home::new();
    home.watch_pictures();
    let file = home.path("library/settings.toml");
    assert_eq!(
        home.json(&["settings", "show"])["settings"]["limits"]["upload"],
        serde_json::Value::Null
    );
    assert!(!file.exists(), "looking writes nothing");
    let set = home.json(&["settings", "set", "limits.upload", "250000"]);
    assert_eq!(set["settings"]["limits"]["upload"], 250_000);
    assert_eq!(
        fs::canonicalize(set["file"].as_str().unwrap()).unwrap(),
        file.canonicalize().unwrap()
    );
    home.ok(&["settings", "set", "photos.exclude", "Scans/"]);
    let pictures = home.pictures("");
    let own = ["--folder", pictures.to_str().unwrap()];
    home.ok(&[&["settings", "set", "folder.include", "2019/"][..], &own].concat());
    let text = fs::read_to_string(&file).unwrap();
    for line in [
        "upload = 250000",
        "exclude = [\"Scans/\"]",
        "include = [\"2019/\"]",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let shown = home.ok(&["settings", "show"]).stdout;
    assert!(shown.contains("keep_running = true"), "{shown}");
    home.ok(&["settings", "set", "limits.upload"]);
    assert!(
        !fs::read_to_string(&file)
            .unwrap()
            .contains("upload = 250000")
    );
}

#[test]
fn what_makes_no_sense_is_refused_and_changes_nothing() {
    let home = Home::new();
    home.watch_pictures();
    home.ok(&["settings", "set", "appearance", "dark"]);
    let file = home.path("library/settings.toml");
    let before = fs::read_to_string(&file).unwrap();
    let elsewhere = home.path("elsewhere");
    let nowhere = elsewhere.to_str().unwrap();
    let cases: [&[&str]; 5] = [
        &["appearance", "darkest"],
        &["appearence", "dark"],
        &["limits.upload", "-1"],
        &["photos.exclude", "[z-a]"],
        &["folder.exclude", "a", "--folder", nowhere],
    ];
    for words in cases {
        let run = home.run(&[&["settings", "set"], words].concat());
        assert_eq!(run.code, 2, "{words:?}: {run:?}");
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_imgn_is_told_of_a_new_setting() {
    let home = Home::new();
    home.watch_pictures();
    let nas = home.add_folder_destination("nas");
    let library = home.library().await;
    library.sync_once().await.unwrap();
    home.ok(&["settings", "set", "photos.exclude", "Scans/"]);
    assert_eq!(library.settings().await.unwrap().photos.exclude, ["Scans/"]);
    home.put("Scans/a.jpg", &jpeg(1));
    home.put("b.jpg", &jpeg(2));
    eventually("the other photo is safe", async || {
        nas.join("2019/06/b.jpg").exists()
    })
    .await;
    assert!(!nas.join("2019/06/a.jpg").exists());
    library.shutdown().await;
}

#[test]
fn settings_folders_and_destinations_go_to_another_computer_without_keys() {
    let (here, there) = (Home::new(), Home::new());
    here.watch_pictures();
    let nas = here.add_folder_destination("nas");
    here.put("a.jpg", &jpeg(1));
    here.ok(&["sync", "--once"]);
    here.ok(&["settings", "set", "photos.exclude", "Scans/"]);
    let file = here.path("exported.toml");
    let file = file.to_str().unwrap();
    here.ok(&["settings", "export", file]);
    assert_eq!(
        here.run(&["settings", "export", file]).code,
        2,
        "nothing is replaced"
    );

    let report = there.json(&["settings", "import", file]);
    assert_eq!(report["settings_changed"], true, "{report}");
    assert_eq!(report["folders"][0]["became"], "added", "{report}");
    assert_eq!(report["destinations"][0]["became"], "added", "{report}");
    let settings = there.json(&["settings", "show"]);
    assert_eq!(settings["settings"]["photos"]["exclude"][0], "Scans/");
    let report = there.json(&["sync", "--once"]);
    assert_eq!(report["backed_up"], 1, "{report}");
    let objects = fs::read_dir(nas.join("2019/06")).unwrap();
    let photos = objects.filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_string_lossy().ends_with(".jpg")
    });
    assert_eq!(photos.count(), 1, "the same photo is not put there twice");

    let again = there.json(&["settings", "import", file]);
    assert_eq!(again["settings_changed"], false, "{again}");
    assert_eq!(again["folders"][0]["became"], "known", "{again}");
    assert_eq!(again["destinations"][0]["became"], "known", "{again}");
}

#[test]
fn a_folder_that_is_not_there_yet_is_watched_when_it_is() {
    let (here, there) = (Home::new(), Home::new());
    let disk = here.path("disk");
    fs::create_dir(&disk).unwrap();
    here.ok(&["folder", "add", disk.to_str().unwrap()]);
    let file = here.path("exported.toml");
    let file = file.to_str().unwrap();
    here.ok(&["settings", "export", file]);
    fs::remove_dir(&disk).unwrap();
    let report = there.json(&["settings", "import", file]);
    assert_eq!(report["folders"][0]["became"], "added_offline", "{report}");
    assert_eq!(there.json(&["folder", "list"])[0]["state"], "offline");
    there.add_folder_destination("nas");
    write_at_rest(&disk.join("a.jpg"), &jpeg(1));
    let report = there.json(&["sync", "--once"]);
    assert_eq!(report["backed_up"], 1, "{report}");
}

#[test]
fn a_file_is_taken_in_as_a_whole_or_not_at_all() {
    let (here, there) = (Home::new(), Home::new());
    here.watch_pictures();
    here.add_folder_destination("nas");
    here.ok(&["settings", "set", "appearance", "dark"]);
    let file = here.path("exported.toml");
    here.ok(&["settings", "export", file.to_str().unwrap()]);
    let whole = fs::read_to_string(&file).unwrap();
    let taken = there.path("nas");
    fs::create_dir(&taken).unwrap();
    there.ok(&[
        "destination",
        "add",
        "folder",
        "--name",
        "nas",
        taken.to_str().unwrap(),
    ]);
    let pictures = here.pictures("").canonicalize().unwrap();
    let relative = whole.replace(pictures.to_str().unwrap(), "Pictures");
    assert_ne!(relative, whole);
    //  what is wrong, the file, what is said
    let cases = [
        ("the name is taken", whole.clone(), vec!["nas"]),
        ("two things", relative, vec!["nas", "no full path"]),
        (
            "a setting",
            whole.replace("\"dark\"", "\"darkest\""),
            vec!["line"],
        ),
        (
            "another form",
            whole.replace("imgn-settings/1", "imgn-settings/9"),
            vec!["imgn-settings/9"],
        ),
        (
            "half",
            whole[..whole.find("uuid = ").unwrap() + 9].to_owned(),
            vec!["exported.toml"],
        ),
    ];
    for (name, text, said) in cases {
        fs::write(&file, text).unwrap();
        let run = there.run(&["settings", "import", file.to_str().unwrap()]);
        assert_eq!(run.code, 2, "{name}: {run:?}");
        for said in said {
            assert!(run.stderr.contains(said), "{name}: {run:?}");
        }
        assert_eq!(
            there
                .json(&["folder", "list"])
                .as_array()
                .unwrap()
                .iter()
                .filter(|folder| folder["managed"] == false)
                .count(),
            0,
            "{name}"
        );
        assert_eq!(
            there.json(&["settings", "show"])["settings"]["appearance"],
            "system",
            "{name}"
        );
    }
}
