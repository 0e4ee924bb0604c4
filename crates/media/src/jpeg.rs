//! The segments of a JPEG (ITU-T T.81), up to its first scan.

use crate::bytes::Bytes;
use crate::container::{Container, nonzero};

/// Size, EXIF, XMP, IPTC and colour profile.
pub(crate) fn read(data: &[u8]) -> Container<'_> {
    const APP1: u8 = 0xe1;
    const APP2: u8 = 0xe2;
    const APP13: u8 = 0xed;
    let mut found = Container::default();
    let mut resources = Vec::new();
    let mut icc = Vec::new();
    for (marker, body, _) in segments(data) {
        if let Some(frame) = frame(marker, body) {
            found.size = found
                .size
                .or(nonzero(u32::from(frame.width), u32::from(frame.height)));
        } else if marker == APP1 && body.starts_with(b"Exif\0") && body.len() > 6 {
            found.exif.get_or_insert_with(|| body[6..].into());
        } else if let (APP1, Some(packet)) =
            (marker, body.strip_prefix(b"http://ns.adobe.com/xap/1.0/\0"))
        {
            found.xmp.get_or_insert_with(|| packet.into());
        } else if let (APP2, Some(part)) = (marker, body.strip_prefix(b"ICC_PROFILE\0")) {
            if let [sequence, _count, part @ ..] = part {
                icc.push((*sequence, part));
            }
        } else if let (APP13, Some(part)) = (marker, body.strip_prefix(b"Photoshop 3.0\0")) {
            resources.extend_from_slice(part);
        }
    }
    icc.sort_by_key(|(sequence, _)| *sequence);
    found.icc =
        (!icc.is_empty()).then(|| icc.iter().flat_map(|(_, part)| *part).copied().collect());
    found.iptc = iptc_resource(&resources).map(|records| records.to_vec().into());
    found
}

/// Whether `data`, the beginning of a file, has all of it that comes before the pixels.
pub(crate) fn has_whole_head(data: &[u8]) -> bool {
    segments(data).any(|(marker, _, end)| matches!(marker, SOS | EOI) && end <= data.len())
}

/// Looks for the end of a picture of which more and more is read.
#[derive(Debug, Default)]
pub(crate) struct End {
    /// Where to go on; 0: the first scan was not seen yet.
    at: usize,
}

impl End {
    /// Whether `data`, which begins as before, has all of the picture.
    pub(crate) fn is_in(&mut self, data: &[u8]) -> bool {
        if self.at == 0 {
            let scan = segments(data).find(|(marker, ..)| matches!(*marker, SOS | EOI));
            match scan {
                None => return false,
                Some((EOI, ..)) => return true,
                Some((.., end)) => self.at = end,
            }
        }
        while let Some(found) = data
            .get(self.at..)
            .and_then(|rest| rest.iter().position(|&byte| byte == 0xff))
        {
            let marker = self.at + found;
            let step = match data.get(marker + 1) {
                None => break,
                Some(&EOI) => return true,
                // Stuffed, restarts, and padding before a marker.
                Some(0x00 | 0x01 | 0xd0..=0xd8) => 2,
                Some(0xff) => 1,
                // Tables, and the header of the next scan.
                Some(_) => match Bytes(data).be16(marker + 2) {
                    None => break,
                    Some(length) => 2 + usize::from(length),
                },
            };
            self.at = marker + step;
        }
        false
    }
}

/// The frame header of a JPEG.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Frame {
    /// SOF0 to SOF15.
    pub(crate) marker: u8,
    pub(crate) precision: u8,
    pub(crate) width: u16,
    pub(crate) height: u16,
    pub(crate) components: u8,
}

/// The first frame header.
pub(crate) fn first_frame(data: &[u8]) -> Option<Frame> {
    segments(data).find_map(|(marker, body, _)| frame(marker, body))
}

/// Whether the decoder has to keep the coefficients of the whole picture: the pixels come in
/// several scans.
pub(crate) fn has_several_scans(data: &[u8]) -> bool {
    const SOF10: u8 = 0xca;
    let mut components = 0;
    for (marker, body, _) in segments(data) {
        if let Some(frame) = frame(marker, body) {
            if matches!(frame.marker, SOF_PROGRESSIVE | SOF10) {
                return true;
            }
            components = frame.components;
        } else if marker == SOS {
            return body.first().is_some_and(|&in_scan| in_scan < components);
        }
    }
    false
}

/// Whether Adobe's segment is there, which settles how inks are stored.
pub(crate) fn is_adobe(data: &[u8]) -> bool {
    const APP14: u8 = 0xee;
    segments(data).any(|(marker, body, _)| marker == APP14 && body.starts_with(b"Adobe"))
}

/// The same picture without anything that its decoding doesn't need: comments, previews, and stray
/// bytes between segments, at which some decoders stop.
pub(crate) fn bare(data: &[u8]) -> Vec<u8> {
    let mut bare = b"\xff\xd8".to_vec();
    for (marker, body, end) in segments(data) {
        let needed = !matches!(marker, 0xe0..=0xed | 0xef | 0xf0..=0xfe);
        if needed {
            bare.extend([0xff, marker]);
            bare.extend((body.len() as u16 + 2).to_be_bytes());
            bare.extend(body);
        }
        if marker == SOS {
            bare.extend(data.get(end..).unwrap_or_default());
        }
    }
    bare
}

/// Start of scan: its pixels follow.
pub(crate) const SOS: u8 = 0xda;
/// End of image.
pub(crate) const EOI: u8 = 0xd9;
/// Start of a frame that comes in several scans, each less coarse than the one before.
pub(crate) const SOF_PROGRESSIVE: u8 = 0xc2;

