//! A link to a photo, for somebody else.

use super::destinations::chosen;
use crate::exit::Exit;
use crate::output::{self, Output};
use crate::words::plain;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use library::view::{Cause, CommandError};
use library::{Connection, Result};
use std::ffi::OsStr;

/// Prints the link alone, so that it can be passed on, and beside it what it is.
pub(super) async fn link(
    library: &Connection,
    query: &OsStr,
    destination: Option<&str>,
    seconds: u32,
    out: Output,
) -> Result<Exit> {
    let mut found = library.find(query).await?;
    let photo = match (found.pop(), found.is_empty()) {
        (Some(photo), true) => photo,
        (Some(_), false) => {
            let detail = format!("{} names several photos", query.display());
            return Err(CommandError::new(Cause::BadSettings, detail));
        }
        (None, _) => {
            let detail = format!("nothing in the library is called {}", query.display());
            return Err(CommandError::new(Cause::NotInLibrary, detail));
        }
    };
    let destination = chosen(library, destination).await?;
    let link = library.link(photo.id, destination, seconds).await?;
    out.print(&link, |link| {
        output::line(&link.url);
        output::error_line(&format!(
            "It shows {} to whoever has it and reaches {}, until {}.",
            plain(&link.name),
            plain(&link.destination_name),
            moment(link.until)
        ));
    });
    Ok(Exit::Done)
}

/// `2026-11-26 14:02`, in this machine's zone.
fn moment(milliseconds: i64) -> String {
    match Timestamp::from_millisecond(milliseconds) {
        Ok(at) => TimeZone::system()
            .to_datetime(at)
            .strftime("%Y-%m-%d %H:%M")
            .to_string(),
        Err(_) => "an unknown time".to_owned(),
    }
}
