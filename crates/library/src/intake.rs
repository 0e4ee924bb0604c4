//! Drops: what dropping some paths would do, and doing it.
//!
//! A dropped photo is copied into the managed folder, `YYYY/MM/` by when it was taken, unless its
//! bytes are in the library already. From there on it is a file like any other.
//!
//! **Invariant:** a source is only read. A copy appears under its name whole, or not at all.

mod card;
mod copied;
mod copy;
mod foreseen;
mod meant;
mod paste;

pub(crate) use card::take_card;
pub(crate) use copied::Copied;
pub(crate) use copy::clear_unfinished;
pub(crate) use foreseen::{deadline, preview};
pub(crate) use meant::as_on_disk;
pub(crate) use paste::take_picture;

use crate::blocking::blocking;
use crate::context::Context;
use crate::hash;
use crate::path_bytes::shown;
use crate::patterns::Lines;
use crate::reason::of_disk;
use crate::requests::Part;
use crate::scan;
use crate::store::folders::{self, Folder};
use crate::store::photos::PhotoId;
use crate::store::{StoreError, files, jobs, photos};
use crate::view::{Cause, DropPlan, DropReport, Event, FileProblem, FolderPreview, Reason};
use media::{Kind, Metadata};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Progress is told this often.
const TELL: Duration = Duration::from_millis(200);

/// What dropping these files would do, and folders of which `folders_seen` are previews.
pub(crate) async fn plan(
    context: &Context,
    files: Vec<PathBuf>,
    folders_seen: Vec<FolderPreview>,
    deadline: Instant,
) -> Result<DropPlan, StoreError> {
    let mut plan = DropPlan {
        copy: 0,
        already_here: 0,
        folders: folders_seen,
        videos: 0,
        not_photos: 0,
        managed_folder: shown(&context.managed),
    };
    for path in files {
        let looked_at = path.clone();
        match blocking(move || look(&looked_at)).await {
            Looked::Video => plan.videos += 1,
            Looked::NotAPhoto => plan.not_photos += 1,
            Looked::Unreadable(_) => plan.copy += 1,
            // Past the deadline nothing is hashed: the drop itself finds out.
            Looked::Photo { .. } if Instant::now() > deadline => plan.copy += 1,
            Looked::Photo { .. } => {
                match tokio::time::timeout_at(deadline.into(), place(context, &path)).await {
                    Ok(place) => match place? {
                        Place::Watched { .. } | Place::Known(_) => plan.already_here += 1,
                        Place::LeftOut | Place::New => plan.copy += 1,
                    },
                    Err(_) => plan.copy += 1,
                }
            }
        }
    }
    Ok(plan)
}

/// Copies what is not in the library, and moves up what is. Folders among `paths` are copied with
/// all that lies in them, but for what patterns leave out where it lies. One that is named by itself is
/// meant, whatever patterns say.
pub(crate) async fn take_in(
    context: &Context,
    paths: Vec<PathBuf>,
) -> Result<DropReport, StoreError> {
    let mut report = nothing_yet();
    let (files, unlisted) = blocking(move || expand(paths)).await;
    report.failed.extend(unlisted);
    let total = u32::try_from(files.len()).unwrap_or(u32::MAX);
    copied::forget_indexed(context).await?;
    let mut told = Instant::now();
    for (done, (path, came)) in (0..total).zip(files) {
        if told.elapsed() > TELL {
            told = Instant::now();
            context.news.tell(Event::Copying { done, total });
        }
        if let Err(failure) = take_one(context, &path, came, &mut report).await? {
            report.failed.push(FileProblem {
                path: shown(&path),
                reason: failure,
            });
        }
        if context.stop.is_cancelled() {
            break;
        }
    }
    context.news.tell(Event::Copying { done: total, total });
    Ok(report)
}

fn nothing_yet() -> DropReport {
    DropReport {
        copied: 0,
        already_here: 0,
        watched: Vec::new(),
        videos: 0,
        not_photos: 0,
        excluded: 0,
        failed: Vec::new(),
    }
}

