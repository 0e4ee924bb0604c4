//! The front end and the extractor over real buckets, each a process of its own.

use crate::client::{gallery, photo, upload};
use crate::place::Place;
use crate::program::{Program, eventually, run};
use media::Sidecar;
use remote::api::Accepted;
use testbed::Minio;

/// What holds over every bucket.
async fn holds(place: Place) {
    let (one, other) = (place.front_end(), place.front_end());
    let first: Accepted = upload(&one, "it's +1.jpg", &photo(1)).await;
    assert_eq!(first.key, "2024/05/it's +1.jpg");
    // Whichever is asked, and whatever one of them remembers.
    let again = upload(&other, "it's +1.jpg", &photo(1)).await;
    assert!(again.duplicate);
    let twin = upload(&other, "it's +1.jpg", &photo(2)).await;
    assert_eq!(
        twin.key,
        format!("2024/05/it's +1-{}.jpg", &twin.sha256[..8])
    );
    for seed in 3..8 {
        upload(&one, &format!("{seed}.jpg"), &photo(seed)).await;
    }
    let stored = place.bucket.get("of mine/2024/05/it's +1.jpg").await;
    assert!(stored == photo(1));
    let head = place.bucket.head("of mine/2024/05/it's +1.jpg").await;
    assert_eq!(head.content_type.as_deref(), Some("image/jpeg"));
    assert_eq!(head.metadata["sha256"], first.sha256);
    // Both found the one marker.
    let marker = place.bucket.get("of mine/.imgn/destination.json").await;
    serde_json::from_slice::<remote::Marker>(&marker).unwrap();

    let bare = gallery(&other).await;
    assert!(
        bare.iter()
            .all(|entry| entry.meta == remote::api::NO_METADATA)
    );
    assert_eq!(place.extract(), 7);
    assert_eq!(place.extract(), 0);
    let listed = gallery(&other).await;
    assert_eq!(listed.len(), 7);
    for entry in &listed {
        let original = reqwest::get(other.url(&format!("/{}", entry.src)))
            .await
            .unwrap();
        assert_eq!(original.status(), 200, "{}", entry.src);
        assert_eq!(original.headers()["content-type"], "image/jpeg");
        assert_eq!(
            original.bytes().await.unwrap().len() as u64,
            entry.size.unwrap()
        );
        let thumb = format!("/{}", entry.thumb.as_ref().unwrap());
        assert_eq!(reqwest::get(other.url(&thumb)).await.unwrap().status(), 200);
    }
    let page = reqwest::get(one.url("/gallery?limit=3&after=2024/05/4.jpg"))
        .await
        .unwrap();
    assert!(page.headers().contains_key("link"));
    let page: Vec<remote::api::Entry> = page.json().await.unwrap();
    let keys: Vec<_> = page
        .iter()
        .map(|entry| entry.key.as_deref().unwrap())
        .collect();
    assert_eq!(keys, ["2024/05/5.jpg", "2024/05/6.jpg", "2024/05/7.jpg"]);

    // Another program's object is shown, extracted, and named as it is.
    place.bucket.put("of mine/album/x.jpg", photo(9)).await;
    assert_eq!(place.extract(), 1);
    let sidecar = place.bucket.get("of mine/album/x.jpg.meta").await;
    let sidecar = Sidecar::parse(std::str::from_utf8(&sidecar).unwrap()).unwrap();
    assert_eq!(sidecar.original_name, b"x.jpg");
    place.bucket.destroy().await;
}

#[tokio::test]
async fn front_ends_and_an_extractor_share_a_bucket_of_minio() {
    holds(Place::minio().await).await;
}

#[tokio::test]
async fn front_ends_and_an_extractor_share_a_bucket_of_seaweedfs() {
    holds(Place::seaweedfs().await).await;
}

#[tokio::test]
async fn an_event_says_what_to_extract() {
    let place = Place::minio().await;
    let program = place.front_end();
    place.bucket.put("of mine/a b+.jpg", photo(1)).await;
    place.bucket.put("elsewhere.jpg", photo(2)).await;
    let event = |key: &str| {
        serde_json::json!({
            "EventName": "s3:ObjectCreated:Put",
            "Records": [{"eventName": "s3:ObjectCreated:Put", "s3": {
                "bucket": {"name": place.bucket.name}, "object": {"key": key}}}]
        })
    };
    let client = reqwest::Client::new();
    for key in [
        "of+mine/a+b%2B.jpg",
        "elsewhere.jpg",
        "of+mine/gone.jpg",
        "of+mine/../x",
    ] {
        let answer = client
            .post(program.url("/events"))
            .json(&event(key))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 204, "{key}");
    }
    let nonsense = client
        .post(program.url("/events"))
        .body("x")
        .send()
        .await
        .unwrap();
    assert_eq!(nonsense.status(), 400);
    eventually("its sidecar", || async {
        place
            .bucket
            .try_get("of mine/a b+.jpg.meta")
            .await
            .is_some()
    })
    .await;
    assert!(place.bucket.try_get("elsewhere.jpg.meta").await.is_none());
    place.bucket.destroy().await;
}

