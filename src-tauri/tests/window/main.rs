//! What a person does, in the real window: the built app on a display of its own, driven through
//! WebDriver, with files dropped by the display server and a real S3 server on the other end.
//!
//! Each test has its own [`desk::Desk`] (display, home, library) and shares nothing with the others.

#![cfg(target_os = "linux")]
#![forbid(unsafe_code)]
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test ends, and tells, where it fails"
)]

mod bucket;
mod compare;
mod desk;
mod display;
mod drag;
mod notifications;
mod panel;
mod paste;
mod process;
mod reader;
mod session_bus;
mod views;
mod webdriver;
mod window;

mod accessible;
mod background;
mod cards;
mod checks;
mod command_line;
mod drops;
mod finding;
mod first_paint;
mod first_run;
mod in_place;
mod offline;
mod opens;
mod outside;
mod placement;
mod screenshots;
mod second;
mod settings;
mod told;
mod trial;
mod watches;
