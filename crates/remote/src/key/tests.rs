use super::*;
use jiff::civil::date;
use jiff::{Timestamp, civil};

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
fn photos_are_filed_by_the_day_they_were_taken() {
    let taken = |y, m, d| Some(date(y, m, d).at(0, 0, 0, 0));
    #[rustfmt::skip]
    let cases: [(&str, Option<civil::DateTime>, Option<&str>, &str); 10] = [
        ("as taken",             taken(2024, 5, 6),   Some("2020-01-31T23:59:59Z"), "2024/05/a.jpg"),
        ("else the mtime, UTC",  None,                Some("2020-01-31T23:59:59Z"), "2020/01/a.jpg"),
        ("neither",              None,                None,                         "undated/a.jpg"),
        ("the first photograph", taken(1826, 1, 1),   None,                         "1826/01/a.jpg"),
        ("before photography",   taken(1825, 12, 31), None,                         "undated/a.jpg"),
        ("year 0",               taken(0, 1, 1),      None,                         "undated/a.jpg"),
        ("this year",            taken(2026, 12, 31), None,                         "2026/12/a.jpg"),
        ("in the future",        taken(2027, 1, 1),   None,                         "undated/a.jpg"),
        ("mtime in the future",  None,                Some("2040-01-01T00:00:00Z"), "undated/a.jpg"),
        ("mtime long ago",       None,                Some("1601-01-01T00:00:00Z"), "undated/a.jpg"),
    ];
    for (case, taken_at, mtime, expected) in cases {
        let parts = KeyParts {
            taken_at,
            mtime: mtime.map(at),
            ..parts(b"a.jpg")
        };
        assert_eq!(
            KeyTemplate::default().render(&parts, 0).as_str(),
            expected,
            "{case}"
        );
    }
}

#[test]
fn new_year_comes_earlier_in_the_east() {
    let parts = KeyParts {
        taken_at: Some(date(2027, 1, 1).at(8, 0, 0, 0)),
        now: at("2026-12-31T18:00:00Z"),
        ..parts(b"a.jpg")
    };
    assert_eq!(
        KeyTemplate::default().render(&parts, 0).as_str(),
        "2027/01/a.jpg"
    );
}

#[test]
fn templates_draw_on_every_field() {
    type Case = (
        &'static str,
        &'static [u8],
        &'static [u8],
        Option<&'static str>,
        &'static str,
    );
    #[rustfmt::skip]
    let cases: [Case; 14] = [
        ("{filename}",                   b"IMG_1.JPG", b"",          None, "IMG_1.JPG"),
        ("{year}-{month}-{day} {stem}.{ext}", b"IMG_1.JPG", b"",     None, "2024-05-06 IMG_1.jpg"),
        ("{path}/{filename}",            b"a.jpg",     b"",          None, "a.jpg"),
        ("{path}/{filename}",            b"a.jpg",     b"trip/day 1", None, "trip/day 1/a.jpg"),
        ("{path}/{filename}",            b"a.jpg",     b"/trip//day/", None, "trip/day/a.jpg"),
        ("{path}/{filename}",            b"a.jpg",     b"./../trip", None, "%2E%2E/trip/a.jpg"),
        ("{path}/{filename}",            b"a.jpg",     b".imgn/x",   None, "%2Eimgn/x/a.jpg"),
        ("{path}/{filename}",            b"a.jpg",     b"raw.meta",  None, "raw%2Emeta/a.jpg"),
        ("in/{path}x/{filename}",        b"a.jpg",     b"p/q",       None, "in/p/qx/a.jpg"),
        ("{camera}/{filename}",          b"a.jpg",     b"",          Some("Canon EOS 5D"), "Canon EOS 5D/a.jpg"),
        ("{camera}/{filename}",          b"a.jpg",     b"",          Some("a/b\\c"), "a%2Fb%5Cc/a.jpg"),
        ("{camera}/{filename}",          b"a.jpg",     b"",          None, "unknown camera/a.jpg"),
        ("{stem}",                       b".hidden",   b"",          None, ".hidden"),
        ("x/{filename}",                 b"no extension", b"",       None, "x/no extension"),
    ];
    for (text, filename, path, camera, expected) in cases {
        let parts = KeyParts {
            path,
            camera,
            ..parts(filename)
        };
        assert_eq!(
            template(text).render(&parts, 0).as_str(),
            expected,
            "{text}"
        );
    }
    let hashed = template("{sha256}.{ext}").render(&parts(b"a.jpg"), 0);
    assert_eq!(hashed.as_str(), format!("{}.jpg", hex::encode(sha256())));
}

#[test]
fn a_template_without_dates_needs_none() {
    let parts = KeyParts {
        taken_at: None,
        mtime: None,
        ..parts(b"a.jpg")
    };
    assert_eq!(
        template("{camera}/{filename}").render(&parts, 0).as_str(),
        "unknown camera/a.jpg"
    );
    assert_eq!(
        template("{year}/{sha256}").render(&parts, 0).as_str(),
        "undated/a.jpg"
    );
}

