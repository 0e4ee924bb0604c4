//! Bytes of a picture → what it is, its metadata, its thumbnail and its thumbhash.
//!
//! Knows no network and no database. Bytes come from outside and are not to be trusted: callers
//! parse and decode through a [`worker::Pool`], a few child processes with limits on memory and
//! time, so that a file that kills or hangs a decoder costs that file its thumbnail and nothing else.
//!
//! **Invariant:** nothing here writes to, renames or removes a file that it was given.

#![forbid(unsafe_code)]

mod bytes;
mod container;
mod head;
mod isobmff;
mod jpeg;
mod jxl;
mod kind;
mod media_type;
mod metadata;
mod open;
mod sidecar;
mod thumbnail;
mod tiff;
pub mod worker;

pub use kind::Kind;
pub use media_type::MediaType;
pub use metadata::{Camera, Exposure, Gps, Metadata};
pub use sidecar::{Meta, Sidecar, SidecarError, harmless_in_html};
pub use thumbnail::{FirstPaint, Thumbnail, ThumbnailError};
