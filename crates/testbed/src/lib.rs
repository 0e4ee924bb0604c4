//! Real S3 servers, an independent look into their buckets, and a network with faults: for tests.
//!
//! A [`Server`] is MinIO or SeaweedFS on a free port of this machine, a [`Bucket`] is what a test
//! has of it, and a [`FaultProxy`] stands between a client and a server and breaks what it is told.
//!
//! **Invariant:** everything that is started here ends with the test, also when the test is killed;
//! servers that `./dev services` runs are used and left alone.

#![forbid(unsafe_code)]

mod bucket;
mod certificates;
mod proxy;
mod server;
mod visit;

pub use bucket::{Bucket, Head};
pub use certificates::Certificates;
pub use proxy::{Fault, FaultProxy, Request, Rule};
pub use server::{Endpoint, Minio, SeaweedFs, Server, binary};
pub use visit::{Answer, visit};