#[test]
fn names_that_stores_cannot_hold_are_encoded() {
    #[rustfmt::skip]
    let cases: [(&[u8], &str); 22] = [
        (b"IMG 1+#?%.jpg",            "IMG 1+#?%.jpg"),
        ("\u{1f3d4} \u{e9}.jpg".as_bytes(), "\u{1f3d4} \u{e9}.jpg"),
        (b"a\nb.jpg",                 "a%0Ab.jpg"),
        (b"100%\nb.jpg",              "100%25%0Ab.jpg"),
        (b"a\\b.jpg",                 "a%5Cb.jpg"),
        (b"a/b.jpg",                  "a%2Fb.jpg"),
        (b"del\x7f.jpg",              "del%7F.jpg"),
        ("c1\u{85}.jpg".as_bytes(),   "c1%C2%85.jpg"),
        (b"latin\xe9.jpg",            "latin%E9.jpg"),
        (b"\xff\xfe%.jpg",            "%FF%FE%25.jpg"),
        ("\u{ffff}.jpg".as_bytes(),   "%EF%BF%BF.jpg"),
        (b".imgn",                    "%2Eimgn"),
        (b".imgn%.jpg",               "%2Eimgn%25.jpg"),
        (b".IMGN.jpg",                "%2EIMGN.jpg"),
        (b".img.jpg",                 ".img.jpg"),
        (b"a.imgn.jpg",               "a.imgn.jpg"),
        (b".",                        ".-1a2b3c4d.jpg"),
        (b"..",                       "..-1a2b3c4d.jpg"),
        (b"...",                      "..."),
        (b"",                         "-1a2b3c4d.jpg"),
        (b"a.jpg.meta",               "a.jpg.meta-1a2b3c4d.jpg"),
        (b"a.META",                   "a.META-1a2b3c4d.jpg"),
    ];
    for (filename, expected) in cases {
        assert_eq!(name(filename, 0), expected, "{}", filename.escape_ascii());
    }
}

#[test]
fn an_encoded_name_can_be_read_back() {
    for original in [
        &b"100% a\nb\\c/d.jpg"[..],
        b"\xc3\x28%0A.jpg",
        b".imgn%2E\x01",
    ] {
        let encoded = name(original, 0);
        let mut decoded = Vec::new();
        let mut rest = encoded.as_bytes();
        while let Some((&byte, tail)) = rest.split_first() {
            if byte == b'%' {
                decoded.push(
                    u8::from_str_radix(std::str::from_utf8(&tail[..2]).unwrap(), 16).unwrap(),
                );
                rest = &tail[2..];
            } else {
                decoded.push(byte);
                rest = tail;
            }
        }
        assert_eq!(decoded, original, "{encoded}");
    }
}

#[test]
fn twins_are_told_apart_before_the_extension() {
    let whole = hex::encode(sha256());
    #[rustfmt::skip]
    let cases: [(&[u8], u8, String); 7] = [
        (b"IMG_1.jpg",      0, "IMG_1.jpg".to_owned()),
        (b"IMG_1.jpg",      1, "IMG_1-1a2b3c4d.jpg".to_owned()),
        (b"IMG_1.jpg",      2, "IMG_1-1a2b3c4d5e6f7081.jpg".to_owned()),
        (b"IMG_1.jpg",      3, format!("IMG_1-{whole}.jpg")),
        (b"archive.tar.gz", 1, "archive.tar-1a2b3c4d.gz".to_owned()),
        (b".hidden",        1, ".hidden-1a2b3c4d".to_owned()),
        (b"a.meta",         1, "a.meta-1a2b3c4d-1a2b3c4d.jpg".to_owned()),
    ];
    for (filename, twin, expected) in cases {
        assert_eq!(name(filename, twin), expected);
    }
}

#[test]
fn long_names_are_cut_and_keep_their_extension() {
    #[rustfmt::skip]
    let cases: [(&str, Vec<u8>, u8, String); 8] = [
        ("fits",            [&[b'x'; 196][..], b".jpg"].concat(), 0, format!("{}.jpg", "x".repeat(196))),
        ("cut",             [&[b'x'; 251][..], b".jpg"].concat(), 0, format!("{}.jpg", "x".repeat(196))),
        ("cut for a twin",  [&[b'x'; 196][..], b".jpg"].concat(), 1, format!("{}-1a2b3c4d.jpg", "x".repeat(187))),
        ("at a character",  "\u{fc}".repeat(127).into_bytes(),    0, "\u{fc}".repeat(100)),
        ("within one",      format!("x{}", "\u{fc}".repeat(120)).into_bytes(), 0, format!("x{}", "\u{fc}".repeat(99))),
        ("within a %XX",    [&[b'x'; 199][..], b"\n\n"].concat(), 0, "x".repeat(199)),
        ("no real extension", [b"x.", &[b'y'; 250][..]].concat(), 0, format!("x.{}", "y".repeat(198))),
        ("reserved and long", [&[b'x'; 250][..], b".meta"].concat(), 0, format!("{}-1a2b3c4d.jpg", "x".repeat(187))),
    ];
    for (case, filename, twin, expected) in cases {
        assert_eq!(name(&filename, twin), expected, "{case}");
    }
    // A cut never bares a `.meta` that was in the middle.
    let tricky = [&[b'x'; 195][..], b".meta", &[b'y'; 50][..]].concat();
    assert!(!name(&tricky, 0).ends_with(".meta"));
}

