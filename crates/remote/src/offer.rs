//! An offer: an address at which one original may be put by whoever has it, for a while.
//!
//! What was *announced* of the original is signed with the address: the store then takes these very bytes, in
//! their full length, where nothing stands, and refuses all others.
//!
//! **Invariant:** an offer is a secret as long as it works: it is in no `Debug` and no message.

use crate::{Object, Sha256};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::fmt;

/// An original that somebody else is about to put.
#[derive(Debug, Clone)]
pub struct Announced<'a> {
    pub size: u64,
    pub sha256: Sha256,
    /// As [`Original::mtime`](crate::Original::mtime), where it is known.
    pub mtime: Option<Timestamp>,
    /// MIME type by content.
    pub content_type: &'a str,
}

/// What there is under a key for a new original.
#[derive(Clone, PartialEq)]
pub enum Slot {
    /// Nothing stands there.
    Free {
        url: String,
        /// All that is signed beside the host: whoever puts sends just these.
        headers: BTreeMap<String, String>,
    },
    /// Something does.
    Taken(Object),
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Free { headers, .. } => f
                .debug_struct("Free")
                .field("headers", headers)
                .finish_non_exhaustive(),
            Self::Taken(object) => f.debug_tuple("Taken").field(object).finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_is_not_shown() {
        let slot = Slot::Free {
            url: "https://s3/canary".to_owned(),
            headers: BTreeMap::new(),
        };
        assert!(!format!("{slot:?}").contains("canary"));
    }
}
