//! Brings one original to one destination: its file, its key, the put, the proof.
//!
//! **Invariant:** a copy is confirmed only with a proof from the far side for the very bytes whose
//! SHA-256 the photo has. A new key is in the library before the first byte is sent under it, so
//! that a lost answer leads to the same key again.

mod ledger;
mod recognise;

use crate::backoff;
use crate::blocking::blocking;
use crate::clock;
use crate::context::{Context, SETTLED_AFTER};
use crate::opening;
use crate::path_bytes::to_bytes;
use crate::reason::of_remote;
use crate::registry::Open;
use crate::requests::Part;
use crate::scan;
use crate::store::copies::{self, Owner};
use crate::store::files::{self, Source};
use crate::store::jobs::{self, Job};
use crate::store::photos::{self, Photo};
use crate::store::samples::{self, Sample, Timed};
use crate::store::{StoreError, destinations};
use crate::view::Cause;
use jiff::Timestamp;
use ledger::Rows;
use remote::{Key, KeyParts, Original, Profile, Proof, Put, Service, Sha256};
use std::time::{Duration, Instant};

/// Tries to read a file that is there and cannot be read, before the person is told.
const TRIES_TO_READ: u32 = 6;

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

pub(crate) async fn bring(context: &Context, open: &Open, job: Job) -> Result<End, StoreError> {
    let id = job.photo;
    let found = context
        .store
        .read(move |db| Ok((photos::get(db, id)?, files::sources(db, id)?)))
        .await?;
    let (Some(photo), sources) = found else {
        return drop_job(context, job).await;
    };
    let Some(sha256) = photo.sha256 else {
        return drop_job(context, job).await;
    };
    let source = match choose_source(context, &sources).await? {
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
    if let Err(error) = recognise::recognise(context, open, &photo, sha256, &source).await? {
        return Ok(End::Remote(error));
    }
    if let Some(arrival) = listed_already(context, open, &photo, sha256).await? {
        match arrival {
            Ok(arrival) => record(context, open, job, arrival).await?,
            Err(error) => return Ok(End::Remote(error)),
        }
        return Ok(End::Done);
    }
    let mut twin = 0;
    loop {
        let chosen = choose_key(context, open, &photo, sha256, &source, &mut twin).await?;
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
            Err(error) => return source_failed(context, job, &source, error).await,
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
        record(context, open, job, arrival).await?;
        return Ok(End::Done);
    }
}

/// The destination listed an object as this photo's: when it vouches for these very bytes, nothing need
/// be sent. A store would refuse them only after they were all sent.
async fn listed_already(
    context: &Context,
    open: &Open,
    photo: &Photo,
    sha256: Sha256,
) -> Result<Option<Result<Arrival, remote::Error>>, StoreError> {
    let (id, destination) = (photo.id, open.destination.id);
    let listed = context
        .store
        .read(move |db| copies::listed_key(db, id, destination))
        .await?;
    let Some(key) = listed.and_then(|key| Key::parse(&key).ok()) else {
        return Ok(None);
    };
    Ok(match open.remote.verify(&key, photo.size, &sha256).await {
        Ok(None | Some(Proof::SizeOnly { .. })) => None,
        Ok(Some(proof)) => Some(Ok(Arrival {
            key,
            owner: Owner::Nobody,
            bytes: photo.size,
            proof,
            adopted: true,
            vouched: false,
            took: None,
        })),
        Err(error) => Some(Err(error)),
    })
}

/// Whose the key is that the far side chose. The one of which it was confirmed until now is there no more.
async fn owner_of(
    context: &Context,
    open: &Open,
    photo: &Photo,
    key: &Key,
) -> Result<Owner, StoreError> {
    let (id, destination, key) = (photo.id, open.destination.id, key.clone());
    context
        .store
        .write(move |db| match copies::owner(db, id, destination, &key)? {
            Owner::Another => {
                copies::give_up_key(db, id, destination, &key)?;
                Ok(Owner::Nobody)
            }
            owner => Ok(owner),
        })
        .await
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

/// A put failed: where the file is the cause, it is looked at again.
async fn source_failed(
    context: &Context,
    job: Job,
    source: &Source,
    error: remote::Error,
) -> Result<End, StoreError> {
    match &error {
        remote::Error::SourceChanged { .. } => {
            note_changed(context, source).await?;
            Ok(End::Remote(error))
        }
        // Its disk may just have been pulled out, or the file renamed: a scan finds out. Only one
        // that stays unreadable is for the person.
        remote::Error::SourceUnreadable { .. } | remote::Error::SourceFault { .. }
            if job.attempts < TRIES_TO_READ =>
        {
            note_missing(context, source).await?;
            Ok(End::Here {
                cause: of_remote(&error),
                detail: error.to_string(),
                again: Again::At(clock::now() + backoff::pause(job.attempts, None)),
            })
        }
        _ => Ok(End::Remote(error)),
    }
}

/// What a key of this photo is made of; `folder` is where it lies below the watched one.
pub(crate) fn key_parts<'a>(photo: &'a Photo, sha256: Sha256, folder: &'a [u8]) -> KeyParts<'a> {
    KeyParts {
        filename: &photo.original_name,
        path: folder,
        taken_at: photo.metadata.taken_at,
        mtime: photo
            .mtime
            .and_then(|ms| Timestamp::from_millisecond(ms).ok()),
        now: Timestamp::now(),
        sha256,
        extension: &photo.extension,
        camera: photo.metadata.camera.model.as_deref(),
    }
}

/// The key that the library has for this photo, else a new one that nobody has, kept before use.
///
/// None: three names were tried. `twin` is where the search goes on after a name was taken. An error is the
/// destination's, which takes no such photo.
async fn choose_key(
    context: &Context,
    open: &Open,
    photo: &Photo,
    sha256: Sha256,
    source: &Source,
    twin: &mut u8,
) -> Result<Result<Option<(Key, Owner)>, remote::Error>, StoreError> {
    let destination = open.destination.id;
    let (id, size) = (photo.id, photo.size);
    if *twin == 0
        && let Some(key) = context
            .store
            .read(move |db| copies::key(db, id, destination))
            .await?
        && let Ok(key) = Key::parse(&key)
    {
        return Ok(Ok(Some((key, Owner::Nobody))));
    }
    let folder = source.relative.parent().map(to_bytes).unwrap_or_default();
    while *twin < 3 {
        let parts = key_parts(photo, sha256, folder);
        let key = match open.remote.key(&open.template, &parts, *twin) {
            Ok(key) => key,
            Err(error) => return Ok(Err(error)),
        };
        let candidate = key.clone();
        let owner = context
            .store
            .write(move |db| {
                let owner = copies::owner(db, id, destination, &candidate)?;
                if owner == Owner::Nobody && destinations::get(db, destination)?.is_some() {
                    copies::choose(db, id, destination, &candidate, size)?;
                }
                Ok(owner)
            })
            .await?;
        if owner != Owner::Another {
            return Ok(Ok(Some((key, owner))));
        }
        *twin += 1;
    }
    Ok(Ok(None))
}

/// The first file that is there and is what its row says; else why none is.
async fn choose_source(
    context: &Context,
    sources: &[Source],
) -> Result<Result<Source, End>, StoreError> {
    let now = clock::now();
    for source in sources.iter().filter(|source| !source.away) {
        let path = source.path.clone();
        match blocking(move || scan::seen(&path)).await {
            Ok((seen, _))
                if seen.size == source.seen.size && seen.mtime_ns == source.seen.mtime_ns =>
            {
                return Ok(Ok(source.clone()));
            }
            Ok(_) => note_changed(context, source).await?,
            Err(error) => {
                tracing::debug!(path = %source.path.display(), %error, "a file to be sent is not there");
                note_missing(context, source).await?;
            }
        }
    }
    let offline = sources.iter().find(|source| source.away);
    Ok(Err(match (sources.first(), offline) {
        (_, Some(source)) => End::Here {
            cause: if source.folder_offline {
                Cause::FolderOffline
            } else {
                Cause::DiskAway
            },
            detail: format!("{} is on a disk that is not there", source.path.display()),
            again: Again::WithDisk,
        },
        (Some(source), None) => End::Here {
            cause: Cause::FileChanged,
            detail: format!("{} changed before it went up", source.path.display()),
            again: Again::At(now + SETTLED_AFTER),
        },
        (None, None) => End::Here {
            cause: Cause::StillBeingWritten,
            detail: "the file is being read again".into(),
            again: Again::At(now + SETTLED_AFTER),
        },
    }))
}

/// The file is not what its row says: it is to be indexed again.
async fn note_changed(context: &Context, source: &Source) -> Result<(), StoreError> {
    let path = source.path.clone();
    let Ok((seen, _)) = blocking(move || scan::seen(&path)).await else {
        return note_missing(context, source).await;
    };
    let (id, now) = (source.id, clock::now());
    context
        .store
        .write(move |db| files::modify(db, id, seen, now))
        .await?;
    context.bells.index.notify_one();
    Ok(())
}

/// Whether the file or its folder is gone is for a scan to say.
async fn note_missing(context: &Context, source: &Source) -> Result<(), StoreError> {
    let id = source.id;
    if let Some(folder) = context
        .store
        .read(move |db| files::folder_of(db, id))
        .await?
    {
        context.rescan(folder, Part::Paths(vec![source.relative.clone()]));
    }
    Ok(())
}

async fn drop_job(context: &Context, job: Job) -> Result<End, StoreError> {
    context
        .store
        .write(move |db| jobs::finish(db, &job))
        .await?;
    Ok(End::Done)
}
