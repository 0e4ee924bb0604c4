//! A system that has no watches left, in a namespace of the test's own: folders are looked at every so
//! often, which is said, and nothing that comes is missed.

use crate::home::{Home, eventually, interrupt, jpeg};
use crate::mounts::Mounts;
use serde_json::Value;
use std::fs;

const WATCHES: &str = "max_inotify_watches";
const INSTANCES: &str = "max_inotify_instances";

/// A home whose Pictures are watched; none where the system does not allow it.
fn home_with_limit(limit: &str, most: u32) -> Option<Home> {
    let mut home = Home::new();
    home.watch_pictures();
    // It is not there: this is about what is found, not about where it goes.
    let nas = home.add_folder_destination("nas");
    fs::rename(nas, home.path("nas away")).unwrap();
    home.mounts = Mounts::new();
    let Some(mounts) = &home.mounts else {
        println!("not run: this system does not let a user have a namespace");
        return None;
    };
    mounts.limit(limit, most);
    Some(home)
}

fn pictures_as_seen(home: &Home) -> Value {
    home.json(&["status"])["folders"][0].clone()
}

async fn eventually_polled(home: &Home, polled: bool) {
    eventually("how the folder is watched is said", async || {
        let status = home.run(&["status", "--json"]);
        let status: Value = serde_json::from_str(&status.stdout).unwrap_or_default();
        status["folders"][0]["polling"] == polled && status["folders"][0]["state"] == "watching"
    })
    .await;
}

const SENTENCE: &str = "looked at every so often, since the system has no watches left";

#[tokio::test]
async fn a_folder_that_cannot_be_watched_is_looked_at_every_so_often() {
    // The program itself takes one or two beside those for folders.
    let Some(home) = home_with_limit(WATCHES, 8) else {
        return;
    };
    for number in 0..20 {
        fs::create_dir_all(home.pictures(&format!("{number}"))).unwrap();
    }
    let mut watch = home.spawn(&["sync", "--watch"]);
    eventually_polled(&home, true).await;
    assert!(home.ok(&["status"]).stdout.contains(SENTENCE));

    fs::write(home.pictures("19/late.jpg"), jpeg(1)).unwrap();
    eventually("what came is found", async || {
        pictures_as_seen(&home)["photos"] == 1
    })
    .await;
    interrupt(watch.id());
    watch.wait().unwrap();
}

#[tokio::test]
async fn watches_that_run_out_later_are_noticed_too() {
    let Some(home) = home_with_limit(WATCHES, 8) else {
        return;
    };
    let mut watch = home.spawn(&["sync", "--watch"]);
    eventually_polled(&home, false).await;
    for number in 0..20 {
        fs::create_dir_all(home.pictures(&format!("{number}"))).unwrap();
    }
    eventually_polled(&home, true).await;

    fs::write(home.pictures("19/late.jpg"), jpeg(1)).unwrap();
    eventually("what came is found", async || {
        pictures_as_seen(&home)["photos"] == 1
    })
    .await;
    interrupt(watch.id());
    watch.wait().unwrap();
}

#[tokio::test]
async fn a_system_without_any_instance_left_is_polled() {
    let Some(home) = home_with_limit(INSTANCES, 0) else {
        return;
    };
    fs::write(home.pictures("early.jpg"), jpeg(1)).unwrap();
    let mut watch = home.spawn(&["sync", "--watch"]);
    eventually_polled(&home, true).await;
    eventually("what is there is found", async || {
        pictures_as_seen(&home)["photos"] == 1
    })
    .await;
    interrupt(watch.id());
    watch.wait().unwrap();
}

#[tokio::test]
async fn a_disk_that_hangs_in_one_folder_holds_up_no_other() {
    let mut home = Home::new();
    home.watch_pictures();
    let other = home.path("other");
    fs::create_dir(&other).unwrap();
    home.ok(&["folder", "add", other.to_str().unwrap()]);
    let nas = home.add_folder_destination("nas");
    fs::rename(nas, home.path("nas away")).unwrap();
    home.mounts = Mounts::new();
    let stuck = home.pictures("stuck");
    fs::create_dir(&stuck).unwrap();
    let hanging = home.mounts.as_ref().and_then(|mounts| mounts.hang(&stuck));
    let Some(_hanging) = hanging else {
        println!("not run: this system does not let a user mount such a disk in a namespace");
        return;
    };
    let mut watch = home.spawn(&["sync", "--watch"]);
    let folder_named = |status: &Value, name: &str| {
        let folders = status["folders"].as_array().cloned().unwrap_or_default();
        folders
            .into_iter()
            .find(|folder| {
                folder["path"]
                    .as_str()
                    .is_some_and(|path| path.ends_with(name))
            })
            .unwrap_or_default()
    };
    let status = || {
        let status = home.run(&["status", "--json"]);
        serde_json::from_str::<Value>(&status.stdout).unwrap_or_default()
    };
    eventually("the other folder was read", async || {
        folder_named(&status(), "/other")["state"] == "watching"
    })
    .await;
    fs::write(other.join("late.jpg"), jpeg(1)).unwrap();
    eventually("what came into it is found", async || {
        folder_named(&status(), "/other")["photos"] == 1
    })
    .await;
    eventually("that the stuck one is only looked at is said", async || {
        folder_named(&status(), "/Pictures")["polling"] == true
    })
    .await;
    interrupt(watch.id());
    watch.wait().unwrap();
}
