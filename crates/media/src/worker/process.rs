//! The parent's side: one child process, its pipes, and the end of it.
//!
//! **Invariant:** a process that is not between two requests is not used again: it is dropped, and
//! dropping kills. Nobody waits for its end, which a disk that hangs may put off: the runtime reaps it.

use super::protocol::{Answer, HEADER, Request, frame, invalid, lengths};
use super::{Limits, Turn, WorkerCommand, WorkerError};
use std::env;
use std::io;
use std::pin::pin;
use std::process::Stdio;
use std::time::{Duration, Instant};
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

/// An answer is waited for in pieces of this length; of one that took so many times as long, this process
/// was not there for the rest.
const PIECE: Duration = Duration::from_secs(1);
const OVERSLEPT: u32 = 2;

#[derive(Debug)]
pub(super) struct Process {
    /// Killed when it is dropped.
    child: Child,
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
        turn: Turn,
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
        if turn == Turn::Later {
            give_way(&child);
        }
        let log = tokio::spawn(log(errors, child.id()));
        let mut process = Self {
            child,
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
    ///
    /// While others have the processor that it waits for, its time does not run; nor while this process was
    /// stopped or asleep, and could not have heard an answer.
    pub(super) async fn ask(
        &mut self,
        request: &Request,
        time: Duration,
    ) -> Result<(Answer, Vec<u8>), Failure> {
        let pid = self.child.id();
        let waited_before = kept_waiting(pid);
        let mut exchange = pin!(self.exchange(request));
        let (mut ran, mut left) = (Duration::ZERO, time);
        loop {
            let piece = left.min(PIECE);
            let begun = Instant::now();
            match timeout(piece, &mut exchange).await {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(_)) => return Err(Failure::Died),
                Err(_) if begun.elapsed() > piece * OVERSLEPT => {}
                Err(_) => ran += piece,
            }
            let waited = kept_waiting(pid).saturating_sub(waited_before);
            left = (time + waited).saturating_sub(ran);
            if left.is_zero() {
                return Err(Failure::TimedOut);
            }
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

/// For how long a process was ready to go on and was not let, since it began.
#[cfg(target_os = "linux")]
fn kept_waiting(pid: Option<u32>) -> Duration {
    // proc(5): time on the processor, time waiting for it in nanoseconds, turns.
    let told = pid.and_then(|pid| std::fs::read_to_string(format!("/proc/{pid}/schedstat")).ok());
    let waited = told.and_then(|told| told.split_whitespace().nth(1)?.parse().ok());
    Duration::from_nanos(waited.unwrap_or(0))
}

#[cfg(not(target_os = "linux"))]
fn kept_waiting(_pid: Option<u32>) -> Duration {
    Duration::ZERO
}

/// Has the process leave most of the time to others. One that does not is only less polite.
#[cfg(target_os = "linux")]
fn give_way(child: &Child) {
    use rustix::process::{Pid, setpriority_process};
    // Not the last of all: on a machine that is never idle there would be no thumbnails.
    const LATER: i32 = 10;
    let Some(pid) = child.id().map(u32::cast_signed).and_then(Pid::from_raw) else {
        return;
    };
    if let Err(error) = setpriority_process(Some(pid), LATER) {
        tracing::debug!(%error, "a media worker keeps its priority");
    }
}

#[cfg(not(target_os = "linux"))]
fn give_way(_child: &Child) {}

/// What a worker says on its standard error, in pieces of a bounded length.
async fn log(mut errors: ChildStderr, pid: Option<u32>) {
    let mut piece = [0; 4096];
    while let Ok(length @ 1..) = errors.read(&mut piece).await {
        let text = String::from_utf8_lossy(&piece[..length]);
        tracing::warn!(pid, "media worker: {}", text.trim_end());
    }
}
