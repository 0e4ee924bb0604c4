//! A small disk in memory, mounted for as long as this lives.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

#[derive(Debug)]
pub struct Disk {
    pub path: PathBuf,
}

impl Disk {
    /// With options such as `size=6m`. None: this account may not mount.
    pub fn mount(path: PathBuf, options: &str) -> Option<Self> {
        fs::create_dir(&path).expect("a place for a disk can be made");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(&path)
            .output();
        mounted
            .is_ok_and(|run| run.status.success())
            .then_some(Self { path })
    }

    /// Mounts it again with other options, such as `ro`. False while that is refused, for something writes there.
    pub fn try_again(&self, options: &str) -> bool {
        let run = Command::new("mount")
            .args(["-o", &format!("remount,{options}")])
            .arg(&self.path)
            .output();
        run.expect("mount can be run").status.success()
    }

    /// The same where nothing writes.
    pub fn again(&self, options: &str) {
        assert!(self.try_again(options), "no {options} now");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: nothing may keep a failed test's disk from going away.
        let run = Command::new("umount").arg("-l").arg(&self.path).output();
        let gone = run.as_ref().is_ok_and(|run| run.status.success());
        assert!(gone || std::thread::panicking(), "{run:?}");
    }
}
