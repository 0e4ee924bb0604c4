//! Functions as a destination, ours and the original's: the bytes go straight to the store, by addresses that are
//! good for a while.

mod originals;

use crate::client::{self, stored};
use crate::source::{Source, key, quiet};
use remote::{
    Error, Expecting, HttpApi, Key, Look, Marker, Original, Profile, Proof, Remote, Retry, Service,
};
use std::sync::Mutex;
use testbed::{FunctionsStandIn, Service as Server, Slip, Whose};

fn api(url: &str, expecting: Expecting, token: Option<&str>) -> HttpApi {
    client::api(url, expecting, token, Profile::default())
}

async fn claimed(server: &FunctionsStandIn) -> HttpApi {
    let api = api(&server.url, Expecting::Functions, None);
    api.claim().await.unwrap();
    api
}

/// An original that was taken in May 2018.
fn taken(source: &Source) -> Original<'_> {
    Original {
        taken_at: Some("2018-05-06T07:08:09".parse().unwrap()),
        ..source.original()
    }
}

#[tokio::test]
async fn functions_are_told_from_a_server_and_an_original_whatever_was_said() {
    let (ours, theirs) = (
        FunctionsStandIn::start(Whose::Ours).await,
        FunctionsStandIn::start(Whose::Original).await,
    );
    let server = Server::start(&[]);
    let (stage, at_server) = (format!("{}/Prod", ours.url), server.url());
    //  where, what was said, what it is
    let cases = [
        (ours.url.as_str(), Expecting::Any, Service::Functions),
        (ours.url.as_str(), Expecting::Functions, Service::Functions),
        (stage.as_str(), Expecting::Any, Service::Functions),
        (at_server.as_str(), Expecting::Any, Service::Imgn),
        (at_server.as_str(), Expecting::Functions, Service::Imgn),
        // Its gallery is empty: there is nothing that would tell.
        (theirs.url.as_str(), Expecting::Any, Service::Original),
        (
            theirs.url.as_str(),
            Expecting::Functions,
            Service::OriginalFunctions,
        ),
    ];
    for (url, expecting, expected) in cases {
        let (marker, profile) = api(url, expecting, None).claim().await.unwrap();
        assert_eq!(profile.service, Some(expected), "{url} {expecting:?}");
        // What a store behind functions repeats, only a put shows.
        let vouches = expected == Service::Imgn;
        assert_eq!(profile.repeats_sha256, vouches, "{url} {expecting:?}");
        api(url, expecting, None).check(&marker).await.unwrap();
    }
    theirs.put("a.jpg", b"an image");
    let (_, profile) = api(&theirs.url, Expecting::Any, None)
        .claim()
        .await
        .unwrap();
    assert_eq!(profile.service, Some(Service::OriginalFunctions));
    assert!(ours.objects().is_empty(), "asking stores nothing");
}

#[tokio::test]
async fn what_is_signed_is_sent_as_it_is_signed_and_once() {
    let server = FunctionsStandIn::start(Whose::Ours).await;
    let api = claimed(&server).await;
    for size in [1, 300_000, 12_000_000] {
        let source = Source::of_size(size, 3);
        let wanted = key(&format!("1999/01/{size}.jpg"));
        let told = Mutex::new(Vec::new());
        let progress = |sent| told.lock().unwrap().push(sent);
        let put = api.put(&wanted, &taken(&source), &progress).await;
        let (found, proof, adopted) = stored(put);
        assert_eq!(found.as_str(), format!("2018/05/{size}.jpg"));
        assert!(
            matches!(proof, Proof::FullSha256 { .. }) && !adopted,
            "{proof:?}"
        );
        assert!(server.objects()[found.as_str()] == source.bytes);
        assert_eq!(told.lock().unwrap().last(), Some(&(size as u64)));

        let requests = server.requests().len();
        let (same, again, adopted) = stored(api.put(&wanted, &taken(&source), &quiet).await);
        assert_eq!((&same, adopted), (&found, true));
        // What functions say of a duplicate is a hint: it was read.
        assert!(matches!(again, Proof::FullSha256 { .. }), "{again:?}");
        let since = server.requests().split_off(requests);
        assert!(since.iter().all(|it| it.method == "GET"), "{since:?}");

        let verified = api.verify(&found, size as u64, &source.sha256).await;
        assert_eq!(verified.unwrap().unwrap().etag(), proof.etag());
        let looked = api.look(&found, size as u64, &source.sha256, None).await;
        let Look::Unvouched { etag, .. } = looked.unwrap() else {
            panic!("an address vouches for nothing");
        };
        assert_eq!(
            etag.as_deref(),
            proof.etag(),
            "what was confirmed is what a look shows"
        );
    }
}

