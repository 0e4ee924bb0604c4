//! The main job, done by the real program on real servers: files go in, and an independent look
//! into the bucket says what arrived.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stdout, reason = "a test says what it did not run")]

#[macro_use]
mod servers;

mod around;
mod browse;
mod burst;
mod cards;
mod changing;
mod cognito;
mod comparing;
mod contract;
mod corpus;
mod destinations;
mod disks;
mod doctor;
mod drives;
mod faults;
mod folders;
mod gate;
mod home;
mod http;
mod keyring;
mod kill;
mod lambda;
mod large;
mod links;
mod manual;
mod mounts;
mod names;
mod new_computer;
mod outages;
mod owner;
mod patterns;
mod previews;
mod progress;
mod quiet;
mod rights;
mod settings;
mod sharing;
mod soak;
mod terminal;
mod verify;
mod watch;
mod watches;
mod why;
mod workers;
