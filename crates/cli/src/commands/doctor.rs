//! Examining a destination, check by check.

use super::destinations::named;
use crate::exit::Exit;
use crate::output::{self, Output};
use crate::words::doctor as said;
use crate::words::plain;
use library::view::DoctorOutcome;
use library::{Connection, Result};

pub(super) async fn examine(library: &Connection, name: &str, out: Output) -> Result<Exit> {
    let found = named(library, name).await?;
    let report = library.doctor(found.id).await?;
    out.print(&report, |report| {
        output::line(&format!("{}: {}", plain(&found.name), plain(&found.place)));
        for finding in &report.findings {
            let mark = match finding.outcome {
                DoctorOutcome::Fine => "ok     ",
                DoctorOutcome::Note => "note   ",
                DoctorOutcome::Problem => "problem",
                DoctorOutcome::Skipped => "-      ",
            };
            output::line(&format!("  {mark}  {}", plain(&said::finding(finding))));
            if let Some(reason) = &finding.reason
                && !reason.detail.is_empty()
            {
                output::line(&format!("           ({})", plain(&reason.detail)));
            }
        }
    });
    let worst = report
        .findings
        .iter()
        .find(|finding| finding.outcome == DoctorOutcome::Problem);
    // Whatever it is, photos do not get there as they should.
    Ok(if worst.is_some() {
        Exit::Destination
    } else {
        Exit::Done
    })
}
