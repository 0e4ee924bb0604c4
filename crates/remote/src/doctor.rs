//! What an examination of a far side looks at, and what it finds.
//!
//! A *finding* is one question with its outcome and what was measured; words for it are the caller's.
//!
//! **Invariant:** an examination writes nothing but probes of its own, which no photo could be
//! taken for, and removes them.

use crate::{Error, Profile};

/// A certificate that ends sooner than this is worth knowing.
pub(crate) const ENDS_SOON: i64 = 30;
/// A clock further off than this is worth knowing: a bucket's requests are signed by its own time.
pub(crate) const CLOCK_OFF: u64 = 60;

/// A question that an examination asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Check {
    /// Does the host have a name that is known, and does it take connections? Milliseconds.
    Endpoint,
    /// Is its certificate trusted, and for how long? Days.
    Tls,
    /// Seconds by which its clock is ahead.
    Clock,
    /// Is the key known, and its secret right?
    Key,
    /// Its region, or the one that it wants.
    Region,
    /// The way to address the bucket, `path` or `host`, that works.
    Addressing,
    Bucket,
    /// Is the marker of this library there?
    Marker,
    List,
    Put,
    Head,
    Get,
    Delete,
    /// Does it refuse bytes that do not have the SHA-256 that was said?
    ChecksSha256,
    /// Does a HEAD repeat the SHA-256? `echo`: it does so of bytes that do not have it, too.
    RepeatsSha256,
    /// Does it refuse to replace an object when told so?
    ConditionalPut,
    /// Can an object be put in parts?
    Multipart,
    /// Does a HEAD repeat the SHA-256 of the parts?
    RepeatsParts,
    /// Does the list of parts repeat each part's SHA-256?
    ListsParts,
    /// Does it refuse to replace an object by one in parts?
    ConditionalMultipart,
    PresignedGet,
    PresignedPut,
    /// How many rules let web pages of other addresses in.
    Cors,
    /// Is the folder there?
    Mounted,
    /// Can files be written, and read back as they were?
    Writable,
    /// Bytes that are free.
    Space,
    /// How a file gets its name without replacing one: `rename`, `link` or `reservation`.
    Exclusive,
    /// Do files and their names reach the disk when asked to?
    Durable,
    /// Are `a.jpg` and `A.jpg` two files? `sensitive` or `insensitive`.
    Case,
    /// Nanoseconds to which a file's time is kept.
    Times,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    Fine,
    /// Photos are safe there, but something is worth knowing.
    Note,
    /// Photos cannot be kept there, or not safely.
    Problem,
    /// Could not be asked, or does not apply.
    Skipped,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measured {
    Milliseconds(u64),
    Seconds(i64),
    Days(i64),
    Bytes(u64),
    Nanoseconds(u64),
    Count(u64),
    Text(String),
}

#[derive(Debug)]
pub struct Finding {
    pub check: Check,
    pub outcome: Outcome,
    pub measured: Option<Measured>,
    /// What went wrong, where something did.
    pub error: Option<Error>,
}

/// What was found, in the order in which it was asked, and what is to be remembered of it.
#[derive(Debug)]
pub struct Examination {
    pub findings: Vec<Finding>,
    pub profile: Profile,
}

/// The findings so far.
#[derive(Debug, Default)]
pub(crate) struct Findings(Vec<Finding>);

impl Findings {
    pub(crate) fn add(&mut self, check: Check, outcome: Outcome, measured: Option<Measured>) {
        self.0.push(Finding {
            check,
            outcome,
            measured,
            error: None,
        });
    }

    pub(crate) fn fine(&mut self, check: Check) {
        self.add(check, Outcome::Fine, None);
    }

    /// Yes is fine, no is worth knowing. Returns the answer.
    pub(crate) fn wish(&mut self, check: Check, answer: bool) -> bool {
        let outcome = if answer { Outcome::Fine } else { Outcome::Note };
        self.add(check, outcome, None);
        answer
    }

    pub(crate) fn failed(&mut self, check: Check, outcome: Outcome, error: Error) {
        self.0.push(Finding {
            check,
            outcome,
            measured: None,
            error: Some(error),
        });
    }

    /// What of `all` was not asked could not be.
    pub(crate) fn end(mut self, all: &[Check]) -> Vec<Finding> {
        for check in all {
            if !self.0.iter().any(|finding| finding.check == *check) {
                self.add(*check, Outcome::Skipped, None);
            }
        }
        let place = |finding: &Finding| all.iter().position(|check| *check == finding.check);
        self.0.sort_by_key(place);
        self.0
    }
}
