//! The destinations as they are right now: open or not, ready or not, how many uploads at once.
//!
//! Rows say what a destination is; this says how it is doing, and is made anew at each start.

use crate::context::lock;
use crate::reason::of_remote;
use crate::store::destinations::{Destination, DestinationId};
use crate::view::{Cause, DestinationConfig, DestinationState, Reason, TypedKeys};
use remote::{Credentials, Folder, KeyTemplate, Remote, Retry, S3, S3Config};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// Uploads at once to one destination: at the start, and at most.
const CONCURRENCY_START: u32 = 4;
const CONCURRENCY_MOST: u32 = 8;
/// Uploads in a row that went well before one more is tried at once.
const RAISE_AFTER: u32 = 8;

/// Between two tries to reach a destination, milliseconds.
const FIRST_PAUSE: i64 = 1_000;
const LONGEST_PAUSE: i64 = 30_000;
/// A destination that is ready is asked again: a disk may be pulled out, a server is less likely to go.
const RECHECK_FOLDER: i64 = 10_000;
const RECHECK_SERVER: i64 = 5 * 60_000;
/// What needs the person is asked now and then too: they may have mended it at the far side.
const PAUSE_FOR_PERSON: i64 = 5 * 60_000;

#[derive(Debug, Default)]
pub(crate) struct Registry {
    destinations: Mutex<BTreeMap<DestinationId, Live>>,
}

/// A destination that can be spoken to.
#[derive(Debug, Clone)]
pub(crate) struct Open {
    pub(crate) destination: Destination,
    pub(crate) remote: Arc<dyn Remote>,
    pub(crate) template: KeyTemplate,
}

/// How a destination is doing.
#[derive(Debug, Clone)]
pub(crate) struct Health {
    pub(crate) state: DestinationState,
    pub(crate) reason: Option<Reason>,
}

#[derive(Debug)]
struct Live {
    destination: Destination,
    keys: Option<TypedKeys>,
    open: Option<Open>,
    health: Health,
    next_try: i64,
    tries: u32,
    running: u32,
    concurrency: u32,
    went_well: u32,
    /// What it holds is known, so that nothing goes up twice under another name.
    listed: bool,
}

impl Registry {
    pub(crate) fn add(&self, destination: Destination, keys: Option<TypedKeys>) {
        let live = Live {
            keys,
            open: None,
            health: Health {
                state: DestinationState::Unknown,
                reason: None,
            },
            next_try: 0,
            tries: 0,
            running: 0,
            concurrency: CONCURRENCY_START,
            went_well: 0,
            listed: destination.listed_at.is_some(),
            destination,
        };
        lock(&self.destinations).insert(live.destination.id, live);
    }

    pub(crate) fn remove(&self, id: DestinationId) {
        lock(&self.destinations).remove(&id);
    }

    /// New keys: the destination is opened anew with them.
    pub(crate) fn set_keys(&self, id: DestinationId, keys: TypedKeys) {
        self.with(id, |live| {
            live.keys = Some(keys);
            live.open = None;
            live.retry_now();
        });
    }

    pub(crate) fn keys(&self, id: DestinationId) -> Option<TypedKeys> {
        lock(&self.destinations)
            .get(&id)
            .and_then(|live| live.keys.clone())
    }

    /// Every destination that is not well is tried again at the next look.
    pub(crate) fn retry_now(&self) {
        for live in lock(&self.destinations).values_mut() {
            live.retry_now();
        }
    }

    /// Destinations that are to be asked now.
    pub(crate) fn due(&self, now: i64) -> Vec<Destination> {
        lock(&self.destinations)
            .values()
            .filter(|live| live.next_try <= now)
            .map(|live| live.destination.clone())
            .collect()
    }

    /// When the next destination is to be tried; milliseconds.
    pub(crate) fn next_due(&self) -> Option<i64> {
        lock(&self.destinations)
            .values()
            .map(|live| live.next_try)
            .min()
    }

    /// It was listed to the end, or cannot be listed: uploads may begin.
    pub(crate) fn listed(&self, id: DestinationId) {
        self.with(id, |live| live.listed = true);
    }

