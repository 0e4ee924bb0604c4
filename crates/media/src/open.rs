//! Opening what may turn out not to be a file.
//!
//! **Invariant:** nothing here blocks: a fifo without a writer, a device and a directory are
//! refused, and opening one has no effect on it. Nor is a symbolic link followed: what was put in a
//! photo's place since it was seen must not pass for it.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// The regular file at `path`, for reading.
pub(crate) fn regular_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        // NONBLOCK: without it the open itself would wait for a fifo's writer.
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        options.custom_flags(flags.bits().cast_signed());
    }
    let file = options.open(path).map_err(explain)?;
    if file.metadata()?.is_file() {
        Ok(file)
    } else {
        Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "not a regular file",
        ))
    }
}

/// The system calls a link that is not followed "too many levels of symbolic links".
#[cfg(unix)]
fn explain(error: io::Error) -> io::Error {
    match rustix::io::Errno::from_io_error(&error) {
        Some(rustix::io::Errno::LOOP) => io::Error::new(
            io::ErrorKind::InvalidInput,
            "symbolic links are not followed",
        ),
        _ => error,
    }
}

#[cfg(not(unix))]
fn explain(error: io::Error) -> io::Error {
    error
}
