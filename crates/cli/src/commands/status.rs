//! How the library stands.

use crate::exit::Exit;
use crate::output::{self, Output};
use library::view::{Problem, Status};
use library::{Connection, Result};
use serde::Serialize;

/// `status --json`.
#[derive(Serialize)]
struct StatusReport {
    #[serde(flatten)]
    status: Status,
    /// Photos and files that are not backed up, by cause.
    problems: Vec<Problem>,
}

pub(super) async fn status(library: &Connection, out: Output) -> Result<Exit> {
    let status = library.status().await?;
    // What stands in the way of all is said beside its folder or destination; what is wrong with this machine has none.
    let mut problems = library.activity().await?.problems;
    problems.retain(|problem| {
        let of_place = problem.destination.is_some() || problem.folder.is_some();
        !problem.examples.is_empty() || !of_place
    });
    out.print(&StatusReport { status, problems }, |report| {
        output::status(&report.status, &report.problems);
    });
    Ok(Exit::Done)
}
