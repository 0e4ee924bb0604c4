//! A folder: a disk, a NAS mount, a stick.

use std::path::PathBuf;

/// Originals in a folder, in the same layout as a bucket.
#[derive(Debug)]
pub struct Folder;

impl Folder {
    /// Touches nothing yet.
    pub fn new(root: PathBuf) -> Self { let _ = root; unimplemented!() }
}
