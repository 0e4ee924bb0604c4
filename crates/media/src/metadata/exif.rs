//! EXIF (CIPA DC-008) into [`Metadata`].
//!
//! `kamadak-exif` reads every TIFF structure; `nom-exif` what is wrapped in a way that
//! [`crate::container`] doesn't open: CR3, RAF and the legacy text profiles of PNG.

use super::{Gps, Metadata, dates, text};
use crate::MediaType;
use jiff::civil::DateTime;
use nom_exif::{EntryValue, IfdIndex, IfdKind};

/// Fills in what EXIF says. No EXIF at all is no error.
pub(super) fn read(
    media_type: MediaType,
    data: &[u8],
    block: Option<&[u8]>,
    metadata: &mut Metadata,
) -> Result<(), String> {
    let tags = match block {
        Some(block) => Tags::from_tiff(block)?,
        None if matches!(media_type, MediaType::Raw | MediaType::Png) => {
            match Tags::from_file(data) {
                Some(tags) => tags,
                None => return Ok(()),
            }
        }
        None => return Ok(()),
    };
    tags.fill(metadata);
    if media_type == MediaType::Raw {
        // Only the last resort: of most RAW formats the header told the size of the sensor picture.
        metadata.width = tags
            .positive(Group::Exif, 0xa002)
            .or(tags.positive(Group::Tiff, 0x0100))
            .map(|side| side as u32);
        metadata.height = tags
            .positive(Group::Exif, 0xa003)
            .or(tags.positive(Group::Tiff, 0x0101))
            .map(|side| side as u32);
    }
    Ok(())
}

/// The orientation in an EXIF block, 1 where there is none.
pub(crate) fn orientation(block: &[u8]) -> u8 {
    Tags::from_tiff(block)
        .ok()
        .and_then(|tags| tags.orientation())
        .unwrap_or(1)
}

const COPYRIGHT: u16 = 0x8298;

#[derive(Clone, Copy)]
enum Group {
    Tiff,
    Exif,
    Gps,
}

/// The tags of the main picture, whichever reader found them.
enum Tags {
    Kamadak(exif::Exif),
    Nom(nom_exif::Exif),
}

impl Tags {
    fn from_tiff(block: &[u8]) -> Result<Self, String> {
        let mut reader = exif::Reader::new();
        let found = reader.continue_on_error(true).read_raw(block.to_vec());
        // Single damaged tags are common, and harmless: the others are good.
        let found = found.or_else(|error| error.distill_partial_result(|_| {}));
        found.map(Self::Kamadak).map_err(|error| error.to_string())
    }

    fn from_file(data: &[u8]) -> Option<Self> {
        let source = nom_exif::MediaSource::from_memory(data.to_vec()).ok()?;
        let entries = nom_exif::MediaParser::new().parse_exif(source).ok()?;
        Some(Self::Nom(entries.into()))
    }

    fn fill(&self, metadata: &mut Metadata) {
        metadata.orientation = self.orientation();
        metadata.camera.make = self.text(Group::Tiff, 0x010f, text::SHORT);
        metadata.camera.model = self.text(Group::Tiff, 0x0110, text::SHORT);
        metadata.camera.lens = self.text(Group::Exif, 0xa434, text::SHORT);
        metadata.description = self.text(Group::Tiff, 0x010e, text::LONG);
        metadata.artist = self.text(Group::Tiff, 0x013b, text::SHORT);
        metadata.copyright = self.text(Group::Tiff, COPYRIGHT, text::SHORT);
        metadata.rating = self
            .number(Group::Tiff, 0x4746)
            .filter(|&stars| stars <= 5.0)
            .map(|stars| stars as u8);
        let exposure = &mut metadata.exposure;
        exposure.f_number = self.positive(Group::Exif, 0x829d);
        exposure.time = self.positive(Group::Exif, 0x829a);
        // 65535 stands for "more than fits".
        exposure.iso = self
            .positive(Group::Exif, 0x8827)
            .filter(|&iso| iso < 65535.0)
            .map(|iso| iso as u32);
        exposure.focal_length = self.positive(Group::Exif, 0x920a);
        exposure.focal_length_35mm = self.positive(Group::Exif, 0xa405);
        exposure.flash = self
            .number(Group::Exif, 0x9209)
            .map(|flash| flash as u32 & 1 == 1);
        metadata.gps = self.gps();
        self.fill_dates(metadata);
    }

