//! Brings originals and what is derived from them to the destinations: jobs in, proofs out.
//!
//! **Invariant:** a copy is confirmed only with a proof from the far side for the very bytes whose
//! SHA-256 the photo has; the key is in the library before the first byte is sent.

use crate::backoff;
use crate::clock;
use crate::context::{Context, REST_AFTER_FAULT, SETTLED_AFTER};
use crate::derived;
use crate::reason::of_remote;
use crate::registry::{Load, Open, concerns_one_photo};
use crate::scan;
use crate::store::StoreError;
use crate::store::copies::{self, Owner};
use crate::store::files::{self, Source};
use crate::store::jobs::{self, Job, JobKind};
use crate::store::photos::{self, Photo};
use crate::view::Cause;
use jiff::Timestamp;
use remote::{Key, KeyParts, Original, Proof, Put, Retry, Sha256};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// Listed objects of a photo's size that are asked for their SHA-256 before it goes up.
const MOST_CANDIDATES: u32 = 4;

/// How a job ended.
#[derive(Debug)]
enum End {
    /// Recorded already.
    Done,
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
enum Again {
    At(i64),
    Never,
}

/// Runs until the engine stops; then lets go of what is under way, which the next start takes up.
pub(crate) async fn run(context: &Arc<Context>) {
    let mut running: JoinSet<()> = JoinSet::new();
    loop {
        let pause = match start_jobs(context, &mut running).await {
            Ok(pause) => pause,
            Err(error) => {
                context.trouble.note(error);
                REST_AFTER_FAULT
            }
        };
        tokio::select! {
            () = context.stop.cancelled() => {
                running.shutdown().await;
                return;
            }
            Some(ended) = running.join_next() => {
                if let Err(error) = ended && !error.is_cancelled() {
                    tracing::error!(%error, "a job ended unexpectedly");
                }
            }
            () = context.bells.upload.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Starts as many jobs as the destinations take; returns when to look again.
async fn start_jobs(
    context: &Arc<Context>,
    running: &mut JoinSet<()>,
) -> Result<Duration, StoreError> {
    let now = clock::now();
    if let Some(pause) = context
        .store
        .read(move |db| crate::pause::until(db, now))
        .await?
    {
        return Ok(pause);
    }
    for (open, free) in context.registry.capacities() {
        let destination = open.destination.id;
        let jobs = context
            .store
            .write(move |db| jobs::claim(db, destination, now, free))
            .await?;
        for job in jobs {
            context.registry.started(destination);
            let context = Arc::clone(context);
            let open = open.clone();
            running.spawn(async move { run_job(&context, &open, job).await });
        }
    }
    let due = context.store.read(jobs::next_due).await?;
    let wait = due.map_or(60_000, |due| (due - now).clamp(20, 60_000));
    Ok(Duration::from_millis(wait.cast_unsigned()))
}

async fn run_job(context: &Context, open: &Open, job: Job) {
    // Held while the job runs: even a panic gives the place back.
    let mut place = Place {
        context,
        open,
        load: Load::Unknown,
    };
    let end = match job.kind {
        JobKind::Original => original(context, open, job).await,
        JobKind::Sidecar => derived_end(derived::sidecar(context, open, job).await),
        JobKind::Thumbnail => derived_end(derived::thumbnail(context, open, job).await),
    };
    let recorded = match end {
        Ok(End::Done) => {
            place.load = Load::Fine;
            context.news.photo(job.photo);
            Ok(())
        }
        Ok(End::Remote(error)) => {
            if matches!(error, remote::Error::Busy { .. }) {
                place.load = Load::Busy;
            }
            remote_failed(context, open, job, &error).await
        }
        Ok(End::Here {
            cause,
            detail,
            again,
        }) => {
            let written = context.store.write(move |db| match again {
                Again::At(due) => jobs::wait(db, &job, cause, &detail, due),
                Again::Never => jobs::fail(db, &job, cause, &detail),
            });
            written.await
        }
        Err(error) => Err(error),
    };
    if let Err(error) = recorded {
        // The row says "running" still: the next start makes it ready. Until then it is tried to
        // put it back, for the disk may have room again.
        if context.rest_after(error).await
            && let Err(error) = context.store.write(move |db| jobs::release(db, &job)).await
        {
            tracing::error!(%error, "a job stays as it is until the next start");
        }
    }
    context.news.photo(job.photo);
}

struct Place<'a> {
    context: &'a Context,
    open: &'a Open,
    load: Load,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.context
            .registry
            .ended(self.open.destination.id, self.load);
        self.context.bells.upload.notify_one();
    }
}

fn derived_end(result: Result<Result<(), remote::Error>, StoreError>) -> Result<End, StoreError> {
    result.map(|sent| sent.map_or_else(End::Remote, |()| End::Done))
}

/// What a far side's failure means for the job and for the destination.
async fn remote_failed(
    context: &Context,
    open: &Open,
    job: Job,
    error: &remote::Error,
) -> Result<(), StoreError> {
    let now = clock::now();
    let destination = open.destination.id;
    let cause = of_remote(error);
    let detail = error.to_string();
    tracing::debug!(%error, attempts = job.attempts, "a job failed");
    match error.retry() {
        Retry::AfterBackoff { at_least } => {
            if cause == Cause::Unreachable {
                context.registry.suspect(destination, error, now);
                context.bells.destinations.notify_one();
            }
            let due = now + backoff::pause(job.attempts, at_least);
            context
                .store
                .write(move |db| jobs::wait(db, &job, cause, &detail, due))
                .await
        }
        Retry::WhenFileChanges if cause == Cause::FileChanged => {
            let due = now + SETTLED_AFTER;
            context
                .store
                .write(move |db| jobs::wait(db, &job, cause, &detail, due))
                .await
        }
        Retry::WhenFileChanges => {
            context
                .store
                .write(move |db| jobs::fail(db, &job, cause, &detail))
                .await
        }
        Retry::WhenSettingsChange if concerns_one_photo(cause) => {
            context
                .store
                .write(move |db| jobs::fail(db, &job, cause, &detail))
                .await
        }
        Retry::WhenSettingsChange => {
            context.registry.failed(destination, error, now);
            context.bells.destinations.notify_one();
            context.news.status();
            context.store.write(move |db| jobs::release(db, &job)).await
        }
    }
}

/// One original: choose its file and key, put, take the proof.
async fn original(context: &Context, open: &Open, job: Job) -> Result<End, StoreError> {
    let id = job.photo;
    let found = context
        .store
        .read(move |db| Ok((photos::get(db, id)?, files::sources(db, id)?)))
        .await?;
    let (Some(photo), sources) = found else {
        return finish(context, job).await;
    };
    let Some(sha256) = photo.sha256 else {
        return finish(context, job).await;
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
    };
    let progress = |sent| transfer.sent(sent);
    if let Err(error) = recognise(context, open, &photo, sha256).await? {
        return Ok(End::Remote(error));
    }
    let mut twin = 0;
    loop {
        let (key, owner) = match choose_key(context, open, &photo, sha256, &source, &mut twin)
            .await?
        {
            Some(chosen) => chosen,
            None => {
                let detail = format!("every name for {} is taken by another picture", photo.name);
                return Ok(End::Here {
                    cause: Cause::BadKey,
                    detail,
                    again: Again::Never,
                });
            }
        };
        let proof = match open.remote.put(&key, &original, &progress).await {
            Ok(Put::Stored(proof) | Put::Adopted(proof)) => proof,
            Ok(Put::KeyTaken) => {
                twin += 1;
                continue;
            }
            Err(error) => {
                if matches!(error, remote::Error::SourceChanged { .. }) {
                    note_changed(context, &source).await?;
                }
                return Ok(End::Remote(error));
            }
        };
        transfer.verifying();
        let proof = match confirm(open, &key, &original, proof).await {
            Ok(proof) => proof,
            Err(error) => return Ok(End::Remote(error)),
        };
        record(context, open, job, key, owner, photo.size, proof).await?;
        return Ok(End::Done);
    }
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
            endpoint: crate::registry::place(&open.destination.config),
            message: format!("{} was acknowledged but is not there", key.as_str()),
            retry_after: None,
        }),
    }
}

