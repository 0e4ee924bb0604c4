//! Settings, watched folders and destinations on their way to another computer.

use super::paths::{canonical, resolved};
use super::unreadable;
use super::watched::watch;
use super::{Library, Result};
use crate::admission::{self, Ground};
use crate::blocking::blocking;
use crate::clock;
use crate::editable;
use crate::exchange::{DestinationLine, Exchange, FolderLine, Keys};
use crate::opening;
use crate::path_bytes::shown;
use crate::registry::HeldKeys;
use crate::requests::Part;
use crate::store::destinations::{self, Destination, DestinationId};
use crate::store::folders;
use crate::typed_keys;
use crate::view::*;
use remote::Profile;
use std::path::{Path, PathBuf};

impl Library {
    /// The settings, the watched folders and the destinations, as text for a file; no keys.
    pub async fn export_settings(&self) -> Result<String> {
        let (folders, destinations) = self
            .context
            .store
            .read(|db| Ok((folders::all(db)?, destinations::all(db)?)))
            .await?;
        let watched: Vec<&Path> = folders
            .iter()
            .filter(|row| !row.managed)
            .map(|row| row.path.as_path())
            .collect();
        if let Some(path) = watched.iter().find(|path| path.to_str().is_none()) {
            let detail = format!(
                "{} is not valid Unicode, which a file of settings needs",
                shown(path)
            );
            return Err(CommandError::new(Cause::BadSettings, detail));
        }
        Exchange::new(self.context.settings.now(), &watched, &destinations).to_text()
    }

    /// The same, into the file at `path`, which is replaced.
    pub async fn export_settings_to(&self, path: PathBuf) -> Result<()> {
        let text = self.export_settings().await?;
        blocking(move || editable::replace(&path, &text))
            .await
            .map_err(|error| CommandError::of_disk(&error, Cause::FolderUnwritable))
    }

    /// Takes in what [`Library::export_settings`] wrote, or nothing of it. What the library has already
    /// stays as it is; nobody is asked yet, so keys may be given afterwards.
    pub async fn import_settings(&self, name: &str, text: &str) -> Result<ImportReport> {
        let exchange = Exchange::from_text(name, text)?;
        let plan = self.plan_import(&exchange).await?;
        let before = self.context.settings.now();
        let settings_changed = before != exchange.settings;
        if settings_changed {
            self.change_settings(exchange.settings).await?;
        }
        match self.import_rows(plan).await {
            Ok(report) => Ok(ImportReport {
                settings_changed,
                ..report
            }),
            Err(error) => {
                if settings_changed {
                    self.change_settings(before).await?;
                }
                Err(error)
            }
        }
    }

    pub async fn import_settings_from(&self, path: PathBuf) -> Result<ImportReport> {
        let name = shown(&path);
        let text = blocking(move || std::fs::read_to_string(path))
            .await
            .map_err(|error| unreadable(&error))?;
        self.import_settings(&name, &text).await
    }

    /// What of the file is new. Everything that is wrong with it is said at once.
    async fn plan_import(&self, exchange: &Exchange) -> Result<Plan> {
        let known = self.context.store.read(destinations::all).await?;
        let mut ground = self.ground().await?;
        let mut plan = Plan::default();
        let mut wrong = Vec::new();
        for FolderLine { path } in &exchange.folder {
            let (given, here) = (path.clone(), ground.clone());
            match blocking(move || folder(&given, &here)).await {
                Ok((path, becomes)) => {
                    if becomes != Imported::Known {
                        ground.watched.push(path.clone());
                    }
                    plan.folders.push((path, becomes));
                }
                Err(reason) => wrong.push(reason),
            }
        }
        let mut names: Vec<String> = known.iter().map(|row| row.name.clone()).collect();
        for line in &exchange.destination {
            if let Some(row) = known
                .iter()
                .find(|row| row.marker.uuid == line.library.uuid)
            {
                plan.known.push(row.clone());
                continue;
            }
            match destination(line, &ground, &names).await {
                Ok(line) => {
                    names.push(line.name.clone());
                    if let DestinationConfig::Folder { path, .. } = &line.at {
                        ground.destinations.push(resolved(Path::new(path)).await);
                    }
                    plan.destinations.push(line);
                }
                Err(reason) => wrong.push(format!("{}: {reason}", line.name)),
            }
        }
        if wrong.is_empty() {
            Ok(plan)
        } else {
            Err(CommandError::new(Cause::BadSettings, wrong.join("; ")))
        }
    }

