//! The contract as far as it is about an HTTP API, held by a real `imgn-server`: it chooses the keys, makes
//! derived objects itself, and can remove nothing.

use crate::client::{self, stored};
use crate::source::{Source, key, quiet};
use remote::{
    Check, Error, Expecting, HttpApi, Look, Marker, Outcome, Profile, Proof, Put, Remote, Retry,
    Service,
};
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use testbed::Service as Server;
use tokio::io::AsyncReadExt;

const TOKEN: &str = "the-token-of-this-test";

/// A server that wants a token, and the file that has it.
fn guarded() -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    fs::write(&file, TOKEN).unwrap();
    let server = Server::start(&["--token-file", file.to_str().unwrap()]);
    (folder, server)
}

fn api(url: &str, token: Option<&str>, profile: Profile) -> HttpApi {
    client::api(url, Expecting::Any, token, profile)
}

async fn claimed(server: &Server) -> HttpApi {
    let api = api(&server.url(), None, Profile::default());
    api.claim().await.unwrap();
    api
}

fn write(server: &Server, key: &str, bytes: &[u8]) {
    let path = server.images().join(key);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Files below a folder but for `.imgn`.
fn originals(server: &Server) -> Vec<String> {
    let (mut found, mut folders) = (Vec::new(), vec![server.images()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = relative(&server.images(), &path);
            if name == ".imgn" || name.ends_with(".meta") {
                continue;
            } else if path.is_dir() {
                folders.push(path);
            } else {
                found.push(name);
            }
        }
    }
    found.sort();
    found
}

fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root)
        .unwrap()
        .to_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn adopts_the_library_that_the_server_began() {
    let (_folder, server) = guarded();
    let open = || api(&server.url(), Some(TOKEN), Profile::default());
    let probe = open().probe().await.unwrap();
    let (marker, profile) = open().claim().await.unwrap();
    assert_eq!(probe.marker.as_ref(), Some(&marker));
    assert_eq!(profile.service, Some(Service::Imgn));
    assert!(
        profile.conditional_put && profile.repeats_sha256,
        "{profile:?}"
    );
    assert!(profile.clock_skew.abs() < 30, "{profile:?}");
    let json = fs::read(server.images().join(Marker::KEY)).unwrap();
    assert_eq!(serde_json::from_slice::<Marker>(&json).unwrap(), marker);
    open().check(&marker).await.unwrap();
    assert!(originals(&server).is_empty());
}

#[tokio::test]
async fn a_missing_and_a_wrong_token_are_told_apart() {
    let (_folder, server) = guarded();
    let none = api(&server.url(), None, Profile::default()).claim().await;
    assert!(matches!(none, Err(Error::NoCredentials { .. })), "{none:?}");
    let wrong = api(&server.url(), Some("canary"), Profile::default());
    let refused = wrong.claim().await.unwrap_err();
    assert!(matches!(refused, Error::Unauthorized { .. }), "{refused:?}");
    assert!(!format!("{refused:?} {refused} {wrong:?}").contains("canary"));
    assert!(!server.log().contains("canary"));
    assert_eq!(refused.retry(), Retry::WhenSettingsChange);
}

