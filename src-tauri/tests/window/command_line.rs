//! The command line on the library that the window has open.

use crate::desk::{APP, Desk};
use crate::first_run;
use crate::process::Group;
use std::path::Path;
use std::process::Output;
use tokio::process::Command;

/// Starts `imgn-cli`, which is built with the app, into the same folder.
pub(crate) fn start(desk: &Desk, words: &[&str]) -> Group {
    Group::start(&mut command(desk, words), &desk.path("command-line.log"))
}

async fn imgn_cli(desk: &Desk, words: &[&str]) -> Output {
    command(desk, words).output().await.unwrap()
}

fn command(desk: &Desk, words: &[&str]) -> Command {
    let program = Path::new(APP).with_file_name("imgn-cli");
    let mut command = Command::new(program);
    command
        .arg("--library")
        .arg(desk.library())
        .args(words)
        .envs(desk.environment());
    command
}

fn document(output: &Output) -> serde_json::Value {
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test]
async fn the_window_does_what_the_command_line_says_and_shows_it() {
    let desk = Desk::new().await;
    let window = desk.open().await;
    first_run::into_folder(&window, &desk).await;

    let camera = desk.path("camera.jpg");
    std::fs::write(&camera, samples::plain(1)).unwrap();
    let words = ["upload", camera.to_str().unwrap(), "--json"];
    let uploaded = document(&imgn_cli(&desk, &words).await);
    assert_eq!(uploaded["dropped"]["copied"], 1);
    assert_eq!(uploaded["sync"]["backed_up"], 1);

    let more = desk.path("More");
    std::fs::create_dir(&more).unwrap();
    std::fs::write(more.join("more.jpg"), samples::plain(2)).unwrap();
    let words = ["folder", "add", more.to_str().unwrap(), "--json"];
    let added = document(&imgn_cli(&desk, &words).await);
    assert_eq!(added["path"], more.to_str().unwrap());
    let synced = document(&imgn_cli(&desk, &["sync", "--once", "--json"]).await);
    assert_eq!(synced["backed_up"], 2);
    window
        .tiles("both are shown, and safe", |tiles| {
            let names: Vec<&str> = tiles.iter().map(|tile| tile.name.as_str()).collect();
            names == ["camera.jpg", "more.jpg"]
                && tiles.iter().all(|tile| tile.state == "backed_up")
        })
        .await;
    let status = document(&imgn_cli(&desk, &["status", "--json"]).await);
    assert_eq!(status["safe"], 2);

    window.close().await;
    let status = document(&imgn_cli(&desk, &["sync", "--once", "--json"]).await);
    assert_eq!(status["backed_up"], 2);
}
