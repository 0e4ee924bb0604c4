//! The one handle to a library: what the window and the command line call.

mod asking;
mod cards;
mod changing;
mod checking;
mod comparing;
mod configuring;
mod doctoring;
mod errands;
mod exchanging;
mod finding;
mod linking;
mod open;
mod paths;
mod places;
mod previewing;
mod remotes;
mod watched;

use crate::blocking::blocking;
pub use open::Options;
pub(crate) use paths::resolved;

use crate::clock;
use crate::context::Context;
use crate::door::Door;
use crate::engine::Engine;
use crate::fetch;
use crate::first_paint;
use crate::hash::{self, Hashed};
use crate::last_run;
use crate::pause;
use crate::picture::Picture;
use crate::reach;
use crate::remake;
use crate::requests::Part;
use crate::scan;
use crate::store::folders;
use crate::store::photos::{self, PhotoId};
use crate::store::{files, jobs, timeline};
use crate::sync;
use crate::view::*;
use crate::wording;
use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use tokio::sync::{broadcast, mpsc};

/// What a click or a word could not do.
pub type Result<T> = std::result::Result<T, CommandError>;

/// An open library. Cheap to clone; the engine stops with [`Library::shutdown`].
#[derive(Debug, Clone)]
pub struct Library {
    context: Arc<Context>,
    running: Arc<tokio::sync::Mutex<Option<Running>>>,
    /// Held as long as the library is open; none: opened only to look.
    _lock: Arc<Option<File>>,
}

/// What runs between start and shutdown.
#[derive(Debug)]
struct Running {
    engine: Engine,
    /// Through which other processes use the library; none: they cannot.
    door: Option<Door>,
}

/// A library that may be closed meanwhile.
#[derive(Debug)]
pub(crate) struct WeakLibrary {
    context: Weak<Context>,
    running: Weak<tokio::sync::Mutex<Option<Running>>>,
    lock: Weak<Option<File>>,
}

impl WeakLibrary {
    pub(crate) fn upgrade(&self) -> Option<Library> {
        Some(Library {
            context: self.context.upgrade()?,
            running: self.running.upgrade()?,
            _lock: self.lock.upgrade()?,
        })
    }
}

impl Library {
    /// Starts watching, indexing and uploading, and opens the door to other processes; does nothing when
    /// it runs already.
    pub async fn start(&self) -> Result<()> {
        let mut running = self.running.lock().await;
        if running.is_none() {
            let engine = Engine::start(&self.context);
            let door = Door::open(&self.context.directory, self.downgrade());
            if let Err(error) = &door {
                tracing::warn!(%error, "other processes cannot use the library while this one does");
            }
            let door = door.ok();
            *running = Some(Running { engine, door });
        }
        Ok(())
    }

    /// Stops all tasks; what was under way goes on at the next start.
    pub async fn shutdown(&self) {
        self.context.errands.shutdown().await;
        let running = self.running.lock().await.take();
        if let Some(Running { engine, door }) = running {
            last_run::keep(&self.context).await;
            if let Some(door) = door {
                door.close().await;
            }
            engine.stop().await;
        }
    }

    fn downgrade(&self) -> WeakLibrary {
        WeakLibrary {
            context: Arc::downgrade(&self.context),
            running: Arc::downgrade(&self.running),
            lock: Arc::downgrade(&self._lock),
        }
    }

    /// Starts, brings everything up that can be, and says how it ended.
    pub async fn sync_once(&self) -> Result<SyncReport> {
        if self.running.lock().await.is_none() {
            reach::rest_where_all_is_well(&self.context).await?;
        }
        self.start().await?;
        self.sync_now().await
    }

