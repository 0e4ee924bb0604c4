//! What a template makes of a photo.

use super::*;
use jiff::civil;

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
