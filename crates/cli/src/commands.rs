//! Does what the words say.

mod comparing;
mod doctor;
mod errands;
mod link;
mod photos;
mod settings;
mod syncing;
mod verifying;

use crate::args::{
    AddDestination, AddHttp, AddS3, Args, Command, DestinationCommand, FolderCommand, Layout,
    SettingsCommand, Sync,
};
use crate::exit::Exit;
use crate::keys;
use crate::manual;
use crate::output;
use crate::words::{self, plain};
use library::view::{
    Cause, CognitoPools, CommandError, DestinationConfig, DestinationLayout, DestinationView,
    KeyPlace, Problem, ServiceKind, Status,
};
use library::{Connection, Options, Result};
use media::worker::WorkerCommand;
use serde::Serialize;
use std::io;
use std::path::{Path, PathBuf};

pub(crate) async fn run(args: Args) -> Result<Exit> {
    let json = args.json;
    match args.command {
        Command::Completions { shell } => manual::completions(shell),
        Command::Man { out: None } => manual::page(),
        Command::Man { out: Some(out) } => manual::pages(&out),
        Command::Inspect { file } => photos::inspect_file(&file).await,
        Command::Thumbnail { file, out, size } => photos::thumbnail(&file, &out, size, json).await,
        Command::List => photos::list(&look(args.library).await?, json).await,
        Command::Status => status(&look(args.library).await?, json).await,
        Command::Show { photo } => photos::show(&look(args.library).await?, &photo, json).await,
        Command::Link {
            photo,
            expires,
            destination,
        } => {
            let library = look(args.library).await?;
            link::link(&library, &photo, destination.as_deref(), expires, json).await
        }
        Command::Folder(FolderCommand::List) => folders(&look(args.library).await?, json).await,
        Command::Folder(command) => folder(&open(args.library).await?, command, json).await,
        Command::Destination(DestinationCommand::List) => {
            destinations(&look(args.library).await?, json).await
        }
        Command::Destination(DestinationCommand::Compare {
            measure: false,
            prices: false,
        }) => comparing::compare(&look(args.library).await?, json).await,
        Command::Destination(command) => {
            destination(&open(args.library).await?, command, json).await
        }
        Command::Settings(SettingsCommand::Show) => {
            settings::show(&look(args.library).await?, json).await
        }
        Command::Settings(SettingsCommand::Export { file }) => {
            settings::export(&look(args.library).await?, &file, json).await
        }
        Command::Settings(SettingsCommand::Set { key, value, folder }) => {
            let library = open(args.library).await?;
            settings::set(&library, &key, value.as_deref(), folder.as_deref(), json).await
        }
        Command::Settings(SettingsCommand::Import { file }) => {
            settings::import(&open(args.library).await?, &file, json).await
        }
        Command::Sync(Sync { watch: true, .. }) => syncing::watch(args.library, json).await,
        Command::Sync(_) => syncing::sync(args.library, json).await,
        Command::Verify {
            read_data,
            destination,
        } => {
            let library = open(args.library).await?;
            verifying::verify(&library, destination.as_deref(), read_data, json).await
        }
        Command::Upload { files } => syncing::upload(args.library, files, json).await,
        Command::Rebuild { from } => {
            errands::rebuild(&open(args.library).await?, &from, json).await
        }
        Command::Restore { to, from } => {
            let library = open(args.library).await?;
            errands::restore(&library, &to, from.as_deref(), json).await
        }
    }
}

/// A file of the person's choice could not be made.
fn unwritable(path: &Path, error: &io::Error) -> CommandError {
    let code = match error.kind() {
        io::ErrorKind::AlreadyExists => Cause::FileExists,
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Cause::DiskFull,
        _ => Cause::FolderUnwritable,
    };
    CommandError {
        code,
        detail: format!("cannot write {}: {error}", path.display()),
    }
}

async fn folder(library: &Connection, command: FolderCommand, json: bool) -> Result<Exit> {
    match command {
        FolderCommand::Add { path } => {
            let added = library.add_folder(&path).await?;
            if json {
                output::json(&added)
            } else {
                output::folder(&added)
            }
        }
        FolderCommand::Remove { path } => {
            let wanted = std::path::absolute(&path).unwrap_or(path);
            let canonical = wanted.canonicalize().unwrap_or_else(|_| wanted.clone());
            let known = library.status().await?.folders;
            let same = |shown: &str| Path::new(shown) == wanted || Path::new(shown) == canonical;
            let Some(found) = known
                .into_iter()
                .find(|folder| !folder.managed && same(&folder.path))
            else {
                let detail = format!("{} is not watched", wanted.display());
                return Err(CommandError {
                    code: Cause::FolderNotFound,
                    detail,
                });
            };
            library.remove_folder(found.id).await?;
            if json {
                output::json(&found);
            } else {
                output::line(&format!(
                    "{} is no longer watched. Nothing was deleted.",
                    plain(&found.path)
                ));
            }
        }
        FolderCommand::List => return folders(library, json).await,
    }
    Ok(Exit::Done)
}

