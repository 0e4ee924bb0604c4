//! What an original imgn is taken for, and what of the contract it can hold: a stand-in, written from what is
//! known of it.

use crate::client::{self, stored};
use crate::source::{Source, key, quiet};
use remote::{Error, Expecting, HttpApi, Look, Profile, Proof, Remote, Retry, Service};
use testbed::{Mishap, OriginalServer, Routes};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

fn api(url: &str) -> HttpApi {
    client::api(url, Expecting::Any, None, Profile::default())
}

async fn claimed(server: &OriginalServer) -> HttpApi {
    let api = api(&server.url);
    api.claim().await.unwrap();
    api
}

/// Answers every request with the same bytes, once or again and again.
async fn always(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut some = [0; 4096];
                let _ = stream.read(&mut some).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    url
}

#[tokio::test]
async fn only_what_answered_otherwise_is_an_original() {
    //  what /healthz is answered with, what it is
    let cases = [
        (
            "HTTP/1.1 404 Not Found\r\ncontent-length: 4\r\n\r\nnope",
            "original",
        ),
        (
            "HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\n{}",
            "original",
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nnope",
            "original",
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 27\r\n\r\n{\"service\":\"else\",\"api\":\"1\"}",
            "original",
        ),
        (
            "HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n",
            "unreachable",
        ),
        (
            "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n",
            "unreachable",
        ),
        ("HTTP/1.1 401 Who\r\ncontent-length: 0\r\n\r\n", "refused"),
        (
            "HTTP/1.1 302 There\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
            "redirected",
        ),
        ("", "unreachable"),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{",
            "unreachable",
        ),
    ];
    for (answer, expected) in cases {
        let api = api(&always(answer).await);
        let found = match api.probe().await {
            Err(Error::Unreachable { .. }) => "unreachable",
            Err(Error::NoCredentials { .. }) => "refused",
            Err(Error::Redirected { .. }) => "redirected",
            // It was taken for one, and its gallery asked for.
            Ok(_)
            | Err(Error::Unexpected { .. } | Error::Forbidden { .. } | Error::Busy { .. }) => {
                "original"
            }
            Err(other) => panic!("{answer:?}: {other:?}"),
        };
        assert_eq!(found, expected, "{answer:?}");
    }
}

#[tokio::test]
async fn it_has_no_marker_and_confirms_nothing_by_itself() {
    let server = OriginalServer::start(Routes::Plain).await;
    let probe = api(&server.url).probe().await.unwrap();
    assert_eq!(probe.marker, None);
    assert_eq!(probe.profile.service, Some(Service::Original));
    assert!(!probe.profile.repeats_sha256 && !probe.profile.conditional_put);
    let (marker, profile) = api(&server.url).claim().await.unwrap();
    let (again, _) = api(&server.url).claim().await.unwrap();
    assert_eq!(marker.uuid, again.uuid, "its address stands for one");
    let later = client::api(&server.url, Expecting::Any, None, profile);
    later.check(&marker).await.unwrap();
    let other = OriginalServer::start(Routes::Plain).await;
    let elsewhere = api(&other.url).check(&marker).await;
    assert!(
        matches!(elsewhere, Err(Error::WrongLibrary { .. })),
        "{elsewhere:?}"
    );
}

#[tokio::test]
async fn what_was_read_back_is_backed_up_and_nothing_else() {
    for routes in [Routes::Plain, Routes::Slashed] {
        let server = OriginalServer::start(routes).await;
        let api = claimed(&server).await;
        let source = Source::of_size(300_000, 1);
        let short = &hex::encode(source.sha256)[..8];
        let wanted = key("2024/05/It's <b>1.JPG");
        let put = api.put(&wanted, &source.original(), &quiet).await;
        let (found, proof, adopted) = stored(put);
        assert_eq!(found.as_str(), format!("itsb1-{short}.jpg"));
        assert!(matches!(proof, Proof::FullSha256 { .. }) && !adopted);
        assert_eq!(server.images()[found.as_str()], source.bytes);
        let uploads = server.uploads();
        assert_eq!(uploads.len(), 1);
        assert_eq!(uploads[0].content_type, "image/jpeg");

        // The same again: it is there, and is not overwritten.
        let (same, _, adopted) = stored(api.put(&wanted, &source.original(), &quiet).await);
        assert_eq!((same, adopted), (found.clone(), true));
        assert_eq!(server.uploads().len(), 1);
        let verified = api.verify(&found, 300_000, &source.sha256).await.unwrap();
        assert_eq!(verified, Some(proof));

        // Another picture, and another name, with others there.
        let other = Source::of_size(1000, 2);
        stored(api.put(&key("b.jpg"), &other.original(), &quiet).await);
        assert_eq!(server.images().len(), 2);
    }
}

#[tokio::test]
async fn a_success_that_is_none_is_not_believed() {
    let server = OriginalServer::start(Routes::Plain).await;
    let api = claimed(&server).await;
    let source = Source::of_size(1000, 1);
    server.suffer(Mishap::Full);
    let put = api.put(&key("a.jpg"), &source.original(), &quiet).await;
    let full = put.unwrap_err();
    assert!(matches!(full, Error::Busy { .. }), "{full:?}");
    assert!(full.to_string().contains("no space left"), "{full}");
    server.suffer(Mishap::Damages);
    let put = api.put(&key("a.jpg"), &source.original(), &quiet).await;
    assert!(matches!(put, Err(Error::Unexpected { .. })), "{put:?}");
    server.suffer(Mishap::Hides);
    let other = Source::of_size(1000, 2);
    let put = api.put(&key("b.jpg"), &other.original(), &quiet).await;
    let hidden = put.unwrap_err();
    assert!(matches!(hidden, Error::Unconfirmed { .. }), "{hidden:?}");
    assert_eq!(hidden.retry(), Retry::WhenSettingsChange);
    // What stands under the name is left, whatever it is.
    server.suffer(Mishap::None);
    let sent = server.uploads().len();
    let put = api.put(&key("a.jpg"), &source.original(), &quiet).await;
    let refused = put.unwrap_err();
    assert!(matches!(refused, Error::NotAccepted { .. }), "{refused:?}");
    assert!(refused.to_string().contains("other bytes"), "{refused}");
    assert_eq!(server.uploads().len(), sent);
}

#[tokio::test]
async fn only_jpeg_and_png_go_there() {
    let server = OriginalServer::start(Routes::Plain).await;
    let api = claimed(&server).await;
    let source = Source::of_size(1000, 1);
    for content_type in ["image/heic", "image/gif", "application/octet-stream"] {
        let original = remote::Original {
            content_type,
            ..source.original()
        };
        let put = api.put(&key("a.heic"), &original, &quiet).await;
        assert!(matches!(put, Err(Error::NotAccepted { .. })), "{put:?}");
    }
    assert!(server.uploads().is_empty());
    let png = remote::Original {
        content_type: "image/png",
        ..source.original()
    };
    let (found, ..) = stored(api.put(&key("a.jpg"), &png, &quiet).await);
    assert!(found.as_str().ends_with(".png"), "{found}");
}

#[tokio::test]
async fn what_others_put_there_is_listed_and_read() {
    let server = OriginalServer::start(Routes::Plain).await;
    server.put("beach.jpg", b"a beach", Some("640x480"));
    server.put("hill.png", b"a hill", None);
    server.put("odd.jpg", b"x", Some("<img onerror=alert(1)>"));
    let api = claimed(&server).await;
    let page = api.list(None).await.unwrap();
    let keys: Vec<_> = page.objects.iter().map(|it| it.key.as_str()).collect();
    assert_eq!(keys, ["beach.jpg", "hill.png", "odd.jpg"]);
    assert_eq!(page.next, None);
    let beach = key("beach.jpg");
    assert_eq!(api.get(&beach, 100).await.unwrap().unwrap(), "a beach");
    let meta = api.get(&beach.sidecar(), 100).await.unwrap().unwrap();
    assert_eq!(meta, "640x480");
    for none in ["hill.png", "odd.jpg", "gone.jpg"] {
        let meta = api.get(&key(none).sidecar(), 100).await.unwrap();
        assert_eq!(meta, None, "{none}");
    }
    let look = api.look(&beach, 7, &[0; 32], None).await.unwrap();
    assert!(matches!(look, Look::Unvouched { .. }), "{look:?}");
    assert_eq!(api.head(&beach).await.unwrap().unwrap().size, 7);
    assert!(api.head(&key("gone.jpg")).await.unwrap().is_none());
}

#[tokio::test]
async fn a_token_stays_with_its_own_origin() {
    let (api_server, elsewhere) = (
        OriginalServer::start(Routes::Plain).await,
        OriginalServer::start(Routes::Plain).await,
    );
    // Its gallery leads to another host, which is asked without the token.
    let src = format!("{}/gallery/a.jpg", elsewhere.url);
    elsewhere.put("a.jpg", b"elsewhere", None);
    let listed = format!("[{{\"src\":\"{src}\",\"meta\":\"1x1\"}}]");
    let gallery = format!(
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{listed}",
        listed.len()
    );
    let url = always(Box::leak(gallery.into_boxed_str())).await;
    drop(api_server);
    let api = client::api(&url, Expecting::Any, Some("canary"), Profile::default());
    api.claim().await.unwrap();
    let got = api.get(&key("a.jpg"), 100).await.unwrap();
    assert_eq!(got.unwrap(), "elsewhere");
    assert_eq!(elsewhere.asked_with(), Vec::<String>::new());
}
