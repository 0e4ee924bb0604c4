//! Boxes of the ISO base media file format, as HEIF, AVIF, JPEG 2000 and JPEG XL use them.
//!
//! HEIF (ISO/IEC 23008-12) keeps one *primary item*, whose *properties* give its size and say how
//! it is cropped and turned for display; its EXIF and XMP are items of their own.

use crate::bytes::Bytes;
use crate::container::{Container, nonzero};

/// Name and body of each box, in order.
fn boxes(data: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    const MOST: usize = 4096;
    let bytes = Bytes(data);
    let mut at = 0_usize;
    let each = std::iter::from_fn(move || {
        let name: [u8; 4] = bytes.get(at.checked_add(4)?, 4)?.try_into().ok()?;
        let (header, length) = match bytes.be32(at)? {
            0 => (8, data.len() - at),
            1 => (16, usize::try_from(bytes.be64(at + 8)?).ok()?),
            length => (8, length as usize),
        };
        let end = at.checked_add(length)?;
        let body = data.get(at + header..end.min(data.len()))?;
        at = end;
        Some((name, body))
    });
    each.take(MOST)
}

/// The body of the first box on this path of names.
pub(crate) fn find<'a>(data: &'a [u8], path: &[[u8; 4]]) -> Option<&'a [u8]> {
    path.iter().try_fold(data, |data, name| {
        boxes(data)
            .find(|(found, _)| found == name)
            .map(|(_, body)| body)
    })
}

/// The bytes that tell a `uuid` box's meaning.
const UUID: usize = 16;

/// One of Canon's own blocks in a CR3, each a TIFF structure: `CMT1` is the main directory, `CMT2` EXIF, `CMT4` the
/// position. They are in the first `uuid` box of `moov`.
pub(crate) fn canon_block(data: &[u8], name: [u8; 4]) -> Option<&[u8]> {
    let canon = find(data, &[*b"moov", *b"uuid"])?.get(UUID..)?;
    find(canon, &[name])
}

/// The JPEG in a CR3 that the camera shows on its screen, as <https://github.com/lclevy/canon_cr3> describes it.
pub(crate) fn canon_preview(data: &[u8]) -> Option<&[u8]> {
    const PREVIEW: [u8; UUID] = 0xeaf4_2b5e_1c98_4b88_b9fb_b7dc_406e_4d16_u128.to_be_bytes();
    /// The length of the JPEG is the last of what stands before it.
    const LENGTH: usize = 12;
    let found = boxes(data).find_map(|(name, body)| {
        let (uuid, body) = body.split_at_checked(UUID)?;
        (name == *b"uuid" && uuid == PREVIEW).then_some(body)
    })?;
    // Eight bytes that are always the same.
    let preview = find(found.get(8..)?, &[*b"PRVW"])?;
    let length = Bytes(preview).be32(LENGTH)? as usize;
    preview.get(LENGTH + 4..)?.get(..length)
}

/// Size, EXIF and XMP of a HEIF file. The size is the displayed one.
pub(crate) fn read_heif(data: &[u8]) -> Container<'_> {
    // `meta` is a full box: a version and flags come first.
    let meta = find(data, &[*b"meta"]).and_then(|body| body.get(4..));
    let Some(meta) = meta else {
        return Container {
            displayed: true,
            ..Container::default()
        };
    };
    let payload = |item: Option<u32>| item.and_then(|id| item_data(data, meta, id));
    let exif = payload(item_of(meta, b"Exif"))
        .and_then(exif_block)
        .map(Into::into);
    let xmp = payload(item_of(meta, b"mime")).map(Into::into);
    Container {
        size: displayed_size(meta),
        displayed: true,
        exif,
        xmp,
        ..Container::default()
    }
}

/// The TIFF structure of an EXIF item: four bytes tell how far behind them it begins.
pub(crate) fn exif_block(body: &[u8]) -> Option<&[u8]> {
    let skip = Bytes(body).be32(0)? as usize;
    body.get(4..)?.get(skip..)
}

fn displayed_size(meta: &[u8]) -> Option<(u32, u32)> {
    let properties = properties_of_primary(meta)?;
    // What describes the picture and what changes it may be listed in any order among each other.
    let (_, extents) = properties.iter().find(|(name, _)| name == b"ispe")?;
    let mut size = nonzero(Bytes(extents).be32(4)?, Bytes(extents).be32(8)?)?;
    for change in properties.iter().filter_map(Change::read) {
        match change {
            Change::Crop(crop) => size = crop.size,
            Change::Orient(orientation) if orientation >= 5 => size = (size.1, size.0),
            Change::Orient(_) => {}
        }
    }
    Some(size)
}

