//! An S3 bucket: AWS, MinIO, SeaweedFS, Garage and the like.

use crate::{Error, Profile};
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
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, or the profile of the config.
    Environment,
    /// Typed by a person, for this run.
    Typed { access_key_id: String, secret_access_key: String },
}

#[derive(Debug)]
pub struct S3;

impl S3 {
    /// Reads the CA file and the profile; reaches nobody yet. `profile` is what was seen before.
    pub async fn open(config: S3Config, credentials: Credentials, profile: Profile) -> Result<Self, Error> {
        let _ = (config, credentials, profile);
        unimplemented!()
    }

    /// Creates the bucket, for *Create it* and `--create-bucket`; one that is there and ours is fine.
    pub async fn create_bucket(&self) -> Result<(), Error> { unimplemented!() }
}
