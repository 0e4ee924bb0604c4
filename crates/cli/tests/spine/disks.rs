//! Disks that are plugged in, pulled out and exchanged for others, mounted for real in a namespace of
//! the test's own.

use crate::home::{Home, Run, jpeg, write_at_rest};
use crate::mounts::Mounts;
use std::collections::BTreeMap;
use std::fs;

/// A home with a folder destination, in which disks can be mounted; none where the system does not allow it.
fn home_with_disks() -> Option<Home> {
    let mut home = Home::new();
    home.add_folder_destination("nas");
    home.mounts = Mounts::new();
    if home.mounts.is_none() {
        println!("not run: this system does not let a user mount disks in a namespace");
    }
    home.mounts.is_some().then_some(home)
}

fn state_and_reason(home: &Home) -> BTreeMap<String, (String, String)> {
    let list = home.json(&["list"]);
    let photos = list.as_array().unwrap().iter();
    photos
        .map(|photo| {
            let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
            let state = (text(&photo["state"]), text(&photo["reason"]["code"]));
            (text(&photo["sha256"]), state)
        })
        .collect()
}

fn assert_states(home: &Home, run: &Run, expected: &[(&Vec<u8>, &str, &str)]) {
    let states = state_and_reason(home);
    let expected: BTreeMap<_, _> = expected
        .iter()
        .map(|(bytes, state, reason)| {
            let state = ((*state).to_owned(), (*reason).to_owned());
            (crate::home::sha256(bytes), state)
        })
        .collect();
    assert_eq!(states, expected, "{run:?}");
}

#[test]
fn a_disk_below_a_watched_folder_is_waited_for_whatever_lies_in_its_place() {
    let Some(home) = home_with_disks() else {
        return;
    };
    let mounts = home.mounts.as_ref().unwrap();
    home.watch_pictures();
    let card = home.pictures("card");
    fs::create_dir_all(&card).unwrap();
    let (one, two, beside, later, other) = (jpeg(1), jpeg(2), jpeg(3), jpeg(4), jpeg(5));
    let disks = ["A", "B", "C"].map(|name| home.path(&format!("disks/{name}")));
    for disk in &disks {
        mounts.new_disk(disk);
    }
    mounts.write(&disks[0].join("IMG_1.jpg"), &one);
    mounts.write(&disks[0].join("DCIM/IMG_2.jpg"), &two);
    mounts.write(&disks[2].join("IMG_1.jpg"), &other);
    mounts.plug(&disks[0], &card);
    home.put("beside.jpg", &beside);
    fs::rename(home.path("nas"), home.path("away")).unwrap();
    assert_eq!(home.run(&["sync", "--once"]).code, 4);

    // Pulled out: what is beside it goes up, what is on it waits and says for what.
    mounts.unplug(&card);
    fs::rename(home.path("away"), home.path("nas")).unwrap();
    home.put("later.jpg", &later);
    let run = home.run(&["sync", "--once"]);
    assert_eq!(run.code, 6, "{run:?}");
    let waiting = [
        (&one, "waiting", "disk_away"),
        (&two, "waiting", "disk_away"),
        (&beside, "backed_up", ""),
        (&later, "backed_up", ""),
    ];
    assert_states(&home, &run, &waiting);

    // An empty disk in its place changes nothing.
    mounts.plug(&disks[1], &card);
    let run = home.run(&["sync", "--once"]);
    assert_eq!(run.code, 6, "{run:?}");
    assert_states(&home, &run, &waiting);
    mounts.unplug(&card);

    // Another disk in its place is backed up, also a photo with the name of one that waits.
    mounts.plug(&disks[2], &card);
    let run = home.run(&["sync", "--once"]);
    assert_eq!(run.code, 6, "{run:?}");
    assert_states(
        &home,
        &run,
        &[&waiting[..], &[(&other, "backed_up", "")]].concat(),
    );
    mounts.unplug(&card);

    mounts.plug(&disks[0], &card);
    let run = home.run(&["sync", "--once"]);
    assert_eq!(run.code, 0, "{run:?}");
    let safe = [&one, &two, &beside, &later, &other].map(|bytes| (bytes, "backed_up", ""));
    assert_states(&home, &run, &safe);
}

#[test]
fn a_watched_card_is_known_again_after_another_one_and_a_bare_mount_point() {
    let Some(home) = home_with_disks() else {
        return;
    };
    let mounts = home.mounts.as_ref().unwrap();
    let slot = home.path("slot");
    fs::create_dir(&slot).unwrap();
    let (first, second) = (jpeg(1), jpeg(2));
    let disks = ["A", "B"].map(|name| home.path(&format!("disks/{name}")));
    for disk in &disks {
        mounts.new_disk(disk);
    }
    mounts.write(&disks[0].join("DCIM/IMG_1.jpg"), &first);
    mounts.write(&disks[1].join("DCIM/IMG_1.jpg"), &second);
    home.ok(&["folder", "add", slot.to_str().unwrap()]);
    fs::rename(home.path("nas"), home.path("away")).unwrap();
    mounts.plug(&disks[0], &slot);
    assert_eq!(home.run(&["sync", "--once"]).code, 4);
    fs::rename(home.path("away"), home.path("nas")).unwrap();

    mounts.unplug(&slot);
    let run = home.run(&["sync", "--once"]);
    assert_eq!(run.code, 6, "{run:?}");
    assert_states(&home, &run, &[(&first, "waiting", "folder_offline")]);

    mounts.plug(&disks[1], &slot);
    let run = home.run(&["sync", "--once"]);
    assert_eq!(run.code, 6, "{run:?}");
    assert_states(
        &home,
        &run,
        &[(&first, "waiting", "disk_away"), (&second, "backed_up", "")],
    );
    mounts.unplug(&slot);
    assert_eq!(home.run(&["sync", "--once"]).code, 6);

    mounts.plug(&disks[0], &slot);
    let run = home.run(&["sync", "--once"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_states(
        &home,
        &run,
        &[(&first, "backed_up", ""), (&second, "backed_up", "")],
    );
}

#[test]
fn a_disk_exchanged_while_imgn_watches_is_noticed() {
    let Some(home) = home_with_disks() else {
        return;
    };
    let mounts = home.mounts.as_ref().unwrap();
    home.watch_pictures();
    let card = home.pictures("card");
    fs::create_dir_all(&card).unwrap();
    write_at_rest(&home.pictures("beside.jpg"), &jpeg(1));
    let disks = ["A", "B"].map(|name| home.path(&format!("disks/{name}")));
    for (seed, disk) in (2..).zip(&disks) {
        mounts.new_disk(disk);
        mounts.write(&disk.join("IMG_1.jpg"), &jpeg(seed));
    }
    let mut watching = home.spawn(&["sync", "--watch"]);
    let arrived = |count: usize| {
        let begun = std::time::Instant::now();
        while crate::home::files_below(&home.path("nas"), "jpg") < count {
            assert!(
                begun.elapsed() < crate::home::PATIENCE,
                "{count} did not arrive"
            );
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
    };
    arrived(1);
    mounts.plug(&disks[0], &card);
    arrived(2);
    mounts.unplug(&card);
    mounts.plug(&disks[1], &card);
    arrived(3);
    crate::home::interrupt(watching.id());
    watching.wait().unwrap();
}
