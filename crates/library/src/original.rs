//! Brings one original to one destination: its file, its key, the put, the proof.
//!
//! **Invariant:** a copy is confirmed only with a proof from the far side for the very bytes whose
//! SHA-256 the photo has. A new key is in the library before the first byte is sent under it, so
//! that a lost answer leads to the same key again.

mod ledger;
mod naming;
mod recognise;
mod source;

pub(crate) use naming::key_parts;

use crate::clock;
use crate::context::Context;
use crate::lane::Lane;
use crate::opening;
use crate::registry::{Load, Open};
use crate::store::StoreError;
use crate::store::copies::{self, Owner};
use crate::store::destinations::{self, DestinationId};
use crate::store::files;
use crate::store::jobs::{self, Job};
use crate::store::photos::{self, Photo, PhotoId};
use crate::store::samples::{self, Sample, Timed};
use crate::view::Cause;
use jiff::Timestamp;
use ledger::Rows;
use naming::{choose_key, owner_of};
use recognise::Recognised;
use remote::{Key, Original, Profile, Proof, Put, Service, Sha256};
use rusqlite::Connection;
use std::time::{Duration, Instant};

/// How a job ended.
#[derive(Debug)]
pub(crate) enum End {
    /// Recorded already.
    Done,
    /// Given back untried, for a pause.
    Released,
    /// The far side failed it.
    Remote(remote::Error),
    /// Something on this machine stands in the way.
    Here {
        cause: Cause,
        detail: String,
        again: Again,
    },
}

/// When something on this machine may have passed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Again {
    /// Milliseconds.
    At(i64),
    /// When the disk with its file is back.
    WithDisk,
    Never,
}

pub(crate) async fn bring(
    context: &Context,
    open: &Open,
    job: Job,
    lane: &mut Lane<'_>,
) -> Result<End, StoreError> {
    let (id, destination) = (job.photo, open.destination.id);
    let found = context
        .store
        .read(move |db| {
            let photo = photos::get(db, id)?;
            let known = photo
                .as_ref()
                .map(|photo| Known::read(db, photo, destination));
            Ok((photo, files::sources(db, id)?, known.transpose()?))
        })
        .await?;
    let (Some(photo), sources, Some(mut known)) = found else {
        return drop_job(context, job).await;
    };
    let Some(sha256) = photo.sha256 else {
        return drop_job(context, job).await;
    };
    let source = match source::choose(context, &sources).await? {
        Ok(source) => source,
        Err(end) => return Ok(end),
    };
    let transfer = context.transfers.begin(
        job.id,
        photo.id,
        open.destination.id,
        photo.name.clone(),
        photo.size,
    );
    let original = Original {
        path: &source.path,
        size: photo.size,
        sha256,
        mtime: photo
            .mtime
            .and_then(|ms| Timestamp::from_millisecond(ms).ok())
            .unwrap_or_default(),
        content_type: &photo.media_type,
        taken_at: photo.metadata.taken_at,
    };
    let progress = |sent| transfer.sent(sent);
    let candidates = std::mem::take(&mut known.candidates);
    match recognise::recognise(context, open, &photo, candidates, sha256, &source).await? {
        Ok(Recognised::Nothing) => {}
        Ok(Recognised::Merged) => {
            let photo = photo.clone();
            let read = move |db: &Connection| Known::read(db, &photo, destination);
            known = context.store.read(read).await?;
        }
        Err(error) => return Ok(End::Remote(error)),
    }
    match listed_already(open, known.listed_key, &photo, sha256).await {
        Ok(Some(arrival)) => {
            record(context, open, job, arrival).await?;
            return Ok(End::Done);
        }
        Ok(None) => {}
        Err(error) => return Ok(End::Remote(error)),
    }
    let mut kept = known.key;
    let mut twin = 0;
    loop {
        let chosen = match kept.take() {
            Some(key) => Ok(Some((key, Owner::Nobody))),
            None => choose_key(context, open, &photo, sha256, &source, &mut twin).await?,
        };
        let (key, owner) = match chosen {
            Ok(Some(chosen)) => chosen,
            Ok(None) => {
                let detail = format!("every name for {} is taken by another picture", photo.name);
                return Ok(End::Here {
                    cause: Cause::BadKey,
                    detail,
                    again: Again::Never,
                });
            }
            Err(error) => return Ok(End::Remote(error)),
        };
        let rows = Rows::new(context, photo.id, sha256, open.destination.id, &key);
        let begun = Instant::now();
        let put = open.remote.put_resumable(&key, &original, &rows, &progress);
        let put = put.await;
        if let (Err(remote::Error::Unrecorded { .. }), Some(error)) = (&put, rows.failure()) {
            return Err(error);
        }
        let put = match put {
            Ok(Put::KeyTaken) => {
                twin += 1;
                continue;
            }
            Ok(put) => put,
            Err(error) => return source::failed(context, job, &source, error).await,
        };
        transfer.verifying();
        let (key, owner, proof, adopted) = match put {
            Put::Adopted(proof) => (key, owner, proof, true),
            Put::Stored(proof) => (key, owner, proof, false),
            Put::Elsewhere {
                key: theirs,
                proof,
                adopted,
            } => {
                let owner = owner_of(context, open, &photo, &theirs).await?;
                (theirs, owner, proof, adopted)
            }
            Put::KeyTaken => unreachable!("the loop went on"),
        };
        let vouched = !adopted && !matches!(proof, Proof::SizeOnly { .. });
        let proof = match confirm(open, &key, &original, proof).await {
            Ok(proof) => proof,
            Err(error) => return Ok(End::Remote(error)),
        };
        let arrival = Arrival {
            key,
            owner,
            bytes: photo.size,
            proof,
            adopted,
            vouched,
            took: (!adopted && transfer.is_whole()).then(|| begun.elapsed()),
        };
        lane.answered(Load::Fine);
        record(context, open, job, arrival).await?;
        return Ok(End::Done);
    }
}

