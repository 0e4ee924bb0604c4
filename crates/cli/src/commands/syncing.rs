//! Bringing photos up: once, as they come, or named ones.
//!
//! An owner of the library that ends is no end of a sync: the next round opens the library, or asks the next
//! owner.

use super::open;
use crate::exit::Exit;
use crate::output::{self, Output};
use crate::progress::{self, Progress};
use crate::words;
use library::view::{Cause, CommandError, DropChoice, DropReport, Event, SyncReport};
use library::{Connection, Result};
use serde::Serialize;
use std::path::PathBuf;
use std::time::Duration;

/// Between two tries to have a library that another program has.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

pub(super) async fn sync(directory: Option<PathBuf>, out: Output) -> Result<Exit> {
    let library = open(directory.clone()).await?;
    need_destination(&library).await?;
    if let Some(mistake) = library.settings_in_force().await?.mistake {
        output::error_line(&format!(
            "The settings file is not understood, and what held before holds: {}",
            words::plain(&mistake)
        ));
    }
    let Some(report) = to_the_end(library, directory, out).await? else {
        return Ok(Exit::Unfinished);
    };
    out.print(&report, output::sync);
    Ok(Exit::of_sync(&report))
}

/// Syncs until nothing is left to do. None: the person stopped it, which is said.
async fn to_the_end(
    mut library: Connection,
    directory: Option<PathBuf>,
    out: Output,
) -> Result<Option<SyncReport>> {
    // One listener throughout: between two, an interrupt would be lost.
    let interrupted = interrupted();
    tokio::pin!(interrupted);
    loop {
        let mut progress = Progress::begin(&library, out).await?;
        let ended = tokio::select! {
            ended = progress::during(&mut progress, library.sync_once()) => Some(ended),
            () = &mut interrupted => None,
        };
        drop(progress);
        library.shutdown().await;
        let Some(report) = ended else {
            output::error_line(match library {
                Connection::Own(_) => "Stopped. The next sync goes on from here.",
                Connection::Owner(_) => "The imgn that has the library open goes on by itself.",
            });
            return Ok(None);
        };
        match report? {
            Some(report) => return Ok(Some(report)),
            None => library = open(directory.clone()).await?,
        }
    }
}

pub(super) async fn watch(directory: Option<PathBuf>, out: Output) -> Result<Exit> {
    let interrupted = interrupted();
    tokio::pin!(interrupted);
    let mut told = false;
    loop {
        let opened = tokio::select! {
            opened = open(directory.clone()) => opened,
            () = &mut interrupted => return Ok(Exit::Done),
        };
        let library = match opened {
            // A command may have it for long. Who is to watch for good, such as a service, would be missed.
            Err(error) if error.code == Cause::LibraryInUse => {
                if !told {
                    output::error_line(&format!(
                        "This library is waited for: {}",
                        words::plain(&error.detail)
                    ));
                    told = true;
                }
                tokio::time::sleep(LOOK_AGAIN).await;
                continue;
            }
            opened => opened?,
        };
        need_destination(&library).await?;
        let mut events = library.events().await?;
        library.start().await?;
        if matches!(library, Connection::Owner(_)) {
            output::error_line(
                "Another imgn has this library open and syncs it. This is what it does.",
            );
        }
        loop {
            tokio::select! {
                event = events.next() => match event? {
                    Some(event) => tell(&event, out),
                    None => break,
                },
                () = &mut interrupted => {
                    library.shutdown().await;
                    return Ok(Exit::Done);
                }
            }
        }
    }
}

fn tell(event: &Event, out: Output) {
    match event {
        event if out == Output::Json => output::json_line(event),
        Event::Status { status } => output::line(&format!(
            "{} safe · {} going up · {} waiting · {} need you",
            words::count(status.safe, "photo", "photos"),
            status.going,
            status.waiting,
            status.needs_you
        )),
        Event::Photos { .. }
        | Event::Transfers { .. }
        | Event::Copying { .. }
        | Event::Saving { .. }
        | Event::Settings { .. }
        | Event::Measuring { .. }
        | Event::Verifying { .. } => {}
    }
}

pub(super) async fn upload(
    directory: Option<PathBuf>,
    files: Vec<PathBuf>,
    out: Output,
) -> Result<Exit> {
    let library = open(directory.clone()).await?;
    need_destination(&library).await?;
    library.start().await?;
    let mut progress = Progress::begin(&library, out).await?;
    let copied = library.drop_paths(files, DropChoice::Copy);
    let dropped = progress::during(&mut progress, copied).await?;
    drop(progress);
    let Some(mut report) = to_the_end(library, directory, out).await? else {
        return Ok(Exit::Unfinished);
    };
    report
        .unfinished
        .splice(0..0, dropped.failed.iter().cloned());
    let uploaded = UploadReport {
        dropped: &dropped,
        sync: &report,
    };
    out.print(&uploaded, |_| {
        output::line(&format!(
            "{} copied into the library, {} there already, {} not photos",
            words::grouped(dropped.copied.into()),
            words::grouped(dropped.already_here.into()),
            words::grouped(dropped.not_photos.into())
        ));
        if dropped.videos > 0 {
            output::line(&format!(
                "{} not copied: imgn backs up photos",
                words::count(dropped.videos, "video", "videos")
            ));
        }
        if dropped.excluded > 0 {
            output::line(&format!(
                "{} left out by your patterns",
                words::count(dropped.excluded, "file", "files")
            ));
        }
        output::sync(&report);
    });
    Ok(Exit::of_sync(&report))
}

#[derive(Serialize)]
struct UploadReport<'a> {
    dropped: &'a DropReport,
    sync: &'a SyncReport,
}

/// Ends when the person or the system asks for it.
pub(super) async fn interrupted() {
    let Ok(mut terminate) =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
    else {
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

async fn need_destination(library: &Connection) -> Result<()> {
    if library.status().await?.destinations.is_empty() {
        let detail = "photos need a place to go to";
        return Err(CommandError::new(Cause::NoDestination, detail));
    }
    Ok(())
}
