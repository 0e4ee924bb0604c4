//! Two hundred clients for a while, over real stores: nothing fails, memory does not grow with what goes by, and an
//! extractor that is killed again and again gives every image its metadata, once.
//!
//! A few seconds with every test run; `./dev load SECONDS` for longer, which also says what was measured.

#![allow(
    clippy::print_stdout,
    reason = "what was measured is shown by ./dev load"
)]

use crate::client::{form_type, one_file, photo};
use crate::place::Place;
use crate::program::{Program, files, run};
use media::Sidecar;
use remote::api::{Accepted, UPLOAD_MEDIA_TYPE};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use testbed::{Minio, SeaweedFs};
use tokio::task::{JoinSet, block_in_place};

const CLIENTS: u64 = 200;
/// Bytes of a photo, as phones make them.
const SIZE: usize = 2_000_000;
const A_FEW_SECONDS: f64 = 3.0;
/// Of the process that takes the uploads, at any time: some buffers for each client, and nothing of a photo.
const MEMORY: u64 = 200 << 20;
/// How long an extractor lives before it is killed.
const LIVES: [Duration; 3] = [
    Duration::from_millis(600),
    Duration::from_millis(1_400),
    Duration::from_millis(3_000),
];
/// Kills after the last photo came, at least.
const KILLS: usize = 4;

/// The SHA-256 of each photo that was stored, by its key.
type Stored = BTreeMap<String, String>;

fn seconds() -> f64 {
    let said = std::env::var("IMGN_LOAD_SECONDS").ok();
    said.map_or(A_FEW_SECONDS, |said| said.parse().unwrap())
}

/// No two of them have the same bytes. What follows a picture's end is none of its business.
fn large_photo(client: u64, nth: u64, noise: &[u8]) -> Vec<u8> {
    let mut bytes = photo((client << 32) | nth);
    bytes.extend_from_slice(&noise[bytes.len()..]);
    bytes
}

/// Bytes that do not compress.
fn noise() -> Vec<u8> {
    let mut state = 1_u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u8::try_from(state >> 56).unwrap()
    };
    std::iter::repeat_with(&mut next).take(SIZE).collect()
}

/// One client, which goes on until its time is over.
async fn uploads(client: u64, until: Instant, url: String, noise: Arc<Vec<u8>>) -> Stored {
    // A server on a busy machine may read nothing for long: that is slow, and no failure.
    let http = reqwest::Client::builder().tcp_user_timeout(None);
    let (http, mut stored) = (http.build().unwrap(), Stored::new());
    for nth in 0.. {
        let (name, bytes) = (
            format!("{client}-{nth}.jpg"),
            large_photo(client, nth, &noise),
        );
        let answer = http
            .post(&url)
            .header("accept", UPLOAD_MEDIA_TYPE)
            .header("content-type", form_type())
            .body(one_file(&name, &bytes))
            .send()
            .await
            .unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!(answer.status(), 201, "{name}");
        let accepted: Accepted = answer.json().await.unwrap();
        assert_eq!(accepted.key, format!("2024/05/{name}"));
        assert!(!accepted.duplicate, "{name}");
        assert_eq!(accepted.sha256, hex::encode(Sha256::digest(&bytes)));
        stored.insert(accepted.key, accepted.sha256);
        if Instant::now() >= until {
            break;
        }
    }
    stored
}

/// All clients at once.
async fn load(over: &str, program: &Program) -> Stored {
    let (begun, noise) = (Instant::now(), Arc::new(noise()));
    let until = begun + Duration::from_secs_f64(seconds());
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        clients.spawn(uploads(
            client,
            until,
            program.url("/upload"),
            Arc::clone(&noise),
        ));
    }
    let (mut stored, mut resident) = (Stored::new(), Vec::new());
    let mut look = tokio::time::interval(Duration::from_millis(100));
    loop {
        tokio::select! {
            done = clients.join_next() => match done {
                Some(done) => stored.append(&mut done.unwrap()),
                None => break,
            },
            _ = look.tick() => resident.push(program.resident()),
        }
    }
    let took = begun.elapsed().as_secs_f64();
    let (first, second) = resident.split_at(resident.len() / 2);
    let most = |of: &[u64]| of.iter().max().copied().unwrap_or_default() >> 20;
    // Shown by `./dev load`.
    println!(
        "{over}: {} photos of 2 MB from {CLIENTS} clients in {took:.1} s, {:.0} MB/s; \
         memory at the most {} MB, in the first half {} MB, in the second {} MB",
        stored.len(),
        (stored.len() * SIZE) as f64 / 1e6 / took,
        program.memory() >> 20,
        most(first),
        most(second),
    );
    assert!(program.memory() < MEMORY, "{} MB", program.memory() >> 20);
    stored
}

/// What extractors logged, over all their lives.
#[derive(Default)]
struct Lives {
    kills: usize,
    /// How often each image was extracted.
    extracted: BTreeMap<String, u64>,
}

impl Lives {
    /// One that begins now, and is killed after a while in the middle of whatever it does.
    async fn one(&mut self, start: impl FnOnce() -> Program) {
        let program = block_in_place(start);
        tokio::time::sleep(LIVES[self.kills % LIVES.len()]).await;
        self.note(&block_in_place(|| program.kill()));
        self.kills += 1;
    }

