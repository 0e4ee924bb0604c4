//! Where an object goes, below the folder that a person chose.
//!
//! Keys and names come from a bucket that anybody may have written into.
//!
//! **Invariant:** a place is made of single names: none is empty, `.` or `..`, holds a `/` or a NUL,
//! or is longer than a file system takes. Joined to a folder it never leaves it. Deciding does no I/O.

use crate::numbered::LONGEST_NAME;
use crate::path_bytes::from_bytes;
use sha2::{Digest, Sha256};
use std::ffi::{OsStr, OsString};
use std::fmt::Write;

/// The folders, and the name in the last of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) folders: Vec<OsString>,
    pub(super) name: OsString,
}

/// What follows the last dot counts as an extension up to this many bytes.
const LONGEST_EXTENSION: usize = 32;

/// The folders of the key; the name that the file had, else the key's own.
///
/// `original_name` is one name already. What a key has instead of one is encoded: control characters,
/// `\`, and what means something else to a path.
pub(super) fn of(key: &str, original_name: Option<&[u8]>) -> Place {
    let mut segments: Vec<&str> = key
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    let last = segments.pop().unwrap_or_default();
    Place {
        folders: segments.into_iter().map(contained).collect(),
        name: match original_name {
            Some(name) => from_bytes(name.to_vec()).into_os_string(),
            None => contained(last),
        },
    }
}

/// A segment of a key as one name.
fn contained(segment: &str) -> OsString {
    let name = match segment {
        "" => "%".to_owned(),
        "." => "%2E".to_owned(),
        ".." => "%2E%2E".to_owned(),
        // A folder of that name is never read again.
        _ if segment.eq_ignore_ascii_case(".imgn") => format!("%2E{}", &segment[1..]),
        _ => encoded(segment, |c| c.is_control() || c == '\\'),
    };
    shortened(name).into()
}

/// The same name for a file system that takes fewer, such as a camera's card: what Windows refuses is
/// encoded too.
pub(super) fn portable(name: &OsStr) -> OsString {
    let text = name.to_string_lossy();
    let mut name = encoded(&text, |c| {
        c.is_control()
            || matches!(
                c,
                '\\' | '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\u{fffd}'
            )
    });
    if let Some(last) = name.pop() {
        match last {
            '.' => name.push_str("%2E"),
            ' ' => name.push_str("%20"),
            _ => name.push(last),
        }
    }
    if is_device(&name) {
        name = format!("%{:02X}{}", name.as_bytes()[0], &name[1..]);
    }
    shortened(name).into()
}

/// Names that Windows has for devices, whatever follows the first dot:
/// <https://learn.microsoft.com/windows/win32/fileio/naming-a-file>.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let stem = stem.to_ascii_uppercase();
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || stem
            .strip_prefix("COM")
            .or_else(|| stem.strip_prefix("LPT"))
            .is_some_and(|digit| {
                matches!(
                    digit,
                    "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"
                )
            })
}

fn encoded(text: &str, must_be: impl Fn(char) -> bool) -> String {
    let mut encoded = String::with_capacity(text.len());
    for c in text.chars() {
        if must_be(c) {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                write!(encoded, "%{byte:02X}").expect("writing to a String cannot fail");
            }
        } else {
            encoded.push(c);
        }
    }
    encoded
}

