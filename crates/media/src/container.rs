//! The parts of a picture file that describe it: its size, and where its EXIF, XMP, IPTC and
//! colour profile lie. Compressed pixels are stepped over.
//!
//! **Invariant:** every loop moves forward through the bytes, so any input ends.

use crate::MediaType;
use crate::bytes::Bytes;
use crate::{isobmff, jpeg, jxl, tiff};
use std::borrow::Cow;

/// What a container says about the picture that it holds.
#[derive(Debug, Default)]
pub(crate) struct Container<'a> {
    /// As stored, or as displayed where `displayed` says so.
    pub(crate) size: Option<(u32, u32)>,
    /// The container itself turns the picture; its EXIF orientation is then history.
    pub(crate) displayed: bool,
    /// A TIFF structure, without the `Exif\0\0` before it.
    pub(crate) exif: Option<Cow<'a, [u8]>>,
    pub(crate) xmp: Option<Cow<'a, [u8]>>,
    /// IPTC-IIM records.
    pub(crate) iptc: Option<Cow<'a, [u8]>>,
    /// Of a JPEG only; the other formats' decoders hand theirs over.
    pub(crate) icc: Option<Vec<u8>>,
    /// PNG keyword and text pairs, Latin-1 already decoded.
    pub(crate) texts: Vec<(String, String)>,
}

impl<'a> Container<'a> {
    /// Reads the container of a picture whose kind is known. What is damaged is left out.
    pub(crate) fn read(media_type: MediaType, data: &'a [u8]) -> Self {
        match media_type {
            MediaType::Jpeg => jpeg::read(data),
            MediaType::Png => png(data),
            MediaType::Gif => gif(data),
            MediaType::Webp => webp(data),
            MediaType::Tiff => Self {
                size: first_size(data),
                ..tiff_blocks(data.into(), data)
            },
            MediaType::Bmp => Self {
                size: bmp_size(data),
                ..Self::default()
            },
            MediaType::Ico => Self {
                size: ico_size(data),
                ..Self::default()
            },
            MediaType::Heic | MediaType::Avif => isobmff::read_heif(data),
            MediaType::JpegXl => jxl::read(data),
            MediaType::Jpeg2000 => Self {
                size: jp2_size(data),
                ..Self::default()
            },
            MediaType::Raw => raw(data),
        }
    }
}

fn png(data: &[u8]) -> Container<'_> {
    let mut found = Container::default();
    let bytes = Bytes(data);
    let mut at = 8_usize;
    while let (Some(length), Some(name)) = (bytes.be32(at), bytes.get(at + 4, 4)) {
        let start = at + 8;
        let Some(body) = bytes.get(start, length as usize) else {
            break;
        };
        match name {
            b"IHDR" => {
                found.size = Bytes(body)
                    .be32(0)
                    .zip(Bytes(body).be32(4))
                    .and_then(|(w, h)| nonzero(w, h))
            }
            b"eXIf" => found.exif = Some(body.strip_prefix(b"Exif\0\0").unwrap_or(body).into()),
            b"iTXt" => {
                if let Some(packet) = png_xmp(body) {
                    found.xmp = Some(packet.into());
                }
            }
            b"tEXt" => found.texts.extend(png_text(body)),
            _ => {}
        }
        // Each chunk ends with a checksum of four bytes.
        at = start + length as usize + 4;
    }
    found
}

/// The packet of an uncompressed XMP chunk: keyword, two compression bytes, language, translation.
fn png_xmp(body: &[u8]) -> Option<&[u8]> {
    let rest = body.strip_prefix(b"XML:com.adobe.xmp\0\0")?.get(1..)?;
    let mut parts = rest.splitn(3, |&byte| byte == 0);
    parts.nth(2)
}

