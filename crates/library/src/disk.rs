//! Which disk a directory lies on.
//!
//! A *disk* is a mounted file system, told from another in its place by what it calls itself.
//!
//! **Invariant:** nothing here reads a file of a person's.

use crate::mounts;
use rustix::fs::StatVfs;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A file system as it is mounted now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Disk {
    /// Its number while it is mounted; another mount may have another one.
    pub(crate) device: u64,
    /// What it calls itself, as far as it does.
    pub(crate) name: String,
    pub(crate) naming: Naming,
}

/// Whether a name tells a disk from all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Naming {
    /// An identifier that was made with the file system.
    OfItsOwn,
    /// Only where it is plugged in: memory cards and network shares may look alike.
    OfItsPlace,
}

/// The disk that `directory` lies on.
pub(crate) fn of(directory: &Path) -> io::Result<Disk> {
    let device = fs::metadata(directory)?.dev();
    let id = rustix::fs::statvfs(directory)
        .map(|stat: StatVfs| stat.f_fsid)
        .unwrap_or(0);
    // FAT and others without an identifier give the device's number in its place.
    let own_id = (id != 0 && id != encoded(device)).then(|| format!("id:{id:016x}"));
    let (name, naming) = match own_id.or_else(|| uuid(device)) {
        Some(name) => (name, Naming::OfItsOwn),
        None => (format!("device:{device:x}"), Naming::OfItsPlace),
    };
    Ok(Disk {
        device,
        name,
        naming,
    })
}

/// Where other disks are mounted below `root`, in the system's order; empty where the system
/// does not tell.
pub(crate) fn mounted_below(root: &Path) -> Vec<(PathBuf, String)> {
    mounts::now()
        .into_iter()
        .filter(|mount| mount.point != root && mount.point.starts_with(root))
        .map(|mount| (mount.point, mount.device))
        .collect()
}

/// As udev knows it, for file systems such as FAT.
fn uuid(device: u64) -> Option<String> {
    fs::read_dir("/dev/disk/by-uuid")
        .ok()?
        .flatten()
        .find_map(|entry| {
            let named = fs::metadata(entry.path()).ok()?;
            (named.rdev() == device)
                .then(|| format!("uuid:{}", entry.file_name().to_string_lossy()))
        })
}

/// The kernel's encoding of a device number in 32 bits, as `statfs` has it.
fn encoded(device: u64) -> u64 {
    let (major, minor) = (
        u64::from(rustix::fs::major(device)),
        u64::from(rustix::fs::minor(device)),
    );
    (minor & 0xff) | (major << 8) | ((minor & !0xff) << 12)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_lies_on_the_disk_of_its_parent_and_not_on_that_of_proc() {
        let directory = tempfile::tempdir().unwrap();
        let inner = directory.path().join("inner");
        fs::create_dir(&inner).unwrap();
        assert_eq!(of(&inner).unwrap(), of(directory.path()).unwrap());
        assert_ne!(
            of(Path::new("/proc")).unwrap().name,
            of(directory.path()).unwrap().name
        );
    }

    #[test]
    fn what_is_mounted_below_a_folder_is_found() {
        let below = mounted_below(Path::new("/"));
        assert!(below.iter().any(|(path, _)| path == Path::new("/proc")));
        assert_eq!(mounted_below(Path::new("/no/such/folder")), []);
    }
}
