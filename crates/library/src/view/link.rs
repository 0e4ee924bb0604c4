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

impl fmt::Debug for PhotoLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PhotoLink")
            .field("until", &self.until)
            .field("name", &self.name)
            .field("destination_name", &self.destination_name)
            .finish_non_exhaustive()
    }
}