/// How a HEIF file wants its primary item to be seen.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Display<'a> {
    pub(crate) icc: Option<&'a [u8]>,
    /// In the order in which they apply.
    pub(crate) changes: Vec<Change>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Crop(Crop),
    /// An EXIF orientation of 2 to 8.
    Orient(u8),
}

/// A part of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Crop {
    pub(crate) size: (u32, u32),
    /// From the middle of the picture to that of the part, in half pixels.
    offset: (i64, i64),
}

impl<'a> Display<'a> {
    /// What is damaged is left out.
    pub(crate) fn read(data: &'a [u8]) -> Self {
        let meta = find(data, &[*b"meta"]).and_then(|body| body.get(4..));
        let properties = meta.and_then(properties_of_primary).unwrap_or_default();
        let icc = properties.iter().find_map(|(name, body)| {
            let profile = body.strip_prefix(b"prof").or(body.strip_prefix(b"rICC"))?;
            (name == b"colr").then_some(profile)
        });
        Self {
            icc,
            changes: properties.iter().filter_map(Change::read).collect(),
        }
    }
}

impl Change {
    fn read(property: &([u8; 4], &[u8])) -> Option<Self> {
        let (name, body) = *property;
        let first = || Some(body.first()? & 3);
        match &name {
            b"clap" => Crop::read(Bytes(body)).map(Self::Crop),
            // Quarter turns against the clock.
            b"irot" => [None, Some(8), Some(3), Some(6)][usize::from(first()?)].map(Self::Orient),
            // 0: top and bottom change places, 1: left and right.
            b"imir" => Some(Self::Orient([4, 2][usize::from(first()? & 1)])),
            _ => None,
        }
    }
}

impl Crop {
    /// A *clean aperture*: width, height, and the way from the middle, as eight numbers that make four fractions.
    fn read(body: Bytes<'_>) -> Option<Self> {
        let size = nonzero(
            body.be32(0)?.checked_div(body.be32(4)?)?,
            body.be32(8)?.checked_div(body.be32(12)?)?,
        )?;
        let halves = |at: usize| {
            let above = i64::from(body.be32(at)?.cast_signed());
            (2 * above).checked_div(body.be32(at + 4)?.into())
        };
        Some(Self {
            size,
            offset: (halves(16)?, halves(24)?),
        })
    }

    /// Where its first pixel is in a picture of this size, when the whole of it lies there.
    pub(crate) fn origin(self, (width, height): (u32, u32)) -> Option<(u32, u32)> {
        let first = |whole: u32, part: u32, offset: i64| {
            let from = (i64::from(whole) - i64::from(part) + offset) / 2;
            let first = u32::try_from(from).ok()?;
            (first.checked_add(part)? <= whole).then_some(first)
        };
        Some((
            first(width, self.size.0, self.offset.0)?,
            first(height, self.size.1, self.offset.1)?,
        ))
    }
}

/// Name and body of each property of the primary item, in the order in which they apply.
fn properties_of_primary(meta: &[u8]) -> Option<Vec<([u8; 4], &[u8])>> {
    let primary = {
        let body = Bytes(find(meta, &[*b"pitm"])?);
        if body.u8(0)? == 0 {
            u32::from(body.be16(4)?)
        } else {
            body.be32(4)?
        }
    };
    let properties: Vec<_> = boxes(find(meta, &[*b"iprp", *b"ipco"])?).collect();
    let associated = associations(find(meta, &[*b"iprp", *b"ipma"])?, primary)?;
    let each = associated
        .iter()
        .filter_map(|index| properties.get(index.checked_sub(1)?).copied());
    Some(each.collect())
}

/// The properties of one item, counted from 1, in the order in which they apply.
fn associations(body: &[u8], item: u32) -> Option<Vec<usize>> {
    let bytes = Bytes(body);
    let (version, wide) = (bytes.u8(0)?, bytes.u8(3)? & 1 == 1);
    let mut at = 8;
    for _ in 0..bytes.be32(4)? {
        let id = if version == 0 {
            u32::from(bytes.be16(at)?)
        } else {
            bytes.be32(at)?
        };
        at += if version == 0 { 2 } else { 4 };
        let count = usize::from(bytes.u8(at)?);
        at += 1;
        let property = |index: usize| {
            if wide {
                bytes
                    .be16(at + 2 * index)
                    .map(|value| usize::from(value & 0x7fff))
            } else {
                bytes.u8(at + index).map(|value| usize::from(value & 0x7f))
            }
        };
        if id == item {
            return (0..count).map(property).collect();
        }
        at += count * if wide { 2 } else { 1 };
    }
    None
}

