//! What a list says of an image: whether it is the one that was seen before, and whether it has a sidecar.

use jiff::Timestamp;
use remote::Object;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Bytes. What others write beside an image, such as `6000x4000`, is shorter; every sidecar of ours is longer.
const LONGER_THAN_TEXT: u64 = 128;

/// An original, and what lies beside it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Listed {
    /// Changes when either does.
    pub(super) mark: Mark,
    modified: Option<Timestamp>,
    /// What lies beside it is, as far as a list tells, our sidecar of what the original is now.
    pub(super) is_described: bool,
}

impl Listed {
    pub(super) fn of(original: &Object) -> Self {
        Self {
            mark: Mark::of(original),
            modified: original.modified,
            is_described: false,
        }
    }

    pub(super) fn beside(&mut self, sidecar: &Object) {
        self.mark = self.mark.with(sidecar);
        let after = self.modified.zip(sidecar.modified);
        self.is_described = sidecar.size > LONGER_THAN_TEXT
            && after.is_some_and(|(original, sidecar)| original <= sidecar);
    }
}

/// All that a list says of an object, and of the one beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Mark(u64);

impl Mark {
    fn of(object: &Object) -> Self {
        Self(0).with(object)
    }

    fn with(self, object: &Object) -> Self {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        object.key.hash(&mut hasher);
        object.size.hash(&mut hasher);
        object.etag.hash(&mut hasher);
        object.modified.hash(&mut hasher);
        Self(hasher.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(key: &str, size: u64, modified: Option<i64>) -> Object {
        Object {
            key: key.to_owned(),
            size,
            etag: None,
            modified: modified.map(|at| Timestamp::from_second(at).unwrap()),
            sha256: None,
            mtime: None,
        }
    }

    #[test]
    fn a_list_shows_which_images_have_a_sidecar_of_ours() {
        //  name, the image's time, the sidecar's size and time, described
        let cases = [
            ("ours", Some(10), Some((600, Some(12))), true),
            ("within one second", Some(10), Some((600, Some(10))), true),
            ("none", Some(10), None, false),
            ("an empty one", Some(10), Some((0, Some(12))), false),
            (
                "a size as others write it",
                Some(10),
                Some((21, Some(12))),
                false,
            ),
            (
                "of what the image was before",
                Some(10),
                Some((600, Some(9))),
                false,
            ),
            ("times that are not listed", None, Some((600, None)), false),
        ];
        for (name, image, sidecar, described) in cases {
            let mut listed = Listed::of(&object("a.jpg", 1, image));
            if let Some((size, modified)) = sidecar {
                listed.beside(&object("a.jpg.meta", size, modified));
            }
            assert_eq!(listed.is_described, described, "{name}");
        }
    }

    #[test]
    fn every_sidecar_of_ours_is_longer_than_the_texts_of_others() {
        let bare = media::Sidecar {
            sha256: "ab".repeat(32),
            media_type: "image/jpeg".to_owned(),
            original_name: b"a".to_vec(),
            ..media::Sidecar::default()
        };
        assert!(bare.to_json().len() as u64 > LONGER_THAN_TEXT);
        assert!(((u64::MAX.to_string().len() * 2 + 1) as u64) < LONGER_THAN_TEXT);
    }
}
