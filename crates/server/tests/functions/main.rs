//! The three functions as Lambda runs them: the real programs on a local Lambda runtime, behind a stand-in for API
//! Gateway, over real S3 servers; and the template that deploys them.

#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bed;
mod deployed;
mod events;
mod galleries;
mod identities;
mod offers;
mod template;
