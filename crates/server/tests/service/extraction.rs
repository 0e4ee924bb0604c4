//! Metadata and thumbnails: once for each image, whoever makes them.

use crate::client::{gallery, photo, upload};
use crate::program::{Program, eventually, run};
use media::Sidecar;
use std::fs;

#[tokio::test]
async fn the_monolith_extracts_what_it_is_given_and_what_others_put_there() {
    let program = Program::monolith(&[]);
    let accepted = upload(&program, "a.jpg", &photo(1)).await;
    eventually("metadata", || async {
        gallery(&program).await[0].thumb.is_some()
    })
    .await;
    let entry = &gallery(&program).await[0];
    assert_eq!(entry.meta, "96x64");
    assert_eq!(entry.sha256.as_deref(), Some(&*accepted.sha256));
    assert_eq!(entry.media_type.as_deref(), Some("image/jpeg"));
    assert_eq!(entry.taken_at.as_deref(), Some("2024-05-04T12:30:00"));
    let metadata = entry.metadata.as_ref().unwrap();
    assert_eq!(metadata["schema"], "imgn/1");
    assert_eq!(metadata["original_name"], "a.jpg");

    let thumb = format!("/{}", entry.thumb.as_ref().unwrap());
    let thumb = reqwest::get(program.url(&thumb)).await.unwrap();
    assert_eq!(thumb.status(), 200);
    assert_eq!(thumb.headers()["content-type"], "image/webp");
    assert_eq!(thumb.headers()["x-content-type-options"], "nosniff");
    assert!(thumb.bytes().await.unwrap().starts_with(b"RIFF"));
}

#[tokio::test]
async fn a_batch_looks_at_everything_once_and_leaves_alone_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let images = folder.path().join("images");
    let extract = || {
        let words = ["extract", "--folder", images.to_str().unwrap(), "--once"];
        let output = run(&words, &[]);
        let log = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{log}");
        let of_a_later_imgn = images.join("later.jpg.meta").exists();
        assert_eq!(log.contains("of a later imgn"), of_a_later_imgn, "{log}");
        let last: serde_json::Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
        [&last["extracted"], &last["broken"], &last["failed"]].map(|n| n.as_u64().unwrap())
    };
    assert_eq!(extract(), [0, 0, 0]);
    let put = |key: &str, bytes: &[u8]| {
        let path = images.join(key);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    let ours = r#"{"schema":"imgn/1","rev":7,"sha256":"00","size":1,"type":"image/jpeg","favourite":true,"original_name":"x"}"#;
    put("bare.jpg", &photo(1));
    put("empty sidecar.jpg", &photo(2));
    put("empty sidecar.jpg.meta", b"");
    put("text sidecar.jpg", &photo(3));
    put("text sidecar.jpg.meta", b"640x480");
    put("ours.jpg", &photo(4));
    put("ours.jpg.meta", ours.as_bytes());
    let later = r#"{"schema":"imgn/2","rating":{"stars":5},"size":1}"#;
    put("later.jpg", &photo(7));
    put("later.jpg.meta", later.as_bytes());
    put("no extension", &photo(5));
    put("broken.jpg", b"no picture at all");
    put("cut.jpg", &photo(6)[..300]);
    put("notes.txt", b"not a photo");
    put("nothing.jpg", b"");
    assert_eq!(extract(), [4, 2, 0]);
    assert_eq!(
        fs::read_to_string(images.join("ours.jpg.meta")).unwrap(),
        ours
    );
    assert_eq!(
        fs::read_to_string(images.join("later.jpg.meta")).unwrap(),
        later
    );
    for absent in ["notes.txt.meta", "nothing.jpg.meta"] {
        assert!(!images.join(absent).exists(), "{absent}");
    }
    let sidecar = |key: &str| {
        let json = fs::read_to_string(images.join(format!("{key}.meta"))).unwrap();
        Sidecar::parse(&json).unwrap()
    };
    for key in [
        "bare.jpg",
        "empty sidecar.jpg",
        "text sidecar.jpg",
        "no extension",
    ] {
        let sidecar = sidecar(key);
        assert_eq!(sidecar.error, None, "{key}");
        assert_eq!(sidecar.metadata.width, Some(96), "{key}");
        let thumb = format!(
            ".imgn/thumbs/{}/{}.webp",
            &sidecar.sha256[..2],
            sidecar.sha256
        );
        assert!(images.join(thumb).exists(), "{key}");
        assert_eq!(sidecar.original_name, key.as_bytes());
    }
    for key in ["broken.jpg", "cut.jpg"] {
        assert!(sidecar(key).error.is_some(), "{key}");
        assert!(!sidecar(key).error.unwrap().contains("spool"), "{key}");
    }
    // Nothing is left to do, and nothing on its way.
    let before = crate::program::files(&images);
    assert_eq!(extract(), [0, 0, 0]);
    assert_eq!(crate::program::files(&images), before);
    assert!(
        !before.iter().any(|file| file.starts_with(".imgn/tmp/")),
        "{before:?}"
    );
}