async fn record(
    context: &Context,
    open: &Open,
    job: Job,
    key: Key,
    owner: Owner,
    bytes: u64,
    proof: Proof,
) -> Result<(), StoreError> {
    let now = clock::now();
    let destination = open.destination.id;
    context
        .store
        .write(move |db| {
            if let Owner::Listed(listed) = owner {
                photos::merge(db, listed, job.photo)?;
            }
            copies::choose(db, job.photo, destination, &key, bytes)?;
            jobs::confirm(db, &job, &proof, now)
        })
        .await?;
    context.news.status();
    Ok(())
}

/// Looks whether a listed object is this very picture under another name; then it is taken as its copy.
async fn recognise(
    context: &Context,
    open: &Open,
    photo: &Photo,
    sha256: Sha256,
) -> Result<Result<(), remote::Error>, StoreError> {
    let (id, size, destination) = (photo.id, photo.size, open.destination.id);
    let candidates = context
        .store
        .read(move |db| {
            if copies::key(db, id, destination)?.is_some() {
                return Ok(Vec::new());
            }
            copies::listed_of_size(db, destination, size, MOST_CANDIDATES)
        })
        .await?;
    for (listed, key) in candidates {
        let Ok(key) = Key::parse(&key) else { continue };
        let object = match open.remote.head(&key).await {
            Ok(object) => object,
            Err(error) => return Ok(Err(error)),
        };
        if object.is_some_and(|object| object.size == size && object.sha256 == Some(sha256)) {
            context
                .store
                .write(move |db| photos::merge(db, listed, id))
                .await?;
            return Ok(Ok(()));
        }
    }
    Ok(Ok(()))
}