/// The first item of a type; of `mime` ones, the first that holds XMP.
fn item_of(meta: &[u8], wanted: &[u8; 4]) -> Option<u32> {
    let body = find(meta, &[*b"iinf"])?;
    let entries = if Bytes(body).u8(0)? == 0 {
        body.get(6..)?
    } else {
        body.get(8..)?
    };
    boxes(entries)
        .filter(|(name, _)| name == b"infe")
        .find_map(|(_, entry)| {
            let bytes = Bytes(entry);
            let (id, at) = match bytes.u8(0)? {
                2 => (u32::from(bytes.be16(4)?), 8),
                3 => (bytes.be32(4)?, 10),
                _ => return None,
            };
            let is_xmp = || {
                entry
                    .windows(19)
                    .any(|window| window == b"application/rdf+xml")
            };
            (bytes.get(at, 4)? == wanted && (wanted != b"mime" || is_xmp())).then_some(id)
        })
}

/// The bytes of an item that lies in one piece in the file itself.
fn item_data<'a>(data: &'a [u8], meta: &'a [u8], item: u32) -> Option<&'a [u8]> {
    let body = find(meta, &[*b"iloc"])?;
    let bytes = Bytes(body);
    let version = bytes.u8(0)?;
    let sizes = bytes.be16(4)?;
    let nibble = |shift: u16| usize::from(sizes >> shift & 0xf);
    let (offset_size, length_size, base_size) = (nibble(12), nibble(8), nibble(4));
    let index_size = if version == 0 { 0 } else { nibble(0) };
    let number = |at: usize, size: usize| match size {
        0 => Some(0),
        4 => bytes.be32(at).map(|value| value as usize),
        8 => usize::try_from(bytes.be64(at)?).ok(),
        _ => None,
    };
    let wide = version == 2;
    let count = if wide {
        bytes.be32(6)?
    } else {
        u32::from(bytes.be16(6)?)
    };
    let mut at = if wide { 10 } else { 8 };
    for _ in 0..count {
        let id = if wide {
            bytes.be32(at)?
        } else {
            u32::from(bytes.be16(at)?)
        };
        at += if wide { 4 } else { 2 };
        let method = if version == 0 {
            0
        } else {
            bytes.be16(at)? & 0xf
        };
        at += if version == 0 { 0 } else { 2 };
        at += 2;
        let base = number(at, base_size)?;
        at += base_size;
        let extents = usize::from(bytes.be16(at)?);
        at += 2;
        if id == item {
            let offset = base.checked_add(number(at + index_size, offset_size)?)?;
            let length = number(at + index_size + offset_size, length_size)?;
            let source = match method {
                0 => data,
                1 => find(meta, &[*b"idat"])?,
                _ => return None,
            };
            return (extents == 1).then(|| Bytes(source).get(offset, length))?;
        }
        at += extents * (index_size + offset_size + length_size);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [&(body.len() as u32 + 8).to_be_bytes()[..], name, body].concat()
    }

    #[test]
    fn the_displayed_size_is_the_primary_items_turned() {
        let ispe =
            |width: u8, height: u8| boxed(b"ispe", &[0, 0, 0, 0, 0, 0, 0, width, 0, 0, 0, height]);
        let ipco = boxed(
            b"ipco",
            &[ispe(9, 9), ispe(4, 3), boxed(b"irot", &[1])].concat(),
        );
        // Two items: 1 has the first property, 2 the third and the second.
        let ipma = boxed(
            b"ipma",
            &[0, 0, 0, 0, 0, 0, 0, 2, 0, 1, 1, 1, 0, 2, 2, 2, 0x83],
        );
        let iprp = boxed(b"iprp", &[ipco, ipma].concat());
        let pitm = boxed(b"pitm", &[0, 0, 0, 0, 0, 2]);
        let data = boxed(b"meta", &[vec![0; 4], pitm, iprp].concat());
        assert_eq!(read_heif(&data).size, Some((3, 4)));
        for end in 0..data.len() {
            read_heif(&data[..end]);
        }
    }

    #[test]
    fn boxes_that_claim_no_progress_end() {
        assert_eq!(boxes(b"\0\0\0\x04free\0\0\0\x04free").count(), 0);
        assert_eq!(boxes(b"\0\0\0\x01free\0\0\0\0\0\0\0\0").count(), 0);
        assert_eq!(boxes(b"\0\0\0\0free").count(), 1);
    }
}
