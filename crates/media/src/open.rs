//! Opening what may turn out not to be a file.
//!
//! **Invariant:** nothing here blocks: a fifo without a writer, a device and a directory are
//! refused, and opening one has no effect on it.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// The regular file at `path`, for reading.
pub(crate) fn regular_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // Without it the open itself would wait for a fifo's writer.
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits() as i32);
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
