//! The manifests for Kubernetes, rendered as a cluster would get them: what they say of who may do what,
//! and the processes that they describe, started as they describe them.
//!
//! No cluster runs here. A *world* stands for one: each pod is a network of its own with an address of its
//! own, each container a root of its own that cannot be written to, with the manifest's command, variables,
//! volumes, user and probes. What a world does not do: limits of memory and CPU, network policies (their
//! meaning is tested apart), seccomp, and pulling images.

#![cfg(target_os = "linux")]
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stdout, reason = "what a test says is printed")]

mod layouts;
mod manifests;
mod pod;
mod rules;
mod world;