fn png_text(body: &[u8]) -> Option<(String, String)> {
    const LONGEST: usize = 64 * 1024;
    let split = body.iter().position(|&byte| byte == 0)?;
    let latin1 = |bytes: &[u8]| {
        bytes
            .iter()
            .take(LONGEST)
            .map(|&byte| char::from(byte))
            .collect::<String>()
    };
    Some((latin1(&body[..split]), latin1(&body[split + 1..])))
}

fn gif(data: &[u8]) -> Container<'_> {
    let bytes = Bytes(data);
    let size = bytes
        .le16(6)
        .zip(bytes.le16(8))
        .and_then(|(w, h)| nonzero(w.into(), h.into()));
    Container {
        size,
        ..Container::default()
    }
}

fn webp(data: &[u8]) -> Container<'_> {
    let mut found = Container::default();
    let bytes = Bytes(data);
    let mut at = 12_usize;
    while let (Some(name), Some(length)) = (bytes.get(at, 4), bytes.le32(at + 4)) {
        let start = at + 8;
        // The last chunk of a truncated file still begins with its size.
        let body =
            &data[start.min(data.len())..start.saturating_add(length as usize).min(data.len())];
        match name {
            b"VP8X" | b"VP8 " | b"VP8L" => {
                found.size = found.size.or_else(|| webp_size(name, Bytes(body)))
            }
            b"EXIF" => found.exif = Some(body.strip_prefix(b"Exif\0\0").unwrap_or(body).into()),
            b"XMP " => found.xmp = Some(body.into()),
            _ => {}
        }
        at = start.saturating_add((length as usize).next_multiple_of(2));
    }
    found
}

fn webp_size(chunk: &[u8], body: Bytes<'_>) -> Option<(u32, u32)> {
    match chunk {
        b"VP8X" => nonzero(body.le24(4)? + 1, body.le24(7)? + 1),
        b"VP8 " => nonzero(
            u32::from(body.le16(6)? & 0x3fff),
            u32::from(body.le16(8)? & 0x3fff),
        ),
        _ => {
            let bits = body.le32(1)?;
            nonzero((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1)
        }
    }
}

fn bmp_size(data: &[u8]) -> Option<(u32, u32)> {
    const CORE_HEADER: u32 = 12;
    let bytes = Bytes(data);
    if bytes.le32(14)? == CORE_HEADER {
        return nonzero(bytes.le16(18)?.into(), bytes.le16(20)?.into());
    }
    // A negative height means that the first row is the top one.
    nonzero(
        bytes.le32(18)?,
        bytes.le32(22)?.cast_signed().unsigned_abs(),
    )
}

/// The largest of the icon's pictures.
fn ico_size(data: &[u8]) -> Option<(u32, u32)> {
    let bytes = Bytes(data);
    let pictures = (0..usize::from(bytes.le16(4)?)).map_while(|index| {
        let entry = 6 + 16 * index;
        let whole = |side: u8| if side == 0 { 256 } else { u32::from(side) };
        Some((whole(bytes.u8(entry)?), whole(bytes.u8(entry + 1)?)))
    });
    pictures.max_by_key(|(width, height)| width * height)
}

fn jp2_size(data: &[u8]) -> Option<(u32, u32)> {
    if data.starts_with(b"\xff\x4f\xff\x51") {
        // SIZ: the reference grid less the offset of the image on it.
        let bytes = Bytes(data);
        let width = bytes.be32(8)?.checked_sub(bytes.be32(16)?)?;
        return nonzero(width, bytes.be32(12)?.checked_sub(bytes.be32(20)?)?);
    }
    let header = isobmff::find(data, &[*b"jp2h", *b"ihdr"])?;
    nonzero(Bytes(header).be32(4)?, Bytes(header).be32(0)?)
}

fn raw(data: &[u8]) -> Container<'_> {
    if data.get(4..8) == Some(b"ftyp") || data.starts_with(b"FUJIFILM") {
        return Container::default();
    }
    let pixels = |&(width, height): &(u32, u32)| u64::from(width) * u64::from(height);
    let sizes = tiff::directories(data)
        .into_iter()
        .filter_map(|found| nonzero(found.width?, found.height?));
    Container {
        size: sizes.max_by_key(pixels),
        ..tiff_blocks(as_tiff(data), data)
    }
}

