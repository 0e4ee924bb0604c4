//! Knowing a library again, and bringing its photos back.

use super::absolute;
use super::destinations::{chosen, named};
use super::syncing::interrupted;
use crate::exit::Exit;
use crate::output::{self, Output};
use crate::words::{self, plain};
use library::view::{RebuildReport, RestoreReport, Stage, Status};
use library::{Connection, Result};
use std::io::IsTerminal;
use std::path::Path;
use std::time::Duration;

/// Between two looks at how far it is.
const LOOK: Duration = Duration::from_secs(1);

pub(super) async fn rebuild(library: &Connection, from: &str, out: Output) -> Result<Exit> {
    let destination = named(library, from).await?.id;
    let work = library.rebuild(destination);
    let Some(report) = watched(library, work, rebuild_progress).await else {
        return Ok(stopped("The next rebuild goes on from here."));
    };
    let report = report?;
    out.print(&report, rebuilt);
    Ok(Exit::Done)
}

pub(super) async fn restore(
    library: &Connection,
    to: &Path,
    from: Option<&str>,
    out: Output,
) -> Result<Exit> {
    let from = chosen(library, from).await?;
    let to = absolute(to.to_owned());
    let work = library.restore(from, &to);
    let Some(report) = watched(library, work, restore_progress).await else {
        return Ok(stopped("The next restore goes on from here."));
    };
    let report = report?;
    out.print(&report, restored);
    for stuck in &report.stuck_destinations {
        output::trouble(&stuck.name, &stuck.reason);
    }
    for problem in &report.problems {
        output::trouble(&problem.path, &problem.reason);
    }
    Ok(Exit::of_restore(&report))
}

fn rebuilt(report: &RebuildReport) {
    output::line(&format!(
        "{} in {} · {} known by their sidecars now, {} by name only · {} fetched",
        words::count(report.photos, "photo", "photos"),
        plain(&report.destination),
        words::grouped(report.known.into()),
        words::grouped(report.by_name.into()),
        words::count(report.thumbnails, "thumbnail", "thumbnails"),
    ));
}

fn restored(report: &RestoreReport) {
    output::line(&format!(
        "{} of {} restored into {} · {} · {} there already",
        words::grouped(report.restored.into()),
        words::count(report.photos, "photo", "photos"),
        plain(&report.folder),
        words::bytes(report.bytes),
        words::grouped(report.already_there.into()),
    ));
}

fn stopped(what_now: &str) -> Exit {
    output::error_line(&format!("Stopped. {what_now}"));
    Exit::Unfinished
}

/// Does `work`, telling a person at a terminal how far it is; none when they interrupt it.
async fn watched<T>(
    library: &Connection,
    work: impl Future<Output = Result<T>>,
    progress: fn(&Status) -> Option<String>,
) -> Option<Result<T>> {
    let tell = async {
        let told = std::io::stderr().is_terminal();
        let mut before = None;
        loop {
            tokio::time::sleep(LOOK).await;
            if !told {
                continue;
            }
            // What cannot be told now may be at the next look.
            let now = library.status().await.ok().as_ref().and_then(progress);
            if now != before
                && let Some(line) = &now
            {
                output::error_line(line);
            }
            before = now;
        }
    };
    tokio::select! {
        done = work => Some(done),
        () = tell => None,
        () = interrupted() => None,
    }
}

fn rebuild_progress(status: &Status) -> Option<String> {
    let rebuild = status.rebuild.as_ref()?;
    Some(match rebuild.stage {
        Stage::Listing => format!(
            "{} listed",
            words::count(status.online_only, "photo", "photos")
        ),
        _ => format!(
            "{} of {}",
            words::grouped(rebuild.done.into()),
            words::count(rebuild.total, "photo", "photos")
        ),
    })
}

fn restore_progress(status: &Status) -> Option<String> {
    let restore = status.restore.as_ref()?;
    Some(match restore.stage {
        Stage::Listing => "Listing".to_owned(),
        _ => format!(
            "{} of {} · {} of {}",
            words::grouped(restore.done.into()),
            words::count(restore.total, "photo", "photos"),
            words::bytes(restore.bytes_done),
            words::bytes(restore.bytes)
        ),
    })
}
