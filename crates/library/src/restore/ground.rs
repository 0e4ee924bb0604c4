//! The folder that photos are restored into: its folders, what lies in them, and how a photo lands.
//!
//! **Invariant:** nothing is written but below the folder, and nothing that is there is replaced. Every
//! folder is opened below its parent and no link is followed; a file appears under its name whole, by
//! a move that cannot replace.

use super::place::{Place, portable};
use crate::hash;
use crate::landing;
use crate::numbered::numbered;
use crate::path_bytes::from_bytes;
use remote::Sha256;
use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::{AtFlags, FileType, FlockOperation, Mode, OFlags};
use rustix::io::Errno;
use std::ffi::{OsStr, OsString};
use std::fs::File;
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

#[derive(Debug, Clone, Copy)]
enum Missing {
    IsMade,
    IsSaid,
}

const FOLDER: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);

/// A folder of imgn's own: a link or a file under its name is not used.
fn own(parent: impl AsFd, name: &OsStr) -> io::Result<OwnedFd> {
    match rustix::fs::mkdirat(&parent, name, Mode::from_raw_mode(0o777)) {
        Ok(()) | Err(Errno::EXIST) => {}
        Err(error) => return Err(error.into()),
    }
    rustix::fs::openat(&parent, name, FOLDER, Mode::empty()).map_err(|error| match error {
        Errno::NOTDIR | Errno::LOOP => io::Error::other(format!(
            "{} is no folder there, but a file or a link",
            name.display()
        )),
        error => error.into(),
    })
}

