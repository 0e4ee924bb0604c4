//! Whether a folder may be watched, or be a destination: imgn never backs up its own copies.

use crate::context::Context;
use crate::path_bytes::shown;
use crate::store::folders::Folder;
use crate::view::{Cause, Reason};
use std::path::{Path, PathBuf};

/// What is there already; canonical paths.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ground {
    pub(crate) watched: Vec<PathBuf>,
    pub(crate) managed: PathBuf,
    pub(crate) library: PathBuf,
    pub(crate) destinations: Vec<PathBuf>,
}

/// Why `folder` (canonical) cannot be watched; none: it can.
pub(crate) fn watch(folder: &Path, ground: &Ground) -> Option<Reason> {
    let lies_in = |other: &Path| folder.starts_with(other);
    if let Some(destination) = ground.destinations.iter().find(|path| lies_in(path)) {
        let detail = format!(
            "{} lies in the destination {}",
            shown(folder),
            shown(destination)
        );
        return Some(Reason::new(Cause::FolderInsideDestination, detail));
    }
    if lies_in(&ground.managed) || lies_in(&ground.library) {
        let detail = format!("{} is where imgn keeps its own copies", shown(folder));
        return Some(Reason::new(Cause::FolderInsideLibrary, detail));
    }
    let watched = ground.watched.iter().find(|path| lies_in(path))?;
    let detail = format!(
        "{} is watched already, as part of {}",
        shown(folder),
        shown(watched)
    );
    Some(Reason::new(Cause::FolderAlreadyWatched, detail))
}

/// Why `folder` (canonical) cannot be a destination; none: it can.
pub(crate) fn destination(folder: &Path, ground: &Ground) -> Option<Reason> {
    let swallowed = |source: &PathBuf| source.starts_with(folder);
    if let Some(source) = ground
        .watched
        .iter()
        .chain([&ground.managed])
        .find(|path| swallowed(path))
    {
        let detail = format!(
            "the photos in {} would be backed up into their own folder",
            shown(source)
        );
        return Some(Reason::new(Cause::FolderInsideDestination, detail));
    }
    let own = folder.starts_with(&ground.library) || ground.library.starts_with(folder);
    own.then(|| {
        Reason::new(
            Cause::FolderInsideLibrary,
            format!("{} is imgn's own folder", shown(folder)),
        )
    })
}

/// Why photos cannot be restored into `folder` (canonical); none: they can.
pub(crate) fn restore(folder: &Path, ground: &Ground) -> Option<Reason> {
    let destination = ground
        .destinations
        .iter()
        .find(|path| folder.starts_with(path));
    if let Some(destination) = destination {
        let detail = format!(
            "{} lies in the destination {}",
            shown(folder),
            shown(destination)
        );
        return Some(Reason::new(Cause::FolderInsideDestination, detail));
    }
    let own = folder.starts_with(&ground.library) && !folder.starts_with(&ground.managed);
    own.then(|| {
        Reason::new(
            Cause::FolderInsideLibrary,
            format!("{} is imgn's own folder", shown(folder)),
        )
    })
}

/// What below a watched root is imgn's own, or another folder's: absolute paths.
pub(crate) fn left_out(context: &Context, folders: &[Folder], root: &Path) -> Vec<PathBuf> {
    let mut left_out: Vec<PathBuf> = context.registry.folders();
    left_out.push(context.directory.clone());
    left_out.extend(folders.iter().map(|folder| folder.path.clone()));
    left_out.retain(|path| path != root && path.starts_with(root));
    left_out.sort();
    left_out.dedup();
    left_out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ground() -> Ground {
        Ground {
            watched: vec!["/home/ann/Pictures".into()],
            managed: "/home/ann/Pictures/imgn".into(),
            library: "/home/ann/.local/share/imgn".into(),
            destinations: vec!["/media/disk/photos".into()],
        }
    }

    #[test]
    fn a_folder_is_watched_unless_it_is_imgns_own() {
        let cases = [
            ("/home/ann/Camera", None),
            ("/media/disk", None),
            ("/home/ann", None),
            ("/home/ann/Pictures", Some(Cause::FolderAlreadyWatched)),
            ("/home/ann/Pictures/2019", Some(Cause::FolderAlreadyWatched)),
            (
                "/home/ann/Pictures/imgn/2019",
                Some(Cause::FolderInsideLibrary),
            ),
            (
                "/home/ann/.local/share/imgn",
                Some(Cause::FolderInsideLibrary),
            ),
            ("/media/disk/photos", Some(Cause::FolderInsideDestination)),
            (
                "/media/disk/photos/2019",
                Some(Cause::FolderInsideDestination),
            ),
        ];
        for (folder, expected) in cases {
            assert_eq!(
                watch(Path::new(folder), &ground()).map(|reason| reason.code),
                expected,
                "{folder}"
            );
        }
    }

    #[test]
    fn a_destination_never_holds_what_is_backed_up_into_it() {
        let cases = [
            ("/media/nas", None),
            ("/home/ann/Pictures/backup", None),
            ("/home/ann/Pictures", Some(Cause::FolderInsideDestination)),
            ("/home/ann", Some(Cause::FolderInsideDestination)),
            (
                "/home/ann/.local/share/imgn/x",
                Some(Cause::FolderInsideLibrary),
            ),
        ];
        for (folder, expected) in cases {
            assert_eq!(
                destination(Path::new(folder), &ground()).map(|r| r.code),
                expected,
                "{folder}"
            );
        }
    }

    #[test]
    fn photos_come_back_anywhere_but_where_they_come_from() {
        let cases = [
            ("/home/ann/Restored", None),
            ("/home/ann/Pictures", None),
            ("/home/ann/Pictures/imgn", None),
            ("/media/disk", None),
            (
                "/media/disk/photos/2019",
                Some(Cause::FolderInsideDestination),
            ),
            (
                "/home/ann/.local/share/imgn/x",
                Some(Cause::FolderInsideLibrary),
            ),
        ];
        for (folder, expected) in cases {
            assert_eq!(
                restore(Path::new(folder), &ground()).map(|r| r.code),
                expected,
                "{folder}"
            );
        }
    }
}
