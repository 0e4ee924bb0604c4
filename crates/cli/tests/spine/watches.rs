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
