//! What a network and a failing server do to an upload.
