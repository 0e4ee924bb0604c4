//! A Chromium of one test's own, below its driver.
//!
//! **Invariant:** it ends with the test, also when the test is killed, and keeps nothing.

use serde_json::json;
use std::fs::File;
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use testbed::WebDriver;

const START: Duration = Duration::from_secs(60);

/// Ends the driver, and the browser below it, when its own input ends.
const SHELL: &str = r#""$@" & read -r _; kill -9 0"#;

/// The first are what makes Chromium run at all as root and without a screen; the others keep it from asking
/// anybody for anything.
const FLAGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
];

/// What the browser's person speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    German,
}

impl Language {
    fn tag(self) -> &'static str {
        match self {
            Self::English => "en-GB",
            Self::German => "de-DE",
        }
    }
}

pub(crate) struct Chromium {
    pub(crate) driver: WebDriver,
    shell: Child,
    _home: TempDir,
}

impl Chromium {
    pub(crate) async fn start(language: Language) -> Self {
        let home = tempfile::tempdir().unwrap();
        let port = free_port();
        let log = File::create(home.path().join("driver.log")).unwrap();
        let shell = Command::new("sh")
            .args(["-c", SHELL, "driver", "chromedriver"])
            .arg(format!("--port={port}"))
            .env("HOME", home.path())
            .env("XDG_CONFIG_HOME", home.path())
            .env("XDG_CACHE_HOME", home.path())
            .env("LANGUAGE", language.tag())
            .stdin(Stdio::piped())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .process_group(0)
            .spawn()
            .unwrap();
        let root = format!("http://127.0.0.1:{port}");
        let begun = Instant::now();
        while let Err(failure) = WebDriver::is_ready(&root).await {
            assert!(
                begun.elapsed() < START,
                "no driver (install chromium-driver): {failure}"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let profile = home.path().join("profile");
        let own = [
            format!("--user-data-dir={}", profile.display()),
            format!("--lang={}", language.tag()),
            format!("--accept-lang={}", language.tag()),
        ];
        let flags: Vec<_> = FLAGS
            .iter()
            .map(|flag| (*flag).to_owned())
            .chain(own)
            .collect();
        let wanted = json!({
            "goog:chromeOptions": { "binary": binary(), "args": flags },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let driver = WebDriver::begin(&root, wanted).await;
        let driver = driver.unwrap_or_else(|failure| panic!("no browser: {failure}"));
        Self {
            driver,
            shell,
            _home: home,
        }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        drop(self.shell.wait());
    }
}

/// Debian's name, and that of others.
fn binary() -> &'static str {
    [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
    ]
    .into_iter()
    .find(|place| Path::new(place).exists())
    .expect("Chromium is installed; ./dev test does that")
}

/// Free when asked; the driver takes it a moment later.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