    /// Has the engine, which runs, bring everything up, and says how it ended.
    pub(crate) async fn sync_now(&self) -> Result<SyncReport> {
        self.retry_failures().await?;
        let report = sync::once(&self.context).await;
        last_run::keep(&self.context).await;
        report
    }

    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.context.news.subscribe()
    }

    pub async fn status(&self) -> Result<Status> {
        let status = wording::status(&self.context).await?;
        if self.running.lock().await.is_some() {
            return Ok(status);
        }
        let last_run = self.context.store.read(last_run::kept).await?;
        Ok(Status { last_run, ..status })
    }

    pub async fn photo(&self, id: i64) -> Result<PhotoDetail> {
        let mut found = self.details(vec![PhotoId(id)]).await?;
        found.pop().ok_or_else(no_such_photo)
    }

    /// Where the photo with the bytes of this file stands; none: it is not in the timeline (yet).
    pub async fn locate(&self, path: &Path) -> Result<Option<TimelinePlace>> {
        let path = path.to_owned();
        let hashed = blocking(move || {
            let (seen, _) = scan::seen(&path)?;
            hash::file(&path, seen)
        });
        let hashed = hashed.await.map_err(|error| unreadable(&error))?;
        let Hashed::Done(sha256) = hashed else {
            return Ok(None);
        };
        let place = self
            .context
            .store
            .read(move |db| match photos::by_sha256(db, &sha256)? {
                Some(photo) => {
                    Ok(timeline::place(db, photo)?.map(|(month, index)| (photo, month, index)))
                }
                None => Ok(None),
            });
        Ok(place.await?.map(|(photo, month, index)| TimelinePlace {
            id: photo.0,
            month: Some(month).filter(|month| !month.is_empty()),
            index,
        }))
    }

    /// Every photo, in timeline order.
    pub async fn list(&self) -> Result<Vec<PhotoDetail>> {
        self.details(self.photo_ids().await?).await
    }

    pub(crate) async fn photo_ids(&self) -> Result<Vec<PhotoId>> {
        Ok(self.context.store.read(timeline::all).await?)
    }

    /// Photos that a path, a key or at least 8 hex digits of a SHA-256 name; else those that are called so,
    /// unless it is the path of another file.
    pub async fn find(&self, query: &OsStr) -> Result<Vec<PhotoDetail>> {
        let path = resolved(Path::new(query)).await;
        let query = query.to_string_lossy().into_owned();
        self.find_named(query, path).await
    }

    /// The same, where `path` is what the query is as a path, with links resolved.
    pub(crate) async fn find_named(
        &self,
        query: String,
        path: PathBuf,
    ) -> Result<Vec<PhotoDetail>> {
        let place = path.clone();
        let is_there = blocking(move || place.symlink_metadata().is_ok()).await;
        let ids = self
            .context
            .store
            .read(move |db| {
                let found = timeline::find(db, &query, &path)?;
                if found.is_empty() && !is_there {
                    return timeline::named(db, &query);
                }
                Ok(found)
            })
            .await?;
        self.details(ids).await
    }

    pub(crate) async fn details(&self, ids: Vec<PhotoId>) -> Result<Vec<PhotoDetail>> {
        Ok(wording::details(&self.context, ids).await?)
    }

    /// None: there is none.
    pub async fn thumbnail(&self, id: i64) -> Result<Option<Picture>> {
        let photo = self
            .context
            .store
            .read(move |db| photos::get(db, PhotoId(id)))
            .await?;
        let Some(photo) = photo else {
            return Ok(None);
        };
        let Some(sha256) = photo.sha256 else {
            return Ok(None);
        };
        let cache = self.context.thumbs.clone();
        let read = blocking(move || cache.read(&sha256)).await;
        let mut bytes = read.map_err(|error| unreadable(&error))?;
        // The cache has a limit: one that it dropped is made or fetched again.
        if bytes.is_none() && photo.thumb == photos::Thumb::Made {
            bytes = remake::thumbnail(&self.context, photo.id, sha256).await?;
        }
        Ok(bytes.map(|bytes| Picture {
            bytes,
            content_type: "image/webp",
        }))
    }

    /// A coarse picture of a photo whose thumbnail is still to be made; none: it has to be waited for.
    pub async fn first_paint(&self, id: i64) -> Result<Option<Picture>> {
        first_paint::of(&self.context, PhotoId(id)).await
    }

    /// The picture at its own size; none when it is not here or a webview cannot show it.
    pub async fn original(&self, id: i64) -> Result<Option<Picture>> {
        fetch::original(&self.context, PhotoId(id)).await
    }

    pub async fn activity(&self) -> Result<Activity> {
        Ok(wording::activity(&self.context).await?)
    }

    /// Makes this process's window the library's: what others want shown, with photos to take in.
    pub fn front(&self) -> mpsc::Receiver<Vec<PathBuf>> {
        self.context.front.open()
    }

    pub(crate) fn has_window(&self) -> bool {
        self.context.front.is_open()
    }

    pub(crate) async fn show(&self, photos: Vec<PathBuf>) -> Result<()> {
        self.context.front.show(photos).await
    }

    pub async fn pause(&self, pause: Pause) -> Result<()> {
        self.context
            .store
            .write(move |db| pause::set(db, pause))
            .await?;
        self.context.bells.pause.send_replace(());
        self.context.news.status();
        Ok(())
    }

    pub async fn resume(&self) -> Result<()> {
        self.context.store.write(|db| pause::clear(db)).await?;
        self.context.bells.upload.notify_one();
        self.context.news.status();
        Ok(())
    }

    /// Tries everything that waits or failed again, now: jobs, destinations, and files that could
    /// not be read.
    pub async fn retry(&self) -> Result<()> {
        self.retry_failures().await?;
        for folder in self.context.store.read(folders::all).await? {
            self.context.rescan(folder.id, Part::Everything);
        }
        Ok(())
    }

    /// What failed is to be done again: jobs, destinations, and files that could not be read.
    async fn retry_failures(&self) -> Result<()> {
        let now = clock::now();
        self.context
            .store
            .write(move |db| {
                jobs::retry_all(db)?;
                files::retry_problems(db, now)
            })
            .await?;
        self.context.registry.retry_now();
        self.context.bells.destinations.notify_one();
        self.context.bells.upload.notify_one();
        self.context.bells.index.notify_one();
        self.context.news.status();
        Ok(())
    }
}

fn unreadable(error: &io::Error) -> CommandError {
    CommandError::of_disk(error, Cause::FileUnreadable)
}

fn no_such_photo() -> CommandError {
    CommandError::new(Cause::NotInLibrary, "there is no such photo in the library")
}
