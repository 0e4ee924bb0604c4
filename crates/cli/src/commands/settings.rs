//! Settings: shown, changed, taken to another computer.

use crate::exit::Exit;
use crate::output;
use crate::words::plain;
use library::view::{Cause, CommandError, ImportReport, Imported, SettingsInForce};
use library::{Connection, Result};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

pub(super) async fn show(library: &Connection, json: bool) -> Result<Exit> {
    print(&library.settings_in_force().await?, json)
}

pub(super) async fn set(
    library: &Connection,
    key: &str,
    value: Option<&str>,
    folder: Option<&Path>,
    json: bool,
) -> Result<Exit> {
    print(&library.set_setting(key, value, folder).await?, json)
}

fn print(settings: &SettingsInForce, json: bool) -> Result<Exit> {
    if json {
        output::json(settings);
        return Ok(Exit::Done);
    }
    let text = settings.settings.as_text()?;
    output::line(&format!("# {}\n{}", plain(&settings.file), text.trim_end()));
    Ok(Exit::Done)
}

pub(super) async fn export(library: &Connection, file: &Path, json: bool) -> Result<Exit> {
    let text = library.export_settings().await?;
    write_new(file, &text).map_err(|error| super::unwritable(file, &error))?;
    if json {
        output::json(&serde_json::json!({ "file": file.display().to_string() }));
    } else {
        output::line(&format!(
            "{} has the settings, folders and destinations. No keys or passwords are in it.",
            plain(&file.display().to_string())
        ));
    }
    Ok(Exit::Done)
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

pub(super) async fn import(library: &Connection, file: &Path, json: bool) -> Result<Exit> {
    let text = fs::read_to_string(file).map_err(|error| unusable(file, &error))?;
    let report = library
        .import_settings(file.display().to_string(), text)
        .await?;
    if json {
        output::json(&report);
    } else {
        tell(&report);
    }
    Ok(Exit::Done)
}

fn tell(report: &ImportReport) {
    output::line(if report.settings_changed {
        "The settings of the file hold now."
    } else {
        "The settings were those of the file already."
    });
    for folder in &report.folders {
        let became = match folder.became {
            Imported::Added => "watched from now on",
            Imported::AddedOffline => "watched as soon as it is there",
            Imported::Known => "watched already",
        };
        output::line(&format!("{}: {became}", plain(&folder.path)));
    }
    for destination in &report.destinations {
        let name = plain(&destination.name);
        let became = match destination.became {
            Imported::Known => "known already; it stays as it is",
            Imported::Added | Imported::AddedOffline => "added",
        };
        output::line(&format!("{name}: {became}"));
        if destination.needs_keys {
            output::line(&format!(
                "  Give its keys with: imgn-cli destination set-keys {name}"
            ));
        }
    }
}

fn unusable(file: &Path, error: &io::Error) -> CommandError {
    CommandError {
        code: Cause::BadSettings,
        detail: format!("cannot use {}: {error}", file.display()),
    }
}
