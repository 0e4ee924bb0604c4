//! What a far side says of an original that it was given.
//!
//! **Invariant:** never more than is true: whoever reads "backed up" relies on it.

use crate::{Key, Object};
use serde::{Deserialize, Serialize};

/// What the far side confirmed about an original: never more than is true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Proof {
    /// The far side repeated the SHA-256 of all bytes, or the bytes were read back.
    FullSha256 {
        etag: Option<String>,
        version: Option<String>,
    },
    /// The SHA-256 of the parts' SHA-256s.
    PartsSha256 {
        parts: u32,
        /// As the far side writes it: Base64, `-`, the number of parts.
        #[serde(default)]
        composite: String,
        etag: Option<String>,
        version: Option<String>,
    },
    /// The far side confirmed the size only.
    SizeOnly {
        etag: Option<String>,
        version: Option<String>,
    },
}

impl Proof {
    /// What the far side called the object's state.
    pub fn etag(&self) -> Option<&str> {
        let (Self::FullSha256 { etag, .. }
        | Self::PartsSha256 { etag, .. }
        | Self::SizeOnly { etag, .. }) = self;
        etag.as_deref()
    }
}

/// How a put ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Put {
    /// The bytes went up.
    Stored(Proof),
    /// The same bytes were there already, and are taken as ours.
    Adopted(Proof),
    /// The far side chose the key itself, and has the bytes there.
    Elsewhere {
        key: Key,
        proof: Proof,
        /// They were there before.
        adopted: bool,
    },
    /// Other bytes stand under this key, or this place makes no such keys; nothing was sent or changed. The
    /// caller picks another.
    KeyTaken,
}

/// What a look at an original shows, without its bytes being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// Nothing stands under the key.
    Missing,
    /// Other bytes do: their size or the store's own checksum says so.
    Other,
    /// The store vouches for the bytes.
    Vouched(Proof),
    /// An object of that size is there; only reading it tells more.
    Unvouched {
        etag: Option<String>,
        version: Option<String>,
    },
}

impl Look {
    /// Where the far side vouches for no bytes: what the size of what stands there tells.
    pub(crate) fn by_size(found: Option<Object>, size: u64) -> Self {
        match found {
            None => Self::Missing,
            Some(object) if object.size != size => Self::Other,
            Some(object) => Self::Unvouched {
                etag: object.etag,
                version: None,
            },
        }
    }
}
