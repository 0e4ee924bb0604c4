//! The still image formats that count as photos, and what each is called.

use serde::{Deserialize, Serialize};

/// The still image formats that count as photos.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaType {
    Jpeg,
    Png,
    Gif,
    Webp,
    Tiff,
    Bmp,
    Ico,
    Heic,
    Avif,
    JpegXl,
    Jpeg2000,
    /// Any camera RAW: DNG, CR2, CR3, NEF, ARW, PEF, RAF, ORF, RW2, …
    Raw,
}

impl MediaType {
    pub(crate) const ALL: [Self; 12] = [
        Self::Jpeg,
        Self::Png,
        Self::Gif,
        Self::Webp,
        Self::Tiff,
        Self::Bmp,
        Self::Ico,
        Self::Heic,
        Self::Avif,
        Self::JpegXl,
        Self::Jpeg2000,
        Self::Raw,
    ];

    /// The type that is stored under this MIME type.
    pub fn of_mime(mime: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.mime() == mime)
    }

    /// The MIME type. All RAW formats share the one that is in use for DNG: few of them have a
    /// name of their own, and what they are is told by their extension.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Tiff => "image/tiff",
            Self::Bmp => "image/bmp",
            Self::Ico => "image/vnd.microsoft.icon",
            Self::Heic => "image/heic",
            Self::Avif => "image/avif",
            Self::JpegXl => "image/jxl",
            Self::Jpeg2000 => "image/jp2",
            Self::Raw => "image/x-adobe-dng",
        }
    }

    /// The usual extension, lower case and without a dot; `dng` for every RAW.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::Webp => "webp",
            Self::Tiff => "tif",
            Self::Bmp => "bmp",
            Self::Ico => "ico",
            Self::Heic => "heic",
            Self::Avif => "avif",
            Self::JpegXl => "jxl",
            Self::Jpeg2000 => "jp2",
            Self::Raw => "dng",
        }
    }

    /// What a file of this extension (lower case, without a dot) is, as long as its bytes are not seen;
    /// none: no photo.
    pub fn of_extension(extension: &str) -> Option<Self> {
        Some(match extension {
            "jpg" | "jpeg" | "jpe" | "jfif" => Self::Jpeg,
            "png" | "apng" => Self::Png,
            "gif" => Self::Gif,
            "webp" => Self::Webp,
            "tif" | "tiff" => Self::Tiff,
            "bmp" | "dib" => Self::Bmp,
            "ico" => Self::Ico,
            "heic" | "heif" | "hif" => Self::Heic,
            "avif" => Self::Avif,
            "jxl" => Self::JpegXl,
            "jp2" | "j2k" | "j2c" | "jpc" | "jpf" | "jpx" => Self::Jpeg2000,
            "3fr" | "arw" | "cr2" | "cr3" | "crw" | "dcr" | "dng" | "erf" | "fff" | "iiq"
            | "k25" | "kdc" | "mef" | "mos" | "mrw" | "nef" | "nrw" | "orf" | "pef" | "raf"
            | "rw2" | "rwl" | "sr2" | "srf" | "srw" | "x3f" => Self::Raw,
            _ => return None,
        })
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Gif => "GIF",
            Self::Webp => "WebP",
            Self::Tiff => "TIFF",
            Self::Bmp => "BMP",
            Self::Ico => "ICO",
            Self::Heic => "HEIC",
            Self::Avif => "AVIF",
            Self::JpegXl => "JPEG XL",
            Self::Jpeg2000 => "JPEG 2000",
            Self::Raw => "camera RAW",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_extension_of_a_format_is_one_of_its_own() {
        for media_type in MediaType::ALL {
            let found = MediaType::of_extension(media_type.extension());
            assert_eq!(found, Some(media_type));
        }
        assert_eq!(MediaType::of_extension("txt"), None);
    }
}
