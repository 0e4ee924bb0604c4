//! Finding out who answers, and whose library is there.
//!
//! **Invariant:** what was one of ours is never taken for another thing, and nothing is written.

use super::found::{self, Found};
use super::{Expecting, HttpApi, gallery, offer, original};
use crate::marker::{Without, compare};
use crate::{Error, Marker, Page, Profile, Service};

impl HttpApi {
    /// What answers, and which library it keeps: none where an original keeps none.
    async fn found(&self) -> Result<(Found, Option<Marker>), Error> {
        let mut found = found::find(&self.client).await?;
        let marker = if found.service.is_original() {
            None
        } else {
            Some(found::marker(&self.client).await?)
        };
        self.settle(&mut found).await?;
        Ok((found, marker))
    }

    /// Whether what was found is a server or functions, which it does not say by itself.
    pub(super) async fn settle(&self, found: &mut Found) -> Result<(), Error> {
        found.service = match (found.service, self.profile().service) {
            (Service::Imgn, Some(known @ (Service::Imgn | Service::Functions))) => known,
            (Service::Imgn, _) => offer::who(self).await?,
            (_, Some(Service::OriginalFunctions)) => Service::OriginalFunctions,
            _ if self.expecting == Expecting::Functions => Service::OriginalFunctions,
            (found, _) => found,
        };
        Ok(())
    }

    /// What is there, and whose it is; also that what it holds may be seen.
    pub(super) async fn look_around(&self) -> Result<(Option<Marker>, Profile), Error> {
        let (mut found, marker) = self.found().await?;
        self.listed(&found).await?;
        if found.service.is_original() && self.shown.is_signed() {
            found.service = Service::OriginalFunctions;
        }
        let mut profile = self.profile();
        found.note_in(&mut profile);
        Ok((marker, profile))
    }

    pub(super) async fn listed(&self, found: &Found) -> Result<Page, Error> {
        if found.service.is_original() {
            original::list(self, None).await
        } else {
            gallery::list(self, None).await
        }
    }

    pub(super) async fn check_marker(&self, expected: &Marker) -> Result<(), Error> {
        let was = self.profile().service;
        let (found, marker) = self.found().await?;
        let marker = match marker {
            Some(marker) => marker,
            // What was one of ours is not taken for another thing because a proxy answers.
            None if was.is_some_and(|was| !was.is_original()) => {
                return Err(Error::NoLibrary {
                    place: self.client.endpoint.clone(),
                });
            }
            None => Marker::of_address(&self.client.endpoint),
        };
        let place = &self.client.endpoint;
        compare(Without::Library, place, Some(&marker), expected)?;
        let mut profile = self.profile();
        found.note_in(&mut profile);
        self.learn(&profile);
        Ok(())
    }
}

impl Found {
    /// Keeps in the profile what was found.
    pub(super) fn note_in(&self, profile: &mut Profile) {
        // What the store behind functions does, only a put shows; what one showed before still holds.
        let showed = profile.service == Some(self.service);
        let (replaces_nothing, repeats) = match self.service {
            Service::Imgn => (true, true),
            Service::Functions if showed => (profile.conditional_put, profile.repeats_sha256),
            Service::Functions | Service::Original | Service::OriginalFunctions => (false, false),
        };
        profile.service = Some(self.service);
        profile.clock_skew = self.clock_skew;
        profile.server = self.server.clone();
        profile.conditional_put = replaces_nothing;
        profile.repeats_sha256 = repeats;
    }
}