/// What the library knows of a photo at a destination before it goes there.
struct Known {
    /// Under which it is there, or was to go there.
    key: Option<Key>,
    /// Under which it was listed, while nothing is confirmed.
    listed_key: Option<Key>,
    /// Objects that may be this photo under another name.
    candidates: Vec<(PhotoId, String)>,
}

impl Known {
    fn read(db: &Connection, photo: &Photo, destination: DestinationId) -> rusqlite::Result<Self> {
        let parse = |key: String| Key::parse(&key).ok();
        Ok(Self {
            key: copies::key(db, photo.id, destination)?.and_then(parse),
            listed_key: copies::listed_key(db, photo.id, destination)?.and_then(parse),
            candidates: recognise::candidates(db, photo, destination)?,
        })
    }
}

/// The destination listed an object as this photo's: when it vouches for these very bytes, nothing need
/// be sent. A store would refuse them only after they were all sent.
async fn listed_already(
    open: &Open,
    listed_key: Option<Key>,
    photo: &Photo,
    sha256: Sha256,
) -> Result<Option<Arrival>, remote::Error> {
    let Some(key) = listed_key else {
        return Ok(None);
    };
    Ok(match open.remote.verify(&key, photo.size, &sha256).await? {
        None | Some(Proof::SizeOnly { .. }) => None,
        Some(proof) => Some(Arrival {
            key,
            owner: Owner::Nobody,
            bytes: photo.size,
            proof,
            adopted: true,
            vouched: false,
            took: None,
        }),
    })
}

/// An original that is there, to be recorded.
struct Arrival {
    key: Key,
    owner: Owner,
    bytes: u64,
    proof: Proof,
    /// It was there before this put.
    adopted: bool,
    /// The answer to the put itself had the SHA-256.
    vouched: bool,
    /// From its first byte to its proof, where all of it went up now.
    took: Option<Duration>,
}

/// A put that was answered with the SHA-256 needs no further question; any other is asked about.
async fn confirm(
    open: &Open,
    key: &Key,
    original: &Original<'_>,
    proof: Proof,
) -> Result<Proof, remote::Error> {
    if !matches!(proof, Proof::SizeOnly { .. }) {
        return Ok(proof);
    }
    match open
        .remote
        .verify(key, original.size, &original.sha256)
        .await?
    {
        Some(proof) => Ok(proof),
        None => Err(remote::Error::Busy {
            endpoint: opening::place(&open.destination.config),
            message: format!("{} was acknowledged but is not there", key.as_str()),
            retry_after: None,
        }),
    }
}

async fn record(
    context: &Context,
    open: &Open,
    job: Job,
    arrival: Arrival,
) -> Result<(), StoreError> {
    let now = clock::now();
    let destination = open.destination.id;
    context
        .store
        .write(move |db| {
            // Removed meanwhile: nothing is known of it any more.
            let Some(row) = destinations::get(db, destination)? else {
                return Ok(());
            };
            // Only a put shows what the store behind functions does.
            let is_news = arrival.vouched && !row.profile.repeats_sha256;
            if is_news && row.profile.service == Some(Service::Functions) {
                let profile = Profile {
                    repeats_sha256: true,
                    ..row.profile
                };
                destinations::set_profile(db, destination, &profile)?;
            }
            if let Owner::Listed(listed) = arrival.owner {
                photos::merge(db, listed, job.photo)?;
            }
            copies::choose(db, job.photo, destination, &arrival.key, arrival.bytes)?;
            if arrival.adopted {
                copies::mark_adopted(db, job.photo, destination)?;
            }
            if let Some(took) = arrival.took {
                let sample = Sample {
                    timed: Timed::Upload,
                    at: now,
                    took,
                    bytes: arrival.bytes,
                    rested: None,
                };
                samples::add(db, destination, &sample)?;
            }
            jobs::confirm(db, &job, &arrival.proof, now)
        })
        .await?;
    context.news.status();
    Ok(())
}

async fn drop_job(context: &Context, job: Job) -> Result<End, StoreError> {
    context
        .store
        .write(move |db| jobs::finish(db, &job))
        .await?;
    Ok(End::Done)
}
