//! Tells the photos of a list from what else is in it.
//!
//! **Invariant:** what is no photo by its name is one only when its sidecar was listed, and nothing is kept
//! that can have none any more.

use crate::clock;
use crate::store::copies::Listed;
use crate::store::photos::When;
use crate::when::when as place_in_time;
use jiff::civil;
use media::{Kind, MediaType, Metadata};
use remote::{Key, Object};
use std::collections::HashMap;
use std::ffi::OsStr;

/// By their names, or by the sidecar that
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
            } else if let Some(original) = object.key.strip_suffix(Key::SIDECAR) {
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

    pub(super) fn photos(&mut self, page: Vec<Object>) -> Vec<Listed> {
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
        Some(_) => last > format!("{key}{}", Key::SIDECAR).as_str(),
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
