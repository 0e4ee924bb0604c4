//! Examines a folder: what its disk can do for photos.
//!
//! **Invariant:** nothing is written unless the marker is the right one, and then only probes where half-written
//! files lie, which are removed again.

use super::disk::Disk;
use super::moving::{self, Means, Moved, move_into_place};
use super::place::sync_folder;
use crate::doctor::{Check, Examination, Findings, Measured, Outcome};
use crate::{Error, Layout, Marker};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, SystemTime};
use tempfile::TempPath;
use uuid::Uuid;

const ALL: [Check; 8] = [
    Check::Mounted,
    Check::Marker,
    Check::Writable,
    Check::Space,
    Check::Exclusive,
    Check::Durable,
    Check::Case,
    Check::Times,
];

/// With less room than this, photos soon wait.
const LITTLE_ROOM: u64 = 2_000_000_000;
/// With less than this, the next one does.
const NO_ROOM: u64 = 50_000_000;
/// Times kept no finer than this tell few edits apart.
const COARSE: u64 = 1_000_000_000;

const BODY: &[u8] = b"imgn was here to see what this disk does";

/// See [`Remote::examine`](crate::Remote::examine).
pub(super) fn examine(disk: &Disk, expected: &Marker) -> Examination {
    let mut findings = Findings::default();
    if is_there(disk, expected, &mut findings) {
        files(disk, &mut findings);
    }
    Examination {
        findings: findings.end(&ALL),
        profile: super::profile(),
    }
}

fn is_there(disk: &Disk, expected: &Marker, findings: &mut Findings) -> bool {
    if !disk.root().is_dir() {
        findings.failed(Check::Mounted, Outcome::Problem, disk.not_mounted());
        return false;
    }
    findings.fine(Check::Mounted);
    match disk.expect(expected) {
        // Where there is none, that is not said of it.
        Ok(()) if disk.layout() == Layout::Original => {}
        Ok(()) => findings.fine(Check::Marker),
        Err(error) => {
            findings.failed(Check::Marker, Outcome::Problem, error);
            return false;
        }
    }
    room(disk, findings);
    true
}

#[cfg(unix)]
fn room(disk: &Disk, findings: &mut Findings) {
    match rustix::fs::statvfs(disk.root()) {
        // Some shares do not tell.
        Ok(stat) if stat.f_blocks > 0 => {
            let free = stat.f_bavail.saturating_mul(stat.f_frsize);
            let outcome = match free {
                free if free < NO_ROOM => Outcome::Problem,
                free if free < LITTLE_ROOM => Outcome::Note,
                _ => Outcome::Fine,
            };
            findings.add(Check::Space, outcome, Some(Measured::Bytes(free)));
        }
        Ok(_) => {}
        Err(error) => {
            let error = disk.unreadable(disk.root(), error.into());
            findings.failed(Check::Space, Outcome::Note, error);
        }
    }
}

/// Elsewhere it is not asked.
#[cfg(not(unix))]
fn room(_disk: &Disk, _findings: &mut Findings) {}

