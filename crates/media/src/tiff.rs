//! The directories of a TIFF, as far as they tell sizes and embedded previews.
//!
//! TIFF is also what EXIF blocks and most camera RAW files are. Values of other tags are read by
//! the EXIF reader; this one follows what it leaves out: sub-directories, and RAW signatures.
//!
//! **Invariant:** at most [`MAX_DIRECTORIES`] directories of at most [`MAX_ENTRIES`] entries are
//! visited, each once, so directories that point at each other end.

mod condensed;

pub(crate) use condensed::Condensed;

use crate::bytes::Bytes;

const MAX_DIRECTORIES: usize = 32;
const MAX_ENTRIES: usize = 1024;

/// One image of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Directory {
    pub(crate) width: Option<u32>,
    pub(crate) height: Option<u32>,
    /// Offset and length of a JPEG stream that stands for the image.
    pub(crate) jpeg: Option<(usize, usize)>,
}

/// All images of the TIFF: the main chain and the sub-directories, in file order.
pub(crate) fn directories(data: &[u8]) -> Vec<Directory> {
    let Some(reader) = Reader::new(data) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut visited = Vec::new();
    let mut pending: Vec<usize> = reader
        .u32(4)
        .map(|offset| offset as usize)
        .into_iter()
        .collect();
    while let Some(offset) = pending.pop() {
        if offset == 0 || visited.contains(&offset) || visited.len() == MAX_DIRECTORIES {
            continue;
        }
        visited.push(offset);
        let Some(entries) = reader.entries(offset) else {
            continue;
        };
        // A stack: what is to be visited first is pushed last.
        pending.extend(reader.next_directory(offset));
        let sub_directories = entries.iter().filter(|entry| entry.tag == SUB_IFDS);
        pending.extend(
            sub_directories
                .flat_map(|entry| reader.offsets(entry))
                .rev(),
        );
        found.push(reader.directory(&entries));
    }
    found
}

/// Whether the first directory has this tag.
pub(crate) fn first_ifd_has(data: &[u8], tag: u16) -> bool {
    let first = Reader::new(data).and_then(|reader| reader.entries(reader.u32(4)? as usize));
    first.is_some_and(|entries| entries.iter().any(|entry| entry.tag == tag))
}

/// The bytes that a tag of the first directory stands for, whatever they are said to be.
pub(crate) fn blob(data: &[u8], tag: u16) -> Option<&[u8]> {
    let reader = Reader::new(data)?;
    let entries = reader.entries(reader.u32(4)? as usize)?;
    let entry = entries.iter().find(|entry| entry.tag == tag)?;
    let unit = match entry.kind {
        1 | 2 | 7 => 1,
        4 => 4,
        _ => return None,
    };
    let length = (entry.count as usize)
        .checked_mul(unit)
        .filter(|&length| length > 4)?;
    reader.bytes.get(reader.u32(entry.at)? as usize, length)
}

/// Where JPEG streams lie in the file, the longest first: offset and length, which are often a little off.
pub(crate) fn jpegs(data: &[u8]) -> Vec<(usize, usize)> {
    let directories = directories(data).into_iter();
    let mut found: Vec<_> = directories.filter_map(|directory| directory.jpeg).collect();
    // The last of those that are alike, as it stands in the file.
    found.reverse();
    found.sort_by_key(|(_, length)| std::cmp::Reverse(*length));
    found
}

const WIDTH: u16 = 0x0100;
const HEIGHT: u16 = 0x0101;
const COMPRESSION: u16 = 0x0103;
const STRIP_OFFSETS: u16 = 0x0111;
const STRIP_LENGTHS: u16 = 0x0117;
const SUB_IFDS: u16 = 0x014a;
const JPEG_OFFSET: u16 = 0x0201;
const JPEG_LENGTH: u16 = 0x0202;
const PANASONIC_JPEG: u16 = 0x002e;

struct Reader<'a> {
    bytes: Bytes<'a>,
    little_endian: bool,
}

struct Entry {
    tag: u16,
    kind: u16,
    count: u32,
    /// Where the four bytes of value or offset lie.
    at: usize,
}

