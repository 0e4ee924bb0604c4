//! The one handle to a library: what the window and the command line call.

use crate::admission::{self, Ground};
use crate::clock;
use crate::context::{Bells, Context, Trouble};
use crate::engine::Engine;
use crate::fetch;
use crate::hints::Hints;
use crate::intake;
use crate::news::News;
use crate::opening;
use crate::path_bytes::shown;
use crate::pause;
use crate::picture::Picture;
use crate::reason::of_remote;
use crate::registry::Registry;
use crate::requests::{Part, ScanRequests};
use crate::shown as words;
use crate::store::destinations::{self, DestinationId};
use crate::store::folders::{self, FolderId, FolderRole};
use crate::store::photos::{self, PhotoId, Thumb};
use crate::store::{Store, copies, jobs, timeline};
use crate::sync;
use crate::thumb_cache::ThumbCache;
use crate::transfers::Transfers;
use crate::view::*;
use remote::{Key, Profile};
use std::ffi::OsStr;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

/// How to open a library.
#[derive(Debug, Clone)]
pub struct Options {
    /// Holds `library.db`, `thumbs/`, the lock.
    pub directory: PathBuf,
    /// Where drops are copied; none: `<Pictures>/imgn`.
    pub managed_folder: Option<PathBuf>,
    /// How a media worker is started.
    pub worker: media::worker::WorkerCommand,
}

impl Options {
    /// The library of this account.
    pub fn of_account(worker: media::worker::WorkerCommand) -> Result<Self> {
        let dirs = directories::ProjectDirs::from("", "", "imgn").ok_or_else(|| {
            CommandError::new(
                Cause::Internal,
                "this account has no home folder to keep the library in",
            )
        })?;
        Ok(Self {
            directory: dirs.data_dir().to_owned(),
            managed_folder: None,
            worker,
        })
    }

    /// A library with everything of its own in one directory.
    pub fn portable(directory: PathBuf, worker: media::worker::WorkerCommand) -> Self {
        Self {
            managed_folder: Some(directory.join("originals")),
            directory,
            worker,
        }
    }
}

/// What a click or a word could not do.
pub type Result<T> = std::result::Result<T, CommandError>;

/// An open library. Cheap to clone; the engine stops with [`Library::shutdown`].
#[derive(Debug, Clone)]
pub struct Library {
    context: Arc<Context>,
    engine: Arc<tokio::sync::Mutex<Option<Engine>>>,
    /// Held as long as the library is open; none: opened only to look.
    _lock: Arc<Option<File>>,
}

const DATABASE: &str = "library.db";
/// Media workers at once.
const WORKERS: usize = 3;
/// The most tiles of one page.
const MOST_TILES: u32 = 1_000;

impl Library {
    /// Opens or makes the library. [`Cause::LibraryInUse`] when another process owns it.
    pub async fn open(options: Options) -> Result<Self> {
        let directory = make_directory(&options.directory)?;
        let lock = own(&directory).await?;
        Self::prepare(options, directory, Some(lock)).await
    }

    /// Opens a library that is there to read from it, also while another process owns it. Nothing is
    /// written or synced.
    pub async fn look(options: Options) -> Result<Self> {
        let directory = canonical(&options.directory);
        if !directory.join(DATABASE).is_file() {
            let detail = format!("there is no library in {}", directory.display());
            return Err(CommandError::new(Cause::NoLibrary, detail));
        }
        Self::prepare(options, directory, None).await
    }

