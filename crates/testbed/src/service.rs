//! A real `imgn-server`, on a free port, over a folder of its own.
//!
//! **Invariant:** it ends with the test, also when the test is killed.

use crate::programs::built;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const START: Duration = Duration::from_secs(60);

/// Ends the server when its own input ends.
pub(crate) const SHELL: &str =
    r#""$@" & server=$!; echo $server; read -r _; kill -9 $server 2>/dev/null; wait $server"#;

/// The monolith.
#[derive(Debug)]
pub struct Service {
    process: Option<Child>,
    /// `127.0.0.1:port`
    pub address: String,
    folder: TempDir,
    words: Vec<String>,
}

impl Service {
    /// Listens when this returns; `words` are further ones of its command line.
    pub fn start(words: &[&str]) -> Self {
        let mut service = Self {
            process: None,
            address: "127.0.0.1:0".to_owned(),
            folder: tempfile::tempdir().expect("a folder for a server"),
            words: words.iter().map(|word| (*word).to_owned()).collect(),
        };
        service.go_on();
        service
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where it keeps its images.
    pub fn images(&self) -> PathBuf {
        self.folder.path().join("images")
    }

    /// What it logged in this run.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).expect("its log can be read")
    }

    /// Ends it at once; what it keeps stays.
    pub fn stop(&mut self) {
        if let Some(mut shell) = self.process.take() {
            drop(shell.stdin.take());
            shell.wait().expect("its shell ends");
        }
    }

    /// Begins again at the same address.
    pub fn go_on(&mut self) {
        let log = self.folder.path().join("log");
        let images = self.images();
        let mut command = Command::new("sh");
        command
            .args(["-c", SHELL, "server"])
            .arg(built("imgn-server"))
            .arg("--folder")
            .arg(images)
            .args(["--listen", &self.address])
            .args(&self.words)
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(&log).expect("a log"));
        for (name, _) in std::env::vars_os() {
            if name
                .to_str()
                .is_some_and(|name| name.starts_with("IMGN_") || name.starts_with("AWS_"))
            {
                command.env_remove(name);
            }
        }
        let mut shell = command.spawn().expect("a shell starts");
        let mut pid = String::new();
        BufReader::new(shell.stdout.take().expect("it is piped"))
            .read_line(&mut pid)
            .expect("the shell says who it started");
        self.process = Some(shell);
        let begun = Instant::now();
        loop {
            let text = self.log();
            if let Some(address) = listening(&text) {
                self.address = address;
                return;
            }
            assert!(begun.elapsed() < START, "it does not listen: {text}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.stop();
    }
}

fn listening(log: &str) -> Option<String> {
    log.lines()
        .filter(|line| line.contains("\"message\":\"listening\""))
        .find_map(|line| {
            let (_, rest) = line.split_once("\"address\":\"")?;
            Some(rest.split_once('"')?.0.to_owned())
        })
}
