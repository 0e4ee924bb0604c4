//! Reads folders again and makes the rows agree: requests in, rows of kind 'new' out.
//!
//! Each folder is read by a task of its own: one on a disk that does not answer holds up no other.
//!
//! **Invariant:** rows change only by what lies on the disk that they are of. A folder that is not there
//! is offline, and one of several disks in it that is not in its place is *away*: neither loses a row.

mod disks;

use crate::admission;
use crate::blocking::blocking;
use crate::clock;
use crate::context::Context;
use crate::disk::{self, Disk};
use crate::lock::lock;
use crate::patterns::Lines;
use crate::plan::{Change, Comparison, Scope};
use crate::requests::{Part, ScanRequest};
use crate::scan::{self, Listing};
use crate::store::folders::{self, Folder, FolderId};
use crate::store::photos::PhotoId;
use crate::store::volumes::{self, Volume, VolumeId};
use crate::store::{StoreError, files};
use disks::{Places, recognise};
use rusqlite::Connection;
use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;
use tokio::task::JoinSet;

/// Changes written in one transaction: the first photos of a large folder come up while the rest
/// is still being written.
const CHUNK: usize = 500;

/// Runs until the engine stops.
pub(crate) async fn run(context: &Arc<Context>) {
    let mut running: JoinSet<()> = JoinSet::new();
    loop {
        while let Some(request) = context.requests.take() {
            let context = Arc::clone(context);
            running.spawn(async move { serve(&context, request).await });
        }
        tokio::select! {
            () = context.stop.cancelled() => {
                running.shutdown().await;
                return;
            }
            Some(ended) = running.join_next() => {
                if let Err(error) = ended && !error.is_cancelled() {
                    tracing::error!(%error, "reading a folder ended unexpectedly");
                }
            }
            () = context.bells.scan.notified() => {}
        }
    }
}

async fn serve(context: &Arc<Context>, request: ScanRequest) {
    // However this ends, the folder can be read again.
    let _running = Running {
        context,
        folder: request.folder,
    };
    context.news.status();
    context.previews.forget(request.folder);
    if let Err(error) = read_again(context, &request).await {
        context.requests.push(request);
        context.rest_after(error).await;
    }
}

struct Running<'a> {
    context: &'a Context,
    folder: FolderId,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.context.requests.done(self.folder);
        self.context.bells.scan.notify_one();
        self.context.news.status();
    }
}

async fn read_again(context: &Arc<Context>, request: &ScanRequest) -> Result<(), StoreError> {
    let id = request.folder;
    let folders = context.store.read(folders::all).await?;
    let Some(folder) = folders.iter().find(|folder| folder.id == id).cloned() else {
        return Ok(());
    };
    let left_out = admission::left_out(context, &folders, &folder.path);
    match &request.part {
        Part::Paths(paths) if !folder.offline => {
            read_paths(context, &folder, paths.clone(), left_out).await
        }
        _ => read_everything(context, &folder, left_out).await,
    }
}

async fn read_everything(
    context: &Arc<Context>,
    folder: &Folder,
    left_out: Vec<PathBuf>,
) -> Result<(), StoreError> {
    let begun = Instant::now();
    let root = folder.path.clone();
    let listing = match blocking(move || scan::everything(&root, &left_out)).await {
        Ok(listing) => Arc::new(listing),
        Err(error) => return root_missing(context, folder, &error).await,
    };
    note_unlisted(context, folder, &listing);
    let Some(places) = recognise(context, folder, &listing).await? else {
        return set_offline(context, folder.id).await;
    };
    let compared = Arc::clone(&listing);
    let excluded = excluded(context, folder, &listing);
    let changes = context
        .store
        .read(move |db| compare(&compared, &places, None, &excluded, db));
    let changes = changes.await?;
    let changed: usize = changes.iter().map(|(_, changes)| changes.len()).sum();
    apply(context, folder.id, changes).await?;
    let milliseconds = begun.elapsed().as_secs_f64() * 1_000.0;
    tracing::debug!(path = %folder.path.display(), files = listing.files.len(), changed, milliseconds, "read a folder");
    Ok(())
}

/// Reads some paths alone, unless a disk came, went or was exchanged meanwhile.
async fn read_paths(
    context: &Arc<Context>,
    folder: &Folder,
    paths: Vec<PathBuf>,
    left_out: Vec<PathBuf>,
) -> Result<(), StoreError> {
    let id = folder.id;
    let here = context
        .store
        .read(move |db| volumes::of_folder(db, id))
        .await?;
    let here: Vec<Volume> = here.into_iter().filter(|volume| volume.here).collect();
    let (root, wanted, mounted) = (folder.path.clone(), paths.clone(), here.clone());
    let looked = blocking(move || {
        let mut listing = scan::only(&root, &wanted, &left_out)?;
        for volume in &mounted {
            let disk = disk::of(&root.join(&volume.mount))?;
            listing.disks.insert(volume.mount.clone(), disk);
        }
        Ok::<_, io::Error>(listing)
    });
    let listing = match looked.await {
        Ok(listing) => Arc::new(listing),
        Err(error) => {
            tracing::debug!(path = %folder.path.display(), %error, "a disk in a watched folder is not there");
            context.rescan(id, Part::Everything);
            return Ok(());
        }
    };
    let as_known = |(place, disk): (&PathBuf, &Disk)| {
        here.iter()
            .any(|volume| volume.mount == *place && volume.device == Some(disk.device))
    };
    if folder.root != Some(listing.root) || !listing.disks.iter().all(as_known) {
        context.rescan(id, Part::Everything);
        return Ok(());
    }
    if is_opened_or_closed(context, folder, &paths, &listing) {
        context.rescan(id, Part::Everything);
        return Ok(());
    }
    let places = here
        .into_iter()
        .map(|volume| (volume.mount, volume.id))
        .collect();
    let compared = Arc::clone(&listing);
    let excluded = excluded(context, folder, &listing);
    let changes = context
        .store
        .read(move |db| compare(&compared, &places, Some(&paths), &excluded, db));
    let changes = changes.await?;
    apply(context, id, changes).await
}

