//! A network and a store with faults: what each must end in.

use crate::home::{Home, assert_exactly_once, eventually, jpeg};
use library::view::DestinationState;
use std::time::Duration;
use testbed::{Fault, FaultProxy, Minio, Rule, Server};

struct Faulty {
    _server: Server,
    home: Home,
    proxy: FaultProxy,
    bucket: testbed::Bucket,
    photos: Vec<Vec<u8>>,
}

/// Twelve photos, and a bucket behind a proxy that has no fault yet.
async fn faulty() -> Faulty {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let proxy = FaultProxy::start(&bucket.endpoint.url).await;
    let mut home = Home::new();
    home.watch_pictures();
    home.add_bucket(&bucket.endpoint, &proxy.url(), &bucket.name);
    let photos: Vec<Vec<u8>> = (0..12).map(jpeg).collect();
    for (number, photo) in photos.iter().enumerate() {
        home.put(format!("IMG_{number}.jpg"), photo);
    }
    Faulty {
        _server: server,
        home,
        proxy,
        bucket,
        photos,
    }
}

// The proxy has to answer while the program is waited for.
#[tokio::test(flavor = "multi_thread")]
async fn a_third_of_all_requests_failing_fails_no_photo_minio() {
    let f = faulty().await;
    f.proxy.inject(Rule::new(Fault::slow_down()).percent(30));
    f.home.ok(&["sync", "--once"]);
    assert_exactly_once(&f.bucket, &f.photos).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_lost_after_the_store_has_committed_make_no_second_object_minio() {
    let f = faulty().await;
    f.proxy
        .inject(Rule::new(Fault::LoseAnswer).method("PUT").times(6));
    f.home.ok(&["sync", "--once"]);
    assert_exactly_once(&f.bucket, &f.photos).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_reset_in_mid_body_are_tried_again_minio() {
    let f = faulty().await;
    f.proxy
        .inject(Rule::new(Fault::ResetAfter(100)).method("PUT").times(6));
    f.home.ok(&["sync", "--once"]);
    assert_exactly_once(&f.bucket, &f.photos).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_is_not_followed_minio() {
    let f = faulty().await;
    f.proxy.inject(Rule::new(Fault::redirect(
        307,
        "http://127.0.0.1:9/elsewhere",
    )));
    let run = f.home.run(&["sync", "--once"]);
    assert_eq!(run.code, 4, "{run:?}");
    f.proxy.heal();
    f.home.ok(&["sync", "--once"]);
    assert_exactly_once(&f.bucket, &f.photos).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_store_keeps_every_photo_waiting_minio() {
    let mut server = Minio::start().await;
    let bucket = server.bucket().await;
    let home = Home::with_bucket(&bucket);
    let photo = jpeg(1);
    home.put("a.jpg", &photo);
    server.stop();
    let run = home.run(&["sync", "--once"]);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(run.stderr.contains("Nothing is lost"), "{run:?}");
    assert_eq!(home.states()["a.jpg"], "queued");
    server.start_again().await;
    home.ok(&["sync", "--once"]);
    assert_exactly_once(&bucket, [&photo]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_key_is_said_without_the_secret_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let mut home = Home::with_bucket(&bucket);
    home.put("a.jpg", &jpeg(1));
    let canary = "canary-secret-5f1c";
    home.set_keys(&bucket.endpoint.access_key_id, canary);
    for words in [
        &["sync", "--once"][..],
        &["destination", "test", "home"],
        &["sync", "--once", "--json"],
    ] {
        let run = home.run(words);
        assert_eq!(run.code, 4, "{run:?}");
        assert!(
            !run.stdout.contains(canary) && !run.stderr.contains(canary),
            "{run:?}"
        );
    }
    let run = home.run(&["sync", "--once"]);
    assert!(run.stderr.contains("does not accept this key"), "{run:?}");
    assert!(bucket.list_originals().await.is_empty());
}

/// The key may be right again without anybody entering another one: its server came to know it.
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_key_is_left_alone_until_somebody_has_it_tried_again_minio() {
    let f = faulty().await;
    let unknown = Fault::error(403, "InvalidAccessKeyId", "there is no such key");
    f.proxy.inject(Rule::new(unknown));
    let library = f.home.library().await;
    library.start().await.unwrap();
    eventually("the refusal is said", async || {
        let status = library.status().await.unwrap();
        status.destinations[0].state == DestinationState::NeedsYou && status.needs_you == 12
    })
    .await;
    let asked = f.proxy.requests().len();
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(f.proxy.requests().len(), asked, "asked again and again");

    library.retry().await.unwrap();
    eventually("it was asked, and refused again", async || {
        let status = library.status().await.unwrap();
        f.proxy.requests().len() > asked
            && status.destinations[0].state == DestinationState::NeedsYou
    })
    .await;
    f.proxy.heal();
    library.retry().await.unwrap();
    eventually("all are safe", async || {
        library.status().await.unwrap().safe == 12
    })
    .await;
    library.shutdown().await;
    assert_exactly_once(&f.bucket, &f.photos).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_destination_is_said_in_words_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let mut home = Home::new();
    let url = bucket.endpoint.url.as_str();
    let add = |home: &Home, endpoint: &str, bucket: &str| {
        home.run(&[
            "destination",
            "add",
            "s3",
            "--name",
            "x",
            "--endpoint",
            endpoint,
            "--bucket",
            bucket,
        ])
    };
    let no_keys = add(&home, url, &bucket.name);
    assert_eq!(no_keys.code, 4, "{no_keys:?}");
    assert!(no_keys.stderr.contains("AWS_ACCESS_KEY_ID"), "{no_keys:?}");
    home.set_keys(
        &bucket.endpoint.access_key_id,
        &bucket.endpoint.secret_access_key,
    );
    let cases = [
        ("no such bucket", url, "not-there", "--create-bucket"),
        (
            "nobody answers",
            "http://127.0.0.1:9",
            bucket.name.as_str(),
            "Check the address",
        ),
        (
            "no URL",
            "not a url",
            bucket.name.as_str(),
            "not an address",
        ),
    ];
    for (name, endpoint, bucket, said) in cases {
        let run = add(&home, endpoint, bucket);
        assert!(run.code == 4 || run.code == 2, "{name}: {run:?}");
        assert!(run.stderr.contains(said), "{name}: {run:?}");
    }
}
