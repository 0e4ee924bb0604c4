//! The gallery in a real Chromium, from the real server: what a person does there, and what somebody who
//! means harm tries.

#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod chromium;
#[path = "../service/client.rs"]
#[allow(dead_code, reason = "the service's own tests need more of it")]
mod client;
mod elsewhere;
mod everyone;
mod harm;
mod page;
#[path = "../service/program.rs"]
#[allow(dead_code, reason = "the service's own tests need more of it")]
mod program;
mod visit;