    /// It answered and is the right one. Returns whether it was not ready before.
    pub(crate) fn ready(&self, open: Open, now: i64) -> bool {
        let id = open.destination.id;
        let again = now + recheck(&open.destination.config);
        self.with(id, |live| {
            let before = live.health.state;
            live.open = Some(open);
            live.next_try = again;
            live.health = Health {
                state: DestinationState::Ready,
                reason: None,
            };
            live.tries = 0;
            before != DestinationState::Ready
        })
        .unwrap_or(false)
    }

    /// It failed: no job goes there until it is ready again.
    pub(crate) fn failed(&self, id: DestinationId, error: &remote::Error, now: i64) {
        let code = of_remote(error);
        let needs_person =
            matches!(error.retry(), Retry::WhenSettingsChange) && !code.mends_itself();
        self.with(id, |live| {
            let pause = if needs_person {
                PAUSE_FOR_PERSON
            } else {
                (FIRST_PAUSE << live.tries.min(5)).min(LONGEST_PAUSE)
            };
            live.tries = live.tries.saturating_add(1);
            live.next_try = now + pause;
            let state = if needs_person {
                DestinationState::NeedsYou
            } else {
                DestinationState::Offline
            };
            live.health = Health {
                state,
                reason: Some(Reason {
                    code,
                    detail: error.to_string(),
                    retry_at: Some(live.next_try),
                }),
            };
            if needs_person {
                live.open = None;
            }
        });
    }

    /// A job could not reach it: to be asked itself before the next job goes there.
    pub(crate) fn suspect(&self, id: DestinationId, error: &remote::Error, now: i64) {
        self.with(id, |live| {
            if live.health.state == DestinationState::Ready {
                live.next_try = now;
                live.health = Health {
                    state: DestinationState::Unknown,
                    reason: Some(Reason::new(of_remote(error), error)),
                };
            }
        });
    }

    pub(crate) fn health(&self, id: DestinationId) -> Health {
        let unknown = Health {
            state: DestinationState::Unknown,
            reason: None,
        };
        lock(&self.destinations)
            .get(&id)
            .map_or(unknown, |live| live.health.clone())
    }

    /// How often in a row a destination could not be reached, by destination that is not ready.
    pub(crate) fn unready(&self) -> Vec<(Destination, Health, u32)> {
        lock(&self.destinations)
            .values()
            .filter(|live| live.health.state != DestinationState::Ready)
            .map(|live| (live.destination.clone(), live.health.clone(), live.tries))
            .collect()
    }

    /// Destinations that can take more jobs, and how many.
    pub(crate) fn capacities(&self) -> Vec<(Open, u32)> {
        lock(&self.destinations)
            .values()
            .filter(|live| live.listed && live.health.state == DestinationState::Ready)
            .filter_map(|live| {
                Some((
                    live.open.clone()?,
                    live.concurrency.saturating_sub(live.running),
                ))
            })
            .filter(|(_, free)| *free > 0)
            .collect()
    }

    /// The destination, if it can be spoken to now.
    pub(crate) fn open(&self, id: DestinationId) -> Option<Open> {
        lock(&self.destinations)
            .get(&id)
            .filter(|live| live.health.state == DestinationState::Ready)
            .and_then(|live| live.open.clone())
    }

    pub(crate) fn started(&self, id: DestinationId) {
        self.with(id, |live| live.running += 1);
    }

    /// A job ended; `error` is what the far side said. Fewer at once when it is busy, more when all
    /// goes well.
    pub(crate) fn ended(&self, id: DestinationId, busy: Load) {
        self.with(id, |live| {
            live.running = live.running.saturating_sub(1);
            match busy {
                Load::Fine => {
                    live.went_well += 1;
                    if live.went_well >= RAISE_AFTER {
                        live.went_well = 0;
                        live.concurrency = (live.concurrency + 1).min(CONCURRENCY_MOST);
                    }
                }
                Load::Busy => {
                    live.went_well = 0;
                    live.concurrency = (live.concurrency / 2).max(1);
                }
                Load::Unknown => {}
            }
        });
    }

