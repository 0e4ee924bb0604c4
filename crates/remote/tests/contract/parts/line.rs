//! The way to a store on which faults can be put.

use crate::place::s3;
use crate::source::{Source, key, quiet};
use remote::{Error, Ledger, Put, Remote, S3};
use std::collections::BTreeMap;
use std::time::Duration;
use testbed::{Bucket, FaultProxy, Request, Server};

/// The least that stores take, so that small files behave as large ones.
pub(super) const PART: u64 = 5 * 1024 * 1024;
/// Three parts and a half.
pub(super) const SIZE: usize = 17 * 1024 * 1024;

/// A claimed bucket behind a proxy, to which small files go in parts already.
pub(super) struct Line {
    pub(super) proxy: FaultProxy,
    pub(super) bucket: Bucket,
    pub(super) remote: S3,
    _server: Server,
}

impl Line {
    pub(super) async fn to(server: Server) -> Self {
        let bucket = server.bucket().await;
        let proxy = FaultProxy::start(&server.endpoint.url).await;
        let remote = small_parts(s3(&server.endpoint, &proxy.url(), &bucket.name, "mine").await);
        remote.claim().await.unwrap();
        Self {
            proxy,
            bucket,
            remote,
            _server: server,
        }
    }

    pub(super) async fn put(&self, source: &Source, ledger: &dyn Ledger) -> Result<Put, Error> {
        self.remote
            .put_resumable(&key("a.jpg"), &source.original(), ledger, &quiet)
            .await
    }

    pub(super) async fn unfinished(&self) -> usize {
        self.bucket.uploads("mine/a.jpg").await.len()
    }

    /// How often each part was sent, as a whole or not.
    pub(super) fn parts_sent(&self) -> BTreeMap<u32, usize> {
        parts_sent(&self.proxy.requests())
    }
}

pub(super) fn small_parts(remote: S3) -> S3 {
    remote
        .with_parts(PART, PART)
        .with_patience(Duration::from_secs(5))
}

pub(super) fn parts_sent(requests: &[Request]) -> BTreeMap<u32, usize> {
    let mut sent = BTreeMap::new();
    for request in requests.iter().filter(|request| request.method == "PUT") {
        let Some((_, query)) = request.path.split_once('?') else {
            continue;
        };
        let number = query
            .split('&')
            .find_map(|pair| pair.strip_prefix("partNumber="));
        if let Some(number) = number {
            *sent.entry(number.parse().unwrap()).or_default() += 1;
        }
    }
    sent
}

/// Runs every case on every server that a proxy can stand before.
macro_rules! on_plain_servers {
    ($($case:ident)*) => {
        mod minio {
            use crate::parts::line::Line;
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    super::$case(Line::to(testbed::Minio::shared().await).await).await;
                }
            )*
        }
        mod seaweedfs {
            use crate::parts::line::Line;
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    super::$case(Line::to(testbed::SeaweedFs::shared().await).await).await;
                }
            )*
        }
    };
}