#[tokio::test]
async fn an_extractor_that_is_killed_leaves_nothing_undone_and_nothing_twice() {
    let place = Place::seaweedfs().await;
    let count = 40;
    for seed in 0..count {
        place
            .bucket
            .put(&format!("of mine/{seed}.jpg"), photo(seed))
            .await;
    }
    let words: Vec<_> = place
        .words("extract")
        .into_iter()
        .map(str::to_owned)
        .collect();
    let (keys, log) = (place.keys(), tempfile::tempdir().unwrap());
    let mut killed = 0;
    while killed < 2 {
        let err = std::fs::File::create(log.path().join("log")).unwrap();
        let mut child = tokio::process::Command::new(env!("CARGO_BIN_EXE_imgn-server"))
            .args(&words)
            .args(["--every", "1s"])
            .envs(keys.iter().copied())
            .stderr(err)
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        eventually("that it has begun", || async {
            let said = std::fs::read_to_string(log.path().join("log")).unwrap();
            said.contains("\"outcome\":\"extracted\"") || said.contains("a batch is done")
        })
        .await;
        child.kill().await.unwrap();
        killed += 1;
    }
    place.extract();
    assert_eq!(place.extract(), 0);
    for seed in 0..count {
        let sidecar = place.bucket.get(&format!("of mine/{seed}.jpg.meta")).await;
        let sidecar = Sidecar::parse(std::str::from_utf8(&sidecar).unwrap()).unwrap();
        assert_eq!(sidecar.metadata.width, Some(96), "{seed}");
    }
    place.bucket.destroy().await;
}

#[tokio::test]
async fn minio_tells_the_front_end_what_was_put_into_the_bucket() {
    // MinIO has to know where it is to tell before the front end can reach MinIO.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    let token = "a-token-of-this-test";
    let webhook = format!("http://{address}/events");
    let place = Place::on(Minio::start_telling(webhook, token.to_owned()).await).await;
    place.bucket.tell().await;
    let mut keys = place.keys();
    keys.extend([("IMGN_TOKEN", token), ("IMGN_LISTEN", &address)]);
    let program = Program::exactly(&place.words("serve"), &keys);
    assert_eq!(program.address, address);

    place.bucket.put("of mine/by another+1.jpg", photo(1)).await;
    let body = crate::client::one_file("by us.jpg", &photo(2));
    let uploaded = reqwest::Client::new()
        .post(program.url("/upload"))
        .bearer_auth(token)
        .header("content-type", crate::client::form_type())
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(uploaded.status(), 201);
    for key in [
        "of mine/by another+1.jpg.meta",
        "of mine/2024/05/by us.jpg.meta",
    ] {
        eventually(key, || async { place.bucket.try_get(key).await.is_some() }).await;
    }
    place.bucket.destroy().await;
}

#[tokio::test]
async fn a_bucket_is_prepared_once_and_goes_on_telling_others() {
    let webhook = "http://127.0.0.1:9/events".to_owned();
    let place = Place::on(Minio::start_telling(webhook, "token".to_owned()).await).await;
    let (queue, endpoint) = ("arn:minio:sqs::IMGN:webhook", &place.server.endpoint.url);
    let prepare = |words: &[&str]| {
        let mut all = vec!["prepare", "--endpoint", endpoint];
        all.extend(words);
        let output = run(&all, &place.keys());
        let log = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{log}");
    };
    let bucket = ["--bucket", &place.bucket.name];
    for prefix in ["a", "b", "a"] {
        let telling = ["--prefix", prefix, "--tell", queue];
        prepare(&[&bucket[..], &telling].concat());
    }
    let told = |prefix: &str| (queue.to_owned(), vec![prefix.to_owned()]);
    let mut found = place.bucket.told().await;
    found.sort();
    assert_eq!(found, [told("a/"), told("b/")]);

    let fresh = format!("{}-fresh", place.bucket.name);
    for _ in 0..2 {
        prepare(&["--bucket", &fresh]);
    }
    let program = Program::with(
        &["serve", "--endpoint", endpoint, "--bucket", &fresh],
        &place.keys(),
    );
    upload(&program, "a.jpg", &photo(1)).await;
}

