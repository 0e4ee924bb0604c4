//! Goes over the copies that a destination is said to have, and takes back what it does not.
//!
//! A copy is *looked at* (is it there, with its size, and what does the store vouch for) or *read back*
//! (all its bytes, hashed), and so is what lies beside it, which is put again where it is missing. Each
//! verdict is a row as soon as it is reached, so a check that is stopped has done what it did, and the next
//! one begins with what this one did not reach.
//!
//! **Invariant:** no original at the destination is changed. A proof is taken back only by what the far side
//! itself showed: a destination that does not answer takes nothing back.

mod judging;
mod lacking;

use crate::blocking::blocking;
use crate::clock;
use crate::context::Context;
use crate::reason::of_remote;
use crate::registry::Reached;
use crate::store::StoreError;
use crate::store::checks::{self, Depth, Held, Lost, Withdrawn};
use crate::store::destinations;
use crate::store::files;
use crate::store::jobs::{self, JobKind};
use crate::store::photos::PhotoId;
use crate::view::{Event, Reason, Verified, Wrong, WrongCopy};
use judging::{Verdict, patiently};
use remote::{Error, Proof, Remote};
use std::collections::{HashSet, VecDeque};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Copies that are looked at at once; reading is what takes long, and disks like it in a row.
const AT_ONCE: usize = 8;
const READS_AT_ONCE: usize = 2;
/// How often the progress is told.
const TELL: Duration = Duration::from_millis(250);
/// Right copies are recorded this many at a time.
const BATCH: usize = 64;
/// The most wrong copies that are named.
const MOST_NAMED: usize = 1_000;

/// Goes over one destination; `percent` of its copies are read back. Ends early when `stop` fires, or
/// when the destination cannot be spoken to any more.
pub(crate) async fn run(
    context: &Context,
    reached: &Reached,
    percent: f64,
    stop: &CancellationToken,
) -> Result<Verified, StoreError> {
    let id = reached.destination.id;
    let (looks, reads, lost) = context
        .store
        .read(move |db| {
            let reads = checks::to_read(db, id, percent)?;
            Ok((checks::to_look(db, id)?, reads, checks::still_lost(db, id)?))
        })
        .await?;
    let read: HashSet<PhotoId> = reads.iter().copied().collect();
    let mut queue: VecDeque<PhotoId> = looks.into_iter().filter(|id| !read.contains(id)).collect();
    let mut run = Run {
        context,
        reached,
        report: Verified::nothing_of(
            id.0,
            reached.destination.name.clone(),
            u32::try_from(queue.len() + reads.len()).unwrap_or(u32::MAX),
        ),
        right: Vec::new(),
        unanswered: None,
        done: 0,
        told: Instant::now(),
    };
    // What was damaged, has no file here and is not to be read now is still damaged.
    let gone_over: HashSet<PhotoId> = queue.iter().chain(&reads).copied().collect();
    for photo in lost {
        if !gone_over.contains(&photo) {
            run.still_damaged(photo).await?;
        }
    }
    let mut reads = VecDeque::from(reads);
    let mut looking: JoinSet<(Held, Result<Looked, Error>)> = JoinSet::new();
    let mut reading = 0;
    let mut aborted = false;
    run.tell();
    loop {
        while looking.len() < AT_ONCE && !stop.is_cancelled() && run.report.problem.is_none() {
            let next = (reading < READS_AT_ONCE)
                .then(|| reads.pop_front())
                .flatten();
            let (photo, depth) = match next {
                Some(photo) => (photo, Depth::Read),
                None => match queue.pop_front() {
                    Some(photo) => (photo, Depth::Looked),
                    None => break,
                },
            };
            let Some(held) = run.held(photo).await? else {
                run.done += 1;
                continue;
            };
            reading += usize::from(depth == Depth::Read);
            let remote = reached.remote.clone();
            let marker = reached.destination.marker.clone();
            looking.spawn(async move {
                let looked = look(remote.as_ref(), &marker, &held, depth).await;
                (held, looked)
            });
        }
        let ended = tokio::select! {
            ended = looking.join_next() => ended,
            () = stop.cancelled(), if !aborted => {
                aborted = true;
                looking.abort_all();
                continue;
            }
        };
        let Some(ended) = ended else { break };
        let (held, looked) = match ended {
            Ok(ended) => ended,
            Err(error) if error.is_cancelled() => continue,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        };
        if read.contains(&held.photo) {
            reading -= 1;
        }
        run.take(held, looked).await?;
    }
    run.flush().await?;
    run.report.problem = run.report.problem.or(run.unanswered.take());
    run.report.stopped = stop.is_cancelled() && run.done < run.report.copies;
    run.tell_now();
    if !run.report.stopped && run.report.problem.is_none() {
        let now = clock::now();
        context
            .store
            .write(move |db| destinations::set_verified(db, id, now))
            .await?;
    }
    context.news.status();
    Ok(run.report)
}

