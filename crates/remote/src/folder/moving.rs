//! Moving a finished file to its place without replacing anything.
//!
//! File systems differ in what they can do, so there are three ways, tried from the best on.
//!
//! **Invariant:** what stands at the place before stands there afterwards, whoever else writes. Only
//! an empty file, which no original is, may go: it is a name that was reserved and never filled.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::{Duration, SystemTime};
use tempfile::TempPath;
use uuid::Uuid;

/// Between reserving a name and filling it lies one call; a name that is still empty after this
/// time was reserved by somebody who did not live to fill it.
const GIVEN_UP: Duration = Duration::from_secs(60);

/// Whether a file could be moved to its place.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Moved {
    Yes,
    Taken,
}

/// What is at a place.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Nothing,
    /// An empty file, not long ago: somebody is about to fill it.
    Reserved,
    Something,
}

/// What is at `place`, after a reservation that was given up has been removed. It is moved to
/// `aside` (on the same file system, where nothing is) first: should it be filled in that very
/// moment, it can be put back.
pub(super) fn standing(place: &Path, aside: &Path) -> io::Result<Standing> {
    let Ok(file) = fs::symlink_metadata(place) else {
        return Ok(Standing::Nothing);
    };
    if !file.is_file() || file.len() > 0 {
        return Ok(Standing::Something);
    }
    let age = SystemTime::now().duration_since(file.modified()?);
    if !age.is_ok_and(|age| age > GIVEN_UP) {
        return Ok(Standing::Reserved);
    }
    if let Some(folder) = aside.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::rename(place, aside)?;
    if fs::symlink_metadata(aside)?.len() > 0 {
        let aside = TempPath::try_from_path(aside)?;
        return match move_into_place(&aside, place)? {
            Moved::Yes => Ok(Standing::Something),
            // Both are somebody's photos, and neither may go.
            Moved::Taken => aside
                .keep()
                .map(|_| Standing::Something)
                .map_err(|error| error.error),
        };
    }
    fs::remove_file(aside)?;
    Ok(Standing::Nothing)
}

/// How a file gets its name without replacing one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Means {
    Rename,
    Link,
    Reservation,
}

impl Means {
    /// From the best on.
    const ALL: [Self; 3] = [Self::Rename, Self::Link, Self::Reservation];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Rename => "rename",
            Self::Link => "link",
            Self::Reservation => "reservation",
        }
    }

    fn go(self, from: &Path, to: &Path) -> io::Result<()> {
        match self {
            Self::Rename => by_exclusive_rename(from, to),
            Self::Link => by_link(from, to),
            Self::Reservation => by_reservation(from, to),
        }
    }
}

/// Moves without replacing, by the best means that this file system has.
pub(super) fn move_into_place(from: &TempPath, to: &Path) -> io::Result<Moved> {
    let mut why_not = None;
    for means in Means::ALL {
        match means.go(from, to) {
            Ok(()) => return Ok(Moved::Yes),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(Moved::Taken),
            // Only the first says what is wrong with the file or its place, if it can be used at all.
            Err(error) if is_unsupported(&error) => why_not = Some(error),
            Err(error) => return Err(error),
        }
    }
    Err(why_not.expect("a way that does not succeed has said why"))
}

/// The best that works in `folder`, tried with files of its own.
pub(super) fn means(folder: &Path) -> io::Result<Means> {
    let name = Uuid::new_v4();
    let mut why_not = None;
    for means in Means::ALL {
        let from = folder.join(format!("probe-{name}-from"));
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&from)?;
        let (from, to) = (
            TempPath::try_from_path(from)?,
            TempPath::try_from_path(folder.join(format!("probe-{name}-{}", means.name())))?,
        );
        match means.go(&from, &to) {
            Ok(()) => return Ok(means),
            Err(error) if is_unsupported(&error) => why_not = Some(error),
            Err(error) => return Err(error),
        }
    }
    Err(why_not.expect("a way that does not succeed has said why"))
}