#[tokio::test]
async fn whom_the_store_does_not_know_is_named_at_once_and_not_waited_for() {
    let webhook = "http://127.0.0.1:9/events".to_owned();
    let place = Place::on(Minio::start_telling(webhook, "token".to_owned()).await).await;
    for mistyped in ["arn:minio:sqs::IMGM:webhook", "IMGN"] {
        let mut words = place.words("prepare");
        words.extend(["--tell", mistyped]);
        let begun = std::time::Instant::now();
        let output = run(&words, &place.keys());
        let log = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{log}");
        assert!(log.contains(mistyped), "{log}");
        // Less than the five minutes for which a store that is away is waited for.
        assert!(begun.elapsed().as_secs() < 60, "{log}");
    }
}

#[tokio::test]
async fn a_store_that_refuses_is_not_waited_for() {
    let place = Place::minio().await;
    let mut words = place.words("prepare");
    words.extend(["--within", "1h"]);
    let wrong = [
        ("AWS_ACCESS_KEY_ID", "nobody"),
        ("AWS_SECRET_ACCESS_KEY", "nothing"),
    ];
    assert_eq!(run(&words, &wrong).status.code(), Some(1));
    // One that is away is, for so long.
    let away = [
        "prepare",
        "--endpoint",
        "http://127.0.0.1:9",
        "--bucket",
        "photos",
    ];
    let output = run(&[&away[..], &["--within", "1s"]].concat(), &place.keys());
    assert_eq!(output.status.code(), Some(1));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("the store is waited for")
    );
}

/// Stores differ in where a folder stands among files whose names begin like its own.
async fn pages_lose_nothing(place: Place) {
    let keys = [
        "a!b.jpg",
        "a-b.jpg",
        "a.jpg",
        "a/b/c.jpg",
        "a/b.jpg",
        "a/z.jpg",
        "a0.jpg",
        "b.jpg",
    ];
    for (seed, key) in keys.iter().enumerate() {
        place
            .bucket
            .put(&format!("of mine/{key}"), photo(seed as u64))
            .await;
    }
    place.extract();
    let program = place.front_end();
    for limit in [1, 3] {
        let (mut listed, mut query) = (Vec::new(), format!("?limit={limit}"));
        loop {
            let url = program.url(&format!("/gallery{query}"));
            let answer = reqwest::get(url).await.unwrap();
            let link = answer.headers().get("link").cloned();
            let page: Vec<remote::api::Entry> = answer.json().await.unwrap();
            listed.extend(page.into_iter().map(|entry| entry.key.unwrap()));
            assert!(listed.len() <= keys.len(), "{listed:?}");
            let Some(link) = link else { break };
            let end = link.to_str().unwrap().split('>').next().unwrap();
            query = end.strip_prefix('<').unwrap().to_owned();
        }
        listed.sort();
        let mut expected = keys.to_vec();
        expected.sort_unstable();
        assert_eq!(listed, expected, "{limit} a page");
    }
    place.bucket.destroy().await;
}

#[tokio::test]
async fn no_page_of_a_gallery_loses_an_image_of_minio() {
    pages_lose_nothing(Place::minio().await).await;
}

#[tokio::test]
async fn no_page_of_a_gallery_loses_an_image_of_seaweedfs() {
    pages_lose_nothing(Place::seaweedfs().await).await;
}

#[tokio::test]
async fn a_store_that_is_away_is_said_and_used_again_when_it_is_back() {
    let mut place = Place::on(Minio::start().await).await;
    let spool = tempfile::tempdir().unwrap();
    let mut variables = place.keys();
    variables.push(("IMGN_SPOOL", spool.path().to_str().unwrap()));
    let program = Program::with(&place.words("serve"), &variables);
    upload(&program, "a.jpg", &photo(1)).await;

    place.server.stop();
    let list = reqwest::get(program.url("/gallery")).await.unwrap();
    assert_eq!(list.status(), 503);
    assert!(list.headers().contains_key("retry-after"));
    let said = list.text().await.unwrap();
    assert!(!said.contains("127.0.0.1"), "{said}");
    let body = crate::client::one_file("b.jpg", &photo(2));
    let answer = crate::client::post(&program, body).await;
    assert_eq!(answer.status(), 503);
    assert_eq!(crate::client::code(answer).await, "store_away");
    let health = reqwest::get(program.url("/healthz")).await.unwrap();
    assert_eq!(health.status(), 200);
    assert_eq!(std::fs::read_dir(spool.path()).unwrap().count(), 0);

    place.server.start_again().await;
    eventually("that it is back", || async {
        let list = reqwest::get(program.url("/gallery")).await.unwrap();
        list.status() == 200
    })
    .await;
    assert!(!upload(&program, "b.jpg", &photo(2)).await.duplicate);
    assert!(upload(&program, "a.jpg", &photo(1)).await.duplicate);
}
