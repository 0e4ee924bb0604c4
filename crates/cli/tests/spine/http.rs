//! An `imgn-server` as the destination: the real one, asked by the real program.

use crate::home::{Home, eventually, jpeg, jpeg_taken, large_jpeg, sha256};
use library::Library;
use library::view::{DestinationState, PhotoState, Query};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use testbed::Service;

const TOKEN: &str = "canary-of-this-test";

/// A server that wants a token, which lies in a file of this home.
fn guarded(home: &Home) -> (Service, PathBuf) {
    let file = home.path("token");
    fs::write(&file, format!("{TOKEN}\n")).unwrap();
    let server = Service::start(&["--token-file", file.to_str().unwrap()]);
    (server, file)
}

fn add(home: &Home, server: &Service, words: &[&str]) {
    let url = server.url();
    let add = ["destination", "add", "http", "--name", "nas", "--url", &url];
    home.ok(&[&add, words].concat());
}

/// The originals that the server keeps, by their SHA-256.
fn kept(server: &Service) -> BTreeMap<String, Vec<PathBuf>> {
    let (mut found, mut folders) = (BTreeMap::<_, Vec<_>>::new(), vec![server.images()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.ends_with(".imgn") || path.extension().is_some_and(|it| it == "meta") {
                continue;
            } else if path.is_dir() {
                folders.push(path);
            } else {
                let hash = sha256(&fs::read(&path).unwrap());
                found.entry(hash).or_default().push(path);
            }
        }
    }
    found
}

fn assert_kept_once(server: &Service, photos: &[Vec<u8>]) {
    let there = kept(server);
    assert_eq!(there.len(), photos.len(), "{there:?}");
    for photo in photos {
        assert_eq!(there[&sha256(photo)].len(), 1, "{there:?}");
    }
}

/// How many requests of a route the server has answered.
fn answered(server: &Service, route: &str) -> usize {
    let log = server.log();
    let of = |line: &&str| line.contains("\"answered\"") && line.contains(route);
    log.lines().filter(of).count()
}

#[test]
fn photos_arrive_byte_for_byte_and_a_second_run_sends_nothing() {
    let home = Home::new();
    home.watch_pictures();
    let (server, token) = guarded(&home);
    let photos = [
        jpeg_taken(1, "2018-03-04T05:06:07"),
        jpeg(2),
        large_jpeg(3, 12_000_000),
        jpeg(4),
    ];
    home.put("a.jpg", &photos[0]);
    home.put("b/it's \"b\" & 100%.jpg", &photos[1]);
    home.put("large.jpg", &photos[2]);
    // Another picture with the name and the month of one.
    home.put("c/large.jpg", &photos[3]);
    home.put("c/again.jpg", &photos[1]);
    add(&home, &server, &["--token-file", token.to_str().unwrap()]);
    home.ok(&["sync", "--once"]);

    assert_kept_once(&server, &photos);
    let list = home.json(&["list"]);
    for photo in list.as_array().unwrap() {
        assert_eq!(photo["state"], "backed_up", "{photo}");
        let copy = &photo["destinations"][0];
        assert_eq!(copy["proof"]["kind"], "full_sha256", "{photo}");
        let key = copy["key"].as_str().unwrap();
        let bytes = fs::read(server.images().join(key)).unwrap();
        assert_eq!(photo["sha256"], sha256(&bytes), "{photo}");
    }
    assert_eq!(home.json(&["status"])["safe"], 4);

    let sent = answered(&server, "\"upload\"");
    home.ok(&["sync", "--once"]);
    assert_eq!(answered(&server, "\"upload\""), sent);

    // It is the server that is asked, and it is right.
    let report = home.json(&["verify", "--read-data", "100%"]);
    assert_eq!(report["destinations"][0]["right"], 4, "{report}");
    let shown = home.ok(&["destination", "list"]).stdout;
    assert!(shown.contains("imgn-server"), "{shown}");
    // A secret is nowhere but where it was.
    let database = fs::read(home.path("library/library.db")).unwrap();
    assert!(
        !database
            .windows(TOKEN.len())
            .any(|it| it == TOKEN.as_bytes())
    );
    assert!(!server.log().contains(TOKEN));
}

