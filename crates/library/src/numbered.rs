//! Names for a second and a third file of one name: `a.jpg`, `a (2).jpg`, `a (3).jpg`.

use crate::path_bytes::{from_bytes, to_bytes};
use std::ffi::{OsStr, OsString};
use std::path::Path;

/// Bytes of a file's name, on every common file system.
pub(crate) const LONGEST_NAME: usize = 255;

/// `name (2).jpg`, its stem cut where the whole would be too long for a file system.
pub(crate) fn numbered(name: &OsStr, number: u32) -> OsString {
    if number == 1 {
        return name.to_owned();
    }
    remarked(name, &number.to_string())
}

/// `name (remark).jpg`.
pub(crate) fn remarked(name: &OsStr, remark: &str) -> OsString {
    let path = Path::new(name);
    let mut suffix = OsString::from(format!(" ({remark})"));
    if let Some(extension) = path.extension() {
        suffix.push(".");
        suffix.push(extension);
    }
    let stem = to_bytes(Path::new(path.file_stem().unwrap_or(name)));
    let mut end = stem.len().min(LONGEST_NAME.saturating_sub(suffix.len()));
    // Not within a character, where it is UTF-8.
    while end > 0 && end < stem.len() && stem[end] & 0b1100_0000 == 0b1000_0000 {
        end -= 1;
    }
    let mut numbered = from_bytes(stem[..end].to_vec()).into_os_string();
    numbered.push(suffix);
    numbered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_numbered_before_their_extension() {
        let cases = [
            ("a.jpg", 1, "a.jpg"),
            ("a.jpg", 2, "a (2).jpg"),
            ("noext", 3, "noext (3)"),
        ];
        for (name, number, expected) in cases {
            assert_eq!(numbered(OsStr::new(name), number), expected);
        }
        let long = format!("{}.jpg", "ü".repeat(125));
        let second = numbered(OsStr::new(&long), 2);
        assert!(second.len() <= LONGEST_NAME && second.to_str().unwrap().ends_with("ü (2).jpg"));
    }
}
