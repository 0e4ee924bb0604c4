//! Keys in a real keyring, on a session bus of the test's own.

use crate::home::{Home, PATIENCE, assert_exactly_once, jpeg};
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;
use testbed::{Minio, Service};

/// A session bus with an unlocked keyring; both end with the test.
pub(crate) struct Session {
    bus: Child,
    keyring: Child,
    address: String,
}

impl Session {
    pub(crate) fn start(home: &Path) -> Self {
        let socket = home.join("bus");
        let address = format!("unix:path={}", socket.display());
        let bus = Command::new("dbus-daemon")
            .args([
                "--session",
                "--nofork",
                "--nopidfile",
                "--address",
                &address,
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        wait_for("the bus", || socket.exists());
        let mut keyring = Command::new("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .env("DBUS_SESSION_BUS_ADDRESS", &address)
            .env("HOME", home)
            .env("XDG_DATA_HOME", home.join("share"))
            .env("XDG_RUNTIME_DIR", home)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut password = keyring.stdin.take().unwrap();
        password.write_all(b"test").unwrap();
        drop(password);
        let session = Self {
            bus,
            keyring,
            address,
        };
        // It answers before its collection is unlocked, and would ask a person then.
        wait_for("the keyring", || session.has_keyring());
        wait_for("the unlocked keyring", || session.is_unlocked());
        session
    }

    /// Where programs find it.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// How many entries of imgn's the keyring has.
    fn entries(&self) -> Option<usize> {
        let answer = self.ask(
            "/org/freedesktop/secrets",
            "org.freedesktop.Secret.Service.SearchItems",
            &["dict:string:string:service,imgn"],
        )?;
        Some(answer.matches("object path").count())
    }

    /// Asked of the bus: who asks for the keyring itself too early has the bus start another, locked one.
    fn has_keyring(&self) -> bool {
        let asked = Command::new("dbus-send")
            .args(["--session", "--print-reply", "--dest=org.freedesktop.DBus"])
            .args([
                "/org/freedesktop/DBus",
                "org.freedesktop.DBus.NameHasOwner",
                "string:org.freedesktop.secrets",
            ])
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .output()
            .unwrap();
        String::from_utf8_lossy(&asked.stdout).contains("boolean true")
    }

    fn is_unlocked(&self) -> bool {
        let locked = self.ask(
            "/org/freedesktop/secrets/collection/login",
            "org.freedesktop.DBus.Properties.Get",
            &["string:org.freedesktop.Secret.Collection", "string:Locked"],
        );
        locked.is_some_and(|answer| answer.contains("boolean false"))
    }

    /// What one of the keyring's objects answers; none: it does not.
    fn ask(&self, object: &str, method: &str, arguments: &[&str]) -> Option<String> {
        let asked = Command::new("dbus-send")
            .args([
                "--session",
                "--print-reply",
                "--dest=org.freedesktop.secrets",
            ])
            .args([object, method])
            .args(arguments)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .output()
            .unwrap();
        let answer = String::from_utf8_lossy(&asked.stdout).into_owned();
        asked.status.success().then_some(answer)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        for child in [&mut self.keyring, &mut self.bus] {
            child.kill().ok();
            child.wait().ok();
        }
    }
}

fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "not there: {what}");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

/// Runs the program with the two lines of a key on its standard input.
pub(crate) fn run_with_keys(
    home: &Home,
    words: &[&str],
    id: &str,
    secret: &str,
) -> crate::home::Run {
    let mut child = home
        .command(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    write!(input, "{id}\n{secret}\n").unwrap();
    drop(input);
    child.wait_with_output().unwrap().into()
}

fn add_words(bucket: &testbed::Bucket) -> Vec<&str> {
    let url = bucket.endpoint.url.as_str();
    let place = ["--name", "nas", "--endpoint", url, "--bucket", &bucket.name];
    [&["destination", "add", "s3", "--key-fd", "0"], &place[..]].concat()
}

#[tokio::test]
async fn a_typed_key_is_known_after_a_restart_and_forgotten_with_its_destination() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let mut home = Home::new();
    let session = Session::start(&home.path(""));
    home.set_variable("DBUS_SESSION_BUS_ADDRESS", &session.address);
    home.watch_pictures();
    let (id, secret) = (
        bucket.endpoint.access_key_id.clone(),
        bucket.endpoint.secret_access_key.clone(),
    );
    let run = run_with_keys(&home, &add_words(&bucket), &id, &secret);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(session.entries(), Some(1));

    let photo = jpeg(1);
    home.put("a.jpg", &photo);
    home.ok(&["sync", "--once"]);
    assert_exactly_once(&bucket, [&photo]).await;
    assert_is_nowhere(&secret, &home.path("library"));

    home.ok(&["destination", "remove", "nas"]);
    assert_eq!(session.entries(), Some(0));
}

#[test]
fn a_token_is_kept_for_the_next_run_and_forgotten_with_its_destination() {
    let mut home = Home::new();
    let session = Session::start(&home.path(""));
    home.set_variable("DBUS_SESSION_BUS_ADDRESS", &session.address);
    home.watch_pictures();
    let token = "canary-of-this-token";
    let file = home.path("server-token");
    fs::write(&file, token).unwrap();
    let server = Service::start(&["--token-file", file.to_str().unwrap()]);
    let url = server.url();
    let add = ["destination", "add", "http", "--name", "nas", "--url", &url];
    let by_file = [&add[..], &["--token-file", file.to_str().unwrap()]].concat();
    home.ok(&by_file);
    // From now on the keyring's is the one that counts, though the file is gone.
    let run = run_with_keys(&home, &["destination", "set-keys", "nas"], token, "");
    assert_eq!(run.code, 0, "{run:?}");
    fs::write(&file, "another").unwrap();
    assert_eq!(session.entries(), Some(1));
    home.put("a.jpg", &jpeg(1));
    home.ok(&["sync", "--once"]);
    assert_eq!(home.json(&["status"])["safe"], 1);
    assert_is_nowhere(token, &home.path("library"));
    home.ok(&["destination", "remove", "nas"]);
    assert_eq!(session.entries(), Some(0));
}

#[tokio::test]
async fn without_a_keyring_it_is_said_and_the_key_is_not_written_anywhere() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let home = Home::new();
    home.watch_pictures();
    let (id, secret) = (
        bucket.endpoint.access_key_id.clone(),
        bucket.endpoint.secret_access_key.clone(),
    );
    let run = run_with_keys(&home, &add_words(&bucket), &id, &secret);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(run.stderr.contains("this system has no keyring"), "{run:?}");
    assert!(
        !run.stderr.contains(&secret) && !run.stdout.contains(&secret),
        "{run:?}"
    );
    assert_is_nowhere(&secret, &home.path(""));
    home.put("a.jpg", &jpeg(1));
    assert_eq!(home.run(&["sync", "--once"]).code, 4);
}

/// No file below `folder` holds the secret.
pub(crate) fn assert_is_nowhere(secret: &str, folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            assert_is_nowhere(secret, &entry.path());
        } else if kind.is_file() {
            let mut bytes = Vec::new();
            fs::File::open(entry.path())
                .unwrap()
                .read_to_end(&mut bytes)
                .unwrap();
            let found = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!found, "{} holds the secret", entry.path().display());
        }
    }
}
