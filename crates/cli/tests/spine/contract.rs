//! The words and exit codes that scripts rely on.

use crate::home::{Home, jpeg, sha256};
use std::fs;

#[test]
fn every_word_is_in_the_help() {
    let home = Home::new();
    let help = [
        &["--help"][..],
        &["destination", "--help"],
        &["destination", "add", "--help"],
    ]
    .map(|words| home.ok(words).stdout)
    .concat();
    for word in [
        "folder",
        "destination",
        "sync",
        "upload",
        "list",
        "status",
        "show",
        "inspect",
        "thumbnail",
        "verify",
        "rebuild",
        "restore",
        "completions",
        "man",
        "compare",
        "lambda",
        "http",
    ] {
        assert!(help.contains(word), "{word}: {help}");
    }
}

#[test]
fn wrong_words_end_with_2() {
    let home = Home::new();
    for words in [
        &["frobnicate"][..],
        &["sync"],
        &["sync", "--once", "--watch"],
        &["folder", "add"],
    ] {
        assert_eq!(home.run(words).code, 2, "{words:?}");
    }
    assert_eq!(home.run(&["folder", "add", "/not/there"]).code, 2);
    assert_eq!(home.run(&["destination", "test", "nobody"]).code, 2);
}

#[test]
fn wrong_words_are_a_document_too_for_who_asked_for_one() {
    let home = Home::new();
    for words in [
        &["frobnicate", "--json"][..],
        &["--json", "sync"],
        &["link", "a.jpg", "--expires", "9d", "--json"],
    ] {
        let run = home.run(words);
        assert_eq!(run.code, 2, "{run:?}");
        let said: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(said["error"]["code"], "bad_settings", "{said}");
        let detail = said["error"]["detail"].as_str().unwrap();
        assert!(
            run.stderr.contains(detail.lines().next().unwrap()),
            "{run:?}"
        );
    }
    assert_eq!(home.run(&["frobnicate"]).stdout, "");
    let help = home.ok(&["--help", "--json"]);
    assert!(help.stdout.contains("Usage"), "{help:?}");
}

#[test]
fn a_log_that_goes_to_a_pipe_has_no_colours() {
    let mut home = Home::new();
    home.set_variable("IMGN_LOG", "debug");
    home.watch_pictures();
    home.add_folder_destination("nas");
    home.put("a.jpg", &jpeg(1));
    let run = home.ok(&["sync", "--once"]);
    assert!(run.stderr.contains("DEBUG"), "{run:?}");
    assert!(!run.stderr.contains('\u{1b}'), "{run:?}");
}

