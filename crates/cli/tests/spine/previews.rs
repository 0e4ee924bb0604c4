//! What a setting would do, before it holds; and a destination that is described anew.

use crate::home::{Home, eventually, jpeg};
use library::view::{
    Cause, DestinationConfig, KeyPreview, LeftOutExample, PatternCounts, PatternPreview, PlaceKind,
};
use std::fs;
use std::path::Path;
use testbed::Minio;

fn lines(all: &[&str]) -> Vec<String> {
    all.iter().map(ToString::to_string).collect()
}

fn seen(preview: PatternPreview) -> PatternCounts {
    match preview {
        PatternPreview::Seen(counts) => counts,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn patterns_are_tried_on_what_lies_in_the_folders() {
    let home = Home::new();
    home.watch_pictures();
    home.ok(&["settings", "set", "photos.exclude", "*.png"]);
    for name in ["a.jpg", "b.png", "Scans/c.jpg", "notes.txt"] {
        home.put(name, b"x");
    }
    let library = home.library().await;
    let all = library
        .preview_patterns(None, Vec::new(), lines(&["Scans/"]))
        .await;
    let all = seen(all.unwrap());
    assert_eq!((all.kept, all.left_out, all.offline), (2, 1, 0));
    assert_eq!(all.kept_examples, ["a.jpg", "b.png"]);
    let example = LeftOutExample {
        path: "Scans/c.jpg".into(),
        pattern: Some("Scans/".into()),
    };
    assert_eq!(all.left_out_examples, [example]);

    // Of one folder, after those of all.
    let folder = home.pictures("").canonicalize().unwrap();
    let folder = folder.to_str().unwrap().to_owned();
    let one = library
        .preview_patterns(
            Some(folder),
            lines(&["/a.jpg", "Scans/"]),
            lines(&["!b.png"]),
        )
        .await;
    let one = seen(one.unwrap());
    assert_eq!(one.kept_examples, ["Scans/c.jpg", "a.jpg"]);
    assert_eq!(one.left_out_examples[0].pattern, None);

    let wrong = library
        .preview_patterns(None, lines(&["a"]), lines(&["[z-a]"]))
        .await;
    assert!(matches!(wrong.unwrap(), PatternPreview::Wrong { pattern, .. } if pattern == "[z-a]"));
}

#[tokio::test]
async fn of_a_folder_that_is_not_there_the_library_knows_what_was_in_it() {
    let home = Home::new();
    home.watch_pictures();
    home.put("a.jpg", &jpeg(1));
    home.put("b.jpg", &jpeg(2));
    home.add_folder_destination("nas");
    home.ok(&["sync", "--once"]);
    fs::rename(home.pictures(""), home.path("unplugged")).unwrap();
    let library = home.library().await;
    let preview = library.preview_patterns(None, Vec::new(), lines(&["a.*"]));
    let counts = seen(preview.await.unwrap());
    assert_eq!((counts.kept, counts.left_out, counts.offline), (1, 1, 1));
}

#[tokio::test]
async fn a_template_is_shown_on_the_persons_own_photos() {
    let home = Home::new();
    home.watch_pictures();
    let library = home.library().await;
    let preview = library.preview_key_template("{year}/{filename}".into());
    assert!(
        matches!(preview.await.unwrap(), KeyPreview::Made { invented: true, examples } if examples.len() == 1)
    );
    library.shutdown().await;
    drop(library);

    home.put("Lake/a.jpg", &jpeg(1));
    home.add_folder_destination("nas");
    home.ok(&["sync", "--once"]);
    let library = home.library().await;
    let preview = library.preview_key_template("{path}/{year}-{month}/{stem}.{ext}".into());
    let KeyPreview::Made {
        examples,
        invented: false,
    } = preview.await.unwrap()
    else {
        panic!("there is a photo");
    };
    assert_eq!(examples[0].file, "Lake/a.jpg");
    assert_eq!(examples[0].key, "Lake/2019-06/a.jpg");
    let wrong = library.preview_key_template("{year}/{month}".into());
    assert!(matches!(wrong.await.unwrap(), KeyPreview::Wrong { detail } if !detail.is_empty()));
}

#[tokio::test]
async fn where_things_are_kept_is_told_with_their_size() {
    let home = Home::new();
    home.watch_pictures();
    home.put("a.jpg", &jpeg(1));
    home.add_folder_destination("nas");
    home.ok(&["sync", "--once"]);
    let library = home.library().await;
    let places = library.places().await.unwrap();
    for place in &places {
        let there = Path::new(&place.path).exists();
        let expected = matches!(place.kind, PlaceKind::Library | PlaceKind::Thumbnails);
        assert_eq!(there, expected, "{place:?}");
        assert_eq!(
            place.bytes.is_some_and(|bytes| bytes > 0),
            expected,
            "{place:?}"
        );
    }
    let file = library.settings_file_to_edit().await.unwrap();
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("#: appearance"), "{text}");
    assert_eq!(library.settings().await.unwrap(), Default::default());
}

fn folder_at(path: &Path, key_template: Option<&str>) -> DestinationConfig {
    DestinationConfig::Folder {
        path: path.to_str().unwrap().to_owned(),
        key_template: key_template.map(str::to_owned),
        layout: Default::default(),
    }
}

#[tokio::test]
async fn a_destination_that_moved_is_described_anew_and_another_librarys_is_refused() {
    let home = Home::new();
    home.watch_pictures();
    let nas = home.add_folder_destination("nas");
    home.put("a.jpg", &jpeg(1));
    home.ok(&["sync", "--once"]);
    let other = home.path("other");
    fs::create_dir(&other).unwrap();
    let place = other.to_str().unwrap();
    home.ok(&["destination", "add", "folder", "--name", "other", place]);
    let library = home.library().await;
    library.start().await.unwrap();
    let known = library.status().await.unwrap().destinations;
    let id = known[0].id;

    let (moved, empty) = (home.path("moved"), home.path("empty"));
    fs::create_dir(&empty).unwrap();
    fs::rename(&nas, &moved).unwrap();
    //  name, description, cause
    let refused = [
        ("nas", folder_at(&other, None), Cause::WrongLibrary),
        ("nas", folder_at(&empty, None), Cause::NotMounted),
        ("other", folder_at(&moved, None), Cause::BadSettings),
        ("nas", folder_at(&moved, Some("{year}")), Cause::BadSettings),
    ];
    for (name, config, cause) in refused {
        let changed = library.change_destination(id, name.to_owned(), config.clone(), None);
        assert_eq!(changed.await.unwrap_err().code, cause, "{config:?}");
    }
    let tested = library.test_changed_destination(id, folder_at(&other, None), None);
    let problem = tested.await.unwrap().problem.unwrap();
    assert_eq!(problem.code, Cause::WrongLibrary);
    assert_eq!(
        library.status().await.unwrap().destinations[0].config,
        known[0].config
    );
    assert!(fs::read_dir(&empty).unwrap().next().is_none());

    let config = folder_at(&moved, Some("{filename}"));
    let changed = library.change_destination(id, "disk".into(), config, None);
    let changed = changed.await.unwrap();
    assert_eq!((changed.name.as_str(), changed.photos), ("disk", 1));
    home.put("b.jpg", &jpeg(2));
    eventually("the next photo goes where it is now", async || {
        moved.join("b.jpg").exists()
    })
    .await;
    assert!(moved.join("2019/06/a.jpg").exists());
    library.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_with_another_address_goes_on_and_an_empty_one_is_refused_minio() {
    let server = Minio::shared().await;
    let (bucket, empty) = (server.bucket().await, server.bucket().await);
    let home = Home::with_bucket(&bucket);
    home.put("a.jpg", &jpeg(1));
    home.ok(&["sync", "--once"]);
    let library = home.library().await;
    library.start().await.unwrap();
    let known = library.status().await.unwrap().destinations.remove(0);
    let DestinationConfig::S3 { endpoint, .. } = &known.config else {
        panic!("{known:?}");
    };
    let localhost = endpoint.as_ref().unwrap().replace("127.0.0.1", "localhost");
    let described = |to: &str, address: &str| DestinationConfig::S3 {
        endpoint: Some(address.to_owned()),
        bucket: to.to_owned(),
        prefix: String::new(),
        region: None,
        path_style: None,
        ca_file: None,
        profile: None,
        key_template: None,
        layout: Default::default(),
        cognito: None,
    };
    let keys = library::view::TypedKeys {
        access_key_id: bucket.endpoint.access_key_id.clone(),
        secret_access_key: bucket.endpoint.secret_access_key.clone(),
    };
    let change =
        |config| library.change_destination(known.id, "home".into(), config, Some(keys.clone()));
    let refused = change(described(&empty.name, &localhost))
        .await
        .unwrap_err();
    assert_eq!(refused.code, Cause::LibraryGone, "{refused:?}");
    assert!(empty.list().await.is_empty());
    let changed = change(described(&bucket.name, &localhost)).await.unwrap();
    assert_eq!(changed.photos, 1);
    home.put("b.jpg", &jpeg(2));
    eventually("the next photo is there", async || {
        bucket
            .list()
            .await
            .iter()
            .any(|(key, _)| key.ends_with("b.jpg"))
    })
    .await;
    library.shutdown().await;
}
