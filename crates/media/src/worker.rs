//! Parsing and decoding in child processes of this same binary.
//!
//! The parent keeps a [`Pool`] of long-lived workers; each answers one request at a time over its
//! standard input and output. A worker limits its own memory; the parent limits its time. One that
//! dies or overruns is replaced, and only the file it was given is lost to it.

mod child;
mod process;
mod protocol;

use crate::{FirstPaint, Kind, Metadata, Thumbnail, ThumbnailError};
use process::{Failure, Process};
use protocol::{Answer, Request, Task};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// What one look at a file gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Inspection {
    pub kind: Kind,
    pub metadata: Metadata,
    /// What went wrong while reading the metadata, if anything did.
    pub error: Option<String>,
}

/// How a worker is started: this program with these arguments, and one more that the pool adds.
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
        // The file that runs, even after an update has put another one in its place.
        let program = if cfg!(target_os = "linux") {
            "/proc/self/exe".into()
        } else {
            std::env::current_exe()?
        };
        Ok(Self {
            program,
            args: vec![WORKER_ARGUMENT.into()],
        })
    }
}

/// What one file may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Address space that one worker may use beyond what it starts with, bytes.
    pub memory: u64,
    /// Wall time of one request.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: 1 << 30,
            time: Duration::from_secs(20),
        }
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

impl WorkerError {
    /// What is wrong with the picture itself, as its sidecar says it: others read that, and where the file lies on
    /// this machine is nobody's business. None: nothing is, as far as was seen.
    pub fn of_picture(&self) -> Option<String> {
        match self {
            Self::Died { .. } => Some("reading it ended the decoder".to_owned()),
            Self::TimedOut { seconds, .. } => {
                Some(format!("reading it took longer than {seconds} s"))
            }
            Self::Thumbnail(error) => Some(error.to_string()),
            Self::Unreadable { .. } | Self::Start(_) => None,
        }
    }
}

/// When the workers of a pool get the processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Usual,
    /// Mostly when nobody else wants it.
    Later,
}

/// A fixed number of workers; requests wait for a free one.
///
/// Dropping the pool ends its workers; dropping a request's future ends the worker that was busy
/// with it. Workers belong to the Tokio runtime of the request that started them.
#[derive(Debug)]
pub struct Pool {
    command: WorkerCommand,
    limits: Limits,
    turn: Turn,
    /// One permit for each worker that may be busy.
    free: Semaphore,
    /// Workers that wait for a request. Never held across an await.
    idle: Mutex<Vec<Process>>,
}

impl Pool {
    /// At least one worker. Starts no process yet: workers start when first needed.
    pub fn new(command: WorkerCommand, workers: usize, limits: Limits) -> Self {
        let free = Semaphore::new(workers.clamp(1, Semaphore::MAX_PERMITS));
        Self {
            command,
            limits,
            turn: Turn::Usual,
            free,
            idle: Mutex::default(),
        }
    }

    /// The workers give way to everything else that wants the processor, where the system can do that.
    pub fn in_spare_time(self) -> Self {
        Self {
            turn: Turn::Later,
            ..self
        }
    }

    /// Kind and metadata of the file at `path`.
    pub async fn inspect(&self, path: &Path) -> Result<Inspection, WorkerError> {
        match self.ask(path, Task::Inspect).await? {
            (
                Answer::Inspected {
                    kind,
                    metadata,
                    error,
                },
                _,
            ) => Ok(Inspection {
                kind,
                metadata: *metadata,
                error,
            }),
            (Answer::Unreadable { message }, _) => Err(WorkerError::Unreadable {
                path: path.into(),
                message,
            }),
            (_, _) => Err(WorkerError::Died { path: path.into() }),
        }
    }

