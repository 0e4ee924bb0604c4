//! Photos that were handed to imgn from outside ("open with", or words on the command line), until the
//! window takes them.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use tauri::Url;

/// What the window has not taken yet.
#[derive(Debug, Default)]
pub(crate) struct Opened(Mutex<Vec<PathBuf>>);

impl Opened {
    pub(crate) fn add(&self, paths: Vec<PathBuf>) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(paths);
    }

    pub(crate) fn take(&self) -> Vec<Passed> {
        let taken = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        taken.into_iter().map(Passed).collect()
    }
}

/// The file that a word names: a path, seen from the working directory, or a `file:` address.
pub(crate) fn path(word: &OsStr) -> Result<PathBuf, String> {
    if let Some(text) = word.to_str()
        && let Some(scheme) = text.get(..6)
        && scheme.eq_ignore_ascii_case("file:/")
    {
        return Url::parse(text)
            .ok()
            .and_then(|address| address.to_file_path().ok())
            .ok_or_else(|| format!("{text} names no file of this computer"));
    }
    std::path::absolute(word).map_err(|error| format!("{} names no file: {error}", word.display()))
}

/// A path on its way to the page and back. One whose name is no Unicode goes as a `file:` address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Passed(pub(crate) PathBuf);

impl Passed {
    pub(crate) fn paths(passed: Vec<Self>) -> Vec<PathBuf> {
        passed.into_iter().map(|Self(path)| path).collect()
    }
}

impl Serialize for Passed {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match (self.0.to_str(), Url::from_file_path(&self.0)) {
            (Some(text), _) => to.serialize_str(text),
            (None, Ok(address)) => to.serialize_str(address.as_str()),
            (None, Err(())) => to.serialize_str(&self.0.to_string_lossy()),
        }
    }
}

impl<'de> Deserialize<'de> for Passed {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        path(OsStr::new(&text)).map(Self).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_names_a_file() {
        let here = std::env::current_dir().unwrap();
        //  word, path
        let cases = [
            ("/photos/a.jpg", Some("/photos/a.jpg".into())),
            ("a.jpg", Some(here.join("a.jpg"))),
            ("file:///photos/a.jpg", Some("/photos/a.jpg".into())),
            ("FILE:///photos/a.jpg", Some("/photos/a.jpg".into())),
            (
                "file:///photos/Gr%C3%B6%C3%9Fe%20%231.jpg",
                Some("/photos/Größe #1.jpg".into()),
            ),
            (
                "file://localhost/photos/a.jpg",
                Some("/photos/a.jpg".into()),
            ),
            ("file://elsewhere/photos/a.jpg", None),
            ("file: holiday.jpg", Some(here.join("file: holiday.jpg"))),
            ("files/a.jpg", Some(here.join("files/a.jpg"))),
            ("", None),
        ];
        for (word, expected) in cases {
            assert_eq!(path(OsStr::new(word)).ok(), expected, "{word}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn every_path_comes_back_from_the_page_as_it_went() {
        use std::os::unix::ffi::OsStrExt;
        for bytes in [
            &b"/photos/a.jpg"[..],
            b"/photos/bad\xff.jpg",
            b"/photos/100% #\xfe?.jpg",
            "/Größe/ü.jpg".as_bytes(),
        ] {
            let passed = Passed(OsStr::from_bytes(bytes).into());
            let text = serde_json::to_string(&passed).unwrap();
            let back: Passed = serde_json::from_str(&text).unwrap();
            assert_eq!(back, passed, "{text}");
        }
    }

    #[test]
    fn what_is_taken_is_taken_once() {
        let opened = Opened::default();
        opened.add(vec!["/a".into()]);
        opened.add(vec!["/b".into()]);
        assert_eq!(opened.take(), [Passed("/a".into()), Passed("/b".into())]);
        assert_eq!(opened.take(), []);
    }
}
