//! Settings: shown, changed, taken to another computer.

use crate::exit::Exit;
use crate::output::{self, Output};
use crate::words::plain;
use library::view::{Cause, CommandError, ImportReport, Imported, SettingsInForce};
use library::{Connection, Result};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

pub(super) async fn show(library: &Connection, out: Output) -> Result<Exit> {
    print(&library.settings_in_force().await?, out)
}

pub(super) async fn set(
    library: &Connection,
    key: &str,
    value: Option<&str>,
    folder: Option<&Path>,
    out: Output,
) -> Result<Exit> {
    print(&library.set_setting(key, value, folder).await?, out)
}

fn print(settings: &SettingsInForce, out: Output) -> Result<Exit> {
    let text = settings.settings.as_text()?;
    out.print(settings, |settings| {
        output::line(&format!("# {}\n{}", plain(&settings.file), text.trim_end()));
    });
    Ok(Exit::Done)
}

pub(super) async fn export(library: &Connection, file: &Path, out: Output) -> Result<Exit> {
    let text = library.export_settings().await?;
    write_new(file, &text).map_err(|error| super::unwritable(file, &error))?;
    let name = file.display().to_string();
    out.print(&serde_json::json!({ "file": name }), |_| {
        output::line(&format!(
            "{} has the settings, folders and destinations. No keys or passwords are in it.",
            plain(&name)
        ));
    });
    Ok(Exit::Done)
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

pub(super) async fn import(library: &Connection, file: &Path, out: Output) -> Result<Exit> {
    let text = fs::read_to_string(file).map_err(|error| unusable(file, &error))?;
    let report = library
        .import_settings(file.display().to_string(), text)
        .await?;
    out.print(&report, tell);
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
    let detail = format!("cannot use {}: {error}", file.display());
    CommandError::new(Cause::BadSettings, detail)
}