#[test]
fn a_restore_does_not_make_the_place_of_a_disk_that_is_not_mounted() {
    let home = Home::new();
    home.add_folder_destination("nas");
    let run = home.run(&["restore", "--to", "/mnt/imgn-not-mounted/photos"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("mount its disk"), "{run:?}");
    assert!(!std::path::Path::new("/mnt/imgn-not-mounted").exists());
}

#[test]
fn status_says_what_the_last_sync_saw() {
    let home = Home::new();
    home.watch_pictures();
    let nas = home.add_folder_destination("nas");
    home.put("a.jpg", &jpeg(1));
    home.ok(&["sync", "--once"]);
    let well = home.json(&["status"]);
    assert_eq!(
        well["last_run"]["stuck_destinations"],
        serde_json::json!([])
    );
    assert_eq!(well["problems"], serde_json::json!([]));

    std::fs::rename(&nas, home.path("unplugged")).unwrap();
    home.put("b.jpg", &jpeg(2));
    assert_eq!(home.run(&["sync", "--once"]).code, 4);
    let said = home.ok(&["status"]).stdout;
    assert!(said.contains("at the last sync, "), "{said}");
    assert!(said.contains("not mounted"), "{said}");
    let status = home.json(&["status"]);
    let stuck = &status["last_run"]["stuck_destinations"][0];
    assert_eq!(
        (&stuck["name"], &stuck["reason"]["code"]),
        (&"nas".into(), &"not_mounted".into())
    );

    // It is back; and what is forgotten is not spoken of.
    std::fs::rename(home.path("unplugged"), &nas).unwrap();
    home.ok(&["sync", "--once"]);
    let said = home.ok(&["status"]).stdout;
    assert!(!said.contains("at the last sync"), "{said}");
    home.ok(&["destination", "remove", "nas"]);
}

#[test]
fn status_names_files_that_are_not_backed_up() {
    let home = Home::new();
    home.watch_pictures();
    let gallery = home.path("gallery");
    std::fs::create_dir(&gallery).unwrap();
    let place = gallery.to_str().unwrap();
    let add = ["destination", "add", "folder", "--name", "web", place];
    home.ok(&[&add[..], &["--layout", "original"]].concat());
    home.put("b.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic");
    assert_eq!(home.run(&["sync", "--once"]).code, 3);
    let said = home.ok(&["status"]).stdout;
    assert!(said.contains("b.heic\n  web: "), "{said}");
    let status = home.json(&["status"]);
    assert_eq!(status["problems"][0]["reason"]["code"], "not_accepted");
}

#[test]
fn without_a_destination_photos_have_nowhere_to_go() {
    let home = Home::new();
    home.watch_pictures();
    let run = home.run(&["sync", "--once"]);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(run.stderr.contains("destination add"), "{run:?}");
}

#[test]
fn inspect_prints_the_sidecar() {
    let home = Home::new();
    let path = home.put("IMG_1.jpg", &jpeg(1));
    let run = home.ok(&["inspect", path.to_str().unwrap()]);
    let sidecar: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(sidecar["schema"], "imgn/1");
    assert_eq!(sidecar["sha256"], sha256(&jpeg(1)));
    assert_eq!(
        (&sidecar["width"], &sidecar["height"]),
        (&96.into(), &64.into())
    );
    assert_eq!(sidecar["type"], "image/jpeg");
    assert_eq!(sidecar["original_name"], "IMG_1.jpg");
}

#[test]
fn thumbnail_writes_a_webp_of_the_asked_size() {
    let home = Home::new();
    let (photo, out) = (home.put("IMG_1.jpg", &jpeg(1)), home.path("out.webp"));
    let size = home.json(&[
        "thumbnail",
        photo.to_str().unwrap(),
        out.to_str().unwrap(),
        "--size",
        "48",
    ]);
    assert_eq!((&size["width"], &size["height"]), (&48.into(), &32.into()));
    assert_eq!(&fs::read(out).unwrap()[8..12], b"WEBP");
}

#[test]
fn a_thumbnail_or_sidecar_that_cannot_be_made_is_said_for_what_it_is() {
    let home = Home::new();
    home.watch_pictures();
    let photo = home.put("IMG_1.jpg", &jpeg(1));
    let broken = home.put(
        "broken.jpg",
        b"\xff\xd8\xff\xe0 and then nothing of a picture",
    );
    let notes = home.path("notes.txt");
    fs::write(&notes, "no photo").unwrap();
    let there = home.path("there.webp");
    fs::write(&there, "somebody's").unwrap();
    let (out, folder) = (home.path("out.webp"), home.pictures(""));
    let nowhere = home.path("no such folder/out.webp");
    let text = |path: &std::path::Path| path.to_str().unwrap().to_owned();
    //  name, words, exit code, cause
    let cases = [
        ("a name that is taken", [&photo, &there], 2, "file_exists"),
        ("no such folder", [&photo, &nowhere], 2, "folder_unwritable"),
        ("a broken picture", [&broken, &out], 3, "no_thumbnail"),
        ("no photo", [&notes, &out], 2, "not_a_photo"),
        ("a folder", [&folder, &out], 2, "not_a_photo"),
    ];
    for (name, [file, out], code, cause) in cases {
        let run = home.run(&["--json", "thumbnail", &text(file), &text(out)]);
        let said: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(
            (run.code, &said["error"]["code"]),
            (code, &cause.into()),
            "{name}: {run:?}"
        );
    }
    assert_eq!(fs::read(&there).unwrap(), b"somebody's");
    let run = home.run(&["inspect", &text(&folder)]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("is a folder"), "{run:?}");
    let run = home.run(&["settings", "export", &text(&there)]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("nothing is replaced"), "{run:?}");
}

#[test]
fn folders_that_would_swallow_themselves_are_refused() {
    let home = Home::new();
    home.watch_pictures();
    let nas = home.add_folder_destination("nas");
    fs::create_dir(nas.join("inside")).unwrap();
    let text = |path: &std::path::Path| path.to_str().unwrap().to_owned();
    let cases = [
        ("a destination", "folder add", text(&nas)),
        (
            "inside a destination",
            "folder add",
            text(&nas.join("inside")),
        ),
        ("the library", "folder add", text(&home.path("library"))),
        (
            "the photos",
            "destination add folder --name x",
            text(&home.pictures("")),
        ),
    ];
    for (name, words, path) in cases {
        let words: Vec<&str> = words.split(' ').chain([path.as_str()]).collect();
        let run = home.run(&words);
        assert_eq!(run.code, 2, "{name}: {run:?}");
    }
    // One that holds the destination is watched, and leaves it out.
    let added = home.json(&["folder", "add", home.path("").to_str().unwrap()]);
    assert!(added["left_out"].to_string().contains("nas"), "{added}");
}

#[test]
fn list_tells_each_photo_with_its_places() {
    let home = Home::new();
    home.watch_pictures();
    home.add_folder_destination("nas");
    let path = home.put("IMG_1.jpg", &jpeg(1));
    home.ok(&["sync", "--once"]);
    let list = home.json(&["list"]);
    let photo = &list[0];
    assert_eq!(photo["path"], path.to_str().unwrap());
    assert_eq!(photo["key"], "2019/06/IMG_1.jpg");
    assert_eq!(photo["type"], "image/jpeg");
    assert_eq!(photo["taken_at"], "2019-06-01T12:30:00");
    assert_eq!(photo["state"], "backed_up");
    assert_eq!(photo["reason"], serde_json::Value::Null);
    assert_eq!(photo["destinations"][0]["name"], "nas");
    assert_eq!(photo["destinations"][0]["proof"]["kind"], "full_sha256");
    let found = home.json(&["show", &sha256(&jpeg(1))[..8]]);
    assert_eq!(found[0]["name"], "IMG_1.jpg");
}

#[test]
fn a_photo_that_nobody_has_ends_with_2_and_a_sentence() {
    let home = Home::new();
    home.add_folder_destination("nas");
    for query in ["no-such-photo.jpg", "0123456789abcdef"] {
        let run = home.run(&["show", query]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains(query), "{run:?}");
    }
}

#[test]
fn looking_at_a_library_that_is_not_there_makes_none() {
    let home = Home::new();
    for words in [
        &["list"][..],
        &["status"],
        &["show", "x.jpg"],
        &["folder", "list"],
        &["destination", "list"],
    ] {
        let run = home.run(words);
        assert!(
            !home.path("library").exists(),
            "{words:?} made a library: {run:?}"
        );
        assert!(run.code == 2 || run.code == 0, "{words:?}: {run:?}");
        let said = run.stderr + &run.stdout;
        assert!(!said.trim().is_empty(), "{words:?} says nothing");
    }
}

#[test]
fn a_folder_is_given_no_key() {
    let home = Home::new();
    home.add_folder_destination("disk");
    let run = home.run(&["--json", "destination", "set-keys", "nas"]);
    let said: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        (run.code, &said["error"]["code"]),
        (2, &"bad_settings".into())
    );
    assert!(run.stderr.contains("no key opens"), "{run:?}");
}
