//! A folder: a disk, a NAS mount, a stick.
//!
//! It has the layout of a bucket, so either can be copied into the other by any tool.
//!
//! **Invariant:** a file appears under its key only whole, on the disk, and only where nothing was:
//! it is written under a name of its own, read back, and moved without replacing.

mod claim;
mod disk;
mod doctor;
mod moving;
mod place;
mod walk;

use crate::marker::{Expected, Without};
use crate::meter::Meter;
use crate::{
    Derived, Error, Examination, Key, KeyParts, KeyTemplate, Layout, Ledger, Look, Marker, Object,
    Original, Page, Probe, Profile, Progress, Proof, Put, Reading, Remote, Sha256, Timed, Upload,
};
use async_trait::async_trait;
use bytes::Bytes;
use disk::Disk;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use walk::Lister;

/// Originals in a folder, in the same layout as a bucket.
#[derive(Debug)]
pub struct Folder {
    disk: Disk,
    expected: Expected,
    lister: Arc<Lister>,
}

impl Folder {
    /// Touches nothing yet.
    pub fn new(root: PathBuf) -> Self {
        Self {
            disk: Disk::new(root),
            expected: Expected::of(Without::Disk),
            lister: Arc::default(),
        }
    }

    /// Files lie in it like this; as a library unless it is said otherwise.
    #[must_use]
    pub fn with_layout(mut self, layout: Layout) -> Self {
        self.disk.set_layout(layout);
        self
    }

    /// Creates the folder itself, for a destination that begins; the folder above it must be there.
    pub async fn create(&self) -> Result<(), Error> {
        self.blocking(Disk::create).await
    }

    /// Runs `work` on a thread that may block, having made sure of the marker.
    async fn mounted<T, W>(&self, work: W) -> Result<T, Error>
    where
        T: Send + 'static,
        W: FnOnce(&Disk) -> Result<T, Error> + Send + 'static,
    {
        let expected = self.expected.get(&self.disk.place())?;
        self.blocking(move |disk| {
            disk.expect(&expected)?;
            work(disk)
        })
        .await
    }

    async fn blocking<T, W>(&self, work: W) -> Result<T, Error>
    where
        T: Send + 'static,
        W: FnOnce(&Disk) -> Result<T, Error> + Send + 'static,
    {
        let disk = self.disk.clone();
        tokio::task::spawn_blocking(move || work(&disk))
            .await
            .expect("file work does not panic, and is never cancelled")
    }
}

#[async_trait]
impl Remote for Folder {
    async fn probe(&self) -> Result<Probe, Error> {
        let marker = self.blocking(Disk::probe).await?;
        Ok(Probe {
            profile: profile(),
            marker,
        })
    }

    async fn claim(&self) -> Result<(Marker, Profile), Error> {
        let marker = self.blocking(Disk::claim).await?;
        self.expected.accept(&marker);
        Ok((marker, profile()))
    }

    async fn check(&self, expected: &Marker) -> Result<(), Error> {
        let marker = expected.clone();
        let checked = self
            .blocking(move |disk| {
                disk.expect(&marker)?;
                disk.sweep();
                Ok(())
            })
            .await;
        match &checked {
            Ok(()) => self.expected.accept(expected),
            Err(error) => self.expected.doubt(error),
        }
        checked
    }

    /// In one go: what a stop leaves half written is swept by `check`.
    async fn put_resumable(
        &self,
        key: &Key,
        original: &Original<'_>,
        _ledger: &dyn Ledger,
        progress: Progress<'_>,
    ) -> Result<Put, Error> {
        self.disk
            .layout()
            .takes(&self.disk.place(), key, original.content_type)?;
        let meter = Meter::default();
        let source = place::Source {
            path: original.path.to_owned(),
            size: original.size,
            sha256: original.sha256,
            mtime: original.mtime,
        };
        let (key, feed) = (key.clone(), meter.feed());
        meter
            .tell(
                progress,
                self.mounted(move |disk| place::put(disk, &key, &source, &feed)),
            )
            .await
    }

