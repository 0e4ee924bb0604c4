//! A system that has no watches left: the window says that folders are looked at every so often.

use crate::desk::{APP, Desk};
use crate::first_run;
use std::os::unix::fs::PermissionsExt;

#[tokio::test]
async fn a_folder_that_cannot_be_watched_says_so_in_the_settings() {
    let desk = Desk::new().await;
    let program = desk.path("imgn-without-watches");
    // In a namespace of its own, where the limit is the app's alone.
    let script = format!(
        "#!/bin/sh\nexec unshare --user --map-root-user sh -c \
         'echo 8 >/proc/sys/user/max_inotify_watches && exec \"$0\" \"$@\"' {APP} \"$@\"\n"
    );
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
    if !is_allowed() {
        println!("not run: this system does not let a user have a namespace");
        return;
    }
    for number in 0..20 {
        std::fs::create_dir(desk.pictures().join(number.to_string())).unwrap();
    }
    let window = desk.open_as(&program).await;
    first_run::into_folder(&window, &desk).await;
    window.click("[data-testid=nav-settings]").await;
    window
        .read(
            "main",
            "Looked at every so often, since the system has no watches left.",
        )
        .await;
    window.close().await;
}

fn is_allowed() -> bool {
    std::process::Command::new("unshare")
        .args(["--user", "--map-root-user", "true"])
        .status()
        .is_ok_and(|status| status.success())
}
