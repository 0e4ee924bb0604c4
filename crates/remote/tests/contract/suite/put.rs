//! What is put stays, whole, and is put once.

use super::join_all;
use crate::place::Place;
use crate::source::{Source, key, quiet};
use bytes::Bytes;
use jiff::Timestamp;
use remote::{Derived, Error, Key, KeyParts, KeyTemplate, Proof, Put, Remote, Retry};
use std::sync::Mutex;

pub(crate) async fn stores_byte_for_byte_with_full_proof(place: &Place) {
    let remote = place.claimed().await;
    for (name, size) in [
        ("tiny.jpg", 1),
        ("small.jpg", 70_000),
        ("large.jpg", 9_000_000),
    ] {
        let source = Source::of_size(size, 1);
        let put = remote
            .put(&key(name), &source.original(), &quiet)
            .await
            .unwrap();
        let Put::Stored(Proof::FullSha256 { .. }) = put else {
            panic!("{name}: {put:?}")
        };
        assert!(place.bytes(name).await == source.bytes, "{name}");

        let object = remote.head(&key(name)).await.unwrap().unwrap();
        assert_eq!((object.key.as_str(), object.size), (name, size as u64));
        assert!(object.sha256.is_none_or(|sha256| sha256 == source.sha256));
    }
    assert_eq!(remote.head(&key("other.jpg")).await.unwrap(), None);
    look_beside(place, "small.jpg", &Source::of_size(70_000, 1)).await;
}

/// What a copy of the file would have kept is kept, and nothing sticks to it that was not its own.
async fn look_beside(place: &Place, name: &str, source: &Source) {
    match place {
        Place::Folder(folder, _) => {
            let file = std::fs::metadata(folder.path().join(name)).unwrap();
            let mtime = Timestamp::try_from(file.modified().unwrap()).unwrap();
            assert_eq!(mtime, source.original().mtime);
            if !place.is_shared() {
                let left = std::fs::read_dir(folder.path().join(".imgn/tmp"));
                assert_eq!(left.unwrap().count(), 0);
            }
        }
        Place::Bucket { bucket, prefix, .. } => {
            let full = if prefix.is_empty() {
                name.to_owned()
            } else {
                format!("{prefix}/{name}")
            };
            let head = bucket.head(&full).await;
            assert_eq!(head.content_type.as_deref(), Some("image/jpeg"));
            assert_eq!(head.content_encoding, None);
            assert_eq!(head.metadata["mtime"], "1549188672.345678");
            assert_eq!(head.metadata["sha256"], hex::encode(source.sha256));
        }
    }
}

pub(crate) async fn a_repeated_put_leaves_one_object(place: &Place) {
    let remote = place.claimed().await;
    for size in [5, 9_000_000] {
        let (source, name) = (Source::of_size(size, 1), key(&format!("{size}.jpg")));
        remote.put(&name, &source.original(), &quiet).await.unwrap();
        let again = remote.put(&name, &source.original(), &quiet).await.unwrap();
        assert!(
            matches!(again, Put::Adopted(Proof::FullSha256 { .. })),
            "{again:?}"
        );
    }
    assert_eq!(place.originals().await.len(), 2);
}

pub(crate) async fn other_bytes_under_the_key_are_left_alone(place: &Place) {
    let remote = place.claimed().await;
    for size in [5, 9_000_000] {
        let (first, second) = (Source::of_size(size, 1), Source::of_size(size, 2));
        let name = key(&format!("{size}.jpg"));
        remote.put(&name, &first.original(), &quiet).await.unwrap();
        let put = remote.put(&name, &second.original(), &quiet).await.unwrap();
        assert_eq!(put, Put::KeyTaken);
        assert!(place.bytes(name.as_str()).await == first.bytes);
        let longer = Source::of_size(size + 1, 1);
        assert_eq!(
            remote.put(&name, &longer.original(), &quiet).await.unwrap(),
            Put::KeyTaken
        );
    }
}

pub(crate) async fn adopts_the_same_bytes_put_there_by_another_program(place: &Place) {
    let remote = place.claimed().await;
    let (source, other) = (Source::of_size(5000, 1), Source::of_size(5000, 2));
    place.put("same.jpg", &source.bytes).await;
    place.put("other.jpg", &other.bytes).await;
    let put = remote
        .put(&key("same.jpg"), &source.original(), &quiet)
        .await
        .unwrap();
    assert!(
        matches!(put, Put::Adopted(Proof::FullSha256 { .. })),
        "{put:?}"
    );
    let put = remote
        .put(&key("other.jpg"), &source.original(), &quiet)
        .await
        .unwrap();
    assert_eq!(put, Put::KeyTaken);
    assert!(place.bytes("other.jpg").await == other.bytes);
}

