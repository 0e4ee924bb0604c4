//! A small upright sRGB picture of a photo, and the thumbhash that stands in for it.

/// A WebP no longer than the asked size on its long side, never enlarged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thumbnail {
    pub webp: Vec<u8>,
    pub width: u32,
    pub height: u32,
    /// 5–25 bytes, <https://evanw.github.io/thumbhash/>.
    pub thumbhash: Vec<u8>,
}

/// Why there is no thumbnail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ThumbnailError {
    #[error("thumbnails of {0} are not made yet")]
    Unsupported(&'static str),
    #[error("the picture is damaged: {0}")]
    Damaged(String),
    #[error("{width} × {height} pixels is more than imgn decodes")]
    TooLarge { width: u64, height: u64 },
    #[error("cannot read {path}: {message}")]
    Unreadable { path: String, message: String },
}