fn enter(parent: &OwnedFd, name: &OsStr, missing: Missing) -> io::Result<Option<OwnedFd>> {
    let mut plain = name.to_owned();
    let mut number = 1;
    while number < MOST_TWINS {
        let name = numbered(&plain, number);
        match rustix::fs::openat(parent, &name, FOLDER, Mode::empty()) {
            Ok(folder) => return Ok(Some(folder)),
            Err(Errno::NOTDIR | Errno::LOOP) => number += 1,
            Err(Errno::NOENT) => match missing {
                Missing::IsSaid => return Ok(None),
                Missing::IsMade => {
                    match rustix::fs::mkdirat(parent, &name, Mode::from_raw_mode(0o777)) {
                        Ok(()) => rustix::fs::fsync(parent)?,
                        // Another photo of this folder was quicker, or a link leads nowhere.
                        Err(Errno::EXIST) => {
                            let there =
                                rustix::fs::statat(parent, &name, AtFlags::SYMLINK_NOFOLLOW)?;
                            if FileType::from_raw_mode(there.st_mode) != FileType::Directory {
                                number += 1;
                            }
                        }
                        Err(error) if refuses_name(error) && portable(&plain) != plain => {
                            plain = portable(&plain);
                            number = 1;
                        }
                        Err(error) => return Err(error.into()),
                    }
                }
            },
            Err(error) if refuses_name(error) && portable(&plain) != plain => {
                plain = portable(&plain);
                number = 1;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// A name that this file system cannot hold.
fn refuses_name(error: Errno) -> bool {
    matches!(
        error,
        Errno::INVAL | Errno::ILSEQ | Errno::NAMETOOLONG | Errno::NOENT
    )
}

#[derive(Debug, PartialEq, Eq)]
enum Found {
    Nothing,
    /// A folder, a link, something special, or a file of another size.
    Other,
    /// A file of the size that was asked for.
    AsLong(Sha256),
}

fn found(folder: &OwnedFd, name: &OsStr, size: u64) -> io::Result<Found> {
    let stat = match rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) => stat,
        Err(error) if refuses_name(error) => return Ok(Found::Nothing),
        Err(error) => return Err(error.into()),
    };
    let is_file = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
    if !is_file || u64::try_from(stat.st_size) != Ok(size) {
        return Ok(Found::Other);
    }
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let mut file = match rustix::fs::openat(folder, name, flags, Mode::empty()) {
        Ok(file) => File::from(file),
        // What cannot be read is somebody's, and not what was asked for.
        Err(Errno::ACCESS | Errno::PERM | Errno::LOOP) => return Ok(Found::Other),
        Err(error) => return Err(error.into()),
    };
    Ok(Found::AsLong(hash::reader(&mut file)?))
}

/// The shown path of a name in a place.
pub(super) fn shown(ground: &Ground, place: &Place, name: &OsStr) -> String {
    let mut path = ground.path().to_owned();
    path.extend(&place.folders);
    path.push(from_bytes(name.as_bytes().to_vec()));
    crate::path_bytes::shown(&path)
}

#[cfg(test)]
mod tests {
    use super::super::place;
    use super::*;
    use sha2::Digest;
    use std::fs;
    use std::os::unix::fs::symlink;

    struct Folder {
        outside: tempfile::TempDir,
        ground: Ground,
    }

    impl Folder {
        fn new() -> Self {
            let outside = tempfile::tempdir().unwrap();
            let ground = Ground::open(outside.path().join("back")).unwrap();
            Self { outside, ground }
        }

        fn inside(&self, path: &str) -> PathBuf {
            self.ground.path().join(path)
        }

        fn land(&self, key: &str, bytes: &str) -> Landed {
            let file = self.ground.scratch();
            fs::write(&file, bytes).unwrap();
            let arrival = Arrival {
                file: &file,
                size: bytes.len() as u64,
                sha256: sha256(bytes),
                mtime: Some(SystemTime::UNIX_EPOCH),
            };
            self.ground.land(&place::of(key, None), &arrival).unwrap()
        }

        fn read(&self, path: &str) -> String {
            fs::read_to_string(self.inside(path)).unwrap()
        }
    }

    fn sha256(bytes: &str) -> Sha256 {
        sha2::Sha256::digest(bytes).into()
    }

    #[test]
    fn a_photo_lands_once_and_replaces_nothing() {
        let folder = Folder::new();
        let here = |name: &str| Landed::Here(name.into());
        assert_eq!(folder.land("2019/06/a.jpg", "one"), here("a.jpg"));
        assert_eq!(folder.land("2019/06/a.jpg", "two"), here("a (2).jpg"));
        assert_eq!(
            folder.land("2019/06/a.jpg", "two"),
            Landed::WasThere("a (2).jpg".into())
        );
        assert_eq!(folder.read("2019/06/a.jpg"), "one");
        assert_eq!(folder.read("2019/06/a (2).jpg"), "two");
        let landed = fs::metadata(folder.inside("2019/06/a.jpg")).unwrap();
        assert_eq!(landed.modified().unwrap(), SystemTime::UNIX_EPOCH);
        let standing = |bytes: &str| {
            let place = place::of("2019/06/a.jpg", None);
            folder
                .ground
                .standing(&place, 3, Some(&sha256(bytes)))
                .unwrap()
        };
        assert_eq!(standing("two"), Standing::There);
        fs::remove_file(folder.inside("2019/06/a.jpg")).unwrap();
        assert_eq!(
            standing("two"),
            Standing::There,
            "the first name is free again"
        );
        assert_eq!(
            standing("six"),
            Standing::Absent {
                as_long: vec![sha256("two")]
            }
        );
    }

    #[test]
    fn links_are_not_followed_and_files_are_not_folders() {
        let folder = Folder::new();
        let outside = folder.outside.path().join("outside");
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("a.jpg"), "not yours").unwrap();
        symlink(&outside, folder.inside("2019")).unwrap();
        symlink(folder.inside("nowhere"), folder.inside("2020")).unwrap();
        fs::create_dir(folder.inside("2021")).unwrap();
        symlink(outside.join("a.jpg"), folder.inside("2021/a.jpg")).unwrap();
        symlink(outside.join("new.jpg"), folder.inside("2021/new.jpg")).unwrap();
        fs::write(folder.inside("2022"), "a file").unwrap();
        fs::create_dir_all(folder.inside("2023/a.jpg")).unwrap();
        for (key, lands) in [
            ("2019/a.jpg", "2019 (2)/a.jpg"),
            ("2020/a.jpg", "2020 (2)/a.jpg"),
            ("2021/a.jpg", "2021/a (2).jpg"),
            ("2021/new.jpg", "2021/new (2).jpg"),
            ("2022/a.jpg", "2022 (2)/a.jpg"),
            ("2023/a.jpg", "2023/a (2).jpg"),
            ("../../a.jpg", "%2E%2E/%2E%2E/a.jpg"),
            ("a.jpg", "a.jpg"),
            ("a.jpg/b.jpg", "a (2).jpg/b.jpg"),
        ] {
            folder.land(key, key);
            assert_eq!(folder.read(lands), key);
        }
        assert_eq!(fs::read_dir(&outside).unwrap().count(), 1);
        assert_eq!(
            fs::read_to_string(outside.join("a.jpg")).unwrap(),
            "not yours"
        );
        assert_eq!(folder.read("2022"), "a file");
        assert_eq!(fs::read_dir(folder.outside.path()).unwrap().count(), 2);
    }

    #[test]
    fn one_restore_at_a_time_clears_what_was_left_and_leaves_nothing() {
        let folder = Folder::new();
        let path = folder.ground.path().to_owned();
        assert!(Ground::open(path.clone()).is_err());
        fs::write(folder.ground.scratch(), "half").unwrap();
        drop(folder.ground);
        fs::write(path.join(".imgn/restore/theirs"), "kept").unwrap();
        let again = Ground::open(path.clone()).unwrap();
        let left: Vec<_> = fs::read_dir(path.join(".imgn/restore")).unwrap().collect();
        assert_eq!(left.len(), 1, "{left:?}");
        fs::remove_file(path.join(".imgn/restore/theirs")).unwrap();
        drop(again);
        assert_eq!(fs::read_dir(&path).unwrap().count(), 0);
    }

    #[test]
    fn a_link_in_the_place_of_imgns_own_folder_is_not_used() {
        let outside = tempfile::tempdir().unwrap();
        let back = outside.path().join("back");
        fs::create_dir(&back).unwrap();
        fs::create_dir(outside.path().join("elsewhere")).unwrap();
        symlink(outside.path().join("elsewhere"), back.join(".imgn")).unwrap();
        assert!(Ground::open(back).is_err());
        assert_eq!(
            fs::read_dir(outside.path().join("elsewhere"))
                .unwrap()
                .count(),
            0
        );
    }
}
