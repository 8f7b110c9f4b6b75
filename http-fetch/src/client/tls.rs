//! TLS, for `https://`: the one part of this demo that is not done by hand.

use std::io;
use std::sync::Arc;

use common::socket::Stream;
use rustls::pki_types::ServerName;
use rustls::{
    CertificateError, ClientConfig, ClientConnection, Error, InvalidMessage, StreamOwned,
};

use crate::certificates::is_authority;

/// An encrypted connection.
pub(crate) type TlsStream = StreamOwned<ClientConnection, Stream>;

/// Agrees on keys, and has the server prove that it is `host`.
pub(crate) fn handshake(
    mut stream: Stream,
    host: &str,
    config: Arc<ClientConfig>,
) -> io::Result<TlsStream> {
    // A URL has an IPv6 address in brackets, a certificate has it without.
    let name = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let server = ServerName::try_from(name).map_err(io::Error::other)?;
    let mut connection = ClientConnection::new(config, server).map_err(io::Error::other)?;
    while connection.is_handshaking() {
        connection.complete_io(&mut stream)?;
    }
    Ok(StreamOwned::new(connection, stream))
}

/// A TLS error in the words of a person who reads a certificate, instead of the names of a
/// library's variants; nothing for any other error.
pub(crate) fn explained(error: &io::Error) -> Option<String> {
    Some(match error.get_ref()?.downcast_ref::<Error>()? {
        Error::InvalidCertificate(why) => {
            format!("the server's certificate is not to be trusted: {}", fault(why))
        }
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            "the answer is not TLS: the address may need http://".to_owned()
        }
        Error::AlertReceived(alert) => {
            format!("the server refused the TLS conversation: {alert:?}")
        }
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
            "it is for another name than the URL's host (subjectAltName)".to_owned()
        }
        C::UnknownIssuer => {
            "nobody known has signed it; if it is your own, name its authority with --cacert FILE".to_owned()
        }
        C::Revoked => "it has been revoked".to_owned(),
        C::BadSignature => "its signature is wrong".to_owned(),
        fault if is_authority(fault) => {
            "it signs itself and nobody known has signed it; if it is your own, name it with --cacert FILE"
                .to_owned()
        }
        other => other.to_string(),
    }
}
