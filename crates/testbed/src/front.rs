//! Encryption in front of a server that speaks plain HTTP, with a certificate of our own.

use crate::Certificates;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// On a port of its own; gone when it is dropped.
#[derive(Debug)]
pub struct TlsFront {
    /// `https://127.0.0.1:port`
    pub url: String,
    /// What a client has to trust.
    pub ca_file: PathBuf,
    task: JoinHandle<()>,
    _folder: TempDir,
}

impl TlsFront {
    /// Passes everything to `target` (`http://host:port`).
    pub async fn start(target: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let files = Certificates::make(folder.path());
        let acceptor = TlsAcceptor::from(Arc::new(config(&files)));
        let target = target
            .strip_prefix("http://")
            .expect("it is plain HTTP behind")
            .to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let task = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let (acceptor, target) = (acceptor.clone(), target.clone());
                // Whoever does not trust it hangs up, which is what some tests are about.
                connections.spawn(async move { drop(pass(client, &acceptor, &target).await) });
                while connections.try_join_next().is_some() {}
            }
        });
        Self {
            url: format!("https://{address}"),
            ca_file: files.ca,
            task,
            _folder: folder,
        }
    }
}

impl Drop for TlsFront {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass(client: TcpStream, acceptor: &TlsAcceptor, target: &str) -> std::io::Result<()> {
    let mut client = acceptor.accept(client).await?;
    let mut server = TcpStream::connect(target).await?;
    tokio::io::copy_bidirectional(&mut client, &mut server)
        .await
        .map(drop)
}

fn config(files: &Certificates) -> ServerConfig {
    let chain = CertificateDer::pem_slice_iter(&read(&files.public))
        .collect::<Result<Vec<_>, _>>()
        .expect("the certificate was just made");
    let key = PrivateKeyDer::from_pem_slice(&read(&files.private)).expect("the key was just made");
    ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("there are versions")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("the key belongs to the certificate")
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
}
