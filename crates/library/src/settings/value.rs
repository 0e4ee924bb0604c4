//! One setting by its name, as a command line gives it: `limits.upload`, `photos.exclude`.
//!
//! **Invariant:** what comes out was read like the file itself: no other names, no other kinds of value.

use crate::editable::from_toml;
use crate::view::{Cause, CommandError, FolderRules, Settings};
use toml_edit::{Array, DocumentMut, Item, Table, Value};

/// Lists of patterns: one alone need not be written as a list.
const LISTS: [&str; 2] = ["include", "exclude"];

/// `settings` with another value for `key`; none: its default. `folder` is the one that a key of `folder` is
/// about, as it is shown.
pub(crate) fn with(
    settings: &Settings,
    key: &str,
    value: Option<&str>,
    folder: Option<&str>,
) -> Result<Settings, CommandError> {
    let (table, name) = match key.split_once('.') {
        Some((table, name)) => (Some(table), name),
        None => (None, key),
    };
    let value = value.map(|text| read(name, text));
    match (table, folder) {
        (Some("folder"), Some(folder)) => of_folder(settings, folder, name, value),
        (Some("folder"), None) => Err(wrong("name the folder that it is about")),
        (_, Some(_)) => Err(wrong(format!("{key} is about all folders"))),
        (table, None) => {
            let mut document = document(settings)?;
            let into = match table {
                None => document.as_table_mut(),
                Some(table) => document
                    .entry(table)
                    .or_insert_with(|| Item::Table(Table::new()))
                    .as_table_mut()
                    .ok_or_else(|| wrong(format!("{table} holds no settings")))?,
            };
            put(into, name, value);
            from_toml(key, &document.to_string())
        }
    }
}

fn of_folder(
    settings: &Settings,
    folder: &str,
    name: &str,
    value: Option<Value>,
) -> Result<Settings, CommandError> {
    let mut settings = settings.clone();
    let at = settings
        .folder
        .iter()
        .position(|rules| rules.path == folder);
    let rules = match at {
        Some(at) => settings.folder.remove(at),
        None => FolderRules::none(folder.to_owned()),
    };
    if !LISTS.contains(&name) {
        return Err(wrong(format!("there is no folder.{name}")));
    }
    let mut document = document(&rules)?;
    put(document.as_table_mut(), name, value);
    let rules: FolderRules = from_toml(&format!("folder.{name}"), &document.to_string())?;
    if !rules.is_empty() {
        let at = at.unwrap_or(settings.folder.len());
        settings.folder.insert(at, rules);
    }
    Ok(settings)
}

fn put(into: &mut Table, name: &str, value: Option<Value>) {
    match value {
        Some(value) => into.insert(name, Item::Value(value)),
        None => into.remove(name),
    };
}

/// What is no TOML is text: `dark` need not be quoted.
fn read(name: &str, text: &str) -> Value {
    let value = text.trim().parse::<Value>().ok();
    match value {
        Some(Value::Array(array)) if LISTS.contains(&name) => Value::Array(array),
        _ if LISTS.contains(&name) => Value::Array(Array::from_iter([text])),
        Some(value) => value,
        None => Value::from(text),
    }
}

fn document(of: &impl serde::Serialize) -> Result<DocumentMut, CommandError> {
    toml_edit::ser::to_string_pretty(of)
        .map_err(wrong)?
        .parse()
        .map_err(|error: toml_edit::TomlError| wrong(error))
}

fn wrong(what: impl ToString) -> CommandError {
    CommandError::new(Cause::BadSettings, what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{Appearance, Language};

    #[test]
    fn each_setting_is_set_by_its_name_and_taken_back() {
        let mut expected = Settings::default();
        let mut settings = Settings::default();
        let mut set = |key, value| {
            settings = with(&settings, key, value, None).unwrap();
            settings.clone()
        };
        expected.language = Some(Language::De);
        assert_eq!(set("language", Some("de")), expected);
        expected.appearance = Appearance::Dark;
        assert_eq!(set("appearance", Some("\"dark\"")), expected);
        expected.background.keep_running = false;
        assert_eq!(set("background.keep_running", Some("false")), expected);
        expected.limits.upload = std::num::NonZeroU64::new(250_000);
        assert_eq!(set("limits.upload", Some("250000")), expected);
        expected.photos.exclude = vec!["[ab].jpg".into()];
        assert_eq!(set("photos.exclude", Some("[ab].jpg")), expected);
        expected.photos.include = vec!["2019/".into(), "*.png".into()];
        assert_eq!(
            set("photos.include", Some("[\"2019/\", '*.png']")),
            expected
        );
        for key in [
            "language",
            "appearance",
            "background.keep_running",
            "limits.upload",
            "photos.exclude",
            "photos.include",
        ] {
            set(key, None);
        }
        assert_eq!(settings, Settings::default());
    }

    #[test]
    fn a_folder_has_patterns_of_its_own_until_it_has_none() {
        let set = |settings: &Settings, value| {
            with(settings, "folder.exclude", value, Some("/a")).unwrap()
        };
        let settings = set(&Settings::default(), Some("Scans/"));
        assert_eq!(
            settings.folder,
            [FolderRules {
                exclude: vec!["Scans/".into()],
                ..FolderRules::none("/a".into())
            }]
        );
        assert_eq!(set(&settings, None), Settings::default());
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        //  key, value, folder, what is said
        let cases = [
            ("langage", Some("de"), None, "langage"),
            ("language", Some("fr"), None, "fr"),
            ("limits.upload", Some("fast"), None, "fast"),
            ("limits.upload", Some("0"), None, "nonzero"),
            ("limits.download", Some("1"), None, "download"),
            ("photos.exclude", Some("[z-a].jpg"), None, "z-a"),
            ("photos.exclude", Some("[1]"), None, "string"),
            ("photos.exclude", Some("a"), Some("/a"), "all folders"),
            ("folder.exclude", Some("a"), None, "name the folder"),
            ("folder.path", Some("/b"), Some("/a"), "folder.path"),
            ("language.de", Some("1"), None, "language"),
            ("limits", Some("1"), None, "limits"),
        ];
        for (key, value, folder, said) in cases {
            let error = with(&Settings::default(), key, value, folder).unwrap_err();
            assert_eq!(error.code, Cause::BadSettings, "{key}");
            assert!(error.detail.contains(said), "{key}: {}", error.detail);
        }
    }
}
