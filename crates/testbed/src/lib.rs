//! Real S3 servers, an independent look into their buckets, and a network with faults: for tests.
//!
//! A [`Server`] is MinIO or SeaweedFS on a free port of this machine, a [`Bucket`] is what a test has of it, a
//! [`Service`] is an `imgn-server`, [`Functions`] are the same as on AWS Lambda, a [`Deployment`] is their template
//! as it is deployed. An [`OriginalServer`] stands in for the imgn of the talk, an [`OriginalBucket`] for its
//! servers over a bucket, a [`FunctionsStandIn`] for functions and their store with faults, and a [`CognitoServer`]
//! for who lends keys to those who sign in. A [`WebDriver`] uses a page as a person does, [`everyone`] says whether
//! every person can, a [`FaultProxy`] stands between a client and a server and breaks what it is told, a
//! [`TlsFront`] encrypts, a [`Disk`] is soon full.
//!
//! **Invariant:** everything that is started here ends with the test, also when the test is killed;
//! servers that `./dev services` runs are used and left alone.

#![forbid(unsafe_code)]

mod bucket;
mod certificates;
mod cognito;
mod deployment;
mod disk;
pub mod everyone;
mod front;
mod functions;
mod gateway;
mod original;
mod ports;
mod programs;
mod proxy;
mod server;
mod service;
mod serving;
mod sharing;
mod stand_in;
mod visit;
mod wait;
pub mod webdriver;

pub use bucket::{Bucket, Head};
pub use certificates::Certificates;
pub use cognito::CognitoServer;
pub use deployment::Deployment;
pub use disk::Disk;
pub use front::TlsFront;
pub use functions::{Functions, Identity};
pub use original::{Mishap, OriginalServer, Routes, Uploaded};
pub use programs::binary;
pub use proxy::{Fault, FaultProxy, Request, Rule};
pub use server::{Endpoint, Minio, SeaweedFs, Server};
pub use service::Service;
pub use sharing::{NOT_YET, OriginalBucket};
pub use stand_in::{FunctionsStandIn, Slip, StoreRequest, Whose};
pub use visit::{Answer, visit};
pub use wait::eventually;
pub use webdriver::WebDriver;
