//! The way to a bucket: network, certificate, clock, key, region, and whose bucket it is.

use super::Doctor;
use crate::doctor::{CLOCK_OFF, Check, ENDS_SOON, Measured, Outcome};
use crate::s3::{claim, list};
use crate::{Error, Layout, Marker, tls};
use std::time::{Duration, Instant};

/// For a name to be found and a connection to be made.
const CONNECT: Duration = Duration::from_secs(5);

impl Doctor<'_> {
    /// Whether there is anything to talk to.
    pub(super) async fn network(&mut self) -> bool {
        let (host, port) = self.s3.host();
        let begun = Instant::now();
        let connected = tokio::time::timeout(
            CONNECT,
            tokio::net::TcpStream::connect((host.as_str(), port)),
        )
        .await;
        let unreachable = match connected {
            Ok(Ok(_)) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some(format!("no connection within {} s", CONNECT.as_secs())),
        };
        if let Some(message) = unreachable {
            let error = self.s3.site.unreachable(message);
            self.findings
                .failed(Check::Endpoint, Outcome::Problem, error);
            return false;
        }
        let took = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.findings.add(
            Check::Endpoint,
            Outcome::Fine,
            Some(Measured::Milliseconds(took)),
        );
        if self.s3.is_plain() {
            self.findings.add(Check::Tls, Outcome::Note, None);
            return true;
        }
        match tls::days_left(
            &self.s3.site.endpoint,
            self.s3.ca_file.clone(),
            (host, port),
            self.s3.patience,
        )
        .await
        {
            Ok(days) => {
                let outcome = if days < ENDS_SOON {
                    Outcome::Note
                } else {
                    Outcome::Fine
                };
                self.findings
                    .add(Check::Tls, outcome, Some(Measured::Days(days)));
                true
            }
            Err(error) => {
                self.findings.failed(Check::Tls, Outcome::Problem, error);
                false
            }
        }
    }

    /// Whether the bucket is there, is this library's, and may be spoken to.
    pub(super) async fn bucket(&mut self, expected: &Marker) -> bool {
        let style = self.s3.style();
        let listed = list::can_list(self.s3).await;
        self.clock(&listed);
        if let Err(error) = &listed
            && !matches!(error, Error::ClockSkew { .. } | Error::WrongRegion { .. })
            && let Some(other) = self.s3.other_style()
            && list::can_list(&other).await.is_ok()
        {
            self.findings.add(
                Check::Addressing,
                Outcome::Problem,
                Some(Measured::Text(other.style().to_owned())),
            );
            return false;
        }
        let refused = match listed {
            Ok(()) => {
                self.findings.fine(Check::List);
                None
            }
            // Uploads need no list: they go on without.
            Err(error @ Error::Forbidden { .. }) => {
                self.findings.failed(Check::List, Outcome::Problem, error);
                None
            }
            Err(error) => Some(error),
        };
        if let Some(error) = refused {
            self.refused(error);
            return false;
        }
        self.findings.fine(Check::Key);
        let region = Some(Measured::Text(self.s3.region.clone()));
        self.findings.add(Check::Region, Outcome::Fine, region);
        self.findings.add(
            Check::Addressing,
            Outcome::Fine,
            Some(Measured::Text(style.to_owned())),
        );
        self.findings.fine(Check::Bucket);
        self.profile.server = self.s3.seen.server();
        match claim::check(self.s3, expected).await {
            // Where there is none, that is not said of it.
            Ok(()) if self.s3.layout == Layout::Original => {}
            Ok(()) => self.findings.fine(Check::Marker),
            Err(error) => {
                self.findings.failed(Check::Marker, Outcome::Problem, error);
                return false;
            }
        }
        true
    }

    fn clock(&mut self, listed: &Result<(), Error>) {
        let skew = self.s3.seen.skew();
        self.profile.clock_skew = skew;
        let outcome = match listed {
            Err(Error::ClockSkew { .. }) => Outcome::Problem,
            _ if skew.unsigned_abs() > CLOCK_OFF => Outcome::Note,
            _ => Outcome::Fine,
        };
        self.findings
            .add(Check::Clock, outcome, Some(Measured::Seconds(skew)));
    }

    /// Puts a refusal of everything beside the question that it answers.
    fn refused(&mut self, error: Error) {
        let (check, measured) = match &error {
            Error::Unauthorized { .. } | Error::NoCredentials { .. } => (Check::Key, None),
            Error::WrongRegion { expected, .. } => {
                (Check::Region, Some(Measured::Text(expected.clone())))
            }
            Error::NoBucket { .. } => (Check::Bucket, None),
            // Said beside the clock already.
            Error::ClockSkew { .. } => return,
            _ => (Check::Bucket, None),
        };
        match measured {
            Some(measured) => self.findings.add(check, Outcome::Problem, Some(measured)),
            None => self.findings.failed(check, Outcome::Problem, error),
        }
    }
}
