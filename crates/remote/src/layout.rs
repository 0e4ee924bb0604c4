//! How the objects of a place lie, and what they are called.
//!
//! The *library* layout is imgn's own: see the crate's keys, and `.imgn/`. The *original* layout is that of the
//! imgn of the talk, so that its servers and this client share one place: one level of plain names, the size of
//! each picture as text beside it, and nothing else.
//!
//! **Invariant:** in a place with the original's layout nothing lies under `.imgn/`, and nothing but photos has a
//! name that one of its servers shows: its functions show all but `.meta`, its containers `.jpg` and `.png`.

use crate::{Error, Key, KeyParts, KeyTemplate, Sha256, key};
use uuid::Uuid;

/// Letters of a name that are kept.
const LONGEST_STEM: usize = 100;

/// How objects lie in a bucket or folder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Layout {
    #[default]
    Library,
    /// Shared with the servers of the original imgn. There is no marker: the address stands for one.
    Original,
}

/// What of derived objects a place holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Derived {
    /// Sidecars and thumbnails.
    Ours,
    /// Beside an original its size as stored, as the text `WIDTHxHEIGHT`; no thumbnails.
    Size,
    /// None of ours: the far side makes its own.
    Theirs,
}

impl Layout {
    /// The key that an original gets. `twin` is as in [`KeyTemplate::render`].
    pub(crate) fn key(
        self,
        place: &str,
        template: &KeyTemplate,
        parts: &KeyParts<'_>,
        twin: u8,
    ) -> Result<Key, Error> {
        if self == Self::Library {
            return Ok(template.render(parts, twin));
        }
        let filename = String::from_utf8_lossy(parts.filename);
        if !matches!(parts.extension, "jpg" | "png") {
            return Err(not_accepted(place, &filename));
        }
        let name = plain_name(&filename, &parts.sha256, parts.extension, twin);
        Key::parse(&name).map_err(|_| Error::BadKey {
            place: place.to_owned(),
            key: name.clone(),
        })
    }

    /// Whether originals are put under such a key. What lies under others was put there by somebody else.
    pub(crate) fn makes(self, key: &Key) -> bool {
        let plain = |stem: &str| !stem.is_empty() && stem.chars().all(is_plain);
        match (self, key.as_str().rsplit_once('.')) {
            (Self::Library, _) => true,
            (Self::Original, Some((stem, "jpg" | "png"))) => plain(stem),
            (Self::Original, _) => false,
        }
    }

