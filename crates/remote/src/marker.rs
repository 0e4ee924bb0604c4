//! `.imgn/destination.json`: which library a place belongs to.

use crate::Error;
use crate::lock::lock;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::Digest;
use uuid::{Builder, Uuid};

/// `{schema, uuid, created}`, written once and never replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marker {
    pub schema: String,
    pub uuid: Uuid,
    pub created: Timestamp,
}

impl Marker {
    /// Where it lies, relative to the prefix.
    pub const KEY: &str = ".imgn/destination.json";

    /// What is written into `schema`.
    const SCHEMA: &str = "imgn-destination/1";

    /// Markers are a hundred bytes or so; more is something else.
    pub(crate) const LARGEST: u64 = 64 * 1024;

    /// The marker of a library that begins now.
    pub(crate) fn begin() -> Self {
        Self {
            schema: Self::SCHEMA.to_owned(),
            uuid: Uuid::new_v4(),
            created: Timestamp::now(),
        }
    }

    /// What stands for the marker of a place that has none: its address.
    pub(crate) fn of_address(address: &str) -> Self {
        let hash = sha2::Sha256::digest(format!("imgn original {address}").as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash[..16]);
        Self {
            schema: Self::SCHEMA.to_owned(),
            uuid: Builder::from_custom_bytes(bytes).into_uuid(),
            // Nobody wrote down when.
            created: Timestamp::UNIX_EPOCH,
        }
    }

    pub(crate) fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a marker holds nothing that JSON cannot")
    }

    pub(crate) fn from_json(place: &str, json: &[u8]) -> Result<Self, Error> {
        let marker: Self = serde_json::from_slice(json).map_err(|error| {
            Error::Settings(format!("{} in {place} is damaged: {error}", Self::KEY))
        })?;
        if marker.schema == Self::SCHEMA {
            Ok(marker)
        } else {
            Err(Error::Settings(format!(
                "{} in {place} has the form {:?}, which only a newer imgn can read",
                Self::KEY,
                marker.schema
            )))
        }
    }
}

/// What a place without a marker is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Without {
    /// A folder, whose disk may come back.
    Disk,
    /// A bucket or a server, which is there.
    Library,
}

impl Without {
    fn error(self, place: &str) -> Error {
        let place = place.to_owned();
        match self {
            Self::Disk => Error::NotMounted { place },
            Self::Library => Error::NoLibrary { place },
        }
    }
}

/// The marker that a remote was told to expect, and what it found.
#[derive(Debug)]
pub(crate) struct Expected {
    marker: std::sync::Mutex<Option<Marker>>,
    without: Without,
}

impl Expected {
    pub(crate) fn of(without: Without) -> Self {
        let marker = std::sync::Mutex::default();
        Self { marker, without }
    }

    /// The marker to expect; an error until `claim` or `check` has succeeded.
    pub(crate) fn get(&self, place: &str) -> Result<Marker, Error> {
        let known = self.slot().clone();
        known.ok_or_else(|| self.without.error(place))
    }

    pub(crate) fn accept(&self, marker: &Marker) {
        *self.slot() = Some(marker.clone());
    }

    /// A check failed. Where another library was found, or none, nothing may be read or written until the next one
    /// succeeds; a network that is away, or a key that has run out, says nothing of the place.
    pub(crate) fn doubt(&self, error: &Error) {
        if says_another_library(error) {
            *self.slot() = None;
        }
    }

    fn slot(&self) -> std::sync::MutexGuard<'_, Option<Marker>> {
        lock(&self.marker)
    }
}

/// Compares what was found in `place` with what belongs there.
pub(crate) fn compare(
    without: Without,
    place: &str,
    found: Option<&Marker>,
    expected: &Marker,
) -> Result<(), Error> {
    match found {
        None => Err(without.error(place)),
        Some(found) if found.uuid == expected.uuid => Ok(()),
        Some(found) => Err(Error::WrongLibrary {
            place: place.to_owned(),
            found: found.uuid.to_string(),
            expected: expected.uuid.to_string(),
        }),
    }
}

/// Whether what was found, rather than that nothing could be found out, is the reason.
fn says_another_library(error: &Error) -> bool {
    matches!(
        error,
        Error::NotMounted { .. }
            | Error::NoLibrary { .. }
            | Error::WrongLibrary { .. }
            | Error::NoBucket { .. }
            | Error::Settings(_)
    )
}
