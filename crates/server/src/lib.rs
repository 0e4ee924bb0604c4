//! The gallery's services: upload, list, extract; as one process, or as several over one store.
//!
//! One router answers the HTTP API ([`remote::api`] has its words), whatever runs it; behind it is a [`remote::Remote`].
//! The extractor makes the `imgn/1` sidecar and the thumbnail of what was uploaded.
//!
//! **Invariant:** an upload is answered with success only when its bytes are durably in the store,
//! and no more of it is in memory than a few chunks, however large it is.

#![forbid(unsafe_code)]

mod answer;
mod batch;
mod cannot_start;
mod deployment;
mod events;
mod extract;
mod form;
pub mod functions;
mod gallery;
mod guard;
mod guesses;
mod library;
mod linger;
mod listen;
mod log;
mod metrics;
mod offer;
mod page;
mod picture;
mod prepare;
mod pulse;
mod route;
mod router;
mod session;
mod settings;
mod site;
mod spool;
mod store;
mod upload;
mod urlencoded;
mod words;

pub use batch::{Extractor, Tally, Told};
pub use cannot_start::CannotStart;
pub use deployment::Deployment;
pub use guard::{Access, Guard};
pub use listen::{listen, serve};
pub use log::log;
pub use metrics::Metrics;
pub use pulse::Pulse;
pub use router::router;
pub use settings::addresses;
pub use spool::Spool;
pub use store::Store;
pub use words::{Command, Service, Words};
