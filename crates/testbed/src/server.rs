//! MinIO and SeaweedFS, the real programs.
//!
//! A *shared* server is one that `./dev services start` runs (found by `IMGN_TEST_MINIO_URL` and so
//! on); without it, and for tests that stop a server, one is started for the test alone.

mod own;

use crate::bucket::{self, Bucket};
use own::{Own, Program, READER, START, Transport, Webhook};
use std::env;
use std::path::PathBuf;

/// Where a server is, and a key that may do everything there.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// `http(s)://127.0.0.1:port`
    pub url: String,
    pub access_key_id: String,
    pub secret_access_key: String,
    /// What a client has to trust, for `https`.
    pub ca_file: Option<PathBuf>,
    /// Where the server takes itself to be, if it cares.
    pub region: Option<String>,
}

/// An S3 server, ours or shared.
#[derive(Debug)]
pub struct Server {
    pub endpoint: Endpoint,
    own: Option<Own>,
}

/// MinIO.
#[derive(Debug, Clone, Copy)]
pub struct Minio;

/// SeaweedFS.
#[derive(Debug, Clone, Copy)]
pub struct SeaweedFs;

impl Minio {
    /// The shared server, else one of our own.
    pub async fn shared() -> Server {
        shared_or(Program::Minio, Transport::Plain).await
    }

    /// The same over TLS.
    pub async fn shared_tls() -> Server {
        shared_or(Program::Minio, Transport::Tls).await
    }

    /// A server for this test alone.
    pub async fn start() -> Server {
        start(Program::Minio, Transport::Plain, None).await
    }

    /// A server for this test alone that takes itself to be in `region`.
    pub async fn start_in(region: &'static str) -> Server {
        start(Program::Minio, Transport::Plain, Some(region)).await
    }

    /// A server for this test alone that tells `url` what is put into the buckets that
    /// [`Bucket::tell`] names, with `token` as bearer.
    pub async fn start_telling(url: String, token: String) -> Server {
        let webhook = Some(Webhook { url, token });
        start_with(Program::Minio, Transport::Plain, None, webhook).await
    }
}

impl SeaweedFs {
    /// The shared server, else one of our own.
    pub async fn shared() -> Server {
        shared_or(Program::SeaweedFs, Transport::Plain).await
    }

    /// The same over TLS.
    pub async fn shared_tls() -> Server {
        shared_or(Program::SeaweedFs, Transport::Tls).await
    }

    /// A server for this test alone.
    pub async fn start() -> Server {
        start(Program::SeaweedFs, Transport::Plain, None).await
    }
}

impl Server {
    /// A new bucket with a name that nobody has.
    pub async fn bucket(&self) -> Bucket {
        bucket::create(&self.endpoint).await
    }

    /// Kills the server at once. Its data and its port are kept.
    pub fn stop(&mut self) {
        self.own_mut().stop();
    }

    /// Starts a stopped server again, on the same port and with the same data.
    pub async fn start_again(&mut self) {
        self.own_mut().go_on().await;
    }

    /// The key of somebody who may only read and list; SeaweedFS servers of our own have one.
    pub fn reader(&self) -> Endpoint {
        let own = self
            .own
            .as_ref()
            .filter(|own| own.program == Program::SeaweedFs);
        assert!(own.is_some(), "only a SeaweedFs::start() has a reader");
        Endpoint {
            access_key_id: READER.to_owned(),
            ..self.endpoint.clone()
        }
    }

    /// Has one bit of what it keeps on its disk be another one: in a file whose path holds `part`, where these bytes
    /// stand. The server may run meanwhile.
    pub fn rot(&self, part: &str, bytes: &[u8]) {
        let own = self.own.as_ref();
        own.expect("a shared server never rots: start() one for this test")
            .rot(part, bytes);
    }

    fn own_mut(&mut self) -> &mut Own {
        self.own
            .as_mut()
            .expect("a shared server is never stopped: start() one for this test")
    }
}

async fn shared_or(program: Program, transport: Transport) -> Server {
    let variable = match (program, transport) {
        (Program::Minio, Transport::Plain) => "IMGN_TEST_MINIO_URL",
        (Program::Minio, Transport::Tls) => "IMGN_TEST_MINIO_TLS_URL",
        (Program::SeaweedFs, Transport::Plain) => "IMGN_TEST_SEAWEEDFS_URL",
        (Program::SeaweedFs, Transport::Tls) => "IMGN_TEST_SEAWEEDFS_TLS_URL",
    };
    let Ok(url) = env::var(variable) else {
        return start(program, transport, None).await;
    };
    let beside =
        |name: &str| env::var(name).unwrap_or_else(|_| panic!("{name} goes with {variable}"));
    let endpoint = Endpoint {
        url,
        access_key_id: beside("IMGN_TEST_KEY"),
        secret_access_key: beside("IMGN_TEST_SECRET"),
        ca_file: (transport == Transport::Tls).then(|| beside("IMGN_TEST_CA").into()),
        region: None,
    };
    Server {
        endpoint,
        own: None,
    }
}

async fn start(program: Program, transport: Transport, region: Option<&'static str>) -> Server {
    start_with(program, transport, region, None).await
}

async fn start_with(
    program: Program,
    transport: Transport,
    region: Option<&'static str>,
    webhook: Option<Webhook>,
) -> Server {
    let own = Own::start(program, transport, region, webhook).await;
    let server = Server {
        endpoint: own.endpoint(),
        own: Some(own),
    };
    bucket::wait_until_ready(&server.endpoint, START).await;
    server
}