fn frame(marker: u8, body: &[u8]) -> Option<Frame> {
    // C4, C8 and CC lie between the SOFs but are tables.
    if !(0xc0..=0xcf).contains(&marker) || matches!(marker, 0xc4 | 0xc8 | 0xcc) {
        return None;
    }
    let bytes = Bytes(body);
    Some(Frame {
        marker,
        precision: bytes.u8(0)?,
        height: bytes.be16(1)?,
        width: bytes.be16(3)?,
        components: bytes.u8(5)?,
    })
}

/// Marker, body and end of each segment up to and including the first start of scan.
fn segments(data: &[u8]) -> impl Iterator<Item = (u8, &[u8], usize)> {
    let mut at = 2;
    let mut done = false;
    std::iter::from_fn(move || {
        let found = if done { None } else { segment(data, at) };
        let (marker, _, end) = found?;
        done = matches!(marker, SOS | EOI);
        at = end;
        found
    })
}

/// Marker, body and end of the next segment from `at` on. The end may lie beyond what is there of it.
pub(crate) fn segment(data: &[u8], mut at: usize) -> Option<(u8, &[u8], usize)> {
    loop {
        // Garbage between segments is common: the next marker is looked for.
        at += data.get(at..)?.iter().position(|&byte| byte == 0xff)?;
        at += data.get(at..)?.iter().position(|&byte| byte != 0xff)?;
        let marker = data[at];
        at += 1;
        if matches!(marker, 0x00 | 0x01 | 0xd0..=0xd8) {
            continue;
        }
        // It counts itself; less is damage, to be stepped over.
        let length = usize::from(Bytes(data).be16(at)?).max(2);
        let body = data.get(at + 2..(at + length).min(data.len()))?;
        return Some((marker, body, at + length));
    }
}

/// Where the pixels of a scan that begin at `from` end, which is at a marker. None: they go on beyond `data`.
pub(crate) fn end_of_scan(data: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += data.get(at..)?.iter().position(|&byte| byte == 0xff)?;
        match data.get(at + 1)? {
            // Stuffed, and restarts.
            0x00 | 0xd0..=0xd7 => at += 2,
            0xff => at += 1,
            _ => return Some(at),
        }
    }
}

/// The IPTC records among Photoshop's image resources.
fn iptc_resource(resources: &[u8]) -> Option<&[u8]> {
    const IPTC: u16 = 0x0404;
    let bytes = Bytes(resources);
    let even = |length: usize| length.next_multiple_of(2);
    let mut at = 0;
    while bytes.get(at, 4)? == b"8BIM" {
        let id = bytes.be16(at + 4)?;
        let name = even(usize::from(bytes.u8(at + 6)?) + 1);
        let length = bytes.be32(at + 6 + name)? as usize;
        let start = at + 10 + name;
        if id == IPTC {
            return resources.get(start..start.saturating_add(length).min(resources.len()));
        }
        at = start.checked_add(even(length))?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iptc_is_found_among_photoshop_resources() {
        let resources = b"8BIM\x03\xed\x03abc\0\0\0\x01x\x008BIM\x04\x04\0\0\0\0\0\x02ok";
        assert_eq!(iptc_resource(resources), Some(&b"ok"[..]));
        assert_eq!(iptc_resource(b"8BIM\x03\xed\0\0\xff\xff\xff\xff"), None);
    }

    #[test]
    fn the_end_of_a_picture_is_no_byte_of_its_pixels_or_tables() {
        let data = b"\xff\xd8\xff\xe1\0\x04\xff\xd9\xff\xda\0\x04cdpix\xff\0\xd9els\xff\xd0\xff\xc4\0\x05\xff\xd9.\xff\xda\0\x02more\xff\xff\xd9film\xff\xd9";
        let whole = data.len() - b"film\xff\xd9".len();
        let mut end = End::default();
        for length in 0..=data.len() {
            assert_eq!(end.is_in(&data[..length]), length >= whole, "{length}");
            assert_eq!(End::default().is_in(&data[..length]), length >= whole);
        }
    }

    #[test]
    fn a_scan_ends_at_a_marker_that_is_no_restart() {
        let data = b"pix\xff\0els\xff\xd3more\xff\xff\xc4";
        assert_eq!(end_of_scan(data, 0), Some(data.len() - 2));
        assert_eq!(end_of_scan(&data[..data.len() - 1], 0), None);
        assert_eq!(end_of_scan(data, data.len()), None);
    }

    #[test]
    fn the_head_is_whole_with_its_first_scan() {
        let data = b"\xff\xd8\xff\xe1\0\x04ab\xff\xda\0\x04cdpixels";
        let whole = data.len() - b"pixels".len();
        for length in 0..=data.len() {
            assert_eq!(has_whole_head(&data[..length]), length >= whole, "{length}");
        }
    }

    #[test]
    fn a_profile_in_parts_is_put_together_in_order() {
        let part = |sequence: u8, text: &[u8]| {
            let mut segment = b"\xff\xe2\0\x11ICC_PROFILE\0".to_vec();
            segment.extend([sequence, 2]);
            segment.extend(text);
            segment
        };
        let data = [
            b"\xff\xd8".to_vec(),
            part(2, b"B"),
            part(1, b"A"),
            b"\xff\xd9".to_vec(),
        ]
        .concat();
        assert_eq!(read(&data).icc.as_deref(), Some(&b"AB"[..]));
    }
}
