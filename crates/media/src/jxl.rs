//! The size header of JPEG XL (ISO/IEC 18181-1, annex A), and the boxes around it.

use crate::container::{Container, nonzero};
use crate::isobmff;
use std::borrow::Cow;

/// Size as displayed, EXIF and XMP, of a bare codestream or of one in boxes.
pub(crate) fn read(data: &[u8]) -> Container<'_> {
    if data.starts_with(b"\xff\x0a") {
        return Container {
            size: size(data),
            displayed: true,
            ..Container::default()
        };
    }
    let named = |name: &[u8; 4]| isobmff::find(data, &[*name]);
    // A partial codestream begins with the number of its part.
    let codestream = named(b"jxlc").or_else(|| named(b"jxlp")?.get(4..));
    Container {
        size: codestream.and_then(size),
        displayed: true,
        exif: named(b"Exif").and_then(isobmff::exif_block).map(Cow::from),
        xmp: named(b"xml ").map(Cow::from),
        ..Container::default()
    }
}

fn size(codestream: &[u8]) -> Option<(u32, u32)> {
    let mut bits = Bits {
        data: codestream.strip_prefix(b"\xff\x0a")?,
        at: 0,
    };
    let side: fn(&mut Bits<'_>) -> Option<u32> = match bits.take(1)? {
        1 => |bits| bits.small_side(),
        _ => |bits| bits.side(),
    };
    let height = side(&mut bits)?;
    let width = match bits.take(3)? {
        0 => side(&mut bits)?,
        ratio => {
            const RATIOS: [(u64, u64); 7] =
                [(1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1)];
            let (wide, high) = RATIOS[ratio as usize - 1];
            u32::try_from(u64::from(height) * wide / high).ok()?
        }
    };
    let default_metadata = bits.take(1)? == 1;
    let turned = !default_metadata && bits.take(1)? == 1 && bits.take(3)? >= 4;
    if turned {
        nonzero(height, width)
    } else {
        nonzero(width, height)
    }
}

struct Bits<'a> {
    data: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    /// The next bits, at most 30, the lowest first.
    fn take(&mut self, count: usize) -> Option<u32> {
        let mut value = 0;
        for bit in 0..count {
            let byte = *self.data.get(self.at / 8)?;
            value |= u32::from(byte >> (self.at % 8) & 1) << bit;
            self.at += 1;
        }
        Some(value)
    }

    /// A side of a picture that is up to 256 pixels wide and high, in steps of eight.
    fn small_side(&mut self) -> Option<u32> {
        Some((self.take(5)? + 1) * 8)
    }

    fn side(&mut self) -> Option<u32> {
        let width = [9, 13, 18, 30][self.take(2)? as usize];
        Some(self.take(width)? + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A codestream of these (value, bits) fields.
    fn codestream(fields: &[(u32, usize)]) -> Vec<u8> {
        let mut bits = Vec::new();
        for (value, count) in fields {
            bits.extend((0..*count).map(|bit| (value >> bit & 1) as u8));
        }
        let bytes = bits
            .chunks(8)
            .map(|byte| byte.iter().rev().fold(0, |all, bit| all << 1 | bit));
        [0xff, 0x0a].into_iter().chain(bytes).collect()
    }

    #[test]
    fn sizes_are_read_in_each_of_their_forms() {
        //  name                      fields                                                          expected
        type Fields = [(u32, usize)];
        let cases: &[(&str, &Fields, (u32, u32))] = &[
            ("small, square", &[(1, 1), (3, 5), (1, 3), (1, 1)], (32, 32)),
            (
                "explicit sides",
                &[(0, 1), (0, 2), (99, 9), (0, 3), (1, 2), (1999, 13), (1, 1)],
                (2000, 100),
            ),
            (
                "3:2, turned",
                &[(0, 1), (0, 2), (199, 9), (4, 3), (0, 1), (1, 1), (5, 3)],
                (200, 300),
            ),
        ];
        for (name, fields, expected) in cases {
            assert_eq!(read(&codestream(fields)).size, Some(*expected), "{name}");
        }
        assert_eq!(read(b"\xff\x0a").size, None);
    }

    #[test]
    fn exif_begins_where_its_box_says() {
        for (skip, before) in [(0_u32, &b""[..]), (6, b"Exif\0\0")] {
            let body = [&skip.to_be_bytes()[..], before, b"II*\0"].concat();
            let length = u32::try_from(8 + body.len()).unwrap();
            let file = [&length.to_be_bytes()[..], b"Exif", &body].concat();
            assert_eq!(read(&file).exif.as_deref(), Some(&b"II*\0"[..]), "{skip}");
        }
    }
}
