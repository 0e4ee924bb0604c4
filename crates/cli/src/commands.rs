//! Does what the words say.

mod adding;
mod comparing;
mod destinations;
mod doctor;
mod errands;
mod folders;
mod link;
mod photos;
mod settings;
mod status;
mod syncing;
mod verifying;

use crate::args::{Args, Command, DestinationCommand, FolderCommand, SettingsCommand, Sync};
use crate::exit::Exit;
use crate::manual;
use crate::output::{self, Output};
use crate::words::plain;
use library::view::{Cause, CommandError};
use library::{Connection, Options, Result};
use media::worker::WorkerCommand;
use std::io;
use std::path::{Path, PathBuf};

/// Who only looks also looks at a library that another imgn has open and that cannot be asked.
pub(crate) async fn run(args: Args) -> Result<Exit> {
    let out = args.output();
    match args.command {
        Command::Completions { shell } => manual::completions(shell),
        Command::Man { out: None } => manual::page(),
        Command::Man {
            out: Some(directory),
        } => manual::pages(&directory),
        Command::Inspect { file } => photos::inspect_file(&file).await,
        Command::Thumbnail {
            file,
            out: to,
            size,
        } => photos::thumbnail(&file, &to, size, out).await,
        Command::List => photos::list(&look(args.library).await?, out).await,
        Command::Status => status::status(&look(args.library).await?, out).await,
        Command::Show { photo } => photos::show(&look(args.library).await?, &photo, out).await,
        Command::Link {
            photo,
            expires,
            destination,
        } => {
            let library = look(args.library).await?;
            link::link(&library, &photo, destination.as_deref(), expires, out).await
        }
        Command::Folder(command) => folder(args.library, command, out).await,
        Command::Destination(command) => destination(args.library, command, out).await,
        Command::Settings(command) => setting(args.library, command, out).await,
        Command::Sync(Sync { watch: true, .. }) => syncing::watch(args.library, out).await,
        Command::Sync(_) => syncing::sync(args.library, out).await,
        Command::Verify {
            read_data,
            destination,
        } => {
            let library = open(args.library).await?;
            verifying::verify(&library, destination.as_deref(), read_data, out).await
        }
        Command::Upload { files } => syncing::upload(args.library, files, out).await,
        Command::Rebuild { from } => errands::rebuild(&open(args.library).await?, &from, out).await,
        Command::Restore { to, from } => {
            let library = open(args.library).await?;
            errands::restore(&library, &to, from.as_deref(), out).await
        }
    }
}

async fn folder(directory: Option<PathBuf>, command: FolderCommand, out: Output) -> Result<Exit> {
    match command {
        FolderCommand::Add { path } => folders::add(&open(directory).await?, &path, out).await,
        FolderCommand::List => folders::list(&look(directory).await?, out).await,
        FolderCommand::Remove { path } => folders::remove(&open(directory).await?, path, out).await,
    }
}

async fn destination(
    directory: Option<PathBuf>,
    command: DestinationCommand,
    out: Output,
) -> Result<Exit> {
    match command {
        DestinationCommand::Add(add) => adding::add(&open(directory).await?, *add, out).await,
        DestinationCommand::List => destinations::list(&look(directory).await?, out).await,
        DestinationCommand::Test { name } => {
            destinations::test(&open(directory).await?, &name, out).await
        }
        DestinationCommand::Doctor { name } => {
            doctor::examine(&open(directory).await?, &name, out).await
        }
        DestinationCommand::Compare { prices: true, .. } => {
            comparing::prices(&open(directory).await?, out).await
        }
        DestinationCommand::Compare { measure: true, .. } => {
            comparing::measure(&open(directory).await?, out).await
        }
        DestinationCommand::Compare { .. } => {
            comparing::compare(&look(directory).await?, out).await
        }
        DestinationCommand::SetKeys { name, key_fd } => {
            destinations::set_keys(&open(directory).await?, &name, key_fd, out).await
        }
        DestinationCommand::Remove { name } => {
            destinations::remove(&open(directory).await?, &name, out).await
        }
    }
}

async fn setting(
    directory: Option<PathBuf>,
    command: SettingsCommand,
    out: Output,
) -> Result<Exit> {
    match command {
        SettingsCommand::Show => settings::show(&look(directory).await?, out).await,
        SettingsCommand::Set { key, value, folder } => {
            let library = open(directory).await?;
            settings::set(&library, &key, value.as_deref(), folder.as_deref(), out).await
        }
        SettingsCommand::Export { file } => {
            settings::export(&look(directory).await?, &file, out).await
        }
        SettingsCommand::Import { file } => {
            settings::import(&open(directory).await?, &file, out).await
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
    CommandError::new(code, format!("cannot write {}: {error}", path.display()))
}

/// The path from the root; as it is where this process has no directory to begin from.
fn absolute(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
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
    WorkerCommand::this_binary().map_err(|error| {
        let detail = format!("cannot find this program's own file: {error}");
        CommandError::new(Cause::Internal, detail)
    })
}