    fn fill_dates(&self, metadata: &mut Metadata) {
        let date =
            |code: u16| dates::parse(&self.raw_text(Group::Exif, code)?).map(|(date, _)| date);
        if let Some(original) = date(0x9003) {
            let said = self
                .raw_text(Group::Exif, 0x9011)
                .and_then(|text| dates::offset(&text));
            let by_position = || dates::offset_between(original, self.gps_time()?);
            metadata.taken_at = Some(original);
            metadata.utc_offset = said.or_else(by_position);
        } else {
            metadata.taken_at = date(0x9004);
        }
    }

    fn gps(&self) -> Option<Gps> {
        let degrees = |value: u16, reference: u16, negative: char, limit: f64| {
            let parts = self.numbers(Group::Gps, value);
            let [degrees, rest @ ..] = parts.as_slice() else {
                return None;
            };
            let minutes = rest.first().copied().unwrap_or(0.0);
            let seconds = rest
                .get(1)
                .copied()
                .filter(|seconds| seconds.is_finite())
                .unwrap_or(0.0);
            let sign = match self
                .raw_text(Group::Gps, reference)?
                .trim()
                .chars()
                .next()?
                .to_ascii_uppercase()
            {
                letter if letter == negative => -1.0,
                'N' | 'E' => 1.0,
                _ => return None,
            };
            let value = degrees + minutes / 60.0 + seconds / 3600.0;
            (value.is_finite() && (0.0..=limit).contains(&value)).then_some(sign * value)
        };
        let (lat, lon) = (degrees(2, 1, 'S', 90.0)?, degrees(4, 3, 'W', 180.0)?);
        // Phones without a fix write zeros.
        if lat == 0.0 && lon == 0.0 {
            return None;
        }
        let below = self
            .number(Group::Gps, 5)
            .is_some_and(|reference| reference == 1.0);
        let alt = self
            .number(Group::Gps, 6)
            .map(|alt| if below { -alt } else { alt });
        Some(Gps {
            lat,
            lon,
            alt: alt.filter(|alt| (-12_000.0..=100_000.0).contains(alt)),
        })
    }

    fn gps_time(&self) -> Option<DateTime> {
        let date = dates::date(self.raw_text(Group::Gps, 0x1d)?.trim())?;
        let [hour, minute, second] = <[f64; 3]>::try_from(self.numbers(Group::Gps, 7)).ok()?;
        let within = |value: f64, limit: f64| (0.0..limit).contains(&value).then_some(value as i8);
        Some(date.at(
            within(hour, 24.0)?,
            within(minute, 60.0)?,
            within(second, 60.0)?,
            0,
        ))
    }

    fn orientation(&self) -> Option<u8> {
        self.number(Group::Tiff, 0x0112)
            .filter(|value| (1.0..=8.0).contains(value))
            .map(|value| value as u8)
    }

    fn text(&self, group: Group, code: u16, longest: usize) -> Option<String> {
        text::bounded(&self.raw_text(group, code)?, longest)
    }

    fn positive(&self, group: Group, code: u16) -> Option<f64> {
        self.number(group, code).filter(|&value| value > 0.0)
    }

    /// The first number of a tag.
    fn number(&self, group: Group, code: u16) -> Option<f64> {
        self.numbers(group, code)
            .first()
            .copied()
            .filter(|value| value.is_finite())
    }

