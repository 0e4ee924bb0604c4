//! Functions as the destination, asked by the real program: photos go straight to the store behind them.

use crate::home::{Home, jpeg, jpeg_taken, large_jpeg, sha256};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use testbed::{FunctionsStandIn, Slip, Whose};

const TOKEN: &str = "canary-of-this-token";

fn token_file(home: &Home) -> PathBuf {
    let file = home.path("token");
    fs::write(&file, format!("{TOKEN}\n")).unwrap();
    file
}

fn add(home: &Home, url: &str, words: &[&str]) {
    let add = [
        "destination",
        "add",
        "lambda",
        "--name",
        "aws",
        "--url",
        url,
    ];
    home.ok(&[&add, words].concat());
}

/// One pixel; what follows a picture's end belongs to the file.
fn png(seed: u8) -> Vec<u8> {
    let mut picture = hex::decode(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154\
         08d763f8cfc000000301010018dd8db00000000049454e44ae426082",
    )
    .unwrap();
    picture.push(seed);
    picture
}

fn hashes(server: &FunctionsStandIn) -> BTreeSet<String> {
    server.objects().values().map(|it| sha256(it)).collect()
}

/// How the one place is said to verify, when places are put side by side.
fn verified_by(home: &Home) -> Value {
    let compared = home.json(&["destination", "compare"]);
    compared["places"][0]["verified_by"].clone()
}

