//! What is there can be read back.

use super::join_all;
use crate::place::Place;
use crate::source::{Source, key, quiet};
use bytes::Bytes;
use remote::{Error, Key, Proof};
use tokio::io::AsyncReadExt;

pub(crate) async fn verifies_what_is_there_now(place: &Place) {
    let remote = place.claimed().await;
    let (source, other) = (Source::of_size(4000, 1), Source::of_size(4000, 2));
    let name = place.key("2024/05/a.jpg");
    let verify = || remote.verify(&name, 4000, &source.sha256);
    assert_eq!(verify().await.unwrap(), None);

    remote.put(&name, &source.original(), &quiet).await.unwrap();
    let proof = verify().await.unwrap();
    assert!(matches!(proof, Some(Proof::FullSha256 { .. })), "{proof:?}");
    assert_eq!(
        remote.verify(&name, 4001, &source.sha256).await.unwrap(),
        None
    );
    assert_eq!(
        remote.verify(&name, 4000, &other.sha256).await.unwrap(),
        None
    );

    place.delete(name.as_str()).await;
    assert_eq!(verify().await.unwrap(), None);
}

pub(crate) async fn reads_no_more_than_the_limit(place: &Place) {
    let remote = place.claimed().await;
    place.put("a.jpg.meta", &[7; 1000]).await;
    let name = key("a.jpg").sidecar();
    assert_eq!(remote.get(&name, 1000).await.unwrap().unwrap().len(), 1000);
    let error = remote.get(&name, 999).await.unwrap_err();
    assert!(
        matches!(error, Error::TooLarge { limit: 999, .. }),
        "{error:?}"
    );
    assert_eq!(
        remote.get(&key("b.jpg").sidecar(), 1000).await.unwrap(),
        None
    );
}

pub(crate) async fn reads_while_it_is_asked(place: &Place) {
    let remote = place.claimed().await;
    assert!(remote.read(&key("a.jpg")).await.unwrap().is_none());
    let source = Source::of_size(3_000_000, 1);
    let (name, original) = (place.key("2024/a.jpg"), source.original());
    remote.put(&name, &original, &quiet).await.unwrap();

    let mut reading = remote.read(&name).await.unwrap().unwrap();
    assert_eq!(reading.object.key, name.as_str());
    assert_eq!(reading.object.size, 3_000_000);
    let seconds = |at: Option<jiff::Timestamp>| at.map(jiff::Timestamp::as_second);
    assert_eq!(seconds(reading.object.mtime), seconds(Some(original.mtime)));
    let mut some = vec![0; 1000];
    reading.bytes.read_exact(&mut some).await.unwrap();
    assert!(some == source.bytes[..1000]);
    reading.bytes.read_to_end(&mut some).await.unwrap();
    assert!(some == source.bytes);

    // One that is not read to its end harms nobody.
    let mut reading = remote.read(&name).await.unwrap().unwrap();
    reading.bytes.read_exact(&mut some[..10]).await.unwrap();
    drop(reading);
    assert!(remote.read(&name).await.unwrap().is_some());
}

