//! An HTTP API over TLS, with an authority of one's own.

use crate::source::{Source, key, quiet};
use remote::{Check, Error, Expecting, HttpApi, HttpConfig, Outcome, Profile, Put, Remote};
use std::path::PathBuf;
use testbed::{Service, TlsFront};

fn api(url: &str, ca_file: Option<PathBuf>) -> Result<HttpApi, Error> {
    let config = HttpConfig {
        url: url.to_owned(),
        ca_file,
        expecting: Expecting::Any,
    };
    HttpApi::open(config, None, Profile::default())
}

#[tokio::test]
async fn a_server_is_trusted_by_its_own_authority_and_by_nothing_less() {
    let server = Service::start(&[]);
    let front = TlsFront::start(&server.url()).await;
    let refused = api(&front.url, None).unwrap().claim().await.unwrap_err();
    assert!(matches!(refused, Error::Certificate { .. }), "{refused:?}");

    let api = api(&front.url, Some(front.ca_file.clone())).unwrap();
    let (marker, _) = api.claim().await.unwrap();
    let source = Source::of_size(300_000, 1);
    let put = api.put(&key("a.jpg"), &source.original(), &quiet).await;
    let Put::Elsewhere { key: found, .. } = put.unwrap() else {
        panic!("a server chooses");
    };
    assert_eq!(api.hash(&found).await.unwrap(), Some(source.sha256));
    let examined = api.examine(&marker).await;
    let tls = examined.findings.iter().find(|it| it.check == Check::Tls);
    assert_eq!(tls.unwrap().outcome, Outcome::Fine, "{examined:?}");
}

#[tokio::test]
async fn plain_and_encrypted_are_told_apart() {
    let server = Service::start(&[]);
    let front = TlsFront::start(&server.url()).await;
    let encrypted = server.url().replace("http://", "https://");
    let refused = api(&encrypted, None).unwrap().claim().await.unwrap_err();
    assert!(matches!(refused, Error::Unreachable { .. }), "{refused:?}");
    assert!(refused.to_string().contains("http://"), "{refused}");
    let plain = front.url.replace("https://", "http://");
    let refused = api(&plain, None).unwrap().claim().await.unwrap_err();
    assert!(matches!(refused, Error::Unreachable { .. }), "{refused:?}");
}

#[test]
fn a_ca_file_that_is_none_is_said_at_once() {
    let none = api("https://nas", Some("/nowhere/ca.pem".into())).unwrap_err();
    assert!(matches!(none, Error::Settings(_)), "{none:?}");
}
