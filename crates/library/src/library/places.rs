//! Where things are kept on this machine, as a person asks for them.

use super::{Library, Result, unreadable};
use crate::blocking::blocking;
use crate::path_bytes::shown;
use crate::settings;
use crate::view::*;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

impl Library {
    /// Where imgn keeps what, and how much it takes.
    pub async fn places(&self) -> Result<Vec<Place>> {
        let context = &self.context;
        let (database, thumbs) = (self.database(), context.thumbs.clone());
        let sizes = blocking(move || Ok::<_, io::Error>((size(&database)?, thumbs.bytes()?))).await;
        let (database, thumbnails) = sizes.map_err(|error| unreadable(&error))?;
        let places = [
            (PlaceKind::Library, Some(database)),
            (PlaceKind::Settings, None),
            (PlaceKind::Originals, None),
            (PlaceKind::Thumbnails, Some(thumbnails)),
        ];
        let places = places.into_iter().map(|(kind, bytes)| Place {
            kind,
            path: shown(&self.place(kind)),
            bytes,
        });
        Ok(places.collect())
    }

    /// Where one of these is.
    pub fn place(&self, kind: PlaceKind) -> PathBuf {
        match kind {
            PlaceKind::Library => self.context.directory.clone(),
            PlaceKind::Settings => self.settings_file().to_owned(),
            PlaceKind::Originals => self.context.managed.clone(),
            PlaceKind::Thumbnails => self.context.thumbs.directory().to_owned(),
        }
    }

    /// The file of the settings, which explains itself where it was not there yet.
    pub async fn settings_file_to_edit(&self) -> Result<PathBuf> {
        let path = self.settings_file().to_owned();
        let made = path.clone();
        blocking(move || settings::explain(&made))
            .await
            .map_err(|error| CommandError::of_disk(&error, Cause::FolderUnwritable))?;
        Ok(path)
    }
}

/// Of the database and what SQLite keeps beside it.
fn size(database: &Path) -> io::Result<u64> {
    let mut bytes = 0;
    for suffix in ["", "-wal", "-shm"] {
        let mut name = database.as_os_str().to_owned();
        name.push(suffix);
        match fs::metadata(name) {
            Ok(metadata) => bytes += metadata.len(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(bytes)
}
