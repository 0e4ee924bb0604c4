//! A link to a photo, for somebody else.

use super::destinations::chosen;
use crate::exit::Exit;
use crate::output::{self, Output};
use crate::words::{self, plain};
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
            words::date_and_time(link.until)
        ));
    });
    Ok(Exit::Done)
}