#[tokio::test]
async fn what_is_there_is_seen_read_and_saved() {
    let server = FunctionsStandIn::start(Whose::Ours).await;
    let api = claimed(&server).await;
    let (source, other) = (Source::of_size(4000, 1), Source::of_size(4000, 2));
    let name = key("2018/05/a b.jpg");
    assert_eq!(api.verify(&name, 4000, &source.sha256).await.unwrap(), None);
    assert!(api.head(&name).await.unwrap().is_none());
    assert!(api.read(&name).await.unwrap().is_none());
    server.put(name.as_str(), &source.bytes);
    let head = api.head(&name).await.unwrap().unwrap();
    assert_eq!((head.size, head.sha256), (4000, Some(source.sha256)));
    let page = api.list(None).await.unwrap();
    assert_eq!(page.objects.len(), 1);
    assert_eq!(
        (page.objects[0].key.as_str(), page.objects[0].size),
        (name.as_str(), 4000)
    );
    assert_eq!(api.get(&name, 4000).await.unwrap().unwrap(), source.bytes);
    let limited = api.get(&name, 3999).await;
    assert!(
        matches!(limited, Err(Error::TooLarge { .. })),
        "{limited:?}"
    );
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("a.jpg");
    assert_eq!(api.download(&name, &to).await.unwrap(), source.sha256);
    let meta = api.get(&name.sidecar(), 100).await.unwrap();
    assert_eq!(meta.unwrap(), "4x3");
    // Where its thumbnail is, the gallery has just said.
    let thumb = api
        .get(&Key::thumbnail(&source.sha256), 5000)
        .await
        .unwrap();
    assert_eq!(thumb.unwrap(), source.bytes);
    server.suffer(Slip::Expired {
        writes: 0,
        reads: 1,
    });
    let thumb = api
        .get(&Key::thumbnail(&source.sha256), 5000)
        .await
        .unwrap();
    assert!(thumb.is_some(), "one that has expired is asked for again");

    server.put(name.as_str(), &other.bytes);
    assert_eq!(api.verify(&name, 4000, &source.sha256).await.unwrap(), None);
    assert_eq!(api.hash(&name).await.unwrap(), Some(other.sha256));
}

#[tokio::test]
async fn an_address_that_expired_is_asked_for_again_but_not_for_ever() {
    for functions in [Whose::Ours, Whose::Original] {
        let server = FunctionsStandIn::start(functions).await;
        let api = claimed(&server).await;
        let source = Source::of_size(100_000, 1);
        server.suffer(Slip::Expired {
            writes: 2,
            reads: 0,
        });
        stored(api.put(&key("a.jpg"), &source.original(), &quiet).await);
        assert_eq!(server.objects().len(), 1);
        server.heal();
        server.suffer(Slip::Expired {
            writes: 9,
            reads: 0,
        });
        let (before, other) = (server.asked(), Source::of_size(1000, 2));
        let refused = api.put(&key("b.jpg"), &other.original(), &quiet).await;
        let refused = refused.unwrap_err();
        assert!(matches!(refused, Error::Forbidden { .. }), "{refused:?}");
        assert!(!format!("{refused} {refused:?} {api:?}").contains("canary"));
        assert_eq!(server.asked() - before, 3);
        assert_eq!(server.objects().len(), 1);
    }
}

#[tokio::test]
async fn who_is_overtaken_gets_another_name() {
    let server = FunctionsStandIn::start(Whose::Ours).await;
    let api = claimed(&server).await;
    let source = Source::of_size(1000, 1);
    server.suffer(Slip::Overtaken);
    let (found, ..) = stored(api.put(&key("a.jpg"), &taken(&source), &quiet).await);
    let short = &hex::encode(source.sha256)[..8];
    assert_eq!(found.as_str(), format!("2018/05/a-{short}.jpg"));
    assert_eq!(server.objects()["2018/05/a.jpg"], b"somebody else's");
    assert_eq!(server.objects()[found.as_str()], source.bytes);
}

