//! Reads a watched folder: which files are there, without opening any.
//!
//! **Invariant:** symbolic links are not followed, a directory is entered once (by device and
//! inode), and `.imgn/` is never entered.

mod lookers;

use crate::disk::{self, Disk};
use crate::on_disk::Files;
use crate::plan::Seen;
use lookers::{Lookers, is_over};
use media::Kind;
use std::collections::{BTreeMap, HashSet};
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::thread::Scope;
use std::time::Instant;

/// What a look at a folder found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listing {
    /// Device and inode of the root.
    pub(crate) root: (u64, u64),
    /// Everything that is no directory, by path below the root.
    pub(crate) files: Files,
    /// Directories that could not be listed, below the root.
    pub(crate) unreadable: Vec<PathBuf>,
    /// The disk of the root, and those mounted below it, by where (relative; the root is empty).
    pub(crate) disks: BTreeMap<PathBuf, Disk>,
}

/// Lists the folder, but for what lies in `left_out` (absolute paths).
///
/// An error means that the root itself is not there.
pub(crate) fn everything(root: &Path, left_out: &[PathBuf]) -> io::Result<Listing> {
    let mut walk = Walk::begin(root, left_out)?;
    walk.directory(PathBuf::new());
    Ok(walk.listing)
}

/// Whether a list has all that there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    Whole,
    CutShort,
}

/// [`everything`], as far as one comes until then.
pub(crate) fn until(
    deadline: Instant,
    root: &Path,
    left_out: &[PathBuf],
) -> io::Result<(Listing, Extent)> {
    let mut walk = Walk::begin(root, left_out)?;
    walk.deadline = Some(deadline);
    walk.directory(PathBuf::new());
    Ok((walk.listing, walk.extent))
}

/// Lists what lies at and under some relative paths.
pub(crate) fn only(root: &Path, paths: &[PathBuf], left_out: &[PathBuf]) -> io::Result<Listing> {
    let mut walk = Walk::begin(root, left_out)?;
    for path in paths {
        walk.path(path);
    }
    Ok(walk.listing)
}

/// What the system says about one file; links are not followed.
pub(crate) fn seen(path: &Path) -> io::Result<(Seen, Metadata)> {
    let metadata = fs::symlink_metadata(path)?;
    Ok((Seen::of(&metadata), metadata))
}

/// For how long a file has not changed, in milliseconds; negative when its clock is ahead.
pub(crate) fn age(metadata: &Metadata, now: i64) -> i64 {
    now.saturating_sub(Seen::of(metadata).mtime_ms())
}

/// Where imgn keeps things of its own.
const PRIVATE: &str = ".imgn";

/// Whether it is, or lies in, a folder of imgn's own, whatever its case: some file systems fold it.
pub(crate) fn is_private(path: &Path) -> bool {
    path.components()
        .any(|part| part.as_os_str().eq_ignore_ascii_case(PRIVATE))
}

/// Whether it is called like a photo, whatever is in it.
pub(crate) fn has_photo_name(path: &Path) -> bool {
    // No picture begins like this: what remains is what the name says.
    Kind::of(b"?", path.file_name().unwrap_or_default()) == Kind::Unreadable
}

impl Listing {
    /// Where the innermost disk that holds `path` is mounted.
    pub(crate) fn place_of(&self, path: &Path) -> &Path {
        path.ancestors()
            .find_map(|ancestor| self.disks.get_key_value(ancestor))
            .map_or(Path::new(""), |(place, _)| place)
    }
}

impl Seen {
    pub(crate) fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            size: metadata.size(),
            mtime_ns: nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
            ctime_ns: nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    /// Whether nobody wrote a file between these two looks, as far as one can tell without reading it.
    pub(crate) fn has_size_and_time_of(self, other: Self) -> bool {
        self.size == other.size && self.mtime_ns == other.mtime_ns
    }

    /// Milliseconds.
    pub(crate) fn mtime_ms(self) -> i64 {
        self.mtime_ns.div_euclid(1_000_000)
    }
}

fn nanoseconds(seconds: i64, nanoseconds: i64) -> i64 {
    seconds
        .saturating_mul(1_000_000_000)
        .saturating_add(nanoseconds)
}

