//! Takes in what a destination holds: objects that are not on this machine become photos that are
//! "online only".

mod sorter;

pub(crate) use sorter::Sorter;

use crate::clock;
use crate::context::Context;
use crate::registry::Open;
use crate::store::copies::{self, Confirmed};
use crate::store::destinations::DestinationId;
use crate::store::files;
use crate::store::photos;
use crate::store::samples::{self, Sample, Timed};
use crate::store::{StoreError, destinations};
use remote::{Key, Retry};
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{Duration, Instant};

/// Between two tries to list, and how many there are until the destination is next ready.
const TRY_AGAIN: Duration = Duration::from_secs(5);
const TRIES: u32 = 6;
/// Pages of one list whose time is kept.
const TIMED_PAGES: usize = 50;
/// The size of what a list does not say it of: no photo is empty.
const UNKNOWN: u64 = 0;

/// Lists to the end, again and again if need be; ends early when that cannot help any more. From
/// then on uploads may begin.
pub(crate) async fn run(context: &Context, open: &Open) {
    for _ in 0..TRIES {
        match once(context, open).await {
            Ok(()) => break,
            Err(Failed::Remote(error)) => {
                tracing::warn!(name = open.destination.name, %error, "cannot list a destination");
                // A key without the right to list can still put.
                if matches!(error.retry(), Retry::WhenSettingsChange) {
                    break;
                }
            }
            Err(Failed::Here(error)) => context.trouble.note(error),
        }
        if !context.rest(TRY_AGAIN).await {
            return;
        }
    }
    context.registry.listed(open.destination.id);
    context.bells.upload.notify_one();
}

#[derive(Debug)]
pub(crate) enum Failed {
    Remote(remote::Error),
    Here(StoreError),
}

/// Lists to the end, once.
pub(crate) async fn once(context: &Context, open: &Open) -> Result<(), Failed> {
    let begun = clock::now();
    let id = open.destination.id;
    let shown = take_in(context, open, begun).await?;
    if shown.is_whole {
        for copy in missed(context, open, begun, &shown.fingerprints).await? {
            doubt(context, open, copy).await?;
        }
        context
            .store
            .write(move |db| {
                copies::forget_unlisted(db, id, begun)?;
                match destinations::get(db, id)? {
                    Some(_) => shown
                        .timed
                        .iter()
                        .try_for_each(|sample| samples::add(db, id, sample)),
                    None => Ok(()),
                }
            })
            .await
            .map_err(Failed::Here)?;
    }
    listed(context, id, begun).await
}

/// What a list showed.
struct Shown {
    /// Of each object.
    fingerprints: HashSet<u64>,
    /// How long the first pages took.
    timed: Vec<Sample>,
    /// What it lacks is not there.
    is_whole: bool,
}

/// Takes in page by page what the destination shows.
async fn take_in(context: &Context, open: &Open, begun: i64) -> Result<Shown, Failed> {
    let id = open.destination.id;
    let mut shown = Shown {
        fingerprints: HashSet::new(),
        timed: Vec::new(),
        is_whole: true,
    };
    let mut sorter = Sorter::default();
    let mut after = None;
    loop {
        let asked = Instant::now();
        let page = open
            .remote
            .list(after.as_deref())
            .await
            .map_err(Failed::Remote)?;
        if shown.timed.len() < TIMED_PAGES {
            shown.timed.push(Sample {
                timed: Timed::List,
                at: clock::now(),
                took: asked.elapsed(),
                bytes: 0,
                rested: None,
            });
        }
        let objects = page.objects.iter();
        shown
            .fingerprints
            .extend(objects.map(|object| fingerprint(&object.key, object.size)));
        let listed = sorter.photos(page.objects);
        let months = context
            .store
            .write(move |db| match destinations::get(db, id)? {
                Some(_) => copies::take_listed(db, id, &listed, begun),
                None => Ok(Vec::new()),
            })
            .await
            .map_err(Failed::Here)?;
        if !months.is_empty() {
            context.news.months(months);
        }
        shown.is_whole &= !page.partial;
        after = page.next;
        if after.is_none() {
            return Ok(shown);
        }
    }
}

/// Copies that were confirmed before the list began, and that it does not show.
async fn missed(
    context: &Context,
    open: &Open,
    begun: i64,
    shown: &HashSet<u64>,
) -> Result<Vec<Confirmed>, Failed> {
    let id = open.destination.id;
    let service = open.destination.profile.service;
    let tells_no_sizes = service.is_some_and(remote::Service::is_original);
    let mut copies = context
        .store
        .read(move |db| copies::confirmed_before(db, id, begun))
        .await
        .map_err(Failed::Here)?;
    copies.retain(|copy| {
        let of_size = |size| shown.contains(&fingerprint(&copy.key, size));
        !(of_size(copy.bytes) || tells_no_sizes && of_size(UNKNOWN))
    });
    Ok(copies)
}

async fn listed(context: &Context, id: DestinationId, begun: i64) -> Result<(), Failed> {
    context
        .store
        .write(move |db| destinations::set_listed(db, id, begun))
        .await
        .map_err(Failed::Here)?;
    context.news.status();
    Ok(())
}

/// A backup that a list does not show is asked for by itself; one that is gone, or has another size,
/// is brought up again from the file here. Without a file here the row stays as it is: there is
/// nothing that could be done, and a list is no proof.
async fn doubt(context: &Context, open: &Open, copy: Confirmed) -> Result<(), Failed> {
    let Ok(key) = Key::parse(&copy.key) else {
        return Ok(());
    };
    let object = open.remote.head(&key).await.map_err(Failed::Remote)?;
    if object.is_some_and(|object| object.size == copy.bytes) {
        return Ok(());
    }
    tracing::warn!(
        key = copy.key,
        "a photo that was backed up is no longer there"
    );
    let (photo, destination) = (copy.photo, open.destination.id);
    context
        .store
        .write(move |db| {
            if files::sources(db, photo)?.is_empty() {
                return Ok(());
            }
            copies::doubt(db, photo, destination)?;
            photos::refresh(db, photo)
        })
        .await
        .map_err(Failed::Here)?;
    context.news.photo(photo);
    context.bells.upload.notify_one();
    Ok(())
}

/// Enough to tell one key and size from a million others.
fn fingerprint(key: &str, size: u64) -> u64 {
    let mut hasher = DefaultHasher::new();
    (key, size).hash(&mut hasher);
    hasher.finish()
}