/// A TIFF is its own EXIF block; XMP and IPTC are tags of it.
fn tiff_blocks<'a>(exif: Cow<'a, [u8]>, data: &'a [u8]) -> Container<'a> {
    const XMP: u16 = 0x02bc;
    const IPTC: u16 = 0x83bb;
    Container {
        exif: Some(exif),
        xmp: tiff::blob(data, XMP).map(Into::into),
        iptc: tiff::blob(data, IPTC).map(Into::into),
        ..Container::default()
    }
}

/// Olympus and Panasonic put their own number where TIFF has 42.
fn as_tiff(data: &[u8]) -> Cow<'_, [u8]> {
    let forty_two: &[u8] = match data.get(..4) {
        Some(b"IIRO" | b"IIRS" | b"IIU\0") => b"\x2a\0",
        Some(b"MMOR") => b"\0\x2a",
        _ => return data.into(),
    };
    let mut tiff = data.to_vec();
    tiff[2..4].copy_from_slice(forty_two);
    tiff.into()
}

fn first_size(data: &[u8]) -> Option<(u32, u32)> {
    let first = tiff::directories(data).into_iter().next()?;
    nonzero(first.width?, first.height?)
}

pub(crate) fn nonzero(width: u32, height: u32) -> Option<(u32, u32)> {
    (width > 0 && height > 0).then_some((width, height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_come_from_the_header_of_each_format() {
        let cases: &[(MediaType, &[u8], (u32, u32))] = &[
            (MediaType::Jpeg, b"\xff\xd8\xff\xc0\0\x0b\x08\0\x02\0\x03\x01\x01\x11\0", (3, 2)),
            (MediaType::Jpeg, b"\xff\xd8junk\xff\xff\xc2\0\x0b\x08\0\x02\0\x03\x01\x01\x11\0", (3, 2)),
            (MediaType::Png, b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x03\0\0\0\x02\x08\x02\0\0\0", (3, 2)),
            (MediaType::Gif, b"GIF89a\x03\0\x02\0", (3, 2)),
            (MediaType::Webp, b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x02\0\0\x01\0\0", (3, 2)),
            (MediaType::Webp, b"RIFF\0\0\0\0WEBPVP8 \x0a\0\0\0\0\0\0\x9d\x01\x2a\x03\0\x02\0", (3, 2)),
            (MediaType::Webp, b"RIFF\0\0\0\0WEBPVP8L\x05\0\0\0\x2f\x02\x40\0\0", (3, 2)),
            (MediaType::Bmp, b"BM\0\0\0\0\0\0\0\0\0\0\0\0\x28\0\0\0\x03\0\0\0\xfe\xff\xff\xff", (3, 2)),
            (MediaType::Tiff, b"II\x2a\0\x08\0\0\0\x02\0\0\x01\x03\0\x01\0\0\0\x03\0\0\0\x01\x01\x04\0\x01\0\0\0\x02\0\0\0", (3, 2)),
            (MediaType::Jpeg2000, b"\xff\x4f\xff\x51\0\x29\0\0\0\0\0\x04\0\0\0\x03\0\0\0\x01\0\0\0\x01", (3, 2)),
            (MediaType::Jpeg2000, b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x18jp2h\0\0\0\x10ihdr\0\0\0\x02\0\0\0\x03", (3, 2)),
        ];
        for (media_type, data, expected) in cases {
            assert_eq!(
                Container::read(*media_type, data).size,
                Some(*expected),
                "{media_type:?}"
            );
            for end in 0..data.len() {
                // Cut anywhere, it ends and does no harm.
                Container::read(*media_type, &data[..end]);
            }
        }
    }
}
