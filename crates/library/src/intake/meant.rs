//! Which files the paths mean that a desktop hands on.

use std::fs;
use std::path::{Path, PathBuf};

/// The files that dropped paths mean. A desktop may hand on a name that is no UTF-8 with its odd
/// bytes replaced: then the one file in its folder that would be written so is meant. A link means what it
/// leads to. Blocks.
pub(crate) fn as_on_disk(paths: Vec<PathBuf>) -> Vec<PathBuf> {
    paths
        .into_iter()
        .map(|path| find_lossy(&path).unwrap_or(path))
        .map(|path| followed(&path).unwrap_or(path))
        .collect()
}

fn followed(path: &Path) -> Option<PathBuf> {
    path.is_symlink()
        .then(|| fs::canonicalize(path).ok())
        .flatten()
}

fn find_lossy(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    if !name.contains(char::REPLACEMENT_CHARACTER) || path.symlink_metadata().is_ok() {
        return None;
    }
    let entries = fs::read_dir(path.parent()?).ok()?.flatten();
    let mut same = entries.filter(|entry| entry.file_name().to_string_lossy() == name);
    let found = same.next()?.path();
    same.next().is_none().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path_bytes::from_bytes;

    #[test]
    fn a_link_means_what_it_leads_to() {
        let folder = tempfile::tempdir().unwrap();
        let folder = fs::canonicalize(folder.path()).unwrap();
        let (photo, link) = (folder.join("a.jpg"), folder.join("link.jpg"));
        std::os::unix::fs::symlink(&photo, &link).unwrap();
        let nowhere = as_on_disk(vec![link.clone()]);
        assert!(nowhere == [&*link], "{nowhere:?}");
        fs::write(&photo, "x").unwrap();
        assert_eq!(
            as_on_disk(vec![link, photo.clone()]),
            [photo.clone(), photo]
        );
    }

    #[test]
    fn a_name_with_replaced_bytes_finds_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let odd = folder.path().join(from_bytes(b"odd-\xff.jpg".to_vec()));
        fs::write(&odd, "x").unwrap();
        let handed_on = folder.path().join("odd-\u{fffd}.jpg");
        assert_eq!(as_on_disk(vec![handed_on.clone()]), [odd]);
        fs::write(
            folder.path().join(from_bytes(b"odd-\xfe.jpg".to_vec())),
            "y",
        )
        .unwrap();
        assert_eq!(
            as_on_disk(vec![handed_on.clone()]),
            [handed_on],
            "which one is meant is not known"
        );
    }
}