/// Whether these bytes were copied just now: the library learns of them only when they are indexed.
async fn is_copied(context: &Context, path: &Path, size: u64) -> bool {
    let copies = context.copied.of_size(size);
    if copies.is_empty() {
        return false;
    }
    let path = path.to_owned();
    let compared = blocking(move || {
        let (seen, _) = scan::seen(&path)?;
        let hashed = hash::file(&path, seen)?;
        let is_this = |(sha256, to): &(_, PathBuf)| {
            matches!(hashed, hash::Hashed::Done(same) if same == *sha256) && to.exists()
        };
        Ok::<_, io::Error>(copies.iter().any(is_this))
    });
    // What is wrong with it is said when it is copied.
    matches!(compared.await, Ok(true))
}

/// Whether these bytes are in the library, or the file lies where it is watched.
enum Place {
    /// It is in a watched folder: only moved up the queue.
    Watched {
        folder: Folder,
        relative: PathBuf,
    },
    /// Its bytes are here already.
    Known(PhotoId),
    /// It is in a watched folder, where a pattern leaves it out.
    LeftOut,
    New,
}

/// How a file came to be dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Came {
    ByItself,
    InAFolder,
}

enum Looked {
    Photo { size: u64 },
    Video,
    NotAPhoto,
    Unreadable(io::Error),
}

/// Blocks.
fn look(path: &Path) -> Looked {
    match Kind::of_file(path) {
        Ok(kind) if kind.is_backed_up() => match fs::symlink_metadata(path) {
            Ok(metadata) => Looked::Photo {
                size: metadata.len(),
            },
            Err(error) => Looked::Unreadable(error),
        },
        Ok(Kind::Video) => Looked::Video,
        Ok(_) => Looked::NotAPhoto,
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Looked::NotAPhoto,
        Err(error) => Looked::Unreadable(error),
    }
}

/// The files that these paths mean, and the folders that cannot be listed. Blocks.
fn expand(paths: Vec<PathBuf>) -> (Vec<(PathBuf, Came)>, Vec<FileProblem>) {
    let (mut files, mut unlisted) = (Vec::new(), Vec::new());
    for path in paths {
        if !path.is_dir() {
            files.push((path, Came::ByItself));
            continue;
        }
        match scan::everything(&path, &[]) {
            Ok(listing) => {
                let mut below: Vec<_> = listing
                    .files
                    .into_paths()
                    .map(|below| path.join(below))
                    .collect();
                below.sort();
                files.extend(below.into_iter().map(|path| (path, Came::InAFolder)));
            }
            Err(error) => unlisted.push(FileProblem {
                path: shown(&path),
                reason: Reason::new(Cause::FileUnreadable, error),
            }),
        }
    }
    (files, unlisted)
}

async fn take_one(
    context: &Context,
    path: &Path,
    came: Came,
    report: &mut DropReport,
) -> Result<Result<(), Reason>, StoreError> {
    let looked_at = path.to_owned();
    let size = match blocking(move || look(&looked_at)).await {
        Looked::Video => {
            report.videos += 1;
            return Ok(Ok(()));
        }
        Looked::NotAPhoto => {
            report.not_photos += 1;
            return Ok(Ok(()));
        }
        Looked::Unreadable(error) => return Ok(Err(reason(&error))),
        Looked::Photo { size } => size,
    };
    match place(context, path).await? {
        Place::Watched { folder, relative } => {
            report.already_here += 1;
            hurry_file(context, &folder, relative, path).await?;
            return Ok(Ok(()));
        }
        Place::Known(photo) => {
            report.already_here += 1;
            hurry(context, photo).await?;
            return Ok(Ok(()));
        }
        Place::LeftOut if came == Came::InAFolder => {
            report.excluded += 1;
            return Ok(Ok(()));
        }
        Place::LeftOut | Place::New => {}
    }
    if is_copied(context, path, size).await {
        report.already_here += 1;
        return Ok(Ok(()));
    }
    copy_in(context, path, size, report).await
}

