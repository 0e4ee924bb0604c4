//! Why a file is not backed up: an answer for every path that a person can name.
//!
//! Asked from the outside in: what the file is, whether it is watched, what is known of it.
//!
//! **Invariant:** nothing is read but what the system says of the file and what the rows hold.

use crate::blocking::blocking;
use crate::clock;
use crate::context::{Context, SETTLED_AFTER};
use crate::path_bytes::shown;
use crate::patterns::Lines;
use crate::scan;
use crate::store::files::{self, Standing};
use crate::store::folders::{self, Folder};
use crate::store::{StoreError, destinations};
use crate::view::{Cause, DestinationConfig, Reason};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What a path is to the library.
#[derive(Debug)]
pub(crate) enum Answer {
    /// Its photo says where it stands, and this is the file that it goes up from.
    Photo,
    /// It is no photo that goes up, for this reason.
    Not(Reason),
    /// There is no such file, and there never was.
    Unknown,
}

/// What is known of `path`, absolute, with the links above it resolved.
pub(crate) async fn of(context: &Context, path: &Path) -> Result<Answer, StoreError> {
    let (rows, destinations) = context
        .store
        .read(|db| Ok((folders::all(db)?, destinations::all(db)?)))
        .await?;
    let looked_at = path.to_owned();
    let looked = blocking(move || {
        let on_disk = fs::symlink_metadata(&looked_at);
        let link = on_disk.as_ref().is_ok_and(fs::Metadata::is_symlink);
        (on_disk, link.then(|| fs::read_link(&looked_at)))
    });
    let (on_disk, link) = looked.await;
    if let Some(to) = link {
        let to = to.map_or_else(|error| error.to_string(), |to| shown(&to));
        return Ok(not(Cause::Link, format!("{} leads to {to}", shown(path))));
    }
    let own = destinations.iter().filter_map(|row| match &row.config {
        DestinationConfig::Folder { path, .. } => Some(PathBuf::from(path)),
        DestinationConfig::S3 { .. }
        | DestinationConfig::Http { .. }
        | DestinationConfig::Lambda { .. } => None,
    });
    if let Some(own) = own.into_iter().find(|own| path.starts_with(own)) {
        let detail = format!("{} is where photos are kept safe", shown(&own));
        return Ok(not(Cause::FolderInsideDestination, detail));
    }
    // The innermost: one watched folder may lie in another.
    let within = rows
        .iter()
        .filter(|folder| path.starts_with(&folder.path))
        .max_by_key(|folder| folder.path.as_os_str().len());
    if scan::is_private(path)
        || (within.is_none_or(|folder| !folder.managed) && path.starts_with(&context.directory))
    {
        let detail = format!("{} is one of imgn's own files", shown(path));
        return Ok(not(Cause::FolderInsideLibrary, detail));
    }
    let Some(folder) = within else {
        return Ok(match on_disk {
            Ok(_) => not(
                Cause::NotWatched,
                format!("{} lies in no watched folder", shown(path)),
            ),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Answer::Unknown,
            Err(error) => not(Cause::FileUnreadable, format!("{}: {error}", shown(path))),
        });
    };
    watched(context, folder, path, on_disk).await
}

async fn watched(
    context: &Context,
    folder: &Folder,
    path: &Path,
    on_disk: io::Result<fs::Metadata>,
) -> Result<Answer, StoreError> {
    let relative = path
        .strip_prefix(&folder.path)
        .unwrap_or(Path::new(""))
        .to_owned();
    // Asked before the rows: they are as they were before the pattern.
    if let Ok(metadata) = &on_disk {
        let patterns = Lines::of(&context.settings.now(), folder).understood();
        let by = if metadata.is_dir() {
            patterns.leaving_out_all(&relative)
        } else {
            patterns.leaving_out(&relative)
        };
        if let Some(by) = by {
            return Ok(Answer::Not(by.reason(path)));
        }
    }
    let id = folder.id;
    let known = context
        .store
        .read(move |db| files::standing(db, id, &relative))
        .await?;
    let here = shown(path);
    if let Ok(metadata) = &on_disk
        && !metadata.is_file()
        && !metadata.is_dir()
    {
        let detail = format!("{here} is a pipe, a socket or a device");
        return Ok(not(Cause::SpecialFile, detail));
    }
    let Some(known) = known else {
        return Ok(match on_disk {
            _ if folder.offline => offline(folder, path),
            Ok(metadata) if metadata.is_dir() => not(
                Cause::NotAPhoto,
                format!("{here} is a folder; its files are watched"),
            ),
            Ok(_) => not(Cause::NotReadYet, format!("{here} was not seen yet")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Answer::Unknown,
            Err(error) => not(Cause::FileUnreadable, format!("{here}: {error}")),
        });
    };
    Ok(match (known, on_disk) {
        (Standing::Photo(photo), _) => {
            let files = context.store.read(move |db| files::sources(db, photo));
            match files.await?.first() {
                Some(first) if first.path != path => {
                    let detail = format!("{here} has the bytes of {}", shown(&first.path));
                    not(Cause::Duplicate, detail)
                }
                _ => Answer::Photo,
            }
        }
        _ if folder.offline => offline(folder, path),
        (Standing::Away, _) => not(
            Cause::DiskAway,
            format!("{here} is on a disk that is not there"),
        ),
        (Standing::Gone, Err(_)) => not(Cause::FileGone, format!("{here} is not there any more")),
        (Standing::Gone, Ok(_)) => not(Cause::NotReadYet, format!("{here} is there again")),
        (_, Err(error)) if error.kind() == io::ErrorKind::NotFound => {
            not(Cause::FileGone, format!("{here} is not there any more"))
        }
        (Standing::New, on_disk) => {
            let resting = on_disk
                .map(|metadata| scan::age(&metadata, clock::now()))
                .is_ok_and(|age| age >= SETTLED_AFTER);
            if resting {
                not(Cause::NotReadYet, format!("{here} is waiting to be read"))
            } else {
                not(
                    Cause::StillBeingWritten,
                    format!("{here} changed a moment ago"),
                )
            }
        }
        (Standing::LeftOut(cause), _) => not(cause, here),
        (Standing::Problem(cause, detail), _) => not(cause, detail),
    })
}

fn offline(folder: &Folder, path: &Path) -> Answer {
    not(
        Cause::FolderOffline,
        format!(
            "{} is in {}, which is not there",
            shown(path),
            shown(&folder.path)
        ),
    )
}

fn not(code: Cause, detail: String) -> Answer {
    Answer::Not(Reason::new(code, detail))
}