    async fn one_after_another(&mut self, start: impl Fn() -> Program) -> Infallible {
        loop {
            self.one(&start).await;
        }
    }

    fn note(&mut self, log: &str) {
        // The last line may have been cut.
        for line in log.lines() {
            let line: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
            if line["outcome"] == "extracted" {
                let key = line["key"].as_str().unwrap().to_owned();
                *self.extracted.entry(key).or_default() += 1;
            }
            assert_ne!(line["level"], "ERROR", "{line}");
        }
    }

    fn assert_none_twice(&self) {
        let twice = self.extracted.iter().filter(|(_, times)| **times > 1);
        let twice: Vec<_> = twice.collect();
        assert!(twice.is_empty(), "extracted twice: {twice:?}");
    }
}

/// Whatever lies there is an image, its sidecar, or its thumbnail, once each.
fn assert_each_has_its_own(stored: &Stored, found: &BTreeSet<String>) {
    let mut expected = BTreeSet::new();
    for (key, sha256) in stored {
        expected.insert(key.clone());
        expected.insert(format!("{key}.meta"));
        expected.insert(format!(".imgn/thumbs/{}/{sha256}.webp", &sha256[..2]));
    }
    let missing: Vec<_> = expected.difference(found).take(5).collect();
    assert!(missing.is_empty(), "missing, among others: {missing:?}");
    let more: Vec<_> = found.difference(&expected).take(5).collect();
    assert!(more.is_empty(), "there too: {more:?}");
}

fn assert_is_of(sidecar: &[u8], sha256: &str) {
    let sidecar = Sidecar::parse(std::str::from_utf8(sidecar).unwrap()).unwrap();
    assert_eq!(sidecar.sha256, sha256);
    assert_eq!((sidecar.error, sidecar.size), (None, SIZE as u64));
    assert_eq!(sidecar.metadata.width, Some(96));
}

/// A front end and an extractor, each a process of its own.
async fn over_a_bucket(name: &str, place: Place) {
    let front = place.front_end();
    let begin = || {
        let mut words = place.words("extract");
        words.extend(["--every", "1s", "--health", "127.0.0.1:0"]);
        Program::exactly(&words, &place.keys())
    };
    let mut lives = Lives::default();
    let stored = tokio::select! {
        stored = load(name, &front) => stored,
        never = lives.one_after_another(begin) => match never {},
    };
    for _ in 0..KILLS {
        lives.one(begin).await;
    }
    let before = lives.extracted.len();
    let last = block_in_place(|| place.extract());
    println!(
        "{name}: the extractor was killed {} times; {before} photos had their metadata, the last one made {last}",
        lives.kills
    );
    lives.assert_none_twice();

    let found = place.bucket.stamps().await;
    let prefix = "of mine/";
    let keys = found.keys().map(|key| key.strip_prefix(prefix).unwrap());
    let keys = keys.filter(|key| *key != ".imgn/destination.json");
    assert_each_has_its_own(&stored, &keys.map(str::to_owned).collect());
    for (key, sha256) in &stored {
        let sidecar = place.bucket.get(&format!("{prefix}{key}.meta")).await;
        assert_is_of(&sidecar, sha256);
    }
    // Another pass writes nothing again.
    assert_eq!(block_in_place(|| place.extract()), 0);
    assert!(place.bucket.stamps().await == found, "something changed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_clients_fill_minio_while_the_extractor_is_killed() {
    over_a_bucket("MinIO", Place::on(Minio::start().await).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_clients_fill_seaweedfs_while_the_extractor_is_killed() {
    over_a_bucket("SeaweedFS", Place::on(SeaweedFs::start().await).await).await;
}

/// When each file was written.
fn stamps(images: &Path) -> BTreeMap<String, std::time::SystemTime> {
    let files = files(images).into_iter();
    files
        .map(|file| {
            let written = fs::metadata(images.join(&file)).unwrap().modified();
            (file, written.unwrap())
        })
        .collect()
}

/// All in one process, which is killed once the photos are there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_clients_fill_a_folder_and_its_server_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let images = folder.path().join("images");
    let begin = || Program::with(&["--folder", images.to_str().unwrap()], &[]);
    let program = begin();
    let stored = load("a folder", &program).await;
    let mut lives = Lives::default();
    lives.note(&block_in_place(|| program.kill()));
    for _ in 0..KILLS {
        lives.one(begin).await;
    }
    let extract = || {
        let words = ["extract", "--folder", images.to_str().unwrap(), "--once"];
        let output = run(&words, &[]);
        let log = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{log}");
        log
    };
    let last = block_in_place(extract);
    println!(
        "a folder: its server was killed {} times; {} of {} photos had their metadata by then",
        lives.kills + 1,
        lives.extracted.len(),
        stored.len()
    );
    lives.note(&last);
    lives.assert_none_twice();

    let found = stamps(&images);
    // What was on its way when the server was killed is swept once it is a day old.
    let keys = found
        .keys()
        .filter(|file| !file.starts_with(".imgn/tmp/"))
        .cloned();
    assert_each_has_its_own(&stored, &keys.collect());
    for (key, sha256) in &stored {
        let sidecar = fs::read(images.join(format!("{key}.meta"))).unwrap();
        assert_is_of(&sidecar, sha256);
    }
    block_in_place(extract);
    assert!(stamps(&images) == found, "something changed");
}
