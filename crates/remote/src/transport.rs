//! What it means when a connection comes to nothing, whatever was to be asked over it.

use crate::Error;
use std::error::Error as StdError;

/// The innermost cause: the outer ones only say that something failed.
pub(crate) fn deepest(error: &(dyn StdError + 'static)) -> String {
    causes(error)
        .last()
        .map_or_else(String::new, ToString::to_string)
}

/// An error and what caused it. An `io::Error` hides what it wraps from `source`.
fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| {
        let wrapped = error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        match wrapped {
            Some(wrapped) => Some(wrapped as &(dyn StdError + 'static)),
            None => error.source(),
        }
    })
}

/// What a connection to `endpoint` that came to nothing means.
pub(crate) fn transport(endpoint: &str, error: &(dyn StdError + 'static)) -> Error {
    let endpoint = endpoint.to_owned();
    let unreachable = |message: String| Error::Unreachable {
        endpoint: endpoint.clone(),
        message,
    };
    let tls = causes(error).find_map(|cause| cause.downcast_ref::<rustls::Error>());
    match tls {
        Some(rustls::Error::InvalidCertificate(reason)) => Error::Certificate {
            endpoint,
            message: certificate(reason),
        },
        Some(rustls::Error::NoCertificatesPresented) => Error::Certificate {
            endpoint,
            message: "it shows none".to_owned(),
        },
        Some(rustls::Error::InvalidMessage(_)) => {
            unreachable("it does not speak TLS there; is it http:// or another port?".to_owned())
        }
        Some(other) => unreachable(format!("no secure connection: {other}")),
        None => unreachable(deepest(error)),
    }
}

fn certificate(reason: &rustls::CertificateError) -> String {
    use rustls::CertificateError as C;
    match reason {
        C::UnknownIssuer | C::BadSignature => {
            "nobody known vouches for it; if it is your own, give its CA file".to_owned()
        }
        C::NotValidForName | C::NotValidForNameContext { .. } => {
            "it is made out to another name".to_owned()
        }
        C::Expired | C::ExpiredContext { .. } => "it has expired".to_owned(),
        C::NotValidYet | C::NotValidYetContext { .. } => {
            "it is not valid yet; is this computer's clock right?".to_owned()
        }
        other => other.to_string(),
    }
}
