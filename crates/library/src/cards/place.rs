//! Which mounts are cards and cameras that a person plugged in, and what they are called.
//!
//! Decided by where a file system is mounted and of which type it is: a desktop mounts what is plugged in
//! below `/media` or `/run/media`, people do so below `/mnt`, and GNOME shows cameras and phones as folders of
//! one file system of its own. A network share is no card, whatever lies on it: looking through it may
//! take hours.
//!
//! **Invariant:** deciding does no I/O.

use crate::admission::Ground;
use crate::mounts::Mount;
use std::ffi::OsStr;
use std::path::Path;

/// Below these, people and desktops mount what is plugged in.
const PLACES: [&str; 3] = ["/media", "/run/media", "/mnt"];

/// What cards, cameras' own disks and card readers are formatted as. `fuseblk` is NTFS or exFAT on a
/// disk; a file system in memory is as good a card as any.
const KINDS: [&str; 17] = [
    "vfat", "msdos", "exfat", "fuseblk", "ntfs", "ntfs3", "hfs", "hfsplus", "apfs", "udf",
    "iso9660", "ext2", "ext3", "ext4", "f2fs", "btrfs", "tmpfs",
];

/// GNOME's own file system, in which each folder is something that was plugged in or connected.
const GVFS: &str = "fuse.gvfsd-fuse";

/// How it calls cameras, phones and tablets; others are network shares and the like.
const CAMERAS: [&str; 3] = ["gphoto2:", "mtp:", "afc:"];

/// What a mount may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meant {
    /// A volume that was plugged in: a card, if it has pictures.
    Volume,
    /// Its folders may be cameras.
    Cameras,
}

/// None: not something that a person plugged in.
pub(super) fn meant(mount: &Mount) -> Option<Meant> {
    if mount.kind == GVFS {
        return Some(Meant::Cameras);
    }
    let plugged_in = PLACES.iter().any(|place| mount.point.starts_with(place))
        && KINDS.contains(&mount.kind.as_str());
    plugged_in.then_some(Meant::Volume)
}

/// Whether a folder of GNOME's own file system is a camera.
pub(super) fn is_camera(folder: &OsStr) -> bool {
    let folder = folder.as_encoded_bytes();
    CAMERAS
        .iter()
        .any(|kind| folder.starts_with(kind.as_bytes()))
}

/// Whether imgn has nothing to do with this place yet: what lies in a watched folder goes up by itself, and a
/// disk that holds a library, a destination or a watched folder is in use already.
pub(super) fn is_apart(place: &Path, ground: &Ground) -> bool {
    ground
        .watched
        .iter()
        .chain(&ground.destinations)
        .chain([&ground.managed, &ground.library])
        .all(|own| !own.starts_with(place) && !place.starts_with(own))
}

/// As the desktop calls it: a volume by its label, a camera by what it says that it is.
pub(super) fn name(place: &Path) -> String {
    let name = place.file_name().unwrap_or(place.as_os_str());
    let name = name.to_string_lossy();
    if !is_camera(OsStr::new(name.as_ref())) {
        return name.into_owned();
    }
    // `gphoto2:host=Canon_Inc._Canon_EOS_R6`
    let host = name.split_once("host=").map_or(&*name, |(_, host)| host);
    let host = host.split(',').next().unwrap_or(host);
    host.replace('_', " ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_plugged_in_is_told_from_the_system_and_the_network() {
        //  name, point, type, what it is
        let cases = [
            (
                "a card",
                "/media/ann/EOS_DIGITAL",
                "vfat",
                Some(Meant::Volume),
            ),
            (
                "a large card",
                "/run/media/ann/5D",
                "exfat",
                Some(Meant::Volume),
            ),
            (
                "by another driver",
                "/media/ann/5D",
                "fuseblk",
                Some(Meant::Volume),
            ),
            ("mounted by hand", "/mnt", "vfat", Some(Meant::Volume)),
            (
                "mounted by hand, deeper",
                "/mnt/card",
                "ext4",
                Some(Meant::Volume),
            ),
            ("a photo CD", "/media/cdrom", "iso9660", Some(Meant::Volume)),
            ("the system's disk", "/", "ext4", None),
            ("a disk for homes", "/home", "btrfs", None),
            (
                "a disk that imgn's person keeps",
                "/data/photos",
                "ext4",
                None,
            ),
            ("a name that only begins alike", "/mediathek", "ext4", None),
            ("the firmware's", "/boot/efi", "vfat", None),
            ("memory of the system", "/run/user/1000", "tmpfs", None),
            ("a share", "/mnt/nas", "nfs4", None),
            ("a Windows share", "/media/ann/nas", "cifs", None),
            ("over ssh", "/mnt/server", "fuse.sshfs", None),
            ("a cloud's", "/mnt/cloud", "fuse.rclone", None),
            ("a place to mount by itself", "/media/auto", "autofs", None),
            ("Windows below Linux", "/mnt/c", "9p", None),
            ("cameras", "/run/user/1000/gvfs", GVFS, Some(Meant::Cameras)),
            (
                "documents of sandboxes",
                "/run/user/1000/doc",
                "fuse.portal",
                None,
            ),
        ];
        for (name, point, kind, expected) in cases {
            let mount = Mount {
                id: 1,
                device: "8:17".into(),
                point: point.into(),
                kind: kind.into(),
            };
            assert_eq!(meant(&mount), expected, "{name}");
        }
    }

    #[test]
    fn cameras_and_phones_are_told_from_shares() {
        //  folder, is a camera, name
        let cases = [
            (
                "gphoto2:host=Canon_Inc._Canon_EOS_R6",
                true,
                "Canon Inc. Canon EOS R6",
            ),
            (
                "mtp:host=SAMSUNG_Android_R58M",
                true,
                "SAMSUNG Android R58M",
            ),
            ("afc:host=00008030-001A,port=1", true, "00008030-001A"),
            (
                "smb-share:server=nas,share=photos",
                false,
                "smb-share:server=nas,share=photos",
            ),
            (
                "google-drive:host=gmail.com,user=ann",
                false,
                "google-drive:host=gmail.com,user=ann",
            ),
        ];
        for (folder, camera, called) in cases {
            assert_eq!(is_camera(OsStr::new(folder)), camera, "{folder}");
            let place = Path::new("/run/user/1000/gvfs").join(folder);
            assert_eq!(name(&place), called);
        }
        assert_eq!(name(Path::new("/media/ann/EOS_DIGITAL")), "EOS_DIGITAL");
    }

    #[test]
    fn what_imgn_has_to_do_with_already_is_not_offered() {
        let ground = Ground {
            watched: vec![
                "/home/ann/Pictures".into(),
                "/media/ann/Watched/DCIM".into(),
            ],
            managed: "/home/ann/Pictures/imgn".into(),
            library: "/media/ann/Portable/imgn".into(),
            destinations: vec!["/media/ann/Backup/photos".into()],
        };
        //  name, place, is apart
        let cases = [
            ("a card", "/media/ann/EOS_DIGITAL", true),
            ("in a watched folder", "/home/ann/Pictures/card", false),
            ("with a watched folder on it", "/media/ann/Watched", false),
            ("with a destination on it", "/media/ann/Backup", false),
            ("with the library on it", "/media/ann/Portable", false),
            ("a name that only begins alike", "/media/ann/Backup 2", true),
        ];
        for (name, place, expected) in cases {
            assert_eq!(is_apart(Path::new(place), &ground), expected, "{name}");
        }
    }
}
