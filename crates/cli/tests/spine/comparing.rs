//! Places are put side by side by the program, with figures of their own, and stay as they were.

use crate::home::{Home, eventually, interrupt, jpeg};
use serde_json::Value;
use std::fs;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use testbed::{Server, Service};

on_plain_servers! {
    a_bucket_is_measured_and_left_as_it_was
}

const ROWS: [&str; 10] = [
    "unit of deployment",
    "artifact",
    "distribution",
    "triggers",
    "state",
    "latency",
    "observability",
    "billing",
    "lift and shift",
    "local development",
];

fn place<'a>(document: &'a Value, name: &str) -> &'a Value {
    let places = document["places"].as_array().unwrap();
    let found = places.iter().find(|place| place["name"] == name);
    found.unwrap_or_else(|| panic!("no {name}: {document}"))
}

fn count(figure: &Value) -> u64 {
    figure["count"]
        .as_u64()
        .unwrap_or_else(|| panic!("it was not measured: {figure}"))
}

/// What is read on a terminal of 100 columns.
fn said(home: &Home) -> String {
    let said = home.ok(&["destination", "compare"]).stdout;
    for line in said.lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
    said
}

/// The same words, wherever their lines end.
fn flowing(said: &str) -> String {
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The originals in a folder, and whatever was put there to be removed again.
fn kept(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            // What a server is still throwing away was never kept.
            if path.ends_with(".imgn/tmp") {
                continue;
            } else if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_none_or(|it| it != "meta" && it != "webp")
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

async fn a_bucket_is_measured_and_left_as_it_was(server: Server) {
    let bucket = server.bucket().await;
    let home = Home::with_bucket(&bucket);
    for seed in 0..3 {
        home.put(format!("{seed}.jpg"), &jpeg(seed));
    }
    home.ok(&["sync", "--once"]);
    let unasked = home.json(&["destination", "compare"]);
    let own = &place(&unasked, "home")["times"];
    assert_eq!(count(&own["uploads"]["latency"]), 3, "{own}");
    assert!(own["uploads"]["bytes_per_second"].as_f64().unwrap() > 0.0);
    assert!(count(&own["lists"]) >= 1, "{own}");
    assert!(own["probes"].is_null() && own["measured_at"].is_null());

    let before = bucket.list().await;
    let measured = home.json(&["destination", "compare", "--measure"]);
    let here = place(&measured, "home");
    let times = &here["times"];
    assert_eq!(count(&times["probes"]["latency"]), 5, "{times}");
    assert_eq!(times["probes"]["median_bytes"], 1_000_000);
    assert!(count(&times["lists"]) >= 20, "{times}");
    assert_eq!(count(&times["fresh"]), 1, "{times}");
    assert_eq!(count(&times["again"]), 5, "{times}");
    assert!(times["lists"]["p50"].as_f64() <= times["lists"]["p95"].as_f64());
    assert_eq!(measured["measured"]["places"][0]["probes"], "removed");
    assert_eq!(here["sort"], "bucket");
    assert_eq!(here["verified_by"], "checksum");
    assert_eq!(here["photos"], 3);
    assert_eq!(here["cost"]["tariff"], "server", "it is at home");
    assert_eq!(bucket.list().await, before, "nothing of it stays");

    let text = said(&home);
    for row in ROWS {
        assert!(text.contains(row), "{row}: {text}");
    }
    let flowing = flowing(&text);
    for figure in [
        "warm ",
        "upload p50 ",
        "throughput ",
        "USD a month",
        "functions",
    ] {
        assert!(flowing.contains(figure), "{figure}: {text}");
    }
    assert!(!text.contains("--measure"), "it was measured: {text}");
}

#[test]
fn each_kind_of_place_is_measured_as_far_as_it_can_be() {
    let home = Home::new();
    home.watch_pictures();
    home.put("a.jpg", &jpeg(1));
    let nas = home.add_folder_destination("nas");
    let away = home.path("away");
    fs::create_dir(&away).unwrap();
    let add = ["destination", "add", "folder", "--name", "away"];
    home.ok(&[&add[..], &[away.to_str().unwrap()]].concat());
    let server = Service::start(&[]);
    let url = server.url();
    home.ok(&[
        "destination",
        "add",
        "http",
        "--name",
        "server",
        "--url",
        &url,
    ]);
    home.ok(&["sync", "--once"]);
    fs::rename(&away, home.path("gone")).unwrap();
    let before = (kept(&nas), kept(&server.images()));

    let run = home.run(&["destination", "compare", "--measure", "--json"]);
    assert_eq!(run.code, 4, "one is away: {run:?}");
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    let report = document["measured"]["places"].as_array().unwrap();
    let of = |name: &str| report.iter().find(|place| place["name"] == name).unwrap();
    assert_eq!(of("nas")["probes"], "removed", "{document}");
    assert_eq!(of("away")["reason"]["code"], "not_mounted", "{document}");
    assert_eq!(of("server")["probes"], "not_taken", "{document}");
    assert_eq!(of("server")["answers"], 26, "{document}");
    let times = &place(&document, "server")["times"];
    assert_eq!(count(&times["uploads"]["latency"]), 1, "its own photo");
    assert!(times["probes"].is_null(), "{times}");
    assert_eq!(place(&document, "server")["verified_by"], "checksum");
    assert_eq!(place(&document, "nas")["verified_by"], "reading_back");
    assert_eq!((kept(&nas), kept(&server.images())), before);
    assert_eq!(
        document["others"],
        serde_json::json!(["bucket", "functions"])
    );

    let run = home.run(&["destination", "compare", "--measure"]);
    assert!(run.stdout.contains("server: no probes"), "{run:?}");
    assert!(run.stderr.contains("away: It is not mounted"), "{run:?}");
}

#[test]
fn who_has_one_place_sees_what_else_there_is_and_four_still_fit() {
    let home = Home::new();
    home.watch_pictures();
    home.add_folder_destination("nas");
    let one = said(&home);
    for title in [
        "nas (folder)",
        "bucket (not yours)",
        "functions (not yours)",
    ] {
        assert!(one.contains(title), "{title}: {one}");
    }
    assert!(
        one.contains("not measured yet") && one.contains("--measure"),
        "{one}"
    );
    for name in ["b", "c", "d"] {
        fs::create_dir(home.path(name)).unwrap();
        let path = home.path(name);
        let add = ["destination", "add", "folder", "--name", name];
        home.ok(&[&add[..], &[path.to_str().unwrap()]].concat());
    }
    let four = said(&home);
    assert!(!four.contains("not yours"), "{four}");
    assert!(
        four.contains("\nlatency\n  nas (folder)  not measured"),
        "{four}"
    );
}

#[test]
fn prices_are_the_persons_own_once_they_edit_them() {
    let home = Home::new();
    home.watch_pictures();
    home.put("a.jpg", &jpeg(1));
    home.add_folder_destination("nas");
    home.ok(&["sync", "--once"]);
    let cost = || place(&home.json(&["destination", "compare"]), "nas")["cost"].clone();
    assert_eq!(cost()["as_shipped"], true);
    assert!(!home.path("library/prices.toml").exists(), "not unasked");
    let file = home.ok(&["destination", "compare", "--prices"]).stdout;
    let file = file.trim_end();
    assert!(file.ends_with("library/prices.toml"), "{file}");
    assert_eq!(cost()["as_shipped"], true, "it has what imgn came with");
    let edited = "currency = \"EUR\"\n[[place]]\nname = \"nas\"\nnoted = \"2026-02-03\"\nsource = \"my bill\"\nmonth = 7\n";
    fs::write(file, edited).unwrap();
    let now = cost();
    assert_eq!(
        (&now["month"], &now["tariff"]),
        (&7.0.into(), &"noted".into())
    );
    let text = flowing(&said(&home));
    assert!(text.contains("7.00 EUR a month"), "{text}");
    assert!(text.contains("my bill (2026-02-03)"), "{text}");

    fs::write(file, "curency = \"EUR\"\n").unwrap();
    let run = home.ok(&["destination", "compare"]);
    assert!(run.stderr.contains("line 1"), "{run:?}");
    assert_eq!(fs::read_to_string(file).unwrap(), "curency = \"EUR\"\n");
    assert_eq!(cost()["as_shipped"], true);
}

#[test]
fn the_first_answer_after_a_rest_is_kept_as_cold() {
    let home = Home::new();
    home.watch_pictures();
    home.add_folder_destination("nas");
    home.ok(&["sync", "--once"]);
    let times = || place(&home.json(&["destination", "compare"]), "nas")["times"].clone();
    assert!(times()["rested"].is_null(), "{}", times());
    let three_hours_ago = "UPDATE destination SET checked_at = checked_at - 10800000";
    let sets = [three_hours_ago, "DELETE FROM sample"];
    for set in sets {
        home.database().execute(set, []).unwrap();
    }
    home.ok(&["sync", "--once"]);
    let rested = &times()["rested"];
    assert_eq!(count(&rested["latency"]), 1, "{rested}");
    assert!(
        (10_795..10_900).contains(&rested["longest"].as_i64().unwrap()),
        "{rested}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_measuring_is_stopped_and_leaves_nothing_behind() {
    let home = Home::new();
    home.watch_pictures();
    let nas = home.add_folder_destination("nas");
    for number in 0..8 {
        let (name, path) = (format!("disk {number}"), home.path(&format!("{number}")));
        fs::create_dir(&path).unwrap();
        let add = ["destination", "add", "folder", "--name", &name];
        home.ok(&[&add[..], &[path.to_str().unwrap()]].concat());
    }
    let library = home.library().await;
    let mut events = library.events();
    let measuring = tokio::spawn({
        let library = library.clone();
        async move { library.measure().await }
    });
    events.recv().await.unwrap();
    let twice = library.measure().await.unwrap_err();
    assert_eq!(twice.code, library::view::Cause::AlreadyRunning);
    library.stop_measure().await.unwrap();
    let report = measuring.await.unwrap().unwrap();
    assert!(report.stopped, "{report:?}");
    library.shutdown().await;
    let left = fs::read_dir(nas.join(".imgn/tmp")).map_or(0, Iterator::count);
    assert_eq!(left, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_one_that_has_the_library_open_measures_for_another() {
    let home = Home::new();
    home.watch_pictures();
    home.put("a.jpg", &jpeg(1));
    home.add_folder_destination("nas");
    let mut owner = home.spawn(&["sync", "--watch"]);
    let socket = home.path("library/owner/socket");
    eventually("the owner listens", async || {
        UnixStream::connect(&socket).is_ok()
    })
    .await;
    let document = home.json(&["destination", "compare", "--measure"]);
    let times = &place(&document, "nas")["times"];
    assert_eq!(count(&times["probes"]["latency"]), 5, "{times}");
    let file = home.ok(&["destination", "compare", "--prices"]).stdout;
    assert!(fs::exists(file.trim_end()).unwrap(), "{file}");
    interrupt(owner.id());
    assert_eq!(owner.wait().unwrap().code(), Some(0));
}