    async fn prepare(options: Options, directory: PathBuf, lock: Option<File>) -> Result<Self> {
        let managed = options
            .managed_folder
            .clone()
            .map_or_else(default_managed_folder, Ok)?;
        let managed = canonical(&managed);
        let database = directory.join(DATABASE);
        let owner = lock.is_some();
        let scratch = directory.join("tmp");
        let open = if owner {
            Store::open
        } else {
            Store::open_to_look
        };
        let store = tokio::task::spawn_blocking(move || open(&database))
            .await
            .map_err(|error| CommandError::new(Cause::Internal, error))??;
        if owner {
            let path = managed.clone();
            store.write(move |db| prepare_rows(db, &path)).await?;
            intake::clear_unfinished(&managed);
            clear_scratch(&scratch);
        }
        let registry = Registry::default();
        for destination in store.read(destinations::all).await? {
            registry.add(destination, None);
        }
        let context = Context {
            workers: media::worker::Pool::new(
                options.worker,
                WORKERS,
                media::worker::Limits::default(),
            ),
            thumbs: ThumbCache::new(directory.join("thumbs")),
            registry,
            transfers: Transfers::default(),
            news: News::new(),
            hints: Hints::default(),
            bells: Bells::default(),
            requests: ScanRequests::default(),
            polled: Mutex::default(),
            unlisted: Mutex::default(),
            wanted: Mutex::default(),
            nothing_there: Mutex::default(),
            trouble: Trouble::default(),
            stop: CancellationToken::new(),
            scratch,
            directory,
            managed,
            store,
        };
        Ok(Self {
            context: Arc::new(context),
            engine: Arc::default(),
            _lock: Arc::new(lock),
        })
    }

    /// Starts watching, indexing and uploading; does nothing when it runs already.
    pub async fn start(&self) -> Result<()> {
        let mut engine = self.engine.lock().await;
        if engine.is_none() {
            *engine = Some(Engine::start(&self.context));
        }
        Ok(())
    }

    /// Stops all tasks; what was under way goes on at the next start.
    pub async fn shutdown(&self) {
        let engine = self.engine.lock().await.take();
        if let Some(engine) = engine {
            engine.stop().await;
        }
    }

