//! IPTC-IIM records (Information Interchange Model 4.2), as older picture desks write them.

use super::{Metadata, text};
use crate::bytes::Bytes;

/// Fills in what is still unknown.
pub(super) fn read(records: &[u8], metadata: &mut Metadata) {
    const OBJECT_NAME: u8 = 5;
    const KEYWORDS: u8 = 25;
    const BY_LINE: u8 = 80;
    const COPYRIGHT: u8 = 116;
    const CAPTION: u8 = 120;
    let sets = data_sets(records);
    let is_utf8 = sets
        .iter()
        .any(|set| set.record == 1 && set.number == 90 && set.value == b"\x1b%G");
    let texts = |number: u8| {
        let wanted = sets
            .iter()
            .filter(move |set| set.record == 2 && set.number == number);
        wanted.map(|set| {
            if is_utf8 {
                String::from_utf8_lossy(set.value).into_owned()
            } else {
                text::decoded(set.value)
            }
        })
    };
    let fill = |field: &mut Option<String>, number: u8, longest: usize| {
        if field.is_none() {
            *field = texts(number).find_map(|text| text::bounded(&text, longest));
        }
    };
    fill(&mut metadata.title, OBJECT_NAME, text::SHORT);
    fill(&mut metadata.description, CAPTION, text::LONG);
    fill(&mut metadata.artist, BY_LINE, text::SHORT);
    fill(&mut metadata.copyright, COPYRIGHT, text::SHORT);
    if metadata.keywords.is_empty() {
        let words: Vec<String> = texts(KEYWORDS).collect();
        metadata.keywords = text::keywords(words.iter().map(String::as_str));
    }
}

struct DataSet<'a> {
    record: u8,
    number: u8,
    value: &'a [u8],
}

fn data_sets(records: &[u8]) -> Vec<DataSet<'_>> {
    const MOST: usize = 1000;
    const MARKER: u8 = 0x1c;
    let bytes = Bytes(records);
    let mut at = 0_usize;
    let each = std::iter::from_fn(|| {
        if bytes.u8(at)? != MARKER {
            return None;
        }
        let (record, number, length) = (bytes.u8(at + 1)?, bytes.u8(at + 2)?, bytes.be16(at + 3)?);
        // The highest bit announces a length of its own length: values over 32 KiB, which no text has.
        let value = (length < 0x8000)
            .then(|| bytes.get(at + 5, usize::from(length)))
            .flatten()?;
        at += 5 + value.len();
        Some(DataSet {
            record,
            number,
            value,
        })
    });
    each.take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(record: u8, number: u8, value: &[u8]) -> Vec<u8> {
        [
            &[0x1c, record, number][..],
            &(value.len() as u16).to_be_bytes(),
            value,
        ]
        .concat()
    }

    #[test]
    fn records_fill_what_is_unknown_in_the_announced_encoding() {
        let utf8 = set(1, 90, b"\x1b%G");
        let words = [
            set(2, 25, "Zoë".as_bytes()),
            set(2, 25, b"cat"),
            set(2, 120, b"a cat"),
            set(2, 80, b"Ann"),
        ]
        .concat();
        let mut metadata = Metadata {
            artist: Some("Bob".into()),
            ..Metadata::default()
        };
        read(&[utf8, words].concat(), &mut metadata);
        assert_eq!(metadata.keywords, ["Zoë", "cat"]);
        assert_eq!(metadata.description.as_deref(), Some("a cat"));
        assert_eq!(metadata.artist.as_deref(), Some("Bob"));

        let mut latin1 = Metadata::default();
        read(&set(2, 25, b"Zo\xeb"), &mut latin1);
        assert_eq!(latin1.keywords, ["Zoë"]);
    }

    #[test]
    fn damaged_records_end_the_reading() {
        let good = set(2, 25, b"cat");
        for bad in [
            &b"\x1c\x02\x19\xff\xff"[..],
            b"\x1c\x02\x19\x00\x09cat",
            b"junk",
            b"\x1c",
        ] {
            let mut metadata = Metadata::default();
            read(&[&good, bad].concat(), &mut metadata);
            assert_eq!(metadata.keywords, ["cat"]);
        }
    }
}
