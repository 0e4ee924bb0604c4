//! The original's own functions: what of the contract they can hold.

use super::{api, claimed};
use crate::client::stored;
use crate::source::{Source, key, quiet};
use remote::{Error, Expecting, Original, Proof, Remote};
use testbed::{FunctionsStandIn, Slip, Whose};

#[tokio::test]
async fn the_originals_functions_are_read_back_and_overwrite_nothing() {
    for expecting in [Expecting::Functions, Expecting::Any] {
        let server = FunctionsStandIn::start(Whose::Original).await;
        let api = api(&server.url, expecting, None);
        let (_, profile) = api.claim().await.unwrap();
        assert!(!profile.repeats_sha256 && !profile.conditional_put);
        let source = Source::of_size(300_000, 1);
        let short = &hex::encode(source.sha256)[..8];
        let wanted = key("2024/05/It's <b>1.JPG");
        let (found, proof, adopted) = stored(api.put(&wanted, &source.original(), &quiet).await);
        assert_eq!(found.as_str(), format!("itsb1-{short}.jpg"));
        assert!(matches!(proof, Proof::FullSha256 { .. }) && !adopted);
        assert_eq!(server.objects()[found.as_str()], source.bytes);
        let sent: Vec<_> = server
            .requests()
            .into_iter()
            .filter(|it| it.method == "PUT")
            .collect();
        assert_eq!(sent.len(), 1);
        let own: Vec<_> = sent[0]
            .headers
            .keys()
            .filter(|it| it.starts_with("x-amz-"))
            .collect();
        assert!(own.is_empty(), "{sent:?}");

        let (same, _, adopted) = stored(api.put(&wanted, &source.original(), &quiet).await);
        assert_eq!((same, adopted), (found.clone(), true));
        assert_eq!(
            server
                .requests()
                .iter()
                .filter(|it| it.method == "PUT")
                .count(),
            1
        );
        let verified = api.verify(&found, 300_000, &source.sha256).await.unwrap();
        assert_eq!(verified, Some(proof));
    }
}

#[tokio::test]
async fn what_the_original_says_is_stored_and_is_not_right_or_not_shown_is_no_backup() {
    let server = FunctionsStandIn::start(Whose::Original).await;
    let api = claimed(&server).await;
    let (one, two) = (Source::of_size(1000, 1), Source::of_size(1000, 2));
    server.suffer(Slip::Damages);
    let put = api.put(&key("a.jpg"), &one.original(), &quiet).await;
    assert!(matches!(put, Err(Error::Unexpected { .. })), "{put:?}");
    server.heal();
    server.suffer(Slip::Hides);
    let put = api.put(&key("b.jpg"), &two.original(), &quiet).await;
    assert!(matches!(put, Err(Error::Unconfirmed { .. })), "{put:?}");
    server.heal();
    let heic = Original {
        content_type: "image/heic",
        ..one.original()
    };
    let put = api.put(&key("c.heic"), &heic, &quiet).await;
    assert!(matches!(put, Err(Error::NotAccepted { .. })), "{put:?}");
}

/// An address that was given out before may have ended; one that was given out just now has not.
#[tokio::test]
async fn a_photo_that_is_listed_and_whose_store_refuses_it_is_not_missing() {
    let server = FunctionsStandIn::start(Whose::Original).await;
    let api = claimed(&server).await;
    let source = Source::of_size(1000, 1);
    let (found, proof, _) = stored(api.put(&key("a.jpg"), &source.original(), &quiet).await);
    let verify = async || api.verify(&found, 1000, &source.sha256).await;
    let refused = |reads| Slip::Expired { writes: 0, reads };
    server.suffer(refused(1));
    assert_eq!(verify().await.unwrap(), Some(proof));
    server.heal();
    server.suffer(refused(u32::MAX));
    let hidden = verify().await;
    assert!(matches!(hidden, Err(Error::Forbidden { .. })), "{hidden:?}");
}

#[tokio::test]
async fn from_500_entries_on_the_originals_list_says_nothing_of_what_it_lacks() {
    let server = FunctionsStandIn::start(Whose::Original).await;
    for number in 0..499 {
        server.put(&format!("{number:04}.jpg"), b"x");
    }
    let api = claimed(&server).await;
    let page = api.list(None).await.unwrap();
    assert_eq!((page.objects.len(), page.partial), (499, false));
    assert!(
        page.objects.iter().all(|it| it.size == 0),
        "it does not say"
    );
    assert!(api.head(&key("zz.jpg")).await.unwrap().is_none());
    server.put("0499.jpg", b"x");
    server.put("zz.jpg", b"x");
    let page = api.list(None).await.unwrap();
    assert_eq!((page.objects.len(), page.partial), (500, true));
    let head = api.head(&key("zz.jpg")).await;
    assert!(matches!(head, Err(Error::Unconfirmed { .. })), "{head:?}");
    assert_eq!(api.head(&key("0001.jpg")).await.unwrap().unwrap().size, 1);
}
