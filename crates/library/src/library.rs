//! The one handle to a library: what the window and the command line call.

use crate::view::*;
use std::path::{Path, PathBuf};

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

/// What a click or a word could not do.
pub type Result<T> = std::result::Result<T, CommandError>;

/// An open library. Cheap to clone; the engine stops with [`Library::shutdown`].
#[derive(Debug, Clone)]
pub struct Library;

/// Picture bytes for the window.
#[derive(Debug, Clone)]
pub struct Picture {
    pub bytes: Vec<u8>,
    pub content_type: &'static str,
}

/// The question a click in the first run asks.
impl Library {
    /// Opens or makes the library. [`Cause::LibraryInUse`] when another process owns it.
    pub async fn open(options: Options) -> Result<Self> { let _ = options; unimplemented!() }
    /// Starts watching, indexing and uploading.
    pub async fn start(&self) -> Result<()> { unimplemented!() }
    /// Stops all tasks; what was under way goes on at the next start.
    pub async fn shutdown(&self) { unimplemented!() }
    pub fn events(&self) -> tokio::sync::broadcast::Receiver<Event> { unimplemented!() }

    pub async fn status(&self) -> Result<Status> { unimplemented!() }
    pub async fn sections(&self) -> Result<Vec<Section>> { unimplemented!() }
    /// Newest first; `after` is a [`Tile::cursor`]; `limit` at most 1,000.
    pub async fn tiles(&self, month: Option<String>, after: Option<String>, limit: u32) -> Result<Vec<Tile>> { let _ = (month, after, limit); unimplemented!() }
    pub async fn photo(&self, id: i64) -> Result<PhotoDetail> { let _ = id; unimplemented!() }
    /// None: there is none.
    pub async fn thumbnail(&self, id: i64) -> Result<Option<Picture>> { let _ = id; unimplemented!() }
    /// The picture at its own size; none when it is not here or a webview cannot show it.
    pub async fn original(&self, id: i64) -> Result<Option<Picture>> { let _ = id; unimplemented!() }
    pub async fn activity(&self) -> Result<Activity> { unimplemented!() }

    /// Pictures and the like, that exist and are not watched yet.
    pub async fn suggested_folders(&self) -> Result<Vec<PathBuf>> { unimplemented!() }
    pub async fn preview_folder(&self, path: &Path) -> Result<FolderPreview> { let _ = path; unimplemented!() }
    pub async fn add_folder(&self, path: &Path) -> Result<FolderView> { let _ = path; unimplemented!() }
    /// Forgets the folder; deletes nothing.
    pub async fn remove_folder(&self, id: i64) -> Result<()> { let _ = id; unimplemented!() }

    /// Reaches the far side and says in one report what works; changes nothing there.
    pub async fn test_destination(&self, config: DestinationConfig, keys: Option<TypedKeys>) -> Result<TestReport> { let _ = (config, keys); unimplemented!() }
    pub async fn create_bucket(&self, config: DestinationConfig, keys: Option<TypedKeys>) -> Result<()> { let _ = (config, keys); unimplemented!() }
    pub async fn add_destination(&self, name: String, config: DestinationConfig, keys: Option<TypedKeys>) -> Result<DestinationView> { let _ = (name, config, keys); unimplemented!() }
    /// New keys for this run; the destination is tried again at once.
    pub async fn set_keys(&self, destination: i64, keys: TypedKeys) -> Result<()> { let _ = (destination, keys); unimplemented!() }
    /// Forgets the destination; deletes nothing there.
    pub async fn remove_destination(&self, id: i64) -> Result<()> { let _ = id; unimplemented!() }

    pub async fn plan_drop(&self, paths: Vec<PathBuf>) -> Result<DropPlan> { let _ = paths; unimplemented!() }
    pub async fn drop_paths(&self, paths: Vec<PathBuf>, choice: DropChoice) -> Result<DropReport> { let _ = (paths, choice); unimplemented!() }

    pub async fn pause(&self, pause: Pause) -> Result<()> { let _ = pause; unimplemented!() }
    pub async fn resume(&self) -> Result<()> { unimplemented!() }
    /// Tries everything that waits or failed again, now.
    pub async fn retry(&self) -> Result<()> { unimplemented!() }
    /// Asks every destination again for this photo's proof.
    pub async fn check_now(&self, photo: i64) -> Result<PhotoDetail> { let _ = photo; unimplemented!() }
}