#[tokio::test]
async fn a_store_that_does_not_repeat_the_sha256_is_read_back() {
    let server = FunctionsStandIn::start(Whose::Ours).await;
    let api = claimed(&server).await;
    server.suffer(Slip::Forgets);
    let source = Source::of_size(1000, 1);
    let (found, proof, _) = stored(api.put(&key("a.jpg"), &source.original(), &quiet).await);
    assert!(matches!(proof, Proof::SizeOnly { .. }), "{proof:?}");
    let read = api.verify(&found, 1000, &source.sha256).await.unwrap();
    assert!(matches!(read, Some(Proof::FullSha256 { .. })), "{read:?}");
    server.suffer(Slip::Damages);
    let other = Source::of_size(1000, 2);
    let (found, proof, _) = stored(api.put(&key("b.jpg"), &other.original(), &quiet).await);
    assert!(matches!(proof, Proof::SizeOnly { .. }), "{proof:?}");
    assert_eq!(api.verify(&found, 1000, &other.sha256).await.unwrap(), None);
}

#[tokio::test]
async fn an_answer_that_is_no_address_sends_nothing_anywhere() {
    let offer = |url: &str, headers: &str| {
        format!(r#"{{"key":"a.jpg","url":"{url}","headers":{{{headers}}}}}"#)
    };
    let source = Source::of_size(1000, 1);
    //  whose, status, body
    let cases = [
        (Whose::Ours, 200, "<html>sign in</html>".to_owned()),
        (Whose::Ours, 200, offer("file:///etc/passwd", "")),
        (Whose::Ours, 200, offer("ftp://127.0.0.1/canary", "")),
        (Whose::Ours, 200, offer("/relative?canary", "")),
        (Whose::Ours, 200, offer("http://ann:canary@127.0.0.1/", "")),
        (
            Whose::Ours,
            200,
            offer("http://127.0.0.1:1/", r#""content-length":"7""#),
        ),
        (
            Whose::Ours,
            200,
            offer("http://127.0.0.1:1/", r#""x-amz-checksum-sha256":"AAAA""#),
        ),
        (
            Whose::Ours,
            200,
            offer("http://127.0.0.1:1/", r#""a\nb":"c""#),
        ),
        (Whose::Ours, 200, String::new()),
        (Whose::Original, 200, "<html>sign in</html>".to_owned()),
        (Whose::Original, 200, "file:///etc/canary".to_owned()),
        (
            Whose::Original,
            200,
            "see http://127.0.0.1:1/canary".to_owned(),
        ),
        (
            Whose::Original,
            200,
            "http://127.0.0.1:1/a\nb?canary".to_owned(),
        ),
        (Whose::Original, 200, String::new()),
        (Whose::Original, 500, "http://127.0.0.1:1/canary".to_owned()),
        (Whose::Original, 500, "something went wrong".to_owned()),
        (Whose::Original, 201, "http://127.0.0.1:1/canary".to_owned()),
    ];
    for (functions, status, body) in cases {
        let server = FunctionsStandIn::start(functions).await;
        let api = claimed(&server).await;
        server.suffer(Slip::Answered {
            status,
            body: body.clone(),
        });
        let put = api.put(&key("a.jpg"), &source.original(), &quiet).await;
        let refused = put.unwrap_err();
        assert!(
            matches!(refused, Error::Unexpected { .. } | Error::Busy { .. }),
            "{body:?}: {refused:?}"
        );
        let said = format!("{refused} {refused:?}");
        assert!(!said.contains("canary"), "{said}");
        assert!(
            server.requests().iter().all(|it| it.method == "GET"),
            "{body:?}"
        );
        assert!(server.objects().is_empty(), "{body:?}");
    }
}

#[tokio::test]
async fn an_api_that_may_not_write_waits_for_who_set_it_up() {
    let source = Source::of_size(1000, 1);
    for (status, code) in [(503, "read_only"), (500, "misconfigured")] {
        let server = FunctionsStandIn::start(Whose::Ours).await;
        let api = claimed(&server).await;
        server.suffer(Slip::Answered {
            status,
            body: format!(r#"{{"code":"{code}","message":"its log says why"}}"#),
        });
        let put = api.put(&key("a.jpg"), &source.original(), &quiet).await;
        let refused = put.unwrap_err();
        assert!(matches!(refused, Error::Forbidden { .. }), "{refused:?}");
        assert_eq!(refused.retry(), Retry::WhenSettingsChange);
        assert!(
            refused.to_string().contains("its log says why"),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn a_store_that_sends_on_is_not_followed() {
    for functions in [Whose::Ours, Whose::Original] {
        let server = FunctionsStandIn::start(functions).await;
        let api = claimed(&server).await;
        server.suffer(Slip::Redirects);
        let source = Source::of_size(1000, 1);
        let put = api.put(&key("a.jpg"), &source.original(), &quiet).await;
        match put.unwrap_err() {
            Error::Redirected { endpoint } => assert_eq!(endpoint, server.store),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_token_goes_to_the_functions_and_never_to_their_store() {
    let token = "canary-of-this-test";
    let server = FunctionsStandIn::guarded(Whose::Ours, token).await;
    let none = api(&server.url, Expecting::Functions, None).claim().await;
    assert!(matches!(none, Err(Error::NoCredentials { .. })), "{none:?}");
    let wrong = api(&server.url, Expecting::Functions, Some("wrong"));
    let refused = wrong.claim().await.unwrap_err();
    assert!(matches!(refused, Error::Unauthorized { .. }), "{refused:?}");
    assert_eq!(refused.retry(), Retry::WhenSettingsChange);

    let api = api(&server.url, Expecting::Functions, Some(token));
    api.claim().await.unwrap();
    let source = Source::of_size(1000, 1);
    let (found, ..) = stored(api.put(&key("a.jpg"), &taken(&source), &quiet).await);
    api.hash(&found).await.unwrap().unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    for request in requests {
        let ours = ["authorization", "imgn-library", "cookie", "user-agent"];
        let told: Vec<_> = request
            .headers
            .keys()
            .filter(|name| ours.contains(&name.as_str()))
            .collect();
        assert!(told.is_empty(), "{request:?}");
        assert!(!format!("{request:?}").contains(token));
    }
}

#[tokio::test]
async fn what_no_store_takes_in_one_piece_is_said_before_it_is_sent() {
    let server = FunctionsStandIn::start(Whose::Ours).await;
    let api = claimed(&server).await;
    let source = Source::new("a few bytes");
    let huge = Original {
        size: (5 << 30) + 1,
        ..source.original()
    };
    let refused = api.put(&key("a.jpg"), &huge, &quiet).await.unwrap_err();
    assert!(matches!(refused, Error::NotAccepted { .. }), "{refused:?}");
    assert!(refused.to_string().contains("5 GiB"), "{refused}");
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_source_that_changes_while_it_goes_up_is_never_stored() {
    let server = FunctionsStandIn::start(Whose::Ours).await;
    let api = claimed(&server).await;
    let source = Source::of_size(1_000_000, 1);
    let mut bytes = source.bytes.clone();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&source.path, bytes).unwrap();
    let put = api.put(&key("a.jpg"), &source.original(), &quiet).await;
    assert!(matches!(put, Err(Error::SourceChanged { .. })), "{put:?}");
    assert!(server.objects().is_empty());
}

#[tokio::test]
async fn functions_that_are_a_server_by_now_are_sent_the_bytes() {
    let server = Server::start(&[]);
    let (marker, profile) = api(&server.url(), Expecting::Any, None)
        .claim()
        .await
        .unwrap();
    let was = Profile {
        service: Some(Service::Functions),
        ..profile
    };
    let api = client::api(&server.url(), Expecting::Functions, None, was);
    api.check(&marker).await.unwrap();
    let source = Source::of_size(1000, 1);
    let (found, proof, _) = stored(api.put(&key("a.jpg"), &source.original(), &quiet).await);
    assert!(matches!(proof, Proof::FullSha256 { .. }), "{proof:?}");
    assert_eq!(
        std::fs::read(server.images().join(found.as_str())).unwrap(),
        source.bytes
    );
}

#[tokio::test]
async fn functions_are_no_original_because_something_else_answers() {
    let server = FunctionsStandIn::start(Whose::Ours).await;
    let (marker, profile) = api(&server.url, Expecting::Any, None)
        .claim()
        .await
        .unwrap();
    let elsewhere = FunctionsStandIn::start(Whose::Original).await;
    let api = client::api(&elsewhere.url, Expecting::Any, None, profile);
    let checked = api.check(&marker).await;
    assert!(
        matches!(checked, Err(Error::NoLibrary { .. })),
        "{checked:?}"
    );
    let other = Marker {
        uuid: uuid::Uuid::new_v4(),
        ..marker
    };
    let ours = api_of(&server);
    let checked = ours.check(&other).await;
    assert!(
        matches!(checked, Err(Error::WrongLibrary { .. })),
        "{checked:?}"
    );
}

fn api_of(server: &FunctionsStandIn) -> HttpApi {
    api(&server.url, Expecting::Any, None)
}