/// A name that is too long is cut; a hash of the whole keeps two of them apart.
fn shortened(name: String) -> String {
    if name.len() <= LONGEST_NAME {
        return name;
    }
    let hash = hex::encode(Sha256::digest(&name));
    let extension = name
        .rfind('.')
        .filter(|dot| name.len() - dot <= LONGEST_EXTENSION)
        .map_or("", |dot| &name[dot..]);
    let room = LONGEST_NAME - 9 - extension.len();
    format!(
        "{}-{}{extension}",
        &name[..name.floor_char_boundary(room)],
        &hash[..8]
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::ffi::OsStrExt;
    use std::path::{Component, Path};

    fn joined(place: &Place) -> std::path::PathBuf {
        let mut path: std::path::PathBuf = place.folders.iter().collect();
        path.push(&place.name);
        path
    }

    #[test]
    fn a_key_becomes_a_place_below_the_folder() {
        let deep = "d/".repeat(500) + "a.jpg";
        let (long, ueber) = ("x".repeat(1000) + ".jpg", "ü".repeat(200) + ".jpg");
        let cut_long = format!(
            "{}-{}.jpg",
            "x".repeat(242),
            &hex::encode(Sha256::digest(&long))[..8]
        );
        let cut_ueber = format!(
            "{}-{}.jpg",
            "ü".repeat(121),
            &hex::encode(Sha256::digest(&ueber))[..8]
        );
        //  name                 key                        place
        let cases = [
            ("ordinary", "2019/06/a.jpg", "2019/06/a.jpg"),
            ("parent", "../a.jpg", "%2E%2E/a.jpg"),
            (
                "parents in between",
                "2019/../../../etc/a.jpg",
                "2019/%2E%2E/%2E%2E/%2E%2E/etc/a.jpg",
            ),
            ("parent at the end", "2019/..", "2019/%2E%2E"),
            ("this folder", "./././a.jpg", "%2E/%2E/%2E/a.jpg"),
            ("absolute", "/etc/a.jpg", "etc/a.jpg"),
            ("twice absolute", "//host/share/a.jpg", "host/share/a.jpg"),
            ("empty in between", "a//b.jpg", "a/b.jpg"),
            ("a drive", "C:\\x\\a.jpg", "C:%5Cx%5Ca.jpg"),
            ("parent of Windows", "..\\..\\a.jpg", "..%5C..%5Ca.jpg"),
            ("NUL", "a\0/../b.jpg", "a%00/%2E%2E/b.jpg"),
            (
                "control characters",
                "a\n\u{1b}[2J\u{85}.jpg",
                "a%0A%1B[2J%C2%85.jpg",
            ),
            ("a device", "CON.jpg", "CON.jpg"),
            ("trailing dots", "a./b .jpg", "a./b .jpg"),
            ("encoded before", "%2E%2E/100%.jpg", "%2E%2E/100%.jpg"),
            ("imgn's own", "x/.IMGN/a.jpg", "x/%2EIMGN/a.jpg"),
            ("hidden", ".hidden.jpg", ".hidden.jpg"),
            ("nothing", "", "%"),
            ("slashes", "///", "%"),
            ("deep", &deep, &deep),
            ("long", &long, &cut_long),
            ("long, wide", &ueber, &cut_ueber),
        ];
        for (name, key, expected) in cases {
            assert_eq!(joined(&of(key, None)), Path::new(expected), "{name}");
        }
    }

    #[test]
    fn the_name_that_a_file_had_is_kept_byte_for_byte() {
        for name in [
            &b"new\nline\\ 100%.jpg"[..],
            b"latin-\xe9.jpg",
            b"CON.jpg",
            b" a. ",
        ] {
            let place = of("2019/../06/IMG.jpg", Some(name));
            assert_eq!(place.name.as_bytes(), name);
            assert_eq!(place.folders, ["2019", "%2E%2E", "06"]);
        }
    }

    #[test]
    fn a_simpler_file_system_gets_names_that_it_takes() {
        let cases = [
            ("plain.jpg", "plain.jpg"),
            ("a:b?.jpg", "a%3Ab%3F.jpg"),
            ("con.jpg", "%63on.jpg"),
            ("COM1", "%43OM1"),
            ("nul .tar.jpg", "%6Eul .tar.jpg"),
            ("COMMON.jpg", "COMMON.jpg"),
            ("ends in dots..", "ends in dots.%2E"),
            ("ends in a space ", "ends in a space%20"),
            ("new\nline", "new%0Aline"),
        ];
        for (name, expected) in cases {
            assert_eq!(portable(OsStr::new(name)), expected, "{name:?}");
        }
        let latin = portable(OsStr::from_bytes(b"latin-\xe9.jpg"));
        assert_eq!(latin, "latin-%EF%BF%BD.jpg");
    }

    /// Whatever is put together from what is dangerous stays below the folder.
    #[test]
    fn no_key_leaves_the_folder() {
        const PIECES: [&str; 16] = [
            "/", "/", "..", ".", "", "\\", "C:", "\0", "a", "ü", ".imgn", "%2e", " ", "\u{202e}",
            "~", "CON",
        ];
        let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
        for _ in 0..20_000 {
            let mut key = String::new();
            for _ in 0..8 {
                // Xorshift (Marsaglia 2003).
                seed ^= seed << 13;
                seed ^= seed >> 7;
                seed ^= seed << 17;
                key.push_str(PIECES[(seed % 16) as usize]);
            }
            let place = of(&key, None);
            for name in place.folders.iter().chain([&place.name]) {
                for name in [name.clone(), portable(name)] {
                    let components: Vec<_> = Path::new(&name).components().collect();
                    assert!(
                        matches!(components.as_slice(), [Component::Normal(only)] if *only == name),
                        "{key:?} gives {name:?}"
                    );
                    assert!(
                        !name.as_bytes().contains(&0) && name.len() <= LONGEST_NAME,
                        "{key:?}"
                    );
                }
            }
        }
    }
}