/// A check under way.
struct Run<'a> {
    context: &'a Context,
    reached: &'a Reached,
    report: Verified,
    /// Not recorded yet.
    right: Vec<(Held, Proof, Depth)>,
    /// Why a copy could be neither looked at nor read; the others are gone over all the same.
    unanswered: Option<Reason>,
    done: u32,
    told: Instant,
}

impl Run<'_> {
    async fn held(&self, photo: PhotoId) -> Result<Option<Held>, StoreError> {
        let id = self.reached.destination.id;
        self.context
            .store
            .read(move |db| checks::held(db, photo, id))
            .await
    }

    async fn still_damaged(&mut self, photo: PhotoId) -> Result<(), StoreError> {
        if let Some(held) = self.held(photo).await?
            && let Some(lost) = held.lost
        {
            self.report.copies = self.report.copies.saturating_add(1);
            self.done += 1;
            self.wrong(&held, lost, String::new(), Withdrawn::Gone);
        }
        Ok(())
    }

    async fn take(&mut self, held: Held, looked: Result<Looked, Error>) -> Result<(), StoreError> {
        self.done += 1;
        let (verdict, lacking) = match looked {
            Ok(looked) => (Ok(looked.verdict), looked.lacking),
            Err(error) => (Err(error), Vec::new()),
        };
        match verdict {
            Ok(Verdict::Right(proof, depth)) => {
                let again = queue(self.context, self.reached, &held, lacking).await?;
                self.report.derived += again;
                self.report.right += 1;
                if depth == Depth::Read {
                    self.report.read += 1;
                    self.report.bytes_read += held.bytes;
                }
                self.right.push((held, proof, depth));
                if self.right.len() >= BATCH {
                    self.flush().await?;
                }
            }
            Ok(Verdict::Lost(lost, detail)) => {
                let withdrawn = withdraw(self.context, self.reached, &held, lost).await?;
                if withdrawn == Withdrawn::Stale {
                    self.report.right += 1;
                } else {
                    self.wrong(&held, lost, detail, withdrawn);
                }
            }
            Ok(Verdict::Unanswered(error)) => {
                let reason = Reason::new(of_remote(&error), format!("{}: {error}", held.key));
                self.unanswered.get_or_insert(reason);
            }
            Err(error) => {
                if self.report.problem.is_none() {
                    self.report.problem = Some(Reason::new(of_remote(&error), error));
                }
            }
        }
        self.tell();
        Ok(())
    }

    fn wrong(&mut self, held: &Held, lost: Lost, detail: String, withdrawn: Withdrawn) {
        let what = match lost {
            Lost::Missing => {
                self.report.missing += 1;
                Wrong::Missing
            }
            Lost::Damaged => {
                self.report.damaged += 1;
                Wrong::Damaged
            }
        };
        if self.report.wrong.len() < MOST_NAMED {
            self.report.wrong.push(WrongCopy {
                photo: held.photo.0,
                name: held.name.clone(),
                key: held.key.clone(),
                what,
                goes_up_again: withdrawn == Withdrawn::Queued,
                detail,
            });
        }
    }

    async fn flush(&mut self) -> Result<(), StoreError> {
        let right = std::mem::take(&mut self.right);
        if right.is_empty() {
            return Ok(());
        }
        let (id, now) = (self.reached.destination.id, clock::now());
        let back: Vec<PhotoId> = right
            .iter()
            .filter(|(held, ..)| held.lost.is_some())
            .map(|(held, ..)| held.photo)
            .collect();
        self.context
            .store
            .write(move |db| {
                right.iter().try_for_each(|(held, proof, depth)| {
                    checks::right(db, held, id, proof, *depth, now)
                })
            })
            .await?;
        if !back.is_empty() {
            self.context.news.photos(back);
        }
        Ok(())
    }

    /// A few times a second at most.
    fn tell(&mut self) {
        if self.told.elapsed() >= TELL || self.done == 0 {
            self.tell_now();
        }
    }

    fn tell_now(&mut self) {
        self.told = Instant::now();
        self.context.news.tell(Event::Verifying {
            destination: self.reached.destination.id.0,
            done: self.done,
            total: self.report.copies,
        });
    }
}

