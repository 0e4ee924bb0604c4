//! The owner's side: listens, and does what callers ask.
//!
//! What changes something is done to its end, also when its caller hangs up; what only waits or looks ends
//! with its caller. **Invariant:** no call outlives [`Door::close`].

use super::lines::{Reader, Writer};
use super::place::{self, Place};
use super::{BEAT, Call, Greeting, PATIENCE, Question, Reply, Request, VERSION};
use crate::library::{Library, Result, WeakLibrary};
use crate::store::photos::PhotoId;
use crate::view::{Cause, CommandError};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::broadcast::error::RecvError;
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

/// Callers at once; others wait at the door.
const MOST_CALLERS: usize = 64;
/// A call of this many bytes holds more paths than any command line.
const LONGEST_CALL: usize = 16 * 1024 * 1024;
/// Photos of a list that are told at once.
const PHOTOS_AT_ONCE: usize = 500;
/// What was begun may take this long when the owner ends.
const GOODBYE: Duration = Duration::from_secs(2);
/// Between two tries to listen, after one failed.
const REST: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(crate) struct Door {
    leaving: CancellationToken,
    listening: JoinHandle<()>,
    /// Goes when the door does, before the library's lock.
    _place: Place,
}

impl Door {
    /// Opens the door of a library whose lock this process has.
    pub(crate) fn open(directory: &Path, library: WeakLibrary) -> io::Result<Self> {
        let (listener, place) = place::listen(directory)?;
        let leaving = CancellationToken::new();
        let listening = tokio::spawn(listen(listener, library, leaving.clone()));
        Ok(Self {
            leaving,
            listening,
            _place: place,
        })
    }

    /// Lets nobody in any more, tells who waits that there will be no answer, and has finished what was begun.
    pub(crate) async fn close(mut self) {
        self.leaving.cancel();
        if tokio::time::timeout(GOODBYE, &mut self.listening)
            .await
            .is_err()
        {
            tracing::warn!("what another process asked for was not finished in time");
        }
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        // Its callers are dropped with it.
        self.listening.abort();
    }
}

async fn listen(listener: UnixListener, library: WeakLibrary, leaving: CancellationToken) {
    let mut callers = JoinSet::new();
    loop {
        tokio::select! {
            () = leaving.cancelled() => break,
            Some(ended) = callers.join_next() => note(ended),
            accepted = listener.accept(), if callers.len() < MOST_CALLERS => match accepted {
                Ok((stream, _)) => {
                    let Some(library) = library.upgrade() else { break };
                    callers.spawn(answer(stream, library, leaving.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "another process could not be let in");
                    tokio::time::sleep(REST).await;
                }
            },
        }
    }
    drop(listener);
    while let Some(ended) = callers.join_next().await {
        note(ended);
    }
}

fn note(ended: std::result::Result<io::Result<()>, tokio::task::JoinError>) {
    match ended {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "a call ended early"),
        Err(error) => tracing::error!(%error, "a call ended unexpectedly"),
    }
}

async fn answer(
    stream: UnixStream,
    library: Library,
    leaving: CancellationToken,
) -> io::Result<()> {
    if stream.peer_cred()?.uid() != rustix::process::geteuid().as_raw() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let (reader, writer) = stream.into_split();
    let (mut reader, mut writer) = (Reader::new(reader), Writer::new(writer));
    let imgn = VERSION.to_owned();
    writer.send(&Greeting { imgn }).await?;
    let call = tokio::select! {
        call = tokio::time::timeout(PATIENCE, reader.next(LONGEST_CALL)) => call??,
        () = leaving.cancelled() => return writer.send(&Reply::Leaving).await,
    };
    let Some(call) = call else {
        return Ok(());
    };
    let request = match understood(&call) {
        Ok(request) => request,
        Err(error) => return writer.send(&Reply::Failed(error)).await,
    };
    drop(call);
    match request {
        Request::Events => tell(&library, reader, writer, &leaving).await,
        Request::List => list(&library, writer, &leaving).await,
        Request::Question(question) => work(&library, *question, reader, writer, &leaving).await,
    }
}

fn understood(call: &[u8]) -> Result<Request> {
    // The parser's own words may repeat what it read, which may be a key.
    let refused = |detail: &str| CommandError::new(Cause::LibraryInUse, detail);
    let call: Call = serde_json::from_slice(call)
        .map_err(|_| refused("the imgn that has the library open does not understand the call"))?;
    match call.imgn == VERSION {
        true => Ok(call.request),
        false => Err(refused(
            "the imgn that has the library open is of another version",
        )),
    }
}

async fn work(
    library: &Library,
    question: Question,
    mut reader: Reader,
    mut writer: Writer,
    leaving: &CancellationToken,
) -> io::Result<()> {
    let regardless = question.is_done_regardless();
    let done = perform(library, question);
    tokio::pin!(done);
    let mut beat = beats();
    loop {
        tokio::select! {
            result = &mut done => {
                let reply = result.map_or_else(Reply::Failed, Reply::Done);
                return writer.send(&reply).await;
            }
            _ = beat.tick() => {
                let told = writer.send(&Reply::Working).await;
                if told.is_err() && !regardless {
                    return told;
                }
            }
            () = reader.hung_up(), if !regardless => return Ok(()),
            () = leaving.cancelled(), if !regardless => return writer.send(&Reply::Leaving).await,
        }
    }
}

