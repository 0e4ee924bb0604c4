//! Whose a place is, and what it can do.

use crate::place::Place;
use crate::source::{Source, key, quiet};
use remote::{Error, Marker, Put, Retry, Timed};

pub(crate) async fn claims_an_empty_place_and_adopts_it_the_second_time(place: &Place) {
    let (first, profile) = place.open().await.claim().await.unwrap();
    assert!(profile.conditional_put, "{profile:?}");
    assert!(profile.repeats_sha256, "{profile:?}");
    assert!(profile.clock_skew.abs() < 30, "{profile:?}");

    let (second, _) = place.open().await.claim().await.unwrap();
    assert_eq!(first, second);
    let files = place.everything().await;
    if place.is_shared() {
        assert_eq!(files, [], "its address stands for a marker");
        return;
    }
    assert_eq!(
        files
            .iter()
            .map(|(key, _)| key.as_str())
            .collect::<Vec<_>>(),
        [Marker::KEY]
    );
    let json: serde_json::Value = serde_json::from_slice(&place.bytes(Marker::KEY).await).unwrap();
    assert_eq!(json["uuid"], first.uuid.to_string());
}

pub(crate) async fn refuses_everything_before_the_marker_is_known(place: &Place) {
    place.claimed().await;
    let remote = place.open().await;
    let source = Source::new("photo");
    let put = remote.put(&key("a.jpg"), &source.original(), &quiet).await;
    assert!(
        put.as_ref()
            .is_err_and(|error| place.is_without_library(error)),
        "{put:?}"
    );
    let listed = remote.list(None).await;
    assert!(listed.is_err_and(|error| place.is_without_library(&error)));
    assert!(place.originals().await.is_empty());
}

pub(crate) async fn refuses_a_place_whose_marker_is_missing(place: &Place) {
    let (marker, _) = place.open().await.claim().await.unwrap();
    place.delete(Marker::KEY).await;

    let remote = place.open().await;
    let error = remote.check(&marker).await.unwrap_err();
    assert!(place.is_without_library(&error), "{error:?}");
    assert_eq!(error.retry(), Retry::WhenSettingsChange);
    let put = remote
        .put(&key("a.jpg"), &Source::new("photo").original(), &quiet)
        .await;
    assert!(
        put.as_ref()
            .is_err_and(|error| place.is_without_library(error)),
        "{put:?}"
    );
    assert_eq!(place.everything().await, []);
}

pub(crate) async fn refuses_a_place_with_another_marker(place: &Place) {
    let remote = place.open().await;
    let (marker, _) = remote.claim().await.unwrap();
    let other = Marker {
        uuid: uuid::Uuid::new_v4(),
        ..marker.clone()
    };
    place
        .put(Marker::KEY, &serde_json::to_vec(&other).unwrap())
        .await;

    let error = remote.check(&marker).await.unwrap_err();
    assert!(matches!(error, Error::WrongLibrary { .. }), "{error:?}");
    let put = remote
        .put(&key("a.jpg"), &Source::new("photo").original(), &quiet)
        .await;
    assert!(
        put.as_ref().is_err_and(|error| {
            place.is_without_library(error) || matches!(error, Error::WrongLibrary { .. })
        }),
        "{put:?}"
    );
    assert!(place.originals().await.is_empty());

    // It is back: everything goes on.
    place
        .put(Marker::KEY, &serde_json::to_vec(&marker).unwrap())
        .await;
    remote.check(&marker).await.unwrap();
    let put = remote
        .put(&key("a.jpg"), &Source::new("photo").original(), &quiet)
        .await
        .unwrap();
    assert!(matches!(put, Put::Stored(_)), "{put:?}");
}

pub(crate) async fn refuses_a_damaged_marker(place: &Place) {
    let remote = place.open().await;
    let (marker, _) = remote.claim().await.unwrap();
    place.put(Marker::KEY, b"not what it was").await;
    assert!(matches!(
        remote.check(&marker).await,
        Err(Error::Settings(_))
    ));
    assert!(matches!(
        place.open().await.claim().await,
        Err(Error::Settings(_))
    ));
    assert_eq!(place.bytes(Marker::KEY).await, b"not what it was");
}

pub(crate) async fn probes_without_leaving_anything(place: &Place) {
    let remote = place.open().await;
    let probe = remote.probe().await.unwrap();
    assert_eq!(probe.marker, None);
    assert!(
        probe.profile.conditional_put && probe.profile.repeats_sha256,
        "{probe:?}"
    );
    assert_eq!(place.everything().await, []);

    let (marker, profile) = remote.claim().await.unwrap();
    let probe = place.open().await.probe().await.unwrap();
    assert_eq!(probe.marker, Some(marker).filter(|_| !place.is_shared()));
    assert_eq!(probe.profile.conditional_put, profile.conditional_put);
    let markers = usize::from(!place.is_shared());
    assert_eq!(place.everything().await.len(), markers);
}

pub(crate) async fn times_probes_without_leaving_anything(place: &Place) {
    let remote = place.open().await;
    let body = bytes::Bytes::from_static(&[7; 1000]);
    let refused = remote.time_probe(body.clone()).await.unwrap_err();
    assert!(place.is_without_library(&refused), "{refused:?}");
    remote.claim().await.unwrap();
    let before = place.everything().await;
    let timed = remote.time_probe(body).await.unwrap();
    assert!(matches!(timed, Timed::Removed(_)), "{timed:?}");
    assert_eq!(place.everything().await, before);
}
