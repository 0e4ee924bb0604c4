//! Asks a destination how long it takes: a few dozen small questions, and a few probes where it takes them.
//!
//! **Invariant:** nothing of the person's is read or written, and a probe that was begun is removed again also when
//! nobody waits for it any more.

use crate::clock;
use crate::context::Context;
use crate::news::News;
use crate::opening;
use crate::reason::of_remote;
use crate::store::StoreError;
use crate::store::destinations::{self, Destination};
use crate::store::samples::{self, Sample, Timed};
use crate::view::{DestinationConfig, Event, MeasuredPlace, Probing, Reason, TypedKeys};
use bytes::Bytes;
use remote::{Error, Remote};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

/// How often the first question is asked again, on the connection that it opened.
const AGAIN: u32 = 5;
const LISTS: u32 = 20;
const PROBES: u32 = 5;
/// The size of a small photo.
const PROBE_BYTES: usize = 1_000_000;
/// No single answer is waited for longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// How far it is, over all places.
pub(crate) struct Way<'a> {
    news: &'a News,
    done: u32,
    total: u32,
}

impl<'a> Way<'a> {
    pub(crate) fn over(news: &'a News, places: &[Destination]) -> Self {
        Self {
            news,
            done: 0,
            total: places.iter().map(|row| questions(&row.config)).sum(),
        }
    }

    fn tell(&self, name: &str) {
        self.news.tell(Event::Measuring {
            name: name.to_owned(),
            done: self.done,
            total: self.total,
        });
    }
}

fn questions(config: &DestinationConfig) -> u32 {
    let probes = match config {
        DestinationConfig::Folder { .. } | DestinationConfig::S3 { .. } => PROBES,
        // What is put there cannot be removed.
        DestinationConfig::Http { .. } | DestinationConfig::Lambda { .. } => 0,
    };
    1 + AGAIN + LISTS + probes
}

/// Measures one place; what was seen until it failed or was stopped counts.
pub(crate) async fn run(
    context: &Context,
    row: Destination,
    keys: Option<TypedKeys>,
    way: &mut Way<'_>,
    stop: &CancellationToken,
) -> Result<MeasuredPlace, StoreError> {
    let id = row.id;
    let last = context
        .store
        .read(move |db| samples::last_answer(db, id))
        .await?;
    let end = way.done + questions(&row.config);
    let mut seen = Seen {
        row: &row,
        way,
        stop,
        samples: Vec::new(),
        probes: Probing::NotTried,
    };
    let asked = seen.ask_all(context, keys, last).await;
    let (samples, probes) = (seen.samples, seen.probes);
    way.done = end;
    way.tell(&row.name);
    let answers = u32::try_from(samples.len()).unwrap_or(u32::MAX);
    context
        .store
        // Lost, it is measured again.
        .write_reproducible(move |db| match destinations::get(db, id)? {
            Some(_) => samples
                .iter()
                .try_for_each(|sample| samples::add(db, id, sample)),
            None => Ok(()),
        })
        .await?;
    Ok(MeasuredPlace {
        destination: id.0,
        name: row.name,
        answers,
        probes,
        reason: match asked {
            Ok(()) | Err(Ended::Stopped) => None,
            Err(Ended::Failed(error)) => Some(Reason::new(of_remote(&error), error)),
        },
    })
}

/// Why it ended early.
enum Ended {
    Stopped,
    Failed(Error),
}

struct Seen<'a, 'b> {
    row: &'a Destination,
    way: &'a mut Way<'b>,
    stop: &'a CancellationToken,
    samples: Vec<Sample>,
    probes: Probing,
}

impl Seen<'_, '_> {
    /// `last` is when it answered last; milliseconds.
    async fn ask_all(
        &mut self,
        context: &Context,
        keys: Option<TypedKeys>,
        last: Option<i64>,
    ) -> Result<(), Ended> {
        self.way.tell(&self.row.name);
        let row = self.row;
        let rested = last.map(|last| (clock::now() - last).max(0));
        let opened = async {
            let remote = opening::open_remote(&row.config, keys, row.profile.clone()).await?;
            remote.check(&row.marker).await?;
            Ok::<_, Error>(remote)
        };
        let (remote, took) = self.ask(opened).await?;
        self.note(Timed::First, took, rested);
        for _ in 0..AGAIN {
            let ((), took) = self.ask(remote.check(&row.marker)).await?;
            self.note(Timed::Again, took, None);
        }
        for _ in 0..LISTS {
            let (_, took) = self.ask(remote.list(None)).await?;
            self.note(Timed::List, took, None);
        }
        self.probe(context, &remote).await
    }

    async fn probe(&mut self, context: &Context, remote: &Arc<dyn Remote>) -> Result<(), Ended> {
        let body = probe_body();
        for _ in 0..PROBES {
            let timed = sent_regardless(context, remote, body.clone());
            let (timed, _) = self.ask(timed).await?;
            let (probes, took) = match timed {
                remote::Timed::Removed(took) => (Probing::Removed, took),
                remote::Timed::Stays(took) => (Probing::Stays, took),
                remote::Timed::NotTaken => {
                    self.probes = Probing::NotTaken;
                    return Ok(());
                }
            };
            self.probes = probes;
            self.note(Timed::Probe, took, None);
            if probes == Probing::Stays {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Waits for an answer, for so long, unless a person stops it.
    async fn ask<T>(
        &self,
        question: impl Future<Output = Result<T, Error>>,
    ) -> Result<(T, Duration), Ended> {
        let begun = Instant::now();
        let answer = tokio::select! {
            () = self.stop.cancelled() => return Err(Ended::Stopped),
            answer = tokio::time::timeout(PATIENCE, question) => answer,
        };
        let answer = answer.unwrap_or_else(|_| {
            Err(Error::Unreachable {
                endpoint: opening::place(&self.row.config),
                message: format!("no answer within {} s", PATIENCE.as_secs()),
            })
        });
        Ok((answer.map_err(Ended::Failed)?, begun.elapsed()))
    }

    fn note(&mut self, timed: Timed, took: Duration, rested: Option<i64>) {
        self.samples.push(Sample {
            timed,
            at: clock::now(),
            took,
            bytes: match timed {
                Timed::Probe => PROBE_BYTES as u64,
                _ => 0,
            },
            rested,
        });
        self.way.done += 1;
        self.way.tell(&self.row.name);
    }
}

/// Dropped, it still ends: a probe is put and removed by a task of its own, which the library's end waits for.
async fn sent_regardless(
    context: &Context,
    remote: &Arc<dyn Remote>,
    body: Bytes,
) -> Result<remote::Timed, Error> {
    let (answer, answered) = oneshot::channel();
    let sent = Arc::clone(remote);
    context.errands.spawn(async move {
        // Nobody may wait for it any more.
        answer.send(sent.time_probe(body).await).ok();
    });
    answered.await.unwrap_or_else(|_| {
        Err(Error::Settings(
            "the library was closed while it was measured".to_owned(),
        ))
    })
}

/// Bytes that neither a line nor a disk can make smaller.
fn probe_body() -> Bytes {
    let mut body = Vec::with_capacity(PROBE_BYTES + 32);
    let mut block = Sha256::digest(b"imgn was here to see how long this takes");
    while body.len() < PROBE_BYTES {
        body.extend_from_slice(&block);
        block = Sha256::digest(block);
    }
    body.truncate(PROBE_BYTES);
    Bytes::from(body)
}
