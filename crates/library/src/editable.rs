//! Files in TOML that a person may edit: the settings, the table of prices, settings on their way elsewhere.
//!
//! **Invariant:** a stop at any point leaves the file as it was or as it is to be.

use crate::view::{Cause, CommandError};
use serde::de::DeserializeOwned;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

/// Reads TOML of ours; what is wrong is said with its line and `name`.
pub(crate) fn from_toml<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, CommandError> {
    toml_edit::de::from_str(text).map_err(|error| {
        // The parser's own text spans lines; what is wrong and where is enough.
        let line = error
            .span()
            .map(|span| 1 + text[..span.start.min(text.len())].matches('\n').count());
        let place = line.map_or_else(String::new, |line| format!(", line {line}"));
        let detail = format!("{name}{place}: {}", error.message());
        CommandError::new(Cause::BadSettings, detail)
    })
}

/// Writes a file that explains itself, where there is none.
pub(crate) fn begin(path: &Path, explained: &str) -> io::Result<()> {
    if path.exists() {
        return Ok(());
    }
    replace(path, explained)
}

/// Replaces the file in one step; who may read it stays.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(directory)?;
    let mut file = tempfile::Builder::new()
        .prefix(".settings-")
        .tempfile_in(directory)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    if let Ok(there) = fs::metadata(path) {
        file.as_file().set_permissions(there.permissions())?;
    }
    file.persist(path).map_err(|error| error.error)?;
    File::open(directory)?.sync_all()
}
