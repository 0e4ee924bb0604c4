//! Writes settings into what a person wrote.
//!
//! **Invariant:** what is as it was keeps its place and form, comments included.

use crate::view::{Cause, CommandError, Settings};
use std::path::Path;
use toml_edit::{ArrayOfTables, DocumentMut, InlineTable, Item, Table, TableLike, Value};

/// `text` with the values of `settings`: those that are as they were keep their place and form.
pub(super) fn merge(path: &Path, text: &str, settings: &Settings) -> Result<String, CommandError> {
    let wrong = |error: &dyn std::fmt::Display| {
        CommandError::new(Cause::SettingsFile, format!("{}: {error}", path.display()))
    };
    let mut document: DocumentMut = text
        .parse()
        .map_err(|error: toml_edit::TomlError| wrong(&error))?;
    let wanted = toml_edit::ser::to_document(settings).map_err(|error| wrong(&error))?;
    let defaults =
        toml_edit::ser::to_document(&Settings::default()).map_err(|error| wrong(&error))?;
    merge_table(
        document.as_table_mut(),
        wanted.as_table(),
        Some(defaults.as_table()),
    );
    Ok(document.to_string())
}

/// A value that is its default, and that nobody wrote, stays unwritten.
fn merge_table(into: &mut dyn TableLike, wanted: &dyn TableLike, defaults: Option<&dyn TableLike>) {
    let gone: Vec<String> = into
        .iter()
        .map(|(key, _)| key.to_owned())
        .filter(|key| wanted.get(key).is_none())
        .collect();
    for key in gone {
        into.remove(&key);
    }
    for (key, item) in wanted.iter() {
        let default = defaults.and_then(|defaults| defaults.get(key));
        if let Some(wanted) = item.as_table_like() {
            let defaults = default.and_then(Item::as_table_like);
            if let Some(table) = into.get_mut(key).and_then(Item::as_table_like_mut) {
                merge_table(table, wanted, defaults);
                continue;
            }
            let mut table = Table::new();
            merge_table(&mut table, wanted, defaults);
            if !table.is_empty() {
                into.insert(key, Item::Table(table));
            }
            continue;
        }
        if let Some(wanted) = tables(item) {
            merge_tables(into, key, &wanted);
            continue;
        }
        if into.get(key).is_some_and(Item::is_array_of_tables) {
            into.remove(key);
        }
        match into.get_mut(key) {
            Some(there) if same(there, item) => {}
            Some(there) => {
                let decor = there.as_value().map(|value| value.decor().clone());
                *there = item.clone();
                if let (Some(value), Some(decor)) = (there.as_value_mut(), decor) {
                    *value.decor_mut() = decor;
                }
            }
            None if default.is_some_and(|default| same(default, item)) => {}
            None => {
                into.insert(key, item.clone());
            }
        }
    }
}

/// The tables of a list that has nothing but tables.
fn tables(item: &Item) -> Option<Vec<&InlineTable>> {
    let array = item.as_array().filter(|array| !array.is_empty())?;
    array.iter().map(Value::as_inline_table).collect()
}

/// A list of tables, each under a heading of its own. The first ones keep their form.
fn merge_tables(into: &mut dyn TableLike, key: &str, wanted: &[&InlineTable]) {
    let list = match into.remove(key) {
        Some(there) => there.into_array_of_tables().unwrap_or_default(),
        None => ArrayOfTables::new(),
    };
    let mut there = list.into_iter();
    let mut merged = ArrayOfTables::new();
    for wanted in wanted {
        let mut table = there.next().unwrap_or_default();
        merge_table(&mut table, *wanted, None);
        merged.push(table);
    }
    into.insert(key, Item::ArrayOfTables(merged));
}

/// Whether two values are the same, however they are written.
fn same(item: &Item, other: &Item) -> bool {
    match (item.as_value(), other.as_value()) {
        (Some(item), Some(other)) => same_value(item, other),
        _ => item.is_none() && other.is_none(),
    }
}

fn same_value(value: &Value, other: &Value) -> bool {
    match (value, other) {
        (Value::Array(value), Value::Array(other)) => {
            value.len() == other.len() && value.iter().zip(other).all(|(a, b)| same_value(a, b))
        }
        (Value::String(value), Value::String(other)) => value.value() == other.value(),
        _ => value.to_string().trim() == other.to_string().trim(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editable::from_toml;
    use crate::view::{Appearance, FolderRules};
    use std::num::NonZeroU64;

    /// `text` once a person changed something in the window.
    fn changed(text: &str, change: impl FnOnce(&mut Settings)) -> String {
        let read = |text: &str| from_toml::<Settings>("settings.toml", text).unwrap();
        let mut settings = read(text);
        change(&mut settings);
        let changed = merge(Path::new("settings.toml"), text, &settings).unwrap();
        assert_eq!(read(&changed), settings, "{changed}");
        changed
    }

    #[test]
    fn comments_and_order_stay() {
        let text =
            "# mine\n[limits]\nupload = 5 # slow line\n\n[background]\nkeep_running = false\n";
        let text = changed(text, |settings| {
            settings.limits.upload = NonZeroU64::new(7);
            settings.appearance = Appearance::Dark;
        });
        assert!(
            text.contains("# mine\n[limits]\nupload = 7 # slow line"),
            "{text}"
        );
        assert!(text.contains("keep_running = false"), "{text}");
        assert!(text.contains("appearance = \"dark\""), "{text}");
    }

    #[test]
    fn patterns_keep_the_form_that_a_person_gave_them() {
        let text = "[photos]\nexclude = [\n  'a', # mine\n]\n\n# the old disk\n[[folder]]\npath = \"/a\"\nexclude = []\n";
        let more = changed(text, |settings| {
            settings.folder.push(FolderRules {
                exclude: vec!["*.png".into()],
                ..FolderRules::none("/b".into())
            });
        });
        assert!(more.starts_with(text), "{more}");
        changed(&more, |settings| settings.folder.clear());
    }

    #[test]
    fn a_value_that_is_taken_back_leaves_the_file() {
        let text = changed("language = \"de\"\n", |settings| settings.language = None);
        assert!(!text.contains("language"), "{text}");
    }
}
