//! What patterns would take in and leave out, while a person writes them.
//!
//! A folder is listed once and remembered for a while: patterns are tried on names alone, which takes no
//! disk. Of a folder that is not there, the rows say what was in it.
//!
//! **Invariant:** the newest question is the one that is answered; an older one gives way to it.

use crate::admission;
use crate::blocking::blocking;
use crate::context::Context;
use crate::lock::lock;
use crate::path_bytes::shown;
use crate::patterns::{Lines, Patterns};
use crate::scan;
use crate::store::StoreError;
use crate::store::files;
use crate::store::folders::{self, Folder, FolderId};
use crate::view::{LeftOutExample, PatternCounts, PatternPreview};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A list is used for this long.
const FRESH: Duration = Duration::from_secs(60);
/// Examples of each kind.
const EXAMPLES: usize = 6;
/// Names between two looks whether a newer question was asked.
const STRIDE: usize = 1_000;

/// Lists that are remembered, and the number of the newest question.
#[derive(Debug, Default)]
pub(crate) struct Previews {
    newest: AtomicU64,
    lists: Mutex<HashMap<FolderId, Listed>>,
    /// Held while a folder is listed: a newer question waits for its list instead of making another.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug, Clone)]
struct Listed {
    at: Instant,
    names: Arc<Vec<PathBuf>>,
    offline: bool,
}

impl Previews {
    fn begin(&self) -> u64 {
        self.newest.fetch_add(1, Ordering::Relaxed) + 1
    }

    fn is_newest(&self, question: u64) -> bool {
        self.newest.load(Ordering::Relaxed) == question
    }

    /// Lets go of lists that are too old to be used.
    pub(crate) fn forget_old(&self) {
        lock(&self.lists).retain(|_, listed| listed.at.elapsed() < FRESH);
    }

    /// Something changed in the folder.
    pub(crate) fn forget(&self, folder: FolderId) {
        lock(&self.lists).remove(&folder);
    }

    fn remembered(&self, folder: FolderId) -> Option<Listed> {
        self.forget_old();
        lock(&self.lists).get(&folder).cloned()
    }
}

/// What these patterns would do in the watched folder with this path, after those of all folders; without
/// one, in every watched folder, before its own.
pub(crate) async fn of(
    context: &Context,
    folder: Option<&str>,
    written: Lines,
) -> Result<PatternPreview, StoreError> {
    let question = context.previews.begin();
    if let Some((pattern, detail)) = wrong(&written) {
        return Ok(PatternPreview::Wrong { pattern, detail });
    }
    let all = context.store.read(folders::all).await?;
    let settings = context.settings.now();
    let watched = all.iter().filter(|row| !row.managed);
    let mut counts = PatternCounts::default();
    for row in watched {
        let here = shown(&row.path);
        let mut settings = settings.clone();
        match folder {
            Some(asked) if asked != here => continue,
            Some(_) => {
                settings.folder.retain(|rules| rules.path != here);
                settings
                    .photos
                    .include
                    .extend(written.include.iter().cloned());
                settings
                    .photos
                    .exclude
                    .extend(written.exclude.iter().cloned());
            }
            None => {
                settings.photos.include.clone_from(&written.include);
                settings.photos.exclude.clone_from(&written.exclude);
            }
        }
        let patterns = Lines::of(&settings, row).understood();
        let listed = listed(context, &all, row).await?;
        counts.offline += u32::from(listed.offline);
        if !count(&mut counts, &patterns, &listed.names, || {
            context.previews.is_newest(question)
        }) {
            return Ok(PatternPreview::Superseded);
        }
    }
    if context.previews.is_newest(question) {
        Ok(PatternPreview::Seen(counts))
    } else {
        Ok(PatternPreview::Superseded)
    }
}

/// The first line that makes no sense, and why.
fn wrong(written: &Lines) -> Option<(String, String)> {
    let lines = written.include.iter().chain(&written.exclude);
    lines.into_iter().find_map(|line| {
        let alone = Lines {
            exclude: vec![line.clone()],
            ..Lines::default()
        };
        let error = Patterns::new(&alone).err()?;
        Some((line.clone(), error.to_string()))
    })
}

/// Whether it came to the end.
fn count(
    counts: &mut PatternCounts,
    patterns: &Patterns,
    names: &[PathBuf],
    go_on: impl Fn() -> bool,
) -> bool {
    for some in names.chunks(STRIDE) {
        if !go_on() {
            return false;
        }
        for name in some {
            match patterns.leaving_out(name) {
                None => {
                    counts.kept += 1;
                    if counts.kept_examples.len() < EXAMPLES {
                        counts.kept_examples.push(shown(name));
                    }
                }
                Some(by) => {
                    counts.left_out += 1;
                    if counts.left_out_examples.len() < EXAMPLES {
                        counts.left_out_examples.push(LeftOutExample {
                            path: shown(name),
                            pattern: by.pattern().map(str::to_owned),
                        });
                    }
                }
            }
        }
    }
    true
}

async fn listed(context: &Context, all: &[Folder], folder: &Folder) -> Result<Listed, StoreError> {
    let _turn = context.previews.turn.lock().await;
    if let Some(listed) = context.previews.remembered(folder.id) {
        return Ok(listed);
    }
    let (root, left_out) = (
        folder.path.clone(),
        admission::left_out(context, all, &folder.path),
    );
    let looked = blocking(move || scan::everything(&root, &left_out)).await;
    let (mut names, offline) = match looked {
        Ok(listing) => (listing.files.into_paths().collect(), false),
        Err(_) => {
            let id = folder.id;
            let rows = context.store.read(move |db| files::photo_paths(db, id));
            (rows.await?, true)
        }
    };
    names.retain(|name: &PathBuf| scan::has_photo_name(name));
    names.sort_unstable();
    let listed = Listed {
        at: Instant::now(),
        names: Arc::new(names),
        offline,
    };
    lock(&context.previews.lists).insert(folder.id, listed.clone());
    Ok(listed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_newest_question_is_gone_on_with() {
        let previews = Previews::default();
        let first = previews.begin();
        assert!(previews.is_newest(first));
        let second = previews.begin();
        assert!(!previews.is_newest(first));
        assert!(previews.is_newest(second));
    }
}