pub(crate) async fn downloads_into_new_files_only(place: &Place) {
    let remote = place.claimed().await;
    let source = Source::of_size(3_000_000, 1);
    place.put("a.jpg", &source.bytes).await;
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("a.jpg");

    assert_eq!(
        remote.download(&key("a.jpg"), &to).await.unwrap(),
        source.sha256
    );
    assert!(std::fs::read(&to).unwrap() == source.bytes);

    std::fs::write(&to, "a person's own").unwrap();
    let again = remote.download(&key("a.jpg"), &to).await;
    assert!(matches!(again, Err(Error::Io { .. })), "{again:?}");
    assert_eq!(std::fs::read(&to).unwrap(), b"a person's own");

    let missing = remote
        .download(&key("b.jpg"), &folder.path().join("b.jpg"))
        .await;
    assert!(matches!(missing, Err(Error::Missing { .. })), "{missing:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

pub(crate) async fn lists_all_but_its_own_things(place: &Place) {
    let remote = place.claimed().await;
    assert_eq!(remote.list(None).await.unwrap().objects, []);
    let keys = [
        "+first.jpg",
        "2023/12/a.jpg",
        "2023/12.jpg",
        "2023/12/a.jpg.meta",
        "z/y/x/w.jpg",
        "é.jpg",
    ];
    for (size, key) in keys.iter().enumerate() {
        place.put(key, &vec![1; size + 1]).await;
    }
    for i in 0..thumbnails(place, 4) {
        remote
            .put_derived(
                &Key::thumbnail(&[i.to_le_bytes()[0]; 32]),
                Bytes::from_static(b"x"),
                "image/webp",
            )
            .await
            .unwrap();
    }
    let page = remote.list(None).await.unwrap();
    assert_eq!(page.next, None);
    let mut listed: Vec<_> = page
        .objects
        .into_iter()
        .map(|object| (object.key, object.size))
        .collect();
    listed.sort();
    let mut expected: Vec<_> = keys
        .iter()
        .enumerate()
        .map(|(i, key)| ((*key).to_owned(), i as u64 + 1))
        .collect();
    expected.sort();
    assert_eq!(listed, expected);
}

/// How many thumbnails can be put there, of so many.
fn thumbnails(place: &Place, many: u16) -> u16 {
    if place.is_shared() { 0 } else { many }
}

pub(crate) async fn lists_beyond_a_key(place: &Place) {
    let remote = place.claimed().await;
    let keys = ["+.jpg", "2023/a.jpg", "2023/b.jpg", "2024/a.jpg", "z.jpg"];
    for key in keys {
        place.put(key, b"x").await;
    }
    if !place.is_shared() {
        let thumbnail = (Key::thumbnail(&[1; 32]), Bytes::from_static(b"x"));
        remote
            .put_derived(&thumbnail.0, thumbnail.1, "image/webp")
            .await
            .unwrap();
    }
    //  after, how many follow; it need not be there itself
    let cases = [
        ("", 5),
        ("+", 5),
        ("+.jpg", 4),
        ("-", 4),
        ("2023/a.jpg", 3),
        ("2023/a.jpg ", 3),
        ("2023/c", 2),
        ("2024/a.jpg", 1),
        ("z.jpg", 0),
        ("zz", 0),
    ];
    for (after, count) in cases {
        let page = remote.list_beyond(after).await.unwrap();
        let listed: Vec<_> = page.objects.iter().map(|it| it.key.as_str()).collect();
        assert_eq!(listed, keys[keys.len() - count..], "beyond {after:?}");
        assert_eq!(page.next, None, "beyond {after:?}");
    }
}

pub(crate) async fn lists_more_than_a_page(place: &Place) {
    let remote = place.claimed().await;
    // Thumbnails by the thousand stand between nothing and the first photo.
    let thumbnails: Vec<_> = (0..thumbnails(place, 1100))
        .map(|i| {
            let mut sha256 = [0; 32];
            sha256[..2].copy_from_slice(&i.to_le_bytes());
            Key::thumbnail(&sha256)
        })
        .collect();
    for some in thumbnails.chunks(50) {
        let puts = some
            .iter()
            .map(|key| remote.put_derived(key, Bytes::from_static(b"x"), "image/webp"));
        for put in join_all(puts.collect()).await {
            put.unwrap();
        }
    }
    let keys: Vec<_> = (0..1100).map(|i| format!("{}/{i:04}.jpg", i % 7)).collect();
    for some in keys.chunks(50) {
        join_all(some.iter().map(|key| place.put(key, b"x")).collect()).await;
    }

    let (mut listed, mut after, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = remote.list(after.as_deref()).await.unwrap();
        assert!(page.objects.len() <= 1000);
        listed.extend(page.objects.into_iter().map(|object| object.key));
        pages += 1;
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    listed.sort();
    let mut expected = keys;
    expected.sort();
    assert!(listed == expected, "{} of {}", listed.len(), expected.len());
    assert!((2..=3).contains(&pages), "{pages}");
}
