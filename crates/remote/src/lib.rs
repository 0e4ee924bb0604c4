//! The places where images live, behind one contract.
//!
//! A [`Remote`] holds originals under [`Key`]s, byte for byte, beside derived objects. Three kinds:
//! [`Folder`] (a disk or NAS), [`S3`] and [`HttpApi`] (`imgn-server`, functions, the original imgn). All pass the same
//! contract suite (`tests/contract/`), as far as it is about what they can do.
//!
//! **Invariant:** nothing here overwrites or deletes an original.

#![forbid(unsafe_code)]

pub mod api;
mod body;
mod doctor;
mod error;
mod folder;
mod http_api;
mod key;
mod landing;
mod layout;
mod ledger;
mod link;
mod lock;
mod marker;
mod meter;
pub mod mtime;
mod object;
mod offer;
mod parts;
mod profile;
mod proof;
mod s3;
mod source;
mod throttle;
mod timing;
mod tls;
mod transport;

pub use doctor::{Check, Examination, Finding, Measured, Outcome};
pub use error::{Error, Retry, is_disk_fault};
pub use folder::Folder;
pub use http_api::{Expecting, HttpApi, HttpConfig, Token};
pub use key::{Key, KeyError, KeyParts, KeyTemplate, KeyTemplateError};
pub use layout::{Derived, Layout};
pub use ledger::{Ledger, Memory, Unrecorded, Upload};
pub use link::{Link, Shown};
pub use marker::Marker;
pub use object::{Object, Page, Reading};
pub use offer::{Announced, Slot};
pub use parts::Parts;
pub use profile::{Probe, Profile, Service};
pub use proof::{Look, Proof, Put};
pub use s3::{Credentials, Endpoints, Pools, S3, S3Config};
pub use throttle::Throttle;
pub use timing::Timed;

use async_trait::async_trait;
use bytes::Bytes;
use jiff::{Timestamp, civil};
use std::path::Path;
use std::time::Duration;

/// SHA-256 of some bytes.
pub type Sha256 = [u8; 32];

/// An original on this machine that is to be put.
#[derive(Debug, Clone)]
pub struct Original<'a> {
    pub path: &'a Path,
    pub size: u64,
    pub sha256: Sha256,
    /// The file's modification time; kept as `x-amz-meta-mtime`, or as the copy's own mtime.
    pub mtime: Timestamp,
    /// MIME type by content.
    pub content_type: &'a str,
    /// Local wall time as the picture says it, for a far side that chooses the key and never sees the bytes.
    pub taken_at: Option<civil::DateTime>,
}

/// Bytes sent so far of one put; called from the transfer, so it must be quick.
pub type Progress<'a> = &'a (dyn Fn(u64) + Send + Sync);

/// A place where images are kept.
///
/// # Contract
/// - [`put`](Remote::put) may be repeated with the same bytes and leaves one object. It returns
///   only after the far side has acknowledged all of them, durably. It never replaces an object.
/// - A source that changes while it is read is [`Error::SourceChanged`]; no object with mixed bytes
///   is left under the key.
/// - Which [`Marker`] is expected is learnt by [`claim`](Remote::claim) or [`check`](Remote::check);
///   before one of them has succeeded, and after a `check` that found none or another one, every
///   read and write is [`Error::NotMounted`] in a folder, and [`Error::NoLibrary`] in a bucket or at a server, which is
///   there. A folder looks at its marker again in every call, so an empty mount point is [`Error::NotMounted`] or [`Error::WrongLibrary`], and is never written to.
/// - Keys are relative to the prefix or folder; `list` shows everything under it but `.imgn/`.
/// - Where the servers of the original imgn share the place ([`Layout::Original`]) there is no marker: its address
///   stands for one, and an empty mount point cannot be told from the folder here: who knows what was put must.
/// - A far side that chooses keys itself takes the key of a put as a wish, and says in
///   [`Put::Elsewhere`] which one it became; the same bytes again become the same one.
#[async_trait]
pub trait Remote: Send + Sync + std::fmt::Debug {
    /// Tries reading, listing and writing, and leaves nothing behind: the one object or file that
    /// it writes (`.imgn/probe-<uuid>`) is its own, and is removed again. Claims nothing.
    async fn probe(&self) -> Result<Probe, Error>;

    /// Reaches the far side and says what was seen, writing nothing but (twice) the marker.
    ///
    /// With no marker there it writes one conditionally; with one there, adopts it.
    async fn claim(&self) -> Result<(Marker, Profile), Error>;

    /// Reaches the far side and makes sure that its marker is `expected`.
    async fn check(&self, expected: &Marker) -> Result<(), Error>;

    /// Puts an original under a key that nothing stands under yet.
    ///
    /// A large one goes to a bucket in parts, which `ledger` remembers: the next call goes on where
    /// this one was interrupted, also in another process. What was begun and is of no use any more
    /// is removed again, or marked in the ledger for [`abandon`](Remote::abandon).
    async fn put_resumable(
        &self,
        key: &Key,
        original: &Original<'_>,
        ledger: &dyn Ledger,
        progress: Progress<'_>,
    ) -> Result<Put, Error>;

    /// The same in one go: what was begun and failed is removed again.
    async fn put(
        &self,
        key: &Key,
        original: &Original<'_>,
        progress: Progress<'_>,
    ) -> Result<Put, Error> {
        let ledger = Memory::default();
        let put = self.put_resumable(key, original, &ledger, progress).await;
        if let (Err(_), Some(upload)) = (&put, ledger.left())
            && let Err(error) = self.abandon(key, &upload).await
        {
            tracing::warn!(%error, %key, "parts of an upload stay");
        }
        put
    }

