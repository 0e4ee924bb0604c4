//! Pictures as the window gets them.

/// Bytes, and what they are.
#[derive(Debug, Clone)]
pub struct Picture {
    pub bytes: Vec<u8>,
    pub content_type: &'static str,
}

/// The type under which a webview shows a picture by itself; none: it cannot.
pub(crate) fn shown_type(media_type: &str) -> Option<&'static str> {
    ["image/jpeg", "image/png", "image/webp", "image/gif"]
        .into_iter()
        .find(|shown| *shown == media_type)
}
