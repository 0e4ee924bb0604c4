//! What describes a picture, read from its file without the pixels.
//!
//! A file of a usual size is read as it is. Of a larger one only what the readers of metadata look at is
//! kept, in the same form: the chunks of a PNG or WebP but for their pixels, the directories of a TIFF
//! with other offsets. Of what is wrapped otherwise the beginning has to do.
//!
//! **Invariant:** at most [`MOST`] bytes are kept, however large the file is.

use crate::tiff::Condensed;
use crate::{Kind, MediaType, jpeg};
use std::ffi::OsStr;
use std::io::{self, Read, Seek, SeekFrom};

/// Larger files are not read whole.
const WHOLE: u64 = 16 << 20;
/// The most that is kept of any file.
const MOST: u64 = WHOLE;
/// Enough for every signature, and for all of it that most files say.
const BEGINNING: u64 = 64 * 1024;
/// Of a chunk that holds pixels: their size stands at its beginning.
const OF_PIXELS: u64 = 32;

/// The beginning of a picture file, or what stands for it.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) kind: Kind,
    pub(crate) data: Vec<u8>,
}

impl Head {
    /// Of the file that `source` reads and that is called `name`.
    pub(crate) fn read(source: &mut (impl Read + Seek), name: &OsStr) -> io::Result<Self> {
        let mut data = Vec::new();
        read_to(source, &mut data, BEGINNING)?;
        let kind = Kind::of(&data, name);
        if let Kind::Photo(media_type) = kind {
            data = rest(source, media_type, data)?;
        }
        // Only photos are worth reading on; a film may have gigabytes.
        Ok(Self { kind, data })
    }
}

fn rest(
    source: &mut (impl Read + Seek),
    media_type: MediaType,
    mut data: Vec<u8>,
) -> io::Result<Vec<u8>> {
    let length = source.seek(SeekFrom::End(0))?;
    source.seek(SeekFrom::Start(data.len() as u64))?;
    match media_type {
        // What is said stands before the pixels.
        MediaType::Jpeg => {
            let mut most = BEGINNING;
            while data.len() as u64 == most && most < MOST && !jpeg::has_whole_head(&data) {
                most *= 2;
                read_to(source, &mut data, most)?;
            }
        }
        // They say no more than their size, in their first bytes.
        MediaType::Gif | MediaType::Bmp | MediaType::Ico => {}
        _ if length <= WHOLE => read_to(source, &mut data, WHOLE)?,
        MediaType::Png => return chunks(source, Chunks::Png),
        MediaType::Webp => return chunks(source, Chunks::Riff),
        MediaType::Tiff | MediaType::Raw => match Condensed::read(source, MOST)? {
            Some(condensed) => return Ok(condensed.0),
            None => {
                source.seek(SeekFrom::Start(data.len() as u64))?;
                read_to(source, &mut data, MOST)?;
            }
        },
        MediaType::Heic | MediaType::Avif | MediaType::JpegXl | MediaType::Jpeg2000 => {
            read_to(source, &mut data, MOST)?;
        }
    }
    Ok(data)
}

fn read_to(source: &mut impl Read, data: &mut Vec<u8>, length: u64) -> io::Result<()> {
    let more = length.saturating_sub(data.len() as u64);
    source.take(more).read_to_end(data)?;
    Ok(())
}

/// Formats that are one chunk after the other.
#[derive(Clone, Copy)]
enum Chunks {
    Png,
    Riff,
}

impl Chunks {
    /// Bytes before the first chunk.
    fn signature(self) -> u64 {
        match self {
            Self::Png => 8,
            Self::Riff => 12,
        }
    }

    /// Name and length of the chunk with this header.
    fn parts(self, header: [u8; 8]) -> ([u8; 4], u64) {
        let [a, b, c, d, e, f, g, h] = header;
        match self {
            Self::Png => ([e, f, g, h], u32::from_be_bytes([a, b, c, d]).into()),
            Self::Riff => ([a, b, c, d], u32::from_le_bytes([e, f, g, h]).into()),
        }
    }

    fn header(self, name: [u8; 4], length: u32) -> [u8; 8] {
        let ([a, b, c, d], [e, f, g, h]) = match self {
            Self::Png => (length.to_be_bytes(), name),
            Self::Riff => (name, length.to_le_bytes()),
        };
        [a, b, c, d, e, f, g, h]
    }

    fn holds_pixels(self, name: [u8; 4]) -> bool {
        match self {
            Self::Png => matches!(&name, b"IDAT" | b"fdAT"),
            Self::Riff => matches!(&name, b"VP8 " | b"VP8L" | b"ALPH" | b"ANMF"),
        }
    }

    /// From the beginning of a body to the next chunk.
    fn step(self, length: u64) -> u64 {
        match self {
            // A checksum of four bytes.
            Self::Png => length + 4,
            Self::Riff => length.next_multiple_of(2),
        }
    }
}

/// The file without its pixels. What is damaged is where it ends.
fn chunks(source: &mut (impl Read + Seek), form: Chunks) -> io::Result<Vec<u8>> {
    let mut kept = Vec::new();
    source.seek(SeekFrom::Start(0))?;
    read_to(source, &mut kept, form.signature())?;
    let mut at = form.signature();
    loop {
        let mut header = [0; 8];
        source.seek(SeekFrom::Start(at))?;
        match source.read_exact(&mut header) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(kept),
            result => result?,
        }
        let (name, length) = form.parts(header);
        at += 8 + form.step(length);
        let body = match (form, form.holds_pixels(name)) {
            (Chunks::Png, true) => continue,
            (Chunks::Riff, true) => length.min(OF_PIXELS),
            (_, false) => length,
        };
        let step = form.step(body);
        if kept.len() as u64 + 8 + step > MOST {
            continue;
        }
        kept.extend(form.header(name, body as u32));
        let end = kept.len() as u64 + step;
        read_to(source, &mut kept, end)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::container::Container;
    use std::io::Cursor;

    #[test]
    fn chunks_are_kept_and_pixels_are_not() {
        let png = |name: &[u8; 4], body: &[u8]| {
            let length = (body.len() as u32).to_be_bytes();
            [&length[..], name, body, b"sum!"].concat()
        };
        let large = [
            b"\x89PNG\r\n\x1a\n".to_vec(),
            png(b"IHDR", b"\0\0\0\x03\0\0\0\x02\x08\x02\0\0\0"),
            png(b"IDAT", &vec![7; WHOLE as usize]),
            png(b"tEXt", b"Title\0at the end"),
        ]
        .concat();
        let riff = |name: &[u8; 4], body: &[u8]| {
            let length = (body.len() as u32).to_le_bytes();
            [&name[..], &length, body].concat()
        };
        let webp = [
            b"RIFF\0\0\0\0WEBP".to_vec(),
            riff(
                b"VP8L",
                &[b"\x2f\x02\x40\0\0\0", &vec![7; WHOLE as usize][..]].concat(),
            ),
            riff(b"XMP ", b"<x/>"),
        ]
        .concat();
        for (name, large) in [("a.png", large), ("a.webp", webp)] {
            let length = large.len();
            let head = Head::read(&mut Cursor::new(large), name.as_ref()).unwrap();
            assert!(
                head.data.len() < 200,
                "{name}: {} of {length}",
                head.data.len()
            );
            let container = Container::read(head.kind.media_type().unwrap(), &head.data);
            assert_eq!(container.size, Some((3, 2)), "{name}");
            assert!(
                container.xmp.is_some() || !container.texts.is_empty(),
                "{name}"
            );
        }
    }
}