    /// Starts, brings everything up that can be, and says how it ended.
    pub async fn sync_once(&self) -> Result<SyncReport> {
        self.start().await?;
        self.retry_failures().await?;
        sync::once(&self.context).await
    }

    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.context.news.subscribe()
    }

    pub async fn status(&self) -> Result<Status> {
        Ok(words::status(&self.context).await?)
    }

    pub async fn sections(&self) -> Result<Vec<Section>> {
        let months = self.context.store.read(timeline::months).await?;
        let section = |(month, count): (String, u32)| Section {
            month: Some(month).filter(|month| !month.is_empty()),
            count,
        };
        Ok(months.into_iter().map(section).collect())
    }

    /// Newest first; `after` is a [`Tile::cursor`]; `limit` at most 1,000.
    pub async fn tiles(
        &self,
        month: Option<String>,
        after: Option<String>,
        limit: u32,
    ) -> Result<Vec<Tile>> {
        let month = month.unwrap_or_default();
        let limit = limit.min(MOST_TILES);
        let cursor = after.as_deref().and_then(words::parse_cursor);
        let rows = self
            .context
            .store
            .read(move |db| timeline::tiles(db, &month, cursor.as_ref(), limit))
            .await?;
        let wanted = rows
            .iter()
            .rev()
            .filter(|row| row.thumb == Thumb::Remote)
            .map(|row| row.id);
        fetch::want(&self.context, wanted);
        Ok(rows
            .into_iter()
            .map(|row| words::tile(&self.context, row))
            .collect())
    }

    pub async fn photo(&self, id: i64) -> Result<PhotoDetail> {
        let mut found = self.details(vec![PhotoId(id)]).await?;
        found.pop().ok_or_else(no_such_photo)
    }

    /// Every photo, in timeline order.
    pub async fn list(&self) -> Result<Vec<PhotoDetail>> {
        let ids = self.context.store.read(timeline::all).await?;
        self.details(ids).await
    }

    /// Photos that a path, a key or at least 8 hex digits of a SHA-256 name.
    pub async fn find(&self, query: &OsStr) -> Result<Vec<PhotoDetail>> {
        let (path, query) = (
            canonical(Path::new(query)),
            query.to_string_lossy().into_owned(),
        );
        let ids = self
            .context
            .store
            .read(move |db| timeline::find(db, &query, &path))
            .await?;
        self.details(ids).await
    }

    async fn details(&self, ids: Vec<PhotoId>) -> Result<Vec<PhotoDetail>> {
        Ok(words::details(&self.context, ids).await?)
    }

    /// None: there is none.
    pub async fn thumbnail(&self, id: i64) -> Result<Option<Picture>> {
        let photo = self
            .context
            .store
            .read(move |db| photos::get(db, PhotoId(id)))
            .await?;
        let Some(sha256) = photo.and_then(|photo| photo.sha256) else {
            return Ok(None);
        };
        let cache = self.context.thumbs.clone();
        let bytes = blocking(move || cache.read(&sha256)).await?;
        Ok(bytes.map(|bytes| Picture {
            bytes,
            content_type: "image/webp",
        }))
    }

    /// The picture at its own size; none when it is not here or a webview cannot show it.
    pub async fn original(&self, id: i64) -> Result<Option<Picture>> {
        fetch::original(&self.context, PhotoId(id)).await
    }

    pub async fn activity(&self) -> Result<Activity> {
        Ok(words::activity(&self.context).await?)
    }

    /// Pictures and the like, that exist and are not watched yet.
    pub async fn suggested_folders(&self) -> Result<Vec<PathBuf>> {
        let ground = self.ground().await?;
        let pictures =
            directories::UserDirs::new().and_then(|dirs| dirs.picture_dir().map(canonical));
        let suggested =
            pictures.filter(|path| path.is_dir() && admission::watch(path, &ground).is_none());
        Ok(suggested.into_iter().collect())
    }

    pub async fn preview_folder(&self, path: &Path) -> Result<FolderPreview> {
        let path = existing_folder(path)?;
        let ground = self.ground().await?;
        let refused = admission::watch(&path, &ground);
        let mut left_out = ground.destinations;
        left_out.extend([ground.library, ground.managed]);
        let preview =
            blocking(move || intake::preview(&path, &left_out, intake::deadline())).await?;
        Ok(FolderPreview { refused, ..preview })
    }

    /// Watches a folder. One that holds a folder watched before takes it over.
    pub async fn add_folder(&self, path: &Path) -> Result<FolderView> {
        let path = existing_folder(path)?;
        if let Some(reason) = admission::watch(&path, &self.ground().await?) {
            return Err(CommandError {
                code: reason.code,
                detail: reason.detail,
            });
        }
        let id = self
            .context
            .store
            .write(move |db| {
                let id = folders::insert(db, &path, FolderRole::Watched)?;
                for inner in folders::all(db)? {
                    if inner.id != id && !inner.managed && inner.path.starts_with(&path) {
                        folders::hand_over(db, &inner, id, &path)?;
                    }
                }
                Ok(id)
            })
            .await?;
        self.context.rescan(id, Part::Everything);
        self.context.news.status();
        self.folder(id).await
    }

    /// Forgets the folder; deletes nothing.
    pub async fn remove_folder(&self, id: i64) -> Result<()> {
        let removed = self
            .context
            .store
            .write(move |db| {
                let photos = folders::remove(db, FolderId(id))?;
                let months = photos::months(db, &photos)?;
                photos
                    .into_iter()
                    .try_for_each(|photo| photos::refresh(db, photo))?;
                Ok(months)
            })
            .await?;
        self.context.news.months(removed);
        Ok(())
    }

    /// Reaches the far side and says in one report what works; changes nothing there.
    pub async fn test_destination(
        &self,
        config: DestinationConfig,
        keys: Option<TypedKeys>,
    ) -> Result<TestReport> {
        let begun = Instant::now();
        let config = absolute(config);
        let result = match self.refused(&config).await? {
            Some(reason) => Err(reason),
            None => self.probe(&config, keys).await?,
        };
        let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (problem, probe) = match result {
            Ok(probe) => (None, Some(probe)),
            Err(reason) => (Some(reason), None),
        };
        let profile = probe
            .as_ref()
            .map(|probe| probe.profile.clone())
            .unwrap_or_default();
        Ok(TestReport {
            problem,
            existing_library: probe.is_some_and(|probe| probe.marker.is_some()),
            conditional_put: profile.conditional_put,
            repeats_sha256: profile.repeats_sha256,
            clock_skew: profile.clock_skew,
            milliseconds,
        })
    }

    pub async fn create_bucket(
        &self,
        config: DestinationConfig,
        keys: Option<TypedKeys>,
    ) -> Result<()> {
        opening::open_s3(&config, keys, Profile::default())
            .await?
            .create_bucket()
            .await?;
        Ok(())
    }

    /// Claims the place for this library, or joins the library that is there, and queues every photo.
    pub async fn add_destination(
        &self,
        name: String,
        config: DestinationConfig,
        keys: Option<TypedKeys>,
    ) -> Result<DestinationView> {
        let name = name.trim().to_owned();
        if name.is_empty() {
            return Err(CommandError::new(
                Cause::BadSettings,
                "a destination needs a name",
            ));
        }
        let config = absolute(config);
        if let Some(reason) = self.refused(&config).await? {
            return Err(CommandError {
                code: reason.code,
                detail: reason.detail,
            });
        }
        opening::key_template(&config)?;
        let known = self.context.store.read(destinations::all).await?;
        if known.iter().any(|other| other.name == name) {
            let detail = format!("there is a destination named {name} already");
            return Err(CommandError::new(Cause::BadSettings, detail));
        }
        let remote = opening::open_remote(&config, keys.clone(), Profile::default()).await?;
        let (marker, profile) = remote.claim().await?;
        if let Some(same) = known.iter().find(|other| other.marker.uuid == marker.uuid) {
            let detail = format!("this is the place that is known as {}", same.name);
            return Err(CommandError::new(Cause::BadSettings, detail));
        }
        let now = clock::now();
        let id = self
            .context
            .store
            .write(move |db| destinations::insert(db, &name, &config, &marker, &profile, now))
            .await?;
        let added = self
            .context
            .store
            .read(move |db| destinations::get(db, id))
            .await?;
        self.context
            .registry
            .add(added.ok_or_else(no_such_destination)?, keys);
        self.context.bells.destinations.notify_one();
        let months = self.context.store.read(timeline::months).await?;
        self.context
            .news
            .months(months.into_iter().map(|(month, _)| month));
        self.destination(id).await
    }

    /// New keys for this run; the destination is tried again at once.
    pub async fn set_keys(&self, destination: i64, keys: TypedKeys) -> Result<()> {
        self.context
            .registry
            .set_keys(DestinationId(destination), keys);
        self.context.bells.destinations.notify_one();
        self.context.news.status();
        Ok(())
    }

    /// Forgets the destination; deletes nothing there.
    pub async fn remove_destination(&self, id: i64) -> Result<()> {
        let id = DestinationId(id);
        self.context.registry.remove(id);
        let months = self
            .context
            .store
            .write(move |db| {
                let months = timeline::months(db)?;
                destinations::remove(db, id)?;
                Ok(months)
            })
            .await?;
        self.context
            .news
            .months(months.into_iter().map(|(month, _)| month));
        Ok(())
    }

    pub async fn plan_drop(&self, paths: Vec<PathBuf>) -> Result<DropPlan> {
        let paths = intake::as_on_disk(paths);
        let mut folders_seen = Vec::new();
        for path in paths.iter().filter(|path| path.is_dir()) {
            folders_seen.push(self.preview_folder(path).await?);
        }
        Ok(intake::plan(&self.context, paths, folders_seen).await?)
    }

    pub async fn drop_paths(&self, paths: Vec<PathBuf>, choice: DropChoice) -> Result<DropReport> {
        let (watch, copy): (Vec<PathBuf>, Vec<PathBuf>) = intake::as_on_disk(paths)
            .into_iter()
            .partition(|path| choice == DropChoice::Watch && path.is_dir());
        let mut report = intake::take_in(&self.context, copy).await?;
        for path in watch {
            match self.add_folder(&path).await {
                Ok(folder) => report.watched.push(folder.path),
                Err(error) => report.failed.push(FileProblem {
                    path: shown(&path),
                    reason: Reason::new(error.code, error.detail),
                }),
            }
        }
        Ok(report)
    }

    pub async fn pause(&self, pause: Pause) -> Result<()> {
        self.context
            .store
            .write(move |db| pause::set(db, pause))
            .await?;
        self.context.bells.pause.notify_waiters();
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
                crate::store::files::retry_problems(db, now)
            })
            .await?;
        self.context.registry.retry_now();
        self.context.bells.destinations.notify_one();
        self.context.bells.upload.notify_one();
        self.context.bells.index.notify_one();
        self.context.news.status();
        Ok(())
    }

    /// Asks every destination again for this photo's proof. One that no longer has it gets it again.
    pub async fn check_now(&self, photo: i64) -> Result<PhotoDetail> {
        let id = PhotoId(photo);
        let found = self
            .context
            .store
            .read(move |db| Ok((photos::get(db, id)?, copies::of_photo(db, id)?)))
            .await?;
        let (Some(photo_row), copies_of_it) = found else {
            return Err(no_such_photo());
        };
        let Some(sha256) = photo_row.sha256 else {
            return self.photo(photo).await;
        };
        for copy in copies_of_it
            .into_iter()
            .filter(|copy| copy.confirmed_at.is_some())
        {
            let Ok(key) = Key::parse(&copy.key) else {
                continue;
            };
            let destination = self
                .context
                .store
                .read(move |db| destinations::get(db, copy.destination))
                .await?;
            let Some(destination) = destination else {
                continue;
            };
            let keys = self.context.registry.keys(copy.destination);
            let remote =
                opening::open_remote(&destination.config, keys, destination.profile.clone())
                    .await?;
            remote.check(&destination.marker).await?;
            let proof = remote.verify(&key, photo_row.size, &sha256).await?;
            let now = clock::now();
            self.context
                .store
                .write(move |db| {
                    match &proof {
                        Some(proof) => copies::confirm(db, id, copy.destination, proof, now)?,
                        None => copies::doubt(db, id, copy.destination)?,
                    }
                    photos::refresh(db, id)
                })
                .await?;
        }
        self.context.news.photo(id);
        self.context.bells.upload.notify_one();
        self.photo(photo).await
    }

    async fn folder(&self, id: FolderId) -> Result<FolderView> {
        let context = Arc::clone(&self.context);
        let view = self.context.store.read(move |db| {
            let rows = folders::all(db)?;
            let row = rows.iter().find(|row| row.id == id);
            row.map(|row| words::folder_view(&context, db, row, &rows))
                .transpose()
        });
        view.await?
            .ok_or_else(|| CommandError::new(Cause::FolderNotFound, "there is no such folder"))
    }

    async fn destination(&self, id: DestinationId) -> Result<DestinationView> {
        let context = Arc::clone(&self.context);
        let view = self.context.store.read(move |db| {
            destinations::get(db, id)?
                .map(|row| words::destination_view(&context, db, &row))
                .transpose()
        });
        view.await?.ok_or_else(no_such_destination)
    }

    async fn ground(&self) -> Result<Ground> {
        let rows = self.context.store.read(folders::all).await?;
        Ok(Ground {
            watched: rows
                .into_iter()
                .filter(|row| !row.managed)
                .map(|row| row.path)
                .collect(),
            managed: self.context.managed.clone(),
            library: self.context.directory.clone(),
            destinations: self
                .context
                .registry
                .folders()
                .iter()
                .map(|path| canonical(path))
                .collect(),
        })
    }

    /// What is there; a place that is a destination already must be the one that it was.
    async fn probe(
        &self,
        config: &DestinationConfig,
        keys: Option<TypedKeys>,
    ) -> Result<std::result::Result<remote::Probe, Reason>> {
        let rows = self.context.store.read(destinations::all).await?;
        let known = rows.into_iter().find(|row| row.config == *config);
        let keys = keys.or_else(|| {
            known
                .as_ref()
                .and_then(|row| self.context.registry.keys(row.id))
        });
        let probed = async {
            opening::key_template(config)?;
            let remote = opening::open_remote(config, keys, Profile::default()).await?;
            let probe = remote.probe().await?;
            if let Some(known) = known {
                remote.check(&known.marker).await?;
            }
            Ok::<_, remote::Error>(probe)
        };
        Ok(probed
            .await
            .map_err(|error| Reason::new(of_remote(&error), error)))
    }

    async fn refused(&self, config: &DestinationConfig) -> Result<Option<Reason>> {
        let DestinationConfig::Folder { path, .. } = config else {
            return Ok(None);
        };
        let known = self.context.store.read(destinations::all).await?;
        // One that is known and not there is not mounted; a new one is mistyped.
        if !Path::new(path).is_dir() && !known.iter().any(|row| row.config == *config) {
            let detail = format!("{path} is not a folder");
            return Ok(Some(Reason::new(Cause::FolderNotFound, detail)));
        }
        Ok(admission::destination(
            &canonical(Path::new(path)),
            &self.ground().await?,
        ))
    }
}

