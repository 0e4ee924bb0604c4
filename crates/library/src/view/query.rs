//! What a person looks for, and which photos they chose.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which photos the gallery shows. Everything holds at once; the default is all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct Query {
    /// Words and dates as typed; what stands in quotes is words.
    pub text: String,
    /// Any of these; none: whatever the state.
    pub states: Vec<StateFilter>,
    pub folder: Option<FolderPlace>,
    /// Any of these media types; none: whatever the format.
    pub formats: Vec<String>,
    pub favourite: bool,
}

/// States by what they mean for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum StateFilter {
    /// On this machine, and not at every destination.
    NotSafe,
    NeedsYou,
    OnlineOnly,
}

/// A watched folder, or a folder in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct FolderPlace {
    #[ts(type = "number")]
    pub folder: i64,
    /// `2019/Lake`; empty: the watched folder itself.
    pub below: String,
}

/// How a search was understood.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Meaning {
    /// All of them hold.
    pub days: Vec<Days>,
    /// What is left of the text, to be found in names, cameras, places and captions.
    pub words: String,
}

/// Days of photos, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum Days {
    /// `2019-06-01` to `2019-06-30`.
    Between { from: String, to: String },
    /// `06-01` to `08-31`; over the turn of the year when `from` is the later.
    EveryYear { from: String, to: String },
}

/// One format that is in the library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Format {
    pub media_type: String,
    pub count: u32,
}

/// Photos that a person chose, of those that a query finds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct Selection {
    pub query: Query,
    /// Months that are chosen whole (none: the undated photos).
    pub months: Vec<Option<String>>,
    /// Not chosen, though their month is.
    #[ts(type = "number[]")]
    pub except: Vec<i64>,
    /// Chosen by themselves.
    #[ts(type = "number[]")]
    pub ids: Vec<i64>,
}

/// What came of saving originals into a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct SaveReport {
    pub saved: u32,
    /// The same bytes lay there already.
    pub already_there: u32,
    pub failed: Vec<SaveFailure>,
}

/// A photo that could not be saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct SaveFailure {
    pub name: String,
    pub reason: super::Reason,
}
