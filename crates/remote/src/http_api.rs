//! An HTTP API: `imgn-server`, functions of the same code, or the original imgn in any of its forms.
//!
//! Who answers chooses the key, and makes sidecars and thumbnails itself. What it confirms differs: an
//! `imgn-server` says the SHA-256 of what it stored, the store behind functions repeats what they signed for, an
//! original is read back.
//!
//! **Invariant:** the token goes to the API's own origin only, and no redirect is followed. What was not
//! confirmed is never said to be.

mod address;
mod answer;
mod claim;
mod client;
mod doctor;
mod fault;
mod form;
mod found;
mod gallery;
mod offer;
mod original;
mod read;
mod signed;
mod store;
mod transfer;
mod upload;

use crate::lock::lock;
use crate::marker::{Expected, Without};
use crate::{
    Derived, Error, Examination, Key, Ledger, Look, Marker, Object, Original, Page, Probe, Profile,
    Progress, Proof, Put, Reading, Remote, Service, Sha256, Throttle, Upload,
};
use async_trait::async_trait;
use bytes::Bytes;
use client::Client;
use http::HeaderValue;
use read::Depth;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

/// For how long nothing may move in a transfer before it is given up.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where the API is. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpConfig {
    /// `http(s)://host[:port][/path]`: what its routes are below.
    pub url: String,
    /// PEM certificates trusted beside the system's.
    pub ca_file: Option<PathBuf>,
    pub expecting: Expecting,
}

/// What a person said that answers there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Expecting {
    /// It is found out.
    #[default]
    Any,
    /// An original that answers has functions, which its gallery does not tell while it is empty.
    Functions,
}

/// What a server wants to be shown. `Debug` shows none of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Without the spaces around it.
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    fn header(&self) -> Result<HeaderValue, Error> {
        let mut value = HeaderValue::from_str(&format!("Bearer {}", self.0)).map_err(|_| {
            Error::Settings("a token is one line of ASCII letters, digits and signs".to_owned())
        })?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token")
    }
}

/// Originals behind an HTTP API.
#[derive(Debug)]
pub struct HttpApi {
    client: Client,
    ca_file: Option<PathBuf>,
    expecting: Expecting,
    expected: Expected,
    profile: Mutex<Profile>,
    shown: original::Shown,
    thumbs: signed::Thumbs,
    throttle: Throttle,
}

impl HttpApi {
    /// Reads the CA file; reaches nobody yet. `profile` is what was seen before.
    pub fn open(config: HttpConfig, token: Option<Token>, profile: Profile) -> Result<Self, Error> {
        let client = Client::open(&config, token, PATIENCE)?;
        Ok(Self {
            client,
            ca_file: config.ca_file,
            expecting: config.expecting,
            expected: Expected::of(Without::Library),
            profile: Mutex::new(profile),
            shown: original::Shown::default(),
            thumbs: signed::Thumbs::default(),
            throttle: Throttle::default(),
        })
    }

    /// Gives a transfer up when nothing moves for this long; a minute unless it is said otherwise.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.client.patience = patience;
        self
    }

    /// What goes up passes this limit, which others may share.
    #[must_use]
    pub fn with_throttle(self, throttle: Throttle) -> Self {
        Self { throttle, ..self }
    }

    fn profile(&self) -> Profile {
        lock(&self.profile).clone()
    }

    fn learn(&self, profile: &Profile) {
        *lock(&self.profile) = profile.clone();
    }

    /// What answers, once `claim` or `check` has succeeded.
    fn ready(&self) -> Result<Service, Error> {
        self.expected.get(&self.client.endpoint)?;
        Ok(self.service())
    }

    fn service(&self) -> Service {
        self.profile().service.unwrap_or(Service::Imgn)
    }

    /// An answer showed that it is another thing than was thought.
    fn turned_out(&self, service: Service) {
        let mut profile = self.profile();
        profile.service = Some(service);
        self.learn(&profile);
    }

    fn accept(&self, marker: &Marker) {
        let is_ours = !self.service().is_original();
        self.client.mean(is_ours.then_some(marker.uuid));
        self.expected.accept(marker);
    }
}

#[async_trait]
impl Remote for HttpApi {
    /// Writes nothing: what is uploaded could not be removed.
    async fn probe(&self) -> Result<Probe, Error> {
        let (marker, profile) = self.look_around().await?;
        Ok(Probe { profile, marker })
    }

