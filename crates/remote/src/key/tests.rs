//! What keys are taken, and how they are told apart. Shared by the tests of names and templates.

mod names;
mod templates;

use super::*;
use jiff::Timestamp;
use jiff::civil::date;

fn parts(filename: &[u8]) -> KeyParts<'_> {
    KeyParts {
        filename,
        path: b"",
        taken_at: Some(date(2024, 5, 6).at(7, 8, 9, 0)),
        mtime: Some(at("2020-01-31T23:59:59Z")),
        now: at("2026-11-24T03:00:00Z"),
        sha256: sha256(),
        extension: "jpg",
        camera: None,
    }
}

/// 1a2b3c4d…
fn sha256() -> Sha256 {
    let mut hash = [0xee; 32];
    hash[..8].copy_from_slice(&[0x1a, 0x2b, 0x3c, 0x4d, 0x5e, 0x6f, 0x70, 0x81]);
    hash
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn template(text: &str) -> KeyTemplate {
    KeyTemplate::new(text).unwrap()
}

/// The last segment of the default key.
fn name(filename: &[u8], twin: u8) -> String {
    let key = KeyTemplate::default().render(&parts(filename), twin);
    key.as_str().strip_prefix("2024/05/").unwrap().to_owned()
}

#[test]
fn templates_and_keys_survive_json_and_bad_ones_do_not() {
    let json = serde_json::to_string(&KeyTemplate::default()).unwrap();
    assert_eq!(json, "\"{year}/{month}/{filename}\"");
    assert_eq!(
        serde_json::from_str::<KeyTemplate>(&json).unwrap(),
        KeyTemplate::default()
    );
    assert!(serde_json::from_str::<KeyTemplate>("\"{year}\"").is_err());

    let thumbnail = Key::thumbnail(&sha256());
    let json = serde_json::to_string(&thumbnail).unwrap();
    assert_eq!(serde_json::from_str::<Key>(&json).unwrap(), thumbnail);
    assert!(serde_json::from_str::<Key>("\"../x\"").is_err());
}

#[test]
fn keys_from_outside_are_taken_only_when_safe() {
    for good in [
        "a",
        "2024/05/IMG 1.jpg",
        "a/.hidden",
        "a.meta",
        "x/.imgn",
        "~",
        "...",
        "\u{202e}",
    ] {
        assert_eq!(Key::parse(good).unwrap().as_str(), good);
    }
    let long = "x".repeat(256);
    let deep = "x/".repeat(600);
    for bad in [
        "",
        "/",
        "/a",
        "a/",
        "a//b",
        ".",
        "..",
        "../a",
        "a/../b",
        "a/.",
        "a\\b",
        "a\0b",
        "a\nb",
        "\u{85}",
        ".imgn",
        ".imgn/thumbs/x",
        ".IMGN/x",
        &long,
        &deep,
    ] {
        assert!(Key::parse(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn keys_that_look_the_same_fold_to_one() {
    #[rustfmt::skip]
    let cases = [
        ("IMG_1.JPG",    "img_1.jpg",    true),
        ("\u{e9}.jpg",   "e\u{301}.jpg", true),
        ("\u{c9}.jpg",   "e\u{301}.jpg", true),
        ("stra\u{df}e",  "STRASSE",      true),
        ("\u{3c3}",      "\u{3c2}",      true),
        ("\u{212a}",     "k",            true),
        ("a.jpg",        "b.jpg",        false),
        ("a.jpg",        "a.jpeg",       false),
        ("\u{e9}.jpg",   "e.jpg",        false),
    ];
    for (a, b, same) in cases {
        let folded = |key: &str| Key::parse(key).unwrap().folded();
        assert_eq!(folded(a) == folded(b), same, "{a:?} {b:?}");
        assert_eq!(folded(a), Key::parse(&folded(a)).unwrap().folded());
    }
}

#[test]
fn derived_keys_have_their_places() {
    let key = Key::parse("2024/05/a.jpg").unwrap();
    assert_eq!(key.sidecar().as_str(), "2024/05/a.jpg.meta");
    let hash = hex::encode(sha256());
    assert_eq!(
        Key::thumbnail(&sha256()).as_str(),
        format!(".imgn/thumbs/1a/{hash}.webp")
    );
    assert!(key.sidecar().is_derived() && Key::thumbnail(&sha256()).is_derived());
    assert!(!key.is_derived() && !Key(crate::Marker::KEY.to_owned()).is_derived());
}
