//! Disks that can be plugged in and out, without touching the machine: file systems in memory, mounted
//! in a namespace that only the test and the programs that it starts see.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A mount namespace; ends with the test.
#[derive(Debug)]
pub(crate) struct Mounts {
    holder: Child,
}

impl Mounts {
    /// None: this system does not allow it.
    pub(crate) fn new() -> Option<Self> {
        let mut holder = Command::new("unshare")
            .args(["--user", "--map-root-user", "--mount", "--kill-child"])
            .args(["sh", "-c", "echo ready && exec cat"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut line = String::new();
        BufReader::new(holder.stdout.take()?)
            .read_line(&mut line)
            .ok()?;
        let mounts = Self { holder };
        (line == "ready\n").then_some(mounts)
    }

    /// A command that sees the disks.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        command
            .args(["--user", "--mount", "--preserve-credentials", "--target"])
            .arg(self.holder.id().to_string())
            .args(["--", program]);
        command
    }

    /// Lets programs here have no more than this of something, as user_namespaces(7) names it.
    pub(crate) fn limit(&self, what: &str, most: u32) {
        let script = "echo \"$2\" >\"/proc/sys/user/$1\"";
        let mut command = self.command("sh");
        command.args(["-c", script, "sh", what, &most.to_string()]);
        self.run(&mut command);
    }

    /// A new, empty disk, out of the way at `parked`.
    pub(crate) fn new_disk(&self, parked: &Path) {
        std::fs::create_dir_all(parked).unwrap();
        let size = ["-t", "tmpfs", "-o", "size=16m", "tmpfs"];
        self.run(self.command("mount").args(size).arg(parked));
    }

    pub(crate) fn plug(&self, parked: &Path, place: &Path) {
        self.run(self.command("mount").arg("--bind").args([parked, place]));
    }

    pub(crate) fn unplug(&self, place: &Path) {
        self.run(self.command("umount").arg(place));
    }

    /// A disk that answers nothing until what is returned is dropped; none: this system does not allow it.
    pub(crate) fn hang(&self, place: &Path) -> Option<Hanging> {
        const SCRIPT: &str = "exec 3<>/dev/fuse && \
            mount -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 hung \"$1\" && \
            echo ready && exec sleep infinity";
        let mut holder = self.command("sh");
        holder.args(["-c", SCRIPT, "sh"]).arg(place);
        let mut holder = Hanging(
            holder
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .unwrap(),
        );
        let mut line = String::new();
        BufReader::new(holder.0.stdout.take()?)
            .read_line(&mut line)
            .ok()?;
        (line == "ready\n").then_some(holder)
    }

    /// Writes a file on a disk, dated a day back.
    pub(crate) fn write(&self, path: &Path, bytes: &[u8]) {
        let script = "mkdir -p \"$(dirname \"$1\")\" && cat >\"$1\" && touch -d yesterday \"$1\"";
        let mut child = self
            .command("sh")
            .args(["-c", script, "sh"])
            .arg(path)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(bytes).unwrap();
        assert!(child.wait().unwrap().success());
    }

    fn run(&self, command: &mut Command) {
        let output = command.output().unwrap();
        assert!(output.status.success(), "{command:?}: {output:?}");
    }
}

/// What holds a disk that does not answer.
#[derive(Debug)]
pub(crate) struct Hanging(Child);

impl Drop for Hanging {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

impl Drop for Mounts {
    fn drop(&mut self) {
        // Its input ends, and with it the holder; the mounts go with the last process that sees them.
        drop(self.holder.stdin.take());
        self.holder.wait().ok();
    }
}
