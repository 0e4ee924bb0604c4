//! What is mounted where.
//!
//! Linux tells it (proc(5), `/proc/self/mountinfo`); of other systems nothing is known, so nothing is
//! mounted there.

pub(crate) use system::Changes;

use crate::path_bytes::from_bytes;
use std::path::{Path, PathBuf};

/// A file system at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mount {
    /// No other mount has it at the same time.
    pub(crate) id: u64,
    /// `major:minor`; the major is 0 where no block device is behind it.
    pub(crate) device: String,
    pub(crate) point: PathBuf,
    /// The type of the file system, such as `vfat` or `fuse.gvfsd-fuse`.
    pub(crate) kind: String,
}

/// Where systems mount the disks of people, and how deep: `/mnt/nas`, `/media/ann/disk`.
const FOR_DISKS: [(&str, usize); 5] = [
    ("/mnt", 1),
    ("/media", 1),
    ("/media", 2),
    ("/run/media", 2),
    ("/Volumes", 1),
];

/// The place of a disk that `path` is to lie on, if nothing is there: whoever made it would write to
/// another disk. Pure but for what it asks of places.
pub(crate) fn missing(
    path: &Path,
    is_there: impl Fn(&Path) -> bool,
    is_mount: impl Fn(&Path) -> bool,
) -> Option<PathBuf> {
    FOR_DISKS.iter().find_map(|(root, depth)| {
        let below: PathBuf = path
            .strip_prefix(root)
            .ok()?
            .components()
            .take(*depth)
            .collect();
        let point = Path::new(root).join(&below);
        let full = below.components().count() == *depth;
        let above = point.ancestors().skip(1).take(depth - 1);
        let lies_on_one = above.into_iter().any(&is_mount);
        (full && !lies_on_one && !is_there(&point)).then_some(point)
    })
}

/// In the system's order: one that covers another at its point comes later.
pub(crate) fn now() -> Vec<Mount> {
    parse(&system::table())
}

#[cfg(target_os = "linux")]
mod system {
    use std::fs::{self, File};
    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;

    const TABLE: &str = "/proc/self/mountinfo";

    pub(super) fn table() -> Vec<u8> {
        fs::read(TABLE).unwrap_or_default()
    }

    /// Tells that something was mounted or unmounted.
    #[derive(Debug)]
    pub(crate) struct Changes(Option<AsyncFd<File>>);

    impl Changes {
        #[expect(
            deprecated,
            reason = "it may take what has another descriptor later; a file keeps its own"
        )]
        pub(crate) fn watch() -> Self {
            let watched = File::open(TABLE)
                .and_then(|table| AsyncFd::with_interest(table, Interest::PRIORITY));
            if let Err(error) = &watched {
                tracing::info!(%error, "what is mounted is not told, and has to be looked for");
            }
            Self(watched.ok())
        }

        /// The next one, or one that nobody waited for; never, where the system does not tell.
        pub(crate) async fn next(&self) {
            let Some(table) = &self.0 else {
                return std::future::pending().await;
            };
            match table.ready(Interest::PRIORITY).await {
                Ok(mut told) => told.clear_ready(),
                // The runtime ends.
                Err(_) => std::future::pending().await,
            }
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    pub(super) fn table() -> Vec<u8> {
        Vec::new()
    }

    #[derive(Debug)]
    pub(crate) struct Changes;

    impl Changes {
        pub(crate) fn watch() -> Self {
            Self
        }

        pub(crate) async fn next(&self) {
            std::future::pending().await
        }
    }
}

fn parse(table: &[u8]) -> Vec<Mount> {
    table
        .split(|byte| *byte == b'\n')
        .filter_map(parse_line)
        .collect()
}

/// `id parent major:minor root mountpoint options … - type source options`.
fn parse_line(line: &[u8]) -> Option<Mount> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
    let mut fields = line.split(|byte| *byte == b' ');
    let id = text(fields.next()?)?.parse().ok()?;
    let device = text(fields.nth(1)?)?;
    let point = from_bytes(unescape(fields.nth(1)?));
    let mut rest = fields.skip_while(|field| *field != b"-");
    let kind = text(rest.nth(1)?)?;
    Some(Mount {
        id,
        device,
        point,
        kind,
    })
}

/// Blanks and the like are written as a backslash and three octal digits.
fn unescape(field: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(field.len());
    let mut rest = field;
    while let [first, left @ ..] = rest {
        let code = match rest {
            [b'\\', a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', ..] => {
                Some((a - b'0') * 64 + (b - b'0') * 8 + (c - b'0'))
            }
            _ => None,
        };
        plain.push(code.unwrap_or(*first));
        rest = if code.is_some() { &rest[4..] } else { left };
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_is_not_mounted_is_told_from_a_folder_that_is_not_made() {
        let there = [
            "/mnt",
            "/mnt/nas",
            "/media/ann",
            "/media/ann/ssd",
            "/media/usb",
        ];
        let mounts = ["/mnt/nas", "/media/ann/ssd", "/media/usb"];
        //  where to, the place of the disk that is missing
        let cases = [
            ("/home/ann/Restored", None),
            ("/mnt", None),
            ("/mnt/nas", None),
            ("/mnt/nas/photos/2019", None),
            ("/mnt/other", Some("/mnt/other")),
            ("/mnt/other/photos", Some("/mnt/other")),
            ("/media/ann/ssd/photos", None),
            ("/media/ann/hdd", Some("/media/ann/hdd")),
            ("/media/ann/hdd/photos", Some("/media/ann/hdd")),
            ("/media/usb/photos", None),
            ("/media/bob/photos", Some("/media/bob")),
            ("/run/media/ann/hdd/x", Some("/run/media/ann/hdd")),
            ("/mntx/other", None),
        ];
        let is = |known: &[&str], path: &Path| known.iter().any(|it| Path::new(it) == path);
        for (to, expected) in cases {
            let found = missing(
                Path::new(to),
                |path| is(&there, path),
                |path| is(&mounts, path),
            );
            assert_eq!(found.as_deref(), expected.map(Path::new), "{to}");
        }
    }

    #[test]
    fn a_line_is_read_whatever_its_names_are() {
        let of = |device: &str, point: &[u8], kind: &str| {
            vec![Mount {
                id: 36,
                device: device.into(),
                point: from_bytes(point.to_vec()),
                kind: kind.into(),
            }]
        };
        //  name, line, mount
        let cases: [(&str, &[u8], Vec<Mount>); 5] = [
            (
                "blanks",
                b"36 35 8:17 / /media/a/Photos\\040SSD rw,noatime shared:1 master:2 - vfat /dev/sdb1 rw",
                of("8:17", b"/media/a/Photos SSD", "vfat"),
            ),
            (
                "no optional fields",
                b"36 35 0:39 / /media rw - tmpfs tmpfs rw",
                of("0:39", b"/media", "tmpfs"),
            ),
            (
                "a backslash that looks like a blank",
                b"36 35 8:17 / /media/a\\134040b rw - vfat /dev/sdb1 rw",
                of("8:17", b"/media/a\\040b", "vfat"),
            ),
            (
                "no UTF-8",
                b"36 35 8:17 / /media/\xff rw - vfat /dev/sdb1 rw",
                of("8:17", b"/media/\xff", "vfat"),
            ),
            ("something else", b"36 35 8:17 / /media/a rw", Vec::new()),
        ];
        for (name, line, expected) in cases {
            assert_eq!(parse(line), expected, "{name}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_is_mounted_is_told() {
        assert!(
            now()
                .iter()
                .any(|mount| mount.point.as_os_str() == "/proc" && mount.kind == "proc")
        );
    }
}
