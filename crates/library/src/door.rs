//! The door of a library: how other processes use it while one owns it.
//!
//! While its engine runs, the owner listens on a local socket below the library's directory ([`place`]). The
//! command line asks it there instead of opening the library a second time. A call is one connection:
//!
//! 1. the owner says which imgn it is ([`Greeting`]), at once;
//! 2. a caller of the same version sends its [`Call`];
//! 3. the owner sends [`Reply`]s, until one that is the last.
//!
//! Each is JSON on one line. Both ends are shipped together, so imgn's version is the protocol's: another one
//! is told, never guessed at.
//!
//! **Invariant:** only processes of the same account ask and are answered. A call may hold keys, so none is
//! ever logged, nor repeated in a message.

mod caller;
mod lines;
mod owner;
mod place;

pub(crate) use caller::{Answers, Caller, Unanswered};
pub(crate) use owner::Door;

use crate::view::{CommandError, DestinationConfig, DropChoice, Event, TypedKeys};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::ffi::OsString;
use std::fmt;
use std::time::Duration;

/// What both ends must be.
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// A first word is waited for this long; then whoever listens is stuck.
const PATIENCE: Duration = Duration::from_secs(5);
/// While it works on an answer, the owner shows that often that it lives.
const BEAT: Duration = Duration::from_secs(5);
/// An owner that shows nothing for so long is stuck.
const SILENCE: Duration = Duration::from_secs(30);

#[derive(Debug, Serialize, Deserialize)]
struct Greeting {
    imgn: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Call {
    imgn: String,
    request: Request,
}

/// What is asked, by how it is answered.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Request {
    /// With one answer.
    Question(Box<Question>),
    /// With every photo, in parts.
    List,
    /// With what changes, until the caller hangs up.
    Events,
}

/// A method of [`Library`](crate::Library) with its arguments. Paths are absolute: the owner has another
/// working directory.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Question {
    Status,
    Activity,
    Find {
        query: String,
        path: OsString,
    },
    AddFolder {
        path: OsString,
    },
    RemoveFolder {
        id: i64,
    },
    TestDestination {
        config: DestinationConfig,
        keys: Option<Keys>,
    },
    CreateBucket {
        config: DestinationConfig,
        keys: Option<Keys>,
    },
    AddDestination {
        name: String,
        config: DestinationConfig,
        keys: Option<Keys>,
    },
    SetKeys {
        destination: i64,
        keys: Keys,
    },
    RemoveDestination {
        id: i64,
    },
    DropPaths {
        paths: Vec<OsString>,
        choice: DropChoice,
    },
    Why {
        path: OsString,
    },
    Verify {
        destination: Option<i64>,
        read_percent: f64,
    },
    StopVerify,
    Rebuild {
        destination: i64,
    },
    Restore {
        from: Option<i64>,
        to: OsString,
    },
    Link {
        photo: i64,
        destination: Option<i64>,
        seconds: u32,
    },
    Doctor {
        destination: i64,
    },
    Compare,
    Measure,
    StopMeasure,
    PricesToEdit,
    Settings,
    SetSetting {
        key: String,
        value: Option<String>,
        folder: Option<OsString>,
    },
    ExportSettings,
    ImportSettings {
        name: String,
        text: String,
    },
    HasWindow,
    /// Bring the window to the front, and take these photos in there.
    Show {
        photos: Vec<OsString>,
    },
    /// Wait until nothing is left to do, and say how it ended.
    SyncOnce,
}

impl Question {
    /// Whether it is done to its end though nobody waits for the answer any more.
    fn is_done_regardless(&self) -> bool {
        match self {
            Self::AddFolder { .. }
            | Self::RemoveFolder { .. }
            | Self::CreateBucket { .. }
            | Self::AddDestination { .. }
            | Self::SetKeys { .. }
            | Self::RemoveDestination { .. }
            | Self::DropPaths { .. }
            | Self::StopVerify
            | Self::StopMeasure
            | Self::PricesToEdit
            | Self::SetSetting { .. }
            | Self::ImportSettings { .. }
            | Self::Doctor { .. } => true,
            Self::Status
            | Self::Activity
            | Self::Find { .. }
            | Self::HasWindow
            | Self::Show { .. }
            | Self::TestDestination { .. }
            | Self::Why { .. }
            | Self::Compare
            | Self::Measure
            | Self::Settings
            | Self::ExportSettings
            | Self::Link { .. }
            | Self::Verify { .. }
            | Self::Rebuild { .. }
            | Self::Restore { .. }
            | Self::SyncOnce => false,
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reply {
    /// Not yet.
    Working,
    Event(Event),
    /// Some of a list; more follows.
    Part(Box<RawValue>),
    /// The last one.
    Done(Box<RawValue>),
    Failed(CommandError),
    /// The owner ends before there is an answer: whoever has the library next may be asked.
    Leaving,
}

/// Typed keys on their way between two processes.
#[derive(Serialize, Deserialize)]
pub(crate) struct Keys {
    access_key_id: String,
    secret_access_key: String,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").finish_non_exhaustive()
    }
}

impl From<TypedKeys> for Keys {
    fn from(keys: TypedKeys) -> Self {
        Self {
            access_key_id: keys.access_key_id,
            secret_access_key: keys.secret_access_key,
        }
    }
}

impl From<Keys> for TypedKeys {
    fn from(keys: Keys) -> Self {
        Self {
            access_key_id: keys.access_key_id,
            secret_access_key: keys.secret_access_key,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::ffi::OsStringExt;

    #[test]
    fn a_path_that_is_no_text_arrives_as_it_is() {
        let path = OsString::from_vec(b"/photos/\xff\n.jpg".to_vec());
        let line = serde_json::to_string(&Question::AddFolder { path: path.clone() }).unwrap();
        assert!(!line.contains('\n'), "{line}");
        let Question::AddFolder { path: arrived } = serde_json::from_str(&line).unwrap() else {
            panic!("{line}");
        };
        assert_eq!(arrived, path);
    }

    #[test]
    fn a_call_is_shown_without_its_keys() {
        let keys = TypedKeys {
            access_key_id: "AKIA".into(),
            secret_access_key: "canary".into(),
        };
        let question = Question::SetKeys {
            destination: 1,
            keys: keys.into(),
        };
        let shown = format!("{question:?}");
        assert!(
            !shown.contains("canary") && !shown.contains("AKIA"),
            "{shown}"
        );
    }
}
