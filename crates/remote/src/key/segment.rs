//! One segment of a key: a file's or folder's name, made fit for every store.
//!
//! Invalid UTF-8, control characters, `/`, `\` and the dot of a leading `.imgn` are percent-encoded,
//! and where anything is encoded `%` is too, so that the original name can be read back.

use super::Key;
use crate::Sha256;
use std::fmt::Write;

/// Longest segment that is made, in bytes; leaves room for `.meta` within 255.
const LONGEST: usize = 200;
/// What follows the last dot counts as an extension up to this many bytes.
const LONGEST_EXTENSION: usize = 32;

/// The name of a photo. `twin` is as in [`KeyTemplate::render`](super::KeyTemplate::render).
pub(super) fn file(name: &[u8], sha256: &Sha256, extension: &str, twin: u8) -> String {
    let encoded = encode(name);
    let hash = hex::encode(sha256);
    // Names that mean something else, to a path or to this layout, end differently.
    let reserved = matches!(encoded.as_str(), "" | "." | "..") || ends_in_meta(&encoded);
    let (mut stem, extension) = if reserved {
        let extension = if extension.is_empty() {
            String::new()
        } else {
            format!(".{extension}")
        };
        (
            format!(
                "{}-{}",
                cut(&encoded, LONGEST - 9 - extension.len()),
                &hash[..8]
            ),
            extension,
        )
    } else {
        let (stem, extension) = split_extension(&encoded);
        (stem.to_owned(), extension.to_owned())
    };
    let suffix = match twin {
        0 => String::new(),
        1 => format!("-{}", &hash[..8]),
        2 => format!("-{}", &hash[..16]),
        _ => format!("-{hash}"),
    };
    stem.truncate(cut(&stem, LONGEST - suffix.len() - extension.len()).len());
    let name = format!("{stem}{suffix}{extension}");
    // The cut may have bared a `.meta` that stood in the middle.
    if ends_in_meta(&name) {
        cut(&name, name.len() - 1).to_owned()
    } else {
        name
    }
}

/// The name of a folder above a photo; none for `.` and an empty name.
pub(super) fn folder(name: &[u8]) -> Option<String> {
    let encoded = encode(name);
    let encoded = cut(&encoded, LONGEST);
    Some(match encoded {
        "" | "." => return None,
        ".." => "%2E%2E".to_owned(),
        // The sidecar of a file `x` is `x.meta`: a folder of that name would stand in its way.
        _ if ends_in_meta(encoded) => {
            let dot = encoded.len() - Key::SIDECAR.len();
            format!("{}%2E{}", &encoded[..dot], &encoded[dot + 1..])
        }
        _ => encoded.to_owned(),
    })
}

/// The name that [`encode`] made `segment` of, if it encoded anything: a segment does not tell.
pub(super) fn decode(segment: &str) -> Vec<u8> {
    let mut name = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let byte = (first == b'%')
            .then(|| after.get(..2))
            .flatten()
            .and_then(|digits| hex::decode(digits).ok());
        match byte.as_deref() {
            Some([byte]) => {
                name.push(*byte);
                rest = &after[2..];
            }
            _ => {
                name.push(first);
                rest = after;
            }
        }
    }
    name
}

/// The name that [`file`] made `segment` of; the segment itself where that cannot be told.
pub(super) fn source(segment: &str, sha256: &Sha256) -> Vec<u8> {
    let hash = hex::encode(sha256);
    let (stem, extension) = split_extension(segment);
    let twin = [&hash[..16], &hash[..8]]
        .iter()
        .find_map(|part| stem.strip_suffix(part)?.strip_suffix('-'))
        .filter(|stem| !stem.is_empty());
    let plain = match twin {
        Some(stem) => format!("{stem}{extension}"),
        None => segment.to_owned(),
    };
    let decoded = decode(&plain);
    // Only what would be encoded to this very segment was.
    if file(&decoded, sha256, "", 0) == plain {
        decoded
    } else {
        plain.into_bytes()
    }
}

fn encode(name: &[u8]) -> String {
    let reserved = name
        .get(..5)
        .is_some_and(|start| start.eq_ignore_ascii_case(b".imgn"));
    let clean = std::str::from_utf8(name).is_ok_and(|name| !name.chars().any(must_be_encoded));
    if clean && !reserved {
        return String::from_utf8_lossy(name).into_owned();
    }
    let mut encoded = String::with_capacity(name.len() + 16);
    let mut rest = name;
    if reserved {
        percent(&mut encoded, &rest[..1]);
        rest = &rest[1..];
    }
    for chunk in rest.utf8_chunks() {
        for c in chunk.valid().chars() {
            if must_be_encoded(c) || c == '%' {
                percent(&mut encoded, c.encode_utf8(&mut [0; 4]).as_bytes());
            } else {
                encoded.push(c);
            }
        }
        percent(&mut encoded, chunk.invalid());
    }
    encoded
}

/// U+FFFE and U+FFFF cannot stand in XML, and so in no list of a bucket.
fn must_be_encoded(c: char) -> bool {
    c.is_control() || matches!(c, '\\' | '/' | '\u{fffe}' | '\u{ffff}')
}

fn percent(out: &mut String, bytes: &[u8]) {
    for byte in bytes {
        write!(out, "%{byte:02X}").expect("writing to a String cannot fail");
    }
}

fn ends_in_meta(name: &str) -> bool {
    let at = name.len().saturating_sub(Key::SIDECAR.len());
    name.as_bytes()[at..].eq_ignore_ascii_case(Key::SIDECAR.as_bytes())
}

/// The stem, and the extension with its dot.
fn split_extension(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(dot) if dot > 0 && name.len() - dot <= LONGEST_EXTENSION => name.split_at(dot),
        _ => (name, ""),
    }
}

/// At most `bytes` of `text`, ending at a character and not within a `%XX`.
fn cut(text: &str, bytes: usize) -> &str {
    if text.len() <= bytes {
        return text;
    }
    let mut end = bytes;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let tail = end.saturating_sub(2);
    match text.as_bytes()[tail..end]
        .iter()
        .rposition(|&byte| byte == b'%')
    {
        Some(at) if is_escape(&text.as_bytes()[tail + at..]) => &text[..tail + at],
        _ => &text[..end],
    }
}

fn is_escape(bytes: &[u8]) -> bool {
    matches!(bytes, [b'%', a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit())
}