fn files(disk: &Disk, findings: &mut Findings) {
    let folder = disk.temporary_folder();
    let name = Uuid::new_v4();
    // Both are removed when this returns.
    let probe = match written(disk, &format!("probe-{name}-a")) {
        Ok(probe) => probe,
        Err(error) => {
            findings.failed(
                Check::Writable,
                Outcome::Problem,
                disk.unwritable(&folder, error),
            );
            return;
        }
    };
    match disk.hash_of(&probe) {
        Ok(found) if found == hash() => findings.fine(Check::Writable),
        Ok(_) => {
            let error = io::Error::other("the disk gave back other bytes than were written to it");
            let error = Error::Io {
                path: probe.to_path_buf(),
                source: error,
            };
            findings.failed(Check::Writable, Outcome::Problem, error);
        }
        Err(error) => findings.failed(Check::Writable, Outcome::Problem, error),
    }
    match File::open(&probe)
        .and_then(|file| file.sync_all())
        .and_then(|()| sync_folder(&folder))
    {
        Ok(()) => findings.fine(Check::Durable),
        Err(error) => findings.failed(
            Check::Durable,
            Outcome::Problem,
            disk.unwritable(&probe, error),
        ),
    }
    match case(&probe) {
        Ok(case) => findings.add(
            Check::Case,
            Outcome::Fine,
            Some(Measured::Text(case.into())),
        ),
        Err(error) => {
            findings.failed(Check::Case, Outcome::Note, disk.unwritable(&probe, error));
        }
    }
    match times(&probe) {
        Ok(precision) => {
            let outcome = if precision >= COARSE {
                Outcome::Note
            } else {
                Outcome::Fine
            };
            findings.add(
                Check::Times,
                outcome,
                Some(Measured::Nanoseconds(precision)),
            );
        }
        Err(error) => {
            findings.failed(Check::Times, Outcome::Note, disk.unwritable(&probe, error));
        }
    }
    exclusive(disk, &folder, &probe, findings);
}

/// Whether a file takes its place without replacing one, and by which means.
fn exclusive(disk: &Disk, folder: &Path, taken: &TempPath, findings: &mut Findings) {
    let tried = || -> io::Result<(Moved, Means)> {
        let means = moving::means(folder)?;
        let other = written(disk, &format!("probe-{}-b", Uuid::new_v4()))?;
        Ok((move_into_place(&other, taken)?, means))
    };
    match tried() {
        Ok((Moved::Taken, means)) if disk.hash_of(taken).is_ok_and(|found| found == hash()) => {
            let outcome = match means {
                Means::Reservation => Outcome::Note,
                Means::Rename | Means::Link => Outcome::Fine,
            };
            findings.add(
                Check::Exclusive,
                outcome,
                Some(Measured::Text(means.name().into())),
            );
        }
        Ok(_) => {
            let error = io::Error::other("a file was replaced that was to be left");
            let error = Error::Io {
                path: taken.to_path_buf(),
                source: error,
            };
            findings.failed(Check::Exclusive, Outcome::Problem, error);
        }
        Err(error) => findings.failed(
            Check::Exclusive,
            Outcome::Problem,
            disk.unwritable(taken, error),
        ),
    }
}

fn case(probe: &Path) -> io::Result<&'static str> {
    let name = probe.file_name().unwrap_or_default().to_string_lossy();
    let other = probe.with_file_name(name.to_uppercase());
    match fs::symlink_metadata(other) {
        Ok(_) => Ok("insensitive"),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok("sensitive"),
        Err(error) => Err(error),
    }
}

/// How far a time that was set is from the one that is kept.
fn times(probe: &Path) -> io::Result<u64> {
    const SET: Duration = Duration::new(1_559_392_201, 123_456_789);
    let set = SystemTime::UNIX_EPOCH + SET;
    let file = OpenOptions::new().write(true).open(probe)?;
    file.set_modified(set)?;
    let kept = file.metadata()?.modified()?;
    let off = set
        .duration_since(kept)
        .unwrap_or_else(|ahead| ahead.duration());
    let off = u64::try_from(off.as_nanos()).unwrap_or(u64::MAX);
    // The steps that file systems have: 1 ns, 100 ns, 1 µs, 10 ms, 1 s, 2 s.
    let steps = [
        1,
        100,
        1_000,
        1_000_000,
        10_000_000,
        1_000_000_000,
        2_000_000_000,
    ];
    Ok(steps.into_iter().find(|step| off < *step).unwrap_or(off))
}

fn written(disk: &Disk, name: &str) -> io::Result<TempPath> {
    disk.make_temporary_folder()?;
    let path = disk.temporary(name);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&path)?;
    let path = TempPath::try_from_path(path)?;
    file.write_all(BODY)?;
    file.sync_all()?;
    Ok(path)
}

fn hash() -> crate::Sha256 {
    use sha2::Digest;
    sha2::Sha256::digest(BODY).into()
}