fn is_unsupported(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Unsupported
            | ErrorKind::InvalidInput
            | ErrorKind::PermissionDenied
            | ErrorKind::TooManyLinks
    )
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn by_exclusive_rename(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn by_exclusive_rename(_from: &Path, _to: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

/// Gives the file a second name; the first one goes away with its `TempPath`.
fn by_link(from: &Path, to: &Path) -> io::Result<()> {
    fs::hard_link(from, to)
}

/// FAT and some shares have neither: an empty file takes the name, and is ours to replace.
fn by_reservation(from: &Path, to: &Path) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).open(to)?;
    fs::rename(from, to).inspect_err(|_| {
        // What is reserved is still empty, and still ours.
        if let Err(error) = fs::remove_file(to) {
            tracing::warn!(path = %to.display(), %error, "an empty file stays");
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One of the ways.
    type Way = fn(&Path, &Path) -> io::Result<()>;

    const WAYS: [(&str, Way); 2] = [("link", by_link), ("reservation", by_reservation)];

    #[test]
    fn every_way_moves_and_none_replaces() {
        for (name, way) in WAYS {
            let folder = tempfile::tempdir().unwrap();
            let (from, to) = (folder.path().join("from"), folder.path().join("to"));
            fs::write(&from, "new").unwrap();
            way(&from, &to).unwrap();
            assert_eq!(fs::read(&to).unwrap(), b"new", "{name}");

            // As a `TempPath` would; a link still has its first name.
            if from.exists() {
                fs::remove_file(&from).unwrap();
            }
            fs::write(&from, "newer").unwrap();
            let error = way(&from, &to).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::AlreadyExists, "{name}");
            assert_eq!(fs::read(&to).unwrap(), b"new", "{name}");
            assert_eq!(fs::read(&from).unwrap(), b"newer", "{name}");
        }
    }

    #[test]
    fn the_temporary_name_goes_away() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        for expected in [Moved::Yes, Moved::Taken] {
            fs::write(&from, "photo").unwrap();
            let temporary = TempPath::try_from_path(&from).unwrap();
            assert_eq!(move_into_place(&temporary, &to).unwrap(), expected);
            drop(temporary);
            assert!(!from.exists() && to.exists());
        }
    }

    #[test]
    fn a_place_that_is_not_there_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let from = folder.path().join("from");
        fs::write(&from, "photo").unwrap();
        let temporary = TempPath::try_from_path(&from).unwrap();
        let error = move_into_place(&temporary, &folder.path().join("not/there")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
    }

    #[test]
    fn a_reserved_name_is_free_again_when_nobody_fills_it() {
        //  name                    bytes    seconds  expected             what is there afterwards
        let cases = [
            ("nothing", None, 0, Standing::Nothing, None),
            (
                "reserved just now",
                Some(""),
                0,
                Standing::Reserved,
                Some(""),
            ),
            (
                "reserved by a clock ahead",
                Some(""),
                -90,
                Standing::Reserved,
                Some(""),
            ),
            ("given up", Some(""), 90, Standing::Nothing, None),
            (
                "a photo",
                Some("photo"),
                90,
                Standing::Something,
                Some("photo"),
            ),
        ];
        for (name, bytes, age, expected, after) in cases {
            let folder = tempfile::tempdir().unwrap();
            let (place, aside) = (folder.path().join("a.jpg"), folder.path().join("tmp/aside"));
            if let Some(bytes) = bytes {
                fs::write(&place, bytes).unwrap();
                let now = jiff::Timestamp::now();
                let then = now - jiff::SignedDuration::from_secs(age);
                let file = fs::File::options().write(true).open(&place).unwrap();
                file.set_modified(then.try_into().unwrap()).unwrap();
            }
            assert_eq!(standing(&place, &aside).unwrap(), expected, "{name}");
            assert_eq!(fs::read_to_string(&place).ok().as_deref(), after, "{name}");
            assert!(!aside.exists(), "{name}");
        }
    }
}
