//! Every path that a person can name has an answer to "why is it not backed up?".

use crate::home::{Home, jpeg, write_at_rest};
use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;

fn code(home: &Home, path: &Path) -> String {
    let answer = home.json(&["show", path.to_str().unwrap()]);
    answer[0]["reason"]["code"]
        .as_str()
        .unwrap_or_else(|| panic!("{}: {answer}", path.display()))
        .to_owned()
}

#[test]
fn every_path_has_its_reason() {
    let home = Home::new();
    home.watch_pictures();
    let nas = home.add_folder_destination("nas");
    home.put("photo.jpg", &jpeg(1));
    home.put("film.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom");
    home.put("notes.txt", b"no photo");
    home.put("nothing.jpg", b"");
    symlink(home.pictures("photo.jpg"), home.pictures("link.jpg")).unwrap();
    let _socket = UnixListener::bind(home.pictures("socket")).unwrap();
    let elsewhere = home.path("elsewhere.jpg");
    write_at_rest(&elsewhere, &jpeg(2));
    home.ok(&["sync", "--once"]);
    let unseen = home.put("unseen.jpg", &jpeg(3));

    //  path, code
    let cases = [
        (home.pictures("film.mp4"), "video"),
        (home.pictures("notes.txt"), "not_a_photo"),
        (home.pictures("nothing.jpg"), "empty"),
        (home.pictures("link.jpg"), "link"),
        (home.pictures("socket"), "special_file"),
        (home.pictures(""), "not_a_photo"),
        (elsewhere, "not_watched"),
        (unseen, "not_read_yet"),
        (nas.join("2019/06/photo.jpg"), "folder_inside_destination"),
        (home.path("library/library.db"), "folder_inside_library"),
    ];
    for (path, expected) in cases {
        assert_eq!(code(&home, &path), expected, "{}", path.display());
    }
    let run = home.ok(&["show", home.pictures("film.mp4").to_str().unwrap()]);
    assert!(
        run.stdout.contains("Videos are not backed up yet"),
        "{run:?}"
    );

    let nowhere = home.run(&["show", home.pictures("never.jpg").to_str().unwrap()]);
    assert_eq!(nowhere.code, 2, "{nowhere:?}");

    fs::remove_file(home.pictures("notes.txt")).unwrap();
    assert_eq!(code(&home, &home.pictures("notes.txt")), "file_gone");
    fs::rename(home.pictures(""), home.path("unplugged")).unwrap();
    home.run(&["sync", "--once"]);
    assert_eq!(code(&home, &home.pictures("film.mp4")), "folder_offline");
}

#[test]
fn a_duplicate_names_its_twin() {
    let home = Home::new();
    home.watch_pictures();
    home.add_folder_destination("nas");
    home.put("one.jpg", &jpeg(1));
    home.put("two.jpg", &jpeg(1));
    home.ok(&["sync", "--once"]);
    let two = home.pictures("two.jpg");
    let run = home.ok(&["show", two.to_str().unwrap()]);
    assert!(run.stdout.contains("one.jpg"), "{run:?}");
    assert!(run.stdout.contains("two.jpg (the same bytes"), "{run:?}");
    assert!(
        run.stdout.contains("Another file has the same bytes"),
        "{run:?}"
    );
    let one = home.pictures("one.jpg");
    let run = home.ok(&["show", one.to_str().unwrap()]);
    assert!(
        !run.stdout.contains("Another file has the same bytes"),
        "it is the one that goes up: {run:?}"
    );
}

#[test]
fn a_photo_is_found_by_its_name_from_anywhere() {
    let home = Home::new();
    home.watch_pictures();
    home.add_folder_destination("nas");
    home.put("2024/one.jpg", &jpeg(1));
    home.put("2025/one.jpg", &jpeg(2));
    home.put("2025/two.jpg", &jpeg(3));
    home.ok(&["sync", "--once"]);
    let named = |name: &str| home.json(&["show", name]).as_array().unwrap().len();
    assert_eq!((named("one.jpg"), named("two.jpg")), (2, 1));
    assert_eq!(home.run(&["show", "three.jpg"]).code, 2);
    // A file that is there is meant itself.
    let elsewhere = home.path("elsewhere/two.jpg");
    write_at_rest(&elsewhere, &jpeg(4));
    assert_eq!(code(&home, &elsewhere), "not_watched");
}

#[test]
fn a_photo_that_was_not_read_yet_waits_for_the_next_sync() {
    let home = Home::new();
    home.watch_pictures();
    let photo = home.put("one.jpg", &jpeg(1));
    assert_eq!(code(&home, &photo), "not_read_yet");
}
