//! `.imgn/destination.json`: which library a place belongs to.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

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
}
