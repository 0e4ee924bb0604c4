//! A destination is examined by the program, and what it does is remembered.

use crate::home::{Home, jpeg};
use serde_json::Value;
use std::fs;
use testbed::Server;

on_plain_servers! {
    a_store_that_is_well_is_said_to_be_so_and_is_left_as_it_was
}

fn outcome<'a>(report: &'a Value, check: &str) -> &'a str {
    report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| finding["check"] == check)
        .unwrap_or_else(|| panic!("no {check}: {report}"))["outcome"]
        .as_str()
        .unwrap()
}

async fn a_store_that_is_well_is_said_to_be_so_and_is_left_as_it_was(server: Server) {
    let bucket = server.bucket().await;
    let home = Home::with_bucket(&bucket);
    home.put("a.jpg", &jpeg(1));
    home.ok(&["sync", "--once"]);
    let before = bucket.list().await;
    let report = home.json(&["destination", "doctor", "home"]);
    for check in [
        "endpoint",
        "put",
        "get",
        "conditional_put",
        "multipart",
        "presigned_get",
    ] {
        assert_eq!(outcome(&report, check), "fine", "{report}");
    }
    assert_eq!(outcome(&report, "tls"), "note", "{report}");
    assert_eq!(bucket.list().await, before);
    let known = home.json(&["destination", "list"]);
    assert_eq!(known[0]["examined"], report, "it is remembered");
    let profile: String = home
        .database()
        .query_row("SELECT profile FROM destination", [], |row| row.get(0))
        .unwrap();
    let profile: Value = serde_json::from_str(&profile).unwrap();
    assert_eq!(profile["conditional_multipart"], true, "{profile}");
    let said = home.ok(&["destination", "doctor", "home"]).stdout;
    assert!(said.contains("ok       right to write: yes"), "{said}");
}

#[test]
fn a_backup_beside_the_photos_is_a_note_and_an_unmounted_one_a_problem() {
    let home = Home::new();
    home.watch_pictures();
    let nas = home.add_folder_destination("nas");
    let report = home.json(&["destination", "doctor", "nas"]);
    assert_eq!(outcome(&report, "same_disk"), "note", "{report}");
    assert_eq!(outcome(&report, "exclusive"), "fine", "{report}");

    fs::rename(&nas, home.path("away")).unwrap();
    let run = home.run(&["destination", "doctor", "nas"]);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(run.stdout.contains("problem  folder:"), "{run:?}");
    assert!(!nas.exists());
}