fn puts(server: &FunctionsStandIn) -> usize {
    let requests = server.requests();
    requests.iter().filter(|it| it.method == "PUT").count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn photos_go_straight_to_the_store_once_and_no_address_is_logged() {
    let mut home = Home::new();
    home.watch_pictures();
    let server = FunctionsStandIn::guarded(Whose::Ours, TOKEN).await;
    let token = token_file(&home);
    let photos = [
        jpeg_taken(1, "2018-03-04T05:06:07"),
        jpeg(2),
        large_jpeg(3, 12_000_000),
        // Another picture with the name and the month of one.
        jpeg(4),
    ];
    home.put("a.jpg", &photos[0]);
    home.put("b.jpg", &photos[1]);
    home.put("large.jpg", &photos[2]);
    home.put("c/large.jpg", &photos[3]);
    home.put("c/again.jpg", &photos[1]);
    // As the outputs of a template are: with the stage, and a slash.
    let url = format!("{}/Prod/", server.url);
    add(&home, &url, &["--token-file", token.to_str().unwrap()]);
    // Nothing was put yet: nothing is claimed.
    assert_eq!(verified_by(&home), "not_seen");
    home.set_variable("IMGN_LOG", "trace");
    server.suffer(Slip::Expired {
        writes: 1,
        reads: 0,
    });
    let run = home.ok(&["sync", "--once"]);
    for canary in ["canary", "X-Amz-Signature"] {
        assert!(
            !run.stderr.contains(canary) && !run.stdout.contains(canary),
            "{run:?}"
        );
    }

    let expected: BTreeSet<_> = photos.iter().map(|it| sha256(it)).collect();
    assert_eq!(hashes(&server), expected);
    assert_eq!(server.objects().len(), 4);
    assert!(server.objects().contains_key("2018/03/a.jpg"));
    let list = home.json(&["list"]);
    for photo in list.as_array().unwrap() {
        assert_eq!(photo["state"], "backed_up", "{photo}");
        assert_eq!(
            photo["destinations"][0]["proof"]["kind"], "full_sha256",
            "{photo}"
        );
    }
    assert_eq!(verified_by(&home), "checksum");
    let destinations = home.json(&["destination", "list"]);
    assert_eq!(
        destinations[0]["config"]["kind"], "lambda",
        "{destinations}"
    );
    assert_eq!(destinations[0]["service"], "functions", "{destinations}");
    let shown = home.ok(&["destination", "list"]).stdout;
    assert!(shown.contains("functions of imgn"), "{shown}");

    let sent = puts(&server);
    home.ok(&["sync", "--once"]);
    assert_eq!(puts(&server), sent);
    let report = home.json(&["verify", "--read-data", "100%"]);
    assert_eq!(report["destinations"][0]["right"], 4, "{report}");
    let report = home.json(&["verify"]);
    assert_eq!(report["destinations"][0]["right"], 4, "{report}");

    // Another library sees what is there, and brings it back.
    let second = Home::new();
    add(&second, &url, &["--token-file", token.to_str().unwrap()]);
    second.ok(&["sync", "--once"]);
    assert!(second.states().values().all(|it| it == "online_only"));
    let to = second.path("restored");
    let restored = second.json(&["restore", "--to", to.to_str().unwrap()]);
    assert_eq!(restored["restored"], 4, "{restored}");
    let told = format!("{:?}", server.requests());
    assert!(!told.contains(TOKEN), "a store is told no token");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_repeats_no_checksum_is_read_back_before_anything_counts() {
    let home = Home::new();
    home.watch_pictures();
    let server = FunctionsStandIn::start(Whose::Ours).await;
    server.suffer(Slip::Forgets);
    add(&home, &server.url, &[]);
    home.put("a.jpg", &jpeg(1));
    home.ok(&["sync", "--once"]);
    let photo = &home.json(&["list"])[0];
    assert_eq!(
        photo["destinations"][0]["proof"]["kind"], "full_sha256",
        "{photo}"
    );
    assert_eq!(verified_by(&home), "reading_back");
    server.suffer(Slip::Damages);
    home.put("b.jpg", &jpeg(2));
    let damaged = home.run(&["sync", "--once"]);
    assert_ne!(damaged.code, 0, "{damaged:?}");
    assert_eq!(home.json(&["status"])["safe"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_originals_functions_keep_what_they_can_and_what_they_cannot_is_said() {
    let home = Home::new();
    home.watch_pictures();
    let server = FunctionsStandIn::start(Whose::Original).await;
    server.put("beach.jpg", &jpeg(9));
    add(&home, &server.url, &[]);
    home.put("a.jpg", &jpeg(1));
    home.put("b.png", &png(2));
    home.put("c.heic", b"not a picture, by its name one");
    let run = home.run(&["sync", "--once"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(hashes(&server).contains(&sha256(&jpeg(1))));
    assert!(hashes(&server).contains(&sha256(&png(2))));
    let list = home.json(&["list"]);
    let state = |name: &str| {
        let found = list
            .as_array()
            .unwrap()
            .iter()
            .find(|it| it["path"].as_str().is_some_and(|path| path.ends_with(name)));
        found.unwrap().clone()
    };
    assert_eq!(
        state("a.jpg")["destinations"][0]["proof"]["kind"],
        "full_sha256"
    );
    assert_eq!(state("b.png")["state"], "backed_up");
    assert_eq!(state("c.heic")["reason"]["code"], "not_accepted");
    // Of what others put there nothing is known but the name.
    let beach = list
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["path"].is_null());
    assert_eq!(beach.unwrap()["size"], serde_json::Value::Null, "{list}");
    let shown = home.ok(&["destination", "list"]).stdout;
    assert!(shown.contains("cannot verify"), "{shown}");
    assert!(!shown.contains("may be incomplete"), "{shown}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_of_500_entries_may_be_incomplete_and_loses_no_photo() {
    let mut home = Home::new();
    home.watch_pictures();
    let server = FunctionsStandIn::start(Whose::Original).await;
    home.put("zzz.jpg", &jpeg(1));
    add(&home, &server.url, &[]);
    home.ok(&["sync", "--once"]);
    // From now on ours is beyond what is listed.
    for number in 0..600 {
        server.put(&format!("{number:04}.jpg"), format!("x{number}").as_bytes());
    }
    home.forget_lists();
    home.ok(&["sync", "--once"]);
    let status = home.json(&["status"]);
    assert_eq!(
        (&status["safe"], &status["online_only"]),
        (&1.into(), &500.into())
    );
    let destinations = home.json(&["destination", "list"]);
    assert_eq!(destinations[0]["may_be_incomplete"], true, "{destinations}");
    let shown = home.ok(&["destination", "list"]).stdout;
    assert!(shown.contains("may be incomplete"), "{shown}");
    let sent = puts(&server);
    home.ok(&["sync", "--once"]);
    assert_eq!(puts(&server), sent, "what is not listed is not gone");
}
