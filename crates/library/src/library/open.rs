//! Opening a library: its directory, its lock, its rows.

use super::paths::canonical;
use super::paths::resolved;
use super::{Library, Result};
use crate::blocking::blocking;
use crate::context::{Bells, Context, Trouble};
use crate::errands::Errands;
use crate::front::Front;
use crate::hints::Hints;
use crate::intake;
use crate::news::News;
use crate::reason::of_disk;
use crate::registry::Registry;
use crate::requests::ScanRequests;
use crate::secrets::Keyring;
use crate::settings::{self, SettingsFile};
use crate::store::destinations;
use crate::store::folders::{self, FolderRole};
use crate::store::{Store, jobs};
use crate::thumb_cache::ThumbCache;
use crate::transfers::Transfers;
use crate::view::*;
use media::worker::{Limits, Pool};
use std::fs::{self, File, TryLockError};
use std::io;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
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
    /// The file with the settings, which need not exist.
    pub settings: PathBuf,
    /// Where typed keys are kept.
    pub keyring: Keyring,
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
            settings: dirs.config_dir().join(SETTINGS),
            managed_folder: None,
            worker,
            keyring: Keyring::System,
        })
    }

    /// A library with everything of its own in one directory.
    pub fn portable(directory: PathBuf, worker: media::worker::WorkerCommand) -> Self {
        Self {
            managed_folder: Some(directory.join("originals")),
            settings: directory.join(SETTINGS),
            directory,
            worker,
            keyring: Keyring::System,
        }
    }
}

/// The rows, in the library's directory.
const DATABASE: &str = "library.db";
const SETTINGS: &str = "settings.toml";

/// Media workers at once for what is waited for, and for thumbnails that nobody waits for.
const WORKERS: usize = 2;
const SPARE_WORKERS: usize = 2;
/// Thumbnails that the cache has no more, made or fetched at once.
const REMADE_AT_ONCE: usize = 4;

impl Library {
    /// Opens or makes the library. [`Cause::LibraryInUse`] when another process owns it.
    pub async fn open(options: Options) -> Result<Self> {
        let begun = Instant::now();
        loop {
            match Self::open_if_free(options.clone()).await? {
                Some(library) => return Ok(library),
                None if begun.elapsed() < LOCK_PATIENCE => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                None => {
                    let detail = format!("another imgn has {} open", options.directory.display());
                    return Err(CommandError::new(Cause::LibraryInUse, detail));
                }
            }
        }
    }

    /// Opens or makes the library; none: another process owns it.
    pub(crate) async fn open_if_free(options: Options) -> Result<Option<Self>> {
        let wanted = options.directory.clone();
        let owned = blocking(move || {
            let directory = make_directory(&wanted)?;
            let lock = own(&directory)?;
            Ok::<_, CommandError>((directory, lock))
        });
        let (directory, lock) = owned.await?;
        match lock {
            Some(lock) => Self::prepare(options, directory, Some(lock))
                .await
                .map(Some),
            None => Ok(None),
        }
    }

    /// Opens a library that is there to read from it, also while another process owns it. Nothing is
    /// written or synced.
    pub async fn look(options: Options) -> Result<Self> {
        let directory = resolved(&options.directory).await;
        let database = directory.join(DATABASE);
        if !blocking(move || database.is_file()).await {
            let detail = format!("there is no library in {}", directory.display());
            return Err(CommandError::new(Cause::NoLibrary, detail));
        }
        Self::prepare(options, directory, None).await
    }

    pub(super) fn database(&self) -> PathBuf {
        self.context.directory.join(DATABASE)
    }

    async fn prepare(options: Options, directory: PathBuf, lock: Option<File>) -> Result<Self> {
        let managed = options
            .managed_folder
            .clone()
            .map_or_else(default_managed_folder, Ok)?;
        let managed = resolved(&managed).await;
        let database = directory.join(DATABASE);
        let owner = lock.is_some();
        let scratch = directory.join("tmp");
        let open = if owner {
            Store::open
        } else {
            Store::open_to_look
        };
        let store = blocking(move || open(&database)).await?;
        if owner {
            let path = managed.clone();
            store.write(move |db| prepare_rows(db, &path)).await?;
            let (managed, scratch) = (managed.clone(), scratch.clone());
            blocking(move || {
                intake::clear_unfinished(&managed);
                clear_scratch(&scratch);
            })
            .await;
        }
        let before = store.read(settings::kept).await?;
        let settings = blocking(move || SettingsFile::open(options.settings, before)).await;
        if owner && settings.mistake().is_none() {
            let now = settings.now();
            store.write(move |db| settings::keep(db, &now)).await?;
        }
        let throttle = throttle(&settings);
        let registry = Registry::default();
        for destination in store.read(destinations::all).await? {
            registry.add(destination, None);
        }
        let context = Context {
            workers: Pool::new(options.worker.clone(), WORKERS, Limits::default()),
            spare_workers: Pool::new(options.worker, SPARE_WORKERS, Limits::default())
                .in_spare_time(),
            keyring: options.keyring,
            settings,
            thumbs: ThumbCache::new(directory.join("thumbs")),
            previews: Default::default(),
            registry,
            transfers: Transfers::default(),
            parts: Default::default(),
            throttle,
            errands: Errands::default(),
            cards: Default::default(),
            copied: Default::default(),
            news: News::new(),
            hints: Hints::default(),
            front: Front::default(),
            bells: Bells::default(),
            requests: ScanRequests::default(),
            polled: Mutex::default(),
            unlisted: Mutex::default(),
            remaking: Semaphore::new(REMADE_AT_ONCE),
            looked_at: Default::default(),
            wanted: Mutex::default(),
            nothing_there: Mutex::default(),
            checks: Default::default(),
            measures: Default::default(),
            trouble: Trouble::default(),
            stop: CancellationToken::new(),
            scratch,
            directory,
            managed,
            store,
        };
        Ok(Self {
            context: Arc::new(context),
            running: Arc::default(),
            _lock: Arc::new(lock),
        })
    }
}

/// The limit that holds from the start.
fn throttle(settings: &SettingsFile) -> remote::Throttle {
    let throttle = remote::Throttle::default();
    throttle.limit(settings.now().limits.upload.map(NonZeroU64::get));
    throttle
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

/// Takes the library for this process; none: another one has it.
fn own(directory: &Path) -> Result<Option<File>> {
    let path = directory.join("lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|error| directory_error(&path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(directory_error(&path, &error)),
    }
}

fn directory_error(path: &Path, error: &io::Error) -> CommandError {
    let code = of_disk(error, Cause::LibraryUnusable);
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
