//! What a file is, decided by its content.
//!
//! A *photo* is any still image format that is known, decodable by us or not; a file with a
//! known photo extension whose bytes say nothing is *unreadable* and is backed up all the same.
//!
//! **Invariant:** only the first bytes are looked at, and nothing is decoded: deciding is cheap and
//! safe enough for the process that holds the library.

use crate::bytes::Bytes;
use crate::media_type::MediaType;
use crate::open;
use serde::{Deserialize, Serialize};
use std::ffi::OsStr;
use std::io::{self, Read};
use std::path::Path;

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A still image of a known format.
    Photo(MediaType),
    /// A photo extension and non-empty bytes that no known format begins with.
    Unreadable,
    /// A moving picture: not backed up yet, counted.
    Video,
    /// No bytes at all: counted, never sent.
    Empty,
    /// Anything else: counted, never sent.
    Other,
}

/// Enough for every signature, and for the IFD of a TIFF that tells whose RAW it is.
const HEAD: u64 = 64 * 1024;

impl Kind {
    /// `head` is how the file begins (64 KiB are always enough), `name` its file name: the
    /// extension settles what content leaves open, such as which RAW a TIFF is.
    pub fn of(head: &[u8], name: &OsStr) -> Self {
        if head.is_empty() {
            return Self::Empty;
        }
        let extension = extension(name);
        match by_content(head, &extension) {
            Some(kind) => kind,
            None if MediaType::of_extension(&extension).is_some() => Self::Unreadable,
            None => Self::Other,
        }
    }

    /// The kind of the regular file at `path`. Never blocks on a fifo or a device: those, symbolic
    /// links and directories are an error of the kind [`io::ErrorKind::InvalidInput`].
    pub fn of_file(path: &Path) -> io::Result<Self> {
        let mut head = Vec::new();
        open::regular_file(path)?
            .take(HEAD)
            .read_to_end(&mut head)?;
        Ok(Self::of(&head, path.file_name().unwrap_or_default()))
    }

    /// Whether files of this kind are sent to destinations.
    pub fn is_backed_up(self) -> bool {
        matches!(self, Self::Photo(_) | Self::Unreadable)
    }

    /// The format, of a photo.
    pub fn media_type(self) -> Option<MediaType> {
        match self {
            Self::Photo(media_type) => Some(media_type),
            _ => None,
        }
    }

    /// The MIME type to store it under; `application/octet-stream` for all but photos.
    pub fn mime(self) -> &'static str {
        self.media_type()
            .map_or("application/octet-stream", MediaType::mime)
    }
}

/// Extensions of RAW formats that are TIFFs without a signature of their own.
const RAW_EXTENSIONS: &[&str] = &[
    "3fr", "arw", "cr2", "dcr", "dng", "erf", "fff", "iiq", "k25", "kdc", "mef", "mos", "nef",
    "nrw", "orf", "pef", "raw", "rw2", "rwl", "sr2", "srf", "srw",
];

/// Brands of films, by the registry of <https://mp4ra.org/registered-types/brands>.
fn is_film(brand: &[u8]) -> bool {
    const BRANDS: [&[u8]; 12] = [
        b"mp41", b"mp42", b"mp71", b"avc1", b"qt  ", b"dash", b"MSNV", b"mmp4", b"f4v ", b"XAVC",
        b"M4V ", b"M4A ",
    ];
    BRANDS.contains(&brand)
        || [b"iso", b"3gp", b"3g2"]
            .iter()
            .any(|family| brand.starts_with(*family))
}

fn extension(name: &OsStr) -> String {
    let extension = Path::new(name).extension().unwrap_or_default();
    extension.to_string_lossy().to_ascii_lowercase()
}

fn by_content(head: &[u8], extension: &str) -> Option<Kind> {
    let at = |offset: usize, signature: &[u8]| {
        head.get(offset..)
            .is_some_and(|rest| rest.starts_with(signature))
    };
    let kind = if at(0, b"\xff\xd8\xff") {
        Kind::Photo(MediaType::Jpeg)
    } else if at(0, b"\x89PNG\r\n\x1a\n") {
        Kind::Photo(MediaType::Png)
    } else if at(0, b"GIF87a") || at(0, b"GIF89a") {
        Kind::Photo(MediaType::Gif)
    } else if at(0, b"RIFF") && at(8, b"WEBP") {
        Kind::Photo(MediaType::Webp)
    } else if at(0, b"RIFF") && at(8, b"AVI ") {
        Kind::Video
    } else if at(4, b"ftyp") {
        return by_brand(head, extension);
    } else if at(0, b"\0\0\0\x0cJXL \r\n\x87\n") || is_jxl_codestream(head, extension) {
        Kind::Photo(MediaType::JpegXl)
    } else if at(0, b"\0\0\0\x0cjP  \r\n\x87\n") || at(0, b"\xff\x4f\xff\x51") {
        Kind::Photo(MediaType::Jpeg2000)
    } else if is_raw_signature(head) {
        Kind::Photo(MediaType::Raw)
    } else if is_tiff(head) {
        Kind::Photo(if is_raw_tiff(head, extension) {
            MediaType::Raw
        } else {
            MediaType::Tiff
        })
    } else if is_bmp(head) {
        Kind::Photo(MediaType::Bmp)
    } else if is_ico(head) {
        Kind::Photo(MediaType::Ico)
    } else if is_video(head) {
        Kind::Video
    } else {
        return None;
    };
    Some(kind)
}