    async fn import_rows(&self, plan: Plan) -> Result<ImportReport> {
        let Plan {
            folders,
            destinations,
            known,
        } = plan;
        let now = clock::now();
        let (folders, added) = self
            .context
            .store
            .write(move |db| {
                let mut watched = Vec::new();
                for (path, becomes) in folders {
                    let id = match becomes {
                        Imported::Known => None,
                        Imported::Added | Imported::AddedOffline => Some(watch(db, &path)?),
                    };
                    if let (Some(id), Imported::AddedOffline) = (id, becomes) {
                        folders::set_offline(db, id)?;
                    }
                    watched.push((path, becomes, id));
                }
                let mut added = Vec::new();
                for line in destinations {
                    let profile = Profile::default();
                    let id = destinations::insert(
                        db,
                        &line.name,
                        &line.at,
                        &line.library,
                        &profile,
                        now,
                    )?;
                    if line.keys == Keys::Typed {
                        destinations::set_typed(db, id)?;
                    }
                    added.push((destinations::get(db, id)?, line.keys));
                }
                Ok((watched, added))
            })
            .await?;
        let mut report = ImportReport {
            settings_changed: false,
            folders: Vec::new(),
            destinations: Vec::new(),
        };
        for (path, became, id) in folders {
            if let Some(id) = id {
                self.context.rescan(id, Part::Everything);
            }
            let path = shown(&path);
            report.folders.push(ImportedFolder { path, became });
        }
        for row in known {
            report.destinations.push(imported(&row, Imported::Known));
        }
        for (row, keys) in added {
            if let Some(row) = row {
                report
                    .destinations
                    .push(self.imported_destination(row, keys).await);
            }
        }
        self.context.bells.destinations.notify_one();
        self.every_month_changed().await?;
        self.context.news.status();
        Ok(report)
    }

    async fn imported_destination(&self, row: Destination, keys: Keys) -> ImportedDestination {
        // On the same computer the keyring may have its keys yet.
        let held = match keys {
            Keys::Around => None,
            Keys::Typed => typed_keys::kept(&self.context, &row)
                .await
                .unwrap_or_default()
                .map(|keys| HeldKeys { keys, kept: Ok(()) }),
        };
        let needs_keys = keys == Keys::Typed && held.is_none();
        self.context.registry.add(row.clone(), held);
        ImportedDestination {
            needs_keys,
            ..imported(&row, Imported::Added)
        }
    }
}

/// What a file brings that was found to make sense.
#[derive(Default)]
struct Plan {
    /// Each with what becomes of it. No disk is asked again where the rows are written: one that does not answer
    /// would hold up every writer.
    folders: Vec<(PathBuf, Imported)>,
    destinations: Vec<DestinationLine>,
    known: Vec<Destination>,
}

fn imported(row: &Destination, became: Imported) -> ImportedDestination {
    let DestinationId(id) = row.id;
    ImportedDestination {
        id,
        name: row.name.clone(),
        became,
        needs_keys: false,
    }
}

/// The folder to watch, and what becomes of it. Blocks.
fn folder(path: &Path, ground: &Ground) -> std::result::Result<(PathBuf, Imported), String> {
    if !path.is_absolute() {
        return Err(format!("{} is no full path", shown(path)));
    }
    let path = canonical(path);
    let is_there = path.is_dir();
    if !is_there && path.exists() {
        return Err(format!("{} is not a folder", shown(&path)));
    }
    let becomes = match admission::watch(&path, ground) {
        None if is_there => Imported::Added,
        None => Imported::AddedOffline,
        Some(reason) if reason.code == Cause::FolderAlreadyWatched => Imported::Known,
        Some(reason) => return Err(reason.detail),
    };
    Ok((path, becomes))
}

/// The destination, if it can be one here. Reaches nobody.
async fn destination(
    line: &DestinationLine,
    ground: &Ground,
    names: &[String],
) -> std::result::Result<DestinationLine, String> {
    let name = line.name.trim().to_owned();
    if name.is_empty() {
        return Err("a destination needs a name".to_owned());
    }
    if names.contains(&name) {
        return Err("another destination has this name".to_owned());
    }
    opening::key_template(&line.at).map_err(|error| error.to_string())?;
    match &line.at {
        DestinationConfig::Folder { path, .. } => {
            let path = Path::new(path);
            if !path.is_absolute() {
                return Err(format!("{} is no full path", shown(path)));
            }
            if let Some(reason) = admission::destination(&resolved(path).await, ground) {
                return Err(reason.detail);
            }
        }
        // Whoever takes it in signs in when it is asked.
        DestinationConfig::S3 {
            cognito: Some(_), ..
        } => {}
        DestinationConfig::S3 { .. } => {
            // Its own keys are looked for when it is asked.
            let any = TypedKeys {
                access_key_id: "none".to_owned(),
                secret_access_key: "none".to_owned(),
            };
            opening::open_s3(&line.at, Some(any), Profile::default())
                .await
                .map_err(|error| error.to_string())?;
        }
        DestinationConfig::Http { .. } | DestinationConfig::Lambda { .. } => {
            // As is its token, and its file.
            let any = TypedKeys {
                access_key_id: String::new(),
                secret_access_key: "none".to_owned(),
            };
            opening::open_http(&line.at, Some(any), Profile::default())
                .await
                .map_err(|error| error.to_string())?;
        }
    }
    Ok(DestinationLine {
        name,
        ..line.clone()
    })
}
