//! Places side by side: what was measured of each, and what it costs.
//!
//! What can be said of every place of a sort is the caller's words.

use super::{Reason, ServiceKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a place is built as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PlaceSort {
    /// A folder on a disk or a share.
    Folder,
    /// A bucket of an S3 store.
    Bucket,
    /// A service that always runs: one process, or containers.
    Server,
    /// Functions that are started for each request.
    Functions,
}

impl PlaceSort {
    pub const ALL: [Self; 4] = [Self::Folder, Self::Bucket, Self::Server, Self::Functions];
}

/// Questions that are answered for each place, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ComparedRow {
    Unit,
    Artifact,
    Distribution,
    Triggers,
    State,
    Latency,
    Observability,
    Billing,
    LiftAndShift,
    LocalDevelopment,
}

impl ComparedRow {
    pub const ALL: [Self; 10] = [
        Self::Unit,
        Self::Artifact,
        Self::Distribution,
        Self::Triggers,
        Self::State,
        Self::Latency,
        Self::Observability,
        Self::Billing,
        Self::LiftAndShift,
        Self::LocalDevelopment,
    ];
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Comparison {
    pub places: Vec<ComparedPlace>,
    /// The sorts that none of the places is of.
    pub others: Vec<PlaceSort>,
    pub prices: PriceTable,
    /// Bytes a second that uploads are held to: then their times are the limit's.
    #[ts(type = "number | null")]
    pub upload_limit: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ComparedPlace {
    #[ts(type = "number")]
    pub destination: i64,
    pub name: String,
    pub place: String,
    pub sort: PlaceSort,
    /// Who answers there; none: it is no HTTP API.
    pub service: Option<ServiceKind>,
    /// Backed up there.
    pub photos: u32,
    #[ts(type = "number")]
    pub bytes: u64,
    pub verified_by: VerifiedBy,
    pub times: Times,
    /// None: no price is known.
    pub cost: Option<Cost>,
}

/// How it is known that a photo arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum VerifiedBy {
    /// The far side repeats the SHA-256.
    Checksum,
    /// Each photo is read back.
    ReadingBack,
    /// By its size, until it is read back.
    Size,
    /// The first photo that goes there will show it.
    NotSeen,
}

/// What was measured of a place; what was not is absent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Times {
    /// The person's own photos, each from its first byte to its proof.
    pub uploads: Option<Uploads>,
    /// Bytes of ours, all of one size, put and removed again.
    pub probes: Option<Uploads>,
    /// Pages of its list.
    pub lists: Option<Latency>,
    /// The first answer after nobody had asked for long: cold.
    pub rested: Option<Rested>,
    /// The first answer on a new connection, without such a rest.
    pub fresh: Option<Latency>,
    /// The same question again: warm.
    pub again: Option<Latency>,
    /// When it was last measured on purpose.
    #[ts(type = "number | null")]
    pub measured_at: Option<i64>,
}

/// Half took no longer than `p50`, 95 of 100 no longer than `p95`; milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Latency {
    pub p50: f64,
    pub p95: f64,
    /// Of so many.
    pub count: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Uploads {
    pub latency: Latency,
    /// The middle one by size.
    #[ts(type = "number")]
    pub median_bytes: u64,
    /// While anything went up, all that went up at the same time taken together.
    pub bytes_per_second: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Rested {
    pub latency: Latency,
    /// The longest rest; seconds.
    #[ts(type = "number")]
    pub longest: i64,
}

/// What a price is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Tariff {
    /// Amazon S3.
    Amazon,
    /// Functions, with their gateway and bucket.
    Functions,
    /// A disk of one's own, and its power.
    Disk,
    /// A machine of one's own that is always on.
    Server,
    /// What a person noted for this very place.
    Noted,
}

/// In the currency of the table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Cost {
    pub tariff: Tariff,
    /// What is there now, for a month.
    pub month: f64,
    /// To bring all of it there once.
    pub bring_in: f64,
    /// To take all of it out once.
    pub take_out: f64,
    /// The day of the prices, `2026-11-29`.
    pub noted: String,
    /// Where the prices are from, in the words of the table.
    pub source: String,
    /// These are the prices that imgn came with, which nobody looked up.
    pub as_shipped: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PriceTable {
    /// Where a person may edit it; it need not be there.
    pub file: String,
    /// By ISO 4217, `EUR`.
    pub currency: String,
    /// What in the file is not understood: then the prices that imgn came with hold.
    pub mistake: Option<String>,
}

/// What a measuring brought, place by place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct MeasureReport {
    pub places: Vec<MeasuredPlace>,
    /// The person stopped it; what was measured until then counts.
    pub stopped: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct MeasuredPlace {
    #[ts(type = "number")]
    pub destination: i64,
    pub name: String,
    /// Questions that were answered.
    pub answers: u32,
    pub probes: Probing,
    /// Why it was not measured to the end.
    pub reason: Option<Reason>,
}

/// What became of the probes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Probing {
    /// All are removed again.
    Removed,
    /// The first could not be removed, so there were no more.
    Stays,
    /// What is put there cannot be removed, so none was.
    NotTaken,
    /// It did not come to that.
    NotTried,
}
