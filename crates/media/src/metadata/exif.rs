//! EXIF (CIPA DC-008) into [`Metadata`].
//!
//! Values out of their range are unknown: a reader of photos is better told nothing than nonsense.

use super::tags::Tags;
use super::{Gps, Metadata, dates, text};
use crate::MediaType;
use exif::{Context, Tag};
use jiff::civil::DateTime;

/// Stars, which Windows writes; no tag of the standard.
const RATING: Tag = Tag(Context::Tiff, 0x4746);

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
            match Tags::from_cr3(data).or_else(|| Tags::from_file(data)) {
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
            .positive(Tag::PixelXDimension)
            .or(tags.positive(Tag::ImageWidth))
            .map(|side| side as u32);
        metadata.height = tags
            .positive(Tag::PixelYDimension)
            .or(tags.positive(Tag::ImageLength))
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

impl Tags {
    fn fill(&self, metadata: &mut Metadata) {
        metadata.orientation = self.orientation();
        metadata.camera.make = self.text(Tag::Make, text::SHORT);
        metadata.camera.model = self.text(Tag::Model, text::SHORT);
        metadata.camera.lens = self.text(Tag::LensModel, text::SHORT);
        metadata.description = self.text(Tag::ImageDescription, text::LONG);
        metadata.artist = self.text(Tag::Artist, text::SHORT);
        metadata.copyright = self.text(Tag::Copyright, text::SHORT);
        metadata.rating = self
            .number(RATING)
            .filter(|&stars| stars <= 5.0)
            .map(|stars| stars as u8);
        let exposure = &mut metadata.exposure;
        exposure.f_number = self.positive(Tag::FNumber);
        exposure.time = self.positive(Tag::ExposureTime);
        // 65535 stands for "more than fits".
        exposure.iso = self
            .positive(Tag::PhotographicSensitivity)
            .filter(|&iso| iso < 65535.0)
            .map(|iso| iso as u32);
        exposure.focal_length = self.positive(Tag::FocalLength);
        exposure.focal_length_35mm = self.positive(Tag::FocalLengthIn35mmFilm);
        exposure.flash = self.number(Tag::Flash).map(|flash| flash as u32 & 1 == 1);
        metadata.gps = self.gps();
        self.fill_dates(metadata);
    }

    fn fill_dates(&self, metadata: &mut Metadata) {
        let date = |tag: Tag| dates::parse(&self.raw_text(tag)?).map(|(date, _)| date);
        if let Some(original) = date(Tag::DateTimeOriginal) {
            let said = self
                .raw_text(Tag::OffsetTimeOriginal)
                .and_then(|text| dates::offset(&text));
            let by_position = || dates::offset_between(original, self.gps_time()?);
            metadata.taken_at = Some(original);
            metadata.utc_offset = said.or_else(by_position);
        } else {
            metadata.taken_at = date(Tag::DateTimeDigitized);
        }
    }

    fn gps(&self) -> Option<Gps> {
        let degrees = |value: Tag, reference: Tag, negative: char, limit: f64| {
            let parts = self.numbers(value);
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
                .raw_text(reference)?
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
        let (lat, lon) = (
            degrees(Tag::GPSLatitude, Tag::GPSLatitudeRef, 'S', 90.0)?,
            degrees(Tag::GPSLongitude, Tag::GPSLongitudeRef, 'W', 180.0)?,
        );
        // Phones without a fix write zeros.
        if lat == 0.0 && lon == 0.0 {
            return None;
        }
        let below = self
            .number(Tag::GPSAltitudeRef)
            .is_some_and(|reference| reference == 1.0);
        let alt = self
            .number(Tag::GPSAltitude)
            .map(|alt| if below { -alt } else { alt });
        Some(Gps {
            lat,
            lon,
            alt: alt.filter(|alt| (-12_000.0..=100_000.0).contains(alt)),
        })
    }

    fn gps_time(&self) -> Option<DateTime> {
        let date = dates::date(self.raw_text(Tag::GPSDateStamp)?.trim())?;
        let [hour, minute, second] = <[f64; 3]>::try_from(self.numbers(Tag::GPSTimeStamp)).ok()?;
        let within = |value: f64, limit: f64| (0.0..limit).contains(&value).then_some(value as i8);
        Some(date.at(
            within(hour, 24.0)?,
            within(minute, 60.0)?,
            within(second, 60.0)?,
            0,
        ))
    }

    fn orientation(&self) -> Option<u8> {
        self.number(Tag::Orientation)
            .filter(|value| (1.0..=8.0).contains(value))
            .map(|value| value as u8)
    }

    fn text(&self, tag: Tag, longest: usize) -> Option<String> {
        text::bounded(&self.raw_text(tag)?, longest)
    }

    /// The first number of a tag.
    fn number(&self, tag: Tag) -> Option<f64> {
        let first = self.numbers(tag).first().copied();
        first.filter(|value| value.is_finite())
    }

    fn positive(&self, tag: Tag) -> Option<f64> {
        self.number(tag).filter(|&value| value > 0.0)
    }
}