#[test]
fn a_photo_that_the_server_has_from_elsewhere_is_taken_as_it_is() {
    let server = Service::start(&[]);
    let first = Home::new();
    first.watch_pictures();
    add(&first, &server, &[]);
    first.put("a.jpg", &jpeg(1));
    first.ok(&["sync", "--once"]);
    // Without what this library knew of it.
    let second = Home::new();
    second.watch_pictures();
    second.put("a.jpg", &jpeg(1));
    second.put("renamed.jpg", &jpeg(1));
    second.put("b.jpg", &jpeg(2));
    add(&second, &server, &[]);
    second.ok(&["sync", "--once"]);
    assert_kept_once(&server, &[jpeg(1), jpeg(2)]);
    let status = second.json(&["status"]);
    assert_eq!(
        (&status["safe"], &status["online_only"]),
        (&2.into(), &0.into())
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_library_sees_the_gallery_with_thumbnails_and_metadata() {
    let first = Home::new();
    first.watch_pictures();
    let (server, token) = guarded(&first);
    add(&first, &server, &["--token-file", token.to_str().unwrap()]);
    first.put("a.jpg", &jpeg_taken(1, "2018-03-04T05:06:07"));
    first.put("b.jpg", &jpeg(2));
    first.ok(&["sync", "--once"]);

    let mut second = Home::new();
    second.set_variable("IMGN_TOKEN", TOKEN);
    add(&second, &server, &["--token-file", token.to_str().unwrap()]);
    second.ok(&["sync", "--once"]);
    let states = second.states();
    assert_eq!(states.len(), 2, "{states:?}");
    assert!(states.values().all(|it| it == "online_only"), "{states:?}");

    let library = second.library().await;
    library.start().await.unwrap();
    reached(&library).await;
    eventually("every photo is known", async || {
        for section in library.sections(Query::default()).await.unwrap() {
            let month = section.month;
            let tiles = library.tiles(Query::default(), month, None, 100);
            tiles.await.unwrap();
        }
        let photos = library.list().await.unwrap();
        photos.iter().all(|photo| photo.sha256.is_some())
    })
    .await;
    let photos = library.list().await.unwrap();
    assert!(photos.iter().all(|it| it.state == PhotoState::OnlineOnly));
    for photo in &photos {
        let thumbnail = library.thumbnail(photo.id).await.unwrap().unwrap();
        assert!(thumbnail.bytes.starts_with(b"RIFF"), "{photo:?}");
    }
    let taken: Vec<_> = photos
        .iter()
        .map(|photo| photo.taken_at.clone().unwrap_or_default())
        .collect();
    assert!(
        taken.iter().any(|it| it.starts_with("2018-03-04")),
        "{taken:?}"
    );
    let picture = library.original(photos[0].id).await.unwrap().unwrap();
    assert_eq!(Some(sha256(&picture.bytes)), photos[0].sha256);
    library.shutdown().await;
}

async fn reached(library: &Library) {
    eventually("the server is reached", async || {
        let status = library.status().await.unwrap();
        status.destinations[0].state == DestinationState::Ready
    })
    .await;
}

#[test]
fn everything_comes_back_from_a_server() {
    let first = Home::new();
    first.watch_pictures();
    let server = Service::start(&[]);
    add(&first, &server, &[]);
    first.put("a.jpg", &jpeg(1));
    first.put("b.jpg", &jpeg(2));
    first.ok(&["sync", "--once"]);

    let second = Home::new();
    add(&second, &server, &[]);
    let rebuilt = second.json(&["rebuild", "--from", "nas"]);
    assert_eq!(rebuilt["photos"], 2, "{rebuilt}");
    let to = second.path("restored");
    second.ok(&["restore", "--to", to.to_str().unwrap()]);
    let mut found = Vec::new();
    let mut folders = vec![to];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(sha256(&fs::read(path).unwrap()));
            }
        }
    }
    found.sort();
    let mut expected = vec![sha256(&jpeg(1)), sha256(&jpeg(2))];
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn a_token_is_asked_for_and_a_server_that_is_away_is_waited_for() {
    let mut home = Home::new();
    home.watch_pictures();
    let (mut server, _) = guarded(&home);
    let url = server.url();
    let add = ["destination", "add", "http", "--name", "nas", "--url", &url];
    let refused = home.run(&add);
    assert_eq!(refused.code, 4, "{refused:?}");
    assert!(refused.stderr.contains("--token-file"), "{refused:?}");
    home.set_variable("IMGN_TOKEN", TOKEN);
    home.ok(&add);
    home.put("a.jpg", &jpeg(1));
    server.stop();
    let away = home.run(&["sync", "--once"]);
    assert_eq!(away.code, 4, "{away:?}");
    server.go_on();
    home.ok(&["sync", "--once"]);
    assert_kept_once(&server, &[jpeg(1)]);
    let tested = home.json(&["destination", "test", "nas"]);
    assert_eq!(tested["service"], "imgn", "{tested}");
    // What is there is another library from now on.
    server.stop();
    fs::remove_dir_all(server.images()).unwrap();
    server.go_on();
    home.put("b.jpg", &jpeg(2));
    let other = home.run(&["sync", "--once"]);
    assert_eq!(other.code, 4, "{other:?}");
    assert!(kept(&server).is_empty());
}