/// ISO base media: the major brand says it, unless it is one of the general ones (`mif1`, `msf1`);
/// then the first compatible brand that does.
fn by_brand(head: &[u8], extension: &str) -> Option<Kind> {
    let bytes = Bytes(head);
    let end = (bytes.be32(0)? as usize).min(head.len());
    let major = bytes.get(8, 4)?;
    let mut brands = vec![major];
    if major == b"mif3" {
        // The shortest form of HEIF keeps its codec where others have a version.
        brands.extend(bytes.get(12, 4));
    }
    brands.extend(
        head.get(16..end)
            .unwrap_or_default()
            .chunks_exact(4)
            .take(64),
    );
    let mut general = false;
    for brand in &brands {
        match *brand {
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"hevm" | b"hevs" => {
                return Some(Kind::Photo(MediaType::Heic));
            }
            b"avif" | b"avis" => return Some(Kind::Photo(MediaType::Avif)),
            b"crx " => return Some(Kind::Photo(MediaType::Raw)),
            b"jxl " => return Some(Kind::Photo(MediaType::JpegXl)),
            b"mif1" | b"mif2" | b"msf1" | b"mif3" => general = true,
            // A film may list still-image brands for its cover, and a still image begins with one.
            brand
                if !general && (is_film(brand) || MediaType::of_extension(extension).is_none()) =>
            {
                return Some(Kind::Video);
            }
            _ if !general => return None,
            _ => {}
        }
    }
    // HEIF with a codec that has no brand here (JPEG, VVC, uncompressed): a still image all the same.
    Some(Kind::Photo(MediaType::Heic))
}

/// A bare JPEG XL codestream begins with two bytes only, which is weak: the next ones, a size
/// header, say nothing, so the extension has to agree.
fn is_jxl_codestream(head: &[u8], extension: &str) -> bool {
    head.starts_with(b"\xff\x0a") && extension == "jxl"
}

fn is_raw_signature(head: &[u8]) -> bool {
    const SIGNATURES: &[&[u8]] = &[
        b"FUJIFILMCCD-RAW ",
        b"IIRO", // Olympus ORF, in its three spellings
        b"IIRS",
        b"MMOR",
        b"IIU\0",                // Panasonic RW2
        b"FOVb",                 // Sigma X3F
        b"\0MRM",                // Minolta MRW
        b"II\x1a\0\0\0HEAPCCDR", // Canon CRW
    ];
    SIGNATURES
        .iter()
        .any(|signature| head.starts_with(signature))
}

fn is_tiff(head: &[u8]) -> bool {
    // 42 is TIFF, 43 BigTIFF.
    [b"II\x2a\0", b"MM\0\x2a", b"II\x2b\0", b"MM\0\x2b"]
        .iter()
        .any(|signature| head.starts_with(*signature))
}

fn is_raw_tiff(head: &[u8], extension: &str) -> bool {
    const DNG_VERSION: u16 = 0xc612;
    let canon = head.get(8..10) == Some(b"CR");
    canon || crate::tiff::first_ifd_has(head, DNG_VERSION) || RAW_EXTENSIONS.contains(&extension)
}

fn is_bmp(head: &[u8]) -> bool {
    // The size of the second header tells a bitmap from a text that begins with "BM".
    head.starts_with(b"BM")
        && matches!(
            Bytes(head).le32(14),
            Some(12 | 16 | 40 | 52 | 56 | 64 | 108 | 124)
        )
}

fn is_ico(head: &[u8]) -> bool {
    let bytes = Bytes(head);
    head.starts_with(b"\0\0\x01\0")
        && matches!(bytes.le16(4), Some(1..=256))
        && head.get(9) == Some(&0)
        && bytes.le32(18).is_some_and(|offset| offset >= 22)
}

