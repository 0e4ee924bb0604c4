//! The destinations: found by their name, listed, tested, given keys, forgotten.

use crate::exit::Exit;
use crate::keys;
use crate::output::{self, Output};
use crate::words::{self, plain};
use library::view::{
    Cause, CommandError, DestinationView, KeyPlace, Secret, ServiceKind, TestReport,
};
use library::{Connection, Result};

/// The destination of this name.
pub(super) async fn named(library: &Connection, name: &str) -> Result<DestinationView> {
    let mut known = library.status().await?.destinations.into_iter();
    known
        .find(|destination| destination.name == name)
        .ok_or_else(|| {
            let detail = format!("there is no destination named {name}");
            CommandError::new(Cause::BadSettings, detail)
        })
}

/// The destination that a word may name; none where it was left out, which means all of them.
pub(super) async fn chosen(library: &Connection, name: Option<&str>) -> Result<Option<i64>> {
    match name {
        Some(name) => Ok(Some(named(library, name).await?.id)),
        None => Ok(None),
    }
}

pub(super) async fn list(library: &Connection, out: Output) -> Result<Exit> {
    let destinations = library.status().await?.destinations;
    out.print(&destinations, |destinations| {
        destinations.iter().for_each(output::destination);
    });
    Ok(Exit::Done)
}

pub(super) async fn test(library: &Connection, name: &str, out: Output) -> Result<Exit> {
    let found = named(library, name).await?;
    let report = library.test_destination(found.config.clone(), None).await?;
    out.print(&report, |report| {
        if report.problem.is_none() {
            reached(&found, report);
        }
    });
    match report.problem {
        None => Ok(Exit::Done),
        Some(reason) => {
            output::error_line(&plain(&words::reason(&reason)));
            Ok(Exit::of(reason.code))
        }
    }
}

fn reached(destination: &DestinationView, report: &TestReport) {
    output::line(&format!(
        "Reached {} in {} ms.",
        plain(&destination.place),
        report.milliseconds
    ));
    if let Some(said) = words::service(report.service).or(words::layout(&destination.config)) {
        output::line(&format!("  {said}"));
    }
    let yes_no = |yes| if yes { "yes" } else { "no" };
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

pub(super) async fn set_keys(
    library: &Connection,
    name: &str,
    descriptor: Option<u32>,
    out: Output,
) -> Result<Exit> {
    let found = named(library, name).await?;
    let Some(wanted) = found.config.secret() else {
        let detail = format!("{name} is a folder, which no key opens");
        return Err(CommandError::new(Cause::BadSettings, detail));
    };
    let keys = match descriptor {
        Some(descriptor) => keys::from_descriptor(descriptor, wanted)?,
        None => keys::ask(wanted)?,
    };
    let destination = library.set_keys(found.id, keys).await?;
    out.print(&destination, output::destination);
    Ok(kept(library, &destination))
}

/// A key that is gone with the process that has it is no use to the next one, which is refused there.
pub(super) fn kept(library: &Connection, destination: &DestinationView) -> Exit {
    let KeyPlace::ThisRun { detail } = &destination.keys else {
        return Exit::Done;
    };
    let variables = match destination.config.secret() {
        Some(Secret::Token) => "IMGN_TOKEN, or by --token-file,",
        Some(Secret::Password) => "IMGN_USER and IMGN_PASSWORD",
        Some(Secret::Key) | None => "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
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
    Exit::Destination
}

pub(super) async fn remove(library: &Connection, name: &str, out: Output) -> Result<Exit> {
    let found = named(library, name).await?;
    library.remove_destination(found.id).await?;
    out.print(&found, |found| {
        output::line(&format!(
            "{} is forgotten. Nothing was deleted there.",
            plain(&found.name)
        ));
    });
    Ok(Exit::Done)
}