/// A folder destination by its full path, wherever imgn is started next.
fn absolute(config: DestinationConfig) -> DestinationConfig {
    match config {
        DestinationConfig::Folder { path, key_template } => DestinationConfig::Folder {
            path: shown(&canonical(Path::new(&path))),
            key_template,
        },
        s3 @ DestinationConfig::S3 { .. } => s3,
    }
}

fn prepare_rows(db: &rusqlite::Connection, managed: &Path) -> rusqlite::Result<()> {
    jobs::recover(db)?;
    let rows = folders::all(db)?;
    match rows.iter().find(|row| row.managed) {
        Some(row) if row.path == managed => Ok(()),
        // The folder was moved in the settings: its files are found again where it is now.
        Some(row) => folders::move_to(db, row.id, managed),
        None => folders::insert(db, managed, FolderRole::Managed).map(|_| ()),
    }
}

/// Removes what a stop left behind.
fn clear_scratch(scratch: &Path) {
    match fs::remove_dir_all(scratch) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(path = %scratch.display(), %error, "cannot clear temporary files");
        }
        _ => {}
    }
}

fn make_directory(directory: &Path) -> Result<PathBuf> {
    fs::create_dir_all(directory).map_err(|error| directory_error(directory, &error))?;
    Ok(canonical(directory))
}

