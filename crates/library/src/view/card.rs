//! Memory cards and cameras: what is offered, and how copying from one goes.

use super::{FileProblem, Reason, Stage};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A card or camera that is plugged in and has photos.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CardView {
    /// Of this insertion: plugged in again, it is another one.
    #[ts(type = "number")]
    pub id: i64,
    /// As the desktop calls it.
    pub name: String,
    /// Files that are called like photos; none of them was opened.
    pub photos: u32,
    #[ts(type = "number")]
    pub bytes: u64,
    /// Of these, photos whose size none in the library has. Of the others only reading tells.
    pub new_at_least: u32,
    /// Files that are called like videos, which are not copied.
    pub videos: u32,
}

/// Copying what is on a card or camera.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CardProgress {
    pub name: String,
    pub stage: Stage,
    /// Files that were looked at, of those that are there.
    pub done: u32,
    pub total: u32,
    pub copied: u32,
    pub already_here: u32,
    /// They stay on the card.
    pub videos: u32,
    /// Neither photos nor videos.
    pub not_photos: u32,
    /// Files that could not be copied; the first hundred.
    pub problems: Vec<FileProblem>,
    pub problem_count: u32,
    /// Why it ended early: [`DiskAway`](super::Cause::DiskAway) when the card was taken out.
    pub reason: Option<Reason>,
}