struct Walk<'a> {
    root: &'a Path,
    left_out: &'a [PathBuf],
    entered: HashSet<(u64, u64)>,
    /// Directories above what is listed alone that are known to be no links.
    no_links: HashSet<PathBuf>,
    deadline: Option<Instant>,
    extent: Extent,
    listing: Listing,
}

impl<'a> Walk<'a> {
    fn begin(root: &'a Path, left_out: &'a [PathBuf]) -> io::Result<Self> {
        let metadata = fs::metadata(root)?;
        // A root that cannot be listed is as good as not there.
        fs::read_dir(root)?;
        let disk = disk::of(root)?;
        let root_identity = (metadata.dev(), metadata.ino());
        let listing = Listing {
            root: root_identity,
            files: Files::default(),
            unreadable: Vec::new(),
            disks: BTreeMap::from([(PathBuf::new(), disk)]),
        };
        Ok(Self {
            root,
            left_out,
            entered: HashSet::new(),
            no_links: HashSet::new(),
            deadline: None,
            extent: Extent::Whole,
            listing,
        })
    }

    fn path(&mut self, relative: &Path) {
        let absolute = self.root.join(relative);
        if is_private(relative) || self.left_out.iter().any(|out| absolute.starts_with(out)) {
            return;
        }
        if self.is_behind_link(relative) {
            return;
        }
        match fs::symlink_metadata(&absolute) {
            Ok(metadata) if metadata.is_dir() => self.directory(relative.to_owned()),
            Ok(metadata) => {
                self.listing
                    .files
                    .insert(relative.to_owned(), Seen::of(&metadata));
            }
            // A file may lie where a directory was.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) => {}
            Err(_) => self.listing.unreadable.push(relative.to_owned()),
        }
    }

    /// Links are not followed: what lies behind one is not in the folder, whoever tells of it.
    fn is_behind_link(&mut self, relative: &Path) -> bool {
        let mut above: Vec<&Path> = relative.ancestors().skip(1).collect();
        // The root may be a link.
        above.pop();
        for directory in above.into_iter().rev() {
            if self.no_links.contains(directory) {
                continue;
            }
            let metadata = fs::symlink_metadata(self.root.join(directory));
            if metadata.is_ok_and(|metadata| metadata.is_symlink()) {
                return true;
            }
            self.no_links.insert(directory.to_owned());
        }
        false
    }

    /// Depth first, with its own stack: depth is bounded by the disk, not by ours.
    fn directory(&mut self, start: PathBuf) {
        let mut stack = vec![start];
        while !stack.is_empty() {
            std::thread::scope(|scope| {
                let mut lookers = Lookers::until(self.deadline);
                while let Some(relative) = stack.pop() {
                    if self.is_late() {
                        stack.clear();
                        break;
                    }
                    let absolute = self.root.join(&relative);
                    if let Err(error) =
                        self.list(&relative, &absolute, &mut stack, &mut lookers, scope)
                    {
                        tracing::warn!(path = %absolute.display(), %error, "cannot list a folder");
                        self.listing.unreadable.push(relative);
                    }
                }
                let looked = lookers.end();
                let found = looked.iter().map(|looked| looked.files.len());
                self.listing.files.reserve(found.sum());
                for looked in looked {
                    if looked.extent == Extent::CutShort {
                        self.extent = Extent::CutShort;
                    }
                    for (path, seen) in looked.files {
                        self.listing.files.insert(path, seen);
                    }
                    self.listing.unreadable.extend(looked.unreadable);
                    // Put in a file's place just now.
                    let late = looked.directories.into_iter();
                    stack.extend(late.filter(|relative| self.is_entered(relative)));
                }
            });
        }
    }

    fn is_late(&mut self) -> bool {
        if is_over(self.deadline) {
            self.extent = Extent::CutShort;
        }
        self.extent == Extent::CutShort
    }

    /// Whether the directory at `relative` is looked into; those around it are.
    fn is_entered(&self, relative: &Path) -> bool {
        let name = relative.file_name().unwrap_or_default();
        !name.eq_ignore_ascii_case(PRIVATE) && !self.left_out.contains(&self.root.join(relative))
    }