/// What of a listing a person leaves out. It tells disks apart all the same.
fn excluded(context: &Context, folder: &Folder, listing: &Listing) -> HashSet<PathBuf> {
    let patterns = Lines::of(&context.settings.now(), folder).understood();
    if patterns.is_empty() {
        return HashSet::new();
    }
    let left_out = |path: &&Path| patterns.leaving_out(path).is_some();
    let paths = listing.files.paths().filter(left_out);
    paths.map(Path::to_owned).collect()
}

/// Where a check of the disk puts what it finds; every disk of this kind has one, for its owner alone.
const LOST_AND_FOUND: &str = "lost+found";

fn unlisted<'a>(folder: &'a Folder, listing: &'a Listing) -> impl Iterator<Item = PathBuf> + 'a {
    let unlisted = listing.unreadable.iter();
    unlisted
        .filter(|path| !path.ends_with(LOST_AND_FOUND))
        .map(|path| folder.path.join(path))
}

/// Whether what was listed alone can be listed by now though it could not, or the other way round.
fn is_opened_or_closed(
    context: &Context,
    folder: &Folder,
    paths: &[PathBuf],
    listing: &Listing,
) -> bool {
    let looked_at: HashSet<PathBuf> = paths.iter().map(|path| folder.path.join(path)).collect();
    let said = lock(&context.unlisted).get(&folder.id).cloned();
    let said: HashSet<PathBuf> = said
        .unwrap_or_default()
        .into_iter()
        .filter(|path| path.ancestors().any(|part| looked_at.contains(part)))
        .collect();
    said != unlisted(folder, listing).collect()
}

fn note_unlisted(context: &Context, folder: &Folder, listing: &Listing) {
    let unlisted: Vec<PathBuf> = unlisted(folder, listing).collect();
    let mut all = lock(&context.unlisted);
    if unlisted.is_empty() {
        all.remove(&folder.id);
    } else {
        all.insert(folder.id, unlisted);
    }
}

/// What differs between the disks and their rows, by volume.
fn compare(
    listing: &Listing,
    places: &Places,
    only: Option<&Vec<PathBuf>>,
    excluded: &HashSet<PathBuf>,
    db: &Connection,
) -> rusqlite::Result<Vec<(VolumeId, Vec<Change>)>> {
    let mut differences = Vec::new();
    for (place, volume) in places {
        // What lies under another disk's mount point cannot be seen.
        let hidden = listing
            .disks
            .keys()
            .filter(|other| *other != place && other.starts_with(place));
        let scope = Scope {
            place: place.clone(),
            unreadable: listing.unreadable.iter().chain(hidden).cloned().collect(),
            only: only.map(|paths| paths.iter().cloned().collect()),
            left_out: excluded.clone(),
        };
        let mut comparison = Comparison::new(&listing.files, &scope);
        let compare = |path: &Path, row| comparison.row(path, row);
        match only {
            None => files::known(db, *volume, compare)?,
            Some(paths) => files::known_under(db, *volume, paths, compare)?,
        }
        differences.push((*volume, comparison.changes()));
    }
    Ok(differences)
}

async fn apply(
    context: &Context,
    id: FolderId,
    changes: Vec<(VolumeId, Vec<Change>)>,
) -> Result<(), StoreError> {
    let now = clock::now();
    for (volume, changes) in &changes {
        for chunk in changes.chunks(CHUNK) {
            let (volume, chunk) = (*volume, chunk.to_vec());
            let touched: Vec<PhotoId> = context
                .store
                .write_reproducible(move |db| match folders::get(db, id)? {
                    Some(_) => files::apply(db, id, volume, &chunk, now),
                    None => Ok(Vec::new()),
                })
                .await?;
            context.news.photos(touched);
            context.bells.index.notify_one();
        }
    }
    if changes.iter().any(|(_, changes)| !changes.is_empty()) {
        context.bells.upload.notify_one();
        context.bells.thumbs.notify_one();
    }
    Ok(())
}

async fn root_missing(
    context: &Context,
    folder: &Folder,
    error: &io::Error,
) -> Result<(), StoreError> {
    // The managed folder is made by the first drop: until then it is no loss.
    if folder.offline || folder.root.is_none() {
        return Ok(());
    }
    tracing::info!(path = %folder.path.display(), %error, "a watched folder is not there");
    set_offline(context, folder.id).await
}

async fn set_offline(context: &Context, id: FolderId) -> Result<(), StoreError> {
    context
        .store
        .write(move |db| folders::set_offline(db, id))
        .await?;
    context.news.status();
    Ok(())
}
