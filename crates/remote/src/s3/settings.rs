//! What a bucket is opened with: where it is, and the keys.

use super::cognito::Pools;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Where the bucket is. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct S3Config {
    /// `http(s)://host[:port]`; none: AWS.
    pub endpoint: Option<String>,
    pub bucket: String,
    /// Without slashes at its ends; empty: the bucket's root.
    #[serde(default)]
    pub prefix: String,
    #[serde(default)]
    pub region: Option<String>,
    /// Default: true for a custom endpoint.
    #[serde(default)]
    pub path_style: Option<bool>,
    /// PEM certificates trusted beside the system's.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// A profile of the AWS configuration files.
    #[serde(default)]
    pub profile: Option<String>,
}

/// Where the keys come from. `Debug` shows no secret.
#[derive(Clone)]
pub enum Credentials {
    /// The profile of the config; without one, what is around as Amazon's own tools find it: the
    /// environment, the default profile, a web identity, a container's or a machine's own keys.
    Environment,
    /// Typed by a person, for this run.
    Typed {
        access_key_id: String,
        secret_access_key: String,
    },
    /// Lent to a person who signs in, for a while each time. Without a prefix, everything is kept under the
    /// identity that this person has.
    Cognito {
        pools: Pools,
        user: String,
        password: String,
    },
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Environment => f.write_str("Environment"),
            Self::Typed { access_key_id, .. } => f
                .debug_struct("Typed")
                .field("access_key_id", access_key_id)
                .finish_non_exhaustive(),
            Self::Cognito { pools, .. } => f
                .debug_struct("Cognito")
                .field("pools", pools)
                .finish_non_exhaustive(),
        }
    }
}