    fn list<'scope>(
        &mut self,
        relative: &Path,
        absolute: &Path,
        stack: &mut Vec<PathBuf>,
        lookers: &mut Lookers<'scope>,
        scope: &'scope Scope<'scope, '_>,
    ) -> io::Result<()> {
        let metadata = fs::metadata(absolute)?;
        if !self.entered.insert((metadata.dev(), metadata.ino())) {
            return Ok(());
        }
        let parent_device = match absolute.parent() {
            Some(parent) if !relative.as_os_str().is_empty() => fs::metadata(parent)?.dev(),
            _ => metadata.dev(),
        };
        if parent_device != metadata.dev() {
            let disk = disk::of(absolute)?;
            self.listing.disks.insert(relative.to_owned(), disk);
        }
        let mut entries = Vec::new();
        for entry in fs::read_dir(absolute)? {
            if self.is_late() {
                break;
            }
            let entry = entry?;
            if !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                entries.push(entry);
            } else {
                let below = relative.join(entry.file_name());
                if self.is_entered(&below) {
                    stack.push(below);
                }
            }
        }
        lookers.look_at(relative, entries, scope);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(listing: &Listing) -> Vec<String> {
        let mut names: Vec<_> = listing
            .files
            .paths()
            .map(|path| path.display().to_string())
            .collect();
        names.sort();
        names
    }

    fn tree(paths: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for path in paths {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        root
    }

    #[test]
    fn lists_files_in_folders_but_not_what_is_imgns_own() {
        let root = tree(&[
            "a.jpg",
            "2019/b.jpg",
            ".hidden/c.jpg",
            ".imgn/d.jpg",
            "2019/.imgn/e.jpg",
            "2020/.IMGN/e.jpg",
            "nas/f.jpg",
        ]);
        let listing = everything(root.path(), &[root.path().join("nas")]).unwrap();
        assert_eq!(names(&listing), [".hidden/c.jpg", "2019/b.jpg", "a.jpg"]);
    }

    #[test]
    fn links_are_seen_but_not_followed() {
        let root = tree(&["a/photo.jpg"]);
        std::os::unix::fs::symlink(root.path(), root.path().join("a/loop")).unwrap();
        let listing = everything(root.path(), &[]).unwrap();
        assert_eq!(names(&listing), ["a/loop", "a/photo.jpg"]);
    }

    #[test]
    fn a_part_is_listed_alone() {
        let root = tree(&["a/1.jpg", "b/2.jpg", "c.jpg", ".imgn/d.jpg"]);
        let paths = ["a", "c.jpg", "gone.jpg", ".imgn/d.jpg"].map(PathBuf::from);
        assert_eq!(
            names(&only(root.path(), &paths, &[]).unwrap()),
            ["a/1.jpg", "c.jpg"]
        );
    }

    #[test]
    fn what_lies_behind_a_link_is_not_in_the_folder() {
        let outside = tree(&["photo.jpg", "below/photo.jpg"]);
        let root = tree(&["a/photo.jpg", "a/b/photo.jpg"]);
        let link = root.path().join("a/link");
        std::os::unix::fs::symlink(outside.path(), &link).unwrap();
        let told = [
            "a/link/photo.jpg",
            "a/link/below",
            "a/link/below/photo.jpg",
            "a/b/photo.jpg",
            "a/link",
        ];
        let listing = only(root.path(), &told.map(PathBuf::from), &[]).unwrap();
        assert_eq!(names(&listing), ["a/b/photo.jpg", "a/link"]);

        let home = tempfile::tempdir().unwrap();
        let pictures = home.path().join("Pictures");
        std::os::unix::fs::symlink(root.path(), &pictures).unwrap();
        let listing = only(&pictures, &["a/photo.jpg".into()], &[]).unwrap();
        assert_eq!(names(&listing), ["a/photo.jpg"]);
    }

    #[test]
    fn a_look_ends_when_its_time_is_over_and_says_so() {
        let root = tree(&["a/1.jpg", "b/2.jpg", "c.jpg"]);
        let now = Instant::now();
        let (listing, extent) = until(now, root.path(), &[]).unwrap();
        assert_eq!((names(&listing), extent), (Vec::new(), Extent::CutShort));
        let later = now + std::time::Duration::from_secs(60);
        let (listing, extent) = until(later, root.path(), &[]).unwrap();
        assert_eq!((listing.files.len(), extent), (3, Extent::Whole));
    }

    #[test]
    fn a_missing_root_is_an_error() {
        let root = tempfile::tempdir().unwrap();
        assert!(everything(&root.path().join("not there"), &[]).is_err());
    }
}
