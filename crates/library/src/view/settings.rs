//! What a person chose: one file that the window and the command line share.

use super::{Cause, CommandError};
use serde::{Deserialize, Serialize};
use std::num::NonZeroU64;
use ts_rs::TS;

/// The settings, as `settings.toml` has them; what the file leaves out has its default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(export)]
pub struct Settings {
    /// None: the system's.
    pub language: Option<Language>,
    pub appearance: Appearance,
    pub background: Background,
    pub cards: CardRules,
    pub limits: Limits,
    pub photos: PhotoRules,
    /// What holds in one folder alone.
    pub folder: Vec<FolderRules>,
}

impl Settings {
    /// As `settings.toml` would have them, those left out too.
    pub fn as_text(&self) -> Result<String, CommandError> {
        toml_edit::ser::to_string_pretty(self)
            .map_err(|error| CommandError::new(Cause::Internal, error))
    }
}

/// Languages that every text exists in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Language {
    En,
    De,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Appearance {
    #[default]
    System,
    Light,
    Dark,
}

/// What happens while the window is closed, and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(export)]
pub struct Background {
    /// Closing the window leaves imgn at work in the tray.
    pub keep_running: bool,
    /// Say when a large batch is safe.
    pub notify_when_done: bool,
    /// Say when something newly needs the person.
    pub notify_when_needed: bool,
    /// Say when a card or camera with photos is plugged in.
    pub notify_of_cards: bool,
}

impl Default for Background {
    fn default() -> Self {
        Self {
            keep_running: true,
            notify_when_done: true,
            notify_when_needed: true,
            notify_of_cards: true,
        }
    }
}

/// What happens when a memory card or a camera is plugged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(export)]
pub struct CardRules {
    /// Offer to copy its photos; else it is not even looked at.
    pub offer: bool,
}

impl Default for CardRules {
    fn default() -> Self {
        Self { offer: true }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(export)]
pub struct Limits {
    /// Bytes a second, over all uploads together; none: as fast as it goes.
    #[ts(type = "number | null")]
    pub upload: Option<NonZeroU64>,
    /// Bytes of thumbnails that are kept on this machine: those not looked at for longest give way.
    #[ts(type = "number")]
    pub thumbnails: NonZeroU64,
}

/// Some 400,000 thumbnails.
const THUMBNAILS: NonZeroU64 = NonZeroU64::new(10_000_000_000).expect("it is not zero");

impl Default for Limits {
    fn default() -> Self {
        Self {
            upload: None,
            thumbnails: THUMBNAILS,
        }
    }
}

/// What holds for the photos of every watched folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(export)]
pub struct PhotoRules {
    /// What is taken in: patterns as in `.gitignore`; none: everything.
    #[serde(deserialize_with = "crate::patterns::understood")]
    pub include: Vec<String>,
    /// What of it is left out.
    #[serde(deserialize_with = "crate::patterns::understood")]
    pub exclude: Vec<String>,
}

/// What holds in one watched folder, after what holds in all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct FolderRules {
    /// As the folder is shown.
    pub path: String,
    #[serde(default, deserialize_with = "crate::patterns::understood")]
    pub include: Vec<String>,
    #[serde(default, deserialize_with = "crate::patterns::understood")]
    pub exclude: Vec<String>,
}

impl FolderRules {
    /// Nothing but what holds in all folders.
    pub(crate) fn none(path: String) -> Self {
        Self {
            path,
            include: Vec::new(),
            exclude: Vec::new(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty()
    }
}

/// The settings in force, and the file that they stand in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsInForce {
    pub file: String,
    pub settings: Settings,
    /// What in the file is not understood: then it is not what holds.
    pub mistake: Option<String>,
}

/// What became of something that an imported file names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Imported {
    Added,
    /// Added, and not there now.
    AddedOffline,
    /// It is known already, and stays as it is.
    Known,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ImportedFolder {
    pub path: String,
    pub became: Imported,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ImportedDestination {
    #[ts(type = "number")]
    pub id: i64,
    pub name: String,
    pub became: Imported,
    /// Its keys are to be given, for they are in no file.
    pub needs_keys: bool,
}

/// What taking in a file of settings did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ImportReport {
    /// Some setting is another one now.
    pub settings_changed: bool,
    pub folders: Vec<ImportedFolder>,
    pub destinations: Vec<ImportedDestination>,
}
