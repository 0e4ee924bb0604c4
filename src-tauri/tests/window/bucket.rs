//! A bucket on a real server of one test's own, which the test may stop.

use testbed::{Endpoint, Minio, Server, eventually};

pub(crate) struct Bucket {
    server: Server,
    bucket: testbed::Bucket,
}

impl Bucket {
    pub(crate) async fn new() -> Self {
        let server = Minio::start().await;
        Self {
            bucket: server.bucket().await,
            server,
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.bucket.name
    }

    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.bucket.endpoint
    }

    /// The keys of all photos, without what imgn derives from them.
    pub(crate) async fn originals(&self) -> Vec<String> {
        let objects = self.bucket.list_originals().await;
        objects
            .into_iter()
            .map(|(key, _)| key)
            .filter(|key| !key.ends_with(".meta"))
            .collect()
    }

    /// Waits until that many photos have their sidecar and thumbnail there, which go up after them.
    pub(crate) async fn is_complete(&self, photos: usize) {
        eventually("sidecars and thumbnails are there", async || {
            let objects = self.bucket.list().await;
            let there = objects
                .iter()
                .filter(|(key, _)| key.ends_with(".meta") || key.starts_with(".imgn/thumbs/"))
                .count();
            if there == 2 * photos {
                Ok(())
            } else {
                Err(there)
            }
        })
        .await;
    }

    pub(crate) async fn read(&self, key: &str) -> Vec<u8> {
        self.bucket.get(key).await
    }

    /// Puts an object that imgn did not put.
    pub(crate) async fn put(&self, key: &str, bytes: &[u8]) {
        self.bucket.put(key, bytes).await;
    }

    /// Removes the bucket with all that is in it; its server runs on.
    pub(crate) async fn remove(self) -> Server {
        self.bucket.destroy().await;
        self.server
    }

    pub(crate) fn stop(&mut self) {
        self.server.stop();
    }

    pub(crate) async fn start_again(&mut self) {
        self.server.start_again().await;
    }
}
