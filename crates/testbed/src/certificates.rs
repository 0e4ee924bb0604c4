//! A certificate authority of our own, and a server certificate by it.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use std::path::{Path, PathBuf};

/// Files that a server and its clients need for TLS on this machine.
#[derive(Debug, Clone)]
pub struct Certificates {
    /// What a client has to trust.
    pub ca: PathBuf,
    /// The server's certificate, under the name that MinIO wants.
    pub public: PathBuf,
    pub private: PathBuf,
}

impl Certificates {
    /// Makes a new authority and a certificate for `localhost` and the loopback addresses.
    pub fn make(folder: &Path) -> Self {
        let authority_key = KeyPair::generate().expect("a key can be made");
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params
            .distinguished_name
            .push(DnType::CommonName, "imgn test authority");
        let authority = params
            .self_signed(&authority_key)
            .expect("an authority can be made");
        let issuer = Issuer::new(params, authority_key);

        let server_key = KeyPair::generate().expect("a key can be made");
        let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
        let params = CertificateParams::new(names).expect("the names are good");
        let server = params
            .signed_by(&server_key, &issuer)
            .expect("a certificate can be made");

        let files = Self {
            ca: folder.join("ca.crt"),
            public: folder.join("public.crt"),
            private: folder.join("private.key"),
        };
        write(&files.ca, &authority.pem());
        write(&files.public, &server.pem());
        write(&files.private, &server_key.serialize_pem());
        files
    }
}

fn write(path: &Path, text: &str) {
    std::fs::write(path, text)
        .unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
}
