//! This computer stands in the way: folders that this account may not read or write, and a disk without room for
//! the library.

use crate::home::{Home, eventually, interrupt, jpeg};
use serde_json::Value;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use testbed::Disk;

fn status(home: &Home) -> Value {
    let status = home.run(&["status", "--json"]);
    serde_json::from_str(&status.stdout).unwrap_or_default()
}

/// Also `lost+found`, which each disk of the usual kind has at its root, for root alone.
#[tokio::test]
async fn a_folder_that_may_not_be_read_is_said_and_all_around_it_is_watched() {
    let mut home = Home::new();
    home.heed_permissions();
    home.watch_pictures();
    home.add_folder_destination("nas");
    for folder in ["2019", "lost+found", "shared/closed", "shared/open"] {
        fs::create_dir_all(home.pictures(folder)).unwrap();
    }
    home.put("shared/closed/theirs.jpg", &jpeg(1));
    let closed = ["lost+found", "shared/closed"].map(|folder| home.pictures(folder));
    for folder in &closed {
        fs::set_permissions(folder, Permissions::from_mode(0o000)).unwrap();
    }
    let mut watch = home.spawn(&["sync", "--watch"]);
    eventually("the closed folder is said", async || {
        status(&home)["needs_you"] == 1
    })
    .await;
    let said = home.ok(&["status"]).stdout;
    assert!(said.contains("shared/closed"), "{said}");
    assert!(
        !said.contains("lost+found"),
        "nobody has photos there: {said}"
    );

    let seen = async |photos: u32| {
        eventually(&format!("{photos} are safe"), async || {
            status(&home)["safe"] == photos
        })
        .await;
    };
    fs::write(home.pictures("2019/a.jpg"), jpeg(2)).unwrap();
    fs::write(home.pictures("shared/open/b.jpg"), jpeg(3)).unwrap();
    seen(2).await;
    fs::create_dir_all(home.pictures("shared/late/below")).unwrap();
    fs::write(home.pictures("shared/late/below/c.jpg"), jpeg(4)).unwrap();
    seen(3).await;
    fs::write(home.pictures("shared/late/below/d.jpg"), jpeg(5)).unwrap();
    seen(4).await;
    assert_eq!(status(&home)["folders"][0]["polling"], false);

    for folder in &closed {
        fs::set_permissions(folder, Permissions::from_mode(0o700)).unwrap();
    }
    seen(5).await;
    assert_eq!(status(&home)["needs_you"], 0);
    interrupt(watch.id());
    watch.wait().unwrap();
}

#[test]
fn a_library_that_may_not_be_written_is_shown_and_goes_on_when_it_may() {
    let mut home = Home::new();
    home.heed_permissions();
    home.watch_pictures();
    home.add_folder_destination("nas");
    home.put("a.jpg", &jpeg(1));
    home.ok(&["sync", "--once"]);
    home.put("b.jpg", &jpeg(2));
    let library = home.path("library");
    let files = fs::read_dir(&library).unwrap();
    let mut locked: Vec<_> = files.map(|entry| entry.unwrap().path()).collect();
    locked.push(library);
    for path in &locked {
        fs::set_permissions(path, Permissions::from_mode(0o500)).unwrap();
    }
    assert_eq!(home.states()["a.jpg"], "backed_up");
    let run = home.run(&["sync", "--once"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.stderr.contains("cannot write into its library"),
        "{run:?}"
    );
    for path in &locked {
        fs::set_permissions(path, Permissions::from_mode(0o700)).unwrap();
    }
    home.ok(&["sync", "--once"]);
    assert_eq!(home.states()["b.jpg"], "backed_up");
    home.assert_library_is_sound();
}

#[test]
fn a_disk_without_room_for_the_library_is_said_and_everything_goes_on_when_there_is() {
    let home = Home::new();
    let Some(disk) = Disk::mount(home.path("library"), "size=4m") else {
        println!("not run: this account may not mount a small disk");
        return;
    };
    home.watch_pictures();
    let nas = home.add_folder_destination("nas");
    for seed in 0..200 {
        home.put(format!("{seed}.jpg"), &jpeg(seed));
    }
    let run = home.run(&["sync", "--once"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.stderr.contains("The disk is full. Make room"),
        "{run:?}"
    );
    for (file, state) in home.states() {
        assert_ne!(state, "failed", "{file}");
        let there = nas.join("2019/06").join(&file);
        assert!(
            state != "backed_up" || there.is_file(),
            "{file} is said to be there"
        );
    }

    disk.again("size=64m");
    home.ok(&["sync", "--once"]);
    assert!(home.states().values().all(|state| state == "backed_up"));
    assert_eq!(home.states().len(), 200);
    home.assert_library_is_sound();
}
