//! Photos above 64 MB: gone on with after a kill, cleared away when forgotten, and in little memory.

use crate::gate::Gate;
use crate::home::{Home, assert_exactly_once, jpeg, large_jpeg, rest};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Child;
use std::time::Duration;
use testbed::{FaultProxy, Request, Server};

/// Six parts of 16 MiB, four of which are under way at once.
const SIZE: usize = 96_000_000;
/// More than four parts in the middle hold, so that at least one has arrived.
const MIDWAY: u64 = 80_000_000;

on_plain_servers! {
    killed_midway_it_sends_only_the_parts_that_were_missing
    a_forgotten_destination_keeps_no_parts
    memory_does_not_grow_with_the_photo
}

async fn killed_midway_it_sends_only_the_parts_that_were_missing(server: Server) {
    let bucket = server.bucket().await;
    let gate = Gate::start(&bucket.endpoint.url).await;
    let proxy = FaultProxy::start(&gate.url()).await;
    let mut home = Home::new();
    home.watch_pictures();
    home.add_bucket(&bucket.endpoint, &proxy.url(), &bucket.name);
    let photo = large_jpeg(1, SIZE);
    home.put("a.jpg", &photo);

    gate.allow(MIDWAY);
    let mut sync = home.spawn(&["sync", "--once"]);
    gate.stands_still().await;
    sync.kill().unwrap();
    sync.wait().unwrap();
    gate.cut().await;
    home.assert_library_is_sound();
    let arrived = parts_noted(&home);
    assert!(!arrived.is_empty());
    let before = proxy.requests().len();

    gate.open();
    home.ok(&["sync", "--once"]);
    assert_exactly_once(&bucket, [&photo]).await;
    let sent = parts_sent(&proxy.requests()[before..]);
    let missing: BTreeSet<u32> = (1..=6).filter(|part| !arrived.contains(part)).collect();
    assert_eq!(sent, missing.into_iter().collect::<Vec<_>>());
    assert_eq!(parts_noted(&home), BTreeSet::new());
    assert_eq!(bucket.uploads("2019/06/a.jpg").await, [""; 0]);
    let list = home.json(&["list"]);
    let proof = &list[0]["destinations"][0]["proof"];
    assert_eq!(proof["kind"], "parts_sha256", "{list}");
}

async fn a_forgotten_destination_keeps_no_parts(server: Server) {
    let bucket = server.bucket().await;
    let gate = Gate::start(&bucket.endpoint.url).await;
    let mut home = Home::new();
    home.watch_pictures();
    home.add_bucket(&bucket.endpoint, &gate.url(), &bucket.name);
    home.put("a.jpg", &large_jpeg(1, SIZE));
    gate.allow(MIDWAY);
    let mut sync = home.spawn(&["sync", "--once"]);
    gate.stands_still().await;
    sync.kill().unwrap();
    sync.wait().unwrap();
    gate.cut().await;
    gate.open();
    assert_eq!(bucket.uploads("2019/06/a.jpg").await.len(), 1);
    home.ok(&["destination", "remove", "home"]);
    assert_eq!(bucket.uploads("2019/06/a.jpg").await, [""; 0]);
}

/// Several parts are under way at once, of which each has some chunks in memory; no more is needed for reading,
/// its metadata and its thumbnail.
async fn memory_does_not_grow_with_the_photo(server: Server) {
    const LARGE: u64 = 512 << 20;
    const GROWTH: u64 = 64 << 20;
    let bucket = server.bucket().await;
    let home = Home::with_bucket(&bucket);
    home.put("small.jpg", &jpeg(1));
    let usual = most_memory(home.spawn(&["sync", "--once"]));

    let path = home.put("large.jpg", &jpeg(2));
    let file = std::fs::File::options().write(true).open(&path).unwrap();
    file.set_len(LARGE).unwrap();
    rest(&path);
    let most = most_memory(home.spawn(&["sync", "--once"]));
    let states = home.states();
    assert_eq!(states["large.jpg"], "backed_up", "{states:?}");
    assert!(
        most < usual + GROWTH,
        "{} MiB, and {} MiB for a small photo",
        most >> 20,
        usual >> 20
    );
    let thumb: String = home
        .database()
        .query_row(
            "SELECT thumb FROM photo WHERE name = 'large.jpg'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(thumb, "made");
}

/// The most bytes of memory that the program and its workers had, each at its height.
fn most_memory(mut program: Child) -> u64 {
    let mut heights: BTreeMap<u32, u64> = BTreeMap::new();
    let status = loop {
        let children = format!("/proc/{0}/task", program.id());
        let tasks = std::fs::read_dir(children).into_iter().flatten().flatten();
        let children = tasks.filter_map(|task| read(task.path().join("children")));
        let children: String = children.collect();
        let children = children.split_whitespace().filter_map(|id| id.parse().ok());
        for id in children.chain([program.id()]) {
            let Some(status) = read(format!("/proc/{id}/status").into()) else {
                continue;
            };
            let height = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let height = height.and_then(|height| height.trim().strip_suffix(" kB")?.parse().ok());
            if let Some(height) = height {
                heights.insert(id, height);
            }
        }
        if let Some(status) = program.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(status.success(), "{status}");
    heights.values().sum::<u64>() * 1024
}

/// What has ended has nothing to tell.
fn read(path: PathBuf) -> Option<String> {
    std::fs::read_to_string(path).ok()
}

/// The parts that the library has taken down as arrived.
fn parts_noted(home: &Home) -> BTreeSet<u32> {
    let database = home.database();
    let mut parts = database.prepare("SELECT number FROM upload_part").unwrap();
    parts
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

/// The number of each part that was sent, in order.
fn parts_sent(requests: &[Request]) -> Vec<u32> {
    let mut sent: Vec<u32> = requests
        .iter()
        .filter(|request| request.method == "PUT")
        .filter_map(|request| request.path.split_once('?'))
        .flat_map(|(_, query)| query.split('&'))
        .filter_map(|pair| pair.strip_prefix("partNumber=")?.parse().ok())
        .collect();
    sent.sort_unstable();
    sent
}