fn is_video(head: &[u8]) -> bool {
    const SIGNATURES: &[&[u8]] = &[
        b"\x1a\x45\xdf\xa3",                 // Matroska, WebM
        b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", // ASF, WMV
        b"\0\0\x01\xba",                     // MPEG programme stream
        b"\0\0\x01\xb3",                     // MPEG video
        b"FLV\x01",
        b"OggS",
    ];
    let quicktime = [&b"moov"[..], b"mdat", b"wide", b"free", b"skip", b"pnot"];
    let transport = [0, 188, 376]
        .iter()
        .all(|&packet| head.get(packet) == Some(&0x47));
    SIGNATURES
        .iter()
        .any(|signature| head.starts_with(signature))
        || head.get(4..8).is_some_and(|atom| quicktime.contains(&atom))
        || transport
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(head: &[u8], name: &str, expected: Kind) {
        assert_eq!(
            Kind::of(head, OsStr::new(name)),
            expected,
            "{name}, {:02x?}",
            &head[..head.len().min(24)]
        );
    }

    #[test]
    fn content_decides_and_the_extension_only_where_content_is_silent() {
        use Kind::{Empty, Other, Photo, Unreadable, Video};
        use MediaType::*;
        let dng = b"II\x2a\0\x08\0\0\0\x01\0\x12\xc6\x01\0\x04\0\0\0\x01\x04\0\0\0\0\0\0";
        let cases: &[(&[u8], &str, Kind)] = &[
            (b"\xff\xd8\xff\xe0", "a.jpg", Photo(Jpeg)),
            (b"\xff\xd8\xff\xe1", "named.png", Photo(Jpeg)),
            (b"\xff\xd8\xff\xe1", "no extension", Photo(Jpeg)),
            (b"\x89PNG\r\n\x1a\n", "a.jpg", Photo(Png)),
            (b"GIF89a", "a", Photo(Gif)),
            (b"RIFF\0\0\0\0WEBPVP8 ", "a", Photo(Webp)),
            (b"RIFF\0\0\0\0AVI LIST", "a.avi", Video),
            (b"RIFF\0\0\0\0WAVEfmt ", "a.wav", Other),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "a.jpg", Photo(Heic)),
            (b"\0\0\0\x1cftypmif1\0\0\0\0mif1heicxxxx", "a", Photo(Heic)),
            (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf", "a", Photo(Avif)),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1jpeg", "a", Photo(Heic)),
            (b"\0\0\0\x10ftypmif3avif", "a", Photo(Avif)),
            (b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom", "a", Photo(Raw)),
            (b"\0\0\0\x18ftypisom\0\0\0\x01isomavc1", "a.mp4", Video),
            (b"\0\0\0\x18ftypqt  \0\0\0\x01qt      ", "a.jpg", Video),
            (
                b"\0\0\0\x18ftyphhhh\0\0\0\x01hhhh    ",
                "a.heic",
                Unreadable,
            ),
            (b"\0\0\0\x18ftyphhhh\0\0\0\x01hhhh    ", "a.mp4", Video),
            (b"\0\0\0\x08wide\0\0\0\0mdat", "a.mov", Video),
            (b"\0\0\0\x0cJXL \r\n\x87\n", "a", Photo(JpegXl)),
            (b"\xff\x0a\x00", "a.jxl", Photo(JpegXl)),
            (b"\xff\x0a\x00", "a.bin", Other),
            (b"\0\0\0\x0cjP  \r\n\x87\n", "a", Photo(Jpeg2000)),
            (b"\xff\x4f\xff\x51", "a", Photo(Jpeg2000)),
            (b"II\x2a\0\x08\0\0\0", "a.tif", Photo(Tiff)),
            (b"MM\0\x2a\0\0\0\x08", "a.NEF", Photo(Raw)),
            (b"II\x2a\0\x10\0\0\0CR\x02\0", "a.tif", Photo(Raw)),
            (dng, "a.tif", Photo(Raw)),
            (b"FUJIFILMCCD-RAW 0201", "a", Photo(Raw)),
            (b"IIU\0\x18\0\0\0", "a", Photo(Raw)),
            (b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", "a", Photo(Bmp)),
            (b"BM is how this note begins, and", "a.txt", Other),
            (
                b"\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x20\0\x68\x04\0\0\x16\0\0\0",
                "a",
                Photo(Ico),
            ),
            (b"\x1a\x45\xdf\xa3", "a.webm", Video),
            (b"", "a.jpg", Empty),
            (b"not a picture", "a.jpg", Unreadable),
            (b"\0", "A.CR3", Unreadable),
            (b"not a picture", "a.txt", Other),
            (b"not a picture", ".jpg", Other),
        ];
        for (head, name, expected) in cases {
            check(head, name, *expected);
        }
    }

    #[test]
    fn every_beginning_of_every_signature_is_taken_without_harm() {
        let ico = b"\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x20\0\x68\x04\0\0\x16\0\0\0".to_vec();
        for whole in [
            b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf".to_vec(),
            b"MM\0\x2a\xff\xff\xff\xff\0\0".to_vec(),
            ico,
        ] {
            for end in 1..whole.len() {
                Kind::of(&whole[..end], OsStr::new("a.jpg"));
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_place_of_a_photo_is_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let (photo, link) = (dir.path().join("a.jpg"), dir.path().join("link.jpg"));
        std::fs::write(&photo, b"\xff\xd8\xff\xe0").unwrap();
        std::os::unix::fs::symlink(&photo, &link).unwrap();
        assert_eq!(Kind::of_file(&photo).unwrap(), Kind::Photo(MediaType::Jpeg));
        let error = Kind::of_file(&link).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
        assert_eq!(error.to_string(), "symbolic links are not followed");
    }

    #[cfg(unix)]
    #[test]
    fn a_fifo_is_refused_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("fifo.jpg");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &path,
            rustix::fs::FileType::Fifo,
            0o600.into(),
            0,
        )
        .unwrap();
        assert_eq!(
            Kind::of_file(&path).unwrap_err().kind(),
            io::ErrorKind::InvalidInput
        );
    }
}
