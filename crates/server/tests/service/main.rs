//! The real program over loopback, asked by real clients and by raw sockets, over folders and real
//! S3 servers: what the HTTP API promises, case by case.

#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod answers;
mod browser;
mod buckets;
mod client;
mod disks;
mod extraction;
mod hostile;
#[cfg(target_os = "linux")]
mod load;
mod many;
mod place;
mod program;
mod starting;
mod uploads;
