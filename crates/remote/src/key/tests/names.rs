//! What becomes of a photo's name.

use super::*;

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
fn the_name_that_a_key_was_made_of_is_known_again() {
    let sha256 = [0xab; 32];
    //  key, name
    let cases = [
        ("2024/05/a.jpg", "a.jpg"),
        ("2024/05/a-abababab.jpg", "a.jpg"),
        ("2024/05/a-abababababababab.jpg", "a.jpg"),
        ("2024/05/a-cdcdcdcd.jpg", "a-cdcdcdcd.jpg"),
        ("-abababab.jpg", "-abababab.jpg"),
        ("back%5Cslash.jpg", "back\\slash.jpg"),
        ("100%25.jpg", "100%25.jpg"),
        ("a%20b.jpg", "a%20b.jpg"),
        ("%2Eimgn.jpg", ".imgn.jpg"),
        ("no extension", "no extension"),
    ];
    for (key, name) in cases {
        let found = Key::parse(key).unwrap().made_of(&sha256);
        assert_eq!(String::from_utf8_lossy(&found), name, "{key}");
    }
}
