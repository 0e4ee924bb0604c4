//! Takes in what a destination holds: objects that are not on this machine become photos that are
//! "online only".

use crate::clock;
use crate::context::Context;
use crate::registry::Open;
use crate::store::copies::{self, Confirmed, Listed};
use crate::store::destinations::DestinationId;
use crate::store::files;
use crate::store::photos::{self, When};
use crate::store::samples::{self, Sample, Timed};
use crate::store::{StoreError, destinations};
use crate::when::when as place_in_time;
use jiff::civil;
use media::{Kind, MediaType, Metadata};
use remote::{Key, Object, Retry};
use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
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
    let mut after = None;
    let mut seen = HashSet::new();
    let mut sorter = Sorter::default();
    let mut timed = Vec::new();
    let mut partial = false;
    loop {
        let asked = Instant::now();
        let page = open
            .remote
            .list(after.as_deref())
            .await
            .map_err(Failed::Remote)?;
        if timed.len() < TIMED_PAGES {
            timed.push(Sample {
                timed: Timed::List,
                at: clock::now(),
                took: asked.elapsed(),
                bytes: 0,
                rested: None,
            });
        }
        seen.extend(
            page.objects
                .iter()
                .map(|object| fingerprint(&object.key, object.size)),
        );
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
        partial |= page.partial;
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    if partial {
        return listed(context, id, begun).await;
    }
    let service = open.destination.profile.service;
    let tells_no_sizes = service.is_some_and(remote::Service::is_original);
    let missed = context
        .store
        .read(move |db| copies::confirmed_before(db, id, begun))
        .await
        .map_err(Failed::Here)?
        .into_iter()
        .filter(|copy| {
            let of_size = |size| seen.contains(&fingerprint(&copy.key, size));
            !(of_size(copy.bytes) || tells_no_sizes && of_size(UNKNOWN))
        });
    for copy in missed {
        doubt(context, open, copy).await?;
    }
    context
        .store
        .write(move |db| {
            copies::forget_unlisted(db, id, begun)?;
            match destinations::get(db, id)? {
                Some(_) => timed
                    .iter()
                    .try_for_each(|sample| samples::add(db, id, sample)),
                None => Ok(()),
            }
        })
        .await
        .map_err(Failed::Here)?;
    listed(context, id, begun).await
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

/// Tells the photos of a list from what else is in it: by their names, or by the sidecar that
/// follows them. A camera's `DSC0001` without an extension is a photo by its content, which only
/// the machine that put it has seen.
#[derive(Debug, Default)]
pub(crate) struct Sorter {
    /// Objects whose name says nothing, until their sidecar comes: its key sorts after theirs.
    nameless: HashMap<String, Object>,
}

impl Sorter {
    pub(crate) fn objects(&mut self, page: Vec<Object>) -> Vec<Object> {
        let mut photos = Vec::new();
        let mut last = String::new();
        for object in page {
            let key = object.key.clone();
            if is_photo(&object.key) {
                photos.push(object);
            } else if let Some(original) = object.key.strip_suffix(".meta") {
                photos.extend(self.nameless.remove(original));
            } else {
                self.nameless.insert(object.key.clone(), object);
            }
            last = key;
        }
        // A bucket may hold millions of other things: what has no sidecar by now gets none.
        self.nameless
            .retain(|nameless, _| !is_past_sidecar(nameless, &last));
        photos
    }

    fn photos(&mut self, page: Vec<Object>) -> Vec<Listed> {
        self.objects(page).into_iter().map(photo).collect()
    }
}

/// Whether a list that has come to `last` has passed where the sidecar of `key` would be. Some stores list
/// by the bytes of the whole key, others folder by folder: what holds for both.
fn is_past_sidecar(key: &str, last: &str) -> bool {
    let folder = &key[..key.rfind('/').map_or(0, |slash| slash + 1)];
    match last.strip_prefix(folder) {
        None => true,
        Some(below) if below.contains('/') => false,
        Some(_) => last > format!("{key}.meta").as_str(),
    }
}

/// Whether the name says so. No picture begins like this: what remains is what the extension says.
fn is_photo(key: &str) -> bool {
    Kind::of(b"?", OsStr::new(name_in(key))) == Kind::Unreadable
}

fn name_in(key: &str) -> &str {
    key.rsplit('/').next().unwrap_or_default()
}

fn photo(object: Object) -> Listed {
    let name = name_in(&object.key).to_owned();
    let extension = name
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_lowercase())
        .unwrap_or_default();
    let when = when(&object);
    Listed {
        size: object.size,
        name,
        // A hint, until the bytes are seen.
        media_type: MediaType::of_extension(&extension)
            .unwrap_or(MediaType::Raw)
            .mime()
            .to_owned(),
        extension,
        when,
        key: object.key,
    }
}