#[tokio::test]
async fn a_server_that_goes_by_another_name_is_no_original() {
    let server = Server::start(&[]);
    let url = server.url().replace("127.0.0.1", "imgn.localhost.");
    // The name need not be known: it is what stands in `Host` that counts.
    let found = api(&url, None, Profile::default()).claim().await;
    match found {
        Err(Error::Settings(said)) => assert!(said.contains("--host"), "{said}"),
        Err(Error::Unreachable { .. }) => {}
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn nothing_is_asked_before_the_library_is_known_or_when_it_is_another() {
    let server = Server::start(&[]);
    let source = Source::new("photo");
    let api = api(&server.url(), None, Profile::default());
    let put = async || api.put(&key("a.jpg"), &source.original(), &quiet).await;
    assert!(matches!(put().await, Err(Error::NoLibrary { .. })));
    let (marker, _) = claimed(&server).await.claim().await.unwrap();
    let other = Marker {
        uuid: uuid::Uuid::new_v4(),
        ..marker.clone()
    };
    let refused = api.check(&other).await;
    assert!(
        matches!(refused, Err(Error::WrongLibrary { .. })),
        "{refused:?}"
    );
    assert!(matches!(put().await, Err(Error::NoLibrary { .. })));
    assert!(matches!(api.list(None).await, Err(Error::NoLibrary { .. })));
    api.check(&marker).await.unwrap();
    stored(put().await);
}

#[tokio::test]
async fn a_server_that_was_given_another_folder_takes_nothing() {
    let mut server = Server::start(&[]);
    let api = claimed(&server).await;
    server.stop();
    fs::remove_dir_all(server.images()).unwrap();
    server.go_on();
    let source = Source::new("photo");
    let put = api.put(&key("a.jpg"), &source.original(), &quiet).await;
    assert!(matches!(put, Err(Error::WrongLibrary { .. })), "{put:?}");
    let listed = api.list(None).await;
    assert!(
        matches!(listed, Err(Error::WrongLibrary { .. })),
        "{listed:?}"
    );
    assert!(originals(&server).is_empty());
}

#[tokio::test]
async fn stores_byte_for_byte_where_the_server_says_and_once() {
    let server = Server::start(&[]);
    let api = claimed(&server).await;
    for size in [1, 300_000, 12_000_000] {
        let source = Source::of_size(size, 3);
        let wanted = key(&format!("1999/01/{size}.jpg"));
        let told = Mutex::new(Vec::new());
        let progress = |sent| told.lock().unwrap().push(sent);
        let put = api.put(&wanted, &source.original(), &progress).await;
        let (found, proof, adopted) = stored(put);
        // No picture: it is dated by its mtime.
        assert_eq!(found.as_str(), format!("2019/02/{size}.jpg"));
        assert!(!adopted);
        let Proof::FullSha256 { etag, .. } = &proof else {
            panic!("{proof:?}");
        };
        let file = server.images().join(found.as_str());
        assert!(fs::read(&file).unwrap() == source.bytes);
        assert_eq!(told.lock().unwrap().last(), Some(&(size as u64)));

        let again = api.put(&wanted, &source.original(), &quiet).await;
        let (same, _, adopted) = stored(again);
        assert_eq!((&same, adopted), (&found, true));
        // What was confirmed is what a look shows.
        let looked = api.look(&found, size as u64, &source.sha256, None).await;
        let expected = Look::Unvouched {
            etag: etag.clone(),
            version: None,
        };
        assert_eq!(looked.unwrap(), expected);
        let verified = api.verify(&found, size as u64, &source.sha256).await;
        assert_eq!(verified.unwrap(), Some(proof));
        // One that is large is asked for first.
        if size > 10_000_000 {
            let put = api.put(&found, &source.original(), &quiet).await.unwrap();
            assert!(matches!(put, Put::Adopted(_)), "{put:?}");
        }
    }
    assert_eq!(originals(&server).len(), 3);
}

#[tokio::test]
async fn other_bytes_of_the_same_name_get_another() {
    let server = Server::start(&[]);
    let api = claimed(&server).await;
    let (one, two) = (Source::of_size(4000, 1), Source::of_size(4000, 2));
    let wanted = key("2019/02/a.jpg");
    let (first, ..) = stored(api.put(&wanted, &one.original(), &quiet).await);
    let (second, ..) = stored(api.put(&wanted, &two.original(), &quiet).await);
    assert_eq!(first, wanted);
    let short = &hex::encode(two.sha256)[..8];
    assert_eq!(second.as_str(), format!("2019/02/a-{short}.jpg"));
    assert!(fs::read(server.images().join("2019/02/a.jpg")).unwrap() == one.bytes);
}

#[tokio::test]
async fn what_the_server_does_not_take_is_said_of_the_photo() {
    let server = Server::start(&["--max-upload", "1M"]);
    let api = claimed(&server).await;
    let large = Source::of_size(2_000_000, 1);
    let put = api.put(&key("a.jpg"), &large.original(), &quiet).await;
    let refused = put.unwrap_err();
    assert!(matches!(refused, Error::NotAccepted { .. }), "{refused:?}");
    assert_eq!(refused.retry(), Retry::WhenFileChanges);
    let text = Source::new("no photo by its name either");
    let put = api.put(&key("a.txt"), &text.original(), &quiet).await;
    assert!(matches!(put, Err(Error::NotAccepted { .. })), "{put:?}");
    assert!(originals(&server).is_empty());
    // It goes on.
    let small = Source::of_size(500_000, 1);
    stored(api.put(&key("b.jpg"), &small.original(), &quiet).await);
}

#[tokio::test]
async fn a_source_that_is_another_or_unreadable_is_never_stored() {
    let server = Server::start(&[]);
    let api = claimed(&server).await;
    let source = Source::of_size(1_000_000, 1);
    let mut bytes = source.bytes.clone();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&source.path, bytes).unwrap();
    let put = api.put(&key("a.jpg"), &source.original(), &quiet).await;
    assert!(matches!(put, Err(Error::SourceChanged { .. })), "{put:?}");
    fs::remove_file(&source.path).unwrap();
    let put = api.put(&key("a.jpg"), &source.original(), &quiet).await;
    assert!(
        matches!(put, Err(Error::SourceUnreadable { .. })),
        "{put:?}"
    );
    assert!(originals(&server).is_empty());
}

#[tokio::test]
async fn hostile_names_go_there_and_back() {
    let server = Server::start(&[]);
    let api = claimed(&server).await;
    let names = [
        "🏔️ Gipfel 🇦🇹.jpg",
        "a b  c.jpg",
        " leading.jpg",
        "#?%+&=;:@!$'()*,[]~^`{}|<>\".jpg",
        "100%.jpg",
        "%41.jpg",
        "\"quoted\\u0022\".jpg",
        "nfc \u{e9}.jpg",
        "nfd e\u{301}.jpg",
        "rtl \u{202e}gpj.exe.jpg",
        "--boundary.jpg",
    ];
    for (number, name) in names.into_iter().enumerate() {
        let source = Source::new(format!("photo {number}"));
        let wanted = format!("2019/02/{}", name.replace('\\', "%5C"));
        let put = api.put(&key(&wanted), &source.original(), &quiet).await;
        let (found, ..) = stored(put);
        let bytes = api.get(&found, 1000).await.unwrap().unwrap();
        assert_eq!(bytes, source.bytes, "{name}");
        assert_eq!(api.hash(&found).await.unwrap(), Some(source.sha256));
    }
    assert_eq!(originals(&server).len(), names.len());
}

#[tokio::test]
async fn tells_what_is_there_now() {
    let server = Server::start(&[]);
    let api = claimed(&server).await;
    let (source, other) = (Source::of_size(4000, 1), Source::of_size(4000, 2));
    let name = key("2019/02/a.jpg");
    let verify = || api.verify(&name, 4000, &source.sha256);
    let look = || api.look(&name, 4000, &source.sha256, None);
    assert_eq!(verify().await.unwrap(), None);
    assert_eq!(look().await.unwrap(), Look::Missing);
    stored(api.put(&name, &source.original(), &quiet).await);
    assert!(matches!(
        verify().await.unwrap(),
        Some(Proof::FullSha256 { .. })
    ));
    assert_eq!(api.verify(&name, 4001, &source.sha256).await.unwrap(), None);

    // Other bytes of the same size: reading tells.
    write(&server, name.as_str(), &other.bytes);
    assert_eq!(verify().await.unwrap(), None);
    assert_eq!(api.hash(&name).await.unwrap(), Some(other.sha256));
    write(&server, name.as_str(), &other.bytes[..3999]);
    assert_eq!(look().await.unwrap(), Look::Other);
    fs::remove_file(server.images().join(name.as_str())).unwrap();
    assert_eq!(verify().await.unwrap(), None);
    assert_eq!(api.hash(&name).await.unwrap(), None);
    assert!(api.read(&name).await.unwrap().is_none());
}

#[tokio::test]
async fn reads_and_downloads() {
    let server = Server::start(&[]);
    let api = claimed(&server).await;
    let source = Source::of_size(3_000_000, 1);
    write(&server, "2024/a.jpg", &source.bytes);
    let name = key("2024/a.jpg");
    let mut reading = api.read(&name).await.unwrap().unwrap();
    assert_eq!(reading.object.size, 3_000_000);
    let mut all = Vec::new();
    reading.bytes.read_to_end(&mut all).await.unwrap();
    assert!(all == source.bytes);
    let limited = api.get(&name, 2_999_999).await.unwrap_err();
    assert!(matches!(limited, Error::TooLarge { .. }), "{limited:?}");

    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("a.jpg");
    assert_eq!(api.download(&name, &to).await.unwrap(), source.sha256);
    assert!(fs::read(&to).unwrap() == source.bytes);
    let again = api.download(&name, &to).await;
    assert!(matches!(again, Err(Error::Io { .. })), "{again:?}");
    let missing = api
        .download(&key("b.jpg"), &folder.path().join("b.jpg"))
        .await;
    assert!(matches!(missing, Err(Error::Missing { .. })), "{missing:?}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn lists_page_by_page_to_the_end() {
    let server = Server::start(&[]);
    for number in 0..1_203 {
        write(
            &server,
            &format!("{}/{number:04} 'ü'.jpg", number % 7),
            b"x",
        );
    }
    let api = claimed(&server).await;
    let (mut listed, mut after, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = api.list(after.as_deref()).await.unwrap();
        // The server reads their metadata meanwhile.
        let photos = page.objects.into_iter().filter(|it| it.size == 1);
        listed.extend(photos.map(|object| object.key));
        pages += 1;
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!((listed.len(), pages), (1_203, 3));
    assert!(listed.is_sorted());
    let last = listed.last().unwrap();
    let before = &listed[listed.len() - 2];
    let beyond = api.list_beyond(before).await.unwrap().objects;
    assert_eq!(beyond.first().map(|it| &it.key), Some(last));
    assert!(api.list_beyond(last).await.unwrap().objects.is_empty());
}

#[tokio::test]
async fn derived_objects_are_the_servers_own() {
    let server = Server::start(&[]);
    let api = claimed(&server).await;
    assert_eq!(api.derived(), remote::Derived::Theirs);
    let name = key("2024/05/a.jpg").sidecar();
    let body = bytes::Bytes::from_static(b"{}");
    let put = api.put_derived(&name, body, "application/json").await;
    assert!(matches!(put, Err(Error::NotAccepted { .. })), "{put:?}");
    assert_eq!(api.get(&name, 1000).await.unwrap(), None);
}

#[tokio::test]
async fn examines_without_leaving_anything() {
    let (_folder, server) = guarded();
    let remote = api(&server.url(), Some(TOKEN), Profile::default());
    let (marker, _) = remote.claim().await.unwrap();
    let source = Source::new("photo");
    stored(remote.put(&key("a.jpg"), &source.original(), &quiet).await);
    let before = originals(&server);
    let outcome = |found: &remote::Examination, check| {
        let of = |it: &&remote::Finding| it.check == check;
        found.findings.iter().find(of).unwrap().outcome
    };
    let found = remote.examine(&marker).await;
    //  check, outcome
    let cases = [
        (Check::Endpoint, Outcome::Fine),
        (Check::Tls, Outcome::Note),
        (Check::Clock, Outcome::Fine),
        (Check::Key, Outcome::Fine),
        (Check::Marker, Outcome::Fine),
        (Check::List, Outcome::Fine),
        (Check::RepeatsSha256, Outcome::Fine),
    ];
    for (check, expected) in cases {
        assert_eq!(outcome(&found, check), expected, "{check:?}: {found:?}");
    }
    assert_eq!(originals(&server), before);
    let wrong = api(&server.url(), Some("wrong"), Profile::default());
    let found = wrong.examine(&marker).await;
    assert_eq!(outcome(&found, Check::Key), Outcome::Problem);
    let other = Marker {
        uuid: uuid::Uuid::new_v4(),
        ..marker
    };
    let found = remote.examine(&other).await;
    assert_eq!(outcome(&found, Check::Marker), Outcome::Problem);
}

#[tokio::test]
async fn a_server_that_is_away_is_unreachable_and_no_original() {
    let mut server = Server::start(&[]);
    let api = claimed(&server).await;
    let (marker, _) = api.claim().await.unwrap();
    server.stop();
    let checked = api.check(&marker).await.unwrap_err();
    assert!(matches!(checked, Error::Unreachable { .. }), "{checked:?}");
    let source = Source::new("photo");
    let put = api.put(&key("a.jpg"), &source.original(), &quiet).await;
    assert!(matches!(put, Err(Error::Unreachable { .. })), "{put:?}");
    server.go_on();
    api.check(&marker).await.unwrap();
    stored(api.put(&key("a.jpg"), &source.original(), &quiet).await);
}
