//! Drops: what dropping some paths would do, and doing it.
//!
//! A dropped photo is copied into the managed folder, `YYYY/MM/` by when it was taken, unless its
//! bytes are in the library already. From there on it is a file like any other.
//!
//! **Invariant:** a source is only read. A copy appears under its name whole, or not at all.

use crate::clock;
use crate::context::Context;
use crate::hash;
use crate::path_bytes::{from_bytes, shown, to_bytes};
use crate::requests::Part;
use crate::scan;
use crate::store::folders::{self, Folder};
use crate::store::photos::PhotoId;
use crate::store::{StoreError, files, jobs, photos};
use crate::view::{Cause, DropPlan, DropReport, Event, FileProblem, FolderPreview, Reason};
use crate::when::when as place_in_time;
use media::{Kind, Metadata};
use remote::Sha256;
use rustix::fs::{CWD, RenameFlags};
use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, FileTimes};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A look at what was dropped is cut short after this long.
const PATIENCE: Duration = Duration::from_secs(4);
/// Room that is left on the disk, bytes.
const SPARE: u64 = 64 << 20;
/// Where copies are made, under names of our own, in the managed folder.
const SCRATCH: &str = ".imgn/tmp";
const PREFIX: &str = "drop-";
/// Bytes of a file's name, on every common file system.
const LONGEST_NAME: usize = 255;
/// Progress is told this often.
const TELL: Duration = Duration::from_millis(200);