async fn folders(library: &Connection, json: bool) -> Result<Exit> {
    let folders = library.status().await?.folders;
    if json {
        output::json(&folders)
    } else {
        folders.iter().for_each(output::folder)
    }
    Ok(Exit::Done)
}

async fn destination(
    library: &Connection,
    command: DestinationCommand,
    json: bool,
) -> Result<Exit> {
    match command {
        DestinationCommand::Add(add) => add_destination(library, *add, json).await,
        DestinationCommand::List => destinations(library, json).await,
        DestinationCommand::Test { name } => test_destination(library, &name, json).await,
        DestinationCommand::Doctor { name } => doctor::examine(library, &name, json).await,
        DestinationCommand::Compare { prices: true, .. } => comparing::prices(library, json).await,
        DestinationCommand::Compare { measure: true, .. } => {
            comparing::measure(library, json).await
        }
        DestinationCommand::Compare { .. } => comparing::compare(library, json).await,
        DestinationCommand::SetKeys { name, key_fd } => {
            let found = named(library, &name).await?;
            let wanted = keys::Wanted::of(&found.config);
            let keys = match key_fd {
                Some(descriptor) => keys::from_descriptor(descriptor, wanted)?,
                None => keys::ask(wanted)?,
            };
            kept(library, &library.set_keys(found.id, keys).await?, json)
        }
        DestinationCommand::Remove { name } => {
            let found = named(library, &name).await?;
            library.remove_destination(found.id).await?;
            if json {
                output::json(&found);
            } else {
                output::line(&format!(
                    "{} is forgotten. Nothing was deleted there.",
                    plain(&found.name)
                ));
            }
            Ok(Exit::Done)
        }
    }
}

async fn add_destination(library: &Connection, add: AddDestination, json: bool) -> Result<Exit> {
    let (name, config, keys, create) = match add {
        AddDestination::Folder {
            name,
            path,
            key_template,
            layout: lies,
        } => {
            let path = std::path::absolute(&path).unwrap_or(path);
            let config = DestinationConfig::Folder {
                path: text(&path)?,
                key_template,
                layout: layout(lies),
            };
            (name, config, None, false)
        }
        AddDestination::Http(http) => {
            let (name, api) = (http.name.clone(), Api::of(http)?);
            (name, api.into_http(), None, false)
        }
        AddDestination::Lambda(http) => {
            let (name, api) = (http.name.clone(), Api::of(http)?);
            (name, api.into_lambda(), None, false)
        }
        AddDestination::S3(s3) => {
            let (name, create, descriptor) = (s3.name.clone(), s3.create_bucket, s3.key_fd);
            let config = s3_config(s3)?;
            let wanted = keys::Wanted::of(&config);
            let keys = match descriptor {
                Some(descriptor) => Some(keys::from_descriptor(descriptor, wanted)?),
                None if wanted == keys::Wanted::SignIn
                    && keys::of_environment(&config).is_none() =>
                {
                    Some(keys::ask(wanted)?)
                }
                None => None,
            };
            (name, config, keys, create)
        }
    };
    let keys = match library {
        Connection::Owner(_) => keys.or_else(|| keys::of_environment(&config)),
        Connection::Own(_) => keys,
    };
    if create {
        library.create_bucket(config.clone(), keys.clone()).await?;
    }
    let typed = keys.is_some();
    let added = library.add_destination(name, config, keys).await?;
    if typed {
        return kept(library, &added, json);
    }
    if json {
        output::json(&added)
    } else {
        output::destination(&added)
    }
    Ok(Exit::Done)
}

