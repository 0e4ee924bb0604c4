//! The files of a folder destination: finding, reading and hashing them.
//!
//! **Invariant:** no symbolic link below the root is followed, so nothing outside is touched.

use crate::{Error, Key, Layout, Object, Sha256};
use bytes::Bytes;
use jiff::Timestamp;
use sha2::Digest;
use std::fmt::Display;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Large enough that the calls cost nothing, small enough for a cache.
pub(super) const CHUNK: usize = 256 * 1024;

/// What a crash left half written is removed at this age.
const ABANDONED: Duration = Duration::from_secs(24 * 60 * 60);

/// What half-written files are called where there is no `.imgn/`: no server of the original imgn shows them.
const HALF_WRITTEN: &str = ".imgn-tmp-";

/// A folder, and how files lie in it.
#[derive(Debug, Clone)]
pub(super) struct Disk {
    root: PathBuf,
    layout: Layout,
}

impl Disk {
    pub(super) fn new(root: PathBuf) -> Self {
        Self {
            root,
            layout: Layout::Library,
        }
    }

    pub(super) fn layout(&self) -> Layout {
        self.layout
    }

    pub(super) fn set_layout(&mut self, layout: Layout) {
        self.layout = layout;
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The name of this destination in messages.
    pub(super) fn place(&self) -> String {
        self.root.display().to_string()
    }

    /// Where a file of ours lies until it is whole.
    pub(super) fn temporary(&self, name: impl Display) -> PathBuf {
        let folder = self.temporary_folder();
        match self.layout {
            Layout::Library => folder.join(name.to_string()),
            Layout::Original => folder.join(format!("{HALF_WRITTEN}{name}")),
        }
    }

    pub(super) fn temporary_folder(&self) -> PathBuf {
        match self.layout {
            Layout::Library => self.root.join(".imgn").join("tmp"),
            Layout::Original => self.root.clone(),
        }
    }

    /// The root itself is never made: where it is not, nothing is mounted.
    pub(super) fn make_temporary_folder(&self) -> io::Result<()> {
        match self.layout {
            Layout::Library => fs::create_dir_all(self.temporary_folder()),
            Layout::Original => Ok(()),
        }
    }

    /// Whether a file of this name, straight below the root, is one of ours that is not whole.
    pub(super) fn is_half_written(&self, name: &str) -> bool {
        self.layout == Layout::Original && name.starts_with(HALF_WRITTEN)
    }

    pub(super) fn create(&self) -> Result<(), Error> {
        match fs::create_dir(&self.root) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::AlreadyExists && self.root.is_dir() => Ok(()),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(self.not_mounted()),
            Err(error) => Err(self.unwritable(&self.root, error)),
        }
    }

    /// Removes what earlier runs left half written.
    pub(super) fn sweep(&self) {
        let Ok(entries) = fs::read_dir(self.temporary_folder()) else {
            return;
        };
        let ours = |entry: &fs::DirEntry| {
            let name = entry.file_name();
            self.layout == Layout::Library || self.is_half_written(&name.to_string_lossy())
        };
        for entry in entries.flatten().filter(ours) {
            let age = entry.metadata().and_then(|file| file.modified()).ok();
            let age = age.and_then(|at| SystemTime::now().duration_since(at).ok());
            if age.is_some_and(|age| age > ABANDONED)
                && let Err(error) = fs::remove_file(entry.path())
            {
                tracing::warn!(path = %entry.path().display(), %error, "a leftover stays");
            }
        }
    }

    pub(super) fn head(&self, key: &Key) -> Result<Option<Object>, Error> {
        Ok(self
            .find(key)?
            .map(|(_, file)| object(key.as_str().to_owned(), &file)))
    }

