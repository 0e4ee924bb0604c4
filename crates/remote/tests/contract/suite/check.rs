//! Looking at what is there, reading it back, and examining the place itself.

use crate::place::Place;
use crate::source::{Source, quiet};
use remote::{Check, Error, Examination, Look, Marker, Outcome};

pub(crate) async fn a_look_tells_what_is_gone_or_another(place: &Place) {
    let remote = place.claimed().await;
    let source = Source::of_size(4000, 1);
    let name = place.key("2024/05/a.jpg");
    let look = || remote.look(&name, 4000, &source.sha256, None);
    assert_eq!(look().await.unwrap(), Look::Missing);
    assert_eq!(remote.hash(&name).await.unwrap(), None);

    remote.put(&name, &source.original(), &quiet).await.unwrap();
    let seen = look().await.unwrap();
    assert!(
        matches!(seen, Look::Vouched(_) | Look::Unvouched { .. }),
        "{seen:?}"
    );
    assert_eq!(remote.hash(&name).await.unwrap(), Some(source.sha256));

    place.put(name.as_str(), &source.bytes[..3999]).await;
    assert_eq!(look().await.unwrap(), Look::Other);

    // The same size: reading tells, whatever the look may.
    let other = Source::of_size(4000, 2);
    place.put(name.as_str(), &other.bytes).await;
    let seen = look().await.unwrap();
    assert!(
        matches!(seen, Look::Other | Look::Unvouched { .. }),
        "{seen:?}"
    );
    assert_eq!(remote.hash(&name).await.unwrap(), Some(other.sha256));
}

pub(crate) async fn examines_without_leaving_anything(place: &Place) {
    let remote = place.open().await;
    let (marker, _) = remote.claim().await.unwrap();
    place.put("a.jpg", b"somebody's").await;
    let before = place.everything().await;
    let found = place.open().await.examine(&marker).await;
    let bad: Vec<_> = found
        .findings
        .iter()
        .filter(|finding| finding.outcome == Outcome::Problem)
        .collect();
    assert!(bad.is_empty(), "{bad:?}");
    assert_eq!(place.everything().await, before);
    let marked = |check: &&Check| !place.is_shared() || **check != Check::Marker;
    for check in expected(place).iter().filter(marked) {
        assert_eq!(
            outcome(&found, *check),
            Outcome::Fine,
            "{check:?}: {found:?}"
        );
    }
    if let Place::Bucket { bucket, .. } = place {
        let plain = bucket.endpoint.ca_file.is_none();
        let tls = if plain { Outcome::Note } else { Outcome::Fine };
        assert_eq!(outcome(&found, Check::Tls), tls, "{found:?}");
        assert_eq!(found.profile.conditional_multipart, Some(true), "{found:?}");
        assert_eq!(found.profile.checks_sha256, Some(true), "{found:?}");
    }
}

/// What the folders and servers that tests run on all do.
fn expected(place: &Place) -> &'static [Check] {
    match place {
        Place::Folder(..) => &[
            Check::Mounted,
            Check::Marker,
            Check::Writable,
            Check::Exclusive,
            Check::Durable,
            Check::Case,
            Check::Times,
        ],
        Place::Bucket { .. } => &[
            Check::Endpoint,
            Check::Clock,
            Check::Key,
            Check::Region,
            Check::Addressing,
            Check::Bucket,
            Check::Marker,
            Check::List,
            Check::Put,
            Check::Head,
            Check::Get,
            Check::Delete,
            Check::ChecksSha256,
            Check::RepeatsSha256,
            Check::ConditionalPut,
            Check::Multipart,
            Check::RepeatsParts,
            Check::ConditionalMultipart,
            Check::PresignedGet,
            Check::PresignedPut,
        ],
    }
}

pub(crate) async fn examines_a_place_of_another_library_without_writing(place: &Place) {
    let remote = place.open().await;
    let (marker, _) = remote.claim().await.unwrap();
    let other = Marker {
        uuid: uuid::Uuid::new_v4(),
        ..marker.clone()
    };
    let before = place.everything().await;
    let found = place.open().await.examine(&other).await;
    let said = found
        .findings
        .iter()
        .find(|finding| finding.check == Check::Marker)
        .unwrap();
    assert!(
        matches!(said.error, Some(Error::WrongLibrary { .. })),
        "{found:?}"
    );
    let written = [Check::Put, Check::Writable];
    assert!(
        found
            .findings
            .iter()
            .filter(|finding| written.contains(&finding.check))
            .all(|finding| finding.outcome == Outcome::Skipped),
        "{found:?}"
    );
    assert_eq!(place.everything().await, before);
}

fn outcome(found: &Examination, check: Check) -> Outcome {
    found
        .findings
        .iter()
        .find(|finding| finding.check == check)
        .unwrap()
        .outcome
}