/// Copies a photo that the library does not have.
async fn copy_in(
    context: &Context,
    path: &Path,
    size: u64,
    report: &mut DropReport,
) -> Result<Result<(), Reason>, StoreError> {
    let metadata = match context.workers.inspect(path).await {
        Ok(inspection) => inspection.metadata,
        // It is filed by its time on disk then.
        Err(error) => {
            tracing::info!(path = %path.display(), %error, "a dropped photo gave no metadata");
            Metadata::default()
        }
    };
    let (managed, from) = (context.managed.clone(), path.to_owned());
    match blocking(move || copy::copy(&managed, &from, size, &metadata)).await {
        Ok((to, sha256)) => {
            report.copied += 1;
            context.copied.add(size, sha256, to.clone());
            context.hints.closed(to.clone());
            context.hints.dropped(to.clone());
            rescan_managed(context, &to).await?;
            Ok(Ok(()))
        }
        Err(error) => Ok(Err(reason(&error))),
    }
}

async fn place(context: &Context, path: &Path) -> Result<Place, StoreError> {
    let path = path.to_owned();
    let path = blocking(move || fs::canonicalize(&path).unwrap_or(path)).await;
    let folders = context.store.read(folders::all).await?;
    let innermost = folders
        .into_iter()
        .filter(|folder| path.starts_with(&folder.path))
        .max_by_key(|folder| folder.path.as_os_str().len());
    let mut otherwise = Place::New;
    if let Some(folder) = innermost
        && let Ok(relative) = path.strip_prefix(&folder.path)
    {
        let patterns = Lines::of(&context.settings.now(), &folder).understood();
        if patterns.leaving_out(relative).is_none() {
            return Ok(Place::Watched {
                relative: relative.to_owned(),
                folder,
            });
        }
        otherwise = Place::LeftOut;
    }
    let known = with_bytes_of(context, path).await?;
    Ok(known.map_or(otherwise, Place::Known))
}

/// The photo that has the bytes of this file, and a file here.
async fn with_bytes_of(context: &Context, path: PathBuf) -> Result<Option<PhotoId>, StoreError> {
    let looked_at = path.clone();
    let Ok((seen, _)) = blocking(move || scan::seen(&looked_at)).await else {
        return Ok(None);
    };
    if !context
        .store
        .read(move |db| photos::any_of_size(db, seen.size))
        .await?
    {
        return Ok(None);
    }
    let hashed = blocking(move || hash::file(&path, seen)).await;
    let Ok(hash::Hashed::Done(sha256)) = hashed else {
        return Ok(None);
    };
    context
        .store
        .read(move |db| {
            let known = photos::by_sha256(db, &sha256)?;
            // A row without a file here is no copy that the person has.
            match known {
                Some(id) if !files::sources(db, id)?.is_empty() => Ok(Some(id)),
                _ => Ok(None),
            }
        })
        .await
}

/// Moves a photo up the queue.
async fn hurry(context: &Context, photo: PhotoId) -> Result<(), StoreError> {
    context
        .store
        .write(move |db| jobs::hurry(db, photo))
        .await?;
    context.bells.upload.notify_one();
    Ok(())
}

async fn hurry_file(
    context: &Context,
    folder: &Folder,
    relative: PathBuf,
    path: &Path,
) -> Result<(), StoreError> {
    let (id, below) = (folder.id, relative.clone());
    let known = context
        .store
        .read(move |db| files::find(db, id, &below))
        .await?;
    match known.and_then(|(_, photo)| photo) {
        Some(photo) => hurry(context, photo).await?,
        None => {
            context.hints.dropped(path.to_owned());
            context.rescan(folder.id, Part::Paths(vec![relative]));
        }
    }
    Ok(())
}

async fn rescan_managed(context: &Context, file: &Path) -> Result<(), StoreError> {
    let folders = context.store.read(folders::all).await?;
    let Some(managed) = folders.into_iter().find(|folder| folder.managed) else {
        return Ok(());
    };
    if let Ok(relative) = file.strip_prefix(&managed.path) {
        context.rescan(managed.id, Part::Paths(vec![relative.to_owned()]));
    }
    Ok(())
}

fn reason(error: &io::Error) -> Reason {
    let cause = match error.kind() {
        io::ErrorKind::NotFound => Cause::FileGone,
        _ => of_disk(error, Cause::FileUnreadable),
    };
    Reason::new(cause, error)
}
