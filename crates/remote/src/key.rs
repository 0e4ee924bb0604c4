//! The name of an object in the library layout, and how it is chosen.
//!
//! A [`Key`] is a relative, `/`-separated path. A [`KeyTemplate`] makes one out of what is known of
//! a photo; segments that a store or a file system could not hold, or that would collide with
//! sidecars and `.imgn/`, are rewritten in a way that can be undone.
//!
//! **Invariant:** a key has no empty, `.` or `..` segment, no control character and no `\`, and is
//! at most 1,024 bytes long: joined to a folder it never leaves it.

mod segment;
mod template;

pub use template::{KeyParts, KeyTemplate, KeyTemplateError};

use crate::Sha256;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// What S3 allows.
const LONGEST_KEY: usize = 1024;
/// What file systems allow.
const LONGEST_SEGMENT: usize = 255;

/// The folder of the layout that holds no originals.
const PRIVATE: &str = ".imgn";

/// The key of one object, relative to the remote's prefix: valid, `/`-separated, and never one that
/// belongs to another part of the layout.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key(String);

/// Why a name from outside is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key:?} cannot be a key: {reason}")]
pub struct KeyError {
    pub key: String,
    pub reason: &'static str,
}

impl Key {
    /// Takes a name from outside, such as a list of the bucket; refuses whatever is unsafe to join
    /// to a folder, and what lies under `.imgn/`.
    pub fn parse(key: &str) -> Result<Self, KeyError> {
        let key = Self::try_from(key.to_owned())?;
        if key.is_private() {
            return Err(KeyError {
                key: key.0,
                reason: ".imgn/ holds no originals",
            });
        }
        Ok(key)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last segment.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// The name of the file that this key was made for, as bytes, if its last segment was encoded
    /// and not cut; the segment itself does not tell whether it was.
    pub fn decoded_name(&self) -> Vec<u8> {
        segment::decode(self.name())
    }

    /// The name of the file that a key of the default template was made of, as bytes, as far as it tells: what was
    /// added for a twin is left out, and what reads as encoded is decoded where just that name is encoded so.
    pub fn made_of(&self, sha256: &Sha256) -> Vec<u8> {
        segment::source(self.name(), sha256)
    }

    /// The form in which two keys count as one: NFC-normalised and case-folded.
    pub fn folded(&self) -> String {
        // Upper, then lower case, character by character, is the full case folding but for a few
        // letters of which both forms are still told apart from all others.
        self.0
            .nfd()
            .flat_map(char::to_uppercase)
            .flat_map(char::to_lowercase)
            .nfc()
            .collect()
    }

    /// How the key of a sidecar ends: no original's does.
    pub const SIDECAR: &'static str = ".meta";

    /// `<key>.meta`
    pub fn sidecar(&self) -> Key {
        Key(format!("{}{}", self.0, Self::SIDECAR))
    }

    /// `.imgn/thumbs/<aa>/<sha256>.webp`
    pub fn thumbnail(sha256: &Sha256) -> Key {
        let hash = hex::encode(sha256);
        Key(format!("{PRIVATE}/thumbs/{}/{hash}.webp", &hash[..2]))
    }

    /// Whether an object with this key can be made again, and so may be replaced.
    pub(crate) fn is_derived(&self) -> bool {
        self.0.ends_with(Self::SIDECAR) || (self.is_private() && self.0 != crate::Marker::KEY)
    }

    fn is_private(&self) -> bool {
        is_private(&self.0)
    }
}

/// Whether a relative name lies under `.imgn/`, whatever its case: some file systems fold it.
pub(crate) fn is_private(name: &str) -> bool {
    name.split('/')
        .next()
        .is_some_and(|first| first.eq_ignore_ascii_case(PRIVATE))
}

impl TryFrom<String> for Key {
    type Error = KeyError;

    fn try_from(key: String) -> Result<Self, KeyError> {
        match fault(&key) {
            Some(reason) => Err(KeyError { key, reason }),
            None => Ok(Self(key)),
        }
    }
}

impl From<Key> for String {
    fn from(key: Key) -> Self {
        key.0
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

fn fault(key: &str) -> Option<&'static str> {
    if key.is_empty() {
        return Some("it is empty");
    }
    if key.len() > LONGEST_KEY {
        return Some("it is longer than 1,024 bytes");
    }
    if key.chars().any(|c| c.is_control() || c == '\\') {
        return Some("it has a control character or a backslash");
    }
    key.split('/').find_map(|segment| match segment {
        "" => Some("it has an empty segment"),
        "." | ".." => Some("it has a segment . or .."),
        _ if segment.len() > LONGEST_SEGMENT => Some("it has a segment longer than 255 bytes"),
        _ => None,
    })
}

#[cfg(test)]
mod tests;
