//! An S3 bucket: AWS, MinIO, SeaweedFS, Garage and the like.
//!
//! Every answer is believed only as far as it goes: a conditional PUT only where a second one was
//! seen to be refused, a checksum only where the store repeats it.
//!
//! **Invariant:** an original is written only where nothing stands, and its last bytes leave this
//! machine only when all of them had the SHA-256 that it was said to have.

mod claim;
mod cognito;
mod cut;
mod doctor;
mod fault;
mod keys;
mod list;
mod multipart;
mod offer;
mod open;
mod own_object;
mod part;
mod presigned;
mod put;
mod read;
mod seen;
mod settings;
mod telling;
mod whole;

use crate::lock::lock;
use crate::marker::{Expected, Without};
use crate::{
    Announced, Derived, Error, Examination, Key, KeyParts, KeyTemplate, Layout, Ledger, Link,
    Marker, Object, Original, Page, Probe, Profile, Progress, Proof, Put, Reading, Remote, Sha256,
    Shown, Slot, Throttle, Timed, Upload,
};
use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_smithy_async::time::SharedTimeSource;
use bytes::Bytes;
pub use cognito::{Endpoints, Pools};
use cut::Cut;
use fault::Site;
use keys::Keys;
use seen::Seen;
pub use settings::{Credentials, S3Config};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Parts that are under way at once, whichever originals they are of.
const PARTS_AT_ONCE: usize = 8;

/// For how long nothing may move in a transfer before it is given up.
const PATIENCE: Duration = Duration::from_secs(60);

/// Originals in a bucket, or under a prefix of one.
#[derive(Debug)]
pub struct S3 {
    client: Client,
    keys: Keys,
    site: Site,
    /// Empty, or ending in a slash.
    prefix: String,
    layout: Layout,
    region: String,
    /// The bucket is in the path rather than in the host's name.
    path_style: bool,
    ca_file: Option<PathBuf>,
    expected: Expected,
    profile: Mutex<Profile>,
    seen: Seen,
    patience: Duration,
    throttle: Throttle,
    cut: Cut,
    parts: Semaphore,
}

impl S3 {
    /// Reads the CA file and the profile; reaches nobody yet. `profile` is what was seen before.
    pub async fn open(
        config: S3Config,
        credentials: Credentials,
        profile: Profile,
    ) -> Result<Self, Error> {
        let clock = SharedTimeSource::default();
        Box::pin(open::open(config, credentials, profile, clock)).await
    }

    /// Objects lie in it like this; as a library unless it is said otherwise. Servers of the original imgn look
    /// at the whole bucket, so what they share has no prefix.
    pub fn with_layout(self, layout: Layout) -> Result<Self, Error> {
        if layout == Layout::Original && !self.prefix.is_empty() {
            let said = "an original imgn looks at the whole bucket: leave the prefix out";
            return Err(Error::Settings(said.to_owned()));
        }
        Ok(Self { layout, ..self })
    }

    /// Gives a transfer up when nothing moves for this long; a minute unless it is said otherwise.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// What goes up passes this limit, which others may share.
    #[must_use]
    pub fn with_throttle(self, throttle: Throttle) -> Self {
        Self { throttle, ..self }
    }

    /// Puts originals of more than `whole` bytes in parts, of at least `part` bytes each; 64 MB and
    /// 16 MiB unless it is said otherwise. Stores refuse parts below 5 MiB.
    #[must_use]
    pub fn with_parts(self, whole: u64, part: u64) -> Self {
        let cut = Cut { whole, part };
        Self { cut, ..self }
    }

    /// Below what everything is kept, without slashes at its ends: as was said, or found out by signing in.
    pub fn prefix(&self) -> &str {
        self.prefix.trim_end_matches('/')
    }

    /// Creates the bucket, for *Create it* and `--create-bucket`; one that is there and ours is fine.
    pub async fn create_bucket(&self) -> Result<(), Error> {
        claim::create_bucket(self).await
    }

    /// Has the bucket tell `queue` (an ARN) what is put below the prefix, besides whatever else it tells.
    pub async fn tell(&self, queue: &str) -> Result<(), Error> {
        telling::tell(self, queue).await
    }

    /// Takes the library that is there for the one that is meant, and writes nothing; none: there is none, and one
    /// has to be begun by [`claim`](Remote::claim). For a process that is started for a single question.
    pub async fn adopt(&self) -> Result<Option<Marker>, Error> {
        let found = claim::marker(self).await?;
        Ok(found.map(|(marker, _)| {
            self.expected.accept(&marker);
            marker
        }))
    }

    /// The first segments of what lies in the bucket or under the prefix, each of which may be a prefix itself.
    pub async fn folders(&self) -> Result<Vec<String>, Error> {
        list::folders(self).await
    }

    fn profile(&self) -> Profile {
        lock(&self.profile).clone()
    }

    fn learn(&self, profile: &Profile) {
        *lock(&self.profile) = profile.clone();
    }

    /// The key in the bucket of a key in the library.
    fn full(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }

    /// The host that connections go to, and its port.
    fn host(&self) -> (String, u16) {
        let uri = self.site.endpoint.parse::<http::Uri>().unwrap_or_default();
        let Some(host) = uri.host() else {
            return (format!("s3.{}.amazonaws.com", self.region), 443);
        };
        let port = uri
            .port_u16()
            .unwrap_or(if self.is_plain() { 80 } else { 443 });
        (host.trim_matches(['[', ']']).to_owned(), port)
    }

    /// Whether what is sent can be read on the way.
    fn is_plain(&self) -> bool {
        self.site.endpoint.starts_with("http://")
    }

