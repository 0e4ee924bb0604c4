//! EXIF: what a camera writes about a photo, as a TIFF structure.
//!
//! Source: Exif 2.32 (CIPA DC-008-2019) for the tags, TIFF 6.0 for the directories. Little-endian,
//! the directories in the order IFD0, Exif, GPS, each with its long values behind it.
//!
//! **Invariant:** entries of a directory stand in rising order of their tags, as TIFF demands.

use jiff::civil::DateTime;

/// The facts of one photo; what is `None` is not written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Exif {
    /// Local wall time.
    pub taken_at: Option<DateTime>,
    /// Minutes east of UTC, written as `OffsetTimeOriginal`.
    pub utc_offset: Option<i16>,
    pub make: Option<String>,
    pub model: Option<String>,
    pub lens: Option<String>,
    pub f_number: Option<f64>,
    /// Seconds, as numerator and denominator.
    pub exposure_time: Option<(u32, u32)>,
    pub iso: Option<u16>,
    /// Millimetres.
    pub focal_length: Option<f64>,
    pub focal_length_35mm: Option<u16>,
    pub gps: Option<Position>,
    pub description: Option<String>,
    pub artist: Option<String>,
    /// 1–8, how the stored pixels are to be turned.
    pub orientation: Option<u16>,
    /// Told apart from every other photo by this, also where the pixels are the same.
    pub unique_id: Option<u64>,
}

/// A place, WGS 84.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// Metres above the sea.
    pub alt: f64,
}

impl Exif {
    /// The TIFF structure, without the `Exif\0\0` that JPEG puts before it.
    pub fn encode(&self) -> Vec<u8> {
        let main = self.main_directory();
        let detail = self.exif_directory();
        let place = self.gps.map(gps_directory);

        let main_entries = main.0.len() + 1 + usize::from(place.is_some());
        let main_at = HEADER.len() as u32;
        let detail_at = main_at + directory_size(main_entries) + main.values_size();
        let place_at = detail_at + directory_size(detail.0.len()) + detail.values_size();

        let main = main.and(0x8769, Value::Long(detail_at));
        let main = match place {
            Some(_) => main.and(0x8825, Value::Long(place_at)),
            None => main,
        };
        let mut bytes = HEADER.to_vec();
        main.write(&mut bytes);
        detail.write(&mut bytes);
        if let Some(place) = place {
            place.write(&mut bytes);
        }
        bytes
    }

    fn main_directory(&self) -> Directory {
        Directory::default()
            .and_if(0x010e, self.description.as_deref().map(Value::text))
            .and_if(0x010f, self.make.as_deref().map(Value::text))
            .and_if(0x0110, self.model.as_deref().map(Value::text))
            .and_if(0x0112, self.orientation.map(Value::Short))
            .and_if(0x0132, self.taken_at.map(time))
            .and_if(0x013b, self.artist.as_deref().map(Value::text))
    }

    fn exif_directory(&self) -> Directory {
        Directory::default()
            .and_if(
                0x829a,
                self.exposure_time.map(|part| Value::Rationals(vec![part])),
            )
            .and_if(
                0x829d,
                self.f_number.map(|f| Value::Rationals(vec![tenths(f)])),
            )
            .and_if(0x8827, self.iso.map(Value::Short))
            .and(0x9000, Value::Undefined(b"0232".to_vec()))
            .and_if(0x9003, self.taken_at.map(time))
            .and_if(0x9004, self.taken_at.map(time))
            .and_if(0x9011, self.utc_offset.map(offset))
            .and_if(
                0x920a,
                self.focal_length
                    .map(|mm| Value::Rationals(vec![tenths(mm)])),
            )
            .and_if(0xa405, self.focal_length_35mm.map(Value::Short))
            .and_if(
                0xa420,
                self.unique_id.map(|id| Value::text(&format!("{id:032x}"))),
            )
            .and_if(0xa434, self.lens.as_deref().map(Value::text))
    }
}

const HEADER: [u8; 8] = [b'I', b'I', 42, 0, 8, 0, 0, 0];

#[derive(Debug, Clone, PartialEq)]
enum Value {
    Byte(Vec<u8>),
    Text(Vec<u8>),
    Short(u16),
    Long(u32),
    Rationals(Vec<(u32, u32)>),
    Undefined(Vec<u8>),
}