impl<'a> Reader<'a> {
    fn new(data: &'a [u8]) -> Option<Self> {
        let little_endian = match data.get(..2)? {
            b"II" => true,
            b"MM" => false,
            _ => return None,
        };
        Some(Self {
            bytes: Bytes(data),
            little_endian,
        })
    }

    fn u16(&self, offset: usize) -> Option<u16> {
        if self.little_endian {
            self.bytes.le16(offset)
        } else {
            self.bytes.be16(offset)
        }
    }

    fn u32(&self, offset: usize) -> Option<u32> {
        if self.little_endian {
            self.bytes.le32(offset)
        } else {
            self.bytes.be32(offset)
        }
    }

    fn entries(&self, offset: usize) -> Option<Vec<Entry>> {
        let count = usize::from(self.u16(offset)?).min(MAX_ENTRIES);
        let entry = |index: usize| {
            let start = offset.checked_add(2 + 12 * index)?;
            let (tag, kind, count) = (self.u16(start)?, self.u16(start + 2)?, self.u32(start + 4)?);
            Some(Entry {
                tag,
                kind,
                count,
                at: start + 8,
            })
        };
        Some((0..count).map_while(entry).collect())
    }

    fn next_directory(&self, offset: usize) -> Option<usize> {
        let count = usize::from(self.u16(offset)?);
        Some(self.u32(offset.checked_add(2 + 12 * count)?)? as usize)
    }

    /// The first number of a SHORT or LONG entry.
    fn number(&self, entry: &Entry) -> Option<u32> {
        match entry.kind {
            3 => self.u16(entry.at).map(u32::from),
            4 | 13 => self.u32(entry.at),
            _ => None,
        }
    }

    fn offsets(&self, entry: &Entry) -> Vec<usize> {
        let single = entry.count == 1;
        let start = if single {
            Some(entry.at)
        } else {
            self.u32(entry.at).map(|offset| offset as usize)
        };
        let count = (entry.count as usize).min(MAX_DIRECTORIES);
        let number = |index: usize| self.u32(start?.checked_add(4 * index)?);
        (0..count)
            .map_while(number)
            .map(|offset| offset as usize)
            .collect()
    }

    fn directory(&self, entries: &[Entry]) -> Directory {
        let entry = |tag: u16| entries.iter().find(|entry| entry.tag == tag);
        let number = |tag: u16| entry(tag).and_then(|entry| self.number(entry));
        let single = |tag: u16| {
            entry(tag)
                .filter(|entry| entry.count == 1)
                .and_then(|entry| self.number(entry))
        };
        let whole =
            |offset: Option<u32>, length: Option<u32>| Some((offset? as usize, length? as usize));
        let by_strip = || match number(COMPRESSION)? {
            6 | 7 | 99 => whole(single(STRIP_OFFSETS), single(STRIP_LENGTHS)),
            _ => None,
        };
        let panasonic = || {
            let entry = entry(PANASONIC_JPEG).filter(|entry| entry.kind == 7 && entry.count > 4)?;
            whole(self.u32(entry.at), Some(entry.count))
        };
        Directory {
            width: number(WIDTH),
            height: number(HEIGHT),
            jpeg: whole(number(JPEG_OFFSET), number(JPEG_LENGTH))
                .or_else(by_strip)
                .or_else(panasonic),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_that_point_at_each_other_end() {
        // One directory whose only entry is a sub-directory that is itself, and whose next is itself.
        let mut data =
            b"MM\0\x2a\0\0\0\x08\0\x01\x01\x4a\0\x04\0\0\0\x01\0\0\0\x08\0\0\0\x08".to_vec();
        assert_eq!(directories(&data).len(), 1);
        data.truncate(20);
        assert_eq!(directories(&data).len(), 1);
    }

    #[test]
    fn offsets_outside_the_file_are_no_directories() {
        assert_eq!(directories(b"II\x2a\0\xff\xff\xff\xff"), []);
        assert_eq!(directories(b"II"), []);
        assert_eq!(directories(b""), []);
    }
}