    /// The way in which the bucket is addressed.
    fn style(&self) -> &'static str {
        if self.path_style { "path" } else { "host" }
    }

    /// The same bucket, addressed in the other way; none: the host has a number and no name.
    fn other_style(&self) -> Option<Self> {
        let (host, _) = self.host();
        if self.path_style && host.parse::<std::net::IpAddr>().is_ok() {
            return None;
        }
        let path_style = !self.path_style;
        let config = self
            .client
            .config()
            .to_builder()
            .force_path_style(path_style)
            .build();
        Some(Self {
            client: Client::from_conf(config),
            keys: self.keys.clone(),
            site: self.site.clone(),
            prefix: self.prefix.clone(),
            layout: self.layout,
            region: self.region.clone(),
            path_style,
            ca_file: self.ca_file.clone(),
            expected: Expected::of(Without::Library),
            profile: Mutex::new(self.profile()),
            seen: self.seen.clone(),
            patience: self.patience,
            throttle: self.throttle.clone(),
            cut: self.cut,
            parts: Semaphore::new(PARTS_AT_ONCE),
        })
    }

    /// Makes sure that `claim` or `check` has succeeded.
    fn ready(&self) -> Result<(), Error> {
        self.expected.get(&self.site.place()).map(drop)
    }
}

#[async_trait]
impl Remote for S3 {
    async fn probe(&self) -> Result<Probe, Error> {
        claim::probe(self).await
    }

    async fn claim(&self) -> Result<(Marker, Profile), Error> {
        let (marker, profile) = claim::claim(self).await?;
        self.learn(&profile);
        self.expected.accept(&marker);
        Ok((marker, profile))
    }

    async fn check(&self, expected: &Marker) -> Result<(), Error> {
        let checked = claim::check(self, expected).await;
        match &checked {
            Ok(()) => self.expected.accept(expected),
            Err(error) => self.expected.doubt(error),
        }
        checked
    }

    async fn put_resumable(
        &self,
        key: &Key,
        original: &Original<'_>,
        ledger: &dyn Ledger,
        progress: Progress<'_>,
    ) -> Result<Put, Error> {
        self.ready()?;
        self.layout
            .takes(&self.site.place(), key, original.content_type)?;
        if !self.layout.makes(key) {
            let found = put::compare(self, key, original).await?;
            return Ok(found.unwrap_or(Put::KeyTaken));
        }
        if original.size > self.cut.whole {
            multipart::put(self, key, original, ledger, progress).await
        } else {
            put::put(self, key, original, progress).await
        }
    }

    async fn abandon(&self, key: &Key, upload: &Upload) -> Result<(), Error> {
        self.ready()?;
        part::abandon(self, key, upload).await
    }

    async fn verify(&self, key: &Key, size: u64, sha256: &Sha256) -> Result<Option<Proof>, Error> {
        self.ready()?;
        put::verify(self, key, size, sha256).await
    }

    async fn hash(&self, key: &Key) -> Result<Option<Sha256>, Error> {
        self.ready()?;
        read::hash(self, key).await
    }

    async fn verify_again(
        &self,
        key: &Key,
        size: u64,
        sha256: &Sha256,
        earlier: &Proof,
    ) -> Result<Option<Proof>, Error> {
        self.ready()?;
        put::verify_again(self, key, size, sha256, earlier).await
    }

    fn key(&self, template: &KeyTemplate, parts: &KeyParts<'_>, twin: u8) -> Result<Key, Error> {
        self.layout.key(&self.site.place(), template, parts, twin)
    }

    fn derived(&self) -> Derived {
        self.layout.derived()
    }

    async fn put_derived(&self, key: &Key, body: Bytes, content_type: &str) -> Result<(), Error> {
        self.ready()?;
        self.layout.takes_derived(&self.site.place(), key, &body)?;
        put::put_derived(self, key, body, content_type).await
    }

    async fn head(&self, key: &Key) -> Result<Option<Object>, Error> {
        self.ready()?;
        Ok(read::head(self, key.as_str())
            .await?
            .map(|held| held.object))
    }

    async fn get(&self, key: &Key, limit: u64) -> Result<Option<Bytes>, Error> {
        self.ready()?;
        if !self.layout.may_have(key) {
            return Ok(None);
        }
        read::get(self, key.as_str(), limit).await
    }

    async fn read(&self, key: &Key) -> Result<Option<Reading>, Error> {
        self.ready()?;
        read::reading(self, key.as_str()).await
    }

    async fn download_listed(&self, name: &str, to: &Path) -> Result<Sha256, Error> {
        self.ready()?;
        read::download(self, name, to).await
    }

    async fn link(
        &self,
        key: &Key,
        shown: Shown<'_>,
        good_for: Duration,
    ) -> Result<Option<Link>, Error> {
        self.ready()?;
        presigned::link(self, key, shown, good_for).await.map(Some)
    }

    async fn offer(
        &self,
        key: &Key,
        announced: Option<&Announced<'_>>,
        good_for: Duration,
    ) -> Result<Option<Slot>, Error> {
        self.ready()?;
        offer::offer(self, key, announced, good_for).await.map(Some)
    }

    async fn examine(&self, expected: &Marker) -> Examination {
        let examination = doctor::examine(self, expected).await;
        self.learn(&examination.profile);
        examination
    }

    async fn time_probe(&self, body: Bytes) -> Result<Timed, Error> {
        self.ready()?;
        own_object::time_probe(self, &body).await
    }

    async fn list(&self, after: Option<&str>) -> Result<Page, Error> {
        self.ready()?;
        list::list(self, after).await
    }

    async fn list_beyond(&self, key: &str) -> Result<Page, Error> {
        self.ready()?;
        list::list_beyond(self, key).await
    }
}

#[cfg(test)]
mod tests;
