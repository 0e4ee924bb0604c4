//! What lies in a folder that may be watched or copied.

use crate::path_bytes::shown;
use crate::patterns::Patterns;
use crate::scan;
use crate::view::FolderPreview;
use media::Kind;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A look at what was dropped is cut short after this long.
const PATIENCE: Duration = Duration::from_secs(4);

/// What lies in a folder, counted by content until `deadline`.
pub(crate) fn preview(
    path: &Path,
    left_out: &[PathBuf],
    patterns: &Patterns,
    deadline: Instant,
) -> io::Result<FolderPreview> {
    let (listing, extent) = scan::until(deadline, path, left_out)?;
    let mut preview = FolderPreview {
        path: shown(path),
        photos: 0,
        bytes: 0,
        videos: 0,
        other_files: 0,
        excluded: 0,
        more: extent == scan::Extent::CutShort,
        refused: None,
    };
    for (relative, seen) in listing.files.iter() {
        if Instant::now() > deadline {
            preview.more = true;
            break;
        }
        if patterns.leaving_out(relative).is_some() {
            preview.excluded += 1;
            continue;
        }
        match Kind::of_file(&path.join(relative)) {
            Ok(kind) if kind.is_backed_up() => {
                preview.photos += 1;
                preview.bytes += seen.size;
            }
            Ok(Kind::Video) => preview.videos += 1,
            _ => preview.other_files += 1,
        }
    }
    Ok(preview)
}

/// When a preview that begins now is to be cut short.
pub(crate) fn deadline() -> Instant {
    Instant::now() + PATIENCE
}
