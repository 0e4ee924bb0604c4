//! A rebuild and a restore that another process is asked for.

use super::{Owner, home_with_folder, somebody_waits};
use crate::gate::Gate;
use crate::home::{Home, Run, eventually, interrupt, jpeg};
use std::fs;
use std::process::Stdio;
use testbed::Minio;

#[tokio::test(flavor = "multi_thread")]
async fn photos_come_back_while_another_process_has_the_library() {
    let home = home_with_folder();
    let photo = jpeg(1);
    home.put("a.jpg", &photo);
    let owner = Owner::start(&home).await;
    home.ok(&["sync", "--once"]);

    // Relative paths are the caller's.
    let restored = home
        .command(&["restore", "--to", "back", "--json"])
        .current_dir(home.path(""))
        .output()
        .unwrap();
    let restored: Run = restored.into();
    assert_eq!(restored.code, 0, "{restored:?}");
    let report: serde_json::Value = serde_json::from_str(&restored.stdout).unwrap();
    assert_eq!(report["restored"], 1, "{report}");
    assert_eq!(fs::read(home.path("back/2019/06/a.jpg")).unwrap(), photo);

    let rebuilt = home.json(&["rebuild", "--from", "nas"]);
    assert_eq!(rebuilt["photos"], 1, "{rebuilt}");
    assert_eq!(home.run(&["rebuild", "--from", "nobody"]).code, 2);
    owner.end();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_that_is_interrupted_stops_at_the_owner_and_can_be_begun_again_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let gate = Gate::start(&bucket.endpoint.url).await;
    let mut home = Home::new();
    home.watch_pictures();
    home.add_bucket(&bucket.endpoint, &gate.url(), &bucket.name);
    home.put("a.jpg", &jpeg(1));
    let owner = Owner::start(&home).await;
    home.ok(&["sync", "--once"]);

    gate.allow(0);
    let back = home.path("back");
    let words = ["restore", "--to", back.to_str().unwrap()];
    let waiting = home.command(&words).stderr(Stdio::piped()).spawn().unwrap();
    somebody_waits(&home).await;
    assert_eq!(home.json(&["status"])["restore"]["stage"], "listing");
    interrupt(waiting.id());
    let ended: Run = waiting.wait_with_output().unwrap().into();
    assert_eq!(ended.code, 3, "{ended:?}");
    assert!(ended.stderr.contains("goes on from here"), "{ended:?}");
    eventually("the owner has stopped it", async || {
        home.json(&["status"])["restore"]["stage"] == "stopped"
    })
    .await;

    gate.cut().await;
    gate.open();
    home.ok(&words);
    assert_eq!(fs::read(back.join("2019/06/a.jpg")).unwrap(), jpeg(1));
    owner.end();
}
