//! One card or camera from when it is plugged in until it is pulled out: its place, its pictures, and
//! whether it is still there.

use super::place::{self, Meant};
use crate::mounts::{self, Mount};
use crate::scan;
use std::fs;
use std::path::{Path, PathBuf};

/// Where cameras put pictures, below the root of a card (DCF, JEITA CP-3461).
const PICTURES: &str = "DCIM";

/// Where some cameras put films, beside the pictures (AVCHD, XAVC S), and the small copies that they keep of them.
const FILMS: &str = "PRIVATE";
const SMALL_COPIES: &str = "SUB";

/// What films are called; what they are, only their bytes tell.
const FILM_EXTENSIONS: [&str; 11] = [
    "3gp", "avi", "insv", "m2ts", "m4v", "mkv", "mov", "mp4", "mpg", "mts", "webm",
];

/// Where the kernel shows the block devices that are there, by number.
const BLOCK_DEVICES: &str = "/sys/dev/block";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Insertion {
    /// A card's mount point, or a camera's folder.
    pub(crate) root: PathBuf,
    pub(crate) name: String,
    kind: Kind,
    mount: Mount,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Card,
    Camera,
}

/// What a look through a card found, without opening any file.
#[derive(Debug, Default)]
pub(super) struct Listed {
    /// Of each file that is called like a photo.
    pub(super) sizes: Vec<u64>,
    /// Files that are called like films.
    pub(super) videos: u32,
}

/// Everything that is plugged in, whether it has pictures or not.
pub(super) fn here() -> Vec<Insertion> {
    let mounts = mounts::now();
    let mut here: Vec<Insertion> = Vec::new();
    for (at, mount) in mounts.iter().enumerate() {
        let covered = mounts[at + 1..]
            .iter()
            .any(|later| later.point == mount.point);
        match place::meant(mount).filter(|_| !covered) {
            // The same volume may be mounted at two places.
            Some(Meant::Volume) if !here.iter().any(|card| card.mount.device == mount.device) => {
                here.push(Insertion::new(mount.point.clone(), Kind::Card, mount));
            }
            Some(Meant::Cameras) => here.extend(cameras(mount)),
            _ => {}
        }
    }
    here
}

fn cameras(mount: &Mount) -> Vec<Insertion> {
    // Another person's is not to be read.
    let Ok(folders) = fs::read_dir(&mount.point) else {
        return Vec::new();
    };
    folders
        .flatten()
        .filter(|folder| place::is_camera(&folder.file_name()))
        .map(|folder| Insertion::new(folder.path(), Kind::Camera, mount))
        .collect()
}

impl Insertion {
    fn new(root: PathBuf, kind: Kind, mount: &Mount) -> Self {
        Self {
            name: place::name(&root),
            root,
            kind,
            mount: mount.clone(),
        }
    }

    /// The folders with its pictures: a camera or phone may have several stores below its root.
    pub(crate) fn pictures(&self) -> Vec<PathBuf> {
        let is_there =
            |folder: &PathBuf| fs::symlink_metadata(folder).is_ok_and(|metadata| metadata.is_dir());
        let mut folders = vec![self.root.join(PICTURES)];
        if self.kind == Kind::Camera {
            let stores = fs::read_dir(&self.root).into_iter().flatten().flatten();
            folders.extend(stores.map(|store| store.path().join(PICTURES)));
        }
        folders.retain(is_there);
        folders.sort();
        folders
    }

    pub(super) fn list(&self) -> Listed {
        let mut listed = Listed {
            videos: self.films(),
            ..Listed::default()
        };
        for folder in self.pictures() {
            match scan::everything(&folder, &[]) {
                Ok(found) => {
                    let photos = found
                        .files
                        .iter()
                        .filter(|(path, seen)| seen.size > 0 && scan::has_photo_name(path));
                    listed.sizes.extend(photos.map(|(_, seen)| seen.size));
                    listed.videos += films_in(found.files.iter().map(|(path, _)| path));
                }
                Err(error) => {
                    tracing::info!(folder = %folder.display(), %error, "a card cannot be listed");
                }
            }
        }
        listed
    }

    /// Films that a camera put beside its pictures, by their names.
    pub(crate) fn films(&self) -> u32 {
        match scan::everything(&self.root.join(FILMS), &[]) {
            Ok(found) => films_in(found.files.iter().map(|(path, _)| path)),
            // Most cards have no such folder.
            Err(_) => 0,
        }
    }

