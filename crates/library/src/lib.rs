//! The engine: watch → index → metadata → queue → upload → verify, over one SQLite library.
//!
//! Knows no window and no Tauri. Every stage reads rows and writes rows, so a stop at any point
//! goes on from the database.
//!
//! **Invariant:** no original on disk is ever changed, moved or removed, and nothing is removed
//! from a destination.

mod library;
pub mod view;

pub use library::{Library, Options, Picture, Result};
