//! The directories of a large TIFF, written anew one after the other.

use super::{MAX_DIRECTORIES, MAX_ENTRIES, SUB_IFDS};
use std::io::{self, Read, Seek, SeekFrom};

/// A TIFF with the directories of another one and their values, without what they say the pixels are.
/// Numbers that say where else in the file something lies are kept as they are.
pub(crate) struct Condensed(pub(crate) Vec<u8>);

const EXIF: u16 = 0x8769;
const GPS: u16 = 0x8825;
const INTEROPERABILITY: u16 = 0xa005;
/// Entries whose value says where further directories lie.
const POINTERS: [u16; 4] = [SUB_IFDS, EXIF, GPS, INTEROPERABILITY];
const ENTRY: usize = 12;

impl Condensed {
    /// At most about `most` bytes; values that are too large, or not there, are left out. None: it is no TIFF.
    pub(crate) fn read(source: &mut (impl Read + Seek), most: u64) -> io::Result<Option<Self>> {
        let mut header = [0; 8];
        source.seek(SeekFrom::Start(0))?;
        source.read_exact(&mut header)?;
        let little_endian = match &header[..2] {
            b"II" => true,
            b"MM" => false,
            _ => return Ok(None),
        };
        let mut writer = Writer {
            source,
            little_endian,
            most,
            visited: Vec::new(),
            written: header.to_vec(),
        };
        let first = writer.u32(&header[4..]);
        let Some(first) = writer.directory(first)? else {
            return Ok(None);
        };
        let first = writer.bytes(first);
        writer.written[4..8].copy_from_slice(&first);
        Ok(Some(Self(writer.written)))
    }
}

struct Writer<'a, S> {
    source: &'a mut S,
    little_endian: bool,
    most: u64,
    visited: Vec<u32>,
    written: Vec<u8>,
}

impl<S: Read + Seek> Writer<'_, S> {
    /// Where the directory now is, after all that it leads to.
    fn directory(&mut self, offset: u32) -> io::Result<Option<u32>> {
        if offset == 0 || self.visited.contains(&offset) || self.visited.len() == MAX_DIRECTORIES {
            return Ok(None);
        }
        self.visited.push(offset);
        let Some(count) = self.piece(offset.into(), 2)? else {
            return Ok(None);
        };
        let count = usize::from(self.u16(&count));
        let first = u64::from(offset) + 2;
        let entries = count.min(MAX_ENTRIES) * ENTRY;
        let Some(mut entries) = self.piece(first, entries)? else {
            return Ok(None);
        };
        let mut kept = Vec::new();
        for entry in entries.chunks_exact_mut(ENTRY) {
            if self.bring(entry)? {
                kept.extend_from_slice(entry);
            }
        }
        let next = self.piece(first + (count * ENTRY) as u64, 4)?;
        let next = match next.map(|next| self.u32(&next)) {
            Some(next) => self.directory(next)?,
            None => None,
        };
        let here = self.end();
        let count = u16::try_from(kept.len() / ENTRY).expect("directories are short");
        let count = if self.little_endian {
            count.to_le_bytes()
        } else {
            count.to_be_bytes()
        };
        self.written.extend(count);
        self.written.extend(kept);
        let next = self.bytes(next.unwrap_or(0));
        self.written.extend(next);
        Ok(Some(here))
    }

    /// Writes what an entry leads to, and where that now is into the entry. Returns whether it has all of it.
    fn bring(&mut self, entry: &mut [u8]) -> io::Result<bool> {
        let (tag, kind) = (self.u16(&entry[..2]), self.u16(&entry[2..4]));
        let (count, value) = (self.u32(&entry[4..8]), self.u32(&entry[8..]));
        if POINTERS.contains(&tag) {
            return self.bring_directories(entry, count, value);
        }
        let unit = match kind {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 => 8,
            // Nobody knows what it is, nor where it ends.
            _ => return Ok(true),
        };
        let length = u64::from(count) * unit;
        if length <= 4 {
            return Ok(true);
        }
        if self.written.len() as u64 + length > self.most {
            return Ok(false);
        }
        let Some(value) = self.piece(value.into(), length as usize)? else {
            return Ok(false);
        };
        self.put(entry, &value);
        Ok(true)
    }

    fn bring_directories(&mut self, entry: &mut [u8], count: u32, value: u32) -> io::Result<bool> {
        if count == 1 {
            let Some(directory) = self.directory(value)? else {
                return Ok(false);
            };
            let directory = self.bytes(directory);
            entry[8..].copy_from_slice(&directory);
            return Ok(true);
        }
        let length = 4 * (count as usize).min(MAX_DIRECTORIES);
        let Some(offsets) = self.piece(value.into(), length)? else {
            return Ok(false);
        };
        let mut directories = Vec::new();
        for offset in offsets.chunks_exact(4) {
            let offset = self.u32(offset);
            // Whoever follows the list finds nothing at 0.
            let directory = self.directory(offset)?.unwrap_or(0);
            directories.extend(self.bytes(directory));
        }
        let count = self.bytes((directories.len() / 4) as u32);
        entry[4..8].copy_from_slice(&count);
        self.put(entry, &directories);
        Ok(true)
    }

    fn put(&mut self, entry: &mut [u8], value: &[u8]) {
        let here = self.end();
        self.written.extend_from_slice(value);
        let here = self.bytes(here);
        entry[8..].copy_from_slice(&here);
    }

    /// Where the next is written: on an even byte.
    fn end(&mut self) -> u32 {
        if self.written.len() % 2 == 1 {
            self.written.push(0);
        }
        u32::try_from(self.written.len()).expect("no more is written than is allowed")
    }

    /// None: it is not all there.
    fn piece(&mut self, offset: u64, length: usize) -> io::Result<Option<Vec<u8>>> {
        let mut piece = Vec::new();
        self.source.seek(SeekFrom::Start(offset))?;
        self.source.take(length as u64).read_to_end(&mut piece)?;
        Ok((piece.len() == length).then_some(piece))
    }

    fn u16(&self, bytes: &[u8]) -> u16 {
        let bytes = [bytes[0], bytes[1]];
        if self.little_endian {
            u16::from_le_bytes(bytes)
        } else {
            u16::from_be_bytes(bytes)
        }
    }

    fn u32(&self, bytes: &[u8]) -> u32 {
        let bytes = [bytes[0], bytes[1], bytes[2], bytes[3]];
        if self.little_endian {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        }
    }

    fn bytes(&self, number: u32) -> [u8; 4] {
        if self.little_endian {
            number.to_le_bytes()
        } else {
            number.to_be_bytes()
        }
    }
}