    /// There is none: nothing is put here in parts.
    async fn abandon(&self, _key: &Key, _upload: &Upload) -> Result<(), Error> {
        Ok(())
    }

    async fn verify(&self, key: &Key, size: u64, sha256: &Sha256) -> Result<Option<Proof>, Error> {
        let (key, sha256) = (key.clone(), *sha256);
        self.mounted(move |disk| Ok(disk.holds(&key, size, &sha256)?.then(read_back)))
            .await
    }

    async fn look(
        &self,
        key: &Key,
        size: u64,
        _sha256: &Sha256,
        _earlier: Option<&Proof>,
    ) -> Result<Look, Error> {
        Ok(Look::by_size(self.head(key).await?, size))
    }

    async fn hash(&self, key: &Key) -> Result<Option<Sha256>, Error> {
        let key = key.clone();
        self.mounted(move |disk| {
            let found = disk.find(&key)?;
            found.map(|(path, _)| disk.hash_of(&path)).transpose()
        })
        .await
    }

    fn key(&self, template: &KeyTemplate, parts: &KeyParts<'_>, twin: u8) -> Result<Key, Error> {
        let place = self.disk.place();
        self.disk.layout().key(&place, template, parts, twin)
    }

    fn derived(&self) -> Derived {
        self.disk.layout().derived()
    }

    async fn put_derived(&self, key: &Key, body: Bytes, _content_type: &str) -> Result<(), Error> {
        let key = key.clone();
        self.mounted(move |disk| place::put_derived(disk, &key, &body))
            .await
    }

    async fn head(&self, key: &Key) -> Result<Option<Object>, Error> {
        let key = key.clone();
        self.mounted(move |disk| disk.head(&key)).await
    }

    async fn get(&self, key: &Key, limit: u64) -> Result<Option<Bytes>, Error> {
        let key = key.clone();
        self.mounted(move |disk| {
            if disk.layout().may_have(&key) {
                disk.get(&key, limit)
            } else {
                Ok(None)
            }
        })
        .await
    }

    async fn read(&self, key: &Key) -> Result<Option<Reading>, Error> {
        let key = key.clone();
        let found = self.mounted(move |disk| disk.open(&key)).await?;
        Ok(found.map(|(object, file)| Reading {
            object,
            bytes: Box::pin(tokio::fs::File::from_std(file)),
        }))
    }

    async fn download_listed(&self, name: &str, to: &Path) -> Result<Sha256, Error> {
        let (name, to) = (name.to_owned(), to.to_owned());
        self.mounted(move |disk| disk.download(&name, &to)).await
    }

    async fn examine(&self, expected: &Marker) -> Examination {
        let (disk, expected) = (self.disk.clone(), expected.clone());
        tokio::task::spawn_blocking(move || doctor::examine(&disk, &expected))
            .await
            .expect("file work does not panic, and is never cancelled")
    }

    async fn time_probe(&self, body: Bytes) -> Result<Timed, Error> {
        self.mounted(move |disk| place::time_probe(disk, &body))
            .await
    }

    async fn list(&self, after: Option<&str>) -> Result<Page, Error> {
        let (lister, after) = (Arc::clone(&self.lister), after.map(str::to_owned));
        self.mounted(move |disk| lister.page(disk, after.as_deref()))
            .await
    }

    /// Here a page begins after a key in any case.
    async fn list_beyond(&self, key: &str) -> Result<Page, Error> {
        self.list(Some(key)).await
    }
}

/// A file system never replaces when told not to, and everything is read back.
fn profile() -> Profile {
    Profile {
        conditional_put: true,
        repeats_sha256: true,
        ..Profile::default()
    }
}

/// The proof of a file whose bytes were read from the disk and hashed.
fn read_back() -> Proof {
    Proof::FullSha256 {
        etag: None,
        version: None,
    }
}
