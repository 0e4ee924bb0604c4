//! Where EXIF values are found, whichever way a file keeps them.
//!
//! `kamadak-exif` reads every TIFF structure; `nom-exif` what is wrapped in a way that
//! [`crate::container`] doesn't open: RAF and the legacy text profiles of PNG.

use super::text;
use crate::isobmff;
use exif::{Context, Tag, Value};
use nom_exif::{EntryValue, IfdIndex, IfdKind};

/// Values of one tag that are looked at: none that is asked for has more than three.
const MOST: usize = 4;

/// The tags of the main picture.
pub(super) enum Tags {
    /// One TIFF structure with sub-directories.
    Whole(exif::Exif),
    /// What are sub-directories elsewhere, each a structure of its own.
    Apart {
        tiff: exif::Exif,
        exif: Option<exif::Exif>,
        gps: Option<exif::Exif>,
    },
    Nom(nom_exif::Exif),
}

impl Tags {
    pub(super) fn from_tiff(block: &[u8]) -> Result<Self, String> {
        parse(block).map(Self::Whole)
    }

    /// Canon's CR3 is ISO base media, with blocks of its own.
    pub(super) fn from_cr3(data: &[u8]) -> Option<Self> {
        let block = |name: &[u8; 4]| parse(isobmff::canon_block(data, *name)?).ok();
        Some(Self::Apart {
            tiff: block(b"CMT1")?,
            exif: block(b"CMT2"),
            gps: block(b"CMT4"),
        })
    }

    /// Any other file that may have EXIF somewhere.
    pub(super) fn from_file(data: &[u8]) -> Option<Self> {
        let source = nom_exif::MediaSource::from_memory(data.to_vec()).ok()?;
        let entries = nom_exif::MediaParser::new().parse_exif(source).ok()?;
        Some(Self::Nom(entries.into()))
    }

    pub(super) fn raw_text(&self, tag: Tag) -> Option<String> {
        if let Self::Nom(found) = self {
            return nom_text(nom_value(found, tag)?);
        }
        match self.value(tag)? {
            // The one text in which a NUL separates two parts: photographer and editor.
            Value::Ascii(parts) if tag == Tag::Copyright => {
                let parts = parts.iter().map(|part| text::decoded(part));
                let kept: Vec<String> = parts.filter(|part| !part.trim().is_empty()).collect();
                Some(kept.join("\n"))
            }
            // What follows a NUL is padding or junk.
            Value::Ascii(parts) => parts.first().map(|part| text::decoded(part)),
            Value::Byte(bytes) | Value::Undefined(bytes, _) => Some(text::decoded(bytes)),
            _ => None,
        }
    }

    pub(super) fn numbers(&self, tag: Tag) -> Vec<f64> {
        if let Self::Nom(found) = self {
            return nom_value(found, tag).map_or(Vec::new(), nom_numbers);
        }
        let rational = |value: &exif::Rational| value.to_f64();
        // Some phones write positions as signed.
        let signed = |value: &exif::SRational| value.to_f64();
        match self.value(tag) {
            Some(Value::Byte(values)) => first(values),
            Some(Value::Short(values)) => first(values),
            Some(Value::Long(values)) => first(values),
            Some(Value::SShort(values)) => first(values),
            Some(Value::SLong(values)) => first(values),
            Some(Value::Float(values)) => first(values),
            Some(Value::Double(values)) => first(values),
            Some(Value::Rational(values)) => values.iter().take(MOST).map(rational).collect(),
            Some(Value::SRational(values)) => values.iter().take(MOST).map(signed).collect(),
            _ => Vec::new(),
        }
    }

    fn value(&self, tag: Tag) -> Option<&Value> {
        // To itself, a block of its own is a main directory.
        let alone = Tag(Context::Tiff, tag.number());
        let (found, tag) = match (self, tag.context()) {
            (Self::Nom(_), _) => return None,
            (Self::Whole(found), _) => (found, tag),
            (Self::Apart { exif, .. }, Context::Exif) => (exif.as_ref()?, alone),
            (Self::Apart { gps, .. }, Context::Gps) => (gps.as_ref()?, alone),
            (Self::Apart { tiff, .. }, _) => (tiff, alone),
        };
        let field = found.get_field(tag, exif::In::PRIMARY);
        field.map(|field| &field.value)
    }
}

fn parse(block: &[u8]) -> Result<exif::Exif, String> {
    let mut reader = exif::Reader::new();
    let found = reader.continue_on_error(true).read_raw(block.to_vec());
    // Single damaged tags are common, and harmless: the others are good.
    let found = found.or_else(|error| error.distill_partial_result(|_| {}));
    found.map_err(|error| error.to_string())
}

fn first<T: Copy + Into<f64>>(values: &[T]) -> Vec<f64> {
    values
        .iter()
        .take(MOST)
        .map(|&value| value.into())
        .collect()
}

fn nom_value(found: &nom_exif::Exif, tag: Tag) -> Option<&EntryValue> {
    let kind = match tag.context() {
        Context::Exif => IfdKind::Exif,
        Context::Gps => IfdKind::Gps,
        _ => IfdKind::Tiff,
    };
    found.get_by_code_in(IfdIndex::MAIN, kind, tag.number())
}

fn nom_text(value: &EntryValue) -> Option<String> {
    match value {
        EntryValue::Text(text) => Some(text.clone()),
        EntryValue::DateTime(time) => Some(time.naive_local().to_string()),
        EntryValue::NaiveDateTime(time) => Some(time.to_string()),
        EntryValue::U8Array(bytes) | EntryValue::Undefined(bytes) => Some(text::decoded(bytes)),
        _ => None,
    }
}

fn nom_numbers(value: &EntryValue) -> Vec<f64> {
    let known = |value: Option<f64>| value.unwrap_or(f64::NAN);
    match value {
        EntryValue::URationalArray(values) => values
            .iter()
            .take(MOST)
            .map(|value| known(value.to_f64()))
            .collect(),
        EntryValue::IRationalArray(values) => values
            .iter()
            .take(MOST)
            .map(|value| known(value.to_f64()))
            .collect(),
        EntryValue::U16Array(values) => first(values),
        EntryValue::U32Array(values) => first(values),
        value => {
            let whole = || value.try_as_integer().map(|integer| integer as f64);
            value.try_as_float().or_else(whole).into_iter().collect()
        }
    }
}