/// Whatever the parts, what comes out is a key.
#[test]
fn every_rendered_key_is_safe() {
    let mut state = 1_u64;
    let mut random = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    let pieces: &[&[u8]] = &[
        b".",
        b"..",
        b"/",
        b"\\",
        b"\0",
        b"\n",
        b"%",
        b".imgn",
        b".meta",
        b"a",
        b".jpg",
        b"\xff",
        b"\xe2\x80",
        b" ",
        "\u{fc}".as_bytes(),
        "\u{1f3d4}".as_bytes(),
        &[b'x'; 90],
        b"\x7f",
        b"~",
    ];
    let bytes = |random: &mut dyn FnMut() -> u64| {
        (0..random() % 6)
            .flat_map(|_| pieces[random() as usize % pieces.len()].to_vec())
            .collect::<Vec<u8>>()
    };
    for text in [
        "{year}/{month}/{filename}",
        "{path}/{filename}",
        "{camera}/{path}/{stem}.{ext}",
        "{stem}{sha256}",
    ] {
        let template = template(text);
        for _ in 0..2000 {
            let (filename, path) = (bytes(&mut random), bytes(&mut random));
            let camera = String::from_utf8_lossy(&bytes(&mut random)).into_owned();
            for twin in 0..4 {
                let parts = KeyParts {
                    path: &path,
                    camera: Some(&camera),
                    ..parts(&filename)
                };
                let key = template.render(&parts, twin);
                Key::parse(key.as_str()).unwrap();
                assert!(!key.is_derived(), "{key}");
                let last = key.as_str().rsplit('/').next().unwrap();
                assert!(last.len() <= 200, "{key}");
                assert_eq!(key, template.render(&parts, twin));
            }
        }
    }
}

#[test]
fn deep_paths_are_cut_to_what_stores_can_hold() {
    let path = "a folder with quite a long name/".repeat(100);
    let parts = KeyParts {
        path: path.as_bytes(),
        ..parts(b"a.jpg")
    };
    let key = template("{path}/{filename}").render(&parts, 0);
    assert!(
        key.as_str().len() <= 800 && key.as_str().ends_with("name/a.jpg"),
        "{key}"
    );
}

#[test]
fn bad_templates_are_refused_with_a_reason() {
    #[rustfmt::skip]
    let cases = [
        ("",                         "needs at least {filename}"),
        ("{year}/{month}",           "after the last / there must be"),
        ("{filename}/{year}",        "after the last / there must be"),
        ("/{filename}",              "leave out the / at the beginning"),
        ("{year}//{filename}",       "nothing between two slashes"),
        ("{filename}/",              "nothing between two slashes"),
        ("../{filename}",            "called . or .."),
        (".imgn/{filename}",         "kept for imgn itself"),
        (".imgnx/{filename}",        "kept for imgn itself"),
        ("{author}/{filename}",      "no field {author}; use {year}"),
        ("{year/{filename}",         "no field {year/{filename}"),
        ("{filename",                "never closed"),
        ("{filename}}",              "closes nothing"),
        ("a\\{filename}",            "no backslash"),
        ("a\n{filename}",            "no control characters"),
    ];
    for (text, expected) in cases {
        let error = KeyTemplate::new(text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text:?}: {error}");
    }
    assert!(KeyTemplate::new(&format!("{}{{filename}}", "x".repeat(200))).is_err());
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
fn an_encoded_name_is_read_back_byte_for_byte() {
    for name in [
        &b"latin-\xe9.jpg"[..],
        b"new\nline.jpg",
        b"back\\slash 100%.jpg",
        b".imgn.jpg",
        b"plain.jpg",
    ] {
        let segment = segment::file(name, &sha256(), "jpg", 0);
        let key = Key::parse(&format!("2024/05/{segment}")).unwrap();
        assert_eq!(key.decoded_name(), name, "{segment}");
    }
    let half = Key::parse("2024/05/100%2.jpg").unwrap();
    assert_eq!(half.decoded_name(), b"100%2.jpg");
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
