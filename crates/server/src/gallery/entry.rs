//! What a list tells of one image.
//!
//! **Invariant:** `src` and `meta`, which old clients put into HTML as they are, hold nothing that
//! means something there.

use crate::deployment::Traffic;
use media::{Kind, MediaType, Meta, Sidecar};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use remote::api::{Entry, NO_METADATA};
use remote::{Key, Remote, Sha256, Shown};
use std::time::Duration;

/// How long an address is good that gives a picture to whoever has it: a list is fetched anew before that.
const GOOD_FOR: Duration = Duration::from_secs(60 * 60);

/// What stands for itself in a path; `'` does not.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// An object that may be an image.
pub(super) struct Found {
    pub(super) key: Key,
    pub(super) size: u64,
}

/// None: it is no image, as far as its name and its sidecar tell.
pub(super) fn entry(found: &Found, meta: Meta) -> Option<Entry> {
    let shown = !matches!(meta, Meta::NotYet) || looks_like_a_photo(found.key.as_str());
    shown.then(|| named(found, meta))
}

/// Whatever it is.
pub(super) fn named(found: &Found, meta: Meta) -> Entry {
    let src = format!(
        "gallery/{}",
        utf8_percent_encode(found.key.as_str(), IN_PATH)
    );
    let plain = Entry {
        src,
        meta: NO_METADATA.to_owned(),
        key: Some(found.key.to_string()),
        sha256: None,
        size: Some(found.size),
        media_type: None,
        taken_at: None,
        metadata: None,
        thumb: None,
    };
    match meta {
        Meta::Sidecar(sidecar) => described(plain, &sidecar),
        Meta::Size { width, height } => Entry {
            meta: format!("{width}x{height}"),
            ..plain
        },
        Meta::Later { .. } | Meta::NotYet => plain,
    }
}

fn described(plain: Entry, sidecar: &Sidecar) -> Entry {
    let metadata = &sidecar.metadata;
    let is_hash = sidecar.sha256.len() == 64
        && sidecar
            .sha256
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let sha256 = is_hash.then(|| sidecar.sha256.clone());
    let thumb = sidecar.thumbhash.as_ref().and(sha256.as_ref());
    Entry {
        meta: metadata.stored_size().map_or_else(
            || NO_METADATA.to_owned(),
            |(width, height)| format!("{width}x{height}"),
        ),
        thumb: thumb.map(|sha256| format!("thumbs/{sha256}.webp")),
        sha256,
        media_type: MediaType::of_mime(&sidecar.media_type).map(|known| known.mime().to_owned()),
        taken_at: metadata
            .taken_at
            .map(|at| at.strftime("%Y-%m-%dT%H:%M:%S").to_string()),
        metadata: serde_json::from_str(&sidecar.to_json()).ok(),
        ..plain
    }
}

/// Whether a name has an extension that photos have, or none that says what it is.
pub(crate) fn looks_like_a_photo(key: &str) -> bool {
    let name = key.rsplit('/').next().unwrap_or_default();
    Kind::of(b"?", name.as_ref()) == Kind::Unreadable
}

/// Where pictures come straight from the store, each has an address there that carries its own permission.
pub(super) async fn addressed(
    remote: &dyn Remote,
    traffic: Traffic,
    key: &Key,
    entry: Entry,
) -> Result<Entry, remote::Error> {
    if traffic == Traffic::Through {
        return Ok(entry);
    }
    let name = key.name();
    let shown = Shown {
        name,
        // Only what the sidecar says was found out by content.
        content_type: entry
            .media_type
            .as_deref()
            .unwrap_or("application/octet-stream"),
    };
    let src = remote.link(key, shown, GOOD_FOR).await?;
    let thumb = match hash_of(&entry).filter(|_| entry.thumb.is_some()) {
        Some(sha256) => {
            let shown = Shown {
                name: "thumbnail.webp",
                content_type: "image/webp",
            };
            let thumbnail = Key::thumbnail(&sha256);
            remote.link(&thumbnail, shown, GOOD_FOR).await?
        }
        None => None,
    };
    Ok(Entry {
        src: src.map_or(entry.src, |link| link.url),
        thumb: thumb.map(|link| link.url).or(entry.thumb),
        ..entry
    })
}

fn hash_of(entry: &Entry) -> Option<Sha256> {
    let bytes = hex::decode(entry.sha256.as_ref()?).ok()?;
    bytes.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(key: &str) -> Found {
        Found {
            key: Key::parse(key).unwrap(),
            size: 7,
        }
    }

    #[test]
    fn src_is_encoded_so_that_it_ends_no_attribute() {
        //  key, src
        let cases = [
            ("2024/05/a.jpg", "gallery/2024/05/a.jpg"),
            ("it's \"a\".jpg", "gallery/it%27s%20%22a%22.jpg"),
            ("a?b#c%.jpg", "gallery/a%3Fb%23c%25.jpg"),
            ("<é>.jpg", "gallery/%3C%C3%A9%3E.jpg"),
        ];
        for (key, src) in cases {
            let entry = entry(&found(key), Meta::NotYet).unwrap();
            assert_eq!(entry.src, src, "{key}");
            assert_eq!(entry.meta, NO_METADATA);
        }
    }

    #[test]
    fn meta_is_the_size_as_stored_and_nothing_else() {
        let sidecar = |json: &str| Meta::Sidecar(Box::new(Sidecar::parse(json).unwrap()));
        let sha256 = "ab".repeat(32);
        //  name, meta, expected
        let cases = [
            ("not yet", Meta::NotYet, NO_METADATA),
            (
                "of a later imgn",
                Meta::Later {
                    schema: "imgn/2".to_owned(),
                },
                NO_METADATA,
            ),
            (
                "the original's",
                Meta::Size {
                    width: 4,
                    height: 3,
                },
                "4x3",
            ),
            (
                "upright",
                sidecar(r#"{"schema":"imgn/1","width":4,"height":3,"orientation":1}"#),
                "4x3",
            ),
            (
                "turned",
                sidecar(r#"{"schema":"imgn/1","width":3,"height":4,"orientation":6}"#),
                "4x3",
            ),
            (
                "no size",
                sidecar(r#"{"schema":"imgn/1","error":"<b>"}"#),
                NO_METADATA,
            ),
        ];
        for (name, meta, expected) in cases {
            assert_eq!(
                entry(&found("a.jpg"), meta).unwrap().meta,
                expected,
                "{name}"
            );
        }
        let json = format!(
            r#"{{"schema":"imgn/1","sha256":"{sha256}","type":"image/jpeg","thumbhash":"aa","taken_at":"2019-06-01T12:30:00"}}"#
        );
        let full = entry(&found("a"), sidecar(&json)).unwrap();
        assert_eq!(full.thumb.unwrap(), format!("thumbs/{sha256}.webp"));
        assert_eq!(full.taken_at.unwrap(), "2019-06-01T12:30:00");
        assert_eq!(full.media_type.unwrap(), "image/jpeg");
        let odd = r#"{"schema":"imgn/1","sha256":"../x","type":"text/html","thumbhash":"aa"}"#;
        let odd = entry(&found("a"), sidecar(odd)).unwrap();
        assert_eq!((odd.sha256, odd.thumb, odd.media_type), (None, None, None));
    }

    #[test]
    fn what_is_no_photo_is_left_out() {
        for (key, shown) in [
            ("a.jpg", true),
            ("a.CR3", true),
            ("a.txt", false),
            ("a", false),
        ] {
            assert_eq!(entry(&found(key), Meta::NotYet).is_some(), shown, "{key}");
        }
    }
}