    /// Writes nothing either: a server has begun its library itself.
    async fn claim(&self) -> Result<(Marker, Profile), Error> {
        let (marker, profile) = self.look_around().await?;
        let marker = marker.unwrap_or_else(|| Marker::of_address(&self.client.endpoint));
        self.learn(&profile);
        self.accept(&marker);
        Ok((marker, profile))
    }

    async fn check(&self, expected: &Marker) -> Result<(), Error> {
        // What the server is asked now, it is to answer whatever it is.
        let checked = self.check_marker(expected).await;
        match &checked {
            Ok(()) => self.accept(expected),
            Err(error) => self.expected.doubt(error),
        }
        checked
    }

    /// In one go: there is no way to go on.
    async fn put_resumable(
        &self,
        key: &Key,
        original: &Original<'_>,
        _ledger: &dyn Ledger,
        progress: Progress<'_>,
    ) -> Result<Put, Error> {
        match self.ready()? {
            Service::Imgn => upload::put(self, key, original, progress).await,
            Service::Functions => offer::put(self, key, original, progress).await,
            Service::Original | Service::OriginalFunctions => {
                original::put(self, key, original, progress).await
            }
        }
    }

    /// There is none.
    async fn abandon(&self, _key: &Key, _upload: &Upload) -> Result<(), Error> {
        Ok(())
    }

    async fn verify(&self, key: &Key, size: u64, sha256: &Sha256) -> Result<Option<Proof>, Error> {
        if self.ready()?.is_original() {
            original::verify(self, key, size, sha256).await
        } else {
            read::verify(self, key, size, sha256).await
        }
    }

    async fn look(
        &self,
        key: &Key,
        size: u64,
        _sha256: &Sha256,
        _earlier: Option<&Proof>,
    ) -> Result<Look, Error> {
        if self.ready()?.is_original() {
            original::look(self, key, size).await
        } else {
            read::look(self, key, size).await
        }
    }

    async fn hash(&self, key: &Key) -> Result<Option<Sha256>, Error> {
        if self.ready()?.is_original() {
            original::hash(self, key).await
        } else {
            read::hash(self, key).await
        }
    }

    fn derived(&self) -> Derived {
        Derived::Theirs
    }

    async fn put_derived(&self, key: &Key, _body: Bytes, _type: &str) -> Result<(), Error> {
        Err(Error::NotAccepted {
            place: self.client.endpoint.clone(),
            key: key.to_string(),
            message: "it makes these itself".to_owned(),
        })
    }

    async fn head(&self, key: &Key) -> Result<Option<Object>, Error> {
        if self.ready()?.is_original() {
            return original::head(self, key).await;
        }
        let Some(held) = read::head(self, key.as_str(), Depth::Looked).await? else {
            return Ok(None);
        };
        // What its sidecar says: a hint, as what stands beside an object is.
        let entry = gallery::entry(self, key.as_str()).await?;
        let said = entry.and_then(|entry| hex::decode(entry.sha256?).ok());
        Ok(Some(Object {
            sha256: said.and_then(|said| said.try_into().ok()),
            ..held.object
        }))
    }

    async fn get(&self, key: &Key, limit: u64) -> Result<Option<Bytes>, Error> {
        if self.ready()?.is_original() {
            original::get(self, key, limit).await
        } else {
            read::get(self, key, limit).await
        }
    }

    async fn read(&self, key: &Key) -> Result<Option<Reading>, Error> {
        if self.ready()?.is_original() {
            original::reading(self, key).await
        } else {
            read::reading(self, key).await
        }
    }

    async fn download_listed(&self, name: &str, to: &Path) -> Result<Sha256, Error> {
        if self.ready()?.is_original() {
            original::download(self, name, to).await
        } else {
            read::download(self, name, to).await
        }
    }

    async fn examine(&self, expected: &Marker) -> Examination {
        let examination = doctor::examine(self, expected).await;
        self.learn(&examination.profile);
        examination
    }

    async fn list(&self, after: Option<&str>) -> Result<Page, Error> {
        if self.ready()?.is_original() {
            original::list(self, after).await
        } else {
            gallery::list(self, after).await
        }
    }

    async fn list_beyond(&self, key: &str) -> Result<Page, Error> {
        if self.ready()?.is_original() {
            original::list(self, Some(key)).await
        } else {
            gallery::list_beyond(self, key).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_not_shown() {
        let token = Token::new(" canary\n");
        assert!(!format!("{token:?} {:?}", token.header().unwrap()).contains("canary"));
        assert_eq!(token.header().unwrap(), "Bearer canary");
        let error = Token::new("a\u{7f}canary").header().unwrap_err();
        assert!(!error.to_string().contains("canary"), "{error}");
    }
}