impl Value {
    /// Text ends with a zero byte, which counts.
    fn text(text: &str) -> Self {
        Self::Text(text.bytes().chain([0]).collect())
    }

    /// The TIFF type, how many of it, and their bytes.
    fn parts(&self) -> (u16, usize, Vec<u8>) {
        match self {
            Self::Byte(bytes) => (1, bytes.len(), bytes.clone()),
            Self::Text(bytes) => (2, bytes.len(), bytes.clone()),
            Self::Short(value) => (3, 1, value.to_le_bytes().to_vec()),
            Self::Long(value) => (4, 1, value.to_le_bytes().to_vec()),
            Self::Rationals(parts) => {
                let numbers = parts.iter().flat_map(|&(above, below)| [above, below]);
                (5, parts.len(), numbers.flat_map(u32::to_le_bytes).collect())
            }
            Self::Undefined(bytes) => (7, bytes.len(), bytes.clone()),
        }
    }
}

#[derive(Debug, Default)]
struct Directory(Vec<(u16, Value)>);

impl Directory {
    fn and(mut self, tag: u16, value: Value) -> Self {
        self.0.push((tag, value));
        self
    }

    fn and_if(self, tag: u16, value: Option<Value>) -> Self {
        match value {
            Some(value) => self.and(tag, value),
            None => self,
        }
    }

    /// The bytes of the values that do not fit into their entries.
    fn values_size(&self) -> u32 {
        self.0
            .iter()
            .map(|(_, value)| outside(&value.parts().2) as u32)
            .sum()
    }

    fn write(&self, out: &mut Vec<u8>) {
        let mut values_at = out.len() as u32 + directory_size(self.0.len());
        let mut values = Vec::new();
        out.extend((self.0.len() as u16).to_le_bytes());
        for (tag, value) in &self.0 {
            let (kind, count, mut bytes) = value.parts();
            out.extend(tag.to_le_bytes());
            out.extend(kind.to_le_bytes());
            out.extend((count as u32).to_le_bytes());
            if bytes.len() <= 4 {
                bytes.resize(4, 0);
                out.extend(bytes);
            } else {
                out.extend(values_at.to_le_bytes());
                bytes.resize(even(bytes.len()), 0);
                values_at += bytes.len() as u32;
                values.extend(bytes);
            }
        }
        out.extend(0u32.to_le_bytes());
        out.extend(values);
    }
}

fn gps_directory(at: Position) -> Directory {
    let reference = |positive: &str, negative: &str, value: f64| {
        Value::text(if value < 0.0 { negative } else { positive })
    };
    Directory::default()
        .and(0x0000, Value::Byte(vec![2, 3, 0, 0]))
        .and(0x0001, reference("N", "S", at.lat))
        .and(0x0002, degrees(at.lat))
        .and(0x0003, reference("E", "W", at.lon))
        .and(0x0004, degrees(at.lon))
        .and(0x0005, Value::Byte(vec![u8::from(at.alt < 0.0)]))
        .and(0x0006, Value::Rationals(vec![tenths(at.alt.abs())]))
}

/// Degrees, minutes, and seconds to a thousandth (3 cm).
fn degrees(value: f64) -> Value {
    let thousandths = (value.abs() * 3_600_000.0).round() as u32;
    let (degrees, rest) = (thousandths / 3_600_000, thousandths % 3_600_000);
    Value::Rationals(vec![
        (degrees, 1),
        (rest / 60_000, 1),
        (rest % 60_000, 1000),
    ])
}

fn time(at: DateTime) -> Value {
    Value::text(&at.strftime("%Y:%m:%d %H:%M:%S").to_string())
}

fn offset(minutes: i16) -> Value {
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.unsigned_abs();
    Value::text(&format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60))
}

fn tenths(value: f64) -> (u32, u32) {
    ((value * 10.0).round() as u32, 10)
}

/// Count, twelve bytes an entry, and the place of the next directory.
fn directory_size(entries: usize) -> u32 {
    2 + 12 * entries as u32 + 4
}

fn outside(bytes: &[u8]) -> usize {
    if bytes.len() <= 4 {
        0
    } else {
        even(bytes.len())
    }
}

fn even(size: usize) -> usize {
    size + size % 2
}
