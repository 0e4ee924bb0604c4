//! The store of one deployment: reached, or begun, before anything is answered.

use crate::cannot_start::CannotStart;
use crate::spool::Spool;
use crate::words::{Monolith, Place, Work};
use remote::{Credentials, Folder, Marker, Profile, Remote, S3, S3Config};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The images, and where files are on their way to and from them.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) remote: Arc<dyn Remote>,
    pub(crate) spool: Spool,
    pub(crate) marker: Marker,
    pub(crate) bucket: Option<Bucket>,
}

/// What events call the store.
#[derive(Debug, Clone)]
pub(crate) struct Bucket {
    pub(crate) name: String,
    /// Empty, or ending in a slash.
    pub(crate) prefix: String,
}

impl Place {
    /// Reaches the store and makes sure that it is one of ours, or begins it.
    pub async fn open(&self, work: &Work) -> Result<Store, CannotStart> {
        match (&self.folder, &self.bucket) {
            (Some(folder), None) => open_folder(folder, work).await,
            (_, Some(bucket)) => self.open_bucket(bucket, work).await,
            (None, None) => Err(CannotStart::Settings(
                "no --folder and no --bucket".to_owned(),
            )),
        }
    }

    /// The bucket as it is, or is not yet.
    pub(crate) async fn s3(&self, bucket: &str) -> Result<S3, remote::Error> {
        self.s3_below(bucket, &self.prefix).await
    }

    async fn s3_below(&self, bucket: &str, prefix: &str) -> Result<S3, remote::Error> {
        let config = S3Config {
            endpoint: self.endpoint.clone(),
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
            region: self.region.clone(),
            path_style: self.path_style.then_some(true),
            ca_file: self.ca_file.clone(),
            profile: None,
        };
        S3::open(config, Credentials::Environment, Profile::default()).await
    }

    async fn open_bucket(&self, bucket: &str, work: &Work) -> Result<Store, CannotStart> {
        let remote = self.s3(bucket).await?;
        let bucket = Bucket {
            name: bucket.to_owned(),
            prefix: self.folder_of_bucket(),
        };
        begin(Arc::new(remote), spool_of_bucket(work), Some(bucket)).await
    }

    /// The prefix: empty, or ending in a slash.
    pub(crate) fn folder_of_bucket(&self) -> String {
        match self.prefix.trim_matches('/') {
            "" => String::new(),
            prefix => format!("{prefix}/"),
        }
    }

    /// For a function, which is started for a single question: of a library that is there its marker is read, and
    /// nothing is written. `folder`: it lies in this one below the prefix.
    pub(crate) async fn adopt(
        &self,
        bucket: &str,
        folder: Option<&str>,
        work: &Work,
    ) -> Result<Store, CannotStart> {
        let mut prefix = self.folder_of_bucket();
        if let Some(folder) = folder {
            prefix.push_str(folder);
            prefix.push('/');
        }
        let remote = self.s3_below(bucket, &prefix).await?;
        let name = bucket.to_owned();
        let (spool, bucket) = (spool_of_bucket(work), Some(Bucket { name, prefix }));
        match remote.adopt().await? {
            Some(marker) => open(Arc::new(remote), marker, spool, bucket),
            None => begin(Arc::new(remote), spool, bucket).await,
        }
    }
}

fn spool_of_bucket(work: &Work) -> PathBuf {
    work.spool.clone().unwrap_or_else(std::env::temp_dir)
}

/// A store in a folder, which is made if it is not there.
async fn open_folder(folder: &Path, work: &Work) -> Result<Store, CannotStart> {
    let folder = std::path::absolute(folder)?;
    if folder.is_file() {
        return Err(CannotStart::Settings(format!(
            "{} is a file: images are kept in a folder",
            folder.display()
        )));
    }
    let remote = Folder::new(folder.clone());
    remote.create().await?;
    let spool = work
        .spool
        .clone()
        .unwrap_or_else(|| folder.join(".imgn").join("tmp"));
    begin(Arc::new(remote), spool, None).await
}

async fn begin(
    remote: Arc<dyn Remote>,
    spool: PathBuf,
    bucket: Option<Bucket>,
) -> Result<Store, CannotStart> {
    let (marker, _) = remote.claim().await?;
    // It also removes what earlier runs left half written.
    remote.check(&marker).await?;
    open(remote, marker, spool, bucket)
}

fn open(
    remote: Arc<dyn Remote>,
    marker: Marker,
    spool: PathBuf,
    bucket: Option<Bucket>,
) -> Result<Store, CannotStart> {
    tracing::info!(library = %marker.uuid, "the store is open");
    let spool = Spool::open(spool.clone()).map_err(|source| CannotStart::Spool {
        folder: spool,
        source,
    })?;
    if let Err(error) = spool.is_writable() {
        tracing::warn!(%error, "nothing can be written beside the images: they are shown, and no uploads are taken");
    }
    Ok(Store {
        remote,
        spool,
        marker,
        bucket,
    })
}

impl Monolith {
    /// Opens its folder.
    pub async fn open(&self) -> Result<Store, CannotStart> {
        open_folder(&self.folder, &self.work).await
    }
}