async fn perform(library: &Library, question: Question) -> Result<Box<RawValue>> {
    match question {
        Question::Status => value(&library.status().await?),
        Question::Activity => value(&library.activity().await?),
        Question::Find { query, path } => {
            value(&library.find_named(query, PathBuf::from(path)).await?)
        }
        Question::AddFolder { path } => value(&library.add_folder(Path::new(&path)).await?),
        Question::RemoveFolder { id } => value(&library.remove_folder(id).await?),
        Question::TestDestination { config, keys } => value(
            &library
                .test_destination(config, keys.map(Into::into))
                .await?,
        ),
        Question::CreateBucket { config, keys } => {
            value(&library.create_bucket(config, keys.map(Into::into)).await?)
        }
        Question::AddDestination { name, config, keys } => {
            let keys = keys.map(Into::into);
            value(&library.add_destination(name, config, keys).await?)
        }
        Question::SetKeys { destination, keys } => {
            value(&library.set_keys(destination, keys.into()).await?)
        }
        Question::RemoveDestination { id } => value(&library.remove_destination(id).await?),
        Question::DropPaths { paths, choice } => {
            let paths = paths.into_iter().map(PathBuf::from).collect();
            value(&library.drop_paths(paths, choice).await?)
        }
        Question::Why { path } => value(&library.why(Path::new(&path)).await?),
        Question::Verify {
            destination,
            read_percent,
        } => value(&library.verify(destination, read_percent).await?),
        Question::StopVerify => value(&library.stop_verify().await?),
        Question::Rebuild { destination } => value(&library.rebuild(destination).await?),
        Question::Restore { from, to } => value(&library.restore(from, Path::new(&to)).await?),
        Question::Link {
            photo,
            destination,
            seconds,
        } => value(&library.link(photo, destination, seconds).await?),
        Question::Doctor { destination } => value(&library.doctor(destination).await?),
        Question::Compare => value(&library.compare().await?),
        Question::Measure => value(&library.measure().await?),
        Question::StopMeasure => value(&library.stop_measure().await?),
        Question::PricesToEdit => value(&library.prices_to_edit().await?.into_os_string()),
        Question::Settings => value(&library.settings_in_force().await?),
        Question::SetSetting {
            key,
            value: to,
            folder,
        } => {
            let folder = folder.as_deref().map(Path::new);
            value(&library.set_setting(&key, to.as_deref(), folder).await?)
        }
        Question::ExportSettings => value(&library.export_settings().await?),
        Question::ImportSettings { name, text } => {
            value(&library.import_settings(&name, &text).await?)
        }
        Question::HasWindow => value(&library.has_window()),
        Question::Show { photos } => {
            let photos = photos.into_iter().map(PathBuf::from).collect();
            value(&library.show(photos).await?)
        }
        Question::SyncOnce => value(&library.sync_now().await?),
    }
}

/// Page by page, so that neither side holds a library as text.
async fn list(
    library: &Library,
    mut writer: Writer,
    leaving: &CancellationToken,
) -> io::Result<()> {
    let ids = match library.photo_ids().await {
        Ok(ids) => ids,
        Err(error) => return writer.send(&Reply::Failed(error)).await,
    };
    for ids in ids.chunks(PHOTOS_AT_ONCE).map(<[PhotoId]>::to_vec) {
        if leaving.is_cancelled() {
            return writer.send(&Reply::Leaving).await;
        }
        match library.details(ids).await.and_then(|photos| value(&photos)) {
            Ok(photos) => writer.send(&Reply::Part(photos)).await?,
            Err(error) => return writer.send(&Reply::Failed(error)).await,
        }
    }
    let no_more = value(&()).map_or_else(Reply::Failed, Reply::Done);
    writer.send(&no_more).await
}

async fn tell(
    library: &Library,
    mut reader: Reader,
    mut writer: Writer,
    leaving: &CancellationToken,
) -> io::Result<()> {
    let mut events = library.events();
    // The caller may count on hearing of everything from here on.
    writer.send(&Reply::Working).await?;
    let mut beat = beats();
    loop {
        tokio::select! {
            event = events.recv() => match event {
                Ok(event) => writer.send(&Reply::Event(event)).await?,
                // Events that were missed are followed by newer ones.
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return writer.send(&Reply::Leaving).await,
            },
            _ = beat.tick() => writer.send(&Reply::Working).await?,
            () = reader.hung_up() => return Ok(()),
            () = leaving.cancelled() => return writer.send(&Reply::Leaving).await,
        }
    }
}

fn beats() -> tokio::time::Interval {
    let mut beat = tokio::time::interval_at(tokio::time::Instant::now() + BEAT, BEAT);
    beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    beat
}

fn value(answer: &impl Serialize) -> Result<Box<RawValue>> {
    to_raw_value(answer).map_err(|error| CommandError::new(Cause::Internal, error))
}
