//! A person's machine for one test: a home with photos, a library, and the program.

use crate::mounts::Mounts;
use library::view::TypedKeys;
use library::{Keyring, Library, Options};
use media::worker::{WORKER_ARGUMENT, WorkerCommand};
use samples::{Exif, JpegOptions};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use testbed::{Bucket, Endpoint};

/// No single step of a test takes longer than this, on a machine that is busy with others, too.
pub(crate) const PATIENCE: Duration = Duration::from_secs(180);

pub(crate) struct Home {
    root: TempDir,
    keys: Option<(String, String)>,
    variables: Vec<(String, String)>,
    /// The program runs where these disks are seen.
    pub(crate) mounts: Option<Mounts>,
    /// What starts the program with fewer rights than the tests have.
    starter: &'static [&'static str],
}

/// How a run of the program ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Home {
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("Pictures")).unwrap();
        Self {
            root,
            keys: None,
            variables: Vec::new(),
            mounts: None,
            starter: &[],
        }
    }

    /// Has the program keep to the permissions of files, also where the tests run as root.
    pub(crate) fn heed_permissions(&mut self) {
        if rustix::process::geteuid().is_root() {
            self.starter = &[
                "setpriv",
                "--bounding-set=-dac_override,-dac_read_search",
                "--",
            ];
        }
    }

    /// A home whose Pictures are watched and go into a bucket.
    pub(crate) fn with_bucket(bucket: &Bucket) -> Self {
        let mut home = Self::new();
        home.watch_pictures();
        home.add_bucket(&bucket.endpoint, &bucket.endpoint.url, &bucket.name);
        home
    }

    pub(crate) fn watch_pictures(&self) {
        self.ok(&["folder", "add", self.pictures("").to_str().unwrap()]);
    }

    /// Adds a bucket at `url`, which may be a proxy in front of `endpoint`.
    pub(crate) fn add_bucket(&mut self, endpoint: &Endpoint, url: &str, bucket: &str) {
        self.keys = Some((
            endpoint.access_key_id.clone(),
            endpoint.secret_access_key.clone(),
        ));
        let mut words = vec![
            "destination",
            "add",
            "s3",
            "--name",
            "home",
            "--endpoint",
            url,
            "--bucket",
            bucket,
        ];
        if let Some(region) = &endpoint.region {
            words.extend(["--region", region]);
        }
        if let Some(ca) = &endpoint.ca_file {
            words.extend(["--ca-file", ca.to_str().unwrap()]);
        }
        self.ok(&words);
    }

    /// Adds a folder below this home, which is made, as the destination `nas`.
    pub(crate) fn add_folder_destination(&self, relative: &str) -> PathBuf {
        let nas = self.path(relative);
        fs::create_dir_all(&nas).unwrap();
        let place = nas.to_str().unwrap();
        self.ok(&["destination", "add", "folder", "--name", "nas", place]);
        nas
    }

    pub(crate) fn set_keys(&mut self, access_key_id: &str, secret_access_key: &str) {
        self.keys = Some((access_key_id.to_owned(), secret_access_key.to_owned()));
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.path().join(relative)
    }

    pub(crate) fn pictures(&self, relative: &str) -> PathBuf {
        self.root.path().join("Pictures").join(relative)
    }

    /// Writes a file that came to rest long ago.
    pub(crate) fn put(&self, relative: impl AsRef<Path>, bytes: &[u8]) -> PathBuf {
        let path = self.root.path().join("Pictures").join(relative);
        write_at_rest(&path, bytes);
        path
    }

    /// The program with `--json`, which must succeed.
    pub(crate) fn json(&self, words: &[&str]) -> Value {
        let run = self.run(&[words, &["--json"]].concat());
        assert_eq!(run.code, 0, "{words:?}: {run:?}");
        serde_json::from_str(&run.stdout).unwrap()
    }

    pub(crate) fn ok(&self, words: &[&str]) -> Run {
        let run = self.run(words);
        assert_eq!(run.code, 0, "{words:?}: {run:?}");
        run
    }

    pub(crate) fn run(&self, words: &[&str]) -> Run {
        let child = self
            .command(words)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let id = child.id();
        let (done, waited) = std::sync::mpsc::channel();
        std::thread::spawn(move || done.send(child.wait_with_output()));
        match waited.recv_timeout(PATIENCE) {
            Ok(output) => output.unwrap().into(),
            Err(_) => {
                kill(id);
                panic!("{words:?} did not end within {PATIENCE:?}");
            }
        }
    }

    /// Starts the program and leaves it running; what it complains of is shown when the test fails.
    pub(crate) fn spawn(&self, words: &[&str]) -> Child {
        self.command(words).stdout(Stdio::null()).spawn().unwrap()
    }

    /// The engine in this process, for what is done while it works.
    pub(crate) async fn library(&self) -> Library {
        self.library_with_worker(env!("CARGO_BIN_EXE_imgn-cli").into())
            .await
    }

    /// The same, with this program for its workers.
    pub(crate) async fn library_with_worker(&self, program: PathBuf) -> Library {
        let worker = WorkerCommand {
            program,
            args: vec![WORKER_ARGUMENT.into()],
        };
        let options = Options {
            keyring: Keyring::Off,
            ..Options::portable(self.path("library"), worker)
        };
        let library = Library::open(options).await.unwrap();
        if let Some(keys) = self.typed_keys() {
            for destination in library.status().await.unwrap().destinations {
                library
                    .set_keys(destination.id, keys.clone())
                    .await
                    .unwrap();
            }
        }
        library
    }

    /// The keys that the program finds in its environment, as a window takes them.
    pub(crate) fn typed_keys(&self) -> Option<TypedKeys> {
        let (access_key_id, secret_access_key) = self.keys.clone()?;
        Some(TypedKeys {
            access_key_id,
            secret_access_key,
        })
    }

    /// The program finds this in its environment from now on.
    pub(crate) fn set_variable(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let program = env!("CARGO_BIN_EXE_imgn-cli");
        let mut command = match (&self.mounts, self.starter) {
            (Some(mounts), _) => mounts.command(program),
            (None, [starter, arguments @ ..]) => {
                let mut command = Command::new(starter);
                command.args(arguments).arg(program);
                command
            }
            (None, []) => Command::new(program),
        };
        command
            .arg("--library")
            .arg(self.root.path().join("library"))
            .args(words);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.root.path());
        // Where the tests run in a cloud, its keys are none of theirs.
        command.env("AWS_EC2_METADATA_DISABLED", "true");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        if let Some((id, secret)) = &self.keys {
            command
                .env("AWS_ACCESS_KEY_ID", id)
                .env("AWS_SECRET_ACCESS_KEY", secret);
        }
        command
    }

    /// State by file name, as `list` tells it.
    pub(crate) fn states(&self) -> BTreeMap<String, String> {
        let list = self.json(&["list"]);
        list.as_array()
            .unwrap()
            .iter()
            .map(|photo| {
                let place = photo["path"].as_str().or(photo["key"].as_str()).unwrap();
                let name = place.rsplit('/').next().unwrap().to_owned();
                (name, photo["state"].as_str().unwrap().to_owned())
            })
            .collect()
    }

    /// The library's database, while nobody has it open.
    pub(crate) fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path("library/library.db")).unwrap()
    }

    /// Makes the library forget when it last listed its destinations.
    pub(crate) fn forget_lists(&mut self) {
        let database = rusqlite::Connection::open(self.path("library/library.db")).unwrap();
        database
            .execute("UPDATE destination SET listed_at = 1", [])
            .unwrap();
    }

    /// SQLite's own judgement of the library, as a stop has left it.
    pub(crate) fn assert_library_is_sound(&self) {
        let database = self.database();
        let verdict: String = database
            .pragma_query_value(None, "integrity_check", |row| row.get(0))
            .unwrap();
        assert_eq!(verdict, "ok");
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// A small photo; every seed gives other bytes.
pub(crate) fn jpeg(seed: u64) -> Vec<u8> {
    jpeg_taken(seed, "2019-06-01T12:30:00")
}

pub(crate) fn jpeg_taken(seed: u64, taken_at: &str) -> Vec<u8> {
    let exif = Exif {
        taken_at: Some(taken_at.parse().unwrap()),
        model: Some("Okular D4".into()),
        ..Exif::default()
    };
    samples::jpeg(&JpegOptions {
        seed,
        exif,
        ..JpegOptions::default()
    })
}

/// A photo of `size` bytes: what follows a picture's end belongs to the file.
pub(crate) fn large_jpeg(seed: u64, size: usize) -> Vec<u8> {
    let mut photo = jpeg(seed);
    assert!(photo.len() < size, "{} bytes already", photo.len());
    photo.resize(size, seed.to_le_bytes()[0]);
    photo
}

pub(crate) fn write_at_rest(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
    rest(path);
}

/// Dates a file a day back.
pub(crate) fn rest(path: &Path) {
    let yesterday = std::time::SystemTime::now() - Duration::from_secs(86_400);
    fs::File::open(path)
        .unwrap()
        .set_modified(yesterday)
        .unwrap();
}

/// How many files with this extension lie in a folder, at any depth.
pub(crate) fn files_below(folder: &Path, extension: &str) -> usize {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.path() {
            path if path.is_dir() => files_below(&path, extension),
            path => usize::from(path.extension().is_some_and(|own| own == extension)),
        })
        .sum()
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// The originals in the bucket by their SHA-256, sidecars and imgn's own objects aside.
pub(crate) async fn originals(bucket: &Bucket) -> BTreeMap<String, Vec<String>> {
    let mut by_hash: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (key, _) in bucket.list_originals().await {
        if !key.ends_with(".meta") {
            by_hash
                .entry(sha256(&bucket.get(&key).await))
                .or_default()
                .push(key);
        }
    }
    by_hash
}

/// Every one of `photos` is in the bucket, byte for byte and once; nothing else is.
pub(crate) async fn assert_exactly_once<'a>(
    bucket: &Bucket,
    photos: impl IntoIterator<Item = &'a Vec<u8>>,
) {
    let there = originals(bucket).await;
    let expected: std::collections::BTreeSet<String> =
        photos.into_iter().map(|bytes| sha256(bytes)).collect();
    let twice: Vec<_> = there.values().filter(|keys| keys.len() > 1).collect();
    assert!(twice.is_empty(), "there twice: {twice:?}");
    let found: std::collections::BTreeSet<String> = there.keys().cloned().collect();
    assert_eq!(
        expected.difference(&found).count(),
        0,
        "lost; there: {there:?}"
    );
    assert_eq!(
        found.difference(&expected).count(),
        0,
        "nobody's; there: {there:?}"
    );
}

pub(crate) fn kill(id: u32) {
    let id = rustix::process::Pid::from_raw(id.cast_signed()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::KILL).ok();
}

pub(crate) fn interrupt(id: u32) {
    let id = rustix::process::Pid::from_raw(id.cast_signed()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
}

/// Waits until something is so.
pub(crate) async fn eventually<F: AsyncFnMut() -> bool>(what: &str, mut is_so: F) {
    let begun = Instant::now();
    while !is_so().await {
        assert!(
            begun.elapsed() < PATIENCE,
            "not within {PATIENCE:?}: {what}"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