    pub(super) fn get(&self, key: &Key, limit: u64) -> Result<Option<Bytes>, Error> {
        let Some((path, _)) = self.find(key)? else {
            return Ok(None);
        };
        let read = || {
            let mut bytes = Vec::new();
            File::open(&path)?
                .take(limit.saturating_add(1))
                .read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let bytes = read().map_err(|error| self.unreadable_object(&path, error))?;
        if bytes.len() as u64 > limit {
            return Err(Error::TooLarge {
                key: key.to_string(),
                limit,
            });
        }
        Ok(Some(bytes.into()))
    }

    /// The file under `key`, and what is to be seen of it.
    pub(super) fn open(&self, key: &Key) -> Result<Option<(Object, File)>, Error> {
        let Some((path, _)) = self.find(key)? else {
            return Ok(None);
        };
        let open = || {
            let file = crate::source::open(&path)?;
            let metadata = file.metadata()?;
            Ok((object(key.as_str().to_owned(), &metadata), file))
        };
        open()
            .map(Some)
            .map_err(|error| self.unreadable_object(&path, error))
    }

    /// `name` is a key, or what a list of this folder showed.
    pub(super) fn download(&self, name: &str, to: &Path) -> Result<Sha256, Error> {
        let missing = || Error::Missing {
            place: self.place(),
            key: name.to_owned(),
        };
        // Nothing that a walk below the root finds has such a segment.
        if name
            .split('/')
            .any(|segment| matches!(segment, "" | "." | ".."))
        {
            return Err(missing());
        }
        let (path, _) = self.find_named(name)?.ok_or_else(missing)?;
        let mut from = File::open(&path).map_err(|error| self.unreadable_object(&path, error))?;
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(to)
            .map_err(|error| io_error(to, error))?;
        // From here on the file is ours, and goes away unless it becomes whole.
        let guard = tempfile::TempPath::try_from_path(to).map_err(|error| io_error(to, error))?;
        // A full disk here says nothing about the far side.
        let mut failed_to_write = None;
        let copied = hash(&mut from, |chunk| {
            file.write_all(chunk).map_err(|error| {
                failed_to_write = Some(error);
                ErrorKind::WriteZero.into()
            })
        });
        let sha256 = match (copied, failed_to_write) {
            (_, Some(error)) => return Err(io_error(to, error)),
            (Err(error), None) => return Err(self.unreadable_object(&path, error)),
            (Ok(sha256), None) => sha256,
        };
        file.sync_all().map_err(|error| io_error(to, error))?;
        guard.keep().map_err(|error| io_error(to, error.error))?;
        Ok(sha256)
    }

    /// Whether exactly these bytes stand under `key`, read from the disk now.
    pub(super) fn holds(&self, key: &Key, size: u64, sha256: &Sha256) -> Result<bool, Error> {
        match self.find(key)? {
            Some((path, file)) if file.len() == size => Ok(self.hash_of(&path)? == *sha256),
            _ => Ok(false),
        }
    }

    /// The SHA-256 of a file, from the disk rather than from memory where the system can.
    pub(super) fn hash_of(&self, path: &Path) -> Result<Sha256, Error> {
        let read = || {
            let mut file = File::open(path)?;
            forget_cached(&file);
            hash(&mut file, |_| Ok(()))
        };
        read().map_err(|error| self.unreadable_object(path, error))
    }

    /// The regular file under `key`, if any.
    pub(super) fn find(&self, key: &Key) -> Result<Option<(PathBuf, Metadata)>, Error> {
        self.find_named(key.as_str())
    }

    fn find_named(&self, name: &str) -> Result<Option<(PathBuf, Metadata)>, Error> {
        let path = self.path_named(name)?;
        match fs::symlink_metadata(&path) {
            Ok(file) if file.is_file() => Ok(Some((path, file))),
            Ok(file) if file.is_symlink() => Err(io_error(&path, link_error())),
            Ok(_) => Ok(None),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(self.unreadable_object(&path, error)),
        }
    }

    /// Where `key` lies, once no folder on the way is a link to elsewhere.
    pub(super) fn path(&self, key: &Key) -> Result<PathBuf, Error> {
        self.path_named(key.as_str())
    }

    fn path_named(&self, name: &str) -> Result<PathBuf, Error> {
        let mut path = self.root.clone();
        let mut segments = name.split('/').peekable();
        while let Some(segment) = segments.next() {
            path.push(segment);
            if segments.peek().is_some()
                && fs::symlink_metadata(&path).is_ok_and(|folder| folder.is_symlink())
            {
                return Err(io_error(&path, link_error()));
            }
        }
        Ok(path)
    }

    /// What it means that the folder cannot be written: a state of the whole destination.
    pub(super) fn unwritable(&self, path: &Path, error: io::Error) -> Error {
        self.fault("write", path, error)
    }

    /// What it means that the folder itself, or what imgn keeps in it, cannot be read.
    pub(super) fn unreadable(&self, path: &Path, error: io::Error) -> Error {
        self.fault("read", path, error)
    }

    /// What it means that one object cannot be read: the others may well be.
    fn unreadable_object(&self, path: &Path, error: io::Error) -> Error {
        match error.kind() {
            ErrorKind::PermissionDenied => io_error(path, error),
            _ => self.unreadable(path, error),
        }
    }

    fn fault(&self, action: &str, path: &Path, error: io::Error) -> Error {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Error::Full {
                place: self.place(),
            },
            ErrorKind::NotFound if !self.root.is_dir() => self.not_mounted(),
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Error::NoAccess {
                place: self.place(),
                action: action.to_owned(),
            },
            _ => io_error(path, error),
        }
    }

    pub(super) fn not_mounted(&self) -> Error {
        Error::NotMounted {
            place: self.place(),
        }
    }
}

fn io_error(path: &Path, source: io::Error) -> Error {
    Error::Io {
        path: path.to_owned(),
        source,
    }
}

/// One entry of a list.
pub(super) fn object(key: String, file: &Metadata) -> Object {
    let modified = file
        .modified()
        .ok()
        .and_then(|at| Timestamp::try_from(at).ok());
    Object {
        key,
        size: file.len(),
        etag: None,
        modified,
        sha256: None,
        mtime: modified,
    }
}

/// Reads to the end, handing each chunk on.
pub(super) fn hash(
    from: &mut impl Read,
    mut chunk: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<Sha256> {
    let mut hasher = sha2::Sha256::new();
    let mut buffer = vec![0; CHUNK];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(hasher.finalize().into()),
            Ok(n) => {
                hasher.update(&buffer[..n]);
                chunk(&buffer[..n])?;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn link_error() -> io::Error {
    io::Error::new(
        ErrorKind::InvalidInput,
        "it is a symbolic link, which is not followed here",
    )
}

/// Asks the system to read from the disk; where it cannot, what it remembers has to do.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
fn forget_cached(file: &File) {
    if let Err(error) = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed) {
        tracing::debug!(%error, "reading back from memory");
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
fn forget_cached(_file: &File) {}