    /// A thumbnail whose long side is at most `size` pixels.
    pub async fn thumbnail(&self, path: &Path, size: u32) -> Result<Thumbnail, WorkerError> {
        let died = || WorkerError::Died { path: path.into() };
        let refused = match self.ask(path, Task::Thumbnail { size }).await? {
            (
                Answer::Made {
                    width,
                    height,
                    thumbhash,
                },
                webp,
            ) => {
                let thumbhash = hex::decode(thumbhash).map_err(|_| died())?;
                return Ok(Thumbnail {
                    webp,
                    width,
                    height,
                    thumbhash,
                });
            }
            (Answer::Unreadable { message }, _) => {
                return Err(WorkerError::Unreadable {
                    path: path.into(),
                    message,
                });
            }
            (Answer::Unsupported { name }, _) => ThumbnailError::unsupported(&name),
            (Answer::Damaged { reason }, _) => ThumbnailError::Damaged(reason),
            (Answer::TooLarge { width, height }, _) => ThumbnailError::TooLarge { width, height },
            (Answer::TooLong { most }, _) => ThumbnailError::TooLong { most },
            (
                Answer::Ready
                | Answer::Inspected { .. }
                | Answer::Painted { .. }
                | Answer::NotPainted,
                _,
            ) => return Err(died()),
        };
        Err(refused.into())
    }

    /// A first paint whose long side is at most `size` pixels; none where it has to be waited for the thumbnail.
    pub async fn first_paint(
        &self,
        path: &Path,
        size: u32,
    ) -> Result<Option<FirstPaint>, WorkerError> {
        match self.ask(path, Task::FirstPaint { size }).await? {
            (Answer::Painted { width, height }, jpeg) => Ok(Some(FirstPaint {
                jpeg,
                width,
                height,
            })),
            (Answer::NotPainted, _) => Ok(None),
            (Answer::Unreadable { message }, _) => Err(WorkerError::Unreadable {
                path: path.into(),
                message,
            }),
            (_, _) => Err(WorkerError::Died { path: path.into() }),
        }
    }

    async fn ask(&self, path: &Path, task: Task) -> Result<(Answer, Vec<u8>), WorkerError> {
        let request = Request::new(path, task);
        let _permit = self
            .free
            .acquire()
            .await
            .map_err(|error| WorkerError::Start(error.to_string()))?;
        if let Some(mut worker) = self.idle_worker() {
            match worker.ask(&request, self.limits.time).await {
                Ok(answer) => {
                    self.put_back(worker);
                    return Ok(answer);
                }
                // It may have died of what earlier files left behind, or been killed by someone:
                // only a fresh worker's death tells on the file.
                Err(Failure::Died) => {}
                Err(Failure::TimedOut) => return Err(self.timed_out(path)),
            }
        }
        let mut worker = Process::start(&self.command, self.limits, self.turn).await?;
        match worker.ask(&request, self.limits.time).await {
            Ok(answer) => {
                self.put_back(worker);
                Ok(answer)
            }
            Err(Failure::Died) => Err(WorkerError::Died { path: path.into() }),
            Err(Failure::TimedOut) => Err(self.timed_out(path)),
        }
    }

    fn idle_worker(&self) -> Option<Process> {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop()
    }

    fn put_back(&self, worker: Process) {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(worker);
    }

    fn timed_out(&self, path: &Path) -> WorkerError {
        WorkerError::TimedOut {
            path: path.into(),
            seconds: self.limits.time.as_secs(),
        }
    }
}

/// Serves requests and never returns when this process was started as a worker; does nothing
/// otherwise. The first line of `main` of every binary that keeps a [`Pool`].
pub fn serve_if_asked() {
    if std::env::args_os()
        .nth(1)
        .is_some_and(|argument| argument == WORKER_ARGUMENT)
    {
        serve();
    }
}

/// Serves requests until standard input ends. The last argument is [`Limits::memory`], as the pool
/// passes it; without one the default holds.
pub fn serve() -> ! {
    let memory = std::env::args()
        .next_back()
        .and_then(|argument| argument.parse().ok());
    child::serve(memory.unwrap_or(Limits::default().memory))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_a_picture_does_not_tell_where_it_lies() {
        let path = || PathBuf::from("/home/ann/a.jpg");
        let message = || "no such file".to_owned();
        //  error, what its sidecar says
        let cases = [
            (
                WorkerError::Died { path: path() },
                Some("reading it ended the decoder"),
            ),
            (
                WorkerError::TimedOut {
                    path: path(),
                    seconds: 60,
                },
                Some("reading it took longer than 60 s"),
            ),
            (
                crate::ThumbnailError::Unsupported("AVIF").into(),
                Some("thumbnails of AVIF are not made yet"),
            ),
            (
                WorkerError::Unreadable {
                    path: path(),
                    message: message(),
                },
                None,
            ),
            (WorkerError::Start(message()), None),
        ];
        for (error, said) in cases {
            assert_eq!(error.of_picture().as_deref(), said, "{error}");
        }
    }
}
