//! Reads folders again and makes the rows agree: requests in, rows of kind 'new' out.
//!
//! Each folder is read by a task of its own: one on a disk that does not answer holds up no other.
//!
//! **Invariant:** a folder whose root is not there, or is not the one it was, is offline and loses
//! no row; nor does a part of it on which a disk was mounted and is not now.

use crate::admission;
use crate::clock;
use crate::context::Context;
use crate::lock::lock;
use crate::plan::{self, Change, Presence, RootSeen, Scope};
use crate::requests::{Part, ScanRequest};
use crate::scan::{self, Listing};
use crate::store::folders::{self, Folder, FolderId};
use crate::store::photos::PhotoId;
use crate::store::{StoreError, files, jobs};
use crate::view::Cause;
use media::Kind;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
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
    let part = if folder.offline {
        Part::Everything
    } else {
        request.part.clone()
    };
    let looked = match look(&folder, &part, &left_out).await {
        Ok(looked) => looked,
        Err(error) => return root_missing(context, &folder, &error).await,
    };
    let root = looked.listing.root;
    if matches!(part, Part::Paths(_)) && folder.root.is_some_and(|before| before != root) {
        context.requests.push(ScanRequest {
            folder: id,
            part: Part::Everything,
        });
        return Ok(());
    }
    if part == Part::Everything {
        note_unlisted(context, &folder, &looked.listing);
    }
    let before = folder.clone();
    let (compared, looked) = context
        .store
        .read(move |db| Ok((compare(&looked, &part, &before, db)?, looked)))
        .await?;
    match compared {
        Compared::Offline => set_offline(context, id).await,
        Compared::Online(changes) => {
            online(context, &folder, &looked).await?;
            apply(context, id, changes).await
        }
    }
}

fn note_unlisted(context: &Context, folder: &Folder, listing: &Listing) {
    let unlisted: Vec<PathBuf> = listing
        .unreadable
        .iter()
        .map(|path| folder.path.join(path))
        .collect();
    let mut all = lock(&context.unlisted);
    if unlisted.is_empty() {
        all.remove(&folder.id);
    } else {
        all.insert(folder.id, unlisted);
    }
}

/// What lies in the folder, and which of the disks mounted below it are not there.
struct Looked {
    listing: Listing,
    unmounted: Vec<PathBuf>,
}

enum Compared {
    Offline,
    Online(Vec<Change>),
}

async fn look(folder: &Folder, part: &Part, left_out: &[PathBuf]) -> io::Result<Looked> {
    let (folder, part, left_out) = (folder.clone(), part.clone(), left_out.to_vec());
    let looked = tokio::task::spawn_blocking(move || {
        let listing = match part {
            Part::Everything => scan::everything(&folder.path, &left_out)?,
            Part::Paths(paths) => scan::only(&folder.path, &paths, &left_out)?,
        };
        let unmounted = scan::unmounted(&folder.path, &folder.mounts);
        Ok(Looked { listing, unmounted })
    });
    looked
        .await
        .unwrap_or_else(|error| Err(io::Error::other(error)))
}

fn compare(
    looked: &Looked,
    part: &Part,
    folder: &Folder,
    db: &rusqlite::Connection,
) -> rusqlite::Result<Compared> {
    let listing = &looked.listing;
    let (known, only) = match part {
        Part::Everything => (files::known(db, folder.id)?, None),
        Part::Paths(paths) => (
            files::known_under(db, folder.id, paths)?,
            Some(paths.clone()),
        ),
    };
    if only.is_none() {
        let present = || known.iter().filter(|(_, row)| !row.gone);
        let root = RootSeen {
            known: present().count(),
            known_found: present()
                .filter(|(path, _)| listing.files.contains_key(*path))
                .count(),
            new_photos: listing
                .files
                .keys()
                .filter(|path| !known.contains_key(*path) && has_photo_name(path))
                .count(),
        };
        if plan::presence(root) == Presence::Offline {
            return Ok(Compared::Offline);
        }
    }
    let unreadable = listing
        .unreadable
        .iter()
        .chain(&looked.unmounted)
        .cloned()
        .collect();
    let scope = Scope { unreadable, only };
    Ok(Compared::Online(plan::changes(
        &listing.files,
        &known,
        &scope,
    )))
}

fn has_photo_name(path: &Path) -> bool {
    // No picture begins like this: what remains is what the name says.
    Kind::of(b"?", path.file_name().unwrap_or_default()) == Kind::Unreadable
}

/// Notes that the folder is there, if that is news.
async fn online(context: &Context, folder: &Folder, looked: &Looked) -> Result<(), StoreError> {
    let root = looked.listing.root;
    let mounts: BTreeSet<PathBuf> = folder
        .mounts
        .iter()
        .chain(&looked.listing.mounts)
        .cloned()
        .collect();
    let mounts: Vec<PathBuf> = mounts.into_iter().collect();
    if !folder.offline && folder.root == Some(root) && folder.mounts == mounts {
        return Ok(());
    }
    let (id, was_offline) = (folder.id, folder.offline);
    context
        .store
        .write(move |db| {
            folders::set_online(db, id, root, &mounts)?;
            if was_offline {
                jobs::retry_cause(db, Cause::FolderOffline)
            } else {
                Ok(())
            }
        })
        .await?;
    context.bells.index.notify_one();
    context.bells.upload.notify_one();
    context.bells.thumbs.notify_one();
    Ok(())
}

async fn apply(context: &Context, id: FolderId, changes: Vec<Change>) -> Result<(), StoreError> {
    let now = clock::now();
    for chunk in changes.chunks(CHUNK) {
        let chunk = chunk.to_vec();
        let touched: Vec<PhotoId> = context
            .store
            .write(move |db| match folders::get(db, id)? {
                Some(_) => files::apply(db, id, &chunk, now),
                None => Ok(Vec::new()),
            })
            .await?;
        context.news.photos(touched);
        context.bells.index.notify_one();
    }
    if !changes.is_empty() {
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
