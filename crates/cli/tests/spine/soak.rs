//! Living with it: folders that change all the time, a program that is killed and started again, a network
//! that comes and goes. What is left in the folders is safe afterwards, once, and nothing was altered.
//!
//! Half a minute with every test run; `./dev soak MINUTES` for longer. `IMGN_TEST_SEED` begins the same story
//! again, as far as the machine plays along.

use crate::gate::Gate;
use crate::home::{Home, interrupt, jpeg_taken, originals, sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};
use testbed::{Fault, FaultProxy, Rule, Server};

on_plain_servers! {
    after_a_day_of_changes_kills_and_outages_every_photo_is_safe_once
}

const HALF_A_MINUTE: f64 = 0.5;
/// What happens, and how often among a hundred.
const STORY: [(Event, u64); 14] = [
    (Event::Arrive, 30),
    (Event::ArriveSlowly, 10),
    (Event::Rename, 12),
    (Event::Rewrite, 8),
    (Event::Double, 6),
    (Event::Touch, 4),
    (Event::Delete, 6),
    (Event::MoveFolder, 5),
    (Event::Kill, 3),
    (Event::Restart, 2),
    (Event::Stall, 4),
    (Event::Cut, 4),
    (Event::Look, 4),
    (Event::Check, 2),
];

#[derive(Debug, Clone, Copy)]
enum Event {
    Arrive,
    ArriveSlowly,
    Rename,
    Rewrite,
    Double,
    Touch,
    Delete,
    MoveFolder,
    /// Whoever syncs is killed, and started again.
    Kill,
    /// It is ended as a person ends it, and started again.
    Restart,
    /// The line to the store stands still for a moment.
    Stall,
    /// Every connection breaks.
    Cut,
    /// Another process asks how things are.
    Look,
    /// Another process has the copies checked.
    Check,
}

async fn after_a_day_of_changes_kills_and_outages_every_photo_is_safe_once(server: Server) {
    let seed = number("IMGN_TEST_SEED").unwrap_or_else(|| f64::from(std::process::id()));
    let minutes = number("IMGN_SOAK_MINUTES").unwrap_or(HALF_A_MINUTE);
    // Shown when the test fails.
    println!("seed {seed}, {minutes} minutes");
    let mut random = Random(seed.to_bits());

    let bucket = server.bucket().await;
    let gate = Gate::start(&bucket.endpoint.url).await;
    let proxy = FaultProxy::start(&gate.url()).await;
    let mut home = Home::new();
    home.watch_pictures();
    home.add_bucket(&bucket.endpoint, &proxy.url(), &bucket.name);
    proxy.inject(Rule::new(Fault::slow_down()).percent(1));
    proxy.inject(Rule::new(Fault::LoseAnswer).percent(1));
    proxy.inject(Rule::new(Fault::ResetAfter(2_000)).percent(1));

    let mut folders = Folders::new(&home);
    let mut syncing = Syncing::start(&home);
    let begun = Instant::now();
    let mut said = begun;
    while begun.elapsed().as_secs_f64() < minutes * 60.0 {
        let event = random.event();
        match event {
            Event::Kill => {
                syncing.kill();
                home.assert_library_is_sound();
                syncing = Syncing::start(&home);
            }
            Event::Restart => {
                syncing.end();
                syncing = Syncing::start(&home);
            }
            Event::Stall => {
                gate.allow(random.below(50_000));
                tokio::time::sleep(Duration::from_millis(random.below(1_500))).await;
                gate.open();
            }
            Event::Cut => gate.cut().await,
            Event::Look => {
                home.json(&["list"]);
            }
            Event::Check => {
                // A store that is away just then is said, and takes nothing back.
                let run = home.run(&["verify", "--read-data", "20%", "--json"]);
                assert!(matches!(run.code, 0 | 3 | 4), "{run:?}");
            }
            happens => folders.happen(happens, &mut random),
        }
        if said.elapsed() > Duration::from_secs(60) {
            said = Instant::now();
            println!("{}", syncing.said(begun.elapsed(), folders.files.len()));
        }
        tokio::time::sleep(Duration::from_millis(random.below(60))).await;
    }

    proxy.heal();
    syncing.end();
    home.ok(&["sync", "--once"]);
    folders.assert_unaltered();
    let there = originals(&bucket).await;
    let twice: Vec<_> = there.values().filter(|keys| keys.len() > 1).collect();
    assert!(twice.is_empty(), "there twice: {twice:?}");
    let found: BTreeSet<&String> = there.keys().collect();
    let wanted: BTreeSet<&String> = folders.files.values().collect();
    let lost: Vec<_> = wanted.difference(&found).collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
    let torn: Vec<_> = there
        .iter()
        .filter(|(sha256, _)| !folders.whole.contains(*sha256))
        .collect();
    assert!(torn.is_empty(), "never a whole file: {torn:?}");
    home.assert_library_is_sound();
}

/// What the person's folders hold, as whoever fills them knows it.
struct Folders {
    top: PathBuf,
    /// The SHA-256 of every file.
    files: BTreeMap<PathBuf, String>,
    /// The SHA-256 of everything that was ever a whole file.
    whole: BTreeSet<String>,
    named: u64,
}

impl Folders {
    fn new(home: &Home) -> Self {
        Self {
            top: home.path("Pictures"),
            files: BTreeMap::new(),
            whole: BTreeSet::new(),
            named: 0,
        }
    }

