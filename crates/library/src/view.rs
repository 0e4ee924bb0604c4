//! What the gallery and its controls are shown: plain rows, the words of the boundary.
//!
//! One definition serves the window (TypeScript is generated from it into `ui/src/backend/types/`)
//! and the command line (`--json`). Codes are closed sets that a client may
//! switch on; texts under `detail` are for *Details* and logs only.
//!
//! Times are Unix milliseconds unless a name says otherwise; sizes are bytes.

mod activity;
mod card;
mod comparison;
mod destination;
mod doctor;
mod errand;
mod folder;
mod link;
mod photo;
mod preview;
mod query;
mod reason;
mod settings;
mod status;
mod verify;

pub use activity::*;
pub use card::*;
pub use comparison::*;
pub use destination::*;
pub use doctor::*;
pub use errand::*;
pub use folder::*;
pub use link::*;
pub use photo::*;
pub use preview::*;
pub use query::*;
pub use reason::*;
pub use settings::*;
pub use status::*;
pub use verify::*;