pub(crate) async fn one_of_many_writers_wins(place: &Place) {
    let remote = place.claimed().await;
    let contents = [Source::of_size(300_000, 1), Source::of_size(300_000, 2)];
    let name = key("contended.jpg");
    let originals: Vec<_> = (0..16).map(|i| contents[i % 2].original()).collect();
    let mut puts = Vec::new();
    for original in &originals {
        puts.push(put_patiently(remote.as_ref(), &name, original));
    }
    let results = join_all(puts).await;

    assert_eq!(place.originals().await.len(), 1);
    let bytes = place.bytes(name.as_str()).await;
    let winner = contents
        .iter()
        .position(|source| source.bytes == bytes)
        .expect("it is one of them");
    let stored = results
        .iter()
        .filter(|put| matches!(put, Put::Stored(_)))
        .count();
    assert!(stored <= 1, "{results:?}");
    for (i, put) in results.iter().enumerate() {
        let ours = matches!(put, Put::Stored(_) | Put::Adopted(_));
        assert_eq!(ours, i % 2 == winner, "writer {i}: {put:?}");
    }
}

/// As the engine does it: what says "later" is tried again.
async fn put_patiently(remote: &dyn Remote, key: &Key, original: &remote::Original<'_>) -> Put {
    loop {
        match remote.put(key, original, &quiet).await {
            Ok(put) => return put,
            Err(error) => assert!(
                matches!(error.retry(), Retry::AfterBackoff { .. }),
                "{error}"
            ),
        }
    }
}