    /// Whether this very insertion has not ended. A card that was pulled out stays mounted until somebody
    /// clears that away, and what the system remembers of it can still be listed: but its device is gone.
    pub(crate) fn is_here(&self) -> bool {
        mounts::now().contains(&self.mount)
            && device_is_here(&self.mount.device)
            && is_directory(&self.root)
    }

    #[cfg(test)]
    pub(super) fn at(root: &str, mount: u64) -> Self {
        Self::in_test(root, Kind::Card, mount)
    }

    #[cfg(test)]
    pub(super) fn camera(root: &str, mount: u64) -> Self {
        Self::in_test(root, Kind::Camera, mount)
    }

    #[cfg(test)]
    fn in_test(root: &str, kind: Kind, mount: u64) -> Self {
        let mount = Mount {
            id: mount,
            device: "8:17".into(),
            point: root.into(),
            kind: "vfat".into(),
        };
        Self::new(root.into(), kind, &mount)
    }
}

fn films_in<P: AsRef<Path>>(paths: impl Iterator<Item = P>) -> u32 {
    let films = paths.filter(|path| is_film(path.as_ref())).count();
    u32::try_from(films).unwrap_or(u32::MAX)
}

fn is_film(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    let is_copy = path
        .parent()
        .is_some_and(|folder| folder.ends_with(SMALL_COPIES));
    !is_copy
        && FILM_EXTENSIONS
            .iter()
            .any(|film| extension.eq_ignore_ascii_case(film))
}

fn is_directory(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir())
}

/// Whether there is a disk with this number; one without a block device is as long as it is mounted.
fn device_is_here(device: &str) -> bool {
    let devices = Path::new(BLOCK_DEVICES);
    device.starts_with("0:") || !devices.exists() || devices.join(device).exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_camera_has_its_pictures_in_several_stores() {
        let root = tempfile::tempdir().unwrap();
        for folder in ["DCIM", "store_00010001/DCIM", "store_00020001/MISC"] {
            fs::create_dir_all(root.path().join(folder)).unwrap();
        }
        let path = root.path().to_str().unwrap();
        let below = |folders: Vec<PathBuf>| -> Vec<String> {
            let below = folders
                .iter()
                .map(|folder| folder.strip_prefix(root.path()).unwrap());
            below.map(|folder| folder.display().to_string()).collect()
        };
        assert_eq!(below(Insertion::at(path, 1).pictures()), ["DCIM"]);
        let camera = Insertion::camera(path, 1).pictures();
        assert_eq!(below(camera), ["DCIM", "store_00010001/DCIM"]);
    }

    #[test]
    fn only_what_is_called_like_a_photo_is_counted_and_a_link_to_pictures_is_none() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("DCIM/100CANON");
        fs::create_dir_all(&folder).unwrap();
        for (name, text) in [
            ("IMG_1.JPG", "x"),
            ("IMG_2.CR3", "xx"),
            ("MVI_3.MP4", "xxx"),
            ("IMG_4.JPG", ""),
            ("notes.txt", "x"),
        ] {
            fs::write(folder.join(name), text).unwrap();
        }
        for (folder, name) in [
            ("PRIVATE/AVCHD/BDMV/STREAM", "00000.MTS"),
            ("PRIVATE/M4ROOT/CLIP", "C0001.MP4"),
            ("PRIVATE/M4ROOT/CLIP", "C0001M01.XML"),
            ("PRIVATE/M4ROOT/SUB", "C0001S03.MP4"),
        ] {
            let folder = root.path().join(folder);
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join(name), "x").unwrap();
        }
        fs::write(root.path().join("IMG_5.JPG"), "beside the pictures").unwrap();
        let card = Insertion::at(root.path().to_str().unwrap(), 1);
        let mut listed = card.list();
        listed.sizes.sort_unstable();
        assert_eq!(listed.sizes, [1, 2]);
        assert_eq!(listed.videos, 3, "without the small copies of films");

        let other = tempfile::tempdir().unwrap();
        let link = other.path().join("DCIM");
        std::os::unix::fs::symlink(root.path().join("DCIM"), link).unwrap();
        let card = Insertion::at(other.path().to_str().unwrap(), 1);
        assert_eq!(card.list().sizes, [] as [u64; 0]);
    }

    #[test]
    fn a_disk_that_is_gone_is_noticed_though_it_is_mounted() {
        assert!(device_is_here("0:39"));
        assert!(!Path::new(BLOCK_DEVICES).exists() || !device_is_here("4095:1"));
    }
}
