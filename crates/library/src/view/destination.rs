//! The places where photos are kept.

use super::{DoctorReport, Reason};
use serde::{Deserialize, Serialize};
use std::fmt;
use ts_rs::TS;

/// A destination's settings, without secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[ts(export)]
pub enum DestinationConfig {
    Folder {
        path: String,
        #[serde(default)]
        key_template: Option<String>,
        #[serde(default)]
        layout: DestinationLayout,
    },
    S3 {
        #[serde(default)]
        endpoint: Option<String>,
        bucket: String,
        #[serde(default)]
        prefix: String,
        #[serde(default)]
        region: Option<String>,
        #[serde(default)]
        path_style: Option<bool>,
        #[serde(default)]
        ca_file: Option<String>,
        #[serde(default)]
        profile: Option<String>,
        #[serde(default)]
        key_template: Option<String>,
        #[serde(default)]
        layout: DestinationLayout,
        /// Keys are lent to whoever signs in there, with a name and a password in the place of the keys.
        #[serde(default)]
        cognito: Option<CognitoPools>,
    },
    /// `imgn-server`, or the original imgn as a monolith or in containers. It chooses keys itself.
    Http {
        url: String,
        /// A file with the token, read each time that it is needed.
        #[serde(default)]
        token_file: Option<String>,
        #[serde(default)]
        ca_file: Option<String>,
    },
    /// Functions, of imgn or of the original: the same, but that photos go straight to their store.
    Lambda {
        url: String,
        #[serde(default)]
        token_file: Option<String>,
        #[serde(default)]
        ca_file: Option<String>,
    },
}

/// Where a person signs in on AWS, and to which identities that leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct CognitoPools {
    pub identity_pool: String,
    pub user_pool_client: String,
}

/// How the photos of a folder or bucket lie in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DestinationLayout {
    /// As an imgn library, of which everything can be rebuilt.
    #[default]
    Library,
    /// Shared with the servers of the original imgn: plain names, JPEG and PNG, the size of each as text, and
    /// nothing else; no marker tells it from another place.
    Original,
}

/// What is shown to a place for it to open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secret {
    /// An access key and its secret key.
    Key,
    Token,
    /// A user name and a password.
    Password,
}

impl DestinationConfig {
    /// What it wants to be shown; none: nothing.
    pub fn secret(&self) -> Option<Secret> {
        match self {
            Self::Folder { .. } => None,
            Self::S3 {
                cognito: Some(_), ..
            } => Some(Secret::Password),
            Self::S3 { .. } => Some(Secret::Key),
            Self::Http { .. } | Self::Lambda { .. } => Some(Secret::Token),
        }
    }

    /// How photos lie there, where that is chosen here.
    pub fn layout(&self) -> DestinationLayout {
        match self {
            Self::Folder { layout, .. } | Self::S3 { layout, .. } => *layout,
            Self::Http { .. } | Self::Lambda { .. } => DestinationLayout::Library,
        }
    }

    /// How keys are made there, where that is chosen here.
    pub fn key_template(&self) -> Option<&str> {
        match self {
            Self::Folder { key_template, .. } | Self::S3 { key_template, .. } => {
                key_template.as_deref()
            }
            Self::Http { .. } | Self::Lambda { .. } => None,
        }
    }
}

/// Who answers at an HTTP API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ServiceKind {
    /// `imgn-server`: it confirms the SHA-256 of what it stored.
    Imgn,
    /// Functions of the same code: the store checks the SHA-256 of what comes.
    Functions,
    /// The imgn of the talk: it cannot verify, so each photo is read back. It takes JPEG and PNG, and has no
    /// marker that tells it from another one.
    Original,
    /// The same as functions.
    OriginalFunctions,
}

/// Where the keys of a destination are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum KeyPlace {
    /// It needs none.
    None,
    /// In a profile, the environment, or with the machine itself.
    Around,
    /// Typed, and in the system's keyring.
    Keyring,
    /// Typed, and gone when imgn is closed.
    ThisRun { detail: String },
}

/// Keys typed by the person: kept in the system's keyring, never in a file, row or log of ours. A token of
/// an HTTP API is a secret key without an access key; where a person signs in, these are name and password.
#[derive(Clone, Deserialize, TS)]
#[ts(export)]
pub struct TypedKeys {
    pub access_key_id: String,
    pub secret_access_key: String,
}

impl fmt::Debug for TypedKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TypedKeys")
            .field("access_key_id", &self.access_key_id)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DestinationState {
    /// Not tried in this run yet.
    Unknown,
    Ready,
    /// No answer; tried again by itself.
    Offline,
    /// Stopped until the person changes something.
    NeedsYou,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct DestinationView {
    #[ts(type = "number")]
    pub id: i64,
    pub name: String,
    pub config: DestinationConfig,
    /// Where it is, in one line: `photos at minio.home`, `/media/disk`.
    pub place: String,
    /// Where the keys for it are.
    pub keys: KeyPlace,
    /// Who answers there; none: it is no HTTP API.
    pub service: Option<ServiceKind>,
    /// It lists so many photos that there may be more, which it does not show.
    pub may_be_incomplete: bool,
    pub state: DestinationState,
    pub reason: Option<Reason>,
    /// It answered, and what was there is there no more: nothing is safe by it.
    pub gone: bool,
    /// Backed up there; where it is gone, what was.
    pub photos: u32,
    #[ts(type = "number")]
    pub bytes: u64,
    pub waiting: u32,
    #[ts(type = "number | null")]
    pub last_checked: Option<i64>,
    /// When every copy there was last gone over.
    #[ts(type = "number | null")]
    pub last_verified: Option<i64>,
    /// What it was last examined to do.
    pub examined: Option<DoctorReport>,
}

/// What *Test connection* saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct TestReport {
    /// None: everything works.
    pub problem: Option<Reason>,
    /// The marker there is another machine's: this library will be shared with it.
    pub existing_library: bool,
    /// Who answers there; none: it is no HTTP API, or did not answer.
    pub service: Option<ServiceKind>,
    pub conditional_put: bool,
    pub repeats_sha256: bool,
    #[ts(type = "number")]
    pub clock_skew: i64,
    #[ts(type = "number")]
    pub milliseconds: u64,
}
