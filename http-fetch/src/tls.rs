//! TLS, for `https://`: the one part of this demo that is not done by hand.

use std::io;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use common::socket::Stream;
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use rustls::{
    CertificateError, ClientConfig, ClientConnection, Error, InvalidMessage, RootCertStore, StreamOwned,
};

/// An encrypted connection.
pub(crate) type TlsStream = StreamOwned<ClientConnection, Stream>;

/// Whom to believe: the authorities that browsers believe, or only those in a file.
pub(crate) fn config(cacert: Option<&Path>) -> Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore::empty();
    match cacert {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(path) => add_from(&mut roots, path).with_context(|| path.display().to_string())?,
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    // A server that would rather speak HTTP/2 is told not to (RFC 7301).
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn add_from(roots: &mut RootCertStore, path: &Path) -> Result<()> {
    let pem = std::fs::read(path)?;
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        roots
            .add(certificate.map_err(|error| anyhow!("is not PEM: {error}"))?)
            .context("is no certificate")?;
    }
    if roots.is_empty() {
        bail!("holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)");
    }
    Ok(())
}

/// Agrees on keys, and has the server prove that it is `host`.
pub(crate) fn handshake(mut stream: Stream, host: &str, config: Arc<ClientConfig>) -> io::Result<TlsStream> {
    // A URL has an IPv6 address in brackets, a certificate has it without.
    let name = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let server = ServerName::try_from(name).map_err(io::Error::other)?;
    let mut connection = ClientConnection::new(config, server).map_err(io::Error::other)?;
    while connection.is_handshaking() {
        connection.complete_io(&mut stream)?;
    }
    Ok(StreamOwned::new(connection, stream))
}

/// A TLS error in the words of a person who reads a certificate, instead of the names of a library's
/// variants; nothing for any other error.
pub(crate) fn explained(error: &io::Error) -> Option<String> {
    Some(match error.get_ref()?.downcast_ref::<Error>()? {
        Error::InvalidCertificate(why) => {
            format!("the server's certificate is not to be trusted: {}", fault(why))
        }
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            "the answer is not TLS: the address may need http://".to_owned()
        }
        Error::AlertReceived(alert) => format!("the server refused the TLS conversation: {alert:?}"),
        other => format!("TLS: {other}"),
    })
}

fn fault(why: &CertificateError) -> String {
    use CertificateError as C;
    match why {
        C::Expired | C::ExpiredContext { .. } => {
            "it has expired (or this machine's clock is wrong)".to_owned()
        }
        C::NotValidYet | C::NotValidYetContext { .. } => {
            "it is not valid yet (or this machine's clock is wrong)".to_owned()
        }
        C::NotValidForName | C::NotValidForNameContext { .. } => {
            "it is for another name than the URL's host".to_owned()
        }
        C::UnknownIssuer => {
            "nobody known has signed it; if it is your own, name its authority with --cacert FILE".to_owned()
        }
        C::Revoked => "it has been revoked".to_owned(),
        C::BadSignature => "its signature is wrong".to_owned(),
        // The library has no variant for what `openssl req -x509` makes if it is told nothing more.
        C::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            "it is an authority's own (CA:TRUE), and a server's must say CA:FALSE".to_owned()
        }
        other => other.to_string(),
    }
}
