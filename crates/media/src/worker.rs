//! Parsing and decoding in child processes of this same binary.
//!
//! The parent keeps a [`Pool`] of long-lived workers; each answers one request at a time over its
//! standard input and output. A worker limits its own memory; the parent limits its time. One that
//! dies or overruns is replaced, and only the file it was given is lost to it.

use crate::{Kind, Metadata, Thumbnail};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What one look at a file gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Inspection {
    pub kind: Kind,
    pub metadata: Metadata,
    /// What went wrong while reading the metadata, if anything did.
    pub error: Option<String>,
}

/// How a worker is started: this program with these arguments.
#[derive(Debug, Clone)]
pub struct WorkerCommand {
    pub program: PathBuf,
    pub args: Vec<String>,
}

/// The first argument that makes a binary a worker; see [`serve_if_asked`].
pub const WORKER_ARGUMENT: &str = "__imgn-media-worker";

impl WorkerCommand {
    /// The running binary again, as a worker. Its `main` has to begin with [`serve_if_asked`].
    pub fn this_binary() -> std::io::Result<Self> {
        Ok(Self { program: std::env::current_exe()?, args: vec![WORKER_ARGUMENT.into()] })
    }
}

/// What one file may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Address space of one worker, bytes.
    pub memory: u64,
    /// Wall time of one request.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory: 1 << 30, time: Duration::from_secs(20) }
    }
}

/// Why a worker gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkerError {
    /// The file killed its worker. It is not tried again until it changes.
    #[error("reading {path} ended the decoder")]
    Died { path: PathBuf },
    /// The file took longer than [`Limits::time`]. It is not tried again until it changes.
    #[error("reading {path} took longer than {seconds} s")]
    TimedOut { path: PathBuf, seconds: u64 },
    /// The file could not be opened or read. Tried again when it changes or its folder comes back.
    #[error("cannot read {path}: {message}")]
    Unreadable { path: PathBuf, message: String },
    /// The picture has no thumbnail, for a reason that lies in the picture.
    #[error(transparent)]
    Thumbnail(#[from] crate::ThumbnailError),
    /// No worker could be started: says nothing about the file.
    #[error("cannot start a media worker: {0}")]
    Start(String),
}

/// A fixed number of workers; requests wait for a free one.
#[derive(Debug)]
pub struct Pool;

impl Pool {
    /// Starts no process yet: workers start when first needed.
    pub fn new(command: WorkerCommand, workers: usize, limits: Limits) -> Self {
        let _ = (command, workers, limits);
        unimplemented!()
    }

    /// Kind and metadata of the file at `path`.
    pub async fn inspect(&self, path: &Path) -> Result<Inspection, WorkerError> {
        let _ = path;
        unimplemented!()
    }

    /// A thumbnail whose long side is at most `size` pixels.
    pub async fn thumbnail(&self, path: &Path, size: u32) -> Result<Thumbnail, WorkerError> {
        let _ = (path, size);
        unimplemented!()
    }
}

/// Serves requests and never returns when this process was started as a worker; does nothing
/// otherwise. The first line of `main` of every binary that keeps a [`Pool`].
pub fn serve_if_asked() {
    unimplemented!()
}