/// `{year}/{month}/…` where the key is made so, else when the object was put; undated where nothing says.
fn when(object: &Object) -> When {
    let mut segments = object.key.split('/');
    let year = segments.next().and_then(|year| year.parse::<i16>().ok());
    let month = segments.next().and_then(|month| month.parse::<i8>().ok());
    let taken = year
        .zip(month)
        .and_then(|(year, month)| civil::DateTime::new(year, month, 1, 0, 0, 0, 0).ok());
    let put = object.modified.map(|modified| modified.as_millisecond());
    if taken.is_none() && put.is_none() {
        return When {
            month: String::new(),
            sort_at: String::new(),
        };
    }
    let metadata = Metadata {
        taken_at: taken,
        ..Metadata::default()
    };
    place_in_time(&metadata, put.unwrap_or_default(), clock::now())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(key: &str) -> Object {
        Object {
            key: key.into(),
            size: 1,
            etag: None,
            modified: None,
            sha256: None,
            mtime: None,
        }
    }

    #[test]
    fn an_object_is_a_photo_by_its_name_and_dated_by_its_key() {
        let cases = [
            (
                "2019/06/IMG_1.JPG",
                Some(("IMG_1.JPG", "2019-06", "image/jpeg")),
            ),
            ("holiday/x.heic", Some(("x.heic", "", "image/heic"))),
            ("2019/13/x.png", Some(("x.png", "", "image/png"))),
            ("2019/06/IMG_1.JPG.meta", None),
            ("notes.txt", None),
        ];
        for (key, expected) in cases {
            let listed = Sorter::default().photos(vec![object(key)]);
            let found = listed.first().map(|l| {
                (
                    l.name.as_str(),
                    l.when.month.as_str(),
                    l.media_type.as_str(),
                )
            });
            assert_eq!(found, expected, "{key}");
        }
    }

    #[test]
    fn an_object_without_an_extension_is_a_photo_once_its_sidecar_was_listed() {
        let mut sorter = Sorter::default();
        let mut photos = |keys: &[&str]| {
            let page = keys.iter().map(|key| object(key)).collect();
            let found = sorter.photos(page);
            found.into_iter().map(|l| l.key).collect::<Vec<_>>()
        };
        assert!(photos(&["2019/06/DSC0001"]).is_empty());
        // A folder of that name may come between, where a store lists by whole keys.
        assert!(photos(&["2019/06/DSC0001-raw/notes.txt"]).is_empty());
        assert_eq!(
            photos(&[
                "2019/06/DSC0001.jpg",
                "2019/06/DSC0001.meta",
                "2019/06/README"
            ]),
            ["2019/06/DSC0001.jpg", "2019/06/DSC0001"]
        );
        assert!(photos(&["2019/06/README.txt", "2019/06/SCAN"]).is_empty());
        let kept: Vec<&String> = sorter.nameless.keys().collect();
        assert_eq!(kept, ["2019/06/SCAN"], "what was passed is let go");
    }
}
