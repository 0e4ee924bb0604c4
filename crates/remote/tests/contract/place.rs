//! A place to keep images in, and an independent look at what is there.

use remote::{Credentials, Error, Folder, Key, Layout, Profile, Remote, S3, S3Config};
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use testbed::{Bucket, Endpoint, Minio, SeaweedFs, Server};

/// A place of its own for one test.
pub(crate) enum Place {
    Folder(TempDir, Layout),
    Bucket {
        bucket: Box<Bucket>,
        prefix: &'static str,
        layout: Layout,
        _server: Box<Server>,
    },
}

impl Place {
    pub(crate) async fn folder() -> Self {
        Self::Folder(tempfile::tempdir().unwrap(), Layout::Library)
    }

    /// One that servers of the original imgn share.
    pub(crate) async fn shared_folder() -> Self {
        Self::Folder(tempfile::tempdir().unwrap(), Layout::Original)
    }

    pub(crate) async fn shared_minio() -> Self {
        Self::bucket(Minio::shared().await, "").await.shared()
    }

    pub(crate) async fn shared_seaweedfs() -> Self {
        Self::bucket(SeaweedFs::shared().await, "").await.shared()
    }

    fn shared(mut self) -> Self {
        let (Self::Folder(_, layout) | Self::Bucket { layout, .. }) = &mut self;
        *layout = Layout::Original;
        self
    }

    pub(crate) fn layout(&self) -> Layout {
        match self {
            Self::Folder(_, layout) | Self::Bucket { layout, .. } => *layout,
        }
    }

    pub(crate) fn is_shared(&self) -> bool {
        self.layout() == Layout::Original
    }

    /// Whether an error says that no library is here: a folder's disk may be away, a bucket answers.
    pub(crate) fn is_without_library(&self, error: &Error) -> bool {
        match self {
            Self::Folder(..) => matches!(error, Error::NotMounted { .. }),
            Self::Bucket { .. } => matches!(error, Error::NoLibrary { .. }),
        }
    }

    /// A key that originals are put under here: this one, or what comes near to it.
    pub(crate) fn key(&self, name: &str) -> Key {
        if !self.is_shared() {
            return Key::parse(name).unwrap();
        }
        let stem = name.trim_end_matches(".jpg").replace('/', "-");
        Key::parse(&format!("{stem}.jpg")).unwrap()
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
            layout: Layout::Library,
            _server: Box::new(server),
        }
    }

    /// A remote that has reached nobody yet.
    pub(crate) async fn open(&self) -> Box<dyn Remote> {
        match self {
            Self::Folder(folder, layout) => {
                Box::new(Folder::new(folder.path().to_owned()).with_layout(*layout))
            }
            Self::Bucket {
                bucket,
                prefix,
                layout,
                ..
            } => {
                let s3 = s3(&bucket.endpoint, &bucket.endpoint.url, &bucket.name, prefix).await;
                Box::new(s3.with_layout(*layout).unwrap())
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
            Self::Folder(folder, _) => {
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
            Self::Folder(folder, _) => std::fs::read(folder.path().join(key)).unwrap(),
            Self::Bucket { bucket, prefix, .. } => bucket.get(&join(prefix, key)).await,
        }
    }

    /// Puts something there as another program would.
    pub(crate) async fn put(&self, key: &str, bytes: &[u8]) {
        match self {
            Self::Folder(folder, _) => {
                let path = folder.path().join(key);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, bytes).unwrap();
            }
            Self::Bucket { bucket, prefix, .. } => bucket.put(&join(prefix, key), bytes).await,
        }
    }

    pub(crate) async fn delete(&self, key: &str) {
        match self {
            Self::Folder(folder, _) => std::fs::remove_file(folder.path().join(key)).unwrap(),
            Self::Bucket { bucket, prefix, .. } => bucket.delete(&join(prefix, key)).await,
        }
    }

    fn strip(&self, key: &str) -> String {
        match self {
            Self::Folder(..) => key.to_owned(),
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
