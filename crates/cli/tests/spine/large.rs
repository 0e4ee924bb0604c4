//! Photos above 64 MB: gone on with after a kill, and cleared away when forgotten.

use crate::gate::Gate;
use crate::home::{Home, assert_exactly_once, large_jpeg};
use std::collections::BTreeSet;
use testbed::{FaultProxy, Request, Server};

/// Six parts of 16 MiB, four of which are under way at once.
const SIZE: usize = 96_000_000;
/// More than four parts in the middle hold, so that at least one has arrived.
const MIDWAY: u64 = 80_000_000;

on_plain_servers! {
    killed_midway_it_sends_only_the_parts_that_were_missing
    a_forgotten_destination_keeps_no_parts
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