pub(crate) async fn a_source_that_changes_while_it_goes_up_is_never_stored(place: &Place) {
    let remote = place.claimed().await;
    type Change = fn(&Source);
    let changes: [(&str, Change); 4] = [
        ("rewritten", |source| {
            let mut bytes = source.bytes.clone();
            *bytes.last_mut().unwrap() ^= 1;
            std::fs::write(&source.path, bytes).unwrap();
        }),
        ("shortened", |source| {
            let file = std::fs::File::options()
                .write(true)
                .open(&source.path)
                .unwrap();
            file.set_len(source.bytes.len() as u64 - 10).unwrap();
        }),
        ("emptied", |source| {
            std::fs::write(&source.path, "").unwrap()
        }),
        ("grown", |source| {
            std::fs::write(&source.path, [source.bytes.clone(), vec![0; 1000]].concat()).unwrap();
        }),
    ];
    for (name, change) in changes {
        // Before it is read.
        let source = Source::of_size(1_000_000, 1);
        change(&source);
        let put = remote
            .put(&place.key(name), &source.original(), &quiet)
            .await;
        assert!(
            matches!(put, Err(Error::SourceChanged { .. })),
            "{name}: {put:?}"
        );
        assert_eq!(put.unwrap_err().retry(), Retry::WhenFileChanges);
    }
    assert_eq!(place.originals().await, []);

    // While it is read. Whoever is quicker, no mixture of old and new bytes may be there.
    let source = Source::of_size(40_000_000, 1);
    let once = std::sync::Once::new();
    let change = |_| once.call_once(|| changes[0].1(&source));
    let name = place.key("midway");
    match remote.put(&name, &source.original(), &change).await {
        Err(Error::SourceChanged { .. }) => assert_eq!(place.originals().await, []),
        Ok(Put::Stored(_)) => assert!(place.bytes(name.as_str()).await == source.bytes),
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn a_source_that_cannot_be_read_says_so(place: &Place) {
    let remote = place.claimed().await;
    let source = Source::new("photo");
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("link.jpg");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&source.path, &link).unwrap();
    for path in [
        folder.path().join("gone.jpg"),
        folder.path().to_owned(),
        link,
    ] {
        let original = remote::Original {
            path: &path,
            ..source.original()
        };
        let put = remote.put(&key("a.jpg"), &original, &quiet).await;
        assert!(
            matches!(put, Err(Error::SourceUnreadable { .. })),
            "{put:?}"
        );
    }
    assert_eq!(place.originals().await, []);
}

pub(crate) async fn hostile_names_go_there_and_back(place: &Place) {
    let remote = place.claimed().await;
    let long = "ü".repeat(127);
    let names: &[&[u8]] = &[
        "🏔️ Gipfel 🇦🇹.jpg".as_bytes(),
        b"a b  c.jpg",
        b" leading and trailing .jpg ",
        b"#?%+&=;:@!$'()*,[]~^`{}|<>\".jpg",
        b"100%.jpg",
        b"%41.jpg",
        b"a+b.jpg",
        b"line\nbreak\r\ttab.jpg",
        b"back\\slash.jpg",
        b"not \xff\xfe utf-8.jpg",
        "nfc \u{e9}.jpg".as_bytes(),
        "nfd e\u{301}.jpg".as_bytes(),
        "rtl \u{202e}gpj.exe".as_bytes(),
        "zero\u{200b}width\u{feff}.jpg".as_bytes(),
        b".",
        b"..",
        b".hidden.jpg",
        b".imgn",
        b".imgn.jpg",
        b"photo.meta",
        b"-rf.jpg",
        b"CON.jpg",
        b"dots...",
        &[b'x'; 255],
        long.as_bytes(),
        "nonchar \u{ffff}.jpg".as_bytes(),
    ];
    let template = KeyTemplate::default();
    let mut keys = Vec::new();
    for (i, &name) in names.iter().enumerate() {
        let source = Source::new(format!("photo {i}"));
        let parts = KeyParts {
            filename: name,
            path: b"",
            taken_at: Some(jiff::civil::date(2024, 5, 6).at(7, 8, 9, 0)),
            mtime: None,
            now: "2026-01-01T00:00:00Z".parse().unwrap(),
            sha256: source.sha256,
            extension: "jpg",
            camera: None,
        };
        let key = remote.key(&template, &parts, 0).unwrap();
        let put = remote.put(&key, &source.original(), &quiet).await;
        assert!(matches!(put, Ok(Put::Stored(_))), "{key}: {put:?}");
        let bytes = remote.get(&key, 1000).await.unwrap().unwrap();
        assert_eq!(bytes, source.bytes, "{key}");
        remote
            .put_derived(&key.sidecar(), Bytes::from_static(b"640x480"), "text/plain")
            .await
            .unwrap();
        keys.push(key);
    }

    let mut expected: Vec<_> = keys
        .iter()
        .flat_map(|key| [key.to_string(), key.sidecar().to_string()])
        .collect();
    expected.sort();
    let there: Vec<_> = place
        .originals()
        .await
        .into_iter()
        .map(|(key, _)| key)
        .collect();
    assert_eq!(there, expected);
    let mut listed: Vec<_> = remote
        .list(None)
        .await
        .unwrap()
        .objects
        .into_iter()
        .map(|object| object.key)
        .collect();
    listed.sort();
    assert_eq!(listed, expected);
    for listed in &listed {
        Key::parse(listed).unwrap();
    }
}

pub(crate) async fn derived_objects_are_replaced_and_originals_never(place: &Place) {
    let remote = place.claimed().await;
    let source = Source::new("photo");
    let name = place.key("2024/05/a.jpg");
    remote.put(&name, &source.original(), &quiet).await.unwrap();

    let thumbnail = Key::thumbnail(&source.sha256);
    let mut kinds = vec![(name.sidecar(), "text/plain")];
    if remote.derived() == Derived::Ours {
        kinds.push((thumbnail, "image/webp"));
    } else {
        let put = remote.put_derived(&thumbnail, Bytes::from_static(b"x"), "image/webp");
        let refused = put.await;
        assert!(matches!(refused, Err(Error::BadKey { .. })), "{refused:?}");
        assert_eq!(remote.get(&thumbnail, 100).await.unwrap(), None);
    }
    for (derived, kind) in kinds {
        remote
            .put_derived(&derived, Bytes::from_static(b"1x1"), kind)
            .await
            .unwrap();
        remote
            .put_derived(&derived, Bytes::from_static(b"640x480"), kind)
            .await
            .unwrap();
        assert_eq!(remote.get(&derived, 100).await.unwrap().unwrap(), "640x480");
        assert_eq!(place.bytes(derived.as_str()).await, b"640x480");
    }
    let refused = remote
        .put_derived(&name, Bytes::from_static(b"1x1"), "image/jpeg")
        .await;
    assert!(matches!(refused, Err(Error::BadKey { .. })), "{refused:?}");
    assert_eq!(place.bytes(name.as_str()).await, source.bytes);
}

pub(crate) async fn tells_progress(place: &Place) {
    let remote = place.claimed().await;
    let source = Source::of_size(2_000_000, 1);
    let told = Mutex::new(Vec::new());
    remote
        .put(&key("a.jpg"), &source.original(), &|sent| {
            told.lock().unwrap().push(sent)
        })
        .await
        .unwrap();
    let told = told.into_inner().unwrap();
    assert!(told.is_sorted(), "{told:?}");
    assert_eq!(told.last(), Some(&2_000_000));
}