/// How long a library that another process has is asked for: one that was killed may leave a child
/// that holds its lock for a moment yet.
const LOCK_PATIENCE: Duration = Duration::from_secs(2);

/// Takes the library for this process.
async fn own(directory: &Path) -> Result<File> {
    let path = directory.join("lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|error| directory_error(&path, &error))?;
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if begun.elapsed() < LOCK_PATIENCE => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Err(TryLockError::WouldBlock) => {
                let detail = format!("another imgn has {} open", directory.display());
                return Err(CommandError::new(Cause::LibraryInUse, detail));
            }
            Err(TryLockError::Error(error)) => return Err(directory_error(&path, &error)),
        }
    }
}

fn directory_error(path: &Path, error: &io::Error) -> CommandError {
    let code = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Cause::DiskFull,
        _ => Cause::LibraryUnusable,
    };
    CommandError::new(code, format!("cannot use {}: {error}", path.display()))
}

fn default_managed_folder() -> Result<PathBuf> {
    let dirs = directories::UserDirs::new();
    let pictures = dirs.as_ref().map(|dirs| {
        dirs.picture_dir()
            .map_or_else(|| dirs.home_dir().join("Pictures"), Path::to_owned)
    });
    pictures
        .map(|pictures| pictures.join("imgn"))
        .ok_or_else(|| {
            CommandError::new(
                Cause::Internal,
                "this account has no home folder to keep dropped photos in",
            )
        })
}

