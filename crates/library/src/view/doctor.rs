//! What an examination of a destination found.

use super::Reason;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What was found, in the order in which it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct DoctorReport {
    /// When.
    #[ts(type = "number")]
    pub at: i64,
    pub findings: Vec<DoctorFinding>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct DoctorFinding {
    pub check: DoctorCheck,
    pub outcome: DoctorOutcome,
    pub measured: Option<DoctorMeasure>,
    /// What went wrong, where something did.
    pub reason: Option<Reason>,
}

/// A question that is asked of a destination. What each measures stands beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DoctorCheck {
    /// Milliseconds to a connection.
    Endpoint,
    /// Days for which the certificate is good; not encrypted at all is a note.
    Tls,
    /// Seconds by which its clock is ahead.
    Clock,
    Key,
    /// The region, or the one that the bucket is in.
    Region,
    /// `path` or `host`: where the bucket's name goes.
    Addressing,
    Bucket,
    Marker,
    List,
    Put,
    Head,
    Get,
    Delete,
    ChecksSha256,
    RepeatsSha256,
    ConditionalPut,
    Multipart,
    RepeatsParts,
    ListsParts,
    ConditionalMultipart,
    PresignedGet,
    PresignedPut,
    /// How many rules there are.
    Cors,
    Mounted,
    Writable,
    /// Free bytes.
    Space,
    /// `rename`, `link` or `reservation`.
    Exclusive,
    Durable,
    /// `sensitive` or `insensitive`.
    Case,
    /// Nanoseconds to which a file's time is kept.
    Times,
    /// A watched folder that lies on the same disk.
    SameDisk,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DoctorOutcome {
    Fine,
    /// Photos are safe there, but something is worth knowing.
    Note,
    /// Photos cannot be kept there, or not safely.
    Problem,
    /// Could not be asked, or does not apply.
    Skipped,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "unit", content = "value", rename_all = "snake_case")]
#[ts(export)]
pub enum DoctorMeasure {
    Milliseconds(#[ts(type = "number")] u64),
    Seconds(#[ts(type = "number")] i64),
    Days(#[ts(type = "number")] i64),
    Bytes(#[ts(type = "number")] u64),
    Nanoseconds(#[ts(type = "number")] u64),
    Count(#[ts(type = "number")] u64),
    Text(String),
}

impl DoctorReport {
    /// Whether photos are safe there.
    pub fn is_well(&self) -> bool {
        !self
            .findings
            .iter()
            .any(|finding| finding.outcome == DoctorOutcome::Problem)
    }
}
