//! Going over what is kept at the destinations.

use super::destinations::chosen;
use super::syncing::interrupted;
use crate::exit::Exit;
use crate::output::{self, Output};
use crate::words::{self, plain};
use library::view::{Event, Verified, VerifyReport, Wrong};
use library::{Connection, Result};

pub(super) async fn verify(
    library: &Connection,
    destination: Option<&str>,
    read_percent: f64,
    out: Output,
) -> Result<Exit> {
    let id = chosen(library, destination).await?;
    let mut events = library.events().await?;
    let checked = library.verify(id, read_percent);
    let interrupted = interrupted();
    tokio::pin!(checked, interrupted);
    let mut asked_to_stop = false;
    let report = loop {
        tokio::select! {
            report = &mut checked => break report,
            event = events.next() => if let Some(Event::Verifying { done, total, .. }) = event? {
                output::progress(&format!(
                    "{} of {} checked",
                    words::grouped(done.into()),
                    words::count(total, "copy", "copies")
                ));
            },
            () = &mut interrupted, if !asked_to_stop => {
                asked_to_stop = true;
                library.stop_verify().await?;
            }
        }
    };
    output::end_progress();
    let report = report?;
    out.print(&report, |report| report.destinations.iter().for_each(said));
    Ok(exit(&report))
}

fn said(one: &Verified) {
    let read = if one.read > 0 {
        format!(
            " · {} read back ({})",
            words::count(one.read, "original", "originals"),
            words::bytes(one.bytes_read)
        )
    } else {
        String::new()
    };
    output::line(&format!(
        "{}: {} of {} right{read} · {} missing · {} damaged",
        plain(&one.name),
        words::grouped(one.right.into()),
        words::count(one.copies, "copy", "copies"),
        words::grouped(one.missing.into()),
        words::grouped(one.damaged.into()),
    ));
    for wrong in &one.wrong {
        let what = match wrong.what {
            Wrong::Missing => "is not there any more",
            Wrong::Damaged => "is damaged there",
        };
        let next = if wrong.goes_up_again {
            "It goes up again with the next sync."
        } else {
            "No file here has its bytes. If you have another copy, put it into a watched folder."
        };
        output::error_line(&format!("  {} {what}. {next}", plain(&wrong.name)));
        output::error_line(&format!(
            "    {}: {}",
            plain(&wrong.key),
            plain(&wrong.detail)
        ));
    }
    let named = u32::try_from(one.wrong.len()).unwrap_or(u32::MAX);
    let more = (one.missing + one.damaged).saturating_sub(named);
    if more > 0 {
        output::error_line(&format!("  and {} more", words::grouped(more.into())));
    }
    if one.derived > 0 {
        output::line(&format!(
            "  {} beside them missing or damaged. The next sync puts them there again.",
            words::count(
                one.derived,
                "sidecar or thumbnail",
                "sidecars or thumbnails"
            )
        ));
    }
    if one.stopped {
        output::error_line("Stopped. The next check begins with what this one did not reach.");
    }
    if let Some(problem) = &one.problem {
        output::trouble(&one.name, problem);
    }
}

fn exit(report: &VerifyReport) -> Exit {
    let problem = report
        .destinations
        .iter()
        .find_map(|one| one.problem.as_ref());
    match problem {
        Some(reason) => Exit::of(reason.code),
        None if report.is_right() && !report.destinations.iter().any(|one| one.stopped) => {
            Exit::Done
        }
        None => Exit::Unfinished,
    }
}