/// The path with links resolved as far as it exists.
fn canonical(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for ancestor in absolute.ancestors() {
        if let Ok(resolved) = fs::canonicalize(ancestor) {
            let below = absolute.strip_prefix(ancestor).unwrap_or(Path::new(""));
            return if below.as_os_str().is_empty() {
                resolved
            } else {
                resolved.join(below)
            };
        }
    }
    absolute
}

fn existing_folder(path: &Path) -> Result<PathBuf> {
    let path = canonical(path);
    match fs::metadata(&path) {
        Ok(metadata) if metadata.is_dir() => Ok(path),
        Ok(_) => Err(CommandError::new(
            Cause::FolderNotFound,
            format!("{} is not a folder", path.display()),
        )),
        Err(error) => {
            let detail = format!("cannot look into {}: {error}", path.display());
            Err(CommandError::new(Cause::FolderNotFound, detail))
        }
    }
}

fn no_such_photo() -> CommandError {
    CommandError::new(Cause::NotInLibrary, "there is no such photo in the library")
}

fn no_such_destination() -> CommandError {
    CommandError::new(Cause::BadSettings, "there is no such destination")
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T> {
    let result = tokio::task::spawn_blocking(work).await;
    match result {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(CommandError::new(Cause::FileUnreadable, error)),
        Err(error) => Err(CommandError::new(Cause::Internal, error)),
    }
}