    /// Whether an original of this type may be put under such a key.
    pub(crate) fn takes(self, place: &str, key: &Key, content_type: &str) -> Result<(), Error> {
        match self {
            Self::Original if self.makes(key) && extension(content_type).is_none() => {
                Err(not_accepted(place, key.as_str()))
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn derived(self) -> Derived {
        match self {
            Self::Library => Derived::Ours,
            Self::Original => Derived::Size,
        }
    }

    /// Whether this may be put as a derived object.
    pub(crate) fn takes_derived(self, place: &str, key: &Key, body: &[u8]) -> Result<(), Error> {
        if !key.is_derived() || !self.may_have(key) {
            return Err(Error::BadKey {
                place: place.to_owned(),
                key: key.to_string(),
            });
        }
        let text = std::str::from_utf8(body).unwrap_or_default();
        if self == Self::Original && !is_size(text) {
            // Its web pages put it into HTML as it is.
            return Err(Error::NotAccepted {
                place: place.to_owned(),
                key: key.to_string(),
                message: "beside a photo it holds a size only".to_owned(),
            });
        }
        Ok(())
    }

    /// Whether anything can lie under this key.
    pub(crate) fn may_have(self, key: &Key) -> bool {
        self == Self::Library || !key::is_private(key.as_str())
    }

    /// What a probe is called; those of one `id` belong together.
    pub(crate) fn probe(self, id: Uuid, what: &str) -> String {
        match self {
            Self::Library => format!(".imgn/probe-{id}{what}"),
            Self::Original => format!("imgn-probe-{id}{what}.meta"),
        }
    }

    /// A library lies where one was to be shared with originals.
    pub(crate) fn is_another(self, place: &str) -> Error {
        Error::Settings(format!(
            "an imgn library lies in {place} (there is {}): add it without --layout original",
            crate::Marker::KEY
        ))
    }
}

/// The extension that an original knows a type by; none: it takes no such images.
pub(crate) fn extension(content_type: &str) -> Option<&'static str> {
    match content_type {
        "image/jpeg" => Some("jpg"),
        "image/png" => Some("png"),
        _ => None,
    }
}

pub(crate) fn not_accepted(place: &str, key: &str) -> Error {
    Error::NotAccepted {
        place: place.to_owned(),
        key: key.to_owned(),
        message: "it takes JPEG and PNG only".to_owned(),
    }
}

/// `<stem>-<8 hex>.<jpg|png>` for the last part of `path`: an original writes names raw into HTML and paths, and
/// overwrites what has the same one. `twin` is as in [`KeyTemplate::render`], from 8 hex on.
pub(crate) fn plain_name(path: &str, sha256: &Sha256, extension: &str, twin: u8) -> String {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let stem: String = stem
        .chars()
        .map(|c| c.to_ascii_lowercase())
        .filter(|c| is_plain(*c))
        .take(LONGEST_STEM)
        .collect();
    let stem = if stem.is_empty() { "photo" } else { &stem };
    let hash = hex::encode(sha256);
    let digits = match twin {
        0 => 8,
        1 => 16,
        _ => hash.len(),
    };
    format!("{stem}-{}.{extension}", &hash[..digits])
}

fn is_plain(c: char) -> bool {
    matches!(c, 'a'..='z' | '0'..='9' | '_' | '-')
}

/// `^\d+x\d+$`
pub(crate) fn is_size(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('x')
        .is_some_and(|(width, height)| digits(width) && digits(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_holds_nothing_that_means_anything_in_html_or_a_path() {
        //  key, extension, name
        let cases = [
            ("2024/05/IMG_1.JPG", "jpg", "img_1-07070707.jpg"),
            ("2024/05/<b>\"it's\".png", "png", "bits-07070707.png"),
            ("größe 1.jpeg", "jpg", "gre1-07070707.jpg"),
            ("..a.b.jpg", "jpg", "ab-07070707.jpg"),
            ("日本.jpg", "jpg", "photo-07070707.jpg"),
            ("noextension", "jpg", "noextension-07070707.jpg"),
        ];
        for (key, extension, expected) in cases {
            assert_eq!(plain_name(key, &[7; 32], extension, 0), expected, "{key}");
            let made = Key::parse(expected).unwrap();
            assert!(Layout::Original.makes(&made), "{expected}");
        }
        let long = plain_name(&"x".repeat(300), &[7; 32], "jpg", 0);
        assert_eq!(long.len(), LONGEST_STEM + "-07070707.jpg".len());
        let twins = [1, 2].map(|twin| plain_name("a.jpg", &[7; 32], "jpg", twin));
        let [second, third] = twins.map(|name| name.len() - "a-.jpg".len());
        assert_eq!((second, third), (16, 64));
    }

    #[test]
    fn what_others_put_there_is_told_from_what_is_made_here() {
        //  key, made in the original's layout
        let cases = [
            ("img_1-07070707.jpg", true),
            ("a.png", true),
            ("Beach.jpg", false),
            ("beach.JPG", false),
            ("beach.jpeg", false),
            ("2024/a.jpg", false),
            ("a b.jpg", false),
            (".jpg", false),
            ("a.jpg.meta", false),
            ("jpg", false),
        ];
        for (name, made) in cases {
            let key = Key::parse(name).unwrap();
            assert_eq!(Layout::Original.makes(&key), made, "{name}");
            assert!(Layout::Library.makes(&key), "{name}");
        }
    }

    #[test]
    fn beside_a_photo_of_an_original_stands_its_size_and_nothing_else() {
        let sidecar = Key::parse("a.jpg").unwrap().sidecar();
        let thumbnail = Key::thumbnail(&[7; 32]);
        let photo = Key::parse("a.jpg").unwrap();
        //  key, body, taken in a library, taken by an original
        let cases: [(&Key, &str, bool, bool); 6] = [
            (&sidecar, "640x480", true, true),
            (&sidecar, "{\"schema\":\"imgn/1\"}", true, false),
            (&sidecar, "640x480<b>", true, false),
            (&sidecar, "", true, false),
            (&thumbnail, "640x480", true, false),
            (&photo, "640x480", false, false),
        ];
        for (key, body, library, original) in cases {
            for (layout, taken) in [(Layout::Library, library), (Layout::Original, original)] {
                let found = layout.takes_derived("nas", key, body.as_bytes());
                assert_eq!(found.is_ok(), taken, "{layout:?} {key} {body}: {found:?}");
            }
        }
    }

    #[test]
    fn a_probe_is_no_photo_to_anybody() {
        let id = Uuid::new_v4();
        assert!(Layout::Library.probe(id, "-parts").starts_with(".imgn/"));
        let probe = Layout::Original.probe(id, "-parts");
        assert!(probe.ends_with(".meta") && !probe.contains('/'), "{probe}");
    }
}