    fn happen(&mut self, event: Event, random: &mut Random) {
        match event {
            Event::Arrive => {
                let (path, photo) = (self.name(random), self.photo());
                // As a browser or a sync tool does it: under another name first.
                let part = path.with_extension("part");
                fs::write(&part, &photo).unwrap();
                fs::rename(&part, &path).unwrap();
                self.holds(path, &photo);
            }
            Event::ArriveSlowly => {
                let (path, photo) = (self.name(random), self.photo());
                let mut file = File::create(&path).unwrap();
                for part in photo.chunks(photo.len() / 4 + 1) {
                    file.write_all(part).unwrap();
                    std::thread::sleep(Duration::from_millis(random.below(120)));
                }
                drop(file);
                self.holds(path, &photo);
            }
            Event::Double => {
                let path = self.name(random);
                if let Some((from, sha256)) = self.any(random) {
                    fs::copy(from, &path).unwrap();
                    self.files.insert(path, sha256);
                }
            }
            Event::Rename => {
                let to = self.name(random);
                if let Some((from, sha256)) = self.any(random) {
                    fs::rename(&from, &to).unwrap();
                    self.files.remove(&from);
                    self.files.insert(to, sha256);
                }
            }
            Event::Rewrite => {
                if let Some((path, _)) = self.any(random) {
                    let photo = self.photo();
                    fs::write(&path, &photo).unwrap();
                    self.holds(path, &photo);
                }
            }
            Event::Touch => {
                if let Some((path, _)) = self.any(random) {
                    let now = std::time::SystemTime::now();
                    File::open(path).unwrap().set_modified(now).unwrap();
                }
            }
            Event::Delete => {
                if let Some((path, _)) = self.any(random) {
                    fs::remove_file(&path).unwrap();
                    self.files.remove(&path);
                }
            }
            Event::MoveFolder => self.move_folder(random),
            other => unreachable!("{other:?} happens to the program"),
        }
    }

    fn move_folder(&mut self, random: &mut Random) {
        let Some(from) = self.any(random).map(|(path, _)| path) else {
            return;
        };
        let from = from.parent().expect("every file is in a folder").to_owned();
        if from == self.top {
            return;
        }
        self.named += 1;
        let to = self.top.join(format!("moved {}", self.named));
        fs::rename(&from, &to).unwrap();
        let files = std::mem::take(&mut self.files);
        self.files = files
            .into_iter()
            .map(|(path, sha256)| match path.strip_prefix(&from) {
                Ok(below) => (to.join(below), sha256),
                Err(_) => (path, sha256),
            })
            .collect();
    }

    fn holds(&mut self, path: PathBuf, photo: &[u8]) {
        let sha256 = sha256(photo);
        self.whole.insert(sha256.clone());
        self.files.insert(path, sha256);
    }

    /// A photo that there was not yet.
    fn photo(&mut self) -> Vec<u8> {
        self.named += 1;
        let month = self.named % 12 + 1;
        let mut photo = jpeg_taken(self.named, &format!("2019-{month:02}-01T12:30:00"));
        photo.extend(self.named.to_le_bytes());
        photo
    }

    /// A name that there is not yet; camera names come again in other folders.
    fn name(&mut self, random: &mut Random) -> PathBuf {
        loop {
            let folder = match random.below(4) {
                0 => self.top.clone(),
                other => self.top.join(format!("trip {other}")),
            };
            fs::create_dir_all(&folder).unwrap();
            let path = folder.join(format!("IMG_{:04}.jpg", random.below(5_000)));
            if !self.files.contains_key(&path) {
                return path;
            }
        }
    }

    fn any(&self, random: &mut Random) -> Option<(PathBuf, String)> {
        let count = self.files.len() as u64;
        let nth = usize::try_from(random.below(count.max(1))).unwrap();
        let (path, sha256) = self.files.iter().nth(nth)?;
        Some((path.clone(), sha256.clone()))
    }

    fn assert_unaltered(&self) {
        for (path, expected) in &self.files {
            let found = sha256(&fs::read(path).unwrap());
            assert_eq!(&found, expected, "{} is altered", path.display());
        }
        let left = files_below(&self.top);
        assert_eq!(left, self.files.keys().cloned().collect());
    }
}

fn files_below(folder: &Path) -> BTreeSet<PathBuf> {
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.insert(path);
        }
    }
    files
}

/// The process that has the library, and syncs.
struct Syncing(Child);

impl Syncing {
    fn start(home: &Home) -> Self {
        let mut command = home.command(&["sync", "--watch"]);
        Self(command.stdout(Stdio::null()).spawn().unwrap())
    }

    fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    fn end(mut self) {
        interrupt(self.0.id());
        let ended = self.0.wait().unwrap();
        // It may be told before it listens for that.
        assert!(matches!(ended.code(), Some(0) | None), "{ended:?}");
    }

    /// A line for whoever watches a long run.
    fn said(&self, since: Duration, files: usize) -> String {
        let of = |what: &str| format!("/proc/{}/{what}", self.0.id());
        let status = fs::read_to_string(of("status")).unwrap_or_default();
        let memory = status.lines().find(|line| line.starts_with("VmRSS"));
        let descriptors = fs::read_dir(of("fd")).map_or(0, Iterator::count);
        let (minutes, memory) = (since.as_secs() / 60, memory.unwrap_or_default());
        format!("{minutes} min: {files} files, {descriptors} descriptors, {memory}")
    }
}

impl Drop for Syncing {
    fn drop(&mut self) {
        // Both fail only when it has ended.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn number(variable: &str) -> Option<f64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap())
}

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn event(&mut self) -> Event {
        let mut at = self.below(STORY.iter().map(|(_, weight)| weight).sum());
        for (event, weight) in STORY {
            match at.checked_sub(weight) {
                Some(left) => at = left,
                None => return event,
            }
        }
        unreachable!("it lies below the sum")
    }
}
