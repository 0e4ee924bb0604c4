//! What lies beside an original at a destination, read: its sidecar and its thumbnail.
//!
//! **Invariant:** anybody may have written these. They are limited in size, and what cannot be read,
//! or speaks of other bytes, is as good as not there. Their SHA-256 is a hint until bytes were seen.

use crate::numbered::LONGEST_NAME;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use media::{Kind, MediaType, Meta, Sidecar};
use remote::{Error, Key, Remote, Sha256};

/// What the log says of a sidecar that is not read here, and never replaced.
pub(crate) const OF_A_LATER_IMGN: &str =
    "a sidecar was written by a later imgn, and is left alone: update this one";

/// Sidecars are a few kilobytes, thumbnails some tens.
pub(crate) const MOST_SIDECAR: u64 = 1 << 20;
const MOST_THUMBNAIL: u64 = 4 << 20;
/// A thumbhash is 5 to 25 bytes: <https://github.com/evanw/thumbhash>.
const LONGEST_THUMBHASH: usize = 25;

/// What `<key>.meta` says of an object of this size. One that gives another size is of other bytes.
pub(crate) async fn meta(remote: &dyn Remote, key: &Key, size: u64) -> Result<Meta, Error> {
    // A name near the limit has no room for a sidecar's.
    let Ok(beside) = Key::parse(key.sidecar().as_str()) else {
        return Ok(Meta::NotYet);
    };
    let body = match remote.get(&beside, MOST_SIDECAR).await {
        Ok(body) => body,
        Err(Error::TooLarge { .. } | Error::BadKey { .. }) => None,
        Err(error) => return Err(error),
    };
    let text = body
        .as_deref()
        .and_then(|body| std::str::from_utf8(body).ok());
    Ok(match text.map_or(Meta::NotYet, Meta::parse) {
        Meta::Sidecar(sidecar) if sidecar.size != 0 && sidecar.size != size => Meta::NotYet,
        Meta::Later { schema } => {
            tracing::warn!(key = key.as_str(), schema, "{OF_A_LATER_IMGN}");
            Meta::Later { schema }
        }
        meta => meta,
    })
}

/// The thumbnail that is kept for these bytes.
pub(crate) async fn thumbnail(
    remote: &dyn Remote,
    sha256: &Sha256,
) -> Result<Option<Bytes>, Error> {
    match remote.get(&Key::thumbnail(sha256), MOST_THUMBNAIL).await {
        Ok(body) => Ok(body.filter(|body| is_webp(body))),
        Err(Error::TooLarge { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

pub(crate) fn sha256(sidecar: &Sidecar) -> Option<Sha256> {
    hash(&sidecar.sha256)
}

pub(crate) fn previous(sidecar: &Sidecar) -> Option<Sha256> {
    hash(sidecar.previous.as_deref()?)
}

pub(crate) fn thumbhash(sidecar: &Sidecar) -> Option<Vec<u8>> {
    let hash = STANDARD.decode(sidecar.thumbhash.as_ref()?).ok()?;
    (5..=LONGEST_THUMBHASH)
        .contains(&hash.len())
        .then_some(hash)
}

/// The type by content; none: it could not be told, or is none that photos have.
pub(crate) fn media_type(sidecar: &Sidecar) -> Option<MediaType> {
    MediaType::of_mime(&sidecar.media_type)
}

/// Whether the machine that had the bytes could make nothing of them.
pub(crate) fn is_unreadable(sidecar: &Sidecar) -> bool {
    sidecar.media_type == Kind::Unreadable.mime()
}

/// The file's name as it was on disk, where it is one: no path, and none that means something else.
pub(crate) fn original_name(sidecar: &Sidecar, key: &Key) -> Option<Vec<u8>> {
    let mut name = sidecar.original_name.clone();
    // Sidecars were once written without the bytes of a name that is no text; the key has them.
    if std::str::from_utf8(&name).is_ok_and(|text| text.contains(char::REPLACEMENT_CHARACTER)) {
        let decoded = key.decoded_name();
        if String::from_utf8_lossy(&decoded).as_bytes() == name {
            name = decoded;
        }
    }
    let is_name = !matches!(name.as_slice(), b"" | b"." | b"..")
        && name.len() <= LONGEST_NAME
        && !name.iter().any(|byte| matches!(byte, b'/' | 0));
    is_name.then_some(name)
}

fn hash(hex_hash: &str) -> Option<Sha256> {
    hex::decode(hex_hash).ok()?.try_into().ok()
}

/// A RIFF container with WebP form type that has all the bytes that it says:
/// <https://developers.google.com/speed/webp/docs/riff_container>.
fn is_webp(body: &[u8]) -> bool {
    let said = body.get(4..8).and_then(|size| size.try_into().ok());
    let whole = said.map(|size| u64::from(u32::from_le_bytes(size)) + 8);
    body.starts_with(b"RIFF")
        && body.get(8..12) == Some(b"WEBP")
        && whole.is_some_and(|whole| body.len() as u64 >= whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &[u8]) -> Sidecar {
        Sidecar {
            original_name: name.into(),
            ..Sidecar::default()
        }
    }

    #[test]
    fn a_thumbnail_is_a_whole_webp() {
        //  name, bytes, whether it is one
        let cases: [(&str, &[u8], bool); 5] = [
            ("whole", b"RIFF\x08\0\0\0WEBPVP8 ", true),
            ("cut off", b"RIFF\x09\0\0\0WEBPVP8 ", false),
            ("another container", b"RIFF\x08\0\0\0WAVEfmt ", false),
            ("text", b"640x480", false),
            ("empty", b"", false),
        ];
        for (name, bytes, expected) in cases {
            assert_eq!(is_webp(bytes), expected, "{name}");
        }
    }

    #[test]
    fn an_original_name_is_one_name_or_none() {
        let key = Key::parse("2024/05/latin-%E9.jpg").unwrap();
        let long = "x".repeat(256);
        //  name, expected
        let cases: [(&[u8], Option<&[u8]>); 11] = [
            (b"a.jpg", Some(b"a.jpg")),
            (b"new\nline\\.jpg", Some(b"new\nline\\.jpg")),
            (b"100%25.jpg", Some(b"100%25.jpg")),
            ("latin-\u{fffd}.jpg".as_bytes(), Some(b"latin-\xe9.jpg")),
            (b"latin-\xf1.jpg", Some(b"latin-\xf1.jpg")),
            (b"", None),
            (b"..", None),
            (b"../../etc/passwd", None),
            (b"/etc/passwd", None),
            (b"a\0b", None),
            (long.as_bytes(), None),
        ];
        for (name, expected) in cases {
            let found = original_name(&named(name), &key);
            assert_eq!(found.as_deref(), expected, "{}", name.escape_ascii());
        }
    }
}
