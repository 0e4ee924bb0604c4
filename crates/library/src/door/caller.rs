//! The caller's side: asks the process that has a library open.

use super::lines::{Reader, Writer};
use super::{Call, Greeting, PATIENCE, Question, Reply, Request, SILENCE, VERSION, place};
use crate::view::{Cause, CommandError, Event, PhotoDetail};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::io;
use std::path::{Path, PathBuf};
use tokio::net::UnixStream;

/// A greeting is no longer than this.
const LONGEST_GREETING: usize = 4 * 1024;
/// The longest answer names every file of a library that could not be backed up.
const LONGEST_REPLY: usize = 256 * 1024 * 1024;

/// The way to a library's owner. Each question is a connection of its own.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    directory: PathBuf,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Unanswered {
    /// The owner said so, or cannot be talked to.
    Failed(CommandError),
    /// The owner ended: whoever has the library next may be asked.
    Gone,
}

impl Caller {
    /// The owner of the library in `directory`; none: nobody listens there. [`Cause::LibraryInUse`] when who
    /// does is another version, or stuck, or no imgn.
    pub(crate) async fn find(directory: &Path) -> Result<Option<Self>, CommandError> {
        let caller = Self {
            directory: directory.to_owned(),
        };
        match caller.call().await {
            Ok(_) => Ok(Some(caller)),
            Err(Unanswered::Gone) => Ok(None),
            Err(Unanswered::Failed(error)) => Err(error),
        }
    }

    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        question: Question,
    ) -> Result<T, Unanswered> {
        let mut answers = self.put(Request::Question(Box::new(question))).await?;
        loop {
            match answers.reply().await? {
                Reply::Done(value) => return parse(&value),
                Reply::Working => {}
                Reply::Part(_) | Reply::Event(_) => return Err(not_understood()),
                Reply::Failed(error) => return Err(Unanswered::Failed(error)),
                Reply::Leaving => return Err(Unanswered::Gone),
            }
        }
    }

    /// Every photo.
    pub(crate) async fn list(&self) -> Result<Vec<PhotoDetail>, Unanswered> {
        let mut answers = self.put(Request::List).await?;
        let mut all = Vec::new();
        loop {
            match answers.reply().await? {
                Reply::Part(some) => all.append(&mut parse::<Vec<PhotoDetail>>(&some)?),
                Reply::Done(_) => return Ok(all),
                Reply::Working => {}
                Reply::Event(_) => return Err(not_understood()),
                Reply::Failed(error) => return Err(Unanswered::Failed(error)),
                Reply::Leaving => return Err(Unanswered::Gone),
            }
        }
    }

    /// Listens to what changes; nothing that does after this returned is missed.
    pub(crate) async fn events(&self) -> Result<Answers, Unanswered> {
        let mut answers = self.put(Request::Events).await?;
        match answers.reply().await? {
            Reply::Working => Ok(answers),
            Reply::Failed(error) => Err(Unanswered::Failed(error)),
            Reply::Leaving => Err(Unanswered::Gone),
            Reply::Event(_) | Reply::Part(_) | Reply::Done(_) => Err(not_understood()),
        }
    }

    async fn put(&self, request: Request) -> Result<Answers, Unanswered> {
        let (reader, mut writer) = self.call().await?;
        let imgn = VERSION.to_owned();
        let sent = writer.send(&Call { imgn, request }).await;
        sent.map_err(|error| ended(&error))?;
        Ok(Answers {
            reader,
            _writer: writer,
        })
    }

    /// A connection to an owner of this account and version.
    async fn call(&self) -> Result<(Reader, Writer), Unanswered> {
        let place = match place::of(&self.directory) {
            Ok(Some(place)) => place,
            Ok(None) => return Err(Unanswered::Gone),
            Err(error) => return Err(unreached(&error)),
        };
        let stream = UnixStream::connect(place)
            .await
            .map_err(|error| unreached(&error))?;
        let peer = stream.peer_cred().map_err(|error| ended(&error))?;
        if peer.uid() != rustix::process::geteuid().as_raw() {
            return Err(failed("another account has the library open"));
        }
        let (reader, writer) = stream.into_split();
        let mut reader = Reader::new(reader);
        let said = tokio::time::timeout(PATIENCE, reader.next(LONGEST_GREETING)).await;
        let greeting = match said {
            Ok(Ok(Some(greeting))) => greeting,
            Ok(Ok(None)) => return Err(Unanswered::Gone),
            Ok(Err(error)) => return Err(ended(&error)),
            Err(_) => {
                let detail = format!("it did not answer within {} s", PATIENCE.as_secs());
                return Err(failed(detail));
            }
        };
        let greeting: Greeting = serde_json::from_slice(&greeting).map_err(|_| not_understood())?;
        if greeting.imgn != VERSION {
            // What another program says is not repeated at length.
            let theirs: String = greeting.imgn.chars().take(40).collect();
            return Err(failed(format!(
                "it is imgn {theirs}, and this is {VERSION}"
            )));
        }
        Ok((reader, Writer::new(writer)))
    }
}

/// What the owner says to one call.
#[derive(Debug)]
pub(crate) struct Answers {
    reader: Reader,
    /// Kept open: its end would be a hang-up.
    _writer: Writer,
}

impl Answers {
    /// The next event. May be dropped and called again.
    pub(crate) async fn event(&mut self) -> Result<Event, Unanswered> {
        loop {
            match self.reply().await? {
                Reply::Event(event) => return Ok(event),
                Reply::Working => {}
                Reply::Part(_) | Reply::Done(_) => return Err(not_understood()),
                Reply::Failed(error) => return Err(Unanswered::Failed(error)),
                Reply::Leaving => return Err(Unanswered::Gone),
            }
        }
    }

    async fn reply(&mut self) -> Result<Reply, Unanswered> {
        let said = tokio::time::timeout(SILENCE, self.reader.next(LONGEST_REPLY)).await;
        match said {
            Ok(Ok(Some(reply))) => serde_json::from_slice(&reply).map_err(|_| not_understood()),
            Ok(Ok(None)) => Err(Unanswered::Gone),
            Ok(Err(error)) => Err(ended(&error)),
            Err(_) => {
                let detail = format!("it has shown no sign of life for {} s", SILENCE.as_secs());
                Err(failed(detail))
            }
        }
    }
}

fn parse<T: DeserializeOwned>(value: &RawValue) -> Result<T, Unanswered> {
    serde_json::from_str(value.get()).map_err(|_| not_understood())
}

/// Nobody listens where an owner would: not even a stuck one.
fn unreached(error: &io::Error) -> Unanswered {
    match error.kind() {
        io::ErrorKind::NotFound
        | io::ErrorKind::NotADirectory
        | io::ErrorKind::ConnectionRefused
        | io::ErrorKind::PermissionDenied => Unanswered::Gone,
        _ => failed(format!("it cannot be reached: {error}")),
    }
}

/// A connection that broke.
fn ended(error: &io::Error) -> Unanswered {
    match error.kind() {
        io::ErrorKind::InvalidData => not_understood(),
        io::ErrorKind::TimedOut => failed("it does not take what it is asked"),
        _ => Unanswered::Gone,
    }
}

fn not_understood() -> Unanswered {
    failed("what listens there is not this imgn")
}

fn failed(detail: impl ToString) -> Unanswered {
    Unanswered::Failed(CommandError::new(Cause::LibraryInUse, detail))
}