/// What was seen of one copy, and of what lies beside it.
struct Looked {
    verdict: Verdict,
    lacking: Vec<JobKind>,
}

async fn look(
    remote: &dyn Remote,
    marker: &remote::Marker,
    held: &Held,
    depth: Depth,
) -> Result<Looked, Error> {
    let verdict = patiently(remote, marker, held, depth).await?;
    let lacking = match &verdict {
        // The next check asks again: the photo itself is what counts.
        Verdict::Right(..) => lacking::beside(remote, held, depth)
            .await
            .unwrap_or_else(|error| {
                tracing::info!(key = held.key, %error, "cannot look at what lies beside a photo");
                Vec::new()
            }),
        Verdict::Lost(..) | Verdict::Unanswered(_) => Vec::new(),
    };
    Ok(Looked { verdict, lacking })
}

/// Queues what is lacking beside a copy, as far as it can be made again; returns how much that is.
async fn queue(
    context: &Context,
    reached: &Reached,
    held: &Held,
    lacking: Vec<JobKind>,
) -> Result<u32, StoreError> {
    if lacking.is_empty() {
        return Ok(0);
    }
    let thumbnail = context.thumbs.path(&held.sha256);
    let kept = blocking(move || thumbnail.is_file()).await;
    let (photo, id) = (held.photo, reached.destination.id);
    let queued = context
        .store
        .write(move |db| {
            let made_again = kept || !files::sources(db, photo)?.is_empty();
            let mut queued = 0;
            for kind in lacking {
                if kind == JobKind::Thumbnail && !made_again {
                    continue;
                }
                queued += u32::from(jobs::queue_derived(db, photo, id, kind)?);
            }
            Ok(queued)
        })
        .await?;
    if queued > 0 {
        tracing::info!(key = held.key, "what lies beside a photo is put again");
        context.bells.upload.notify_one();
    }
    Ok(queued)
}

/// Looks at one copy, or reads it, and records what it is.
pub(crate) async fn one(
    context: &Context,
    reached: &Reached,
    held: Held,
    depth: Depth,
) -> Result<Result<(), Error>, StoreError> {
    let marker = &reached.destination.marker;
    let looked = match look(reached.remote.as_ref(), marker, &held, depth).await {
        Ok(looked) => looked,
        Err(error) => return Ok(Err(error)),
    };
    let (id, now) = (reached.destination.id, clock::now());
    match looked.verdict {
        Verdict::Unanswered(error) => return Ok(Err(error)),
        Verdict::Lost(lost, _) => {
            withdraw(context, reached, &held, lost).await?;
        }
        Verdict::Right(proof, depth) => {
            queue(context, reached, &held, looked.lacking).await?;
            context
                .store
                .write(move |db| checks::right(db, &held, id, &proof, depth, now))
                .await?;
        }
    }
    Ok(Ok(()))
}

async fn withdraw(
    context: &Context,
    reached: &Reached,
    held: &Held,
    lost: Lost,
) -> Result<Withdrawn, StoreError> {
    tracing::warn!(
        key = held.key,
        ?lost,
        "a photo that was backed up is not there as it was"
    );
    let (id, now, photo, held) = (
        reached.destination.id,
        clock::now(),
        held.photo,
        held.clone(),
    );
    let withdrawn = context
        .store
        .write(move |db| checks::withdraw(db, &held, id, lost, now))
        .await?;
    context.news.photo(photo);
    context.bells.upload.notify_one();
    Ok(withdrawn)
}
