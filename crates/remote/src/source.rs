//! Opening an original that is to be sent.
//!
//! **Invariant:** what is opened is the regular file that stood under this very name: no link is
//! followed, and nothing is waited for, as the other end of a pipe would be.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

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
