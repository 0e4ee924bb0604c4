//! What going over the copies at the destinations found.

use super::Reason;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How a check of the copies ended, destination by destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct VerifyReport {
    pub destinations: Vec<Verified>,
}

/// What was found at one destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Verified {
    #[ts(type = "number")]
    pub destination: i64,
    pub name: String,
    /// Copies that were to be gone over.
    pub copies: u32,
    /// Of these, there and right.
    pub right: u32,
    /// Of these, with all their bytes read back.
    pub read: u32,
    #[ts(type = "number")]
    pub bytes_read: u64,
    pub missing: u32,
    pub damaged: u32,
    /// Sidecars and thumbnails there that were missing or damaged, and are put there again. Photos are safe
    /// without them.
    pub derived: u32,
    /// The first thousand of those that are missing or damaged.
    pub wrong: Vec<WrongCopy>,
    /// It was stopped: what was not gone over comes first the next time.
    pub stopped: bool,
    /// It could not be gone over to the end.
    pub problem: Option<Reason>,
}

/// A copy that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct WrongCopy {
    #[ts(type = "number")]
    pub photo: i64,
    /// The photo's.
    pub name: String,
    pub key: String,
    pub what: Wrong,
    /// A file on this machine has the bytes: it goes up again.
    pub goes_up_again: bool,
    /// The technical text.
    pub detail: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Wrong {
    Missing,
    /// Other bytes than were put there, or none that can be read.
    Damaged,
}

impl Verified {
    /// One of which nothing was gone over yet.
    pub(crate) fn nothing_of(destination: i64, name: String, copies: u32) -> Self {
        Self {
            destination,
            name,
            copies,
            right: 0,
            read: 0,
            bytes_read: 0,
            missing: 0,
            damaged: 0,
            derived: 0,
            wrong: Vec::new(),
            stopped: false,
            problem: None,
        }
    }
}

impl VerifyReport {
    /// Whether everything that was gone over is right.
    pub fn is_right(&self) -> bool {
        self.destinations
            .iter()
            .all(|one| one.missing == 0 && one.damaged == 0 && one.problem.is_none())
    }
}