/// The key that the library has for this photo, else a new one that nobody has, kept before use.
///
/// None: three names were tried. `twin` is where the search goes on after a name was taken.
async fn choose_key(
    context: &Context,
    open: &Open,
    photo: &Photo,
    sha256: Sha256,
    source: &Source,
    twin: &mut u8,
) -> Result<Option<(Key, Owner)>, StoreError> {
    let destination = open.destination.id;
    let (id, size) = (photo.id, photo.size);
    if *twin == 0
        && let Some(key) = context
            .store
            .read(move |db| copies::key(db, id, destination))
            .await?
        && let Ok(key) = Key::parse(&key)
    {
        return Ok(Some((key, Owner::Nobody)));
    }
    let folder = source
        .relative
        .parent()
        .map(crate::path_bytes::to_bytes)
        .unwrap_or_default();
    while *twin < 3 {
        let key = open.template.render(
            &KeyParts {
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
            },
            *twin,
        );
        let candidate = key.clone();
        let owner = context
            .store
            .write(move |db| {
                let owner = copies::owner(db, id, destination, &candidate)?;
                if owner == Owner::Nobody {
                    copies::choose(db, id, destination, &candidate, size)?;
                }
                Ok(owner)
            })
            .await?;
        if owner != Owner::Another {
            return Ok(Some((key, owner)));
        }
        *twin += 1;
    }
    Ok(None)
}

/// The first file that is there and is what its row says; else why none is.
async fn choose_source(
    context: &Context,
    sources: &[Source],
) -> Result<Result<Source, End>, StoreError> {
    let now = clock::now();
    for source in sources.iter().filter(|source| !source.folder_offline) {
        match scan::seen(&source.path) {
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
    let offline = sources.iter().find(|source| source.folder_offline);
    Ok(Err(match (sources.first(), offline) {
        // A folder that comes back wakes these itself.
        (_, Some(source)) => End::Here {
            cause: Cause::FolderOffline,
            detail: format!("{} is in a folder that is not there", source.path.display()),
            again: Again::At(now + 3_600_000),
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
    let Ok((seen, _)) = scan::seen(&source.path) else {
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
    let folder = context
        .store
        .read(move |db| files::folder_of(db, id))
        .await?;
    if let Some(folder) = folder {
        context.rescan(
            folder,
            crate::context::Part::Paths(vec![source.relative.clone()]),
        );
    }
    Ok(())
}

async fn finish(context: &Context, job: Job) -> Result<End, StoreError> {
    context
        .store
        .write(move |db| jobs::finish(db, &job))
        .await?;
    Ok(End::Done)
}
