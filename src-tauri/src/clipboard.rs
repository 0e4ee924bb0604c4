//! What lies on the clipboard, and is pasted: files, or a picture.
//!
//! **Invariant:** what another program holds is only read, and an encoded picture is handed on byte for
//! byte. A program that does not answer ends in [`PATIENCE`].

#[cfg(target_os = "linux")]
mod gtk;
#[cfg(target_os = "linux")]
use gtk::read;

#[cfg(not(target_os = "linux"))]
mod native;
#[cfg(not(target_os = "linux"))]
use native::read;

use crate::opened;
use library::view::{Cause, CommandError, DropChoice, DropReport};
use library::{Library, Result};
use std::ffi::OsStr;
use std::path::PathBuf;
use std::time::Duration;
use tauri::AppHandle;

/// How long a program may take to hand over what it put on the clipboard.
const PATIENCE: Duration = Duration::from_secs(15);

/// What is pasted.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Held {
    /// At least one.
    Files(Vec<PathBuf>),
    /// An encoded picture.
    Picture(Vec<u8>),
    Nothing,
}

/// Takes in what lies on the clipboard; none: it holds neither files nor a picture.
pub(crate) async fn paste(app: &AppHandle, library: &Library) -> Result<Option<DropReport>> {
    let held = tokio::time::timeout(PATIENCE, read(app))
        .await
        .map_err(|_| failed("the program that copied did not hand it over"))??;
    match held {
        Held::Files(paths) => library.drop_paths(paths, DropChoice::Watch).await.map(Some),
        Held::Picture(bytes) => library.paste_picture(bytes).await.map(Some),
        Held::Nothing => Ok(None),
    }
}

fn failed(detail: impl std::fmt::Display) -> CommandError {
    CommandError::new(
        Cause::Internal,
        format!("cannot read the clipboard: {detail}"),
    )
}

/// The files of this computer among addresses, one a line. Lines that begin with a number sign are remarks,
/// and a file manager's own format begins with what is to be done with them.
#[cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, reason = "other systems hand over paths")
)]
fn files(lines: &str) -> Vec<PathBuf> {
    let is_address = |line: &&str| {
        let scheme = line.get(..6).unwrap_or_default();
        scheme.eq_ignore_ascii_case("file:/")
    };
    lines
        .split(['\r', '\n', '\0'])
        .map(str::trim)
        .filter(is_address)
        .filter_map(|line| opened::path(OsStr::new(line)).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_in_what_file_managers_copy() {
        //  who, text, files
        let cases: [(&str, &str, &[&str]); 6] = [
            (
                "by the standard",
                "# two of them\r\nfile:///a.jpg\r\nfile:///Gr%C3%BC%C3%9Fe%20%231.jpg\r\n",
                &["/a.jpg", "/Grüße #1.jpg"],
            ),
            (
                "GNOME",
                "copy\nfile:///a.jpg\nfile:///b.jpg",
                &["/a.jpg", "/b.jpg"],
            ),
            ("with an end", "file:///a.jpg\0", &["/a.jpg"]),
            ("a page", "https://example.com/a.jpg\r\n", &[]),
            ("another computer", "file://elsewhere/a.jpg\r\n", &[]),
            ("plain text", "a.jpg", &[]),
        ];
        for (who, text, expected) in cases {
            let expected: Vec<PathBuf> = expected.iter().map(PathBuf::from).collect();
            assert_eq!(files(text), expected, "{who}");
        }
    }
}