/// What lies in a folder, counted by content until `deadline`.
pub(crate) fn preview(
    path: &Path,
    left_out: &[PathBuf],
    deadline: Instant,
) -> io::Result<FolderPreview> {
    let listing = scan::everything(path, left_out)?;
    let mut preview = FolderPreview {
        path: shown(path),
        photos: 0,
        bytes: 0,
        videos: 0,
        other_files: 0,
        more: false,
        refused: None,
    };
    for (relative, seen) in &listing.files {
        if Instant::now() > deadline {
            preview.more = true;
            break;
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

/// The files that dropped paths mean. A desktop may hand on a name that is no UTF-8 with its odd
/// bytes replaced: then the one file in its folder that would be written so is meant.
pub(crate) fn as_on_disk(paths: Vec<PathBuf>) -> Vec<PathBuf> {
    paths
        .into_iter()
        .map(|path| find_lossy(&path).unwrap_or(path))
        .collect()
}

fn find_lossy(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    if !name.contains(char::REPLACEMENT_CHARACTER) || path.symlink_metadata().is_ok() {
        return None;
    }
    let entries = fs::read_dir(path.parent()?).ok()?.flatten();
    let mut same = entries.filter(|entry| entry.file_name().to_string_lossy() == name);
    let found = same.next()?.path();
    same.next().is_none().then_some(found)
}

/// What dropping these paths would do. `folders_seen` are previews of those that are folders.
pub(crate) async fn plan(
    context: &Context,
    paths: Vec<PathBuf>,
    folders_seen: Vec<FolderPreview>,
) -> Result<DropPlan, StoreError> {
    let mut plan = DropPlan {
        copy: 0,
        already_here: 0,
        folders: folders_seen,
        not_photos: 0,
        managed_folder: shown(&context.managed),
    };
    let deadline = deadline();
    for path in paths.into_iter().filter(|path| !path.is_dir()) {
        match look(&path) {
            Looked::NotAPhoto => plan.not_photos += 1,
            Looked::Unreadable(_) => plan.copy += 1,
            // Past the deadline nothing is hashed: the drop itself finds out.
            Looked::Photo { .. } if Instant::now() > deadline => plan.copy += 1,
            Looked::Photo { .. } => match place(context, &path).await? {
                Place::Watched { .. } | Place::Known(_) => plan.already_here += 1,
                Place::New => plan.copy += 1,
            },
        }
    }
    Ok(plan)
}

/// Copies what is not in the library, and moves up what is. Folders among `paths` are copied with
/// all that lies in them.
pub(crate) async fn take_in(
    context: &Context,
    paths: Vec<PathBuf>,
) -> Result<DropReport, StoreError> {
    let mut report = DropReport {
        copied: 0,
        already_here: 0,
        watched: Vec::new(),
        not_photos: 0,
        failed: Vec::new(),
    };
    let files = expand(paths, &mut report);
    let total = u32::try_from(files.len()).unwrap_or(u32::MAX);
    let mut told = Instant::now();
    let mut copied = Copied::default();
    for (done, path) in (0..total).zip(files) {
        if told.elapsed() > TELL {
            told = Instant::now();
            context.news.tell(Event::Copying { done, total });
        }
        if let Err(failure) = take_one(context, &path, &mut copied, &mut report).await? {
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

/// What this drop has copied so far: the library learns of it only when it is indexed.
#[derive(Default)]
struct Copied {
    by_size: HashMap<u64, Vec<Sha256>>,
}

impl Copied {
    async fn has(&self, path: &Path, size: u64) -> bool {
        let Some(known) = self.by_size.get(&size) else {
            return false;
        };
        let path = path.to_owned();
        let hashed = tokio::task::spawn_blocking(move || {
            let (seen, _) = scan::seen(&path)?;
            hash::file(&path, seen)
        });
        match hashed.await {
            Ok(Ok(hash::Hashed::Done(sha256))) => known.contains(&sha256),
            // Copying says what is wrong with it.
            _ => false,
        }
    }
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
    New,
}

enum Looked {
    Photo { size: u64 },
    NotAPhoto,
    Unreadable(io::Error),
}

fn look(path: &Path) -> Looked {
    match Kind::of_file(path) {
        Ok(kind) if kind.is_backed_up() => match fs::symlink_metadata(path) {
            Ok(metadata) => Looked::Photo {
                size: metadata.len(),
            },
            Err(error) => Looked::Unreadable(error),
        },
        Ok(_) => Looked::NotAPhoto,
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Looked::NotAPhoto,
        Err(error) => Looked::Unreadable(error),
    }
}

fn expand(paths: Vec<PathBuf>, report: &mut DropReport) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path);
            continue;
        }
        match scan::everything(&path, &[]) {
            Ok(listing) => {
                let mut below: Vec<_> = listing
                    .files
                    .into_keys()
                    .map(|below| path.join(below))
                    .collect();
                below.sort();
                files.extend(below);
            }
            Err(error) => report.failed.push(FileProblem {
                path: shown(&path),
                reason: Reason::new(Cause::FileUnreadable, error),
            }),
        }
    }
    files
}

async fn take_one(
    context: &Context,
    path: &Path,
    copied: &mut Copied,
    report: &mut DropReport,
) -> Result<Result<(), Reason>, StoreError> {
    let size = match look(path) {
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
            context
                .store
                .write(move |db| jobs::hurry(db, photo))
                .await?;
            context.bells.upload.notify_one();
            return Ok(Ok(()));
        }
        Place::New => {}
    }
    if copied.has(path, size).await {
        report.already_here += 1;
        return Ok(Ok(()));
    }
    let metadata = match context.workers.inspect(path).await {
        Ok(inspection) => inspection.metadata,
        // It is filed by its time on disk then.
        Err(error) => {
            tracing::info!(path = %path.display(), %error, "a dropped photo gave no metadata");
            Metadata::default()
        }
    };
    let (managed, from) = (context.managed.clone(), path.to_owned());
    let copy = tokio::task::spawn_blocking(move || copy(&managed, &from, size, &metadata)).await;
    match copy {
        Ok(Ok((to, sha256))) => {
            report.copied += 1;
            copied.by_size.entry(size).or_default().push(sha256);
            context.hints.closed(to.clone());
            context.hints.dropped(to.clone());
            rescan_managed(context, &to).await?;
            Ok(Ok(()))
        }
        Ok(Err(error)) => Ok(Err(reason(&error))),
        Err(error) => Ok(Err(Reason::new(Cause::Internal, error))),
    }
}

async fn place(context: &Context, path: &Path) -> Result<Place, StoreError> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folders = context.store.read(folders::all).await?;
    let innermost = folders
        .into_iter()
        .filter(|folder| path.starts_with(&folder.path))
        .max_by_key(|folder| folder.path.as_os_str().len());
    if let Some(folder) = innermost
        && let Ok(relative) = path.strip_prefix(&folder.path)
    {
        return Ok(Place::Watched {
            relative: relative.to_owned(),
            folder,
        });
    }
    let Ok((seen, _)) = scan::seen(&path) else {
        return Ok(Place::New);
    };
    if !context
        .store
        .read(move |db| photos::any_of_size(db, seen.size))
        .await?
    {
        return Ok(Place::New);
    }
    let hashed = tokio::task::spawn_blocking(move || hash::file(&path, seen)).await;
    let Ok(Ok(hash::Hashed::Done(sha256))) = hashed else {
        return Ok(Place::New);
    };
    let known = context
        .store
        .read(move |db| {
            let known = photos::by_sha256(db, &sha256)?;
            // A row without a file here is no copy that the person has.
            match known {
                Some(id) if !files::sources(db, id)?.is_empty() => Ok(Some(id)),
                _ => Ok(None),
            }
        })
        .await?;
    Ok(known.map_or(Place::New, Place::Known))
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
        Some(photo) => {
            context
                .store
                .write(move |db| jobs::hurry(db, photo))
                .await?;
            context.bells.upload.notify_one();
        }
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

/// Clears away copies that a stop left unfinished.
pub(crate) fn clear_unfinished(managed: &Path) {
    let Ok(entries) = fs::read_dir(managed.join(SCRATCH)) else {
        return;
    };
    for entry in entries.flatten() {
        if entry
            .file_name()
            .as_encoded_bytes()
            .starts_with(PREFIX.as_bytes())
            && let Err(error) = fs::remove_file(entry.path())
        {
            tracing::warn!(path = %entry.path().display(), %error, "cannot remove an unfinished copy");
        }
    }
}

/// Copies `from` into the managed folder; returns where it is now, and what it is.
fn copy(
    managed: &Path,
    from: &Path,
    size: u64,
    metadata: &Metadata,
) -> io::Result<(PathBuf, Sha256)> {
    let scratch = managed.join(SCRATCH);
    fs::create_dir_all(&scratch)?;
    check_room(&scratch, size)?;
    let (seen, source) = scan::seen(from)?;
    let temporary = tempfile::Builder::new()
        .prefix(PREFIX)
        .tempfile_in(&scratch)?;
    // A reflink where the file system has them.
    fs::copy(from, temporary.path())?;
    let sha256 = match hash::file(from, seen)? {
        hash::Hashed::Done(sha256) => sha256,
        hash::Hashed::Changed => {
            return Err(io::Error::other("it changed while it was being copied"));
        }
    };
    finish_copy(temporary.path(), &sha256, &source)?;
    let when = place_in_time(metadata, seen.mtime_ms(), clock::now());
    let folder = match when.month.split_once('-') {
        Some((year, month)) => managed.join(year).join(month),
        None => managed.join("undated"),
    };
    fs::create_dir_all(&folder)?;
    let to = move_to_free_name(
        temporary.path(),
        &folder,
        from.file_name().unwrap_or(OsStr::new("photo")),
    )?;
    // The temporary's name is gone with the rename: there is nothing left to remove.
    temporary
        .into_temp_path()
        .keep()
        .map_err(|error| error.error)?;
    for directory in to
        .ancestors()
        .skip(1)
        .take_while(|directory| directory.starts_with(managed))
    {
        File::open(directory)?.sync_all()?;
    }
    Ok((to, sha256))
}

/// Makes sure that the copy is whole and on the disk.
fn finish_copy(copy: &Path, sha256: &Sha256, source: &fs::Metadata) -> io::Result<()> {
    let file = File::open(copy)?;
    if hash::reader(&mut &file)? != *sha256 {
        return Err(io::Error::other("the copy is not the same as the photo"));
    }
    file.set_times(FileTimes::new().set_modified(source.modified()?))?;
    file.sync_all()
}

fn check_room(folder: &Path, size: u64) -> io::Result<()> {
    let disk = rustix::fs::statvfs(folder)?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if free < size.saturating_add(SPARE) {
        return Err(io::Error::from(io::ErrorKind::StorageFull));
    }
    Ok(())
}

/// Renames without ever replacing: `name`, `name (2)`, `name (3)`, …
fn move_to_free_name(temporary: &Path, folder: &Path, name: &OsStr) -> io::Result<PathBuf> {
    for number in 1..10_000_u32 {
        let to = folder.join(numbered(name, number));
        match rustix::fs::renameat_with(CWD, temporary, CWD, &to, RenameFlags::NOREPLACE) {
            Ok(()) => return Ok(to),
            Err(rustix::io::Errno::EXIST) => {}
            // A file system without such a rename: a link cannot replace either.
            Err(
                rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS | rustix::io::Errno::NOTSUP,
            ) => match fs::hard_link(temporary, &to) {
                Ok(()) => {
                    fs::remove_file(temporary)?;
                    return Ok(to);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            },
            Err(error) => return Err(error.into()),
        }
    }
    Err(io::Error::from(io::ErrorKind::AlreadyExists))
}

/// `name (2).jpg`, its stem cut where the whole would be too long for a file system.
fn numbered(name: &OsStr, number: u32) -> OsString {
    if number == 1 {
        return name.to_owned();
    }
    let path = Path::new(name);
    let mut suffix = OsString::from(format!(" ({number})"));
    if let Some(extension) = path.extension() {
        suffix.push(".");
        suffix.push(extension);
    }
    let stem = to_bytes(Path::new(path.file_stem().unwrap_or(name)));
    let mut end = stem.len().min(LONGEST_NAME.saturating_sub(suffix.len()));
    // Not within a character, where it is UTF-8.
    while end > 0 && end < stem.len() && stem[end] & 0b1100_0000 == 0b1000_0000 {
        end -= 1;
    }
    let mut numbered = from_bytes(stem[..end].to_vec()).into_os_string();
    numbered.push(suffix);
    numbered
}

fn reason(error: &io::Error) -> Reason {
    let cause = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Cause::DiskFull,
        io::ErrorKind::NotFound => Cause::FileGone,
        _ => Cause::FileUnreadable,
    };
    Reason::new(cause, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_filed_by_date_and_never_replaces() {
        let home = tempfile::tempdir().unwrap();
        let (managed, from) = (home.path().join("imgn"), home.path().join("IMG_1.jpg"));
        let metadata = Metadata {
            taken_at: Some("2019-06-01T12:30:00".parse().unwrap()),
            ..Metadata::default()
        };
        fs::write(&from, "first").unwrap();
        let (first, _) = copy(&managed, &from, 5, &metadata).unwrap();
        fs::write(&from, "other").unwrap();
        let (second, _) = copy(&managed, &from, 5, &metadata).unwrap();
        assert_eq!(first, managed.join("2019/06/IMG_1.jpg"));
        assert_eq!(second, managed.join("2019/06/IMG_1 (2).jpg"));
        assert_eq!(fs::read(&first).unwrap(), b"first");
        assert_eq!(fs::read(&second).unwrap(), b"other");
        assert_eq!(
            fs::metadata(&second).unwrap().modified().unwrap(),
            fs::metadata(&from).unwrap().modified().unwrap()
        );
        assert_eq!(fs::read_dir(managed.join(".imgn/tmp")).unwrap().count(), 0);
    }

    #[test]
    fn a_name_with_replaced_bytes_finds_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let odd = folder.path().join(from_bytes(b"odd-\xff.jpg".to_vec()));
        fs::write(&odd, "x").unwrap();
        let handed_on = folder.path().join("odd-\u{fffd}.jpg");
        assert_eq!(as_on_disk(vec![handed_on.clone()]), [odd]);
        fs::write(
            folder.path().join(from_bytes(b"odd-\xfe.jpg".to_vec())),
            "y",
        )
        .unwrap();
        assert_eq!(
            as_on_disk(vec![handed_on.clone()]),
            [handed_on],
            "which one is meant is not known"
        );
    }

    #[test]
    fn names_are_numbered_before_their_extension() {
        let cases = [
            ("a.jpg", 1, "a.jpg"),
            ("a.jpg", 2, "a (2).jpg"),
            ("noext", 3, "noext (3)"),
        ];
        for (name, number, expected) in cases {
            assert_eq!(numbered(OsStr::new(name), number), expected);
        }
        let long = format!("{}.jpg", "ü".repeat(125));
        let second = numbered(OsStr::new(&long), 2);
        assert!(second.len() <= LONGEST_NAME && second.to_str().unwrap().ends_with("ü (2).jpg"));
    }
}