    /// Folder destinations, which are never indexed.
    pub(crate) fn folders(&self) -> Vec<PathBuf> {
        lock(&self.destinations)
            .values()
            .filter_map(|live| match &live.destination.config {
                DestinationConfig::Folder { path, .. } => Some(PathBuf::from(path)),
                DestinationConfig::S3 { .. } => None,
            })
            .collect()
    }

    fn with<T>(&self, id: DestinationId, work: impl FnOnce(&mut Live) -> T) -> Option<T> {
        lock(&self.destinations).get_mut(&id).map(work)
    }
}

/// What a job's end says of the far side's load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Load {
    Fine,
    Busy,
    Unknown,
}

impl Live {
    fn retry_now(&mut self) {
        self.tries = 0;
        self.next_try = 0;
        if self.health.state == DestinationState::NeedsYou {
            self.health.state = DestinationState::Unknown;
        }
    }
}

fn recheck(config: &DestinationConfig) -> i64 {
    match config {
        DestinationConfig::Folder { .. } => RECHECK_FOLDER,
        DestinationConfig::S3 { .. } => RECHECK_SERVER,
    }
}

/// Opens what `config` says; reaches nobody yet.
pub(crate) async fn open_remote(
    config: &DestinationConfig,
    keys: Option<TypedKeys>,
    profile: remote::Profile,
) -> Result<Arc<dyn Remote>, remote::Error> {
    match config {
        DestinationConfig::Folder { path, .. } => Ok(Arc::new(Folder::new(PathBuf::from(path)))),
        DestinationConfig::S3 { .. } => Ok(Arc::new(open_s3(config, keys, profile).await?)),
    }
}

/// The bucket that `config` names.
pub(crate) async fn open_s3(
    config: &DestinationConfig,
    keys: Option<TypedKeys>,
    profile: remote::Profile,
) -> Result<S3, remote::Error> {
    let DestinationConfig::S3 {
        endpoint,
        bucket,
        prefix,
        region,
        path_style,
        ca_file,
        profile: aws,
        ..
    } = config
    else {
        return Err(remote::Error::Settings("a folder has no bucket".into()));
    };
    let settings = S3Config {
        endpoint: endpoint.clone(),
        bucket: bucket.clone(),
        prefix: prefix.clone(),
        region: region.clone(),
        path_style: *path_style,
        ca_file: ca_file.as_ref().map(PathBuf::from),
        profile: aws.clone(),
    };
    let credentials = match keys {
        None => Credentials::Environment,
        Some(keys) => Credentials::Typed {
            access_key_id: keys.access_key_id,
            secret_access_key: keys.secret_access_key,
        },
    };
    S3::open(settings, credentials, profile).await
}

/// How keys are chosen there.
pub(crate) fn key_template(config: &DestinationConfig) -> Result<KeyTemplate, remote::Error> {
    let (DestinationConfig::Folder { key_template, .. }
    | DestinationConfig::S3 { key_template, .. }) = config;
    match key_template {
        None => Ok(KeyTemplate::default()),
        Some(template) => {
            KeyTemplate::new(template).map_err(|error| remote::Error::Settings(error.to_string()))
        }
    }
}

/// Where it is, in one line.
pub(crate) fn place(config: &DestinationConfig) -> String {
    match config {
        DestinationConfig::Folder { path, .. } => path.clone(),
        DestinationConfig::S3 {
            endpoint,
            bucket,
            prefix,
            ..
        } => {
            let host = endpoint.as_deref().unwrap_or("https://s3.amazonaws.com");
            let host = host
                .split_once("://")
                .map_or(host, |(_, host)| host)
                .trim_end_matches('/');
            let path = if prefix.is_empty() {
                bucket.clone()
            } else {
                format!("{bucket}/{prefix}")
            };
            format!("{path} at {host}")
        }
    }
}

impl std::fmt::Debug for TypedKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TypedKeys")
            .field("access_key_id", &self.access_key_id)
            .finish_non_exhaustive()
    }
}

/// Whether a cause is one of a single photo rather than of its destination.
pub(crate) fn concerns_one_photo(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::FileChanged
            | Cause::FileUnreadable
            | Cause::FileGone
            | Cause::BadKey
            | Cause::UnexpectedAnswer
    )
}