/// A key that is gone with the process that has it is no use to the next one.
fn kept(library: &Connection, destination: &DestinationView, json: bool) -> Result<Exit> {
    if json {
        output::json(destination);
    } else {
        output::destination(destination);
    }
    let KeyPlace::ThisRun { detail } = &destination.keys else {
        return Ok(Exit::Done);
    };
    let variables = match destination.config {
        DestinationConfig::Http { .. } | DestinationConfig::Lambda { .. } => {
            "IMGN_TOKEN, or by --token-file,"
        }
        DestinationConfig::S3 {
            cognito: Some(_), ..
        } => "IMGN_USER and IMGN_PASSWORD",
        _ => "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    };
    let instead = match library {
        Connection::Own(_) => format!("Give it in {variables} instead."),
        Connection::Owner(_) => format!(
            "The imgn that has the library open knows it until it ends; start that one with \
             {variables} instead."
        ),
    };
    output::error_line(&format!(
        "The key could not be kept: {}. {instead}",
        plain(detail)
    ));
    // Whoever comes next is refused there.
    Ok(Exit::Destination)
}

fn s3_config(s3: AddS3) -> Result<DestinationConfig> {
    let pools = s3
        .cognito_identity_pool
        .zip(s3.cognito_user_pool_client)
        .map(|(identity_pool, user_pool_client)| CognitoPools {
            identity_pool,
            user_pool_client,
        });
    let ca_file = s3
        .ca_file
        .map(|path| std::path::absolute(&path).unwrap_or(path));
    Ok(DestinationConfig::S3 {
        endpoint: s3.endpoint,
        bucket: s3.bucket,
        prefix: s3.prefix,
        region: s3.region,
        path_style: s3.path_style.then_some(true),
        ca_file: ca_file.as_deref().map(text).transpose()?,
        profile: s3.profile,
        key_template: s3.key_template,
        layout: layout(s3.layout),
        cognito: pools,
    })
}

fn layout(layout: Layout) -> DestinationLayout {
    match layout {
        Layout::Library => DestinationLayout::Library,
        Layout::Original => DestinationLayout::Original,
    }
}

/// Where an HTTP API is, as server or as functions.
struct Api {
    url: String,
    token_file: Option<String>,
    ca_file: Option<String>,
}

impl Api {
    fn of(http: AddHttp) -> Result<Self> {
        let full = |path: PathBuf| text(&std::path::absolute(&path).unwrap_or(path));
        Ok(Self {
            url: http.url,
            token_file: http.token_file.map(full).transpose()?,
            ca_file: http.ca_file.map(full).transpose()?,
        })
    }

    fn into_http(self) -> DestinationConfig {
        DestinationConfig::Http {
            url: self.url,
            token_file: self.token_file,
            ca_file: self.ca_file,
        }
    }

    fn into_lambda(self) -> DestinationConfig {
        DestinationConfig::Lambda {
            url: self.url,
            token_file: self.token_file,
            ca_file: self.ca_file,
        }
    }
}

async fn destinations(library: &Connection, json: bool) -> Result<Exit> {
    let destinations = library.status().await?.destinations;
    if json {
        output::json(&destinations)
    } else {
        destinations.iter().for_each(output::destination)
    }
    Ok(Exit::Done)
}

async fn test_destination(library: &Connection, name: &str, json: bool) -> Result<Exit> {
    let found = named(library, name).await?;
    let report = library.test_destination(found.config.clone(), None).await?;
    if json {
        output::json(&report);
    } else if report.problem.is_none() {
        let yes_no = |yes| if yes { "yes" } else { "no" };
        let said = words::service(report.service).or(words::layout(&found.config));
        output::line(&format!(
            "Reached {} in {} ms.",
            plain(&found.place),
            report.milliseconds
        ));
        said.into_iter()
            .for_each(|said| output::line(&format!("  {said}")));
        // What the store behind functions does is seen when something is put there.
        if report.service == Some(ServiceKind::Functions) && !report.repeats_sha256 {
            output::line("  confirms SHA-256: the first photo shows it");
        } else {
            output::line(&format!(
                "  refuses to replace objects: {}",
                yes_no(report.conditional_put)
            ));
            output::line(&format!(
                "  confirms SHA-256: {}",
                yes_no(report.repeats_sha256)
            ));
        }
        output::line(&format!("  its clock is ahead by {} s", report.clock_skew));
    }
    match report.problem {
        None => Ok(Exit::Done),
        Some(reason) => {
            output::error_line(&plain(&words::reason(&reason)));
            Ok(Exit::of(reason.code))
        }
    }
}

/// `status --json`.
#[derive(Serialize)]
struct StatusReport<'a> {
    #[serde(flatten)]
    status: &'a Status,
    /// Photos and files that are not backed up, by cause.
    problems: &'a [Problem],
}

async fn status(library: &Connection, json: bool) -> Result<Exit> {
    let status = library.status().await?;
    // What stands in the way of all is said beside its folder or destination.
    let mut problems = library.activity().await?.problems;
    problems.retain(|problem| !problem.examples.is_empty());
    if json {
        output::json(&StatusReport {
            status: &status,
            problems: &problems,
        });
    } else {
        output::status(&status, &problems);
    }
    Ok(Exit::Done)
}

async fn named(library: &Connection, name: &str) -> Result<library::view::DestinationView> {
    let known = library.status().await?.destinations;
    known
        .into_iter()
        .find(|destination| destination.name == name)
        .ok_or_else(|| CommandError {
            code: Cause::BadSettings,
            detail: format!("there is no destination named {name}"),
        })
}

async fn open(directory: Option<PathBuf>) -> Result<Connection> {
    Connection::open(options(directory)?).await
}

async fn look(directory: Option<PathBuf>) -> Result<Connection> {
    let (library, unanswered) = Connection::look(options(directory)?).await?;
    if let Some(error) = unanswered {
        output::error_line(&format!(
            "The imgn that has this library open cannot be asked ({}). This is what it last wrote down.",
            plain(&error.detail)
        ));
    }
    Ok(library)
}

fn options(directory: Option<PathBuf>) -> Result<Options> {
    let worker = worker()?;
    match directory {
        Some(directory) => Ok(Options::portable(directory, worker)),
        None => Options::of_account(worker),
    }
}

fn worker() -> Result<WorkerCommand> {
    WorkerCommand::this_binary().map_err(|error| CommandError {
        code: Cause::Internal,
        detail: format!("cannot find this program's own file: {error}"),
    })
}

fn text(path: &Path) -> Result<String> {
    path.to_str()
        .map(str::to_owned)
        .ok_or_else(|| CommandError {
            code: Cause::BadSettings,
            detail: format!(
                "{} is not valid Unicode, which settings need",
                path.display()
            ),
        })
}