    /// Removes what is there of an upload that this ledger's owner began and did not complete. One
    /// whose beginning was never answered is known by its key and the time of asking.
    async fn abandon(&self, key: &Key, upload: &Upload) -> Result<(), Error>;

    /// What is confirmed of the original under `key`: read from the far side now.
    /// `None`: nothing there, or other bytes.
    async fn verify(&self, key: &Key, size: u64, sha256: &Sha256) -> Result<Option<Proof>, Error>;

    /// What is to be seen of the original under `key` without reading it: cheap, for many in a row.
    /// `earlier` is what was confirmed of it before.
    async fn look(
        &self,
        key: &Key,
        size: u64,
        sha256: &Sha256,
        earlier: Option<&Proof>,
    ) -> Result<Look, Error> {
        let seen = match earlier {
            Some(earlier) => self.verify_again(key, size, sha256, earlier).await?,
            None => self.verify(key, size, sha256).await?,
        };
        Ok(match seen {
            Some(Proof::SizeOnly { etag, version }) => Look::Unvouched { etag, version },
            Some(proof) => Look::Vouched(proof),
            None => match self.head(key).await? {
                Some(_) => Look::Other,
                None => Look::Missing,
            },
        })
    }

    /// The SHA-256 of the bytes under `key`, all of them read from the far side now. `None`: nothing
    /// there. What the far side has and cannot give is [`Error::Unreadable`], where it can be told from a line that
    /// breaks.
    async fn hash(&self, key: &Key) -> Result<Option<Sha256>, Error>;

    /// The same for an original that was confirmed before. A checksum of parts is compared with the
    /// one that was confirmed then, which [`verify`](Remote::verify) cannot make.
    async fn verify_again(
        &self,
        key: &Key,
        size: u64,
        sha256: &Sha256,
        _earlier: &Proof,
    ) -> Result<Option<Proof>, Error> {
        self.verify(key, size, sha256).await
    }

    /// The key that an original gets here; `twin` is as in [`KeyTemplate::render`]. [`Error::NotAccepted`]: it is
    /// of a type that is not kept here.
    fn key(&self, template: &KeyTemplate, parts: &KeyParts<'_>, twin: u8) -> Result<Key, Error> {
        Ok(template.render(parts, twin))
    }

    /// What of derived objects can be put here.
    fn derived(&self) -> Derived {
        Derived::Ours
    }

    /// Puts a derived object (sidecar, thumbnail), replacing what is there. A key that does not end
    /// in `.meta` or lie under `.imgn/` is [`Error::BadKey`]: it could be an original's. So is one of a kind
    /// that [`derived`](Remote::derived) excludes.
    async fn put_derived(&self, key: &Key, body: Bytes, content_type: &str) -> Result<(), Error>;

    /// What stands under `key`.
    async fn head(&self, key: &Key) -> Result<Option<Object>, Error>;

    /// The bytes under `key`, at most `limit` of them; for derived objects.
    /// `None`: nothing there. More than `limit` bytes is [`Error::TooLarge`].
    async fn get(&self, key: &Key, limit: u64) -> Result<Option<Bytes>, Error>;

    /// The bytes under `key`, as many as there are, read while they are asked for. A reader that
    /// gets nothing for long is the caller's to give up. `None`: nothing there.
    async fn read(&self, key: &Key) -> Result<Option<Reading>, Error>;

    /// Streams the bytes under `key` into a new file at `to`, which must not exist. Returns
    /// their SHA-256. Nothing under `key` is [`Error::Missing`]; on any error no file is left.
    async fn download(&self, key: &Key, to: &Path) -> Result<Sha256, Error> {
        self.download_listed(key.as_str(), to).await
    }

    /// A link that gives the bytes under `key` to whoever has it, without any key of ours, for `good_for`
    /// (whole seconds, from one to seven days' worth). It is made without asking anybody, so it may lead to
    /// nothing. `None`: what lies here has no address.
    async fn link(
        &self,
        _key: &Key,
        _shown: Shown<'_>,
        _good_for: Duration,
    ) -> Result<Option<Link>, Error> {
        Ok(None)
    }

    /// An address at which whoever has it may put one original under `key`, for `good_for` (whole seconds), without
    /// any key of ours. Where something stands there already, that is said instead. What was announced is all that
    /// can be put; `None` announced: any bytes, once nothing but the address is known to whoever puts them.
    /// `None` returned: what lies here has no address.
    async fn offer(
        &self,
        _key: &Key,
        _announced: Option<&Announced<'_>>,
        _good_for: Duration,
    ) -> Result<Option<Slot>, Error> {
        Ok(None)
    }

    /// Asks one by one what the far side does, and says what was found; where `expected` is not its
    /// marker, nothing is written.
    async fn examine(&self, expected: &Marker) -> Examination;

    /// Puts `body` as a probe of ours, says how long it took until it was there as durably as an original,
    /// and removes it. Dropped midway, the probe may stay.
    async fn time_probe(&self, _body: Bytes) -> Result<Timed, Error> {
        Ok(Timed::NotTaken)
    }

    /// [`download`](Remote::download) by a name that [`list`](Remote::list) showed, which need be no
    /// [`Key`]: other programs put what they like.
    async fn download_listed(&self, name: &str, to: &Path) -> Result<Sha256, Error>;

    /// One page of up to 1,000 objects in the far side's key order, from `after` (a [`Page::next`],
    /// which is opaque). An original imgn lists all that it ever will at once.
    async fn list(&self, after: Option<&str>) -> Result<Page, Error>;

    /// The first page of what follows `key`, which need not be there; more of it as with
    /// [`list`](Remote::list).
    async fn list_beyond(&self, key: &str) -> Result<Page, Error>;
}
