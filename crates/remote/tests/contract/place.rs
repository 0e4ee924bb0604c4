//! A place to keep images in, and an independent look at what is there.

use remote::{Credentials, Folder, Profile, Remote, S3, S3Config};
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use testbed::{Bucket, Endpoint, Minio, SeaweedFs, Server};

/// A place of its own for one test.
pub(crate) enum Place {
    Folder(TempDir),
    Bucket {
        bucket: Box<Bucket>,
        prefix: &'static str,
        _server: Box<Server>,
    },
}

impl Place {
    pub(crate) async fn folder() -> Self {
        Self::Folder(tempfile::tempdir().unwrap())
    }

    pub(crate) async fn minio() -> Self {
        Self::bucket(Minio::shared().await, "photos/of mine").await
    }

    pub(crate) async fn minio_tls() -> Self {
        Self::bucket(Minio::shared_tls().await, "photos").await
    }

    pub(crate) async fn minio_without_prefix() -> Self {
        Self::bucket(Minio::shared().await, "").await
    }

    pub(crate) async fn seaweedfs() -> Self {
        Self::bucket(SeaweedFs::shared().await, "photos/of mine").await
    }

    pub(crate) async fn seaweedfs_tls() -> Self {
        Self::bucket(SeaweedFs::shared_tls().await, "").await
    }

    async fn bucket(server: Server, prefix: &'static str) -> Self {
        let bucket = server.bucket().await;
        Self::Bucket {
            bucket: Box::new(bucket),
            prefix,
            _server: Box::new(server),
        }
    }

    /// A remote that has reached nobody yet.
    pub(crate) async fn open(&self) -> Box<dyn Remote> {
        match self {
            Self::Folder(folder) => Box::new(Folder::new(folder.path().to_owned())),
            Self::Bucket { bucket, prefix, .. } => {
                Box::new(s3(&bucket.endpoint, &bucket.endpoint.url, &bucket.name, prefix).await)
            }
        }
    }

    pub(crate) async fn claimed(&self) -> Box<dyn Remote> {
        let remote = self.open().await;
        remote.claim().await.unwrap();
        remote
    }

    /// Everything there, private things too, with sizes.
    pub(crate) async fn everything(&self) -> Vec<(String, u64)> {
        match self {
            Self::Folder(folder) => {
                let mut files = Vec::new();
                walk(folder.path(), "", &mut files);
                files.sort();
                files
            }
            Self::Bucket { bucket, .. } => bucket
                .list()
                .await
                .into_iter()
                .map(|(key, size)| (self.strip(&key), size))
                .collect(),
        }
    }

    /// Everything there but what lies under `.imgn/`.
    pub(crate) async fn originals(&self) -> Vec<(String, u64)> {
        let mut all = self.everything().await;
        all.retain(|(key, _)| !key.starts_with(".imgn/"));
        all
    }

    pub(crate) async fn bytes(&self, key: &str) -> Vec<u8> {
        match self {
            Self::Folder(folder) => std::fs::read(folder.path().join(key)).unwrap(),
            Self::Bucket { bucket, prefix, .. } => bucket.get(&join(prefix, key)).await,
        }
    }

    /// Puts something there as another program would.
    pub(crate) async fn put(&self, key: &str, bytes: &[u8]) {
        match self {
            Self::Folder(folder) => {
                let path = folder.path().join(key);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, bytes).unwrap();
            }
            Self::Bucket { bucket, prefix, .. } => bucket.put(&join(prefix, key), bytes).await,
        }
    }

    pub(crate) async fn delete(&self, key: &str) {
        match self {
            Self::Folder(folder) => std::fs::remove_file(folder.path().join(key)).unwrap(),
            Self::Bucket { bucket, prefix, .. } => bucket.delete(&join(prefix, key)).await,
        }
    }

    fn strip(&self, key: &str) -> String {
        match self {
            Self::Folder(_) => key.to_owned(),
            Self::Bucket { prefix, .. } => key
                .strip_prefix(prefix)
                .unwrap()
                .trim_start_matches('/')
                .to_owned(),
        }
    }
}

/// A client for a bucket at `url`, which may be that of a proxy.
pub(crate) async fn s3(endpoint: &Endpoint, url: &str, bucket: &str, prefix: &str) -> S3 {
    let config = config(endpoint, url, bucket, prefix);
    S3::open(config, keys(endpoint), Profile::default())
        .await
        .unwrap()
}

pub(crate) fn config(endpoint: &Endpoint, url: &str, bucket: &str, prefix: &str) -> S3Config {
    S3Config {
        endpoint: Some(url.to_owned()),
        bucket: bucket.to_owned(),
        prefix: prefix.to_owned(),
        region: endpoint.region.clone(),
        path_style: None,
        ca_file: endpoint.ca_file.clone(),
        profile: None,
    }
}

pub(crate) fn keys(endpoint: &Endpoint) -> Credentials {
    Credentials::Typed {
        access_key_id: endpoint.access_key_id.clone(),
        secret_access_key: endpoint.secret_access_key.clone(),
    }
}

fn join(prefix: &str, key: &str) -> String {
    if prefix.is_empty() {
        key.to_owned()
    } else {
        format!("{prefix}/{key}")
    }
}

fn walk(folder: &Path, prefix: &str, files: &mut Vec<(String, u64)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path: PathBuf = entry.path();
        let name = format!("{prefix}{}", entry.file_name().into_string().unwrap());
        if path.is_dir() {
            walk(&path, &format!("{name}/"), files);
        } else {
            files.push((name, entry.metadata().unwrap().len()));
        }
    }
}
