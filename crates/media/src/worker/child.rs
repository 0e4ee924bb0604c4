//! The worker's side: answers requests until its standard input ends.

use super::protocol::{Answer, Request, Task, frame, read_request};
use crate::head::Head;
use crate::{FirstPaint, Kind, Metadata, Thumbnail, open};
use std::io::{self, Write};
use std::path::Path;
use std::process::exit;
use std::sync::mpsc;

pub(super) fn serve(memory: u64) -> ! {
    match limit_memory(memory).and_then(|()| answer_all(memory)) {
        Ok(()) => exit(0),
        Err(error) => {
            // Standard error is the parent's log.
            let _ = writeln!(io::stderr(), "media worker: {error}");
            exit(1)
        }
    }
}

fn answer_all(memory: u64) -> io::Result<()> {
    let requests = requests()?;
    let mut output = io::stdout().lock();
    let mut send = |answer: &Answer, bytes: &[u8]| {
        output.write_all(&frame(answer, bytes)?)?;
        output.flush()
    };
    send(&Answer::Ready, &[])?;
    for request in requests {
        let request = request?;
        let path = request.path()?;
        // Some is left for what a decoder takes beside the picture.
        let most = memory / 8 * 7;
        match request.task {
            Task::Inspect => send(&inspect(&path), &[])?,
            Task::Thumbnail { size } => {
                let (answer, bytes) = Answer::thumbnail(Thumbnail::of_file(&path, size, most));
                send(&answer, &bytes)?;
            }
            Task::FirstPaint { size } => {
                let (answer, bytes) = Answer::first_paint(FirstPaint::of_file(&path, size, most));
                send(&answer, &bytes)?;
            }
        }
    }
    Ok(())
}

/// Requests are read on a thread of their own, which notices at once when the parent is gone: a
/// decoder that hangs then has nobody left to stop it.
fn requests() -> io::Result<mpsc::Receiver<io::Result<Request>>> {
    let (sender, receiver) = mpsc::sync_channel(1);
    std::thread::Builder::new()
        .name("requests".into())
        .stack_size(256 * 1024)
        .spawn(move || {
            let mut input = io::stdin().lock();
            loop {
                let Some(request) = read_request(&mut input).transpose() else {
                    exit(0)
                };
                let damaged = request.is_err();
                if sender.send(request).is_err() || damaged {
                    return;
                }
            }
        })?;
    Ok(receiver)
}

fn inspect(path: &Path) -> Answer {
    let name = path.file_name().unwrap_or_default();
    match open::regular_file(path).and_then(|mut file| Head::read(&mut file, name)) {
        Ok(Head { kind, data }) => {
            let (metadata, error) = match kind {
                Kind::Photo(media_type) => Metadata::read(media_type, &data),
                _ => Default::default(),
            };
            Answer::Inspected {
                kind,
                metadata: Box::new(metadata),
                error,
            }
        }
        Err(error) => Answer::Unreadable {
            message: error.to_string(),
        },
    }
}

/// The address space of this process from now on: what it has, and `memory` more.
#[cfg(target_os = "linux")]
fn limit_memory(memory: u64) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    // The libraries that a binary brings along (a whole webview) count too, though they cost nothing.
    let status = std::fs::read_to_string("/proc/self/statm")?;
    let pages = status
        .split_whitespace()
        .next()
        .and_then(|pages| pages.parse::<u64>().ok());
    let pages = pages.ok_or_else(|| io::Error::other("no size in /proc/self/statm"))?;
    let wanted = memory.saturating_add(pages.saturating_mul(rustix::param::page_size() as u64));
    // A limit that someone else has set is not raised.
    let maximum = getrlimit(Resource::As).maximum;
    let limit = maximum.map_or(wanted, |maximum| maximum.min(wanted));
    setrlimit(
        Resource::As,
        Rlimit {
            current: Some(limit),
            maximum: Some(limit),
        },
    )?;
    Ok(())
}

/// Other systems have no limit that works; what decoding costs is still known from the header.
#[cfg(not(target_os = "linux"))]
fn limit_memory(_memory: u64) -> io::Result<()> {
    Ok(())
}
