//! Paint and brushes: what every scene draws with.
//!
//! Coordinates are in picture heights: `y` runs from 0 at the top to 1 at the bottom, `x` from 0 to
//! the aspect ratio, so that a portrait shows less of the world and not a squeezed one.
//!
//! **Invariant:** the same seed draws the same picture; nothing here asks for the time or a thread.

pub(crate) mod canvas;
pub(crate) mod noise;
pub(crate) mod palette;
pub(crate) mod sky;
pub(crate) mod terrain;
