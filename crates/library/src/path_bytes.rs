//! Paths as the bytes that the system has them in: names need not be UTF-8.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

pub(crate) fn to_bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_bytes()
}

pub(crate) fn from_bytes(bytes: Vec<u8>) -> PathBuf {
    PathBuf::from(OsString::from_vec(bytes))
}

pub(crate) fn borrowed(bytes: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(bytes))
}

/// For display only.
pub(crate) fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
