//! A sync that finds nothing new: what it asks of a bucket, and that it misses nothing by asking nothing.

use crate::home::{Home, assert_exactly_once, jpeg};
use testbed::{Bucket, FaultProxy, Minio, Server};

struct Backed {
    server: Server,
    bucket: Bucket,
    proxy: FaultProxy,
    home: Home,
    photo: Vec<u8>,
}

/// One photo, backed up and listed.
async fn backed() -> Backed {
    let server = Minio::start().await;
    let bucket = server.bucket().await;
    let proxy = FaultProxy::start(&bucket.endpoint.url).await;
    let mut home = Home::new();
    home.watch_pictures();
    home.add_bucket(&bucket.endpoint, &proxy.url(), &bucket.name);
    let photo = jpeg(1);
    home.put("a.jpg", &photo);
    home.ok(&["sync", "--once"]);
    Backed {
        server,
        bucket,
        proxy,
        home,
        photo,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_new_asks_nothing_and_what_is_new_goes_up_minio() {
    let Backed {
        server: _server,
        bucket,
        proxy,
        home,
        photo,
    } = backed().await;
    let asked = proxy.requests().len();
    home.ok(&["sync", "--once"]);
    assert_eq!(proxy.requests().len(), asked, "{:?}", proxy.requests());

    let new = jpeg(2);
    home.put("b.jpg", &new);
    home.ok(&["sync", "--once"]);
    assert_exactly_once(&bucket, [&photo, &new]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_did_not_answer_is_asked_again_though_nothing_is_new_minio() {
    let Backed {
        mut server,
        home,
        photo: _,
        bucket: _bucket,
        proxy: _proxy,
    } = backed().await;
    server.stop();
    home.put("b.jpg", &jpeg(2));
    assert_eq!(home.run(&["sync", "--once"]).code, 4);
    std::fs::remove_file(home.pictures("b.jpg")).unwrap();
    assert_eq!(home.run(&["sync", "--once"]).code, 4, "it is still away");
    server.start_again().await;
    home.ok(&["sync", "--once"]);
    home.ok(&["sync", "--once"]);
}
