//! A link to a photo, for somebody else.

use serde::{Deserialize, Serialize};
use std::fmt;
use ts_rs::TS;

/// An address that gives a photo to whoever has it: a secret while it works.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PhotoLink {
    pub url: String,
    /// It gives nothing any more from then on.
    #[ts(type = "number")]
    pub until: i64,
    pub name: String,
    pub destination_name: String,
}

/// Links to several photos, in the timeline's order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PhotoLinks {
    pub links: Vec<PhotoLink>,
    /// Photos that have none: they are safe in no bucket, or are there no more.
    pub without: u32,
}

impl PhotoLinks {
    /// One address a line, as it is sent to somebody.
    pub fn lines(&self) -> String {
        let urls = self.links.iter().map(|link| link.url.as_str());
        urls.collect::<Vec<_>>().join("\n")
    }

    /// The same without the addresses.
    pub fn report(&self) -> LinksReport {
        LinksReport {
            links: u32::try_from(self.links.len()).unwrap_or(u32::MAX),
            until: self.links.iter().map(|link| link.until).min(),
            without: self.without,
        }
    }
}

/// What came of making links to several photos.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct LinksReport {
    pub links: u32,
    /// The first of them gives nothing any more from then on; none: there are none.
    #[ts(type = "number | null")]
    pub until: Option<i64>,
    pub without: u32,
}

impl fmt::Debug for PhotoLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PhotoLink")
            .field("until", &self.until)
            .field("name", &self.name)
            .field("destination_name", &self.destination_name)
            .finish_non_exhaustive()
    }
}
