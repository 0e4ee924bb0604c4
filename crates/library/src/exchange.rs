//! The settings, folders and destinations of a library as one file, to take to another one.
//!
//! A destination goes with its marker: whoever takes the file in expects that very library there, and puts
//! nothing anywhere else.
//!
//! **Invariant:** no key and no password is in it, and nothing is taken in of a file that is not
//! understood as a whole.

use crate::editable;
use crate::store::destinations::{Destination, KeyOrigin};
use crate::view::{Cause, CommandError, DestinationConfig, Settings};
use remote::Marker;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

const SCHEMA: &str = "imgn-settings/1";
const HEAD: &str = "\
# imgn's settings, watched folders and destinations. Take them in with: imgn-cli settings import FILE
# There are no keys or passwords in it.

";

/// What such a file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exchange {
    schema: String,
    #[serde(default)]
    pub(crate) settings: Settings,
    #[serde(default)]
    pub(crate) folder: Vec<FolderLine>,
    #[serde(default)]
    pub(crate) destination: Vec<DestinationLine>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FolderLine {
    pub(crate) path: PathBuf,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DestinationLine {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) keys: Keys,
    /// Where it is.
    pub(crate) at: DestinationConfig,
    /// Which library lies there.
    pub(crate) library: Marker,
}

/// Where the keys of a destination were; never what they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Keys {
    /// In a profile, the environment, or with the machine itself.
    #[default]
    Around,
    /// Typed by the person, who is asked for them again.
    Typed,
}

impl Exchange {
    pub(crate) fn new(settings: Settings, folders: &[&Path], destinations: &[Destination]) -> Self {
        let folder = folders.iter().map(|path| FolderLine {
            path: path.to_path_buf(),
        });
        let destination = destinations.iter().map(|row| DestinationLine {
            name: row.name.clone(),
            keys: match row.keys {
                KeyOrigin::Around => Keys::Around,
                KeyOrigin::Typed => Keys::Typed,
            },
            at: row.config.clone(),
            library: row.marker.clone(),
        });
        Self {
            schema: SCHEMA.to_owned(),
            settings,
            folder: folder.collect(),
            destination: destination.collect(),
        }
    }

    pub(crate) fn to_text(&self) -> Result<String, CommandError> {
        let text = toml_edit::ser::to_string_pretty(self)
            .map_err(|error| CommandError::new(Cause::BadSettings, error))?;
        Ok(format!("{HEAD}{text}"))
    }

    /// Reads such a file; what is wrong is said with its line.
    pub(crate) fn from_text(name: &str, text: &str) -> Result<Self, CommandError> {
        let read: Self = editable::from_toml(name, text)?;
        if read.schema != SCHEMA {
            let detail = format!("{name} has the form {:?}, not {SCHEMA:?}", read.schema);
            return Err(CommandError::new(Cause::BadSettings, detail));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::Appearance;

    const WHOLE: &str = r#"
schema = "imgn-settings/1"

[settings]
appearance = "dark"

[[folder]]
path = "/home/ann/Pictures"

[[destination]]
name = "home"
keys = "typed"
at = { kind = "s3", endpoint = "https://nas:9000", bucket = "photos" }
library = { schema = "imgn-destination/1", uuid = "0191d5a0-0000-7000-8000-000000000001", created = "2026-11-25T12:00:00Z" }
"#;

    #[test]
    fn what_is_written_is_read_back() {
        let read = Exchange::from_text("a.toml", WHOLE).unwrap();
        assert_eq!(read.settings.appearance, Appearance::Dark);
        assert_eq!(read.folder[0].path, Path::new("/home/ann/Pictures"));
        assert_eq!(read.destination[0].keys, Keys::Typed);
        let text = read.to_text().unwrap();
        assert_eq!(Exchange::from_text("a.toml", &text).unwrap(), read);
    }

    #[test]
    fn a_file_that_is_not_understood_is_said_with_its_line() {
        //  name, replaced, by, what is said
        let cases = [
            (
                "another form",
                "imgn-settings/1",
                "imgn-settings/2",
                "imgn-settings/2",
            ),
            ("a word that does not exist", "name =", "title =", "title"),
            ("a word of a place", "endpoint", "endpont", "endpont"),
            ("a setting", "\"dark\"", "\"darkest\"", "line 5"),
            ("no marker", "uuid =", "id =", "id"),
            ("no TOML", "[[folder]]", "[[folder", "line 7"),
        ];
        for (name, what, by, said) in cases {
            assert!(WHOLE.contains(what), "{name}");
            let error = Exchange::from_text("a.toml", &WHOLE.replace(what, by)).unwrap_err();
            assert_eq!(error.code, Cause::BadSettings, "{name}");
            assert!(error.detail.contains(said), "{name}: {}", error.detail);
            assert!(error.detail.contains("a.toml"), "{name}: {}", error.detail);
        }
    }
}
