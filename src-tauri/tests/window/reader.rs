//! A card reader: memory cards that are mounted for real, in a namespace that only the app sees.

use crate::desk::{APP, Desk};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

/// What starts the app where cards can be plugged in; none: this system does not let a user mount.
pub(crate) fn program(desk: &Desk) -> Option<PathBuf> {
    let allowed = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "true"])
        .status()
        .is_ok_and(|status| status.success());
    if !allowed {
        println!("not run: this system does not let a user mount in a namespace");
        return None;
    }
    let program = desk.path("imgn-with-reader");
    let script = format!(
        "#!/bin/sh\nexec unshare --user --map-root-user --mount sh -c \
         'mount -t tmpfs tmpfs /media && exec \"$0\" \"$@\"' {APP} \"$@\"\n"
    );
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
    Some(program)
}

/// Plugs in a card of this name with these files.
pub(crate) fn plug(desk: &Desk, app: u32, name: &str, files: &[(&str, Vec<u8>)]) {
    let source = desk.path("card files");
    for (path, bytes) in files {
        let path = source.join(name).join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    // It is whole before it is seen.
    let script = "
        mkdir -p \"$2/aside\" \"/media/ann/$1\" &&
        mount -t tmpfs tmpfs \"$2/aside\" && cp -R \"$2/$1/.\" \"$2/aside\" &&
        mount --bind \"$2/aside\" \"/media/ann/$1\" && umount \"$2/aside\"";
    within(app, script, &[name, source.to_str().unwrap()]);
}

/// Puts files onto a card that is plugged in: its pictures come after it was mounted.
pub(crate) fn fill(desk: &Desk, app: u32, name: &str, files: &[(&str, Vec<u8>)]) {
    let source = desk.path("late files");
    for (path, bytes) in files {
        let path = source.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let script = "cp -R \"$2/.\" \"/media/ann/$1\"";
    within(app, script, &[name, source.to_str().unwrap()]);
}

/// Pulls it out, also while something on it is read.
pub(crate) fn pull(app: u32, name: &str) {
    within(app, "umount --lazy \"/media/ann/$1\"", &[name]);
}

/// Runs this where the app is, which sees its mounts.
fn within(app: u32, script: &str, arguments: &[&str]) {
    let output = Command::new("nsenter")
        .args(["--user", "--mount", "--preserve-credentials", "--target"])
        .arg(app.to_string())
        .args(["--", "sh", "-c", script, "sh"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{script}: {output:?}");
}
