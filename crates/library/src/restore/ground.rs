//! The folder that photos are restored into: its folders, what lies in them, and how a photo lands.
//!
//! **Invariant:** nothing is written but below the folder, and nothing that is there is replaced. Every
//! folder is opened below its parent and no link is followed; a file appears under its name whole, by
//! a move that cannot replace.

mod below;

use super::place::{Place, portable};
use crate::landing;
use crate::numbered::numbered;
use crate::path_bytes::from_bytes;
use below::{FOLDER, Found, Missing, enter, found, own, refuses_name};
use remote::Sha256;
use rustix::fd::OwnedFd;
use rustix::fs::{AtFlags, FlockOperation, Mode, OFlags};
use rustix::io::Errno;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use uuid::Uuid;

/// Where downloads lie until they are whole; a scan never enters `.imgn/`.
const PRIVATE: &str = ".imgn";
const SCRATCH: &str = "restore";

/// More files of one name in one folder are not tried.
const MOST_TWINS: u32 = 10_000;

#[derive(Debug)]
pub(super) struct Ground {
    path: PathBuf,
    root: OwnedFd,
    /// Locked as long as this lives.
    scratch: OwnedFd,
}

/// What is under a place's name, or its numbered names.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// These very bytes, by size and SHA-256.
    There,
    /// Nothing, or other bytes. Files that are as long as the photo, for whoever does not know its SHA-256.
    Absent { as_long: Vec<Sha256> },
}

/// A photo that was downloaded, to be put in its place.
#[derive(Debug)]
pub(super) struct Arrival<'a> {
    /// Made by [`Ground::scratch`].
    pub(super) file: &'a Path,
    pub(super) size: u64,
    pub(super) sha256: Sha256,
    pub(super) mtime: Option<SystemTime>,
}

impl Ground {
    /// Takes the folder for one restore, and clears what an earlier one left half written.
    pub(super) fn open(path: PathBuf) -> io::Result<Self> {
        std::fs::create_dir_all(&path)?;
        let path = path.canonicalize()?;
        let root = rustix::fs::open(&path, FOLDER.difference(OFlags::NOFOLLOW), Mode::empty())?;
        let private = own(&root, OsStr::new(PRIVATE))?;
        let scratch = own(&private, OsStr::new(SCRATCH))?;
        // Some shares have no locks, and say something else.
        let locked = rustix::fs::flock(&scratch, FlockOperation::NonBlockingLockExclusive);
        if locked == Err(Errno::WOULDBLOCK) {
            let detail = "another restore into this folder is under way";
            return Err(io::Error::other(detail));
        }
        let ground = Self {
            path,
            root,
            scratch,
        };
        ground.clear()?;
        Ok(ground)
    }

    /// The folder, links resolved.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes that can still be written.
    pub(super) fn room(&self) -> io::Result<u64> {
        let disk = rustix::fs::fstatvfs(&self.root)?;
        Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// A path for a download, where nothing is.
    pub(super) fn scratch(&self) -> PathBuf {
        let name = Uuid::new_v4().to_string();
        self.path.join(PRIVATE).join(SCRATCH).join(name)
    }

    /// Whether the photo is there already. Looks at the plain name and the next, and at further ones as
    /// long as there are any.
    pub(super) fn standing(
        &self,
        place: &Place,
        size: u64,
        sha256: Option<&Sha256>,
    ) -> io::Result<Standing> {
        let mut as_long = Vec::new();
        let absent = |as_long| Ok(Standing::Absent { as_long });
        let Some(folder) = self.folder(&place.folders, Missing::IsSaid)? else {
            return absent(as_long);
        };
        for name in [place.name.clone(), portable(&place.name)] {
            for number in 1..MOST_TWINS {
                let name = numbered(&name, number);
                match found(&folder, &name, size)? {
                    Found::Nothing if number > 1 => break,
                    Found::Nothing | Found::Other => {}
                    Found::AsLong(found) if Some(&found) == sha256 => return Ok(Standing::There),
                    Found::AsLong(found) => as_long.push(found),
                }
            }
            if portable(&place.name) == place.name {
                break;
            }
        }
        absent(as_long)
    }

    /// Puts a download in its place, under the first of its names that is free. Returns where, below the
    /// folder; the file stays where it is when the same bytes lie there already.
    pub(super) fn land(&self, place: &Place, arrival: &Arrival<'_>) -> io::Result<Landed> {
        landing::settle(arrival.file, arrival.mtime)?;
        let folder = self
            .folder(&place.folders, Missing::IsMade)?
            .expect("a folder that is made is there");
        let mut plain = place.name.clone();
        let mut number = 1;
        while number < MOST_TWINS {
            let name = numbered(&plain, number);
            match landing::move_into(arrival.file, &folder, &name) {
                Ok(()) => {
                    rustix::fs::fsync(&folder)?;
                    return Ok(Landed::Here(name));
                }
                Err(Errno::EXIST) => {
                    let there = found(&folder, &name, arrival.size)?;
                    if there == Found::AsLong(arrival.sha256) {
                        return Ok(Landed::WasThere(name));
                    }
                    number += 1;
                }
                Err(error) if refuses_name(error) && portable(&plain) != plain => {
                    plain = portable(&plain);
                    number = 1;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// A folder below the root, one name after the other. Where a file or a link has a name, the
    /// folder is a numbered one.
    fn folder(&self, names: &[OsString], missing: Missing) -> io::Result<Option<OwnedFd>> {
        let mut folder = self.root.try_clone()?;
        for name in names {
            let Some(next) = enter(&folder, name, missing)? else {
                return Ok(None);
            };
            folder = next;
        }
        Ok(Some(folder))
    }

    fn clear(&self) -> io::Result<()> {
        for entry in rustix::fs::Dir::read_from(&self.scratch)? {
            let entry = entry?;
            let name = OsStr::from_bytes(entry.file_name().to_bytes());
            // Only what this code has made: its names are UUIDs.
            if name
                .to_str()
                .is_some_and(|name| Uuid::parse_str(name).is_ok())
            {
                rustix::fs::unlinkat(&self.scratch, name, AtFlags::empty())?;
            }
        }
        Ok(())
    }
}

/// What was made for downloads goes away where nothing else is in it.
impl Drop for Ground {
    fn drop(&mut self) {
        let private = enter(&self.root, OsStr::new(PRIVATE), Missing::IsSaid);
        let removed = private.and_then(|private| match private {
            Some(private) => {
                rustix::fs::unlinkat(&private, SCRATCH, AtFlags::REMOVEDIR)?;
                Ok(rustix::fs::unlinkat(
                    &self.root,
                    PRIVATE,
                    AtFlags::REMOVEDIR,
                )?)
            }
            None => Ok(()),
        });
        if let Err(error) = removed {
            tracing::debug!(path = %self.path.display(), %error, "a folder of ours stays");
        }
    }
}

/// Where a photo is now.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Landed {
    Here(OsString),
    WasThere(OsString),
}

/// The shown path of a name in a place.
pub(super) fn shown(ground: &Ground, place: &Place, name: &OsStr) -> String {
    let mut path = ground.path().to_owned();
    path.extend(&place.folders);
    path.push(from_bytes(name.as_bytes().to_vec()));
    crate::path_bytes::shown(&path)
}

#[cfg(test)]
mod tests;
