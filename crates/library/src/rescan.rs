//! Reads folders again and makes the rows agree: requests in, rows of kind 'new' out.
//!
//! **Invariant:** a folder whose root is not there, or is not the one it was, is offline and loses
//! no row.

use crate::admission;
use crate::clock;
use crate::context::{Context, Part, ScanRequest};
use crate::plan::{self, Change, Presence, Scope};
use crate::scan::{self, Listing};
use crate::store::folders::{self, Folder, FolderId};
use crate::store::photos::PhotoId;
use crate::store::{StoreError, files, jobs};
use crate::view::Cause;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// Changes written in one transaction: the first photos of a large folder come up while the rest
/// is still being written.
const CHUNK: usize = 500;

/// Runs until the engine stops.
pub(crate) async fn run(context: &Arc<Context>) {
    loop {
        while let Some(request) = context.requests.take() {
            context.news.status();
            let result = read_again(context, &request).await;
            context.requests.set_running(None);
            context.news.status();
            if let Err(error) = result {
                context.requests.push(request);
                if !context.rest_after(error).await {
                    return;
                }
            }
            if context.stop.is_cancelled() {
                return;
            }
        }
        tokio::select! {
            () = context.stop.cancelled() => return,
            () = context.bells.scan.notified() => {}
        }
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
    let listing = match list(&folder, &part, &left_out).await {
        Ok(listing) => listing,
        Err(error) => return root_missing(context, &folder, &error).await,
    };
    if matches!(part, Part::Paths(_)) && folder.root.is_some_and(|root| root != listing.root) {
        context.requests.push(ScanRequest {
            folder: id,
            part: Part::Everything,
        });
        return Ok(());
    }
    let compared = context
        .store
        .read(move |db| compare(&listing, &part, id, folder.root, db))
        .await?;
    match compared {
        Compared::Offline => set_offline(context, id).await,
        Compared::Online { root, changes } => {
            apply(context, id, root, folder.offline, changes).await
        }
    }
}

enum Compared {
    Offline,
    Online {
        root: (u64, u64),
        changes: Vec<Change>,
    },
}

fn compare(
    listing: &Listing,
    part: &Part,
    id: FolderId,
    root_before: Option<(u64, u64)>,
    db: &rusqlite::Connection,
) -> rusqlite::Result<Compared> {
    let (known, only) = match part {
        Part::Everything => (files::known(db, id)?, None),
        Part::Paths(paths) => (files::known_under(db, id, paths)?, Some(paths.clone())),
    };
    if only.is_none() {
        let present = known.values().filter(|row| !row.gone).count();
        let found = known
            .iter()
            .filter(|(path, row)| !row.gone && listing.files.contains_key(*path))
            .count();
        if plan::presence(root_before, listing.root, present, found) == Presence::Offline {
            return Ok(Compared::Offline);
        }
    }
    let scope = Scope {
        unreadable: listing.unreadable.clone(),
        only,
    };
    Ok(Compared::Online {
        root: listing.root,
        changes: plan::changes(&listing.files, &known, &scope),
    })
}

async fn list(folder: &Folder, part: &Part, left_out: &[PathBuf]) -> io::Result<Listing> {
    let (root, part, left_out) = (folder.path.clone(), part.clone(), left_out.to_vec());
    let listing = tokio::task::spawn_blocking(move || match part {
        Part::Everything => scan::everything(&root, &left_out),
        Part::Paths(paths) => scan::only(&root, &paths, &left_out),
    });
    listing
        .await
        .unwrap_or_else(|error| Err(io::Error::other(error)))
}

async fn apply(
    context: &Context,
    id: FolderId,
    root: (u64, u64),
    was_offline: bool,
    changes: Vec<Change>,
) -> Result<(), StoreError> {
    let now = clock::now();
    let known = context.store.read(move |db| folders::get(db, id)).await?;
    if known.is_some_and(|folder| folder.offline || folder.root != Some(root)) {
        context
            .store
            .write(move |db| {
                folders::set_online(db, id, root)?;
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
    }
    for chunk in changes.chunks(CHUNK) {
        let chunk = chunk.to_vec();
        let touched: Vec<PhotoId> = context
            .store
            .write(move |db| files::apply(db, id, &chunk, now))
            .await?;
        context.news.photos(touched);
        context.bells.index.notify_one();
        if context.stop.is_cancelled() {
            return Ok(());
        }
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
