//! Photos of the library, and single files.

use super::worker;
use crate::exit::Exit;
use crate::output::{self, Output};
use crate::words::{self, plain};
use library::view::{Cause, PhotoDetail, PhotoState, ProofView, Reason};
use library::{Connection, Result, inspect};
use serde::Serialize;
use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;

pub(super) async fn list(library: &Connection, out: Output) -> Result<Exit> {
    let photos = library.list().await?;
    let listed: Vec<_> = photos.iter().map(listed).collect();
    out.print(&listed, |_| photos.iter().for_each(output::photo_line));
    Ok(Exit::Done)
}

/// One photo of `list --json`: a contract with scripts.
#[derive(Serialize)]
struct ListedPhoto<'a> {
    path: Option<&'a str>,
    key: Option<&'a str>,
    sha256: Option<&'a str>,
    size: Option<u64>,
    #[serde(rename = "type")]
    media_type: &'a str,
    taken_at: Option<&'a str>,
    state: PhotoState,
    reason: Option<&'a Reason>,
    destinations: Vec<ListedCopy<'a>>,
}

#[derive(Serialize)]
struct ListedCopy<'a> {
    name: &'a str,
    key: Option<&'a str>,
    state: PhotoState,
    proof: Option<&'a ProofView>,
}

fn listed(photo: &PhotoDetail) -> ListedPhoto<'_> {
    ListedPhoto {
        path: photo.files.first().map(String::as_str),
        key: photo.copies.iter().find_map(|copy| copy.key.as_deref()),
        sha256: photo.sha256.as_deref(),
        size: photo.size,
        media_type: &photo.media_type,
        taken_at: photo.taken_at.as_deref(),
        state: photo.state,
        reason: photo.copies.iter().find_map(|copy| copy.reason.as_ref()),
        destinations: photo
            .copies
            .iter()
            .map(|copy| ListedCopy {
                name: &copy.destination_name,
                key: copy.key.as_deref(),
                state: copy.state,
                proof: copy.proof.as_ref(),
            })
            .collect(),
    }
}

pub(super) async fn show(library: &Connection, query: &OsStr, out: Output) -> Result<Exit> {
    // A link is asked for itself: what it leads to has an answer of its own.
    let found = if Path::new(query).is_symlink() {
        Vec::new()
    } else {
        library.find(query).await?
    };
    if found.is_empty() {
        let answer = library.why(Path::new(query)).await?;
        out.print(&[answer], |[answer]| {
            output::line(&plain(&answer.path));
            output::line(&format!(
                "  not backed up: {}",
                plain(&words::reason(&answer.reason))
            ));
        });
        return Ok(Exit::Done);
    }
    out.print(&found, |found| found.iter().for_each(output::photo));
    if out == Output::Json {
        return Ok(Exit::Done);
    }
    // Named by the path of a twin, the photo goes up from another file.
    match library.why(Path::new(query)).await {
        Ok(twin) if twin.reason.code == Cause::Duplicate => {
            output::line(&format!("  {}", plain(&words::reason(&twin.reason))));
        }
        Ok(_) => {}
        Err(error) if error.code == Cause::NotInLibrary => {}
        Err(error) => return Err(error),
    }
    Ok(Exit::Done)
}

pub(super) async fn inspect_file(file: &Path) -> Result<Exit> {
    let sidecar = inspect::sidecar(file, worker()?).await?;
    output::line(&sidecar.to_json());
    Ok(Exit::Done)
}

pub(super) async fn thumbnail(file: &Path, to: &Path, size: u32, out: Output) -> Result<Exit> {
    let thumbnail = inspect::thumbnail(file, size, worker()?).await?;
    // Never over a file that is there: it may be a photo.
    let written =
        std::fs::File::create_new(to).and_then(|mut file| file.write_all(&thumbnail.webp));
    written.map_err(|error| super::unwritable(to, &error))?;
    let (width, height) = (thumbnail.width, thumbnail.height);
    let written = serde_json::json!({
        "out": to.display().to_string(), "width": width, "height": height,
    });
    out.print(&written, |_| output::line(&format!("{width} × {height}")));
    Ok(Exit::Done)
}
