//! Whose folder it is: the marker that is there or is begun, and whether anything may be written.

use super::disk::{Disk, is_absent};
use super::place;
use crate::marker::{Without, compare};
use crate::{Error, Layout, Marker};
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use uuid::Uuid;

impl Disk {
    pub(super) fn probe(&self) -> Result<Option<Marker>, Error> {
        self.must_be_there()?;
        let marker = self.marker()?;
        self.must_be_shared(marker.as_ref())?;
        walk_is_allowed(self.root()).map_err(|error| self.unreadable(self.root(), error))?;
        // Without a marker this may be somebody else's folder: no `.imgn` is made in it yet.
        let probe = match marker {
            Some(_) => self
                .root()
                .join(".imgn")
                .join(format!("probe-{}", Uuid::new_v4())),
            None => self.root().join(format!(".imgn-probe-{}", Uuid::new_v4())),
        };
        let write = || {
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(&probe)?;
            file.write_all(b"imgn was here to see whether it may write")?;
            file.sync_all()
        };
        let written = write();
        let removed = match fs::remove_file(&probe) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
        written
            .and(removed)
            .map_err(|error| self.unwritable(&probe, error))?;
        Ok(marker)
    }

    /// Adopts the marker that is there, or begins a library.
    pub(super) fn claim(&self) -> Result<Marker, Error> {
        self.must_be_there()?;
        let found = self.marker()?;
        self.must_be_shared(found.as_ref())?;
        if self.layout() == Layout::Original {
            return Ok(Marker::of_address(&self.place()));
        }
        if let Some(marker) = found {
            return Ok(marker);
        }
        let marker = Marker::begin();
        place::begin(self, &marker.to_json())?;
        // Another machine may have been quicker.
        self.marker()?.ok_or_else(|| self.not_mounted())
    }

    pub(super) fn expect(&self, expected: &Marker) -> Result<(), Error> {
        let place = self.place();
        let found = match self.layout() {
            Layout::Library => self.marker()?,
            Layout::Original => {
                self.must_be_there()?;
                Some(Marker::of_address(&place))
            }
        };
        compare(Without::Disk, &place, found.as_ref(), expected)
    }

    fn must_be_there(&self) -> Result<(), Error> {
        if self.root().is_dir() {
            Ok(())
        } else {
            Err(self.not_mounted())
        }
    }

    /// Where originals share the folder, no library of ours lies.
    fn must_be_shared(&self, marker: Option<&Marker>) -> Result<(), Error> {
        match (self.layout(), marker) {
            (Layout::Original, Some(_)) => Err(self.layout().is_another(&self.place())),
            _ => Ok(()),
        }
    }

    pub(super) fn marker(&self) -> Result<Option<Marker>, Error> {
        let path = self.root().join(Marker::KEY);
        match fs::read(&path) {
            Ok(json) => Marker::from_json(&self.place(), &json).map(Some),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(self.unreadable(&path, error)),
        }
    }
}

fn walk_is_allowed(folder: &Path) -> io::Result<()> {
    fs::read_dir(folder)?.next().transpose().map(|_| ())
}
