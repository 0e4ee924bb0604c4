//! The words of the HTTP API, which `imgn-server` speaks and clients read: routes, headers, JSON.
//!
//! Every field but the ones that the original imgn has may be absent, so that each side can be older
//! than the other.

use http::HeaderName;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// With this in `Accept`, an upload is answered in JSON and with telling statuses; without it, in
/// one plain sentence, as clients of the original imgn expect.
pub const UPLOAD_MEDIA_TYPE: &str = "application/vnd.imgn.upload+json";

/// Which library a request means: its UUID. A server that keeps another one refuses.
pub const LIBRARY: HeaderName = HeaderName::from_static("imgn-library");

/// The SHA-256 of a whole representation, and the wish for it (RFC 9530). A server reads the bytes for it.
pub const DIGEST: HeaderName = HeaderName::from_static("repr-digest");
pub const WANT_DIGEST: HeaderName = HeaderName::from_static("want-repr-digest");

/// What a gallery says of an image whose metadata was not extracted yet.
pub const NO_METADATA: &str = "no metadata available yet";

/// Entries of one page of a gallery: the default, and the most.
pub const PAGE: usize = 500;

/// Which service answers, and which version of these words it speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    pub service: String,
    pub api: u32,
}

impl Health {
    /// What this version says.
    pub fn now() -> Self {
        Self {
            service: "imgn".to_owned(),
            api: 1,
        }
    }
}

/// An upload that is durably there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    pub key: String,
    /// Hex.
    pub sha256: String,
    /// The same bytes were there before.
    pub duplicate: bool,
    /// As the picture's own answer has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
}

/// How an upload to functions goes on: the file itself goes straight to the store, or nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Offer {
    /// The bytes are to be PUT to `url`, with just these headers, all of which are signed.
    Put {
        key: String,
        /// Good for some minutes, for whoever has it: never logged.
        url: String,
        headers: BTreeMap<String, String>,
    },
    /// The same bytes are there.
    Duplicate {
        key: String,
        /// Always true; it tells this answer from the other.
        duplicate: bool,
        /// Hex.
        sha256: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        etag: Option<String>,
    },
}

/// A request that was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// One of a fixed list of words.
    pub code: String,
    /// A sentence that repeats nothing of the request.
    pub message: String,
}

/// One image of a gallery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Where its bytes are: relative to the page, or absolute; percent-encoded.
    pub src: String,
    /// `WIDTHxHEIGHT` as stored, or [`NO_METADATA`]: never a person's text.
    pub meta: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// Local wall time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<String>,
    /// The `imgn/1` sidecar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<serde_json::Value>,
    /// Where its thumbnail is, as `src`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumb: Option<String>,
}
