//! The program under test: started on a free port, ended with the test.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A free port of this machine.
const ANY: &str = "127.0.0.1:0";
const START: Duration = Duration::from_secs(60);

/// A server that answers.
pub(crate) struct Program {
    shell: Child,
    pid: i32,
    /// `127.0.0.1:port`
    pub(crate) address: String,
    folder: TempDir,
}

/// Ends the server when its own input ends, which also happens when the test is killed.
const SHELL: &str =
    r#""$@" & server=$!; echo $server; read -r _; kill -9 $server 2>/dev/null; wait $server"#;

impl Program {
    /// The monolith over a folder of its own.
    pub(crate) fn monolith(words: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let images = folder.path().join("images");
        let mut all = vec!["--folder", images.to_str().unwrap(), "--listen", ANY];
        all.extend(words);
        Self::start(&all, &[], folder)
    }

    /// With any words and variables.
    pub(crate) fn with(words: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut all = words.to_vec();
        all.extend(["--listen", ANY]);
        Self::exactly(&all, variables)
    }

    /// The same, where it listens is said among them.
    pub(crate) fn exactly(words: &[&str], variables: &[(&str, &str)]) -> Self {
        Self::start(words, variables, tempfile::tempdir().unwrap())
    }

    fn start(words: &[&str], variables: &[(&str, &str)], folder: TempDir) -> Self {
        let log = folder.path().join("log");
        let mut command = Command::new("sh");
        command
            .args(["-c", SHELL, "server", env!("CARGO_BIN_EXE_imgn-server")])
            .args(words)
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(&log).unwrap());
        clean(&mut command);
        command.envs(variables.iter().copied());
        let mut shell = command.spawn().unwrap();
        let mut pid = String::new();
        BufReader::new(shell.stdout.take().unwrap())
            .read_line(&mut pid)
            .unwrap();
        let begun = Instant::now();
        let address = loop {
            let text = fs::read_to_string(&log).unwrap();
            if let Some(address) = listening(&text) {
                break address;
            }
            assert!(begun.elapsed() < START, "it does not listen: {text}");
            std::thread::sleep(Duration::from_millis(20));
        };
        Self {
            shell,
            pid: pid.trim().parse().unwrap(),
            address,
            folder,
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Where the monolith keeps its images.
    pub(crate) fn images(&self) -> PathBuf {
        self.folder.path().join("images")
    }

    /// Every file of the monolith's, but for its marker; relative, sorted.
    pub(crate) fn files(&self) -> Vec<String> {
        files(&self.images())
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// The most memory that it had at any time, bytes; its workers are not counted.
    #[cfg(target_os = "linux")]
    pub(crate) fn memory(&self) -> u64 {
        self.status("VmHWM")
    }

    /// The memory that it has now, bytes; its workers are not counted.
    #[cfg(target_os = "linux")]
    pub(crate) fn resident(&self) -> u64 {
        self.status("VmRSS")
    }

    #[cfg(target_os = "linux")]
    fn status(&self, name: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid)).unwrap();
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        let kilobytes = line.split_whitespace().nth(1).unwrap();
        kilobytes.parse::<u64>().unwrap() * 1024
    }

    /// Ends it at once, in the middle of whatever it does; returns what it had logged.
    pub(crate) fn kill(mut self) -> String {
        self.end();
        self.log()
    }

    fn end(&mut self) {
        // An end of input is all that it waits for.
        drop(self.shell.stdin.take());
        drop(self.shell.wait());
    }

    /// Asks it to end.
    pub(crate) fn terminate(&self) {
        let pid = rustix::process::Pid::from_raw(self.pid).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    }

    /// Waits until its log holds this.
    pub(crate) async fn said(&self, words: &str) {
        eventually(words, || async { self.log().contains(words) }).await;
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.end();
        if std::thread::panicking() {
            drop(std::io::stderr().write_all(self.log().as_bytes()));
        }
    }
}

/// Runs it to its end.
pub(crate) fn run(words: &[&str], variables: &[(&str, &str)]) -> std::process::Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_imgn-server"));
    command.args(words).stdin(Stdio::null());
    clean(&mut command);
    command.envs(variables.iter().copied());
    command.output().unwrap()
}

/// Nothing of the machine's settings.
fn clean(command: &mut Command) {
    for (name, _) in std::env::vars() {
        if name.starts_with("AWS_") || (name.starts_with("IMGN_") && !name.starts_with("IMGN_TEST"))
        {
            command.env_remove(name);
        }
    }
}

fn listening(log: &str) -> Option<String> {
    log.lines().find_map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).ok()?;
        (line["message"] == "listening").then(|| line["address"].as_str().unwrap().to_owned())
    })
}

/// Every file below a folder but for its marker; relative, sorted.
pub(crate) fn files(root: &Path) -> Vec<String> {
    let (mut files, mut folders) = (Vec::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let relative = path.strip_prefix(root).unwrap();
                files.push(relative.to_str().unwrap().to_owned());
            }
        }
    }
    files.retain(|file| file != ".imgn/destination.json");
    files.sort();
    files
}

/// Asks until it is so. The time is no claim, only the end of a test that would never end.
pub(crate) async fn eventually<F: Future<Output = bool>>(what: &str, mut so: impl FnMut() -> F) {
    let begun = Instant::now();
    while !so().await {
        assert!(begun.elapsed() < Duration::from_secs(60), "never: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
