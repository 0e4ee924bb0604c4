//! The parent's side: one child process, its pipes, and the end of it.
//!
//! **Invariant:** a process that is not between two requests is not used again: it is dropped, and
//! dropping kills. Nobody waits for its end, which a disk that hangs may put off: the runtime reaps it.

use super::protocol::{Answer, HEADER, Request, frame, invalid, lengths};
use super::{Limits, WorkerCommand, WorkerError};
use std::env;
use std::io;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// All that a worker has of its parent's environment, which may hold keys: what the system needs to
/// load the program. A picture that takes a decoder over finds no more.
const ENVIRONMENT: [&str; 5] = [
    "PATH",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    "SystemRoot",
];

#[derive(Debug)]
pub(super) struct Process {
    /// Killed when it is dropped.
    _child: Child,
    input: ChildStdin,
    output: ChildStdout,
    log: JoinHandle<()>,
}

/// Why a request has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    Died,
    TimedOut,
}

impl Process {
    /// Returns when the worker has said that it is up: what ends it afterwards is a file's doing.
    pub(super) async fn start(
        command: &WorkerCommand,
        limits: Limits,
    ) -> Result<Self, WorkerError> {
        /// Patience with a loaded machine, on which a large binary loads slowly.
        const LONGEST: Duration = Duration::from_secs(30);
        let failed = |error: io::Error| {
            WorkerError::Start(format!("{}: {error}", command.program.display()))
        };
        let mut child = Command::new(&command.program)
            .args(&command.args)
            .arg(limits.memory.to_string())
            .env_clear()
            // Each worker is one of several: a decoder that would take every core gets one.
            .env("RAYON_NUM_THREADS", "1")
            .envs(
                ENVIRONMENT
                    .iter()
                    .filter_map(|name| Some((name, env::var_os(name)?))),
            )
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let (Some(input), Some(output), Some(errors)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(failed(io::Error::other("no pipes to it")));
        };
        let log = tokio::spawn(log(errors, child.id()));
        let mut process = Self {
            _child: child,
            input,
            output,
            log,
        };
        match timeout(LONGEST, process.receive()).await {
            Ok(Ok((Answer::Ready, _))) => Ok(process),
            Ok(Ok(_)) => Err(failed(invalid("it is no media worker"))),
            Ok(Err(error)) => Err(failed(error)),
            Err(_) => Err(failed(io::ErrorKind::TimedOut.into())),
        }
    }

    /// Sends one request and waits for its answer. After a failure the process is of no more use.
    pub(super) async fn ask(
        &mut self,
        request: &Request,
        time: Duration,
    ) -> Result<(Answer, Vec<u8>), Failure> {
        match timeout(time, self.exchange(request)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) => Err(Failure::Died),
            Err(_) => Err(Failure::TimedOut),
        }
    }

    async fn exchange(&mut self, request: &Request) -> io::Result<(Answer, Vec<u8>)> {
        self.input.write_all(&frame(request, &[])?).await?;
        self.input.flush().await?;
        self.receive().await
    }

    async fn receive(&mut self) -> io::Result<(Answer, Vec<u8>)> {
        let mut header = [0; HEADER];
        self.output.read_exact(&mut header).await?;
        let (text, bytes) = lengths(header)?;
        let mut body = vec![0; text + bytes];
        self.output.read_exact(&mut body).await?;
        let answer = serde_json::from_slice(&body[..text])?;
        Ok((answer, body.split_off(text)))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.log.abort();
    }
}

/// What a worker says on its standard error, in pieces of a bounded length.
async fn log(mut errors: ChildStderr, pid: Option<u32>) {
    let mut piece = [0; 4096];
    while let Ok(length @ 1..) = errors.read(&mut piece).await {
        let text = String::from_utf8_lossy(&piece[..length]);
        tracing::warn!(pid, "media worker: {}", text.trim_end());
    }
}
