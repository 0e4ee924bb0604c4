//! Where the front end and the extractor meet: a bucket of a real server.

use crate::program::{Program, run};
use testbed::{Bucket, Minio, SeaweedFs, Server};

/// A part of a bucket of its own.
pub(crate) struct Place {
    pub(crate) server: Server,
    pub(crate) bucket: Bucket,
}

impl Place {
    pub(crate) async fn minio() -> Self {
        Self::on(Minio::shared().await).await
    }

    pub(crate) async fn seaweedfs() -> Self {
        Self::on(SeaweedFs::shared().await).await
    }

    pub(crate) async fn on(server: Server) -> Self {
        let bucket = server.bucket().await;
        Self { server, bucket }
    }

    pub(crate) fn words<'a>(&'a self, word: &'a str) -> Vec<&'a str> {
        let endpoint = &self.server.endpoint.url;
        let mut words = vec![word, "--endpoint", endpoint, "--bucket", &self.bucket.name];
        words.extend(["--prefix", "of mine", "--path-style"]);
        words
    }

    pub(crate) fn keys(&self) -> Vec<(&str, &str)> {
        let endpoint = &self.server.endpoint;
        vec![
            ("AWS_ACCESS_KEY_ID", endpoint.access_key_id.as_str()),
            ("AWS_SECRET_ACCESS_KEY", endpoint.secret_access_key.as_str()),
        ]
    }

    pub(crate) fn front_end(&self) -> Program {
        Program::with(&self.words("serve"), &self.keys())
    }

    /// One batch: how many were extracted.
    pub(crate) fn extract(&self) -> u64 {
        let mut words = self.words("extract");
        words.push("--once");
        let output = run(&words, &self.keys());
        let log = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{log}");
        let last: serde_json::Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
        last["extracted"].as_u64().unwrap()
    }
}
