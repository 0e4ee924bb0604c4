//! Examines an API: from the network up to what it says of its bytes. Writes nothing: what is uploaded could
//! not be removed.

use super::read::{self, Depth};
use super::{HttpApi, found};
use crate::doctor::{CLOCK_OFF, Check, ENDS_SOON, Examination, Findings, Measured, Outcome};
use crate::marker::{Without, compare};
use crate::{Error, Key, Marker, Profile, Service, tls};
use std::time::Instant;

const ALL: [Check; 7] = [
    Check::Endpoint,
    Check::Tls,
    Check::Clock,
    Check::Key,
    Check::Marker,
    Check::List,
    Check::RepeatsSha256,
];
/// See [`Remote::examine`](crate::Remote::examine).
pub(super) async fn examine(api: &HttpApi, expected: &Marker) -> Examination {
    let mut findings = Findings::default();
    let mut profile = api.profile();
    ask(api, expected, &mut findings, &mut profile).await;
    Examination {
        findings: findings.end(&ALL),
        profile,
    }
}

async fn ask(
    api: &HttpApi,
    expected: &Marker,
    findings: &mut Findings,
    profile: &mut Profile,
) -> Option<()> {
    let begun = Instant::now();
    let mut found = match found::find(&api.client).await {
        Ok(found) => found,
        Err(error) => {
            let check = match error {
                Error::Certificate { .. } => Check::Tls,
                Error::Unauthorized { .. } | Error::NoCredentials { .. } => Check::Key,
                _ => Check::Endpoint,
            };
            findings.failed(check, Outcome::Problem, error);
            return None;
        }
    };
    let took = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let took = Some(Measured::Milliseconds(took));
    findings.add(Check::Endpoint, Outcome::Fine, took);
    encryption(api, findings).await;
    let off = found.clock_skew.unsigned_abs() > CLOCK_OFF;
    let outcome = if off { Outcome::Note } else { Outcome::Fine };
    let seconds = Some(Measured::Seconds(found.clock_skew));
    findings.add(Check::Clock, outcome, seconds);
    found.note_in(profile);

    if !found.service.is_original() {
        match found::marker(&api.client).await {
            Ok(marker) => {
                findings.fine(Check::Key);
                let place = &api.client.endpoint;
                if let Err(error) = compare(Without::Library, place, Some(&marker), expected) {
                    findings.failed(Check::Marker, Outcome::Problem, error);
                    return None;
                }
                findings.fine(Check::Marker);
            }
            Err(error @ (Error::Unauthorized { .. } | Error::NoCredentials { .. })) => {
                findings.failed(Check::Key, Outcome::Problem, error);
                return None;
            }
            Err(error) => {
                findings.failed(Check::Marker, Outcome::Problem, error);
                return None;
            }
        }
    }
    if let Err(error) = api.settle(&mut found).await {
        findings.failed(Check::Endpoint, Outcome::Problem, error);
        return None;
    }
    found.note_in(profile);
    let page = match api.listed(&found).await {
        Ok(page) => page,
        Err(error) => {
            findings.failed(Check::List, Outcome::Problem, error);
            return None;
        }
    };
    findings.fine(Check::List);
    if found.service.is_original() {
        findings.wish(Check::RepeatsSha256, false);
        if api.shown.is_signed() {
            profile.service = Some(Service::OriginalFunctions);
        }
    } else if found.service == Service::Imgn {
        let some = page
            .objects
            .iter()
            .find(|object| !object.key.ends_with(Key::SIDECAR))?;
        match read::head(api, &some.key, Depth::Read).await {
            Ok(Some(held)) => {
                profile.repeats_sha256 = findings.wish(Check::RepeatsSha256, held.has_digest());
            }
            Ok(None) => {}
            Err(error) => findings.failed(Check::RepeatsSha256, Outcome::Note, error),
        }
    }
    // Of functions only a put shows whether their store repeats it.
    Some(())
}

async fn encryption(api: &HttpApi, findings: &mut Findings) {
    if api.client.is_plain() {
        findings.add(Check::Tls, Outcome::Note, None);
        return;
    }
    let (at, ca_file) = (api.client.host(), api.ca_file.clone());
    let asked = tls::days_left(&api.client.endpoint, ca_file, at, api.client.patience);
    match asked.await {
        Ok(days) => {
            let soon = days < ENDS_SOON;
            let outcome = if soon { Outcome::Note } else { Outcome::Fine };
            findings.add(Check::Tls, outcome, Some(Measured::Days(days)));
        }
        Err(error) => findings.failed(Check::Tls, Outcome::Problem, error),
    }
}
