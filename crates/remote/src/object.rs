//! What stands at a far side, as lists and reads show it.

use crate::Sha256;
use jiff::Timestamp;
use std::pin::Pin;
use tokio::io::AsyncRead;

/// One object as a list or a HEAD shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Relative to the remote's prefix.
    pub key: String,
    /// 0: a list does not say, as no original is empty.
    pub size: u64,
    pub etag: Option<String>,
    pub modified: Option<Timestamp>,
    /// From the store's own checksum, else from `x-amz-meta-sha256`; lists have none.
    pub sha256: Option<Sha256>,
    /// The original's own modification time; lists of a bucket have none.
    pub mtime: Option<Timestamp>,
}

/// A page of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    pub objects: Vec<Object>,
    /// Where the next page begins; none after the last.
    pub next: Option<String>,
    /// There may be more than the list will ever show: what it lacks is not gone for that.
    pub partial: bool,
}

/// The bytes of one object as they come.
pub struct Reading {
    pub object: Object,
    pub bytes: Pin<Box<dyn AsyncRead + Send>>,
}

impl std::fmt::Debug for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reading")
            .field("object", &self.object)
            .finish_non_exhaustive()
    }
}
