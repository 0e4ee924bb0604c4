//! Which certificates are trusted, and how long those of a host are good for.
//!
//! The latter is found out by asking the very verifier that connections use what it would say on later days, so the
//! whole chain counts.

use crate::Error;
use crate::transport::transport;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject};
use rustls::{ClientConfig, ClientConnection, RootCertStore};
use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// For connecting and greeting each other, all in all.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longer than any certificate is good for.
const LONGEST: i64 = 20 * 366;

/// The certificates of a person's own file.
pub(crate) struct CaFile {
    pub(crate) pem: Vec<u8>,
    certificates: Vec<CertificateDer<'static>>,
}

/// Reads the file; what is in it must be certificates that can vouch for others.
pub(crate) fn ca_file(path: &Path) -> Result<CaFile, Error> {
    let unusable = |reason: String| {
        Error::Settings(format!(
            "the CA file {} cannot be used: {reason}",
            path.display()
        ))
    };
    let pem = std::fs::read(path).map_err(|error| unusable(error.to_string()))?;
    let certificates = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| unusable(error.to_string()))?;
    if certificates.is_empty() {
        return Err(unusable("it holds no certificate in PEM form".to_owned()));
    }
    let mut roots = RootCertStore::empty();
    for certificate in &certificates {
        roots
            .add(certificate.clone())
            .map_err(|error| unusable(error.to_string()))?;
    }
    Ok(CaFile { pem, certificates })
}

/// TLS that trusts the system's authorities and those of `ca_file`.
pub(crate) fn client_config(ca_file: Option<&Path>) -> Result<ClientConfig, Error> {
    let failed = |error: rustls::Error| Error::Settings(format!("TLS cannot be set up: {error}"));
    Ok(
        ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(failed)?
            .with_root_certificates(roots(ca_file)?)
            .with_no_client_auth(),
    )
}

/// Whole days for which the certificate and what vouches for it stay good; an error is why they are
/// not trusted now.
pub(crate) async fn days_left(
    endpoint: &str,
    ca_file: Option<PathBuf>,
    (host, port): (String, u16),
    patience: Duration,
) -> Result<i64, Error> {
    let patience = PATIENCE.min(patience);
    let until = Instant::now() + patience;
    let greeting = tokio::task::spawn_blocking(move || greet(ca_file, &host, port, until));
    // Looking a name up knows no deadline of its own.
    let greeted = match tokio::time::timeout_at(until.into(), greeting).await {
        Ok(Ok(Err(error))) if is_late(&error) => None,
        Ok(greeted) => Some(greeted.unwrap_or_else(|error| Err(io::Error::other(error)))),
        Err(_) => None,
    };
    let Some(greeted) = greeted else {
        return Err(Error::Unreachable {
            endpoint: endpoint.to_owned(),
            message: format!("no greeting within {} s", patience.as_secs_f32()),
        });
    };
    greeted.map_err(|error| transport(endpoint, &error))
}

fn is_late(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock
    )
}

fn greet(ca_file: Option<PathBuf>, host: &str, port: u16, until: Instant) -> io::Result<i64> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let roots = Arc::new(roots(ca_file.as_deref()).map_err(io::Error::other)?);
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_root_certificates(Arc::clone(&roots))
        .with_no_client_auth();
    let mut tls =
        ClientConnection::new(Arc::new(config), name.clone()).map_err(io::Error::other)?;
    let mut tcp = Timed {
        stream: connect(host, port, until)?,
        until,
    };
    while tls.is_handshaking() {
        tls.complete_io(&mut tcp)?;
    }
    let chain = tls.peer_certificates().unwrap_or_default();
    good_for(provider, roots, chain, &name)
}

/// The first of the host's addresses that answers.
fn connect(host: &str, port: u16, until: Instant) -> io::Result<TcpStream> {
    let mut failed = io::Error::from(io::ErrorKind::NotFound);
    for address in (host, port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, left(until)?) {
            Ok(stream) => return Ok(stream),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

/// A connection that is good until then, however slowly something comes.
struct Timed {
    stream: TcpStream,
    until: Instant,
}

impl Read for Timed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(left(self.until)?))?;
        self.stream.read(buffer)
    }
}

impl Write for Timed {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(left(self.until)?))?;
        self.stream.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

fn left(until: Instant) -> io::Result<Duration> {
    let left = until.saturating_duration_since(Instant::now());
    if left.is_zero() {
        Err(io::ErrorKind::TimedOut.into())
    } else {
        Ok(left)
    }
}

fn good_for(
    provider: Arc<CryptoProvider>,
    roots: Arc<RootCertStore>,
    chain: &[CertificateDer<'_>],
    name: &ServerName<'_>,
) -> io::Result<i64> {
    let (own, above) = chain
        .split_first()
        .ok_or_else(|| io::Error::other(rustls::Error::NoCertificatesPresented))?;
    let verifier = WebPkiServerVerifier::builder_with_provider(roots, provider)
        .build()
        .map_err(io::Error::other)?;
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_err(io::Error::other)?;
    let good_after = |days: i64| {
        let later = now + Duration::from_secs(days.unsigned_abs() * 24 * 60 * 60);
        let at = UnixTime::since_unix_epoch(later);
        verifier
            .verify_server_cert(own, above, name, &[], at)
            .is_ok()
    };
    let (mut good, mut ended) = (0, LONGEST);
    while ended - good > 1 {
        let middle = (good + ended) / 2;
        if good_after(middle) {
            good = middle;
        } else {
            ended = middle;
        }
    }
    Ok(good)
}

/// The system's authorities, and those of the person's own file.
fn roots(own: Option<&Path>) -> Result<RootCertStore, Error> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = own {
        roots.add_parsable_certificates(ca_file(path)?.certificates);
    }
    Ok(roots)
}