#[tokio::test]
async fn an_extractor_says_that_it_gets_on() {
    let folder = tempfile::tempdir().unwrap();
    let words = [
        "extract",
        "--folder",
        folder.path().to_str().unwrap(),
        "--health",
        "127.0.0.1:0",
    ];
    let extractor = Program::exactly(&words, &[]);
    let health = reqwest::get(extractor.url("/healthz")).await.unwrap();
    assert_eq!(health.status(), 200);
    assert_eq!(
        health.json::<serde_json::Value>().await.unwrap()["service"],
        "imgn"
    );
    // It is no front end.
    let gallery = reqwest::get(extractor.url("/gallery")).await.unwrap();
    assert_eq!(gallery.status(), 404);
}

#[tokio::test]
async fn what_the_client_makes_of_a_photo_the_extractor_makes_too() {
    let program = Program::monolith(&[]);
    let accepted = upload(&program, "a.jpg", &photo(1)).await;
    let path = program.images().join(format!("{}.meta", accepted.key));
    eventually("a sidecar", || async { path.exists() }).await;
    let sidecar = Sidecar::parse(&fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(sidecar.rev, 1);
    assert_eq!(sidecar.sha256, accepted.sha256);
    assert_eq!(sidecar.size, photo(1).len() as u64);
    assert_eq!(sidecar.media_type, "image/jpeg");
    assert!(sidecar.thumbhash.is_some());
    assert!(sidecar.mtime.is_some());
}

#[tokio::test]
async fn an_extractor_that_is_told_to_end_finishes_what_it_began() {
    let folder = tempfile::tempdir().unwrap();
    let images = folder.path().join("images");
    fs::create_dir(&images).unwrap();
    for seed in 0..60 {
        fs::write(images.join(format!("{seed}.jpg")), photo(seed)).unwrap();
    }
    let log = folder.path().join("log");
    let mut child = tokio::process::Command::new(env!("CARGO_BIN_EXE_imgn-server"))
        .args(["extract", "--folder", images.to_str().unwrap()])
        .stderr(fs::File::create(&log).unwrap())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    eventually("that it has begun", || async {
        fs::read_to_string(&log)
            .unwrap()
            .contains("\"outcome\":\"extracted\"")
    })
    .await;
    let pid = i32::try_from(child.id().unwrap()).unwrap();
    let pid = rustix::process::Pid::from_raw(pid).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert!(child.wait().await.unwrap().success());
    let left = crate::program::files(&images);
    assert!(
        !left.iter().any(|file| file.starts_with(".imgn/tmp/")),
        "{left:?}"
    );
    // Each sidecar that is there is whole, and has its thumbnail.
    for file in left.iter().filter(|file| file.ends_with(".meta")) {
        let json = fs::read_to_string(images.join(file)).unwrap();
        let sha256 = Sidecar::parse(&json).unwrap().sha256;
        let thumb = format!(".imgn/thumbs/{}/{sha256}.webp", &sha256[..2]);
        assert!(left.contains(&thumb), "{file}");
    }
}
