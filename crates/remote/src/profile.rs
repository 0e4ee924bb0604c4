//! What was seen of a far side: who answers there, and what it does.

use crate::Marker;
use serde::{Deserialize, Serialize};

/// What was seen of a far side, kept with the destination.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// Whether a second conditional PUT was seen to be refused with 412.
    pub conditional_put: bool,
    /// Whether HEAD repeats the SHA-256.
    pub repeats_sha256: bool,
    /// The SHA-256 that it repeats is what it was told, also of bytes that do not have it: that proves nothing.
    pub echoes_sha256: bool,
    /// Seconds by which the far side's clock is ahead of ours.
    pub clock_skew: i64,
    /// What answered, e.g. the `Server` header.
    pub server: Option<String>,
    // What an examination saw; none: it was not asked.
    /// Bytes that do not have the SHA-256 that was said are refused.
    pub checks_sha256: Option<bool>,
    /// HEAD repeats the SHA-256 of the parts of an object that was put in parts.
    pub repeats_parts: Option<bool>,
    /// The list of parts repeats each one's SHA-256.
    pub lists_parts: Option<bool>,
    /// An upload in parts that is to replace nothing was seen to be refused at its end.
    pub conditional_multipart: Option<bool>,
    pub presigned_get: Option<bool>,
    pub presigned_put: Option<bool>,
    /// Who answers at an HTTP API; none: it is none, or was not asked.
    pub service: Option<Service>,
}

/// Who answers at an HTTP API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// `imgn-server`.
    Imgn,
    /// Functions of the same code: the bytes go straight to the store.
    Functions,
    /// The imgn of the talk as a monolith or in containers, which says little of what it does.
    Original,
    /// The imgn of the talk as functions.
    OriginalFunctions,
}

impl Service {
    /// From so many photos on its list may lack some, which are not gone for that; none: it lists all.
    pub fn lacks_some_from(self) -> Option<u32> {
        match self {
            // They list 1,000 objects, sidecars counted.
            Self::OriginalFunctions => Some(500),
            Self::Imgn | Self::Functions | Self::Original => None,
        }
    }

    /// Whether it is the imgn of the talk.
    pub fn is_original(self) -> bool {
        matches!(self, Self::Original | Self::OriginalFunctions)
    }
}

/// What *Test connection* found: the far side can be read, listed and written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    pub profile: Profile,
    /// The library that is there already; none: a new one would begin.
    pub marker: Option<Marker>,
}
