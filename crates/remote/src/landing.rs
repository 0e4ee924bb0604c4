//! Bytes that come from afar, on their way into a new file.
//!
//! **Invariant:** the file is there only whole, and nothing that stood under its name is replaced.

use crate::{Error, Sha256};
use sha2::Digest;
use std::io;
use std::path::Path;
use tempfile::TempPath;
use tokio::fs::{File, OpenOptions};
use tokio::io::AsyncWriteExt;

pub(crate) struct Landing<'a> {
    to: &'a Path,
    file: File,
    /// Removes it unless it becomes whole.
    guard: TempPath,
    hasher: sha2::Sha256,
}

impl<'a> Landing<'a> {
    pub(crate) async fn begin(to: &'a Path) -> Result<Self, Error> {
        let mut options = OpenOptions::new();
        let created = options.write(true).create_new(true).open(to).await;
        let file = created.map_err(|error| fault(to, error))?;
        // From here on the file is ours.
        let guard = TempPath::try_from_path(to).map_err(|error| fault(to, error))?;
        Ok(Self {
            to,
            file,
            guard,
            hasher: sha2::Sha256::new(),
        })
    }

    pub(crate) async fn take(&mut self, chunk: &[u8]) -> Result<(), Error> {
        self.hasher.update(chunk);
        let written = self.file.write_all(chunk).await;
        written.map_err(|error| fault(self.to, error))
    }

    /// That was all: what came has this SHA-256, and is on the disk.
    pub(crate) async fn end(mut self) -> Result<Sha256, Error> {
        let fault = |error| fault(self.to, error);
        self.file.flush().await.map_err(fault)?;
        self.file.sync_all().await.map_err(fault)?;
        self.guard.keep().map_err(|error| fault(error.error))?;
        Ok(self.hasher.finalize().into())
    }
}

fn fault(path: &Path, source: io::Error) -> Error {
    Error::Io {
        path: path.to_owned(),
        source,
    }
}
