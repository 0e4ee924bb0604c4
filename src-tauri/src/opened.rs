//! Photos that were handed to imgn from outside ("open with", or words on the command line), until the
//! window takes them.

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

    pub(crate) fn take(&self) -> Vec<PathBuf> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
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
    fn what_is_taken_is_taken_once() {
        let opened = Opened::default();
        opened.add(vec!["/a".into()]);
        opened.add(vec!["/b".into()]);
        assert_eq!(opened.take(), [PathBuf::from("/a"), "/b".into()]);
        assert_eq!(opened.take(), [] as [PathBuf; 0]);
    }
}
