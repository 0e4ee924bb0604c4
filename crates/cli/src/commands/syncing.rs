//! Bringing photos up: once, as they come, or named ones.

use crate::exit::Exit;
use crate::output;
use crate::words::{self};

use library::view::{Cause, CommandError, DropChoice};
use library::{Library, Result};
use serde::Serialize;
use std::path::PathBuf;

pub(super) async fn sync(library: &Library, json: bool) -> Result<Exit> {
    need_destination(library).await?;
    let report = tokio::select! {
        report = library.sync_once() => report,
        () = interrupted() => {
            library.shutdown().await;
            output::error_line("Stopped. The next sync goes on from here.");
            return Ok(Exit::Unfinished);
        }
    };
    library.shutdown().await;
    let report = report?;
    if json {
        output::json(&report)
    } else {
        output::sync(&report)
    }
    Ok(Exit::of_sync(&report))
}

pub(super) async fn watch(library: &Library, json: bool) -> Result<Exit> {
    need_destination(library).await?;
    let mut events = library.events();
    library.start().await?;
    // One listener throughout: between two, an interrupt would be lost.
    let interrupted = interrupted();
    tokio::pin!(interrupted);
    loop {
        tokio::select! {
            event = events.recv() => match event {
                Ok(event) if json => output::json_line(&event),
                Ok(library::view::Event::Status { status }) => output::line(&format!(
                    "{} safe · {} going up · {} waiting · {} need you",
                    words::count(status.safe, "photo", "photos"), status.going, status.waiting, status.needs_you
                )),
                // Events that were missed are followed by newer ones.
                Ok(_) | Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {}
                Err(tokio::sync::broadcast::error::RecvError::Closed) => break,
            },
            () = &mut interrupted => break,
        }
    }
    library.shutdown().await;
    Ok(Exit::Done)
}

pub(super) async fn upload(library: &Library, files: Vec<PathBuf>, json: bool) -> Result<Exit> {
    need_destination(library).await?;
    library.start().await?;
    let dropped = library.drop_paths(files, DropChoice::Copy).await?;
    let synced = library.sync_once().await;
    library.shutdown().await;
    let mut report = synced?;
    report
        .unfinished
        .splice(0..0, dropped.failed.iter().cloned());
    if json {
        output::json(&UploadReport {
            dropped: &dropped,
            sync: &report,
        });
    } else {
        output::line(&format!(
            "{} copied into the library, {} there already, {} not photos",
            words::grouped(dropped.copied.into()),
            words::grouped(dropped.already_here.into()),
            words::grouped(dropped.not_photos.into())
        ));
        output::sync(&report);
    }
    Ok(Exit::of_sync(&report))
}

#[derive(Serialize)]
struct UploadReport<'a> {
    dropped: &'a library::view::DropReport,
    sync: &'a library::view::SyncReport,
}

/// Ends when the person or the system asks for it.
async fn interrupted() {
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

async fn need_destination(library: &Library) -> Result<()> {
    if library.status().await?.destinations.is_empty() {
        return Err(CommandError {
            code: Cause::NoDestination,
            detail: "photos need a place to go to".into(),
        });
    }
    Ok(())
}
