//! The engine: watch → index → metadata → queue → upload → verify, over one SQLite library.
//!
//! Knows no window and no Tauri. Every stage reads rows and writes rows, so a stop at any point
//! goes on from the database.
//!
//! **Invariant:** no original on disk is ever changed, moved or removed; what is removed from a destination is
//! ours alone: a probe, the parts of an upload that was given up, what a stop left half written.
#![forbid(unsafe_code)]

mod admission;
mod backoff;
mod beside;
mod blocking;
mod cards;
mod clock;
mod comparison;
mod connection;
mod context;
mod dates;
mod derived;
mod disk;
mod door;
mod editable;
mod engine;
mod errands;
mod exchange;
mod fetch;
mod first_paint;
mod front;
mod gone;
mod hash;
mod hints;
mod index;
pub mod inspect;
mod intake;
mod known_parts;
mod landing;
mod lane;
mod last_run;
mod leftovers;
mod library;
mod listing;
mod lock;
mod measuring;
mod mounts;
mod news;
mod numbered;
mod on_disk;
mod opening;
mod original;
mod path_bytes;
mod patience;
mod pattern_preview;
mod patterns;
mod pause;
mod picture;
mod plan;
mod prices;
mod reach;
mod reason;
mod rebuild;
mod registry;
mod remake;
mod requests;
mod rescan;
mod restore;
mod saving;
mod scan;
mod secrets;
mod settings;
mod store;
mod sync;
mod thumb_cache;
mod thumb_limit;
mod thumbs;
mod transfers;
mod typed_keys;
mod upload;
mod verify;
pub mod view;
mod watch;
mod when;
mod why;
mod wording;

pub use connection::{Connection, Events, Owner};
pub use library::{Library, Options, Result};
pub use picture::Picture;
pub use secrets::Keyring;