    fn raw_text(&self, group: Group, code: u16) -> Option<String> {
        match self {
            Self::Kamadak(found) => {
                match &found.get_field(tag(group, code), exif::In::PRIMARY)?.value {
                    // What follows a NUL is padding or junk, except in a copyright: there it is the editor's.
                    exif::Value::Ascii(parts) if code == COPYRIGHT => {
                        let parts = parts
                            .iter()
                            .map(|part| text::decoded(part))
                            .filter(|part| !part.trim().is_empty());
                        Some(parts.collect::<Vec<_>>().join("\n"))
                    }
                    exif::Value::Ascii(parts) => parts.first().map(|part| text::decoded(part)),
                    exif::Value::Byte(bytes) | exif::Value::Undefined(bytes, _) => {
                        Some(text::decoded(bytes))
                    }
                    _ => None,
                }
            }
            Self::Nom(found) => match nom_value(found, group, code)? {
                EntryValue::Text(text) => Some(text.clone()),
                EntryValue::DateTime(time) => Some(time.naive_local().to_string()),
                EntryValue::NaiveDateTime(time) => Some(time.to_string()),
                EntryValue::U8Array(bytes) | EntryValue::Undefined(bytes) => {
                    Some(text::decoded(bytes))
                }
                _ => None,
            },
        }
    }

    /// At most a few: no tag that is asked for has more than three.
    fn numbers(&self, group: Group, code: u16) -> Vec<f64> {
        const MOST: usize = 4;
        match self {
            Self::Kamadak(found) => {
                use exif::Value;
                let Some(field) = found.get_field(tag(group, code), exif::In::PRIMARY) else {
                    return Vec::new();
                };
                match &field.value {
                    Value::Byte(values) => values
                        .iter()
                        .take(MOST)
                        .map(|&value| value.into())
                        .collect(),
                    Value::Short(values) => values
                        .iter()
                        .take(MOST)
                        .map(|&value| value.into())
                        .collect(),
                    Value::Long(values) => values
                        .iter()
                        .take(MOST)
                        .map(|&value| value.into())
                        .collect(),
                    Value::SShort(values) => values
                        .iter()
                        .take(MOST)
                        .map(|&value| value.into())
                        .collect(),
                    Value::SLong(values) => values
                        .iter()
                        .take(MOST)
                        .map(|&value| value.into())
                        .collect(),
                    Value::Float(values) => values
                        .iter()
                        .take(MOST)
                        .map(|&value| value.into())
                        .collect(),
                    Value::Double(values) => values.iter().take(MOST).copied().collect(),
                    Value::Rational(values) => values
                        .iter()
                        .take(MOST)
                        .map(|value| value.to_f64())
                        .collect(),
                    // Some phones write positions as signed.
                    Value::SRational(values) => values
                        .iter()
                        .take(MOST)
                        .map(|value| value.to_f64())
                        .collect(),
                    _ => Vec::new(),
                }
            }
            Self::Nom(found) => match nom_value(found, group, code) {
                Some(EntryValue::URationalArray(values)) => values
                    .iter()
                    .take(MOST)
                    .map(|value| value.to_f64().unwrap_or(f64::NAN))
                    .collect(),
                Some(EntryValue::IRationalArray(values)) => values
                    .iter()
                    .take(MOST)
                    .map(|value| value.to_f64().unwrap_or(f64::NAN))
                    .collect(),
                Some(EntryValue::U16Array(values)) => values
                    .iter()
                    .take(MOST)
                    .map(|&value| value.into())
                    .collect(),
                Some(EntryValue::U32Array(values)) => values
                    .iter()
                    .take(MOST)
                    .map(|&value| value.into())
                    .collect(),
                Some(value) => {
                    let number = value
                        .try_as_float()
                        .or_else(|| value.try_as_integer().map(|integer| integer as f64));
                    number.into_iter().collect()
                }
                None => Vec::new(),
            },
        }
    }
}

fn tag(group: Group, code: u16) -> exif::Tag {
    let context = match group {
        Group::Tiff => exif::Context::Tiff,
        Group::Exif => exif::Context::Exif,
        Group::Gps => exif::Context::Gps,
    };
    exif::Tag(context, code)
}

fn nom_value(found: &nom_exif::Exif, group: Group, code: u16) -> Option<&EntryValue> {
    let kind = match group {
        Group::Tiff => IfdKind::Tiff,
        Group::Exif => IfdKind::Exif,
        Group::Gps => IfdKind::Gps,
    };
    found.get_by_code_in(IfdIndex::MAIN, kind, code)
}
