//! Long outages, in short: a computer that sleeps, a day without a network, another network, a library that somebody
//! else holds on to. Each passes without anybody doing anything.

use crate::gate::Gate;
use crate::home::{Home, assert_exactly_once, eventually, interrupt, jpeg, large_jpeg};
use crate::mounts::Mounts;
use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::process::Child;
use std::time::Duration;
use testbed::{Bucket, Minio};

const DAY: i64 = 86_400_000;
/// More than the system keeps in its own buffers.
const PHOTO: usize = 24 << 20;
const BEGUN: u64 = 2 << 20;

fn signal(process: &Child, signal: Signal) {
    let id = Pid::from_raw(process.id().cast_signed()).unwrap();
    kill_process(id, signal).unwrap();
}

fn end(mut process: Child) {
    interrupt(process.id());
    assert_eq!(process.wait().unwrap().code(), Some(0));
}

/// Every stored time lies so much further back: as if the clock had gone on meanwhile, or (less than nothing)
/// been set back.
fn let_pass(home: &Home, time: i64) {
    let database = home.database();
    database.busy_timeout(Duration::from_secs(60)).unwrap();
    let changes = [
        "UPDATE job SET not_before = not_before - ?1 WHERE state = 'waiting'",
        "UPDATE destination SET checked_at = checked_at - ?1, listed_at = listed_at - ?1",
    ];
    for change in changes {
        database.execute(change, [time]).unwrap();
    }
}

async fn eventually_safe(home: &Home, photos: u32) {
    eventually(&format!("{photos} photos are safe"), async || {
        let status = home.run(&["status", "--json"]);
        let status: serde_json::Value = serde_json::from_str(&status.stdout).unwrap_or_default();
        status["safe"] == photos && status["going"] == 0
    })
    .await;
}

/// Behind a line that can be cut.
async fn behind(bucket: &Bucket) -> (Home, Gate) {
    let gate = Gate::start(&bucket.endpoint.url).await;
    let mut home = Home::new();
    home.watch_pictures();
    home.add_bucket(&bucket.endpoint, &gate.url(), &bucket.name);
    (home, gate)
}

/// Its lid is closed in the middle of an upload; when it wakes, every connection is one that nobody knows any more.
#[tokio::test(flavor = "multi_thread")]
async fn a_computer_that_slept_goes_on_when_it_wakes_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let (home, gate) = behind(&bucket).await;
    let photos = [large_jpeg(1, PHOTO), jpeg(2), jpeg(3)];
    home.put("large.jpg", &photos[0]);
    gate.allow(BEGUN);
    let watch = home.spawn(&["sync", "--watch"]);
    gate.stands_still().await;
    signal(&watch, Signal::STOP);
    gate.cut().await;
    home.put("taken meanwhile.jpg", &photos[1]);
    fs::remove_file(home.pictures("large.jpg")).unwrap();
    home.put("elsewhere/large.jpg", &photos[0]);
    gate.open();
    signal(&watch, Signal::CONT);
    eventually_safe(&home, 2).await;
    // A night, by the clock.
    let_pass(&home, DAY / 2);
    home.put("later.jpg", &photos[2]);
    eventually_safe(&home, 3).await;
    end(watch);
    home.assert_library_is_sound();
    assert_exactly_once(&bucket, &photos).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_day_without_a_network_photos_go_up_by_themselves_minio() {
    // Until then the clock goes on, or was set back: what waits for a time in the far future does not.
    for passed in [DAY, -DAY] {
        let mut server = Minio::start().await;
        let bucket = server.bucket().await;
        let home = Home::with_bucket(&bucket);
        let photos = [jpeg(1), jpeg(2), jpeg(3)];
        home.put("before.jpg", &photos[0]);
        let watch = home.spawn(&["sync", "--watch"]);
        eventually_safe(&home, 1).await;
        server.stop();
        home.put("in between.jpg", &photos[1]);
        eventually("it is said to be away", async || {
            home.json(&["status"])["destinations"][0]["state"] == "offline"
        })
        .await;
        let_pass(&home, passed);
        home.put("the next day.jpg", &photos[2]);
        assert_eq!(home.json(&["status"])["safe"], 1);
        server.start_again().await;
        eventually_safe(&home, 3).await;
        end(watch);
        assert_exactly_once(&bucket, &photos).await;
    }
}

/// Behind one name lies another address: at home, at work. The old one answers no more, and hangs up neither.
#[tokio::test(flavor = "multi_thread")]
async fn in_another_network_the_same_name_leads_to_the_new_address_minio() {
    let Some(mounts) = Mounts::new() else {
        println!("not run: this system allows no mounts");
        return;
    };
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let at_home = Gate::start(&bucket.endpoint.url).await;
    let away = ([127, 0, 0, 2], at_home.port()).into();
    let mut home = Home::new();
    let hosts = home.path("hosts");
    fs::write(&hosts, "127.0.0.1 localhost nas.test\n").unwrap();
    mounts.plug(&hosts, "/etc/hosts".as_ref());
    home.mounts = Some(mounts);
    home.watch_pictures();
    let url = format!("http://nas.test:{}", at_home.port());
    home.add_bucket(&bucket.endpoint, &url, &bucket.name);
    let photos = [jpeg(1), jpeg(2)];
    home.put("a.jpg", &photos[0]);
    let watch = home.spawn(&["sync", "--watch"]);
    eventually_safe(&home, 1).await;

    at_home.allow(0);
    home.put("b.jpg", &photos[1]);
    at_home.stands_still().await;
    let _away = Gate::start_at(away, &bucket.endpoint.url).await;
    fs::write(&hosts, "127.0.0.1 localhost\n127.0.0.2 nas.test\n").unwrap();
    eventually_safe(&home, 2).await;
    end(watch);
    assert_exactly_once(&bucket, &photos).await;
}

/// A backup program, or somebody who looks with a tool of their own.
#[tokio::test(flavor = "multi_thread")]
async fn a_library_that_another_program_locks_is_waited_for_and_said_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let home = Home::with_bucket(&bucket);
    let photos = [jpeg(1), jpeg(2), jpeg(3)];
    home.put("a.jpg", &photos[0]);
    let other = home.database();

    // For some seconds.
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let sync = home.spawn(&["sync", "--once"]);
    tokio::time::sleep(Duration::from_secs(3)).await;
    other.execute_batch("COMMIT").unwrap();
    let ended = tokio::task::spawn_blocking(|| sync.wait_with_output().unwrap());
    assert_eq!(ended.await.unwrap().status.code(), Some(0));
    assert_exactly_once(&bucket, [&photos[0]]).await;

    // For ever.
    home.put("b.jpg", &photos[1]);
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let run = home.run(&["sync", "--once", "--json"]);
    assert_eq!(run.code, 5, "{run:?}");
    let said: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(said["error"]["code"], "library_in_use", "{run:?}");
    assert!(run.stderr.contains("locked by another program"), "{run:?}");
    assert_eq!(home.states()["a.jpg"], "backed_up", "looking needs no lock");
    other.execute_batch("COMMIT").unwrap();

    // While imgn runs: it goes on when the library is free again.
    let watch = home.spawn(&["sync", "--watch"]);
    eventually_safe(&home, 2).await;
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    home.put("c.jpg", &photos[2]);
    eventually("it says why it does not go on", async || {
        home.json(&["status"])["problems"][0]["reason"]["code"] == "library_in_use"
    })
    .await;
    other.execute_batch("COMMIT").unwrap();
    eventually_safe(&home, 3).await;
    end(watch);
    home.assert_library_is_sound();
    assert_exactly_once(&bucket, &photos).await;
}
