//! Opening an original that is to be sent.
//!
//! **Invariant:** what is opened is the regular file that stood under this very name: no link is
//! followed, and nothing is waited for, as the other end of a pipe would be.

use crate::{Error, is_disk_fault};
use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// What it means that an original cannot be read.
pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Error {
    let (path, message) = (path.to_owned(), error.to_string());
    if is_disk_fault(error) {
        Error::SourceFault { path, message }
    } else {
        Error::SourceUnreadable { path, message }
    }
}

/// The regular file at `path`, for reading.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        options.custom_flags(flags.bits().cast_signed());
    }
    let file = options.open(path)?;
    if file.metadata()?.is_file() {
        Ok(file)
    } else {
        Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "not a regular file",
        ))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_fails_is_told_from_a_file_that_may_not_be_read() {
        let path = Path::new("/photos/a.jpg");
        let fails = io::Error::from(rustix::io::Errno::IO);
        let denied = io::Error::from(io::ErrorKind::PermissionDenied);
        assert!(matches!(
            unreadable(path, &fails),
            Error::SourceFault { .. }
        ));
        assert!(matches!(
            unreadable(path, &denied),
            Error::SourceUnreadable { .. }
        ));
    }
}
